// The report of a sweep: single points of failure first, then the worst outage of each failure.

import type { SweepResult, SweepRow } from "../sweep/index.ts";
import { hanging } from "./chain.ts";
import { milliseconds } from "./format.ts";
import { fittedTable, type TableOptions } from "./table.ts";

const time = (ns: bigint | null): string => (ns === null ? "stays down" : ns === 0n ? "none" : milliseconds(ns));
const NAMES_MAX = 3;

export function sweepText(result: SweepResult, name: string, options: TableOptions): string {
  const { paint } = options;
  const spofs = result.rows.filter((r) => r.spof.length > 0);
  const lines = [paint("bold", `${name}: ${result.runs} single failures`), ""];
  if (spofs.length === 0) lines.push(paint("green", "no single point of failure for the flows and services of the file"));
  else {
    lines.push(paint("bold", `Single points of failure: ${spofs.length}`));
    for (const r of spofs) lines.push(hanging(r.failure.target, paint("red", r.failure.target), `  takes down ${names(r.spof)}; remedy: ${r.remedy}`, 4, options.width));
  }
  lines.push("", table(result.rows, options), "");
  return `${lines.join("\n")}\n`;
}

const HEAD = ["what fails", "hit", "worst, failure (ms)", "worst, return (ms)", "who and why"];

function table(rows: readonly SweepRow[], options: TableOptions): string {
  const hit = rows.filter((r) => r.hits.length > 0);
  const cells = hit.map((r) => {
    const worst = r.hits.reduce((a, b) => (order(b.failureNs) > order(a.failureNs) ? b : a));
    const back = r.hits.reduce((a, b) => (order(b.returnNs) > order(a.returnNs) ? b : a));
    return [r.failure.target, String(r.hits.length), time(worst.failureNs), time(back.returnNs), `${worst.name}: ${worst.reason}`];
  });
  const shrinkable = [{ column: 4, min: 16 }, { column: 2, min: 10 }, { column: 3, min: 10 }, { column: 0, min: 12 }];
  return `${fittedTable(HEAD, cells, options, { numeric: [1, 2, 3], shrinkable })}\n${rows.length - hit.length} of ${rows.length} failures touch no flow`;
}

function order(ns: bigint | null): bigint { return ns ?? 1n << 62n; }
function names(list: readonly string[]): string {
  return list.length <= NAMES_MAX ? list.join(", ") : `${list.slice(0, NAMES_MAX).join(", ")} and ${list.length - NAMES_MAX} more`;
}

/** One object: failures with their hits, ns as strings. */
export function sweepJson(result: SweepResult, file: string): string {
  const plain = (_key: string, value: unknown): unknown => (typeof value === "bigint" ? value.toString() : value);
  return `${JSON.stringify({ format: 1, file, runs: result.runs, times: result.times, spof: result.rows.filter((r) => r.spof.length > 0).map((r) => r.failure.target), rows: result.rows }, plain, 2)}\n`;
}
