// Single points of failure: found where they are, not found where they are not, each with what removes it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { ask } from "../../../bindings/batch/index.ts";
import { compileEngine } from "../../../bindings/engine/index.ts";
import { optionsOf, pairsOptions, pairsQuestion, sweep, sweepQuestion, type SweepResult } from "../../../bindings/sweep/index.ts";
import { pairsJson, pairsMarkdown, pairsText } from "../../../bindings/report/sweep-pairs.ts";
import { sweepText } from "../../../bindings/report/sweep.ts";
import { parseTopology } from "../../../bindings/topology/index.ts";
import { topologyOf, withoutGateway } from "../../support/topologies.ts";

async function sweepOf(text: string, kinds?: ("switch" | "link" | "peer-link")[]): Promise<SweepResult> {
  const read = parseTopology(text, "t.dh.yaml");
  assert.ok("topology" in read, JSON.stringify("problems" in read ? read.problems : ""));
  return sweep(read.topology, kinds === undefined ? {} : { kinds }).result();
}

const example = readFileSync(new URL("../../../examples/mclag-pair/mclag-pair.dh.yaml", import.meta.url), "utf8");

test("mclag-pair: the orphan's switch, its cable and the peer-link are single points of failure; nothing else is", async () => {
  const result = await sweepOf(example, ["switch", "link", "peer-link"]);
  const spof = result.rows.filter((r) => r.spof.length > 0);
  assert.deepEqual(spof.map((r) => r.target).sort(), ["leaf2", "leaf2:Eth40--orphan:eth0", "mlag/pair1/peer-link"]);
  for (const row of spof) {
    assert.deepEqual(row.spof, ["web-orphan"]);
    assert.ok(row.remedy !== null && row.remedy.length > 0);
  }
});

test("one switch for all: it is the single point of failure, each cable of a bond is not", async () => {
  const result = await sweepOf(`dualhome: 1
name: one
networks: {lan: {vlan: 10, subnet: 10.0.0.0/24}}
nodes:
  sw: {kind: l2switch}
  srv1..2: {kind: server, network: lan}
bonds:
  srv1..2:bond0: {to: sw, members: [eth0, eth1], mode: 802.3ad, lacp-rate: fast}
flows: {f: {from: srv1, to: srv2, dport: 80}}
`, ["switch", "link"]);
  assert.deepEqual(result.rows.filter((r) => r.spof.length > 0).map((r) => r.target), ["sw"]);
  assert.match(result.rows.find((r) => r.target === "sw")!.remedy!, /second switch/);
});

const NOT_UP = withoutGateway("dead: {from: a, to: b}, alive: {from: a, to: c}");

test("what is not up before anything fails is said, and is no pass", async () => {
  const result = await sweep(topologyOf(NOT_UP)).result();
  assert.deepEqual([...new Set(result.rows.map((row) => row.notUp?.join()))], ["dead"]);
  assert.match(sweepText(result, { width: 100, paint: (_, s) => s }), /not up before anything failed, so that nothing is said of it: dead/);
});

test("two failures at a time: what was not up is named first, even where no pair can meet", async () => {
  const t = topologyOf(NOT_UP);
  const wasm = await compileEngine();
  const alone = await ask(sweepQuestion, t, optionsOf(["server"], undefined, true), { wasm }).result();
  const pairs = await ask(pairsQuestion, t, await pairsOptions(t, alone, { seed: 1n, wasm }), { wasm }).result();
  assert.deepEqual(pairs.notUp, ["dead"]);
  assert.match(pairsText(pairs, { width: 100, paint: (_, s) => s }).split("\n")[4]!, /^not up before anything failed, .*: dead$/);
  assert.deepEqual((JSON.parse(pairsJson(pairs, "f", "1")) as { notUp: string[] }).notUp, ["dead"]);
  assert.match(pairsMarkdown(pairs, "f"), /\*\*Not up before anything failed.*: dead\.\*\*/);
});
