// The report of a check: findings by severity, then what each rule says, once. Terminal and Markdown.

import { SEVERITIES, type Rule, type Severity } from "../rules/rule.ts";
import type { Checked, Judged } from "../rules/verdict.ts";
import { plural } from "./format.ts";
import { heading, inText, markdownTable } from "./markdown.ts";
import type { Paint, Style } from "./paint.ts";

const COLOURS: Record<Severity, Style> = { error: "red", warning: "yellow", note: "cyan" };
const ROWS_MAX = 200;

export const place = ({ file, at }: Judged): string => `${file}:${at.line}:${at.col}`;
export const pageOf = (rule: Rule): string => `docs/rules/${rule.id}.md`;

/** What is told: the ignored are counted only, and so are the known. */
const told = ({ findings }: Checked): Judged[] => findings.filter((each) => each.state === "new");

interface Look { paint: Paint; width: number }

/** What was found in a file. */
export function findingsText(checked: Checked, { paint, width }: Look): string[] {
  const list = told(checked);
  const lines = [paint("bold", `${checked.file}: ${summary(checked)}`)];
  for (const severity of SEVERITIES) {
    const rows = list.filter((each) => each.rule.severity === severity);
    if (rows.length === 0) continue;
    lines.push("", paint(COLOURS[severity], plural(rows.length, severity)));
    for (const row of rows.slice(0, ROWS_MAX)) lines.push(`  ${place(row)}  ${paint("bold", row.rule.id)}`, ...wrapped(row.seen, width, 4));
    if (rows.length > ROWS_MAX) lines.push(`  and ${rows.length - ROWS_MAX} more: --json`);
  }
  return lines;
}

/** What the rules that found something say, each once. */
export function rulesText(list: readonly Checked[], { paint, width }: Look): string[] {
  return rulesOf(list.flatMap(told)).flatMap((rule) => ["", paint("bold", rule.id), ...wrapped(`why: ${rule.why}`, width, 2), ...wrapped(`mend: ${rule.mend}`, width, 2), `  page: ${pageOf(rule)}`]);
}

/** "3 findings: 1 error, 2 warnings; 1 ignored" */
export function summary(checked: Checked): string {
  const list = told(checked);
  const counts = SEVERITIES.flatMap((severity) => {
    const count = list.filter((each) => each.rule.severity === severity).length;
    return count === 0 ? [] : plural(count, severity);
  });
  const left = (["known", "ignored"] as const).flatMap((state) => {
    const count = checked.findings.filter((each) => each.state === state).length;
    return count === 0 ? [] : `${count} ${state === "known" ? "known from the baseline" : "ignored"}`;
  });
  const gone = checked.baseline === null || checked.baseline.gone === 0 ? [] : [`${checked.baseline.gone} of the baseline gone`];
  const head = list.length === 0 ? "ok" : `${plural(list.length, "finding")}: ${counts.join(", ")}`;
  return [head, ...left, ...gone].join("; ");
}

const rulesOf = (list: readonly Judged[]): Rule[] => [...new Set(list.map((each) => each.rule))];

/** Sentences as lines of at most `width`, set in by `indent`, further ones by two more. */
function wrapped(text: string, width: number, indent: number): string[] {
  const lines: string[] = [];
  let line = " ".repeat(indent - 1);
  for (const word of text.split(/\s+/)) {
    if (line.length + word.length + 1 > Math.max(width, 40) && line.trim() !== "") {
      lines.push(line);
      line = " ".repeat(indent + 1);
    }
    line += ` ${word}`;
  }
  return [...lines, line];
}

export const checkMarkdown = (list: readonly Checked[]): string => list.map(fileMarkdown).join("\n");

function fileMarkdown(checked: Checked): string {
  const list = told(checked);
  const lines = [heading(1, `dualhome check: ${checked.file}`), "", checked.problems.length > 0 ? `Not readable: ${plural(checked.problems.length, "mistake")}.` : `${inText(summary(checked))}.`];
  if (checked.problems.length > 0) {
    const rows = checked.problems.map((each) => [`${each.file}:${each.where.line}:${each.where.col}`, each.code, each.message]);
    lines.push("", markdownTable({ head: ["place", "code", "mistake"], rows }));
  }
  for (const severity of SEVERITIES) {
    const rows = list.filter((each) => each.rule.severity === severity);
    if (rows.length > 0) lines.push("", heading(2, plural(rows.length, severity)), "", markdownTable({ head: ["place", "rule", "what was seen"], rows: rows.map((each) => [place(each), each.rule.id, each.seen]) }));
  }
  for (const rule of rulesOf(list)) lines.push("", heading(3, rule.id), "", `${inText(rule.title)}. ${inText(rule.why)}`, "", `How to mend it: ${rule.mend}`);
  return `${lines.join("\n")}\n`;
}
