// The report of steps at many instants: a table a case.

import { formatDuration } from "../duration.ts";
import type { Distribution, PhasesResult } from "../phases/index.ts";
import { duration, milliseconds, plural } from "./format.ts";
import { FORMAT_VERSION, jsonTime } from "./json.ts";
import { heading, markdownTable } from "./markdown.ts";
import { parquet, type Column } from "./parquet.ts";
import { fittedTable, type TableOptions } from "./table.ts";

const HEAD = ["flow or service", "down in", "least (ms)", "median", "90 %", "99 %", "most (ms)", "worst at"];

const NUMERIC = [1, 2, 3, 4, 5, 6, 7];

export function phasesText(result: PhasesResult, options: TableOptions): string {
  const print = (head: string, rows: string[][]): string[] => [options.paint("bold", head), rows.length === 0 ? NOTHING : fittedTable(HEAD, rows, options, { numeric: NUMERIC, shrinkable: [{ column: 0, min: 10 }] }), ""];
  return `${[options.paint("bold", title(result)), "", ...sections(result, print)].join("\n")}\n`;
}

export function phasesMarkdown(result: PhasesResult): string {
  const print = (head: string, rows: string[][]): string[] => [heading(2, head), "", rows.length === 0 ? NOTHING : markdownTable({ head: HEAD, rows, numeric: NUMERIC }), ""];
  return `${[heading(1, title(result)), "", ...sections(result, print)].join("\n").trimEnd()}\n`;
}

const NOTHING = "nothing was down";

function title({ cases, name, options: { runs, windowNs, forNs } }: PhasesResult): string {
  return `${name}: ${plural(runs, "run")} of ${plural(cases.length, "case")}, begun within ${duration(BigInt(windowNs))}, each seen for ${duration(BigInt(forNs))}`;
}

function sections({ cases, options }: PhasesResult, print: (head: string, rows: string[][]) => string[]): string[] {
  return cases.flatMap((each) => print(each.name, each.distributions.map((d) => cells(d, each.runs, BigInt(options.forNs)))));
}

function cells(d: Distribution, runs: number, forNs: bigint): string[] {
  const length = (ns: number | null): string => (ns === null ? `>${formatDuration(forNs)}` : milliseconds(BigInt(ns)));
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

interface Row { name: string; runs: number; d: Distribution }

const ns = (value: number | null): bigint | null => (value === null ? null : BigInt(value));
const COLUMNS: readonly Column<Row>[] = [
  { name: "case", type: "STRING", of: ({ name }) => name, required: true }, { name: "subject", type: "STRING", of: ({ d }) => d.name, required: true },
  { name: "runs", type: "INT32", of: ({ runs }) => runs, required: true }, { name: "hit", type: "INT32", of: ({ d }) => d.hit, required: true }, { name: "stuck", type: "INT32", of: ({ d }) => d.stuck, required: true },
  { name: "shortest_ns", type: "INT64", of: ({ d }) => ns(d.shortest) }, { name: "mean_ns", type: "INT64", of: ({ d }) => ns(d.mean) }, { name: "p50_ns", type: "INT64", of: ({ d }) => ns(d.p50) },
  { name: "p90_ns", type: "INT64", of: ({ d }) => ns(d.p90) }, { name: "p99_ns", type: "INT64", of: ({ d }) => ns(d.p99) }, { name: "longest_ns", type: "INT64", of: ({ d }) => ns(d.longest) },
  { name: "worst_at_ns", type: "INT64", of: ({ d }) => BigInt(d.worstAt), required: true },
];

export async function phasesParquet({ name, cases }: PhasesResult, file: string, seed: string): Promise<Uint8Array> {
  return parquet(cases.flatMap((each) => each.distributions.map((d) => ({ name: each.name, runs: each.runs, d }))), COLUMNS, { file, topology: name, seed, question: "phases" });
}
