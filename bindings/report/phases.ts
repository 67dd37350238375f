// The report of steps at many instants: a table a case.

import type { Distribution, PhasesResult } from "../phases/index.ts";
import { duration, milliseconds, plural } from "./format.ts";
import { FORMAT_VERSION, jsonTime } from "./json.ts";
import { fittedTable, type TableOptions } from "./table.ts";

const HEAD = ["flow or service", "down in", "least (ms)", "median", "90 %", "99 %", "most (ms)", "worst at"];

export function phasesText(result: PhasesResult, options: TableOptions): string {
  const { cases, name, options: { runs, windowNs, forNs } } = result;
  const lines = [options.paint("bold", `${name}: ${plural(runs, "run")} of ${plural(cases.length, "case")}, begun within ${duration(BigInt(windowNs))}, each seen for ${duration(BigInt(forNs))}`), ""];
  for (const each of cases) {
    lines.push(options.paint("bold", each.name));
    const rows = each.distributions.map((d) => cells(d, each.runs, BigInt(forNs)));
    lines.push(rows.length === 0 ? "nothing was down" : fittedTable(HEAD, rows, options, { numeric: [1, 2, 3, 4, 5, 6, 7], shrinkable: [{ column: 0, min: 10 }] }), "");
  }
  return `${lines.join("\n")}\n`;
}

function cells(d: Distribution, runs: number, forNs: bigint): string[] {
  const length = (ns: number | null): string => (ns === null ? `>${milliseconds(forNs)}` : milliseconds(BigInt(ns)));
  const share = (100 * d.hit) / runs;
  return [d.name, `${share === 100 ? "100" : share.toFixed(1)} %`, length(d.shortest), length(d.p50), length(d.p90), length(d.p99), length(d.longest), duration(BigInt(d.worstAt))];
}

export function phasesJson({ name, options, cases }: PhasesResult, file: string, seed: string): string {
  const time = (ns: number | null) => (ns === null ? null : jsonTime(BigInt(ns)));
  return `${JSON.stringify({
    format: FORMAT_VERSION, file, topology: name, seed, runs: options.runs, window: jsonTime(BigInt(options.windowNs)), for: jsonTime(BigInt(options.forNs)),
    cases: cases.map((each) => ({
      name: each.name,
      subjects: each.distributions.map((d) => ({ name: d.name, runs: d.hit, stuck: d.stuck, shortest: time(d.shortest), mean: time(d.mean), p50: time(d.p50), p90: time(d.p90), p99: time(d.p99), longest: time(d.longest), worstAt: time(d.worstAt) })),
    })),
  }, null, 2)}\n`;
}
