// JUnit XML, as CI servers read it: a test case for each finding, and one for each rule that found nothing.

import type { Checked, Judged } from "../rules/verdict.ts";
import { place } from "./check.ts";

/** A test suite for each file. */
export function junit(list: readonly Checked[]): string {
  const suites = list.map(suiteOf);
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="dualhome check" ${counted(suites)}>
${suites.map((suite) => `  <testsuite name="${xml(suite.file)}" ${counted([suite])}>\n${suite.cases.join("")}  </testsuite>\n`).join("")}</testsuites>
`;
}

interface Suite { file: string; cases: string[]; failures: number; errors: number; skipped: number }

function suiteOf({ findings, problems, rules, file }: Checked): Suite {
  const hit = new Set(findings.map((finding) => finding.rule));
  const asked = problems.length > 0 ? [] : rules.filter((rule) => !hit.has(rule));
  const cases = [
    ...problems.map((each) => testcase("file", each.code, `      <error message="${xml(each.message)}" type="${xml(each.code)}">${xml(`${each.file}:${each.where.line}:${each.where.col}: ${each.message}`)}</error>\n`, each.file, each.where.line)),
    ...findings.map(ofFinding),
    ...asked.map((rule) => testcase(groupOf(rule.id), `${rule.id}: ${rule.title}`, "", file, null)),
  ];
  return { file, cases, failures: findings.filter((finding) => finding.fails).length, errors: problems.length, skipped: findings.filter((finding) => finding.state !== "new").length };
}

function counted(suites: readonly Suite[]): string {
  const sum = (of: (suite: Suite) => number): number => suites.reduce((all, suite) => all + of(suite), 0);
  return `tests="${sum((s) => s.cases.length)}" failures="${sum((s) => s.failures)}" errors="${sum((s) => s.errors)}" skipped="${sum((s) => s.skipped)}"`;
}

const groupOf = (id: string): string => id.split("/")[0]!;

function ofFinding(finding: Judged): string {
  const { rule, ignored, state } = finding;
  const text = xml([`${place(finding)}: ${finding.seen}`, `why: ${rule.why}`, `mend: ${rule.mend}`].join("\n"));
  const inner = state === "ignored" ? `      <skipped message="${xml(`ignored: ${ignored?.reason ?? ""}`)}"/>\n`
    : state === "known" ? `      <skipped message="known from the baseline"/>\n`
    : finding.fails ? `      <failure message="${xml(finding.seen)}" type="${rule.severity}">${text}</failure>\n`
    : `      <system-out>${text}</system-out>\n`;
  return testcase(groupOf(rule.id), `${rule.id}: ${finding.path === "" ? finding.subjects[0]! : finding.path}`, inner, finding.file, finding.at.line);
}

function testcase(group: string, name: string, inner: string, file: string, line: number | null): string {
  const head = `    <testcase classname="dualhome.${xml(group)}" name="${xml(name)}" file="${xml(file)}"${line === null ? "" : ` line="${line}"`}`;
  return inner === "" ? `${head}/>\n` : `${head}>\n${inner}    </testcase>\n`;
}

const ESCAPES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;", "\n": "&#10;", "\t": "&#9;", "\r": "&#13;" };

/** XML 1.0 has no other control characters, and no halves of surrogate pairs: they are shown as U+FFFD. */
export function xml(text: string): string {
  return text.replace(/\p{Surrogate}/gu, "\ufffd").replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd").replace(/[&<>"'\n\t\r]/g, (sign) => ESCAPES[sign]!);
}
