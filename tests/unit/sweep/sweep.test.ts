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

test("flows with a rate: what still arrives, a service where its clients are sent, and the cable that is asked for more than it carries", async () => {
  const { rows } = await sweepOf(`dualhome: 1
name: rates
defaults: {link: {speed: 10G}, bond: {mode: 802.3ad, lacp-rate: fast, transmit-hash-policy: layer3+4}}
networks: {lan: {vlan: 10, subnet: 10.0.0.0/24}}
nodes: {sw: {kind: l2switch}, srv1..2: {kind: server, network: lan}, spare: {kind: server, network: lan}}
links: ["sw:Eth9 -- spare:eth0"]
bonds:
  srv1..2:bond0: {to: sw, members: [eth0, eth1]}
flows: {f: {from: srv1, to: srv2, dport: 80, rate: 6G}, g: {from: srv1, to: srv2, dport: 81, rate: 3G}, quiet: {from: srv1, to: srv2, dport: 82}}
services: {db: {clients: srv1, servers: srv2, standby: {servers: spare, delay: 1s}, rate: 2G, port: 5432}}
`);
  const of = (target: string) => rows.find((r) => r.target === target)!;
  const served = (target: string): number[] => [of(target).capacity!.offeredMbps, of(target).capacity!.servedMbps];
  // (6 + 3 + 2) Gbit/s each way
  assert.deepEqual(served("spare"), [22_000, 22_000]);
  assert.deepEqual(served("srv2"), [22_000, 4000]); // the service's 2 Gbit/s are between srv1 and the spare
  assert.deepEqual([served("srv1"), of("srv1").capacity!.fullest], [[22_000, 0], null]);
  assert.deepEqual([of("sw:Eth1--srv1:eth0"), of("sw:Eth3--srv2:eth0")].map((r) => [r.verdict, r.capacity!.servedMbps, r.capacity!.fullest]), [
    ["overload", 22_000, { from: "srv1:eth1", to: "sw:Eth2", mbps: 11_000, capacityMbps: 10_000 }], ["overload", 22_000, { from: "srv2:eth1", to: "sw:Eth4", mbps: 11_000, capacityMbps: 10_000 }],
  ]);
  const { hits, capacity } = of("srv2");
  assert.ok(Number(hits.find((h) => h.name === "db")!.failureNs) < 10e9 && capacity!.fullest!.mbps === 2000, JSON.stringify(of("srv2")));
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
