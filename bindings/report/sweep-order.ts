// Which failures a reader of a sweep wants to see first.

import type { SweepResult, SweepRow, Verdict } from "../sweep/index.ts";
import { plural } from "./format.ts";

export interface Ranked { row: SweepRow; services: number }

/** Single points of failure: those that cost most services, then most flows. */
export function ranked(rows: readonly SweepRow[]): Ranked[] {
  const found = rows.filter((row) => row.spof.length > 0).map((row) => {
    const services = new Set(row.hits.flatMap((h) => (h.subject === "service" ? [h.name] : [])));
    return { row, services: row.spof.filter((name) => services.has(name)).length };
  });
  return found.sort((a, b) => b.services - a.services || b.row.spof.length - a.row.spof.length);
}

const SEVERITY: Record<Verdict, number> = { spof: 0, overload: 1, budget: 2, hit: 3, none: 4 };

/** Failures that anybody noticed, the worst first. */
export function severest(rows: readonly SweepRow[]): SweepRow[] {
  const longest = (row: SweepRow): number => row.hits.reduce((max, h) => Math.max(max, h.failureNs === null ? Infinity : Number(h.failureNs), h.returnNs === null ? Infinity : Number(h.returnNs)), 0);
  const key = new Map(rows.map((row) => [row, longest(row)]));
  const compare = (a: SweepRow, b: SweepRow): number => SEVERITY[a.verdict] - SEVERITY[b.verdict] || (key.get(a) === key.get(b) ? b.hits.length - a.hits.length : key.get(b)! > key.get(a)! ? 1 : -1);
  return rows.filter((row) => row.verdict !== "none").sort(compare);
}

/** "48 single failures, 20 more that are the same as one of them". */
export function sweepSummary({ rows }: SweepResult): string {
  const same = rows.reduce((sum, row) => sum + row.same.length, 0);
  return `${plural(rows.length, "single failure")}${same === 0 ? "" : `, and ${plural(same, "port")} whose failure is that of their cable`}`;
}
