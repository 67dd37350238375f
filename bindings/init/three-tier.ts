// Three tiers without MC-LAG: access switches, a distribution pair with RSTP below it and VRRP, routed cores above.

import type { Answers } from "./answers.ts";
import { serverCrash, serverOf, silentStep } from "./leaf-spine.ts";
import { defaults, flows, head, range, servers, service, servingPair } from "./shared.ts";

export function threeTier(a: Answers): string {
  const pairs = Array.from({ length: a.leafPairs }, (_, i) => i + 1);
  return [...head(a, `three tiers with VRRP, ${a.leafPairs === 1 ? "one pair" : `${a.leafPairs} pairs`} of access switches, ${servers(a)}`, EXPLAINED), ...defaults(a, BOND),
    ...networks(pairs), ...nodes(a, pairs), ...cables(a, pairs), ...gateways(pairs),
    ...flows(a, serverOf, budget(a), `Budgets hold in every scenario: VRRP's 3.6 s${a.rate === "slow" ? ", or LACP at the slow rate on the cables between the distribution switches" : ""}, and a reserve.`),
    ...service(a, servingPair(a, serverOf), budget(a)), ...scenarios(a)].join("\n");
}

const EXPLAINED = [
  "Access switches are single and know nothing of each other: a server uses one of its two cables (active-backup). Each access switch has a",
  "cable to both distribution switches, and RSTP closes what would be a loop: half of the uplinks carry nothing until they are needed.",
  "All with -a in its name is on power feed a, all with -b on feed b: a whole feed may die.",
];

const BOND =
  "  # One cable at a time: the two switches are no MC-LAG pair. The carrier is looked at every 100 ms. A cable that returns waits 30 s: behind it\n" +
  "  # the switch may have light and not forward yet. What this does not notice is a cable that goes silent: arp-interval would.\n" +
  "  bond: {mode: active-backup, mii-monitor-interval: 100ms, up-delay: 30s, primary-reselect-policy: always}";

/** VRRP: 3 advertisements of 1 s and a skew of (256 - 100) / 256 s. */
const VRRP = "4s";
const budget = (a: Answers): string => (a.rate === "fast" ? VRRP : "90500ms");

function networks(pairs: readonly number[]): string[] {
  return [
    "networks:",
    "  # One for each pair of access switches: the trees of two pairs meet at the distribution switches only.",
    "  users: {vlan: 10, subnet: 10.0.0.0/24}",
    ...pairs.map((k) => `  pair${k}: {vlan: ${100 + k}, subnet: 10.1.${k}.0/24}`),
    "",
  ];
}

function nodes(a: Answers, pairs: readonly number[]): string[] {
  const access = "stp: {mode: rstp, edge: servers, bpdu-guard: edge}";
  return [
    "nodes:",
    "  core-a: {kind: core, power: a}",
    "  core-b: {kind: core, power: b}",
    "  # The root of the tree is the switch that is VRRP's master: frames to the gateway take the short way. dist-b is the next root.",
    "  dist-a: {kind: spine, power: a, stp: {mode: rstp, priority: 4096}}",
    "  dist-b: {kind: spine, power: b, stp: {mode: rstp, priority: 8192}}",
    "  # Ports to servers are edge ports: they forward at once, and a switch that somebody plugs in there is shut out (BPDU guard).",
    `  ${range("acc-a", 1, a.leafPairs)}: {kind: l2switch, power: a, ${access}}`,
    `  ${range("acc-b", 1, a.leafPairs)}: {kind: l2switch, power: b, ${access}}`,
    ...pairs.map((k) => `  ${range(`p${k}-srv`, 1, a.servers)}: {kind: server, network: pair${k}, power: [a, b]}`),
    "  user: {kind: server, network: users} # stands for all who use it",
    "",
  ];
}

function cables(a: Answers, pairs: readonly number[]): string[] {
  const all = pairs.map((k) => `pair${k}`).join(", ");
  return [
    "links:",
    "  - mesh: {from: [dist-a, dist-b], to: [core-a, core-b], speed: 100G} # routed",
    ...pairs.flatMap((k) => ["a", "b"].map((x) => `  - {mesh: {from: acc-${x}${k}, to: [dist-a, dist-b], speed: 100G}, networks: [pair${k}]}`)),
    "  # Bridged, two cables in one port-channel: the hellos of VRRP go here, and what comes down by the distribution switch that is not the root.",
    '  - {endpoints: ["dist-a:Eth101", "dist-b:Eth101"], speed: 100G}',
    '  - {endpoints: ["dist-a:Eth102", "dist-b:Eth102"], speed: 100G}',
    '  - {endpoints: ["core-a:Eth101", "core-b:Eth101"], speed: 100G, networks: [users]}',
    "",
    "lags: # active on both sides: one side has to be, or nobody speaks",
    `  dist-a:Po1: &trunk {members: [Eth101, Eth102], mode: lacp-active, networks: [${all}]}`,
    "  dist-b:Po1: *trunk",
    "",
    "bonds: # each makes its two cables, one to each access switch",
    ...pairs.map((k) => `  ${range(`p${k}-srv`, 1, a.servers)}:bond0: {to: [acc-a${k}, acc-b${k}], members: [eth0, eth1], primary: eth0}`),
    "  user:bond0: {to: [core-a, core-b], members: [eth0, eth1], primary: eth0}",
    "",
  ];
}

function gateways(pairs: readonly number[]): string[] {
  const group = (name: string, vrid: number, vip: string, at: string): string =>
    `  ${name}: {protocol: vrrp, version: 3, vrid: ${vrid}, vip: ${vip}, routers: {${at}-a: 110, ${at}-b: 100}, advert-interval: 1s, preempt-delay: 45s, track: [{uplinks: true, decrement: 20}]}`;
  return [
    "gateways:",
    "  # Different priorities: who is master does not hang on who booted first. A router that loses all its uplinks falls to 90, below the other:",
    "  # a gateway that leads nowhere is none. One that returns waits 45 s before it takes over: until the tree below it forwards and it has routes.",
    "  # A dead master is noticed after three advertisements and a skew: 3 x 1 s + 156/256 s = 3.6 s.",
    group("users", 10, "10.0.0.1", "core").replace(", track: [{uplinks: true, decrement: 20}]", ""),
    ...pairs.map((k) => group(`pair${k}`, 100 + k, `10.1.${k}.1`, "dist")),
    "",
  ];
}

function scenarios(a: Answers): string[] {
  const [primary, standby] = servingPair(a, serverOf);
  return [
    "scenarios:",
    "  # Power feed a fails: the root of the tree, the master, and every switch that servers use. Then it returns.",
    "  power-a:",
    `    - {at: 10s, fail: power/a, expect: {max-outage: ${VRRP}}}`,
    `    - {at: 180s, repair: power/a, expect: [{within: 170s, max-outage: ${VRRP}, up: all}]}`,
    "  # One cable between the distribution switches loses every frame and its light stays on. LACP notices; compare --rate fast and slow. RSTP",
    "  # does after three hellos of 2 s, if its BPDUs went by this cable and not by the other one.",
    silentStep("dist-a:Eth101--dist-b:Eth101", a),
    ...serverCrash(primary, standby),
    "",
  ];
}
