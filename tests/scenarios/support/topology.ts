// From a scenario file to the topology and scenario that are run: a base, what the file changes of it, and its steps.

import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parse, stringify } from "yaml";
import { importNxos } from "../../../bindings/importers/index.ts";
import { parseTopology, type Parsed } from "../../../bindings/topology/index.ts";
import { ScenarioError, type Block, type Document } from "./document.ts";

const ROOT = new URL("../../..", import.meta.url).pathname;

type Tree = Record<string, unknown>;

export function topologyOf(doc: Document): Parsed {
  const own = doc.topology === null ? {} : readYaml(doc, doc.topology);
  const tree = merge(merge(doc.uses === null ? {} : readBase(doc), imported(doc)), own);
  tree["dualhome"] ??= 1;
  tree["name"] ??= basename(doc.file, ".md");
  if (doc.steps !== null) tree["scenarios"] = { steps: readSteps(doc, doc.steps) };
  return parseTopology(stringify(tree), doc.file);
}

/** What the switches' configurations say. All of it has to be read: a line that is not would be a part of the story that is missing. */
function imported(doc: Document): Tree {
  if (doc.nxos.size === 0) return {};
  const { parts, unread } = importNxos([...doc.nxos].map(([name, block]) => ({ name, text: block.text })));
  const [first] = unread;
  if (first !== undefined) throw new ScenarioError(doc.file, doc.nxos.get(first.file)!.line + first.line - 1, `"${first.text}" is not read by the importer`);
  return parts;
}

function readYaml(doc: Document, block: Block): Tree {
  try {
    return parse(block.text, { merge: true }) as Tree;
  } catch (thrown) {
    throw new ScenarioError(doc.file, block.line, `not YAML: ${(thrown as Error).message}`);
  }
}

function readBase(doc: Document): Tree {
  const uses = doc.uses ?? "";
  const path = uses.startsWith("examples/") ? join(ROOT, uses, `${basename(uses)}.dh.yaml`) : join(ROOT, "tests/scenarios", `${uses}.dh.yaml`);
  try {
    return parse(readFileSync(path, "utf8"), { merge: true }) as Tree;
  } catch (thrown) {
    throw new ScenarioError(doc.file, 1, `uses: ${uses}: ${(thrown as Error).message}`);
  }
}

/** Maps are merged key by key, everything else is replaced; null takes a key away. */
function merge(base: Tree, over: Tree): Tree {
  const merged: Tree = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const old = merged[key];
    if (value === null && old !== undefined) delete merged[key];
    else merged[key] = isTree(old) && isTree(value) ? merge(old, value) : value;
  }
  return merged;
}

const isTree = (value: unknown): value is Tree => typeof value === "object" && value !== null && !Array.isArray(value);

const DIRECTIONS = ["a-to-b", "b-to-a", "both"];

/** `10s fail leaf1`, `20s silent leaf1:Eth1--srv1:eth0 a-to-b`, `30s loss leaf1:Eth1 20%`, `30s slow leaf1:Eth1 50ms`, `40s flap leaf1:Eth1 3x 2s`, `until 90s`. */
function readSteps(doc: Document, block: Block): Tree {
  const steps: Tree[] = [];
  const read: Tree = { steps };
  for (const [i, raw] of block.text.split("\n").entries()) {
    const words = raw.replace(/#.*$/, "").trim().split(/\s+/).filter((word) => word !== "");
    const [at, op, ...rest] = words;
    if (at === undefined) continue;
    if (op === undefined || (at !== "until" && rest.length === 0)) throw new ScenarioError(doc.file, block.line + i, "a step is: 10s fail leaf1");
    if (at === "until") { read["until"] = op; continue; }
    const step: Tree = { at };
    const last = rest.at(-1) ?? "";
    if (DIRECTIONS.includes(last)) step["direction"] = rest.pop();
    else if (last.endsWith("%")) step["percent"] = Number(rest.pop()?.slice(0, -1));
    else if (op === "slow") step["delay"] = rest.pop();
    const flap = op === "flap" ? /^(\d+)x (\S+)$/.exec(rest.slice(-2).join(" ")) : null;
    if (flap !== null) { Object.assign(step, { times: Number(flap[1]), period: flap[2] }); rest.splice(-2); }
    step[op] = rest.join(" ");
    steps.push(step);
  }
  return read;
}
