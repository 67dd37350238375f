// What many runs of the same steps say together.

import type { PhasesAbout, PhasesOptions, PhasesRow } from "./question.ts";

/** Outages of a service or flow over the runs of a case, ns. */
export interface Distribution {
  name: string;
  /** runs in which it was down */
  hit: number;
  /** of those, runs in which it was down to the end: longer than any length below */
  stuck: number;
  /** of those that ended; null where none did */
  shortest: number | null;
  mean: number | null;
  /** lengths that so many of the runs in which it was down do not exceed; null: down to the end */
  p50: number | null;
  p90: number | null;
  p99: number | null;
  longest: number | null;
  /** when in the window the run with the longest began, ns */
  worstAt: number;
  /** the window in equal stretches: what began in each */
  byPhase: Stretch[];
  /** outages that ended, by length: equal steps, or equal ratios where lengths differ much */
  histogram: { fromNs: number; toNs: number; runs: number }[];
}

/** `runs`: in which it was down; `stuck` of them to the end. Lengths of those that ended, null: none. ns. */
export interface Stretch { fromNs: number; toNs: number; all: number; runs: number; stuck: number; least: number | null; most: number | null }

export interface PhasesCaseResult { name: string; runs: number; distributions: Distribution[] }
export interface PhasesResult extends PhasesAbout { options: PhasesOptions; cases: PhasesCaseResult[] }

export function distributions(rows: readonly PhasesRow[], { cases, runs, windowNs }: PhasesOptions): PhasesCaseResult[] {
  return cases.map(({ name }, i) => {
    const begun = rows.slice(i * runs, (i + 1) * runs).map(({ at }) => at);
    const found = new Map<string, { at: number; length: number }[]>();
    for (const { at, down } of rows.slice(i * runs, (i + 1) * runs)) {
      for (const [subject, length] of down) {
        const list = found.get(subject) ?? [];
        if (list.length === 0) found.set(subject, list);
        list.push({ at, length: length ?? Infinity });
      }
    }
    return { name, runs, distributions: [...found].map(([subject, list]) => distribution(subject, list, begun, Number(windowNs))).sort((a, b) => (b.longest ?? Infinity) - (a.longest ?? Infinity) || (a.name < b.name ? -1 : 1)) };
  });
}

interface Down { at: number; length: number }

function distribution(name: string, list: readonly Down[], begun: readonly number[], windowNs: number): Distribution {
  const sorted = [...list].sort((a, b) => a.length - b.length || a.at - b.at);
  const ended = sorted.filter(({ length }) => length !== Infinity);
  /** the smallest length that a share of the runs does not exceed */
  const rank = (share: number): number | null => finite(sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!.length);
  return {
    name, hit: sorted.length, stuck: sorted.length - ended.length, shortest: ended[0]?.length ?? null, mean: ended.length === 0 ? null : Math.round(ended.reduce((sum, { length }) => sum + length, 0) / ended.length),
    p50: rank(0.5), p90: rank(0.9), p99: rank(0.99), longest: rank(1), worstAt: sorted.find(({ length }) => length === sorted.at(-1)!.length)!.at,
    byPhase: stretches(list, begun, windowNs), histogram: histogram(ended.map(({ length }) => length)),
  };
}

const STRETCHES = 40;

function stretches(list: readonly Down[], begun: readonly number[], windowNs: number): Stretch[] {
  const count = Math.min(STRETCHES, begun.length);
  const made = Array.from({ length: count }, (_, i): Stretch => ({ fromNs: (i * windowNs) / count, toNs: ((i + 1) * windowNs) / count, all: 0, runs: 0, stuck: 0, least: null, most: null }));
  const of = (at: number): Stretch => made[Math.min(count - 1, Math.floor((at * count) / windowNs))]!;
  for (const at of begun) of(at).all++;
  for (const { at, length } of list) {
    const stretch = of(at);
    stretch.runs++;
    if (length === Infinity) { stretch.stuck++; continue; }
    stretch.least = Math.min(stretch.least ?? length, length);
    stretch.most = Math.max(stretch.most ?? length, length);
  }
  return made;
}

const STEPS = 12;
/** Longest over shortest: above, steps are ratios. */
const WIDE = 20;

/** `lengths` in order. */
function histogram(lengths: readonly number[]): Distribution["histogram"] {
  const [least, most] = [lengths[0], lengths.at(-1)];
  if (least === undefined || most === undefined) return [];
  if (least === most) return [{ fromNs: least, toNs: most, runs: lengths.length }];
  const ratio = most / Math.max(least, 1) > WIDE;
  const edge = (i: number): number => (i === 0 ? least : i === STEPS ? most : Math.round(ratio ? Math.max(least, 1) * (most / Math.max(least, 1)) ** (i / STEPS) : least + ((most - least) * i) / STEPS));
  const steps = Array.from({ length: STEPS }, (_, i) => ({ fromNs: edge(i), toNs: edge(i + 1), runs: 0 }));
  for (const length of lengths) (steps.find((s) => length < s.toNs) ?? steps.at(-1)!).runs++;
  return steps;
}

const finite = (length: number): number | null => (length === Infinity ? null : length);
