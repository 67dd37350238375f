// Where failures are forced, those that lead to an outage are drawn more often: what is known of cut sets says which (approximate
// zero-variance sampling; L'Ecuyer and Tuffin 2012). It only steers: what it does not know of is still found, and every weight is exact.

import { keyOf, unavailability, type State, type System } from "./model.ts";

export class Guide {
  readonly #system: System;
  readonly #cuts: readonly (readonly (readonly number[])[])[];
  readonly #known = new Map<string, Float64Array | null>();

  /** `cuts`: of each subject */
  constructor(system: System, cuts: readonly (readonly (readonly number[])[])[]) {
    this.#system = system;
    this.#cuts = cuts;
  }

  /** How often each process should fail next, in shares of one; null: nothing is known that leads on from here. */
  shares(state: State): Float64Array | null {
    const key = keyOf(state);
    let found = this.#known.get(key);
    if (found === undefined) {
      found = this.#make(new Set(state));
      this.#known.set(key, found);
    }
    return found;
  }

  /** Each cut set that the state may grow into, by the probability of what it lacks; each subject counts the same. */
  #make(state: ReadonlySet<number>): Float64Array | null {
    const { processes, effects } = this.#system;
    const q = new Float64Array(effects.length);
    for (const p of processes) q[p.effect]! += unavailability(p);
    const total = new Float64Array(processes.length);
    for (const cuts of this.#cuts) {
      if (cuts.some((cut) => cut.every((e) => state.has(e)))) continue; // down already
      const lacks = cuts.map((cut) => cut.filter((e) => !state.has(e)));
      const fewest = Math.min(...lacks.map((l) => l.length));
      const ofEffect = new Float64Array(effects.length);
      for (const lack of lacks) {
        if (lack.length > fewest + (state.size === 0 ? 1 : 0)) continue;
        const p = lack.reduce((product, e) => product * q[e]!, 1);
        for (const e of lack) ofEffect[e]! += p;
      }
      const sum = ofEffect.reduce((a, b) => a + b, 0);
      if (sum === 0) continue;
      for (const [i, p] of processes.entries()) if (ofEffect[p.effect]! > 0) total[i]! += (ofEffect[p.effect]! / sum) * (1 / p.toFailure.mean) / rateOf(this.#system, p.effect);
    }
    const sum = total.reduce((a, b) => a + b, 0);
    return sum === 0 ? null : total.map((x) => x / sum);
  }
}

const rateOf = (system: System, effect: number): number => system.processes.reduce((sum, p) => (p.effect === effect ? sum + 1 / p.toFailure.mean : sum), 0);
