// What fails, as the simulation and the solvers see it: processes that alternate between up and down, and the effects that they share.
// Nothing here knows a network. Times in hours.

import type { Distribution } from "./distributions.ts";

/** One way in which one thing fails and returns, or a window of maintenance. */
export interface Process {
  key: number; // its draws go by it
  name: string; // "leaf1 leaf-hardware"
  cause: string; // "leaf1": what a report blames
  kind: string;
  effect: number;
  toFailure: Distribution;
  toRepair: Distribution;
  crew: boolean; // its repair needs a crew
  window: Window | null;
  /** shut down in order, not crashed */
  orderly: boolean;
}

/** A window of maintenance: every so long, beginning at a share of that; those of a round never overlap. */
export interface Window { round: number; every: number; length: number; begins: number }

/** What the failure of a process does; processes that do the same share it. */
export interface Effect { name: string; nodes: string[]; links: string[]; feed: string | null }

export interface System {
  processes: Process[];
  effects: Effect[];
  crews: number | null; // null: no repair waits
}

/** Mean share of time that a process is down, if no repair waits. */
export function unavailability(p: Process): number {
  return p.window === null ? p.toRepair.mean / (p.toFailure.mean + p.toRepair.mean) : p.window.length / p.window.every;
}

/** Failures an hour, if no repair waits. */
export function frequency(p: Process): number {
  return p.window === null ? 1 / (p.toFailure.mean + p.toRepair.mean) : 1 / p.window.every;
}

/** Effects that are down, in order of their numbers. */
export type State = readonly number[];
export const keyOf = (state: State): string => state.join(",");

/** A time during which a subject is down though it is up in the state before and after, in hours since the change. */
export interface Blip { subject: number; from: number; to: number }

export type Phases = readonly (readonly Blip[])[];

export interface Change { state: State; effect: number; what: "fail" | "shutdown" | "return" }

export function changeOf(p: Process, state: State, fails: boolean): Change {
  return { state, effect: p.effect, what: fails ? (p.orderly ? "shutdown" : "fail") : "return" };
}

export const NO_BLIPS: readonly Blip[] = [];

/** The phase that a uniform draw stands for. */
export const pick = (phases: Phases, u: number): readonly Blip[] => phases[Math.floor(u * phases.length)] ?? NO_BLIPS;

/** Who is down in a state that has settled, and during the change to it. The engine is one; a formula is another. */
export interface Oracle {
  subjects: number;
  /** Subjects that are down for as long as the state lasts; a promise when it has to be found out first. */
  down(state: State): readonly number[] | Promise<readonly number[]>;
  /** As it went at some instants between two hellos, each as likely; none: nobody notices. `change.state` is the state before. */
  blips(change: Change): Phases | Promise<Phases>;
  /** The one of these instants that a uniform draw stands for (`pick`). */
  drawn(change: Change, u: number): readonly Blip[] | Promise<readonly Blip[]>;
}

/** An oracle of a formula: nothing is lost while it changes. */
export function formula(subjects: number, isDown: (state: ReadonlySet<number>, subject: number) => boolean, blips: (change: Change) => Phases = () => []): Oracle {
  const known = new Map<string, number[]>();
  return {
    subjects, blips, drawn: (change, u) => pick(blips(change), u),
    down(state) {
      const key = keyOf(state);
      let found = known.get(key);
      if (found === undefined) {
        const set = new Set(state);
        found = Array.from({ length: subjects }, (_, s) => s).filter((s) => isDown(set, s));
        known.set(key, found);
      }
      return found;
    },
  };
}
