// What the files of all designs have in common. Each choice is explained where it is made.

import { PROFILES, type PairProfile } from "../topology/profiles.ts";
import type { Answers } from "./answers.ts";

/** [low..high] of a name, or the name alone when there is one. */
export const range = (name: string, from: number, to: number): string => (from === to ? `${name}${from}` : `${name}${from}..${to}`);

/** Silence on a cable is noticed after three LACPDUs; half a second for the 100 ms in which Linux looks, and for what follows. */
export const silence = (rate: Answers["rate"]): string => (rate === "fast" ? "3500ms" : "90500ms");

/** The pair of this vendor, as its profile has it. */
export const pairOf = (a: Answers): PairProfile => PROFILES[a.vendor].pair;

/** A peer dies: 10 ms until the driver says so, up to 100 ms until the bond looks; the rest is reserve. See `carrierWhy`. */
export const carrier = (a: Answers): string => (pairOf(a).ownSystem[0] ? "3500ms" : "500ms");

export const carrierWhy = (a: Answers): string => (pairOf(a).ownSystem[0]
  ? "A peer of this vendor that is alone shows its own LACP system, and LACP runs anew: 2 s of waiting for more members, and what goes with it."
  : "Carrier is lost: 10 ms until the driver says so, and up to 100 ms until a bond looks.");

export const servers = (a: Answers): string => `${a.servers === 1 ? "one server" : `${a.servers} servers`} on each pair`;

export function head(a: Answers, what: string, explained: readonly string[]): string[] {
  return [
    `# ${a.name}: ${what}.`,
    "#",
    ...explained.map((line) => `# ${line}`),
    "#",
    `# Made by \`dualhome init\`, to be changed. What it is worth:`,
    "#   dualhome check FILE                     is it right, and what does it leave to be assumed",
    "#   dualhome run FILE                       the first scenario below; --scenario NAME for another",
    "#   dualhome sweep FILE                     everything that can fail, one at a time",
    "dualhome: 1",
    `name: "${a.name}"`,
    "",
  ];
}

export function defaults(a: Answers, bond: string): string[] {
  const silent = a.rate === "fast" ? "three LACPDUs a second apart are missed: 3 s" : "three LACPDUs 30 s apart are missed: 90 s (--rate fast: 3 s)";
  return [
    "defaults:",
    "  # Light lost until the driver says so: 10 ms. A media converter or a silent fault hides it; then only a protocol notices.",
    "  link: {speed: 25G, delay: 500ns, loss-detect: 10ms}",
    ...(bond === "" ? [] : [bond]),
    `  # The switches' side. The rate is what a partner is asked for: until a silent cable is given up, ${silent}.`,
    `  lacp: {rate: ${a.rate}, hash: layer3+4}`,
    "  # What the file does not say is taken from this profile and printed as ASSUMED. A real boot takes minutes; short, so that runs are.",
    `  switch: {profile: ${a.vendor}, boot: 60s}`,
    "",
  ];
}

export const LACP_BOND = (a: Answers): string =>
  "  # Both cables carry frames. layer3+4 deals connections; layer2 would send all that goes to the gateway by one cable. The monitor looks at\n" +
  `  # the carrier every 100 ms: 0 (off) is the kernel's default, and then a bond without LACP sends into a dead cable for ever.\n  bond: {mode: 802.3ad, lacp-rate: ${a.rate}, transmit-hash-policy: layer3+4, mii-monitor-interval: 100ms}`;

/** Of an MC-LAG pair; the first pair's part is the anchor of the others'. */
export function pair(name: string, peers: [string, string], domain: number, first: boolean, ports = "Eth53, Eth54"): string[] {
  if (!first) return [`  ${name}: {<<: *pair, peers: [${peers.join(", ")}], domain: ${domain}${ports === "Eth53, Eth54" ? "" : `, peer-link: {ports: [${ports}], speed: 100G}`}}`];
  return [
    `  ${name}: &pair`,
    `    peers: [${peers.join(", ")}]`,
    `    domain: ${domain} # both show one LACP system, made from it: no other pair may have it`,
    "    # Two cables: one alone would be a single point of failure of the pair.",
    `    peer-link: {ports: [${ports}], speed: 100G}`,
    "    # By another way than the peer-link: when only that is cut each must still see that the other lives, or both go on (split brain).",
    "    keepalive: {via: mgmt, interval: 1s, timeout: 5s}",
    "    # A leaf that boots waits before servers use it again: its routes and addresses must be there first.",
    "    delay-restore: 30s",
  ];
}

/** The service: the first server of the first pair, and of the second pair (or the second server of the first) stands by. */
export function service(a: Answers, [primary, standby]: readonly [string, string | null], silent: string): string[] {
  const list = standby === null ? primary : `[${primary}, ${standby}]`;
  const standsBy = standby === null
    ? ["  # One server: nothing stands by for it, and its budget is that of the network. Give it a second one: servers: [A, B]."]
    : [`  # ${standby} stands by, in ${a.leafPairs > 1 ? "another pair" : "the same pair"}. Three checks a second apart: noticed within 3 s, plus 1 s of reserve.`];
  return [
    "services:",
    ...standsBy,
    `  shop: {clients: user, servers: ${list}, port: 443, health-check: {interval: 1s, fall: 3, rise: 2}, failback: true, max-outage: ${standby === null ? silent : "4s"}}`,
    "",
  ];
}

/** Who stands by for whom. */
export function servingPair(a: Answers, server: ServerName): [string, string | null] {
  const standby = a.leafPairs > 1 ? server(2, 1) : a.servers > 1 ? server(1, 2) : null;
  return [server(1, 1), standby];
}

export type ServerName = (pair: number, n: number) => string;

/** The server that users' connections go to: one that does not serve if there is one, so that its crash breaks the service alone. */
export const target = (a: Answers): [pair: number, n: number] => (a.servers > 1 ? [1, 2] : a.leafPairs > 1 ? [2, 1] : [1, 1]);

export function flows(a: Answers, server: ServerName, budget: string, why: string): string[] {
  const many = Math.min(4, a.servers - 2);
  const list = (pair: number): string => range(server(pair, 3).replace(/3$/, ""), 3, many + 2);
  return [
    "flows:",
    `  # ${why}`,
    "  # Four connections of the users, not one: each goes by one cable of two, as the hashes deal them.",
    ...connections(server(...target(a)), `, max-outage: ${budget}`),
    ...(many > 1 ? [`  in-pair: {from: ${server(1, 3)}, to: ${server(1, 4)}, max-outage: ${budget}} # bridged`] : []),
    ...(many > 0 && a.leafPairs > 1 ? [`  between-pairs: {from: ${list(1)}, to: ${list(2)}, max-outage: ${budget}} # through the gateway`] : []),
    "",
  ];
}

export const connections = (to: string, rest: string): string[] => [1, 2, 3, 4].map((i) => `  users-${i}: {from: user, to: ${to}, sport: ${40000 + i}${rest}}`);
