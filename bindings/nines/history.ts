// One history: when what fails and when it returns, over some years. It knows nothing of services, so that it can be made before anybody
// has asked the engine what its states mean.

import { HOURS_PER_YEAR } from "../topology/failures.ts";
import type { Draws } from "./draws.ts";
import { EventHeap } from "./heap.ts";
import { unavailability, type Process, type System } from "./model.ts";

export interface HistoryEvent { at: number; process: number; fails: boolean }

export interface History {
  hours: number;
  /** down when it begins */
  initial: number[];
  events: HistoryEvent[];
}

/** With crews there is no formula for where to begin: so many mean repairs are simulated first and left out. */
const WARM_REPAIRS = 20;

export function historyOf(system: System, years: number, draws: Draws): History {
  const hours = years * HOURS_PER_YEAR;
  const warm = system.crews === null ? 0 : WARM_REPAIRS * system.processes.reduce((most, p) => (p.crew ? Math.max(most, p.toRepair.mean) : most), 0);
  const clock = new Alternation(system, draws);
  const initial = clock.begin();
  const down = new Set(initial);
  const events: HistoryEvent[] = [];
  for (let e = clock.next(warm + hours); e !== null; e = clock.next(warm + hours)) {
    if (e.at >= warm) events.push({ ...e, at: e.at - warm });
    else if (e.fails) down.add(e.process);
    else down.delete(e.process);
  }
  return { hours, initial: [...down].sort((a, b) => a - b), events };
}

/** The first draws of a process say how it is met; the others are its lives and repairs. */
const MET = 3;

/** All processes on one clock, with the queue for the repair crews. */
export class Alternation {
  readonly #system: System;
  readonly #draws: Draws;
  readonly #heap = new EventHeap();
  readonly #isDown: Uint8Array;
  readonly #asked: Int32Array; // draws made of each process
  readonly #queue: { process: number; repair: number }[] = [];
  #busy = 0;

  constructor(system: System, draws: Draws) {
    this.#system = system;
    this.#draws = draws;
    this.#isDown = new Uint8Array(system.processes.length);
    this.#asked = new Int32Array(system.processes.length).fill(MET);
  }

  /** Met at a random instant: some are down. */
  begin(): number[] {
    const initial: number[] = [];
    const phases = new Map<number, number>();
    for (const [i, p] of this.#system.processes.entries()) {
      const [u, v, w] = [0, 1, 2].map((k) => this.#draws.uniform(i, k)) as [number, number, number];
      const down = p.window === null ? this.#meet(i, p, u, v, w) : this.#meetWindow(i, p.window, phases, u);
      if (down) initial.push(i);
    }
    return initial;
  }

  #meet(i: number, p: Process, u: number, v: number, w: number): boolean {
    if (u >= unavailability(p)) { this.#heap.push(p.toFailure.leftWhenMet(v, w), i); return false; }
    this.#isDown[i] = 1;
    this.#repair(0, i, p.toRepair.leftWhenMet(v, w));
    return true;
  }

  /** All windows of a round share one phase: that of the first of them that asks. */
  #meetWindow(i: number, window: NonNullable<Process["window"]>, phases: Map<number, number>, u: number): boolean {
    const phase = phases.get(window.round) ?? u;
    phases.set(window.round, phase);
    const begins = ((phase + window.begins) % 1) * window.every;
    const left = begins + window.length - window.every; // of one that began before
    if (left > 0) this.#isDown[i] = 1;
    this.#heap.push(left > 0 ? left : begins, i);
    return left > 0;
  }

  /** The next failure or return before `until`; null: there is none. */
  next(until: number): HistoryEvent | null {
    const at = this.#heap.firstAt;
    if (at >= until) return null;
    const process = this.#heap.pop();
    const p = this.#system.processes[process]!;
    const fails = this.#isDown[process] === 0;
    this.#isDown[process] = fails ? 1 : 0;
    if (p.window !== null) this.#heap.push(at + (fails ? p.window.length : p.window.every - p.window.length), process);
    else if (fails) this.#repair(at, process, p.toRepair.at(this.#draw(process)));
    else {
      this.#heap.push(at + p.toFailure.at(this.#draw(process)), process);
      if (p.crew && this.#system.crews !== null) this.#free(at);
    }
    return { at, process, fails };
  }

  #draw(process: number): number {
    return this.#draws.uniform(process, this.#asked[process]!++);
  }

  #repair(at: number, process: number, repair: number): void {
    const { crews, processes } = this.#system;
    if (crews === null || !processes[process]!.crew) { this.#heap.push(at + repair, process); return; }
    if (this.#busy >= crews) { this.#queue.push({ process, repair }); return; }
    this.#busy++;
    this.#heap.push(at + repair, process);
  }

  /** First come, first served. */
  #free(at: number): void {
    const next = this.#queue.shift();
    if (next === undefined) this.#busy--;
    else this.#heap.push(at + next.repair, next.process);
  }
}
