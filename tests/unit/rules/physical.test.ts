// Proofs of the rules of what fails together, and of hashes.

import assert from "node:assert/strict";
import { it } from "node:test";
import { runScenario } from "../../../bindings/engine/index.ts";
import type { Topology } from "../../../bindings/topology/model.ts";
import { found, prove } from "../../support/rules.ts";

const HEAD = `dualhome: 1
name: proof
defaults:
  link: {speed: 10G, delay: 500ns, loss-detect: 10ms}
  switch: {boot: 10s, profile: nxos-vpc}
  bond: {mode: 802.3ad, lacp-rate: fast, transmit-hash-policy: layer3+4}
  lacp: {rate: fast, hash: layer3+4}
  flow: {max-outage: 2s}
`;

/** srv and peer on a pair of leaves. Both routes are there as long as one leaf is. */
const RACK = ({ leaf1 = "kind: leaf", leaf2 = "kind: leaf", srv = "", bond = "to: pair", more = "" } = {}): string => `${HEAD}networks: {lan: {vlan: 10, subnet: 10.1.10.0/24}}
nodes:
  leaf1: {${leaf1}}
  leaf2: {${leaf2}}
  srv: {kind: server, network: lan${srv}}
  peer: {kind: server, network: lan${srv.includes("power") ? ", power: [a, b]" : ""}}
mlag:
  pair: {peers: [leaf1, leaf2], domain: 1, delay-restore: 5s, peer-link: [Eth53, Eth54]}
bonds:
  srv:bond0: {${bond}, members: [eth0, eth1]}
  peer:bond0: {to: pair, members: [eth0, eth1]}
flows:
  f: {from: srv, to: peer}
${more}`;

/** srv behind leaf1 and leaf2, each with a way up by a spine of its own, to the servers d1 to d8 behind leaf3. */
const FABRIC = (bond: string): string => `${HEAD}networks: {lan: {vlan: 10, subnet: 10.1.10.0/24}, far: {vlan: 20, subnet: 10.1.20.0/24}}
nodes:
  spine1..2: {kind: spine}
  leaf1..3: {kind: leaf}
  srv: {kind: server, network: lan}
  peer: {kind: server, network: lan}
  d1..8: {kind: server, network: far}
links:
  - {endpoints: ["leaf1:Eth49", "spine1:Eth1"], risk: duct-a}
  - {endpoints: ["leaf2:Eth49", "spine2:Eth1"], risk: duct-b}
  - mesh: {from: leaf3, to: spine1..2}
  - leaf1:Eth9 -- peer:eth0
  ${[1, 2, 3, 4, 5, 6, 7, 8].map((i) => `- leaf3:Eth${i} -- d${i}:eth0`).join("\n  ")}
mlag:
  pair: {peers: [leaf1, leaf2], domain: 1, delay-restore: 5s, peer-link: [Eth53, Eth54]}
bonds:
  srv:bond0: {to: pair, members: [eth0, eth1], ${bond}}
gateways:
  lan: {protocol: vrrp, version: 3, vrid: 10, vip: 10.1.10.1, routers: {leaf1: 110, leaf2: 100}}
  far: {protocol: static, vip: 10.1.20.1, routers: {leaf3: {}}}
flows:
  f: {from: srv, to: d1..8}
`;

/** Ports with such names that no flow sends by when the run ends. */
const idle = (ports: RegExp) => async (topology: Topology): Promise<number> => {
  const { paths } = await runScenario(topology, topology.scenarios[0]!);
  const used = new Set(paths.flatMap((path) => path.hops.map((hop) => hop.from)));
  return topology.links.flatMap((link) => [link.a, link.b]).filter((port) => ports.test(port) && !used.has(port)).length;
};

const gone = (what: string): string[] => [`{at: 10s, fail: ${what}}`, `{at: 70s, repair: ${what}}`];

prove([
  {
    rule: "physical/one-card",
    design: RACK({ srv: ", cards: {nic0: [eth0], nic1: [eth1]}" }),
    effect: { steps: gone("card/srv/nic0"), untilS: 130, faulty: 59_000, mended: 200, because: "down until the card is back, or by the other one" },
  },
  {
    rule: "physical/one-duct",
    design: RACK({ bond: "transmit-hash-policy: layer3+4", more: 'links: [{endpoints: ["leaf1:Eth1", "srv:eth0"], risk: duct-a}, {endpoints: ["leaf2:Eth1", "srv:eth1"], risk: duct-b}]\n' }),
    effect: { steps: gone("risk/duct-a"), untilS: 130, faulty: 59_000, mended: 200, because: "both cables are cut until the duct is mended, or one" },
    seen: /all cables of srv:bond0 have the risk duct-a/,
  },
  {
    rule: "physical/one-feed",
    design: RACK({ leaf1: "kind: leaf, power: a", leaf2: "kind: leaf, power: b" }),
    effect: { steps: gone("power/a"), untilS: 130, faulty: 59_000, mended: 200, because: "both leaves are dark until the feed is back, or one of them" },
  },
  {
    rule: "physical/single-feed",
    design: RACK({ srv: ", power: [a, b]", leaf1: "kind: leaf, power: a" }),
    effect: { steps: gone("power/a"), untilS: 130, faulty: 59_000, mended: 200, because: "dark until the feed is back; or only the leaf is" },
  },
  {
    rule: "physical/one-switch",
    design: RACK(),
    effect: { steps: gone("leaf1"), untilS: 130, faulty: 59_000, mended: 200, because: "down until the leaf is back, or by the other one" },
  },
  {
    rule: "hash/gateway-polarises",
    design: FABRIC("transmit-hash-policy: layer3+4"),
    effect: { measure: idle(/^srv:/), faulty: 1, mended: 0, because: "eight frames with one pair of MAC addresses, or with eight destinations" },
  },
  {
    rule: "hash/source-only",
    design: FABRIC("transmit-hash-policy: layer3+4"),
    effect: { measure: idle(/^srv:/), faulty: 1, mended: 0, because: "eight frames with one source address, or with eight destinations" },
  },
]);

it("hash/gateway-polarises counts of a demand what is dealt to the server, and of that what leaves its VLAN", () => {
  const seen = (demand: string): string[] => found("hash/gateway-polarises", FABRIC("transmit-hash-policy: layer2").replace(/flows:\n.*\n$/, `demands:\n  d: {rate: 1G, ${demand}}\n`)).map((f) => f.seen);
  const said = (flows: number): string => `srv:bond0 hashes by layer2, and ${flows} flows of srv go through its gateway`;
  assert.deepEqual(seen("from: srv, to: d1..8, flows: 64"), [said(64)]);
  assert.deepEqual(seen("from: d1..8, to: srv, flows: 64"), [said(64)]);
  assert.deepEqual(seen("from: [srv, d1, d2, d3], to: d4..8, flows: 64"), [said(16)]);
  assert.deepEqual(seen("from: [srv, d1, d2, d3], to: d4..8, flows: 4"), []); // one of its own
  assert.deepEqual(seen("from: srv, to: [peer, d1, d2, d3], flows: 64"), [said(48)]); // a quarter stays
});
