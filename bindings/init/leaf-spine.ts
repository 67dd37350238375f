// Leaf-spine: routed between leaves and spines, MC-LAG pairs for servers, an anycast gateway on both peers.

import { type Answers } from "./answers.ts";
import { carrier, carrierWhy, defaults, flows, head, LACP_BOND, pair, range, servers, service, servingPair, silence, target } from "./shared.ts";

export const serverOf = (k: number, n: number): string => `p${k}-srv${n}`;

export function leafSpine(a: Answers): string {
  const pairs = Array.from({ length: a.leafPairs }, (_, i) => i + 1);
  return [...head(a, `leaf-spine, ${a.leafPairs === 1 ? "one leaf pair" : `${a.leafPairs} leaf pairs`}, ${a.spines} spines, ${servers(a)}`, EXPLAINED), ...defaults(a, LACP_BOND(a)),
    ...networks(pairs), ...nodes(a, pairs), ...cables(a, pairs), ...gateways(pairs), ...traffic(a), ...scenarios(a)].join("\n");
}

const EXPLAINED = [
  "Every leaf has a routed cable to every spine: any spine may die. Servers have a cable to each leaf of a pair (MC-LAG): any leaf may die.",
  "All with -a in its name is on power feed a, all with -b on feed b: a whole feed may die.",
];

function networks(pairs: readonly number[]): string[] {
  return [
    "networks:",
    "  # A network of its own for each pair: nothing is bridged between pairs, so a loop or a storm stays in one.",
    "  users: {vlan: 10, subnet: 10.0.0.0/24}",
    ...pairs.map((k) => `  pair${k}: {vlan: ${100 + k}, subnet: 10.1.${k}.0/24}`),
    "",
  ];
}

function nodes(a: Answers, pairs: readonly number[]): string[] {
  const [half, rest] = [Math.ceil(a.spines / 2), Math.floor(a.spines / 2)];
  return [
    "nodes:",
    `  ${range("spine-a", 1, half)}: {kind: spine, power: a}`,
    `  ${range("spine-b", 1, rest)}: {kind: spine, power: b}`,
    `  ${range("leaf-a", 1, a.leafPairs)}: {kind: leaf, power: a}`,
    `  ${range("leaf-b", 1, a.leafPairs)}: {kind: leaf, power: b}`,
    "  border-a: {kind: leaf, power: a} # where the users come in",
    "  border-b: {kind: leaf, power: b}",
    ...pairs.map((k) => `  ${range(`p${k}-srv`, 1, a.servers)}: {kind: server, network: pair${k}, power: [a, b]}`),
    "  user: {kind: server, network: users} # stands for all who use it",
    "",
  ];
}

function cables(a: Answers, pairs: readonly number[]): string[] {
  const spines = [range("spine-a", 1, Math.ceil(a.spines / 2)), range("spine-b", 1, Math.floor(a.spines / 2))].join(", ");
  return [
    "links:",
    "  # Routed: all ways are used (ECMP), and the loss of one is a matter of carrier, not of a spanning tree.",
    `  - mesh: {from: [${range("leaf-a", 1, a.leafPairs)}, ${range("leaf-b", 1, a.leafPairs)}, border-a, border-b], to: [${spines}], speed: 100G}`,
    "",
    "mlag:",
    ...pairs.flatMap((k) => pair(`pair${k}`, [`leaf-a${k}`, `leaf-b${k}`], k, k === 1)),
    ...pair("border", ["border-a", "border-b"], 100, false),
    "",
    "bonds: # each makes its two cables, one to each peer, and the port-channel on both",
    ...pairs.map((k) => `  ${range(`p${k}-srv`, 1, a.servers)}:bond0: {to: pair${k}, members: [eth0, eth1]}`),
    "  user:bond0: {to: border, members: [eth0, eth1]}",
    "",
  ];
}

function gateways(pairs: readonly number[]): string[] {
  return [
    "gateways:",
    "  # Anycast: both peers have the address and its MAC address and route at once. There is no election, hence nothing to wait for.",
    "  users: {protocol: anycast, vip: 10.0.0.1, routers: {border-a: {}, border-b: {}}}",
    ...pairs.map((k) => `  pair${k}: {protocol: anycast, vip: 10.1.${k}.1, routers: {leaf-a${k}: {}, leaf-b${k}: {}}}`),
    "",
  ];
}

function traffic(a: Answers): string[] {
  return [
    ...flows(a, serverOf, silence(a.rate), `Budgets hold in every scenario; the longest outage is that of a silent cable: LACP, rate ${a.rate}, and half a second.`),
    ...service(a, servingPair(a, serverOf), silence(a.rate)),
  ];
}

function scenarios(a: Answers): string[] {
  const [primary, standby] = servingPair(a, serverOf);
  return [
    "scenarios:",
    "  # Power feed a fails: half of all leaves and spines at once. Then it returns: boot, and 30 s of delay restore.",
    `  # ${carrierWhy(a)}`,
    "  power-a:",
    `    - {at: 10s, fail: power/a, expect: {max-outage: ${carrier(a)}}}`,
    `    - {at: 180s, repair: power/a, expect: [{within: 120s, max-outage: ${carrier(a)}, up: all}]}`,
    ...silentCable(a),
    ...serverCrash(primary, standby),
    "",
  ];
}

/** Of the server that the users' connections go to. Cables of bonds take the first free ports, in the order of the servers. */
export function silentCable(a: Answers): string[] {
  const [pair, n] = target(a);
  return silent(a, `leaf-a${pair}:Eth${n}--${serverOf(pair, n)}:eth0`);
}

export function silent(a: Answers, cable: string): string[] {
  return [
    "  # A cable loses every frame and its light stays on, as a bad optic does. Only LACP notices; compare --rate fast and slow.",
    silentStep(cable, a),
  ];
}

export const silentStep = (cable: string, a: Answers): string => `  silent-cable: [{at: 10s, silent: "${cable}"}, {at: ${a.rate === "fast" ? 60 : 180}s, repair: "${cable}"}]`;

export function serverCrash(primary: string, standby: string | null): string[] {
  if (standby === null) return [];
  return [
    `  # ${primary} crashes: ${standby} serves as soon as the checks have failed.`,
    `  server-crash: [{at: 10s, fail: ${primary}, expect: {within: 5s, up: shop}}, {at: 60s, repair: ${primary}}]`,
  ];
}
