// Proofs of the rules of LACP.

import { prove } from "../support/rules.ts";

const HEAD = `dualhome: 1
name: proof
defaults:
  link: {speed: 10G, delay: 500ns, loss-detect: 10ms}
  bond: {mode: 802.3ad, lacp-rate: fast, transmit-hash-policy: layer3+4, mii-monitor-interval: 100ms}
  lacp: {rate: fast, hash: layer3+4}
networks: {lan: {vlan: 10, subnet: 10.1.10.0/24}}
`;

/** srv on a port-channel of sw with two cables, peer on one cable; eight flows. */
const BUNDLE = (lag: string, bond: string): string => `${HEAD}nodes:
  sw: {kind: l2switch}
  srv: {kind: server, network: lan}
  peer: {kind: server, network: lan}
links: ["sw:Eth1 -- srv:eth0", "sw:Eth2 -- srv:eth1", "sw:Eth3 -- peer:eth0"]
lags:
  sw:Po1: {members: [Eth1, Eth2], ${lag}}
bonds:
  srv:bond0: {members: [eth0, eth1]${bond}}
flows:
  ${[1, 2, 3, 4, 5, 6, 7, 8].map((i) => `f${i}: {from: peer, to: srv, sport: ${40000 + i}, dport: 443}`).join("\n  ")}
`;

prove([
  {
    rule: "lacp/both-passive",
    design: BUNDLE("mode: lacp-passive", ", lacp-active: true"),
    effect: { faulty: Infinity, mended: 0, because: "nobody speaks first, so no member ever carries anything" },
    seen: /both passive/,
  },
  {
    rule: "lacp/static-end",
    design: BUNDLE("mode: lacp-active", ""),
    effect: { faulty: Infinity, mended: 0, because: "the bond without a partner uses one member, the switch deals to two" },
  },
]);
