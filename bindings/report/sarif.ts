// SARIF 2.1.0 (OASIS), as code scanning reads it. Clauses are those of the standard.

import type { Where } from "../topology/model.ts";
import type { Problem } from "../topology/problems.ts";
import type { Rule } from "../rules/rule.ts";
import type { Checked, Judged } from "../rules/verdict.ts";
import { pageOf } from "./check.ts";

const SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/** One run, of however many files. */
export function sarif(list: readonly Checked[], version: string): string {
  const rules = list[0]?.rules ?? [];
  const codes = [...new Set(list.flatMap(({ problems }) => problems.map((problem) => problem.code)))];
  const index = new Map([...rules.map((rule) => rule.id), ...codes].map((id, i) => [id, i]));
  const run = {
    tool: { driver: { name: "dualhome", version, semanticVersion: version, rules: [...rules.map(descriptor), ...codes.map((id) => ({ id, defaultConfiguration: { level: "error" } }))] } },
    columnKind: "utf16CodeUnits",
    invocations: [{ executionSuccessful: list.every(({ problems }) => problems.length === 0) }], // 3.20.14: whether every rule could be asked
    results: list.flatMap(({ findings, problems, baseline }) => [...findings.map((finding) => result(finding, index, baseline !== null)), ...problems.map((problem) => ofProblem(problem, index))]),
  };
  return `${JSON.stringify({ $schema: SCHEMA, version: "2.1.0", runs: [run] }, null, 2)}\n`;
}

/** 3.49 reportingDescriptor */
function descriptor(rule: Rule): object {
  return {
    id: rule.id,
    shortDescription: { text: `${rule.title}.` },
    fullDescription: { text: rule.why },
    help: { text: `${rule.why} How to mend it: ${rule.mend}`, markdown: `${rule.why}\n\n**How to mend it:** ${rule.mend}\n\nPage: ${pageOf(rule)}` },
    defaultConfiguration: { level: rule.severity },
    properties: { tags: ["network", rule.id.split("/")[0]], ...(rule.systems.length === 0 ? {} : { systems: rule.systems }) },
  };
}

/** 3.27 result. Severities have the names of 3.27.10 level. */
function result(finding: Judged, index: ReadonlyMap<string, number>, baseline: boolean): object {
  const { rule, ignored } = finding;
  return {
    ruleId: rule.id, ruleIndex: index.get(rule.id), level: rule.severity,
    message: { text: `${finding.seen}. ${rule.mend}` },
    locations: [location(finding.file, finding.at, finding.path)],
    partialFingerprints: { "dualhome/v1": finding.fingerprint }, // 3.27.17
    ...(baseline ? { baselineState: finding.state === "known" ? "unchanged" : "new" } : {}),
    ...(ignored === null ? {} : { suppressions: [{ kind: "external", status: "accepted", justification: `${ignored.reason} (${ignored.until === null ? "for good" : `until ${ignored.until}`})` }] }),
    properties: { subjects: finding.subjects },
  };
}

function ofProblem(problem: Problem, index: ReadonlyMap<string, number>): object {
  const text = problem.help === null ? problem.message : `${problem.message}: ${problem.help}`;
  return { ruleId: problem.code, ruleIndex: index.get(problem.code), level: "error", message: { text }, locations: [location(problem.file, problem.where, "")] };
}

function location(file: string, { line, col, length }: Where, path: string): object {
  return {
    physicalLocation: { artifactLocation: { uri: uriOf(file) }, region: { startLine: line, startColumn: col, endLine: line, endColumn: col + length } },
    ...(path === "" ? {} : { logicalLocations: [{ fullyQualifiedName: path }] }),
  };
}

/** 3.4.3: a URI reference, relative to where the command was run. */
function uriOf(file: string): string {
  const escaped = file.replaceAll("\\", "/").split("/").map(encodeURIComponent).join("/");
  return file.startsWith("/") ? `file://${escaped}` : escaped.replace(/^(\.\/)+/, "");
}
