// Ways and loads: what `dualhome path` and `dualhome load` are made of.

import assert from "node:assert/strict";
import { test } from "node:test";
import { linkLoads, overloaded, peerLinkMbps } from "../../../bindings/analysis/load.ts";
import { runScenario, type RunResult } from "../../../bindings/engine/index.ts";
import { parseTopology } from "../../../bindings/topology/index.ts";

const PAIR = (extra: string): string => `dualhome: 1
name: pair
defaults: {link: {speed: 10G}}
networks:
  web: {vlan: 10, subnet: 10.0.10.0/24}
  db: {vlan: 20, subnet: 10.0.20.0/24}
nodes:
  leaf1..2: {kind: leaf, profile: nxos-vpc}
  web1..8: {kind: server, network: web}
  db1..8: {kind: server, network: db}
mlag:
  pair: {peers: [leaf1, leaf2], domain: 10, peer-link: {ports: [Eth53, Eth54]}${extra}}
links: [leaf1:Eth53 -- leaf2:Eth53, leaf1:Eth54 -- leaf2:Eth54]
bonds:
  web1..8:bond0: {to: pair, members: [eth0, eth1], mode: 802.3ad, lacp-rate: fast, transmit-hash-policy: layer3+4}
  db1..8:bond0: {to: pair, members: [eth0, eth1], mode: 802.3ad, lacp-rate: fast, transmit-hash-policy: layer3+4}
gateways:
  web: {protocol: vrrp, vrid: 10, vip: 10.0.10.1, routers: {leaf1: 110, leaf2: 100}}
  db: {protocol: vrrp, vrid: 20, vip: 10.0.20.1, routers: {leaf1: 110, leaf2: 100}}
flows:
  q: {from: web1..8, to: db1..8, dport: 5432, rate: 6G}
scenarios: {settled: {until: 1s, steps: [{at: 0s, nothing: leaf1}]}, one-leaf: {until: 120s, steps: [{at: 0s, fail: leaf2}]}}
`;

async function run(text: string, scenario: string): Promise<RunResult> {
  const read = parseTopology(text, "t.dh.yaml");
  assert.ok("topology" in read, JSON.stringify("problems" in read ? read.problems : ""));
  return runScenario(read.topology, read.topology.scenarios.find((s) => s.name === scenario)!);
}

test("both ways of a routed flow: two cables and one gateway when both peers route", async () => {
  const result = await run(PAIR(""), "settled");
  for (const path of result.paths) {
    assert.equal(path.hops.length, 2, `${path.flow} ${path.direction}`);
    assert.deepEqual(path.hops.map((h) => h.routed), [false, true]);
  }
});

test("the all-active gateway saves the detour over the peer-link: same flows, bytes on each link", async () => {
  const both = await run(PAIR(""), "settled");
  const one = await run(PAIR(", gateway-active: false"), "settled");
  const withBoth = peerLinkMbps(both.topology, linkLoads(both));
  const withOne = peerLinkMbps(one.topology, linkLoads(one));
  assert.equal(withBoth, 0); // what comes in at a peer is routed there and leaves by its own leg
  // Each direction that a host's hash sends to the backup crosses to the master: 6 Gbit/s each.
  const detours = one.paths.filter((p) => p.hops.some((h) => h.from.startsWith("leaf2:Eth53") || h.from.startsWith("leaf2:Eth54")));
  assert.ok(detours.length > 0);
  assert.equal(withOne, detours.length * 6000);
});

test("active-active capacity is there until something fails: 6 + 6 Gbit/s fit two legs of 10G, not one", async () => {
  const text = PAIR("").replace("  q: {from: web1..8, to: db1..8, dport: 5432, rate: 6G}", "  a: {from: web1..2, to: db1, dport: 1, sport: 40000, rate: 6G}");
  const whole = await run(text, "settled");
  const down = await run(text, "one-leaf");
  assert.ok(overloaded(linkLoads(down)).some((l) => l.to === "db1:eth0" && l.mbps === 12_000), "both flows are on the one leg that is left");
  assert.equal(linkLoads(whole).filter((l) => l.to.startsWith("db1:")).reduce((sum, l) => sum + l.mbps, 0), 12_000);
});
