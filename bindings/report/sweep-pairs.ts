// The reports of two failures at a time: what they take down that neither does alone.

import type { PairsResult } from "../sweep/index.ts";
import { cutLines, cutMarkdown } from "./cut-sets.ts";
import { plural } from "./format.ts";
import { heading, inText, markdownTable } from "./markdown.ts";
import { names } from "./sweep.ts";
import type { TableOptions } from "./table.ts";
import { hanging } from "./wrap.ts";

/** First of all: a pair that takes down nothing says little of who was down already. */
const notUpLine = ({ notUp }: PairsResult, list: (all: readonly string[]) => string): string => `not up before anything failed, so that nothing is said of ${notUp.length === 1 ? "it" : "them"}: ${list(notUp)}`;
const aloneLine = (result: PairsResult): string | null => {
  const alone = result.options.spof.filter((lost) => lost.length > 0).length;
  return alone === 0 ? null : `${plural(alone, "single point of failure", "single points of failure")}: dualhome sweep without --failures names ${alone === 1 ? "it" : "them"}`;
};
const stuckLine = (result: PairsResult): string | null => {
  const stuck = result.rows.filter((row) => row.hits.some((h) => h.returnNs === null)).length;
  return stuck === 0 ? null : `after ${plural(stuck, "pair")} something does not return`;
};
const sentence = (words: string): string => `${words[0]!.toUpperCase()}${words.slice(1)}.`;

const SHOWN_MAX = 40;

/** How many pairs there are, and why most of them were not simulated. */
export function pairsSummary({ failures, pairs, simulated }: PairsResult): string {
  const left = pairs - simulated;
  return `${plural(failures, "failure")}, ${plural(pairs, "pair")}: ${plural(simulated, "pair")} simulated` +
    `${left === 0 ? "" : `; ${plural(left, "pair")} left out by proof: the two touch nodes that no cable joins, and move no flow or service that depends on what the other touches`}`;
}

export function pairsText(result: PairsResult, options: TableOptions & { all?: boolean }): string {
  const { paint, width } = options;
  const lines = [paint("bold", `${result.name}: two failures at a time`), "", hanging("", "", pairsSummary(result), 2, width), ""];
  if (result.notUp.length > 0) lines.push(paint("red", hanging("", "", notUpLine(result, names), 2, width)), "");
  const alone = aloneLine(result);
  if (alone !== null) lines.push(alone, "");
  const shown = options.all ? result.worse : result.worse.slice(0, SHOWN_MAX);
  if (result.worse.length === 0) lines.push(paint("green", "no two failures take down what neither does alone"));
  else {
    lines.push(paint("bold", `Pairs that take down what neither does alone: ${result.worse.length}`));
    for (const { target, takesDown } of shown) lines.push(hanging(target, paint("red", target), `  takes down ${names(takesDown)}`, 4, width));
    if (shown.length < result.worse.length) lines.push(`  and ${result.worse.length - shown.length} more: --all, --json, --parquet`);
  }
  const stuck = stuckLine(result);
  if (stuck !== null) lines.push("", paint("red", stuck));
  const cuts = cutLines(result.cuts, result.check, 2, options);
  if (cuts.length > 0) lines.push("", ...cuts);
  return `${lines.join("\n")}\n`;
}

export function pairsJson(result: PairsResult, file: string, seed: string): string {
  const { name, notUp, failures, pairs, simulated, worse, rows } = result;
  const head = { format: 1, file, topology: name, seed, notUp, failures, pairs, simulated, leftOut: pairs - simulated, worse, cuts: result.cuts, check: result.check };
  const lines = rows.map(({ chains: _chains, same: _same, kind: _kind, op: _op, remedy: _remedy, ...row }) => JSON.stringify({ ...row, hits: row.hits.map(({ up: _up, down: _down, ...hit }) => hit) }));
  return `${JSON.stringify(head, null, 1).slice(0, -2)},\n "rows": [\n${lines.join(",\n")}\n ]\n}\n`;
}

export function pairsMarkdown(result: PairsResult, file: string): string {
  const lines = [heading(1, `${result.name}: two failures at a time`), "", `${inText(file)}: ${pairsSummary(result)}.`, ""];
  if (result.notUp.length > 0) lines.push(`**${sentence(notUpLine(result, (all) => all.join(", ")))}**`, "");
  const alone = aloneLine(result);
  if (alone !== null) lines.push(sentence(alone), "");
  lines.push(heading(2, `Pairs that take down what neither does alone: ${result.worse.length}`), "");
  lines.push(result.worse.length === 0 ? "None." : markdownTable({ head: ["what fails", "takes down"], rows: result.worse.map(({ target, takesDown }) => [target, names(takesDown)]) }));
  const stuck = stuckLine(result);
  if (stuck !== null) lines.push("", sentence(stuck));
  lines.push(...cutMarkdown(result.cuts, result.check, 2));
  return `${lines.join("\n")}\n`;
}
