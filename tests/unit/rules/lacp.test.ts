// Proofs of the rules of LACP and aggregates. LACP notices a silent partner after 3 s at the fast rate, 90 s at the slow one, less the time since
// the last LACPDU: 1 s and 30 s at most (IEEE 802.1AX-2014 6.4.4).

import { runScenario } from "../../../bindings/engine/index.ts";
import type { Topology } from "../../../bindings/topology/model.ts";
import { prove } from "../../support/rules.ts";

/** Cables of srv that no frame of a flow goes by when the run ends, in either direction. */
async function idleCables(topology: Topology): Promise<number> {
  const { paths } = await runScenario(topology, topology.scenarios[0]!);
  const used = new Set(paths.flatMap((path) => path.hops.flatMap((hop) => [hop.from, hop.to])));
  return topology.ports.filter((port) => port.node === "srv" && !used.has(`srv:${port.name}`)).length;
}

const HEAD = (budget = "5s"): string => `dualhome: 1
name: proof
defaults:
  link: {speed: 10G, delay: 500ns, loss-detect: 10ms}
  bond: {mode: 802.3ad, lacp-rate: fast, transmit-hash-policy: layer3+4, mii-monitor-interval: 100ms}
  lacp: {rate: fast}
  flow: {max-outage: ${budget}}
networks: {lan: {vlan: 10, subnet: 10.1.10.0/24}}
`;

/** Eight flows from peer to srv, each with a source port of its own: by layer3+4 four go by each of two members. */
const FLOWS = `flows:
  ${[1, 2, 3, 4, 5, 6, 7, 8].map((i) => `f${i}: {from: peer, to: srv, sport: ${40000 + i}, dport: 443}`).join("\n  ")}
`;

/** srv with two cables in a port-channel of sw, peer with one. */
const BUNDLE = (lag: string, bond = "", { budget = "5s", second = "" } = {}): string => `${HEAD(budget)}nodes:
  sw: {kind: l2switch}
  srv: {kind: server, network: lan}
  peer: {kind: server, network: lan}
links:
  - sw:Eth1 -- srv:eth0
  - {endpoints: ["sw:Eth2", "srv:eth1"]${second}}
  - sw:Eth3 -- peer:eth0
lags:
  sw:Po1: {members: [Eth1, Eth2], ${lag}}
bonds:
  srv:bond0: {members: [eth0, eth1]${bond}}
${FLOWS}`;

/** srv on two leaves, a pair or with a cable between them, peer on a cable to one of them. */
const PAIR = (to: string, between: string): string => `${HEAD()}nodes:
  leaf1..2: {kind: leaf, profile: nxos-vpc, boot: 10s}
  srv: {kind: server, network: lan}
  peer: {kind: server, network: lan}
links:
  - leaf1:Eth1 -- peer:eth0
${between}
bonds:
  srv:bond0: {to: ${to}, members: [eth0, eth1]}
${FLOWS}`;

const ACTIVE = "mode: lacp-active";
const SILENT = "{at: 10s, silent: 'sw:Eth1--srv:eth0'}";
const BACK = "{at: 150s, repair: 'sw:Eth1--srv:eth0'}";

prove([
  {
    rule: "lacp/both-passive",
    design: BUNDLE("mode: lacp-passive", ", lacp-active: true"),
    effect: { faulty: Infinity, mended: 0, because: "nobody speaks first, so no member ever carries anything" },
    seen: /both passive/,
  },
  {
    rule: "lacp/one-sided",
    design: BUNDLE(ACTIVE),
    effect: { faulty: Infinity, mended: 0, because: "the bond without a partner uses one member, the switch deals to two" },
    seen: /speaks LACP/,
  },
  {
    rule: "lacp/slow-rate",
    design: BUNDLE(ACTIVE),
    effect: { steps: [SILENT, BACK], untilS: 200, faulty: 59_000, mended: 3_300, because: "the switch misses three LACPDUs: of 30 s each, or of 1 s" },
    seen: /f1 may be down for 5s/,
  },
  {
    rule: "lacp/rates-differ",
    design: BUNDLE(ACTIVE, "", { budget: "10m" }),
    effect: { steps: ["{at: 10s, silent: 'sw:Eth1--srv:eth0', direction: b-to-a}", BACK], untilS: 200, faulty: 59_000, mended: 6_300, because: "only the switch misses LACPDUs, of 30 s or of 1 s each; it says that it is in sync for 3 s more, while it is EXPIRED" },
    seen: /srv:bond0 asks for the fast rate, sw:Po1 for the slow/,
  },
  {
    rule: "lacp/static-unwatched",
    design: BUNDLE(ACTIVE, ", mode: 802.3ad"),
    faulty: BUNDLE("mode: static", ", mode: balance-xor"),
    effect: { steps: [SILENT, BACK], untilS: 200, faulty: 139_000, mended: 3_300, because: "nobody looks until the cable is repaired, 140 s later" },
  },
  {
    rule: "lag/mixed-speed",
    design: BUNDLE(ACTIVE, "", { second: ", speed: 10G" }),
    effect: { measure: idleCables, faulty: 1, mended: 0, because: "one of two aggregators is used" },
  },
  {
    rule: "lag/two-switches",
    design: PAIR("pair", "mlag: {pair: {peers: [leaf1, leaf2], peer-link: [Eth53, Eth54], domain: 1}}"),
    faulty: PAIR("[leaf1, leaf2]", '  - {endpoints: ["leaf1:Eth40", "leaf2:Eth40"], networks: lan}'),
    effect: { measure: idleCables, faulty: 1, mended: 0, because: "one of two aggregators is used" },
  },
  {
    rule: "lag/bare-end",
    design: BUNDLE(ACTIVE),
    effect: { faulty: Infinity, mended: 0, because: "no LACPDU comes from a plain port" },
  },
  {
    rule: "lag/bundled-by-switch",
    design: BUNDLE("mode: static", ", mode: balance-xor"),
    effect: { faulty: Infinity, mended: 0, because: "half of the flows are dealt to the backup" },
  },
  {
    rule: "lag/min-links-all",
    design: BUNDLE(ACTIVE, ", min-links: 1"),
    effect: { steps: ["{at: 10s, fail: 'sw:Eth1--srv:eth0'}", "{at: 40s, repair: 'sw:Eth1--srv:eth0'}"], untilS: 60, faulty: 29_000, mended: 200, because: "down until the cable is back, or for the 10 ms until the loss is seen and one look each 100 ms" },
  },
  {
    rule: "lag/min-links-too-many",
    design: BUNDLE(ACTIVE, ", min-links: 1"),
    effect: { faulty: Infinity, mended: 0, because: "two members are never three" },
  },
]);
