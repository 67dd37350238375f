// Proofs of the rules of MC-LAG pairs.

import { runScenario } from "../../../bindings/engine/index.ts";
import type { Topology } from "../../../bindings/topology/model.ts";
import { prove, worstOf } from "../../support/rules.ts";

interface Options { pair?: string; links?: string; cards?: string; more?: string; lags?: string; peerLink?: string; leaf?: string }

/** h1 and h2 on both peers, o1 on leaf1 alone and o2 on leaf2 alone; leaf1 is the primary. Four flows each way, so that both cables of a host are used. */
const PAIR = ({ pair = "", links = "", cards = "", more = "", lags = "", peerLink = "peer-link: [Eth53, Eth54]" }: Options = {}): string => `dualhome: 1
name: proof
defaults:
  link: {speed: 10G, delay: 500ns, loss-detect: 10ms}
  switch: {boot: 10s, profile: nxos-vpc}
  bond: {mode: 802.3ad, lacp-rate: fast, transmit-hash-policy: layer3+4}
  lacp: {rate: fast, hash: layer3+4}
networks: {lan: {vlan: 10, subnet: 10.1.10.0/24}}
nodes:
  leaf1..2: {kind: leaf${cards}}
  h1..2: {kind: server, network: lan}
  o1..2: {kind: server, network: lan}
links:
  - leaf1:Eth40 -- o1:eth0
  - leaf2:Eth40 -- o2:eth0
${links}${lags}mlag:
  pair: {peers: [leaf1, leaf2], domain: 1, role-priority: {leaf1: 100, leaf2: 200}, delay-restore: 5s, ${peerLink}${pair}}
bonds:
  h1..2:bond0: {to: pair, members: [eth0, eth1]}
flows:
  ${[1, 2, 3, 4].map((i) => `o${i}: {from: h1, to: o1, sport: ${40000 + i}}\n  h${i}: {from: h1, to: h2, sport: ${40000 + i}}`).join("\n  ")}
${more}`;

/** Two pairs: a1, a2 above and b1, b2 below, with `between` from one to the other. */
const TWO_PAIRS = (between: string, lags: string): string => `dualhome: 1
name: proof
defaults:
  link: {speed: 10G, delay: 500ns, loss-detect: 10ms}
  switch: {boot: 10s, profile: nxos-vpc}
  bond: {mode: 802.3ad, lacp-rate: fast, transmit-hash-policy: layer3+4}
  lacp: {rate: fast, hash: layer3+4}
networks: {lan: {vlan: 10, subnet: 10.1.10.0/24}}
nodes:
  a1..2: {kind: leaf}
  b1..2: {kind: leaf}
  ha: {kind: server, network: lan}
  hb: {kind: server, network: lan}
links: [${between}]
${lags}mlag:
  a: {peers: [a1, a2], peer-link: [Eth53, Eth54], domain: 1}
  b: {peers: [b1, b2], peer-link: [Eth53, Eth54], domain: 2, role-priority: {b1: 100}}
bonds:
  ha:bond0: {to: a, members: [eth0, eth1]}
  hb:bond0: {to: b, members: [eth0, eth1]}
flows:
  f: {from: ha, to: hb}
`;

/** A pair whose peers have one way up each, by a spine of their own, to the server r. */
const POWER = `dualhome: 1
name: proof
defaults:
  link: {speed: 10G, delay: 500ns, loss-detect: 10ms}
  switch: {boot: 10s, profile: nxos-vpc}
  bond: {mode: 802.3ad, lacp-rate: fast, transmit-hash-policy: layer3+4}
  lacp: {rate: fast, hash: layer3+4}
networks: {a: {vlan: 10, subnet: 10.1.10.0/24}, b: {vlan: 20, subnet: 10.1.20.0/24}}
nodes:
  spine1..2: {kind: spine, boot: 60s}
  leaf1..3: {kind: leaf}
  h: {kind: server, network: a}
  r: {kind: server, network: b}
links: ["leaf1:Eth49 -- spine1:Eth1", "leaf2:Eth49 -- spine2:Eth1", "leaf3:Eth49 -- spine1:Eth2", "leaf3:Eth50 -- spine2:Eth2", "leaf3:Eth1 -- r:eth0"]
mlag:
  pair: {peers: [leaf1, leaf2], domain: 1, delay-restore: 120s, peer-link: [Eth53, Eth54]}
bonds:
  h:bond0: {to: pair, members: [eth0, eth1]}
gateways:
  a: {protocol: vrrp, version: 3, vrid: 10, vip: 10.1.10.1, routers: {leaf1: 110, leaf2: 100}}
  b: {protocol: static, vip: 10.1.20.1, routers: {leaf3: {}}}
flows:
  ${[1, 2, 3, 4].map((i) => `f${i}: {from: h, to: r, sport: ${40000 + i}}`).join("\n  ")}
`;

/** sw with its server s behind leaf2, and behind leaf1 where it says so. */
const LEGS = (lag: string, link: string, members: string, leg = ""): string => PAIR({
  links: `${link}  - leaf2:Eth1 -- sw:Eth2\n  - sw:Eth3 -- s:eth0\n`,
  lags: `lags:\n${lag}  leaf2:Po9: {members: [Eth1], mode: lacp-active, mlag: pair, mlag-id: 9${leg}}\n  sw:Po9: {members: ${members}, mode: lacp-active}\n`,
  more: "  x: {from: h1, to: s}\n",
}).replace("  o1..2:", "  sw: {kind: l2switch}\n  s: {kind: server, network: lan}\n  o1..2:");

/** Seven more flows from s, so that sw deals to both of its cables. */
const EIGHT = `${[1, 2, 3, 4, 5, 6, 7].map((i) => `  s${i}: {from: s, to: h1, sport: ${40000 + i}}`).join("\n")}\n  x:`;

/** Cables of sw to the pair that no flow of s is sent by. */
async function idleLegs(topology: Topology): Promise<number> {
  const { paths } = await runScenario(topology, topology.scenarios[0]!);
  const used = new Set(paths.flatMap((path) => path.hops.map((hop) => hop.from)));
  return ["sw:Eth1", "sw:Eth2"].filter((port) => !used.has(port)).length;
}

const PEER_LINK = ["{at: 10s, fail: mlag/pair/peer-link}", "{at: 70s, repair: mlag/pair/peer-link}"];
const KEEPALIVE = '  - {endpoints: ["leaf1:Eth47", "leaf2:Eth47"], risk: duct-b}\n';
const OVER_CABLE = ', keepalive: {via: link, link: "leaf1:Eth47 -- leaf2:Eth47"}';

prove([
  {
    rule: "mlag/joined-domains-equal",
    design: TWO_PAIRS('"a1:Eth1 -- b1:Eth1", "a2:Eth1 -- b2:Eth1"', `lags:
  a1..2:Po1: {members: [Eth1], mode: lacp-active, mlag: a, mlag-id: 1}
  b1..2:Po1: {members: [Eth1], mode: lacp-active, mlag: b, mlag-id: 1}
`),
    effect: { faulty: Infinity, mended: 0, because: "the pairs take each other's LACPDUs for their own" },
  },
  { rule: "mlag/domain-reused", design: TWO_PAIRS('{endpoints: ["a1:Eth1", "b1:Eth1"], networks: lan}', ""), seen: /both show the system of domain 1/ },
  {
    rule: "mlag/keepalive-on-peer-link",
    design: PAIR({ pair: ", keepalive: {via: mgmt}" }),
    effect: { steps: PEER_LINK, untilS: 130, faulty: 59_000, mended: 4_000, because: "half of the flows to o1 end at leaf2 until the peer-link is back; suspended after the hold of 3 s they go by leaf1" },
  },
  {
    rule: "mlag/keepalive-shares-risk",
    design: PAIR({ links: KEEPALIVE, pair: OVER_CABLE, peerLink: "peer-link: {ports: [Eth53, Eth54], risk: duct-a}" }),
    effect: { steps: ["{at: 10s, fail: risk/duct-a}", "{at: 70s, repair: risk/duct-a}"], untilS: 130, faulty: 59_000, mended: 4_000, because: "half of the flows to o1 end at leaf2 until the duct is mended; suspended after the hold of 3 s they go by leaf1" },
  },
  {
    rule: "mlag/peer-link-one-cable",
    design: PAIR({ more: "  x: {from: h1, to: o2}\n" }),
    effect: { steps: ["{at: 10s, fail: 'leaf1:Eth53--leaf2:Eth53'}", "{at: 70s, repair: 'leaf1:Eth53--leaf2:Eth53'}"], untilS: 130, faulty: 55_000, mended: 200, because: "o2 hangs on the secondary, which suspends its members 3 s after the peer-link is lost; or the other cable carries on" },
  },
  {
    rule: "mlag/peer-link-one-risk",
    design: PAIR({ more: "  x: {from: h1, to: o2}\n", cards: ", cards: {1: [Eth53, Eth1], 2: [Eth54, Eth2]}" }),
    effect: { steps: ["{at: 10s, fail: card/leaf1/1}", "{at: 70s, repair: card/leaf1/1}"], untilS: 130, faulty: 55_000, mended: 1_000, because: "o2 hangs on the secondary, which suspends its members 3 s after the peer-link is lost; or the other card carries on" },
  },
  {
    rule: "mlag/control-off",
    design: PAIR({ pair: ", control: {interval: 1s, timeout: 5s}" }),
    effect: { steps: ["{at: 10s, silent: mlag/pair/peer-link}", "{at: 100s, repair: mlag/pair/peer-link}"], untilS: 160, faulty: 89_000, mended: 9_000, because: "half of the flows to o1 end at leaf2 for 90 s, or for 5 s of silence and the hold of 3 s, after which they go by leaf1" },
  },
  {
    rule: "mlag/one-leg",
    design: LEGS("  leaf1:Po9: {members: [Eth1], mode: lacp-active, mlag: pair, mlag-id: 9}\n", "  - leaf1:Eth1 -- sw:Eth1\n", "[Eth1, Eth2]"),
    faulty: LEGS("", "", "[Eth2]"),
    effect: { steps: ["{at: 10s, fail: leaf2}", "{at: 70s, repair: leaf2}"], untilS: 130, measure: worstOf(/^x$/), faulty: 59_000, mended: 1_000, because: "down until leaf2 is back, or by leaf1 as soon as the loss is seen" },
  },
  {
    rule: "mlag/legs-differ",
    design: LEGS("  leaf1:Po9: {members: [Eth1], mode: lacp-active, mlag: pair, mlag-id: 9, key: 9}\n", "  - leaf1:Eth1 -- sw:Eth1\n", "[Eth1, Eth2]", ", key: 9").replace("  x:", EIGHT),
    effect: { measure: idleLegs, faulty: 1, mended: 0, because: "two keys are two aggregators, of which sw uses one" },
    seen: /leaf2:Po9 has key 10, and leaf1:Po9 has 9/,
  },
  {
    rule: "mlag/two-vendors",
    design: PAIR().replace("  leaf1..2: {kind: leaf}", "  leaf1: {kind: leaf}\n  leaf2: {kind: leaf, profile: nxos-vpc}"),
  },
  {
    rule: "mlag/restores-before-routes",
    design: POWER,
    effect: { steps: ["{at: 10s, fail: [leaf2, spine2]}", "{at: 30s, repair: [leaf2, spine2]}"], untilS: 240, faulty: 40_000, mended: 1_000, because: "leaf2 opens 15 s after power on, and spine2 is there after 60 s; or it opens after 130 s" },
    seen: /leaf1 opens its members 15s after power on, and spine1 above it starts in 1m/,
  },
  {
    rule: "mlag/no-way-back-alone",
    design: PAIR({ pair: ", auto-recovery: 240s" }),
    effect: { steps: ["{at: 10s, fail: [leaf1, leaf2]}", "{at: 20s, repair: leaf1}"], untilS: 400, faulty: 380_000, mended: 280_000, because: "leaf1 boots for 10 s and waits for its peer for 240 s, or for ever" },
  },
]);
