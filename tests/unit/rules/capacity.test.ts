// Proofs of the rules of capacity and of network boots.

import { boots } from "../../../bindings/analysis/index.ts";
import { capacity } from "../../../bindings/capacity/index.ts";
import { runScenario } from "../../../bindings/engine/index.ts";
import type { Topology } from "../../../bindings/topology/model.ts";
import { prove } from "../../support/rules.ts";

/** h1 and h2 with two cables of 10G each to one switch. */
const LAG = (demand: string): string => `dualhome: 1
name: proof
defaults: {link: {speed: 10G}, bond: {mode: 802.3ad, lacp-rate: fast, transmit-hash-policy: layer3+4}, lacp: {rate: fast, hash: layer3+4}}
networks: {lan: {vlan: 10, subnet: 10.0.0.0/24}}
nodes:
  sw: {kind: l2switch}
  h1..2: {kind: server, network: lan}
bonds:
  h1..2:bond0: {to: sw, members: [eth0, eth1]}
demands:
  d: {from: h1, to: h2, ${demand}}
`;

/** What the fullest cable is asked for, over what it carries: whole, or after the loss of any one cable. */
const fullest = (failures: 0 | 1) => async (topology: Topology): Promise<number> => {
  const result = await capacity(topology, { workers: 0, failures, kinds: ["link"] });
  return Math.max(...result.links.map((link) => (failures === 0 ? link.share : link.worstShare)));
};

/** One server that boots over the network behind a pair, and the one that it boots from. */
const RACK = (profile: string, bond: string): string => `dualhome: 1
name: proof
networks: {lan: {vlan: 10, subnet: 10.20.0.0/24}}
nodes:
  leaf1..2: {kind: leaf, profile: ${profile}}
  srv: {kind: server, network: lan, pxe: {post: 30s, nic: each, dhcp: {first: 4s, tries: 3}, load: {protocol: http, size: 100MB}, install: 60s}}
  dhcp: {kind: server, network: lan, dhcp: true}
defaults: {lacp: {rate: fast}}
mlag: {pair: {peers: [leaf1, leaf2], peer-link: [Eth61, Eth62]}}
bonds:
  srv:bond0: {to: pair, lacp-rate: fast, members: [eth0, eth1]${bond}}
  dhcp:bond0: {to: pair, lacp-rate: fast, members: [eth0, eth1] }
`;

async function notBooted(topology: Topology): Promise<number> {
  return boots(await runScenario(topology, topology.scenarios[0]!)).filter((boot) => boot.bootedNs === null).length;
}

/** NICs and attempts that were given up. */
async function givenUp(topology: Topology): Promise<number> {
  return boots(await runScenario(topology, topology.scenarios[0]!)).reduce((sum, boot) => sum + boot.failures.length, 0);
}

prove([
  {
    rule: "capacity/more-than-cables",
    design: LAG("rate: 8G, flows: 400"),
    effect: { measure: fullest(0), faulty: 1.01, mended: 1, because: "25G by two cables of 10G, or 8G" },
  },
  {
    rule: "capacity/both-halves",
    design: LAG("rate: 8G, flows: 400"),
    effect: { measure: fullest(1), faulty: 1.01, mended: 1, because: "14G or 8G by the one cable of 10G that is left" },
  },
  {
    rule: "capacity/flow-above-member",
    design: LAG("rate: 12G, flows: 400"),
    effect: { measure: fullest(0), faulty: 1.01, mended: 1, because: "12G on one cable of 10G, or dealt to two" },
  },
  {
    rule: "pxe/no-fallback",
    design: RACK("nxos-vpc", ", lacp-fallback: {mode: individual}"),
    effect: { untilS: 900, measure: notBooted, faulty: 1, mended: 0, because: "no port of the switch opens for a server that speaks no LACP" },
  },
  {
    rule: "pxe/fallback-late",
    design: RACK("eos-mlag", ", lacp-fallback: {mode: static, timeout: 10s}"),
    effect: { untilS: 900, measure: givenUp, faulty: 1, mended: 0, because: "the firmware asks one NIC for 4 + 8 + 16 s and the time of its link, the switch waits for 90 s; or for 10 s" },
    seen: /falls back after 90s, and srv asks for an address for 38s/,
  },
]);
