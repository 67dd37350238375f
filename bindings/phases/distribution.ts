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
}

export interface PhasesCaseResult { name: string; runs: number; distributions: Distribution[] }
export interface PhasesResult extends PhasesAbout { options: PhasesOptions; cases: PhasesCaseResult[] }

export function distributions(rows: readonly PhasesRow[], { cases, runs }: PhasesOptions): PhasesCaseResult[] {
  return cases.map(({ name }, i) => {
    const found = new Map<string, { at: number; length: number }[]>();
    for (const { at, down } of rows.slice(i * runs, (i + 1) * runs)) {
      for (const [subject, length] of down) {
        const list = found.get(subject) ?? [];
        if (list.length === 0) found.set(subject, list);
        list.push({ at, length: length ?? Infinity });
      }
    }
    return { name, runs, distributions: [...found].map(([subject, list]) => distribution(subject, list)).sort((a, b) => (b.longest ?? Infinity) - (a.longest ?? Infinity) || (a.name < b.name ? -1 : 1)) };
  });
}

function distribution(name: string, list: readonly { at: number; length: number }[]): Distribution {
  const sorted = [...list].sort((a, b) => a.length - b.length || a.at - b.at);
  const ended = sorted.filter(({ length }) => length !== Infinity);
  /** the smallest length that a share of the runs does not exceed */
  const rank = (share: number): number | null => finite(sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!.length);
  return {
    name, hit: sorted.length, stuck: sorted.length - ended.length, shortest: ended[0]?.length ?? null, mean: ended.length === 0 ? null : Math.round(ended.reduce((sum, { length }) => sum + length, 0) / ended.length),
    p50: rank(0.5), p90: rank(0.9), p99: rank(0.99), longest: rank(1), worstAt: sorted.find(({ length }) => length === sorted.at(-1)!.length)!.at,
  };
}

const finite = (length: number): number | null => (length === Infinity ? null : length);
