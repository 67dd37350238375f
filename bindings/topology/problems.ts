// What is wrong with a file, where, and what was probably meant.

import { styleText } from "node:util";
import type { Where } from "./model.ts";

export type Path = readonly (string | number)[];

export interface Problem {
  /** DH_…: the list is in docs/topology-file.md */
  code: string;
  message: string;
  file: string;
  where: Where;
  /** What to do about it, e.g. `did you mean "leaf1"?` */
  help: string | null;
}

export interface FormatOptions { color: boolean; context?: boolean }

/** One block per problem: `file:line:col: error CODE: message`, the line, a caret line, the help. */
export function formatProblems(problems: readonly Problem[], source: string, options: FormatOptions = { color: false }): string {
  const lines = source.split(/\r\n|\n|\r/);
  return problems.map((problem) => formatProblem(problem, lines, options)).join("\n");
}

function formatProblem(problem: Problem, lines: readonly string[], options: FormatOptions): string {
  const paint = (style: "red" | "bold" | "cyan", text: string): string =>
    options.color ? styleText(style, text, { validateStream: false }) : text;
  const { line, col, length } = problem.where;
  const out = [`${paint("bold", `${problem.file}:${line}:${col}:`)} ${paint("red", `error ${problem.code}:`)} ${problem.message}`];
  const text = lines[line - 1];
  if (text !== undefined && options.context !== false) out.push(...excerpt(text, col, length).map((row, i) => (i === 0 ? row : paint("red", row))));
  if (problem.help !== null) out.push(`  ${paint("cyan", "help:")} ${problem.help}`);
  return `${out.join("\n")}\n`;
}

const WIDTH_MAX = 160;

/** The line and the caret line under it; of a very long line, the part round the caret. */
function excerpt(text: string, col: number, length: number): [string, string] {
  const from = col > WIDTH_MAX ? col - 40 : 0;
  const shown = text.slice(from, from + WIDTH_MAX).replace(/[\x00-\x08\x0b-\x1f\x7f]/g, "?");
  const at = col - 1 - from;
  const pad = shown.slice(0, at).replace(/[^\t]/g, " ");
  const carets = Math.max(1, Math.min(length, shown.length - at));
  return [`  ${shown}`, `  ${pad}${"^".repeat(carets)}`];
}

/** By position, then code. What a range says many times over is said once, with a count. */
export function sortProblems(problems: readonly Problem[]): Problem[] {
  const groups = new Map<string, { first: Problem; messages: Set<string> }>();
  for (const problem of problems) {
    const key = `${problem.where.line}:${problem.where.col}:${problem.code}`;
    const group = groups.get(key) ?? { first: problem, messages: new Set() };
    group.messages.add(problem.message);
    groups.set(key, group);
  }
  return [...groups.values()]
    .map(({ first, messages }) => (messages.size === 1 ? first : { ...first, message: `${first.message} (and ${messages.size - 1} more like this)` }))
    .sort((a, b) => a.where.line - b.where.line || a.where.col - b.where.col || (a.code < b.code ? -1 : a.code > b.code ? 1 : 0));
}

/** The known name nearest to what was written, if it is near enough to be a slip. */
export function didYouMean(written: string, known: Iterable<string>): string | null {
  const limit = Math.max(1, Math.floor(written.length / 3));
  let best: string | null = null;
  let bestDistance = limit + 1;
  for (const name of known) {
    if (Math.abs(name.length - written.length) >= bestDistance) continue;
    const distance = editDistance(written.toLowerCase(), name.toLowerCase(), bestDistance);
    if (distance < bestDistance) [best, bestDistance] = [name, distance];
  }
  return best;
}

/** `did you mean "x"?`, or null. */
export function meant(written: string, known: Iterable<string>): string | null {
  const name = didYouMean(written, known);
  return name === null ? null : `did you mean "${name}"?`;
}

/** Optimal string alignment distance (a swap of neighbours is one slip); `limit` when it is that or more. */
function editDistance(a: string, b: string, limit: number): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let d = Math.min((previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (previous[j - 1] ?? 0) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) d = Math.min(d, (before[j - 2] ?? 0) + 1);
      row.push(d);
    }
    if (Math.min(...row) >= limit) return limit;
    [before, previous] = [previous, row];
  }
  return previous[b.length] ?? limit;
}
