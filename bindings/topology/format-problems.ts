// Problems as a terminal shows them, with the lines that they stand in.

import { CONTROLS } from "../control.ts";
import type { Problem } from "./problems.ts";

export interface FormatOptions { color: boolean; context?: boolean }

/** One block per problem: `file:line:col: error CODE: message`, the line, a caret line, the help. */
export function formatProblems(problems: readonly Problem[], source: string, options: FormatOptions = { color: false }): string {
  const lines = source.split(/\r\n|\n|\r/);
  return problems.map((problem) => formatProblem(problem, lines, options)).join("\n");
}

/** On and off, as terminals count them (ECMA-48, 8.3.117). */
const STYLES = { red: [31, 39], bold: [1, 22], cyan: [36, 39] } as const;

function formatProblem(problem: Problem, lines: readonly string[], options: FormatOptions): string {
  const paint = (style: "red" | "bold" | "cyan", text: string): string =>
    options.color ? `\x1b[${STYLES[style][0]}m${text}\x1b[${STYLES[style][1]}m` : text;
  const { line, col, length } = problem.where;
  const out = [`${paint("bold", `${problem.file}:${line}:${col}:`)} ${paint("red", `error ${problem.code}:`)} ${problem.message}`];
  const text = lines[line - 1];
  if (text !== undefined && text.trim() !== "" && options.context !== false) out.push(...excerpt(text, col, length).map((row, i) => (i === 0 ? row : paint("red", row))));
  if (problem.help !== null) out.push(`  ${paint("cyan", "help:")} ${problem.help}`);
  return `${out.join("\n")}\n`;
}

const WIDTH_MAX = 160;

/** The line and the caret line under it; of a very long line, the part round the caret. */
function excerpt(text: string, col: number, length: number): [string, string] {
  const from = col > WIDTH_MAX ? col - 40 : 0;
  const shown = text.slice(from, from + WIDTH_MAX).replace(CONTROLS, "?");
  const at = col - 1 - from;
  const pad = shown.slice(0, at).replace(/[^\t]/g, " ");
  const carets = Math.max(1, Math.min(length, shown.length - at));
  return [`  ${shown}`, `  ${pad}${"^".repeat(carets)}`];
}
