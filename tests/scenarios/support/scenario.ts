// One scenario file: read, run with each seed, judged; and what is said when it fails.

import { relative } from "node:path";
import { globSync } from "../../support/glob.ts";
import { runScenario, type RunResult } from "../../../bindings/engine/index.ts";
import { traceLines } from "../../../bindings/report/trace-lines.ts";
import type { Scenario, Topology } from "../../../bindings/topology/model.ts";
import { ScenarioError, readDocument, type Document } from "./document.ts";
import { parseExpectations, type Expectation } from "./expect.ts";
import { Judge, type Verdict } from "./judge.ts";
import { topologyOf } from "./topology.ts";

export interface Tried { seed: bigint; run: RunResult; judge: Judge; verdicts: Verdict[] }
export interface Outcome { doc: Document; expectations: Expectation[]; tried: Tried[]; failures: string[] }

const HERE = new URL("..", import.meta.url).pathname;
const ROOT = new URL("../../..", import.meta.url).pathname;

export function scenarioFiles(): string[] {
  return globSync([HERE], ".md");
}

export async function tryScenario(path: string): Promise<Outcome> {
  const doc = readDocument(path, relative(ROOT, path));
  const expectations = parseExpectations(doc.file, doc.expect);
  const refusals = expectations.filter((e) => e.claim.is === "refused");
  const parsed = topologyOf(doc);
  if ("problems" in parsed) {
    const codes = parsed.problems.map((p) => p.code);
    const said = parsed.problems.map((p) => `${p.code}: ${p.message}`).join("\n    ");
    const failures = expectations.flatMap((e) => (e.claim.is === "refused" && codes.includes(e.claim.code) ? [] : [`${doc.file}:${e.line}: ${e.text}\n    the topology is refused:\n    ${said}`]));
    return { doc, expectations, tried: [], failures };
  }
  if (refusals.length > 0) return { doc, expectations, tried: [], failures: refusals.map((e) => `${doc.file}:${e.line}: ${e.text}\n    observed: the topology was accepted`) };
  const scenario = scenarioOf(doc, parsed.topology);
  const tried: Tried[] = [];
  for (let seed = 1n; seed <= BigInt(doc.seeds); seed++) tried.push(await tryOnce(doc, parsed.topology, scenario, expectations, seed));
  return { doc, expectations, tried, failures: failuresOf(doc, tried) };
}

function scenarioOf(doc: Document, topology: Topology): Scenario {
  const { scenarios } = topology;
  const found = doc.steps === null && doc.scenario !== null ? scenarios.find((s) => s.name === doc.scenario) : scenarios[0];
  if (found === undefined) throw new ScenarioError(doc.file, 1, doc.scenario === null ? "no steps: write a ```steps block" : `there is no scenario "${doc.scenario}"`);
  return found;
}

async function tryOnce(doc: Document, topology: Topology, scenario: Scenario, expectations: Expectation[], seed: bigint): Promise<Tried> {
  const run = await runScenario(topology, scenario, { seed });
  const judge = new Judge(run);
  try {
    return { seed, run, judge, verdicts: judge.all(expectations) };
  } catch (thrown) {
    throw new ScenarioError(doc.file, doc.expect.line, (thrown as Error).message);
  }
}

/** Each line once, with what the first seed showed that contradicts it. */
function failuresOf(doc: Document, tried: readonly Tried[]): string[] {
  const seen = new Set<string>();
  return tried.flatMap(({ seed, run, verdicts }) => verdicts.flatMap((v) => {
    const key = `${v.expectation.line} ${v.observed.startsWith("an outage that")}`;
    if (v.ok || seen.has(key)) return [];
    seen.add(key);
    const around = v.aroundNs === null ? [] : traceAround(run, v.aroundNs);
    return [[
      `${doc.file}:${v.expectation.line}: ${v.expectation.text}`,
      `    because:  ${v.expectation.reason}`,
      `    observed: ${v.observed} (seed ${seed} of ${tried.length})`,
      ...around.map((line) => `    | ${line.trimEnd()}`),
    ].join("\n")];
  }));
}

const AROUND = 12; // records before and after

function traceAround(run: RunResult, atNs: bigint): string[] {
  const lines = timeline(run);
  const first = lines.findIndex((line) => line.atNs >= atNs);
  const middle = first < 0 ? lines.length : first;
  return lines.slice(Math.max(0, middle - AROUND), middle + AROUND).map((line) => line.text);
}

export function timeline(run: RunResult): { atNs: bigint; text: string }[] {
  const input = { run, applications: [], expectations: [], findings: null as never, file: "", version: "" };
  const texts = [...traceLines(input, (_style, text) => text)];
  return texts.map((text, i) => ({ atNs: run.trace.get(i + 1).at, text: text.trimEnd() }));
}
