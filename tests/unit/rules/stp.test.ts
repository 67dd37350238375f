// Proofs of the rules of spanning tree.

import { outages, statistics } from "../../../bindings/analysis/index.ts";
import { runScenario } from "../../../bindings/engine/index.ts";
import type { Topology } from "../../../bindings/topology/model.ts";
import { prove } from "../../support/rules.ts";

async function stormsIn(topology: Topology): Promise<number> {
  return statistics(await runScenario(topology, topology.scenarios[0]!)).storms.length;
}

/** The longest outage that begins before the server itself is repaired counts as none: what is measured is the wait after its return. */
async function waitMs(topology: Topology): Promise<number> {
  const run = await runScenario(topology, topology.scenarios[0]!);
  return Math.max(0, ...outages(run).filter((o) => o.endNs !== null).map((o) => Number(o.endNs) / 1e6 - 20_000));
}

/** Three switches in a ring; a on the second, b on the third. */
const RING = (stp: string, sw1 = "sw1: {kind: l2switch, stp: {priority: 4096}}", budget = ""): string => `dualhome: 1
name: proof
defaults: {link: {speed: 1G, delay: 1us, loss-detect: 10ms}, switch: {boot: 20s, stp: ${stp}}}
networks: {lan: {vlan: 10, subnet: 10.0.10.0/24}}
nodes:
  ${sw1}
  sw2: {kind: l2switch}
  sw3: {kind: l2switch}
  a: {kind: server, network: lan}
  b: {kind: server, network: lan}
links: [sw1:Eth1 -- sw2:Eth1, sw1:Eth2 -- sw3:Eth1, sw2:Eth2 -- sw3:Eth2, sw2:Eth10 -- a:eth0, sw3:Eth10 -- b:eth0]
flows: {ab: {from: a, to: b${budget}}}
`;

/** Two cores joined to each other, two access switches with a cable to each; a and b on the cores. */
const CORES = `dualhome: 1
name: proof
defaults: {link: {speed: 1G, delay: 1us, loss-detect: 10ms}, switch: {stp: {mode: rstp, edge: servers}}}
networks: {lan: {vlan: 10, subnet: 10.0.10.0/24}}
nodes:
  core1: {kind: l2switch, tier: 2, stp: {priority: 4096}}
  core2: {kind: l2switch, tier: 2, stp: {priority: 8192}}
  acc1: {kind: l2switch}
  acc2: {kind: l2switch}
  a: {kind: server, network: lan}
  b: {kind: server, network: lan}
links: [core1:Eth1 -- core2:Eth1, core1:Eth2 -- acc1:Eth1, core2:Eth2 -- acc1:Eth2, core1:Eth3 -- acc2:Eth1, core2:Eth3 -- acc2:Eth2, core1:Eth10 -- a:eth0, core2:Eth10 -- b:eth0]
flows: {ab: {from: a, to: b}}
`;

prove([
  {
    rule: "stp/open-loop", design: RING("{mode: rstp, edge: servers}", "sw1: {kind: l2switch}"), seen: /closes a loop of sw1, sw2 and sw3/,
    effect: { steps: ["{at: 10s, fail: b}", "{at: 20s, repair: b}"], untilS: 150, measure: stormsIn, faulty: 1, mended: 0, because: "whoever asks for b by ARP does so by broadcast" },
  },
  {
    rule: "stp/hole", design: RING("{mode: rstp, edge: servers}"), seen: /sw3 drops BPDUs, and a loop of sw1, sw2 and sw3 goes through it/,
    effect: { steps: ["{at: 10s, fail: b}", "{at: 20s, repair: b}"], untilS: 150, measure: stormsIn, faulty: 1, mended: 0, because: "sw1 and sw2 hear each other by one cable of two ways; whoever asks for b by ARP does so by broadcast" },
  },
  { rule: "stp/root-by-chance", design: RING("{mode: rstp, edge: servers}"), seen: /sw1, sw2 and sw3 share the best priority, 32768/ },
  {
    rule: "stp/root-on-access", design: CORES, seen: /acc1 \(tier 1\) has the best priority, 0; core1 \(tier 2\) is above it/,
    effect: { steps: ["{at: 10s, fail: acc1}"], faulty: 10, mended: 0, because: "the cable between the cores is closed then, and the way by acc1: 10 ms until the loss of carrier is noticed. With the root above, acc1 is a leaf of the tree" },
  },
  {
    rule: "stp/server-port-not-edge", design: RING("{mode: stp, edge: servers}"), seen: /Eth10 of sw2 towards servers: a wait of 30s/,
    effect: { steps: ["{at: 10s, fail: sw2:Eth10--a:eth0}", "{at: 20s, repair: sw2:Eth10--a:eth0}"], untilS: 80, measure: waitMs, faulty: 30_000, mended: 1_200, because: "listening and learning, 15 s each (802.1D-1998 8.10.2); an edge port only waits for carrier, and ARP's second question 1 s later" },
  },
  {
    rule: "stp/edge-towards-switch", design: RING("rstp").replaceAll("{kind: l2switch}", "{kind: l2switch, stp: {edge: [Eth10], bpdu-guard: edge}}"), seen: /Eth1 and Eth2 of sw2 lead to a switch/,
    effect: { faulty: Infinity, mended: 0, because: "sw2 and sw3 close every port on which a BPDU comes" },
  },
  {
    rule: "stp/slow-against-budget", design: RING("{mode: rstp, edge: servers}", undefined, ", max-outage: 5s"), seen: /30s until a port forwards; ab may be down for 5s/,
    effect: { steps: ["{at: 10s, fail: sw1:Eth1--sw2:Eth1}"], faulty: 30_000, mended: 1_000, because: "the closed port listens and learns, 15 s each; with RSTP it is the alternate port and takes over at once (802.1D-2004 17.10)" },
  },
]);
