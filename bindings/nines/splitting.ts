// Splitting (RESTART; Villén-Altamirano 1991): whenever a history comes nearer to what is rare, it is continued many times over, each time
// with fresh chances and a part of the weight. Near means: one more thing is down. Nothing has to be without memory: what is left of each life
// and repair is drawn given how long it has lasted. Windows of maintenance stay where they are.
//
// A history that reaches level i (i things down) from below is joined by R_i − 1 copies, which end when they fall below level i; the history
// itself goes on. At level i each counts 1/(R_1 ⋯ R_i). Every instant at a level is then lived through by as many histories as share its
// weight, so that the sum is unbiased whatever the R_i are; they only decide how much work is spent where.

import { Alternation } from "./alternation.ts";
import { Draws, STREAM } from "./draws.ts";
import { changeOf, NO_BLIPS, unavailability, type Blip, type Oracle, type System } from "./model.ts";
import { Standing } from "./standing.ts";
import { HOURS_PER_YEAR } from "../topology/failures.ts";
import { Tally, type Verdict } from "./tally.ts";

const LEVELS = 2;
const SPLIT_MAX = 16;
const SERIALS = 0x10_0000; // copies of a run

/** As many copies as make up for how rare another failure is while something is down. */
export function copiesOf(system: System): number {
  const rate = system.processes.reduce((sum, p) => sum + 1 / p.toFailure.mean, 0);
  const down = system.processes.reduce((sum, p) => sum + unavailability(p), 0);
  const repair = down / Math.max(rate, 1e-300); // mean repair, by how often each fails
  return Math.max(1, Math.min(SPLIT_MAX, Math.round(1 / Math.max(rate * repair, 1e-9))));
}

export async function splitRun(system: System, oracle: Oracle, years: number, seed: bigint, run: number): Promise<Verdict> {
  const tree = new Tree(system, oracle, years * HOURS_PER_YEAR, seed, run);
  await tree.grow();
  return { ...tree.tally.verdict, work: tree.events };
}

interface Path {
  clock: Alternation;
  standing: Standing;
  phases: Draws;
  /** since the last event */
  at: number;
  /** a copy ends below this level */
  floor: number;
  /** what the last change still costs, since `at`, and who caused it */
  blips: readonly Blip[];
  by: number;
}

class Tree {
  readonly tally: Tally;
  /** failures and returns that were lived through: the work */
  events = 0;
  readonly #system: System;
  readonly #oracle: Oracle;
  readonly #hours: number;
  readonly #seed: bigint;
  readonly #run: number;
  readonly #copies: number;
  #until = 0;
  #serial = 0;

  constructor(system: System, oracle: Oracle, hours: number, seed: bigint, run: number) {
    this.#system = system;
    this.#oracle = oracle;
    this.#hours = hours;
    this.#seed = seed;
    this.#run = run;
    this.#copies = copiesOf(system);
    this.tally = new Tally(system, oracle);
  }

  async grow(): Promise<void> {
    const clock = new Alternation(this.#system, new Draws(this.#seed, STREAM.run, this.#run));
    const standing = new Standing(this.#system, clock.begin());
    const from = clock.warmHours();
    for (let e = clock.next(from); e !== null; e = clock.next(from)) standing.turn(e.process, e.fails);
    this.#until = from + this.#hours;
    const path: Path = { clock, standing, phases: new Draws(this.#seed, STREAM.phase, this.#run), at: from, floor: 0, blips: NO_BLIPS, by: -1 };
    for (let level = 1; level <= Math.min(LEVELS, standing.processes.size); level++) await this.#split(path, level);
    await this.#live(path);
  }

  /** Copies of a path that has just reached a level, each lived to its end. */
  async #split(path: Path, level: number): Promise<void> {
    for (let copy = 1; copy < this.#copies; copy++) {
      const draws = new Draws(this.#seed, STREAM.split, this.#run * SERIALS + ++this.#serial);
      await this.#live({ ...path, clock: path.clock.copy(draws, path.at), standing: path.standing.copy(), phases: draws, floor: level });
    }
  }

  async #live(path: Path): Promise<void> {
    const { clock, standing } = path;
    let down = await this.#oracle.down(standing.state);
    for (let k = 0; ; k++) {
      const event = clock.next(this.#until);
      const at = event?.at ?? this.#until;
      const level = standing.processes.size;
      this.tally.weight = this.#share(level);
      const asked = down.length > 0 ? this.tally.structural(standing, down, path.at, at) : undefined;
      if (asked !== undefined) await asked;
      this.tally.switching(path.blips, down, path.at, at, path.by);
      if (event === null) return;
      this.events++;
      path.blips = later(path.blips, at - path.at);
      path.at = at;
      const before = standing.state;
      const changed = standing.turn(event.process, event.fails);
      if (standing.processes.size < path.floor) return; // what follows is the history's own
      if (changed) {
        const p = this.#system.processes[event.process]!;
        path.blips = await this.#oracle.drawn(changeOf(p, before, event.fails), path.phases.uniform(p.key, -1 - k));
        path.by = event.process;
        const settled = await this.#oracle.down(standing.state);
        this.tally.weight = this.#share(Math.min(level, standing.processes.size));
        this.tally.count(down, settled, path.blips);
        down = settled;
      }
      if (event.fails && standing.processes.size <= LEVELS) await this.#split(path, standing.processes.size);
    }
  }

  #share(level: number): number { return this.#copies ** -Math.min(LEVELS, level); }
}

/** The same outages, told from a later instant. */
function later(blips: readonly Blip[], by: number): readonly Blip[] {
  return blips.length === 0 ? blips : blips.filter((b) => b.to > by).map((b) => ({ ...b, from: Math.max(0, b.from - by), to: b.to - by }));
}
