// Rows become an answer: for each service how much it is down, how sure that is, and what causes it. Works from rows and names alone.

import { HOURS_PER_YEAR } from "../topology/failures.ts";
import type { Assumed } from "./components.ts";
import { estimateMean, UNSEEN, type Estimate } from "./estimate.ts";
import type { NinesOptions } from "./defaults-asked.ts";
import type { About, ExactRow, NinesRow, RunRow } from "./question.ts";

export const MINUTES_PER_YEAR = 60 * HOURS_PER_YEAR;

/** Minutes a year; `low` to `high` hold the truth: at 95 % where it was sampled, for certain where it was solved. */
export interface Minutes { mean: number; low: number; high: number }

export interface Cause { name: string; cause: string; kind: string; minutes: number; share: number; perYear: number; repairHours: number }

export interface Bin { upToMinutes: number; years: number }

export interface NinesSubject {
  kind: "service" | "application" | "flow";
  name: string;
  /** not up when nothing has failed: nothing can be said */
  neverUp: boolean;
  down: Minutes;
  by: "exact" | "plain" | "importance" | "splitting";
  /** of `down.mean`: while something changes over, detection, election, boot */
  switching: number;
  availability: number;
  nines: number | null; // null: never down
  /** outages seen in all runs; 0 where none were simulated */
  seen: number;
  outagesPerYear: number | null;
  /** what the runs say where the answer is exact */
  check: Minutes | null;
  causes: Cause[];
  /** smallest sets of failures that take it down for as long as they last; null: nobody searched for them */
  cuts: string[][] | null;
  /** minutes a year that states nobody asked about may add */
  unasked: number;
  /** years by how long it was down in them; null: no runs of whole years */
  histogram: Bin[] | null;
}

export interface NinesResult {
  topology: string;
  years: number;
  runs: number;
  method: { exact: string | null; sampled: string | null; why: string };
  subjects: NinesSubject[];
  assumed: Assumed[];
  leftOut: { nodes: number; links: number };
  crews: number | null;
  ways: number; // ways to fail
  simulated: number | null; // states and changes asked of the engine for the exact answer
}

export function finish(rows: readonly NinesRow[], options: NinesOptions, about: About): NinesResult {
  const exact = rows.find((r): r is ExactRow => r.kind === "exact") ?? null;
  const runs = rows.filter((r): r is RunRow => r.kind === "run");
  return {
    topology: about.name, years: options.years, runs: runs.length, method: { exact: exact?.by ?? null, sampled: about.chosen.sampled, why: about.chosen.why },
    subjects: about.subjects.map((_, s) => subjectOf(s, exact, runs, options, about)),
    assumed: about.assumed, leftOut: about.leftOut, crews: about.crews, ways: about.processes.length, simulated: exact?.simulated ?? null,
  };
}

function subjectOf(s: number, exact: ExactRow | null, runs: readonly RunRow[], options: NinesOptions, about: About): NinesSubject {
  const perYear = (hours: number): number => (hours * 60) / options.years;
  const sampled = runs.length === 0 ? null : sampledMinutes(s, runs, options, about);
  const solved = exact === null ? null : solvedMinutes(s, exact);
  const down = (solved ?? sampled)!;
  const seen = runs.reduce((sum, r) => sum + r.outages[s]!, 0);
  const plain = about.chosen.sampled === "plain" && runs.length > 0;
  const u = down.mean / MINUTES_PER_YEAR;
  return {
    ...about.subjects[s]!, down, by: solved !== null ? "exact" : about.chosen.sampled!, neverUp: neverUp(s, exact, runs, options.years),
    switching: exact !== null ? exact.switching[s]! * MINUTES_PER_YEAR : runs.reduce((sum, r) => sum + perYear(r.switching[s]!), 0) / Math.max(1, runs.length),
    availability: 1 - u, nines: u > 0 ? -Math.log10(u) : null, seen, outagesPerYear: runs.length === 0 ? null : seen / runs.length / options.years,
    check: solved === null ? null : sampled, causes: causesOf(s, exact, runs, options, about, down.mean),
    cuts: exact?.cuts?.[s]?.map((cut) => cut.map((e) => about.effects[e]!)) ?? null, unasked: (exact?.unasked[s] ?? 0) * MINUTES_PER_YEAR,
    histogram: plain ? histogramOf(s, runs, about.subjects.length) : null,
  };
}

function neverUp(s: number, exact: ExactRow | null, runs: readonly RunRow[], years: number): boolean {
  if (exact !== null) return exact.neverUp.includes(s);
  return runs.length > 0 && runs.every((r) => r.down[s]! >= years * HOURS_PER_YEAR * 0.999);
}

function solvedMinutes(s: number, exact: ExactRow): Minutes {
  const mean = (exact.structural[s]! + exact.switching[s]!) * MINUTES_PER_YEAR;
  return { mean, low: mean, high: mean + exact.unasked[s]! * MINUTES_PER_YEAR };
}

function sampledMinutes(s: number, runs: readonly RunRow[], { years }: NinesOptions, about: About): Minutes {
  const found: Estimate = estimateMean(runs.map((r) => (r.down[s]! * 60) / years));
  if (found.mean > 0) return found;
  // None seen: so many outages at most, each as long as the longest mean repair.
  const longest = about.processes.reduce((most, p) => Math.max(most, p.mttr), 0);
  return { mean: 0, low: 0, high: (UNSEEN / (runs.length * years)) * longest * 60 };
}

function causesOf(s: number, exact: ExactRow | null, runs: readonly RunRow[], { years }: NinesOptions, about: About, mean: number): Cause[] {
  const minutes = new Map<number, number>();
  const add = (blame: readonly number[], scale: number): void => {
    for (let i = 0; i < blame.length; i += 3) if (blame[i + 1] === s) minutes.set(blame[i]!, (minutes.get(blame[i]!) ?? 0) + blame[i + 2]! * scale);
  };
  if (exact !== null) add(exact.blame, MINUTES_PER_YEAR);
  else for (const r of runs) add(r.blame, 60 / years / runs.length);
  return [...minutes].map(([p, m]) => {
    const { name, cause, kind, perYear, mttr } = about.processes[p]!;
    return { name, cause, kind, minutes: m, share: mean > 0 ? m / mean : 0, perYear, repairHours: mttr };
  }).sort((a, b) => b.minutes - a.minutes || (a.name < b.name ? -1 : 1));
}

/** Upper ends of the bins, in minutes. */
const BINS = [0, 1 / 60, 10 / 60, 1, 10, 60, 480, Infinity];

function histogramOf(s: number, runs: readonly RunRow[], subjects: number): Bin[] {
  const counts = BINS.map(() => 0);
  for (const { byYear } of runs) {
    const years = byYear.length / subjects;
    for (let y = 0; y < years; y++) counts[BINS.findIndex((end) => byYear[s * years + y]! * 60 <= end)]!++;
  }
  return BINS.map((upToMinutes, i) => ({ upToMinutes, years: counts[i]! }));
}
