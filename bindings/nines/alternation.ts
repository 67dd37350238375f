// All processes on one clock: up and down in turn, with the queue for the repair crews. It can be copied in the middle, with fresh chances.

import type { Draws } from "./draws.ts";
import { EventHeap } from "./heap.ts";
import { unavailability, type Process, type System } from "./model.ts";

export interface HistoryEvent { at: number; process: number; fails: boolean }

/** The first draws of a process say how it is met; the others are its lives and repairs. */
const MET = 3;
/** With crews there is no formula for where to begin: so many mean repairs are simulated first. */
const WARM_REPAIRS = 20;

export class Alternation {
  readonly #system: System;
  readonly #draws: Draws;
  readonly #heap = new EventHeap();
  readonly #isDown: Uint8Array;
  readonly #since: Float64Array; // when this life, or this repair by a crew, began
  readonly #due: Float64Array; // when it ends; Infinity: it waits for a crew
  readonly #asked: Int32Array; // draws made of each process
  #queue: { process: number; repair: number }[] = [];
  #busy = 0;

  constructor(system: System, draws: Draws) {
    const n = system.processes.length;
    this.#system = system;
    this.#draws = draws;
    this.#isDown = new Uint8Array(n);
    this.#since = new Float64Array(n);
    this.#due = new Float64Array(n);
    this.#asked = new Int32Array(n).fill(MET);
  }

  /** Met at a random instant, time 0: those that are down. */
  begin(): number[] {
    const initial: number[] = [];
    const phases = new Map<number, number>();
    for (const [i, p] of this.#system.processes.entries()) {
      const [u, v, w] = [0, 1, 2].map((k) => this.#draws.uniform(p.key, k)) as [number, number, number];
      const down = p.window === null ? this.#meet(i, p, u, v, w) : this.#meetWindow(i, p.window, phases, u);
      if (down) initial.push(i);
    }
    return initial;
  }

  /** How long it has to run before it may be looked at. */
  warmHours(): number {
    return this.#system.crews === null ? 0 : WARM_REPAIRS * this.#system.processes.reduce((most, p) => (p.crew ? Math.max(most, p.toRepair.mean) : most), 0);
  }

  #meet(i: number, p: Process, u: number, v: number, w: number): boolean {
    const down = u < unavailability(p);
    const left = (down ? p.toRepair : p.toFailure).leftWhenMet(v, w);
    const age = (left * (1 - w)) / w; // the instant lies a share w before the end
    if (down) { this.#isDown[i] = 1; this.#repair(0, i, left, age); } else this.#await(i, left, -age);
    return down;
  }

  /** All windows of a round share one phase: that of the first of them that asks. */
  #meetWindow(i: number, window: NonNullable<Process["window"]>, phases: Map<number, number>, u: number): boolean {
    const phase = phases.get(window.round) ?? u;
    phases.set(window.round, phase);
    const begins = ((phase + window.begins) % 1) * window.every;
    const left = begins + window.length - window.every; // of one that began before
    if (left > 0) this.#isDown[i] = 1;
    this.#await(i, left > 0 ? left : begins, 0);
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
    if (p.window !== null) this.#await(process, at + (fails ? p.window.length : p.window.every - p.window.length), at);
    else if (fails) this.#repair(at, process, p.toRepair.at(this.#draw(process)), 0);
    else {
      this.#await(process, at + p.toFailure.at(this.#draw(process)), at);
      if (p.crew && this.#system.crews !== null) this.#free(at);
    }
    return { at, process, fails };
  }

  /** Another one that stands here, with chances of its own: what is left of each life and repair is drawn again, given how long it has lasted. */
  copy(draws: Draws, at: number): Alternation {
    const twin = new Alternation(this.#system, draws);
    twin.#isDown.set(this.#isDown);
    twin.#since.set(this.#since);
    twin.#busy = this.#busy;
    twin.#queue = this.#queue.map(({ process }) => ({ process, repair: this.#system.processes[process]!.toRepair.at(twin.#draw(process)) }));
    for (const [i, p] of this.#system.processes.entries()) {
      if (this.#due[i] === Infinity) { twin.#due[i] = Infinity; continue; }
      const law = this.#isDown[i] === 1 ? p.toRepair : p.toFailure;
      twin.#await(i, p.window !== null ? this.#due[i]! : at + law.leftAfter(at - this.#since[i]!, twin.#draw(i)), this.#since[i]!);
    }
    return twin;
  }

  #draw(process: number): number {
    return this.#draws.uniform(this.#system.processes[process]!.key, this.#asked[process]!++);
  }

  #await(process: number, due: number, since: number): void {
    this.#since[process] = since;
    this.#due[process] = due;
    this.#heap.push(due, process);
  }

  #repair(at: number, process: number, left: number, age: number): void {
    const { crews, processes } = this.#system;
    const crewed = crews !== null && processes[process]!.crew;
    if (crewed && this.#busy >= crews) {
      this.#due[process] = Infinity;
      this.#queue.push({ process, repair: left });
      return;
    }
    if (crewed) this.#busy++;
    this.#await(process, at + left, at - age);
  }

  /** First come, first served. */
  #free(at: number): void {
    const next = this.#queue.shift();
    if (next === undefined) this.#busy--;
    else this.#await(next.process, at + next.repair, at);
  }
}
