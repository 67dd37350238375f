// The reports of a sweep: single points of failure first, then what hurts most. Terminal, JSON, Markdown, and columns for Parquet.

import { failureName, notUpIn, type SweepResult, type SweepRow, type Hit, type Span } from "../sweep/index.ts";
import { milliseconds, plural } from "./format.ts";
import { cutLines, cutMarkdown } from "./cut-sets.ts";
import { heading, inText, markdownTable } from "./markdown.ts";
import type { Column } from "./parquet.ts";
import { sweepSummary, ranked, severest, type Ranked } from "./sweep-order.ts";
import { fittedTable, type TableOptions } from "./table.ts";
import { hanging } from "./wrap.ts";

const time = (span: Span): string => (span === null ? "stays down" : span === "0" ? "none" : milliseconds(BigInt(span)));
const NAMES_MAX = 3;
/** Rows of a report that is read; all are in JSON and Parquet. */
const ROWS_MAX = 40;

export function names(list: readonly string[]): string {
  return list.length <= NAMES_MAX ? list.join(", ") : `${list.slice(0, NAMES_MAX).join(", ")} and ${list.length - NAMES_MAX} more`;
}

export function sweepText(result: SweepResult, options: TableOptions & { all?: boolean }): string {
  const { paint, width } = options;
  const spofs = ranked(result.rows);
  const lines = [paint("bold", `${result.name}: ${sweepSummary(result)}`), ""];
  const notUp = notUpIn(result.rows);
  if (notUp.length > 0) lines.push(paint("red", `not up before anything failed, so that nothing is said of ${notUp.length === 1 ? "it" : "them"}: ${names(notUp)}`));
  if (spofs.length === 0) lines.push(paint("green", `no single point of failure for the flows and services ${notUp.length === 0 ? "of the file" : "that were up"}`));
  else {
    lines.push(paint("bold", `Single points of failure: ${spofs.length}`));
    for (const { row, shown } of shownOf(spofs, options)) lines.push(hanging(failureName(row), paint("red", failureName(row)), `  ${shown}`, 4, width));
    if (!options.all && spofs.length > ROWS_MAX) lines.push(`  and ${spofs.length - ROWS_MAX} more: --all, --json, --parquet`);
  }
  lines.push("", table(result.rows, options), "", ...cutLines(result.cuts, result.check, 1, options), "");
  return `${lines.join("\n")}\n`;
}

function shownOf(spofs: readonly Ranked[], { all }: { all?: boolean }): { row: SweepRow; shown: string }[] {
  return spofs.slice(0, all ? spofs.length : ROWS_MAX).map(({ row }) => ({ row, shown: `takes down ${names(row.spof)}${row.remedy === null ? "" : `; remedy: ${row.remedy}`}` }));
}

const HEAD = ["what fails", "hit", "worst, failure (ms)", "worst, return (ms)", "left", "verdict", "who and why"];

function table(rows: readonly SweepRow[], options: TableOptions & { all?: boolean }): string {
  const hit = severest(rows);
  const shown = options.all ? hit : hit.slice(0, ROWS_MAX);
  const cells = shown.map(cellsOf);
  const anyLeft = cells.some((c) => c[4] !== "");
  const keep = (row: readonly string[]): string[] => row.filter((_, i) => i !== 4 || anyLeft);
  const why = anyLeft ? 6 : 5;
  const shrinkable = [{ column: why, min: 16 }, { column: 2, min: 10 }, { column: 3, min: 10 }, { column: 0, min: 12 }];
  const more = hit.length > shown.length ? `${plural(hit.length - shown.length, "failure")} more with an outage: --all, --json, --parquet\n` : "";
  return `${fittedTable(keep(HEAD), cells.map(keep), options, { numeric: anyLeft ? [1, 2, 3, 4] : [1, 2, 3], shrinkable })}\n${more}${rows.length - hit.length} of ${rows.length} failures touch no flow`;
}

const order = (span: Span): bigint => (span === null ? 1n << 62n : BigInt(span));
export const worstBy = (row: SweepRow, of: (h: Hit) => Span): Hit => row.hits.reduce((a, b) => (order(of(b)) > order(of(a)) ? b : a));

function cellsOf(row: SweepRow): string[] {
  const left = row.capacity === null || row.capacity.offeredMbps === 0 ? "" : `${Math.floor((100 * row.capacity.servedMbps) / row.capacity.offeredMbps)} %`;
  if (row.hits.length === 0) return [failureName(row), "0", "none", "none", left, row.verdict, fullest(row)];
  const worst = worstBy(row, (h) => h.failureNs);
  const back = worstBy(row, (h) => h.returnNs);
  return [failureName(row), String(row.hits.length), time(worst.failureNs), time(back.returnNs), left, row.verdict, [`${worst.name}: ${worst.reason}`, fullest(row)].filter((x) => x !== "").join("; ")];
}

function fullest({ capacity }: SweepRow): string {
  const cable = capacity?.fullest;
  return cable == null || cable.mbps <= cable.capacityMbps ? "" : `${cable.from} is asked for ${Math.round((100 * cable.mbps) / cable.capacityMbps)} %`;
}

/** One object: every failure with its hits and chains; ns as digits. */
export function sweepJson(result: SweepResult, file: string, seed: string): string {
  const spof = ranked(result.rows).map(({ row }) => ({ failure: failureName(row), takesDown: row.spof, remedy: row.remedy }));
  const head = { format: 1, file, topology: result.name, seed, runs: result.rows.length, same: result.rows.reduce((sum, r) => sum + r.same.length, 0), notUp: notUpIn(result.rows), spof, cuts: result.cuts, check: result.check };
  const rows = result.rows.map(({ reach: _reach, ...row }) => JSON.stringify({ failure: failureName(row), ...row }));
  return `${JSON.stringify(head, null, 1).slice(0, -2)},\n "rows": [\n${rows.join(",\n")}\n ]\n}\n`;
}

export function sweepMarkdown(result: SweepResult, file: string): string {
  const spofs = ranked(result.rows);
  const hit = severest(result.rows);
  const lines = [heading(1, `${result.name}: what fails, and what it costs`), "", `${inText(file)}: ${sweepSummary(result)}.`, "", heading(2, `Single points of failure: ${spofs.length}`), ""];
  const notUp = notUpIn(result.rows);
  if (notUp.length > 0) lines.push(`Not up before anything failed, so that nothing is said of ${notUp.length === 1 ? "it" : "them"}: ${notUp.join(", ")}.`, "");
  if (spofs.length === 0) lines.push(`None for the flows and services ${notUp.length === 0 ? "of the file" : "that were up"}.`);
  else lines.push(markdownTable({ head: ["what fails", "takes down", "remedy"], rows: spofs.map(({ row }) => [failureName(row), names(row.spof), row.remedy ?? ""]) }));
  lines.push("", heading(2, "Outages"), "");
  if (hit.length > 0) lines.push(markdownTable({ head: HEAD, rows: hit.map(cellsOf), numeric: [1, 2, 3, 4] }), "");
  lines.push(`${result.rows.length - hit.length} of ${result.rows.length} failures touch no flow.`, ...cutMarkdown(result.cuts, result.check, 1));
  return `${lines.join("\n")}\n`;
}

export interface HitRow { row: SweepRow; hit: Hit | null; notUp: readonly string[] }

/** A row a failure and who it hit; one for a failure that hit nobody. `notUp`: of the whole network, before any of them. */
export function hitRows(rows: readonly SweepRow[], notUp: readonly string[]): HitRow[] {
  return rows.flatMap((row): HitRow[] => (row.hits.length === 0 ? [{ row, hit: null, notUp }] : row.hits.map((hit) => ({ row, hit, notUp }))));
}

const listed = (all: readonly string[]): string | null => (all.length === 0 ? null : all.join(", "));
const ns = (span: Span | undefined): bigint | null => (span == null ? null : BigInt(span));

export const HIT_COLUMNS: readonly Column<HitRow>[] = [
  { name: "failure", type: "STRING", of: ({ row }) => failureName(row), required: true }, { name: "kind", type: "STRING", of: ({ row }) => row.kind, required: true },
  { name: "verdict", type: "STRING", of: ({ row }) => row.verdict, required: true }, { name: "subject", type: "STRING", of: ({ hit }) => hit?.subject ?? null },
  { name: "name", type: "STRING", of: ({ hit }) => hit?.name ?? null }, { name: "failure_ns", type: "INT64", of: ({ hit }) => ns(hit?.failureNs) },
  { name: "return_ns", type: "INT64", of: ({ hit }) => ns(hit?.returnNs) }, { name: "stays_down", type: "BOOLEAN", of: ({ hit }) => (hit === null ? null : hit.failureNs === null) },
  { name: "does_not_return", type: "BOOLEAN", of: ({ hit }) => (hit === null ? null : hit.returnNs === null) }, { name: "kept", type: "BOOLEAN", of: ({ hit }) => hit?.kept ?? null },
  { name: "single_point", type: "BOOLEAN", of: ({ row, hit }) => (hit === null ? null : row.spof.includes(hit.name)) }, { name: "reason", type: "STRING", of: ({ hit }) => hit?.reason ?? null },
  { name: "offered_mbps", type: "DOUBLE", of: ({ row }) => row.capacity?.offeredMbps ?? null }, { name: "served_mbps", type: "DOUBLE", of: ({ row }) => row.capacity?.servedMbps ?? null },
  { name: "fullest_port", type: "STRING", of: ({ row }) => row.capacity?.fullest?.from ?? null },
  { name: "fullest_share", type: "DOUBLE", of: ({ row }) => { const cable = row.capacity?.fullest; return cable == null ? null : cable.mbps / cable.capacityMbps; } },
  { name: "remedy", type: "STRING", of: ({ row }) => row.remedy }, { name: "same", type: "STRING", of: ({ row }) => listed(row.same) },
  { name: "worse", type: "BOOLEAN", of: ({ row, hit }) => (hit === null ? null : row.worse?.includes(hit.name) ?? null) }, { name: "not_up", type: "STRING", of: ({ notUp }) => listed(notUp) },
];
