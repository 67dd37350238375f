// From configurations to an outage: the fixtures of the importers, joined as a whole file, run with a failure.

import assert from "node:assert/strict";
import { readFileSync, readdirSync, statSync } from "node:fs";
import { outages } from "../../bindings/analysis/index.ts";
import { runScenario } from "../../bindings/engine/index.ts";
import { formatNamed, importParts, importWhole, type Group, type Imported } from "../../bindings/importers/index.ts";
import { parseTopology, type Topology } from "../../bindings/topology/index.ts";

const root = new URL("../unit/import/fixtures/", import.meta.url);
export const text = (name: string): string => readFileSync(new URL(name, root), "utf8");

/** "eos: a.cfg b.cfg", HOST=FILE as on the command line. */
export function group(words: string): Group {
  const [format = "", ...files] = words.split(/[: ]+/);
  return { format: formatNamed(format)!, files: files.map((name) => ({ name, text: text(name.replace(/^[\w.-]+=/, "")) })) };
}
/** Fixtures that lie in folders of their formats. */
export function nativeFixtures(): Group[] {
  const files = (path: string): string[] => readdirSync(new URL(path, root)).flatMap((name) => (statSync(new URL(`${path}/${name}`, root)).isDirectory() ? files(`${path}/${name}`) : [`${path}/${name}`]));
  return ["nxos", "netplan", "ifcfg", "networkd"].map((format) => ({ format: formatNamed(format)!, files: files(format).map((name) => ({ name, text: readFileSync(new URL(name, root), "utf8") })) }));
}
export const parts = (words: string): Imported => importParts(group(words));
export const whole = (...list: string[]): Imported => importWhole(list.map(group), "imported");
/** A text that is no file. */
export const of = (format: string, ...files: [string, string][]): Group => ({ format: formatNamed(format)!, files: files.map(([name, text]) => ({ name, text })) });

export function topologyOf(imported: Imported): Topology {
  const parsed = parseTopology(imported.yaml, "imported.dh.yaml");
  assert.deepEqual("problems" in parsed ? parsed.problems.map((p) => `${p.where.line}: ${p.message}`) : [], [], imported.yaml);
  return (parsed as { topology: Topology }).topology;
}

const MS = 1_000_000n;
const S = 1000n * MS;

/** Outages in ms by flow, when a node dies at 10 s and returns at 60 s. */
export async function outagesOf(topology: Topology, node: string, extraNs = 0n): Promise<Map<string, number>> {
  const where = { line: 1, col: 1, length: 1 };
  const step = (atNs: bigint, op: "fail" | "repair") => ({ atNs, op, target: node, targets: [{ kind: "node" as const, name: node }], direction: "both" as const, perMillion: 0, where });
  const untilNs = 60n * S + 600n * S + extraNs;
  const result = await runScenario(topology, { name: "leaf", untilNs, steps: [step(10n * S, "fail"), step(60n * S, "repair")], where });
  const worst = new Map<string, number>(topology.flows.map((flow) => [flow.name, 0]));
  for (const o of outages(result)) if (o.subject !== "service") worst.set(o.name, Math.max(worst.get(o.name) ?? 0, Number(o.lengthNs) / 1e6));
  return worst;
}

export const said = (imported: Imported): string[] => imported.notes.map((n) => `${n.file.replace(/^.*\//, "")}:${n.line}: ${n.text}`);
export const unread = (imported: Imported): string[] => imported.unread.map((n) => `${n.file.replace(/^.*\//, "")}:${n.line}: ${n.text}`);
