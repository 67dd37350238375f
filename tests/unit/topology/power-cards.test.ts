// Cards and power feeds: what a target of theirs stands for, and mistakes in them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { resolveTarget } from "../../../bindings/topology/targets.ts";
import { parseTopology } from "../../../bindings/topology/index.ts";
import type { Topology } from "../../../bindings/topology/model.ts";

const file = (leaf: string, server = ""): string => `dualhome: 1
name: t
networks: {lan: {vlan: 10, subnet: 10.0.0.0/24}}
nodes:
  sw: {kind: l2switch${leaf}}
  srv1..2: {kind: server, network: lan${server}}
bonds:
  srv1..2:bond0: {to: sw, members: [eth0, eth1], mode: 802.3ad, lacp-rate: fast}
flows: {f: {from: srv1, to: srv2, dport: 80}}
`;

function read(text: string): Topology {
  const parsed = parseTopology(text, "t.dh.yaml");
  assert.ok("topology" in parsed, JSON.stringify("problems" in parsed ? parsed.problems : ""));
  return parsed.topology;
}
const codes = (text: string): string[] => { const parsed = parseTopology(text, "t.dh.yaml"); return "problems" in parsed ? parsed.problems.map((p) => p.code) : []; };

test("a card stands for its ports, ranges too", () => {
  const t = read(file("", ', cards: {nic0: ["eth0..1"]}'));
  assert.deepEqual(resolveTarget(t, "card/srv1/nic0"), [{ kind: "port", name: "srv1:eth0" }, { kind: "port", name: "srv1:eth1" }]);
  assert.deepEqual(resolveTarget(t, "card/srv1/nic1"), { error: 'srv1 has no card "nic1"', didYouMean: "nic0" });
});

test("a port on two cards, and one without a cable, are mistakes that are told once an entry", () => {
  assert.deepEqual(codes(file("", ", cards: {a: [eth0, eth1], b: [eth1]}")), ["DH_CARD"]);
  assert.deepEqual(codes(file("", ", cards: {a: [eth7]}")), ["DH_UNKNOWN_PORT"]);
});

test("a feed takes down who has no other; several are named together", () => {
  const t = read(file(", power: [a, b]", ", power: a"));
  assert.deepEqual(resolveTarget(t, "power/a"), [{ kind: "node", name: "srv1" }, { kind: "node", name: "srv2" }]);
  const both = resolveTarget(t, "power/a+b");
  assert.ok(Array.isArray(both) && both.map((x) => x.name).join() === "srv1,srv2,sw");
  assert.match((resolveTarget(t, "power/b") as { error: string }).error, /another feed/);
  assert.match((resolveTarget(t, "power/c") as { error: string }).error, /no node has the power feed "c"/);
});
