// Switches as parts of a topology file: networks, gateways, mlag, lags.

import { ipv4, subnetOf } from "./host.ts";
import type { Line } from "./line.ts";
import type { Channel, Group, Svi, Switch } from "./switch.ts";

export interface SwitchParts {
  networks: Record<string, { vlan: number; subnet: string }>;
  gateways: Record<string, Record<string, unknown>>;
  mlag: Record<string, Record<string, unknown>>;
  lags: Record<string, Record<string, unknown>>;
}
export interface Pair { name: string; peers: [Switch, Switch]; ports: [string[], string[]] }
export interface SwitchFragment { parts: SwitchParts; pairs: Pair[]; notes: Line[] }

/** `every`: also networks of VLAN interfaces on which there is no virtual router. */
export function switchFragment(switches: readonly Switch[], every = false): SwitchFragment {
  const notes = switches.flatMap((sw) => sw.notes);
  const networks = new Map<string, { vlan: number; subnet: string }>();
  const gateways = new Map<string, Record<string, unknown>>();
  const sure = (sw: Switch): number => (sw.guessed.size > 0 ? 1 : 0);
  for (const sw of [...switches].sort((a, b) => sure(a) - sure(b))) {
    settle(sw, networks, notes);
    addGateways(sw, networks, gateways, notes);
    if (every) addInterfaces(sw, networks, notes);
  }
  const pairs = pairsOf(switches, notes);
  const nameOf = new Map(pairs.flatMap((pair) => pair.peers.map((sw) => [sw.name, pair.name])));
  const mlag = Object.fromEntries(pairs.map((pair) => [pair.name, mlagOf(pair, notes, every)]));
  return { parts: { networks: Object.fromEntries(networks), gateways: Object.fromEntries(gateways), mlag, lags: lagsOf(switches, nameOf) }, pairs, notes };
}

/** A made-up VLAN of which another source knows the number, by its subnet. */
function settle(sw: Switch, networks: ReadonlyMap<string, { vlan: number; subnet: string }>, notes: Line[]): void {
  for (const vlan of [...sw.guessed]) {
    const svi = sw.vlans.get(vlan);
    const [ip = "", length = ""] = (svi?.address ?? svi?.subnet ?? "").split("/");
    const known = svi === undefined || ip === "" ? undefined : [...networks.values()].find((n) => n.subnet === subnetOf(ip, Number(length)));
    if (svi === undefined || ip === "" || known?.vlan === vlan) continue;
    if (known === undefined && !networks.has(`vlan${vlan}`)) continue;
    let to = known?.vlan ?? vlan;
    if (known === undefined) while (networks.has(`vlan${to}`) || sw.vlans.has(to)) to += 1;
    if (sw.vlans.has(to)) continue;
    notes.push({ ...svi.at, text: `a guess: VLAN ${vlan} of ${sw.name} is VLAN ${to}: ${known === undefined ? `${vlan} is another network` : `${known.subnet} is there on another machine`}` });
    sw.vlans.set(to, svi);
    sw.vlans.delete(vlan);
    sw.guessed.delete(vlan);
    for (const group of sw.groups) if (group.vlan === vlan) group.vlan = to;
    for (const [on, number] of sw.linux) if (number === vlan) sw.linux.set(on, to);
  }
}

function addGateways(sw: Switch, networks: Map<string, { vlan: number; subnet: string }>, gateways: Map<string, Record<string, unknown>>, notes: Line[]): void {
  for (const group of sw.groups) {
    const svi = sw.vlans.get(group.vlan);
    const missing = whyNot(group, svi);
    if (missing !== null) { notes.push({ ...group.at, text: `${titleOf(group)} is left out: ${missing}` }); continue; }
    const address = (svi!.address ?? svi!.subnet)!;
    addNetwork(group.vlan, address, group.at, networks, notes);
    const name = nameOf(gateways, group);
    const gateway = gateways.get(name) ?? head(group);
    const known = gateway["vip"];
    if (JSON.stringify(known) !== JSON.stringify(vipOf(group))) notes.push({ ...group.at, text: `${titleOf(group)} has other virtual addresses than on the other switch: ${[known].flat().join(", ")} are kept` });
    (gateway["routers"] as Record<string, unknown>)[sw.name] = routerOf(group, svi!.address);
    for (const [key, value] of Object.entries({ hello: group.hello, hold: group.hold })) if (value !== null) gateway[key] = value;
    gateways.set(name, gateway);
  }
}

export const titleOf = (group: Group): string => (group.protocol === "anycast" ? `the anycast gateway of Vlan${group.vlan}` : `${group.protocol} ${group.number} of Vlan${group.vlan}`);

function whyNot(group: Group, svi: Svi | undefined): string | null {
  if (group.off !== null) return group.off;
  if (group.addresses.length === 0) return "it has no virtual address";
  const address = svi?.address ?? svi?.subnet ?? null;
  if (svi === undefined || address === null) return "the interface has no address";
  const [ip = "", length = ""] = address.split("/");
  if (ipv4(ip) === null || Number(length) < 1 || Number(length) > 30) return `the interface's address ${address} is no IPv4 address in a network of hosts`;
  const outside = group.addresses.find((vip) => ipv4(vip) === null || subnetOf(vip, Number(length)) !== subnetOf(ip, Number(length)));
  if (outside !== undefined) return `${outside} is not in the network of the interface, ${subnetOf(ip, Number(length))}`;
  return svi.off ? "the interface is shut down" : null;
}

function addNetwork(vlan: number, address: string, at: Line, networks: Map<string, { vlan: number; subnet: string }>, notes: Line[]): void {
  const [ip = "", length = ""] = address.split("/");
  const subnet = subnetOf(ip, Number(length));
  const known = networks.get(`vlan${vlan}`);
  if (known !== undefined && known.subnet !== subnet) notes.push({ ...at, text: `a conflict: VLAN ${vlan} is ${subnet} here and ${known.subnet} on another switch: ${known.subnet} is kept` });
  if (known === undefined) networks.set(`vlan${vlan}`, { vlan, subnet });
}

function addInterfaces(sw: Switch, networks: Map<string, { vlan: number; subnet: string }>, notes: Line[]): void {
  for (const [vlan, { address, off, at }] of sw.vlans) {
    const [ip = "", length = ""] = (address ?? "").split("/");
    if (address === null || off || ipv4(ip) === null || Number(length) < 1 || Number(length) > 30 || vlan < 1 || vlan > 4094) continue;
    addNetwork(vlan, address, at, networks, notes);
  }
}

/** vlanN; a second group of the VLAN has its number behind it. */
function nameOf(gateways: ReadonlyMap<string, Record<string, unknown>>, group: Group): string {
  const plain = `vlan${group.vlan}`;
  const first = gateways.get(plain);
  return first === undefined || same(first, group) ? plain : `${plain}-${group.protocol}${group.number}`;
}
function same(gateway: Record<string, unknown>, group: Group): boolean {
  return gateway["protocol"] === group.protocol && (gateway["vrid"] ?? gateway["group"] ?? 0) === group.number;
}
function head(group: Group): Record<string, unknown> {
  const number = group.protocol === "vrrp" ? { vrid: group.number } : group.protocol === "hsrp" ? { group: group.number } : {};
  return defined({
    network: `vlan${group.vlan}`, protocol: group.protocol, version: group.version, ...number, vip: vipOf(group), mac: group.mac, implementation: group.implementation,
    "virtual-mac": group.virtualMac, routers: {},
  });
}
function vipOf(group: Group): string | string[] { return group.addresses.length === 1 ? group.addresses[0]! : group.addresses; }

function routerOf(group: Group, address: string | null): Record<string, unknown> {
  const ip = address?.split("/")[0] ?? "";
  // An anycast address is on every router; what else a router needs is given out.
  if (group.protocol === "anycast") return ip === "" || group.addresses.includes(ip) ? {} : { address: ip };
  // A router whose own address is the virtual one owns it, and has priority 255 by itself.
  const owns = group.protocol === "vrrp" && group.addresses.includes(ip);
  return defined({
    priority: owns ? 255 : (group.priority ?? 100), address: ip === "" ? null : ip, preempt: group.preempt ?? group.protocol === "vrrp",
    "preempt-delay": group.preemptDelay, "advert-interval": group.interval,
    track: group.tracks.length > 0 ? group.tracks.map((t) => defined({ ...t })) : null,
  });
}

/** Halves that name each other's address; else two of one domain. */
function pairsOf(switches: readonly Switch[], notes: Line[]): Pair[] {
  const waiting = new Set(switches.filter((sw) => sw.pair !== null));
  const out: Pair[] = [];
  const join = (a: Switch, b: Switch): void => {
    for (const sw of [a, b]) waiting.delete(sw);
    out.push({ name: "", peers: [a, b], ports: [peerLinkOf(a), peerLinkOf(b)] });
  };
  for (const a of waiting) {
    const b = [...waiting].find((sw) => sw !== a && a.pair!.own !== null && a.pair!.own === sw.pair!.peer && a.pair!.peer === sw.pair!.own);
    if (b !== undefined && waiting.has(a)) join(a, b);
  }
  const domains = new Map<string, Switch[]>();
  for (const sw of waiting) {
    const key = `${sw.pair!.word} domain ${sw.pair!.domain}`;
    domains.set(key, [...(domains.get(key) ?? []), sw]);
  }
  for (const [key, peers] of domains) {
    const [a, b] = peers;
    if (a !== undefined && b !== undefined && peers.length === 2) join(a, b);
    else notes.push({ file: peers[0]!.at.file, line: peers[0]!.pair!.at.line, text: `${key} is left out: it is in ${peers.length} of the files, and a pair is two` });
  }
  const used = new Set<string>();
  for (const pair of out) {
    const { word, domain } = pair.peers[0].pair!;
    const plain = `${word}${/^\d/.test(domain) ? "" : "-"}${domain.replace(/[^\w-]/g, "-").slice(0, 60)}`;
    for (let n = 1; pair.name === "" || used.has(pair.name); n++) pair.name = n === 1 ? plain : `${plain}-${n}`;
    used.add(pair.name);
  }
  return out;
}
const peerLinkOf = (sw: Switch): string[] => [...sw.channels.values()].find((c) => c.peerLink)?.members ?? [];

function mlagOf({ peers: [a, b], ports }: Pair, notes: Line[], every: boolean): Record<string, unknown> {
  if (!every && JSON.stringify(ports[0]) !== JSON.stringify(ports[1])) notes.push({ ...b.pair!.at, text: `the peer-link has other ports than on ${a.name}: ${ports[0].join(", ")} are written for both` });
  for (const key of Object.keys(a.pair!.settings)) {
    const [x, y] = [a, b].map((sw) => JSON.stringify(sw.pair!.settings[key]));
    if (x !== y) notes.push({ ...b.pair!.at, text: `${key} is ${y ?? "not set"} here and ${x} on ${a.name} (${a.pair!.at.file}:${a.pair!.at.line}): that of ${a.name} is kept` });
  }
  const role = Object.fromEntries([a, b].filter((sw) => sw.pair!.rolePriority !== null).map((sw) => [sw.name, sw.pair!.rolePriority]));
  return defined({ peers: [a.name, b.name], "peer-link": ports[0].length > 0 ? ports[0] : null, "role-priority": Object.keys(role).length > 0 ? role : null, ...a.pair!.settings });
}

function lagsOf(switches: readonly Switch[], pairOf: ReadonlyMap<string, string>): Record<string, Record<string, unknown>> {
  const parts: [string, Record<string, unknown>][] = [];
  for (const sw of switches) {
    for (const channel of [...sw.channels.values()].sort((x, y) => x.number - y.number)) {
      if (!channel.peerLink && channel.members.length > 0) parts.push([`${sw.name}:${channel.name}`, lagOf(channel, pairOf.get(sw.name) ?? null)]);
    }
  }
  return Object.fromEntries(parts);
}
export function lagOf(channel: Channel, pairName: string | null): Record<string, unknown> {
  const dual = channel.mlagId !== null && pairName !== null;
  const mode = channel.mode ?? "static";
  return defined({
    members: channel.members, mode, rate: channel.fast === null || mode === "static" ? null : channel.fast ? "fast" : "slow", "min-links": channel.minLinks,
    "lacp-fallback": mode === "static" ? null : channel.fallback, mlag: dual ? pairName : null, "mlag-id": dual ? channel.mlagId : null,
  });
}

export function defined(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null && value !== undefined));
}
