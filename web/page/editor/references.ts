// Where a name of the file is wanted, and names of what.

import type { Names } from "./names.ts";
import type { Path } from "./schema.ts";

type Of = (names: Names, path: Path) => string[];

const nodes: Of = (n) => [...n.servers, ...n.switches, ...n.hypervisors];
const ends: Of = (n) => [...n.servers, ...n.vms];
const everyPort: Of = (n) => [...n.ports].flatMap(([node, ports]) => ports.map((port) => `${node}:${port}`));
const networks: Of = (n) => n.networks;
const subjects: Of = (n) => ["all", ...n.flows, ...n.services];

/** All that a step may be done to. */
const targets: Of = (n, path) => [
  ...nodes(n, path), ...n.cables, ...everyPort(n, path), ...n.pairs.flatMap((pair) => [`mlag/${pair}/peer-link`, `mlag/${pair}/keepalive`]),
  ...n.sites.map((s) => `site/${s}`), ...n.risks.map((r) => `risk/${r}`), ...n.gateways.map((g) => `gateway/${g}`), ...n.cards.map((c) => `card/${c}`), ...n.feeds.map((f) => `power/${f}`),
];
const roles: Of = (n) => [...n.bonds, ...n.gateways.map((g) => `gateway/${g}`), ...n.pairs.map((p) => `mlag/${p}`)];

/** A step's own ports, or its router. */
const active: Of = (n, path) => {
  const of = String(path.findLast((step) => typeof step === "string") ?? "");
  if (of.startsWith("gateway/") || of.startsWith("mlag/")) return [...n.switches, "none"];
  return [...(n.ports.get(of.split(":")[0]!) ?? []).filter((port) => port !== of.split(":")[1]), "none"];
};

/** * is any one step, # numbers of any depth, also none. */
const VALUES: [pattern: string, of: Of][] = [
  ["nodes.*.site", (n) => n.sites], ["networks.*.site", (n) => n.sites],
  ["nodes.*.network", networks], ["bonds.*.network", networks], ["vms.*.network", networks], ["gateways.*.network", networks], ["lags.*.networks#", networks], ["links#.networks#", networks],
  ["bonds.*.to#", (n) => [...n.pairs, ...n.switches]], ["bonds.*.members#", (n, path) => n.ports.get(String(path[1]).split(":")[0]!) ?? []], ["bonds.*.primary", (n, path) => n.ports.get(String(path[1]).split(":")[0]!) ?? []],
  ["lags.*.members#", (n, path) => n.ports.get(String(path[1]).split(":")[0]!) ?? []], ["lags.*.mlag", (n) => n.pairs],
  ["vms.*.on#", (n) => n.hypervisors], ["mlag.*.peers#", (n) => n.switches], ["mlag.*.peer-link#", (n) => [...new Set(n.switches.flatMap((s) => n.ports.get(s) ?? []))]],
  ["flows.*.from#", ends], ["flows.*.to#", ends], ["demands.*.from#", ends], ["demands.*.to#", ends],
  ["services.*.clients#", ends], ["services.*.servers#", ends], ["services.*.standby.servers#", ends], ["services.*.dr.servers#", ends],
  ["links#.mesh.from#", nodes], ["links#.mesh.to#", nodes], ["links#.endpoints#", everyPort], ["links#", (n) => [...everyPort(n, []), ...nodes(n, []).map((node) => `${node}:`)]],
  ...["fail", "repair", "hang", "shutdown", "silent", "carrier", "loss", "slow", "down", "up", "release", "enslave", "flap"].flatMap((op): [string, Of][] => [[`scenarios.*#.${op}#`, targets], [`scenarios.*.steps#.${op}#`, targets]]),
  ...["scenarios.*#", "scenarios.*.steps#"].flatMap((at): [string, Of][] => [
    [`${at}.migrate#`, (n) => n.vms], [`${at}.to`, (n) => n.hypervisors],
    [`${at}.expect#.up#`, subjects], [`${at}.expect#.down#`, subjects], [`${at}.expect#.active.*#`, active], [`${at}.expect#.standby.*#`, active],
  ]),
];
const KEYS: [pattern: string, of: Of][] = [
  ["gateways.*.routers", (n) => n.switches], ["gateways", networks], ["bonds", (n) => n.servers.map((s) => `${s}:bond0`)], ["lags", (n) => n.switches.map((s) => `${s}:Po1`)],
  ...["scenarios.*#.expect#", "scenarios.*.steps#.expect#"].flatMap((at): [string, Of][] => [[`${at}.active`, roles], [`${at}.standby`, roles], [`${at}.max-outage`, subjects]]),
];

const compiled = (rules: readonly [string, Of][]): [RegExp, Of][] =>
  rules.map(([pattern, of]) => [new RegExp(`^${pattern.replaceAll(".", "\u0000").replaceAll("*", "[^\u0000]+").replaceAll("#", "(\u0000\\d+)*")}$`), of]);
const [values, keys] = [compiled(VALUES), compiled(KEYS)];

const find = (rules: readonly [RegExp, Of][], names: Names, path: Path): string[] => {
  const at = path.join("\u0000");
  return [...new Set(rules.find(([pattern]) => pattern.test(at))?.[1](names, path) ?? [])];
};

export const namesWanted = (names: Names, path: Path): string[] => find(values, names, path);
export const keyNamesWanted = (names: Names, path: Path): string[] => find(keys, names, path);
