// Two sites, each a leaf-spine, over two ducts; users at an office that has a way to both. The second site serves when the first is lost.

import type { Answers } from "./answers.ts";
import { silent } from "./leaf-spine.ts";
import { carrier, carrierWhy, connections, defaults, head, LACP_BOND, pair, range, servers, silence, target } from "./shared.ts";

const SITES = ["main", "dr"] as const;
const serverOf = (site: string, k: number, n: number): string => `${site}-p${k}-srv${n}`;

export function twoSites(a: Answers): string {
  const pairs = Array.from({ length: a.leafPairs }, (_, i) => i + 1);
  return [...head(a, `two sites, each ${a.leafPairs === 1 ? "one leaf pair" : `${a.leafPairs} leaf pairs`} and ${a.spines} spines, ${servers(a)}`, EXPLAINED), ...defaults(a, LACP_BOND(a)),
    ...networks(pairs), ...nodes(a, pairs), ...cables(a, pairs), ...gateways(pairs), ...traffic(a), ...scenarios(a)].join("\n");
}

const EXPLAINED = [
  "Each site can do without the other, and nothing is bridged between them: what breaks one VLAN does not break both sites.",
  "The cables between them go by two ducts, one for each spine: a digger takes one. In each site what has -a in its name is on one feed,",
  "what has -b on the other.",
];

function networks(pairs: readonly number[]): string[] {
  return [
    "sites: {main: {role: primary}, dr: {role: dr}, office: null}",
    "",
    "networks: # one for each pair; the sites share none: an address that moves between sites drags a VLAN behind it",
    "  users: {vlan: 10, subnet: 10.0.0.0/24, site: office}",
    ...SITES.flatMap((site, i) => pairs.map((k) => `  ${site}${k}: {vlan: ${100 * (i + 1) + k}, subnet: 10.${i + 1}.${k}.0/24, site: ${site}}`)),
    "",
  ];
}

function nodes(a: Answers, pairs: readonly number[]): string[] {
  const [half, rest] = [Math.ceil(a.spines / 2), Math.floor(a.spines / 2)];
  return [
    "nodes:",
    ...SITES.flatMap((site) => [
      `  ${range(`${site}-spine-a`, 1, half)}: {kind: spine, site: ${site}, power: ${site}-a}`,
      `  ${range(`${site}-spine-b`, 1, rest)}: {kind: spine, site: ${site}, power: ${site}-b}`,
      `  ${range(`${site}-leaf-a`, 1, a.leafPairs)}: {kind: leaf, site: ${site}, power: ${site}-a}`,
      `  ${range(`${site}-leaf-b`, 1, a.leafPairs)}: {kind: leaf, site: ${site}, power: ${site}-b}`,
      ...pairs.map((k) => `  ${range(`${site}-p${k}-srv`, 1, a.servers)}: {kind: server, site: ${site}, network: ${site}${k}, power: [${site}-a, ${site}-b]}`),
    ]),
    "  office-a: {kind: leaf, site: office}",
    "  office-b: {kind: leaf, site: office}",
    "  user: {kind: server, site: office, network: users} # stands for all who use it",
    "",
  ];
}

function cables(a: Answers, pairs: readonly number[]): string[] {
  const site = (s: string): string =>
    `  - mesh: {from: [${range(`${s}-leaf-a`, 1, a.leafPairs)}, ${range(`${s}-leaf-b`, 1, a.leafPairs)}], to: [${range(`${s}-spine-a`, 1, Math.ceil(a.spines / 2))}, ${range(`${s}-spine-b`, 1, Math.floor(a.spines / 2))}], speed: 100G}`;
  return [
    "links:",
    ...SITES.map(site),
    "  # Between the sites. `risk`: what fails together. Two cables in one duct would be one cable.",
    '  - {endpoints: ["main-spine-a1:Eth101", "dr-spine-a1:Eth101"], speed: 100G, delay: 1ms, risk: duct-north}',
    '  - {endpoints: ["main-spine-b1:Eth101", "dr-spine-b1:Eth101"], speed: 100G, delay: 1ms, risk: duct-south}',
    "  # The office has a way of its own to each site.",
    '  - {endpoints: ["office-a:Eth49", "main-spine-a1:Eth102"], speed: 10G, delay: 2ms}',
    '  - {endpoints: ["office-a:Eth50", "dr-spine-a1:Eth102"], speed: 10G, delay: 2ms}',
    '  - {endpoints: ["office-b:Eth49", "main-spine-b1:Eth102"], speed: 10G, delay: 2ms}',
    '  - {endpoints: ["office-b:Eth50", "dr-spine-b1:Eth102"], speed: 10G, delay: 2ms}',
    "",
    "mlag:",
    ...SITES.flatMap((s, i) => pairs.flatMap((k) => pair(`${s}${k}`, [`${s}-leaf-a${k}`, `${s}-leaf-b${k}`], 100 * i + k, i === 0 && k === 1))),
    ...pair("office", ["office-a", "office-b"], 200, false),
    "",
    "bonds: # each makes its two cables, one to each peer, and the port-channel on both",
    ...SITES.flatMap((s) => pairs.map((k) => `  ${range(`${s}-p${k}-srv`, 1, a.servers)}:bond0: {to: ${s}${k}, members: [eth0, eth1]}`)),
    "  user:bond0: {to: office, members: [eth0, eth1]}",
    "",
  ];
}

function gateways(pairs: readonly number[]): string[] {
  return [
    "gateways:",
    "  # Anycast: both peers have the address and its MAC address and route at once. There is no election, hence nothing to wait for.",
    "  users: {protocol: anycast, vip: 10.0.0.1, routers: {office-a: {}, office-b: {}}}",
    ...SITES.flatMap((s, i) => pairs.map((k) => `  ${s}${k}: {protocol: anycast, vip: 10.${i + 1}.${k}.1, routers: {${s}-leaf-a${k}: {}, ${s}-leaf-b${k}: {}}}`)),
    "",
  ];
}

function traffic(a: Answers): string[] {
  return [
    "flows:",
    "  # Those of the main site have no budget of their own, since a whole site is lost below: the scenarios say what may be lost.",
    `  between-sites: {from: ${serverOf("main", 1, a.servers)}, to: ${serverOf("dr", 1, a.servers)}}`,
    "  # Four connections of the users, not one: each goes by one cable of two, as the hashes deal them.",
    ...connections(serverOf("dr", ...target(a)), `, max-outage: ${silence(a.rate)}`),
    "",
    "services:",
    "  # Three checks a second apart, then 30 s until the database at the second site is the first: 33 s, and 2 s of reserve. It does not go back by",
    "  # itself: what was written at the second site has to be copied first.",
    `  shop: {clients: user, servers: ${serverOf("main", 1, 1)}, dr: {servers: ${serverOf("dr", 1, 1)}, decision: automatic, delay: 30s}, port: 443,`,
    "    health-check: {interval: 1s, fall: 3, rise: 2}, failback: false, max-outage: 35s}",
    "",
  ];
}

function scenarios(a: Answers): string[] {
  const [pair, n] = target(a);
  return [
    "scenarios:",
    "  # The main site is lost and returns. Nobody waits longer than checks and decision; traffic of the second site notices nothing.",
    "  site-loss:",
    `    - {at: 10s, fail: site/main, expect: [{within: 40s, up: [shop, users-1..4], max-outage: {shop: 35s, users-1..4: ${carrier(a)}}}]}`,
    "    - {at: 120s, repair: site/main, expect: [{within: 150s, up: all}]}",
    "  # A digger: one duct of two. Carrier is lost, the other way is taken.",
    `  duct: [{at: 10s, fail: risk/duct-north, expect: {max-outage: ${carrier(a)}, up: all}}, {at: 60s, repair: risk/duct-north}]`,
    `  # A power feed of the main site. ${carrierWhy(a)}`,
    `  power-a: [{at: 10s, fail: power/main-a, expect: {max-outage: ${carrier(a)}, up: all}}, {at: 180s, repair: power/main-a, expect: {max-outage: ${carrier(a)}, up: all}}]`,
    ...silent(a, `dr-leaf-a${pair}:Eth${n}--${serverOf("dr", pair, n)}:eth0`),
    "",
  ];
}
