// Importance sampling: histories in which what is rare is made frequent, and counts for less by as much.
//
// A history begins anew whenever nothing is down (failures have no memory): the share of time down is the mean time down in such a cycle
// divided by its mean length (regenerative simulation; Crane and Iglehart 1975). Of the two, only the first is rare, and only it is biased
// (measure-specific sampling; Goyal et al. 1992). Failure biasing, with the rest of a repair known: while something is down, another failure
// before the next return is forced with a probability of 0.8 (forcing; Lewis and Böhm 1984), and which one it is is drawn
// half as cut sets say (guide.ts), the rest by rates and evenly (balanced: Shahabuddin 1994). Half of the repairs are drawn by their length. Each
// choice multiplies the weight by its likelihood ratio, at most 5 where a return came first, 4 for a process, 2 for a repair: rare causes are
// found, and no single history outweighs all others.

import { HOURS_PER_YEAR } from "../topology/failures.ts";
import { Draws, STREAM } from "./draws.ts";
import type { Distribution } from "./distributions.ts";
import type { Guide } from "./guide.ts";
import { changeOf, NO_BLIPS, unavailability, type Oracle, type System } from "./model.ts";
import { Standing } from "./standing.ts";
import { Tally, type Verdict } from "./tally.ts";

/** Biased cycles of a run. */
export const CYCLES = 64;
/** Where repairs wait, the mean length is estimated by as many plain ones; otherwise it is known. */
const PLAIN = 16;
const FORCED = 0.8;
/** Forced failures of a cycle: sets of one more than that are found. */
const FORCED_MAX = 3;

export async function biasedRun(system: System, oracle: Oracle, years: number, seed: bigint, run: number, guide: Guide): Promise<Verdict> {
  const tally = new Tally(system, oracle);
  const rates = system.processes.map((p) => 1 / p.toFailure.mean);
  const rate = rates.reduce((a, b) => a + b, 0);
  const draws = new Draws(seed, STREAM.cycle, run);
  let work = 0;
  for (let c = 0; c < CYCLES; c++) {
    const cycle = new Cycle(system, oracle, draws, c, rates, tally, guide);
    await cycle.run();
    work += cycle.events;
  }
  let length = 1 / rate / system.processes.reduce((product, p) => product * (1 - unavailability(p)), 1); // P(nothing is down) = 1/(rate · length)
  if (system.crews !== null) {
    length = 1 / rate;
    for (let c = 0; c < PLAIN; c++) {
      const cycle = new Cycle(system, oracle, draws, CYCLES + c, rates, null, guide);
      length += (await cycle.run()) / PLAIN;
      work += cycle.events;
    }
  }
  return scaled({ ...tally.verdict, work }, (years * HOURS_PER_YEAR) / CYCLES / length);
}

/** Sums over cycles become hours of a run. */
export function scaled(v: Verdict, by: number): Verdict {
  for (const list of [v.down, v.switching, v.outages]) for (let i = 0; i < list.length; i++) list[i]! *= by;
  return { ...v, blame: new Map([...v.blame].map(([key, hours]) => [key, hours * by])) };
}

/** One cycle, from the first failure until nothing is down. Without a tally it is not biased, and only its length is wanted. */
class Cycle {
  /** failures and returns: the work */
  events = 0;
  readonly #system: System;
  readonly #oracle: Oracle;
  readonly #draws: Draws;
  readonly #cycle: number;
  readonly #tally: Tally | null;
  readonly #rates: readonly number[];
  readonly #guide: Guide;
  readonly #standing: Standing;
  readonly #due: { at: number; process: number }[] = []; // repairs that go on
  readonly #queue: { process: number; repair: number }[] = [];
  #k = 0;
  #weight = 1;
  #forced = 0;

  constructor(system: System, oracle: Oracle, draws: Draws, cycle: number, rates: readonly number[], tally: Tally | null, guide: Guide) {
    this.#system = system;
    this.#oracle = oracle;
    this.#draws = draws;
    this.#cycle = cycle;
    this.#tally = tally;
    this.#rates = rates;
    this.#guide = guide;
    this.#standing = new Standing(system, []);
  }

  /** How long something was down. */
  async run(): Promise<number> {
    let at = 0;
    let event = { process: this.#which(), fails: true };
    let down: readonly number[] = [];
    for (;;) {
      const before = this.#standing.state;
      const changed = this.#standing.turn(event.process, event.fails);
      if (event.fails) this.#fail(event.process, at); else this.#return(event.process, at);
      this.events++;
      const p = this.#system.processes[event.process]!;
      let blips = NO_BLIPS;
      if (this.#tally !== null && changed) {
        const drawn = this.#oracle.drawn(changeOf(p, before, event.fails), this.#uniform());
        blips = drawn instanceof Promise ? await drawn : drawn;
        const settled = this.#oracle.down(this.#standing.state);
        const now = settled instanceof Promise ? await settled : settled;
        this.#tally.weight = this.#weight;
        this.#tally.count(down, now, blips);
        down = now;
      }
      const last = this.#standing.processes.size === 0;
      const next = last ? null : this.#next(at, down.length > 0);
      if (this.#tally !== null) {
        this.#tally.weight = this.#weight; // with the chances of what comes next: how long this lasts depends on it
        const asked = next !== null && down.length > 0 ? this.#tally.structural(this.#standing, down, at, next.at) : undefined;
        if (asked !== undefined) await asked;
        this.#tally.switching(blips, down, at, next?.at ?? Infinity, event.process);
      }
      if (next === null) return at;
      at = next.at;
      event = next;
    }
  }

  /** The next failure or return; the weight takes up how likely it was made. */
  #next(at: number, isDown: boolean): { at: number; process: number; fails: boolean } {
    const first = this.#due.reduce((a, b) => (b.at < a.at || (b.at === a.at && b.process < a.process) ? b : a));
    const rate = this.#rateUp();
    const another = -Math.expm1(-rate * (first.at - at)); // P(another fails before)
    const forcing = this.#tally !== null && !isDown && this.#forced < FORCED_MAX && another > 0;
    const chance = forcing ? Math.max(FORCED, another) : another;
    if (this.#uniform() < chance) {
      this.#weight *= another / chance;
      if (forcing) this.#forced++;
      const after = -Math.log1p(-this.#uniform() * another) / rate;
      return { at: at + after, process: this.#which(rate), fails: true };
    }
    if (chance < 1) this.#weight *= (1 - another) / (1 - chance);
    return { at: first.at, process: first.process, fails: false };
  }

  #rateUp(): number {
    let rate = 0;
    for (let i = 0; i < this.#rates.length; i++) if (!this.#standing.processes.has(i)) rate += this.#rates[i]!;
    return rate;
  }

  /** Which of those that are up fails: a quarter of the chance by its rate, a quarter evenly, half as the guide says; without a tally, by its rate. */
  #which(rate = this.#rateUp()): number {
    const even = 1 / (this.#rates.length - this.#standing.processes.size);
    const guided = this.#tally === null ? null : this.#guide.shares(this.#standing.state);
    const shareOf = (i: number): number => {
      const own = this.#rates[i]! / rate;
      return this.#tally === null ? own : guided === null ? (own + even) / 2 : own / 4 + even / 4 + guided[i]! / 2;
    };
    let u = this.#uniform();
    let chosen = -1;
    for (let i = 0; i < this.#rates.length && u >= 0; i++) {
      if (this.#standing.processes.has(i)) continue;
      chosen = i;
      u -= shareOf(i);
    }
    this.#weight *= this.#rates[chosen]! / rate / shareOf(chosen);
    return chosen;
  }

  #fail(process: number, at: number): void {
    const p = this.#system.processes[process]!;
    const repair = this.#tally === null ? p.toRepair.at(this.#uniform()) : this.#repairOf(p.toRepair);
    const { crews } = this.#system;
    if (p.crew && crews !== null && this.#due.filter((d) => this.#system.processes[d.process]!.crew).length >= crews) this.#queue.push({ process, repair });
    else this.#due.push({ at: at + repair, process });
  }

  /** Long repairs are met by more failures: half of them are drawn by their length. */
  #repairOf(law: Distribution): number {
    const byLength = this.#uniform() < 0.5;
    const repair = byLength ? law.whenMet(this.#uniform(), this.#uniform()) : law.at(this.#uniform());
    this.#weight /= (1 + repair / law.mean) / 2;
    return repair;
  }

  #return(process: number, at: number): void {
    this.#due.splice(this.#due.findIndex((d) => d.process === process), 1);
    if (!this.#system.processes[process]!.crew) return;
    const next = this.#queue.shift();
    if (next !== undefined) this.#due.push({ at: at + next.repair, process: next.process });
  }

  #uniform(): number { return this.#draws.uniform(this.#cycle, this.#k++); }
}
