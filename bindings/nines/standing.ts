// Which processes are down, and so which effects: several processes may hold one down.

import type { State, System } from "./model.ts";

export class Standing {
  readonly #system: System;
  readonly #held: Int32Array;
  readonly processes = new Set<number>();
  #state: State = [];

  constructor(system: System, initial: readonly number[]) {
    this.#system = system;
    this.#held = new Int32Array(system.effects.length);
    for (const p of initial) this.turn(p, true);
  }

  get state(): State { return this.#state; }

  copy(): Standing {
    const twin = new Standing(this.#system, []);
    twin.#held.set(this.#held);
    for (const p of this.processes) twin.processes.add(p);
    twin.#state = this.#state;
    return twin;
  }

  /** True when the state is another one now. */
  turn(process: number, fails: boolean): boolean {
    const { effect } = this.#system.processes[process]!;
    if (fails) this.processes.add(process); else this.processes.delete(process);
    const held = (this.#held[effect] = this.#held[effect]! + (fails ? 1 : -1));
    if (fails ? held !== 1 : held !== 0) return false;
    this.#state = fails ? [...this.#state, effect].sort((a, b) => a - b) : this.#state.filter((e) => e !== effect);
    return true;
  }
}
