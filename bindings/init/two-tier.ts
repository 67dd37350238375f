// Two tiers of MC-LAG: leaf pairs bridged to one aggregation pair, which is the gateway (VRRP).

import type { Answers } from "./answers.ts";
import { serverCrash, serverOf, silentCable } from "./leaf-spine.ts";
import { defaults, flows, head, LACP_BOND, pair, pairOf, range, servers, service, servingPair, silence } from "./shared.ts";

export function twoTier(a: Answers): string {
  const pairs = Array.from({ length: a.leafPairs }, (_, i) => i + 1);
  return [...head(a, `two tiers of MC-LAG, ${a.leafPairs === 1 ? "one leaf pair" : `${a.leafPairs} leaf pairs`} under one aggregation pair, ${servers(a)}`, EXPLAINED), ...defaults(a, LACP_BOND(a)),
    ...networks(pairs), ...nodes(a, pairs), ...cables(a, pairs), ...gateways(pairs),
    ...flows(a, serverOf, budget(a), `Budgets hold in every scenario: the longer of LACP (rate ${a.rate}) and VRRP, and half a second.`),
    ...service(a, servingPair(a, serverOf), silence(a.rate)), ...scenarios(a)].join("\n");
}

const EXPLAINED = [
  "Servers have a cable to each leaf of a pair, a leaf pair has a port-channel to the aggregation pair: all four cables carry frames, no",
  "spanning tree closes any of them. The aggregation pair is the gateway of all networks.",
  "All with -a in its name is on power feed a, all with -b on feed b: a whole feed may die.",
];

/** VRRP: 3 advertisements of 1 s and a skew of (256 - 100) / 256 s. */
const VRRP = "4s";
const budget = (a: Answers): string => (a.rate === "fast" ? VRRP : silence(a.rate));

function networks(pairs: readonly number[]): string[] {
  return [
    "networks:",
    "  # One for each pair. Several pairs could share one here (its VLAN is bridged), and would share its storms, too.",
    "  users: {vlan: 10, subnet: 10.0.0.0/24}",
    ...pairs.map((k) => `  pair${k}: {vlan: ${100 + k}, subnet: 10.1.${k}.0/24}`),
    "",
  ];
}

function nodes(a: Answers, pairs: readonly number[]): string[] {
  return [
    "nodes:",
    "  agg-a: {kind: spine, power: a} # routes",
    "  agg-b: {kind: spine, power: b}",
    `  ${range("leaf-a", 1, a.leafPairs)}: {kind: l2switch, power: a} # bridges only`,
    `  ${range("leaf-b", 1, a.leafPairs)}: {kind: l2switch, power: b}`,
    ...pairs.map((k) => `  ${range(`p${k}-srv`, 1, a.servers)}: {kind: server, network: pair${k}, power: [a, b]}`),
    "  user: {kind: server, network: users} # stands for all who use it",
    "",
  ];
}

function cables(a: Answers, pairs: readonly number[]): string[] {
  const link = (k: number, leaf: string, port: number, agg: string, far: number): string => `  - {endpoints: ["leaf-${leaf}${k}:Eth${port}", "agg-${agg}:Eth${far}"], speed: 100G}`;
  return [
    "links: # each leaf to both aggregation switches",
    ...pairs.flatMap((k) => [link(k, "a", 49, "a", 2 * k - 1), link(k, "a", 50, "b", 2 * k - 1), link(k, "b", 49, "a", 2 * k), link(k, "b", 50, "b", 2 * k)]),
    "",
    "lags: # the four cables of a pair are one port-channel at both ends. Active on both sides: one side has to be, or nobody speaks",
    ...pairs.flatMap((k) => [
      `  leaf-a${k}:Po100: &up${k} {members: [Eth49, Eth50], mode: lacp-active, mlag: pair${k}, mlag-id: 100, networks: [pair${k}]}`,
      `  leaf-b${k}:Po100: *up${k}`,
      `  agg-a:Po${k}: &down${k} {members: [Eth${2 * k - 1}, Eth${2 * k}], mode: lacp-active, mlag: aggregation, mlag-id: ${k}, networks: [pair${k}]}`,
      `  agg-b:Po${k}: *down${k}`,
    ]),
    "",
    "mlag:",
    ...pairs.flatMap((k) => pair(`pair${k}`, [`leaf-a${k}`, `leaf-b${k}`], k, k === 1)),
    ...pair("aggregation", ["agg-a", "agg-b"], 100, false, "Eth65, Eth66"),
    "",
    "bonds: # each makes its two cables, one to each peer, and the port-channel on both",
    ...pairs.map((k) => `  ${range(`p${k}-srv`, 1, a.servers)}:bond0: {to: pair${k}, members: [eth0, eth1]}`),
    "  user:bond0: {to: aggregation, members: [eth0, eth1]}",
    "",
  ];
}

function gateways(pairs: readonly number[]): string[] {
  const group = (name: string, vrid: number, vip: string): string => `  ${name}: {protocol: vrrp, version: 3, vrid: ${vrid}, vip: ${vip}, routers: {agg-a: 110, agg-b: 100}, advert-interval: 1s, preempt-delay: 30s}`;
  return [
    "gateways:",
    "  # Different priorities: who is master does not hang on who booted first. One number (VRID) for each network. A router that returns waits",
    "  # 30 s before it takes over again: until then it has no routes. With most vendors both peers route for the virtual MAC address, so that",
    "  # a failover is not even noticed; otherwise it takes three advertisements and a skew: 3.6 s.",
    group("users", 10, "10.0.0.1"),
    ...pairs.map((k) => group(`pair${k}`, 100 + k, `10.1.${k}.1`)),
    "",
  ];
}

function scenarios(a: Answers): string[] {
  const [primary, standby] = servingPair(a, serverOf);
  return [
    "scenarios:",
    "  # Power feed a fails: half of all switches at once, the master among them. Then it returns.",
    "  power-a:",
    `    - {at: 10s, fail: power/a, expect: {max-outage: ${VRRP}}}`,
    `    - {at: 180s, repair: power/a, expect: [{within: 120s, max-outage: ${VRRP}, up: all}]}`,
    ...peerLink(a),
    ...silentCable(a),
    ...serverCrash(primary, standby),
    "",
  ];
}

/** Where the secondary neither steps aside nor routes for the master there is nothing to be kept. */
function peerLink(a: Answers): string[] {
  const { suspendSecondary, gatewayActive } = pairOf(a);
  if (!suspendSecondary[0] && !gatewayActive[0]) {
    return [
      "  # No scenario cuts the peer-link of the aggregation pair: the secondary of this vendor goes on, and does not route for the master. What it",
      "  # receives is lost until the peer-link is mended: dualhome run FILE --fail mlag/aggregation/peer-link@10s",
    ];
  }
  const role = suspendSecondary[0] ? "its secondary steps aside, the primary carries all" : "the secondary of this vendor goes on, and routes as the master does";
  return [
    `  # The peer-link of the aggregation pair is cut: ${role}.`,
    `  peer-link: [{at: 10s, fail: mlag/aggregation/peer-link, expect: {max-outage: ${VRRP}}}, {at: 120s, repair: mlag/aggregation/peer-link}]`,
  ];
}
