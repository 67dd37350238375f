// NX-OS configurations, one a switch, as parts of a topology file: networks, gateways, mlag, lags.

import type { Line } from "./line.ts";
import type { NxosChannel, NxosConfig, NxosGroup } from "./nxos.ts";

export interface Fragment {
  /** parts of a topology file, to be written as YAML */
  parts: Record<string, Record<string, unknown>>;
  /** what was understood and yet left out, or assumed */
  notes: Line[];
}

export function nxosFragment(configs: readonly NxosConfig[]): Fragment {
  const notes: Line[] = [];
  const networks: Record<string, unknown> = {};
  const gateways: Record<string, Record<string, unknown>> = {};
  for (const config of configs) addGateways(config, networks, gateways, notes);
  const mlag = pairs(configs, notes);
  const parts = { networks, gateways, mlag: mlag.parts, lags: lags(configs, mlag.nameOf) };
  return { parts: Object.fromEntries(Object.entries(parts).filter(([, part]) => Object.keys(part).length > 0)), notes };
}

function addGateways(config: NxosConfig, networks: Record<string, unknown>, gateways: Record<string, Record<string, unknown>>, notes: Line[]): void {
  for (const group of config.groups) {
    const vlan = config.vlans.get(group.vlan);
    const missing = whyNot(config, group, vlan);
    if (missing !== null) { notes.push({ ...group.at, text: `${group.protocol} ${group.number} of Vlan${group.vlan} is left out: ${missing}` }); continue; }
    const address = vlan!.address!;
    networks[`vlan${group.vlan}`] ??= { vlan: group.vlan, subnet: subnetOf(address) };
    const name = nameOf(gateways, group);
    const gateway = gateways[name] ?? head(group);
    const known = gateway["vip"];
    if (JSON.stringify(known) !== JSON.stringify(vipOf(group))) notes.push({ ...group.at, text: `${group.protocol} ${group.number} of Vlan${group.vlan} has other virtual addresses than on the other switch: ${[known].flat().join(", ")} are kept` });
    (gateway["routers"] as Record<string, unknown>)[config.hostname] = router(group, address, tracksOf(config, group, notes));
    for (const [key, value] of Object.entries({ hello: group.hello, hold: group.hold })) if (value !== null) gateway[key] = value;
    gateways[name] = gateway;
  }
}

function whyNot(config: NxosConfig, group: NxosGroup, vlan: { address: string | null; off: boolean } | undefined): string | null {
  if (!group.on) return "the group is shut: it has no \"no shutdown\"";
  if (!config.features.has(group.protocol)) return `there is no "feature ${group.protocol}"`;
  if (group.addresses.length === 0) return "it has no virtual address";
  if (vlan === undefined || vlan.address === null) return "the interface has no address";
  return vlan.off ? "the interface is shut down" : null;
}

/** vlanN; a second group of the VLAN has its number behind it. */
function nameOf(gateways: Record<string, Record<string, unknown>>, group: NxosGroup): string {
  const plain = `vlan${group.vlan}`;
  const first = gateways[plain];
  return first === undefined || same(first, group) ? plain : `${plain}-${group.protocol}${group.number}`;
}
function same(gateway: Record<string, unknown>, group: NxosGroup): boolean {
  return gateway["protocol"] === group.protocol && (gateway["vrid"] ?? gateway["group"]) === group.number;
}
function head(group: NxosGroup): Record<string, unknown> {
  const number = group.protocol === "vrrp" ? { vrid: group.number } : { group: group.number };
  return { network: `vlan${group.vlan}`, protocol: group.protocol, version: group.version, ...number, vip: vipOf(group), routers: {} };
}
function vipOf(group: NxosGroup): string | string[] { return group.addresses.length === 1 ? group.addresses[0]! : group.addresses; }

/** What of the tracked objects is a port's line protocol: nothing else is simulated. */
function tracksOf(config: NxosConfig, group: NxosGroup, notes: Line[]): Record<string, unknown>[] {
  return group.tracks.flatMap(({ object, decrement, at }) => {
    const port = config.objects.get(object);
    if (port === undefined) {
      notes.push({ ...at, text: `track ${object} of ${group.protocol} ${group.number} is left out: object ${object} is not the line protocol of an Ethernet port` });
      return [];
    }
    return [defined({ port, decrement })];
  });
}

function router(group: NxosGroup, address: string, tracks: Record<string, unknown>[]): Record<string, unknown> {
  const ip = address.split("/")[0]!;
  // A router whose own address is the virtual one owns it; NX-OS gives it priority 255 by itself.
  const owns = group.protocol === "vrrp" && group.addresses.includes(ip);
  return defined({
    priority: owns ? 255 : (group.priority ?? 100), address: ip, preempt: group.preempt ?? group.protocol === "vrrp",
    "preempt-delay": group.preemptDelay, "advert-interval": group.interval,
    track: tracks.length > 0 ? tracks : null,
  });
}

function subnetOf(address: string): string {
  const [ip = "", length = "32"] = address.split("/");
  const value = ip.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  const size = 2 ** (32 - Number(length));
  const network = Math.floor(value / size) * size;
  return `${[24, 16, 8, 0].map((shift) => Math.floor(network / 2 ** shift) % 256).join(".")}/${length}`;
}

function pairs(configs: readonly NxosConfig[], notes: Line[]): { parts: Record<string, unknown>; nameOf: Map<string, string> } {
  const parts: Record<string, unknown> = {};
  const nameOf = new Map<string, string>();
  const domains = new Map<number, NxosConfig[]>();
  for (const config of configs) if (config.domain !== null) domains.set(config.domain.number, [...(domains.get(config.domain.number) ?? []), config]);
  for (const [number, peers] of domains) {
    const [a, b] = peers;
    if (a === undefined || b === undefined || peers.length !== 2) {
      notes.push({ file: peers[0]!.file, line: 0, text: `vpc domain ${number} is left out: it is in ${peers.length} of the files, and a pair is two` });
      continue;
    }
    const name = `vpc${number}`;
    for (const peer of peers) nameOf.set(peer.hostname, name);
    const links = peers.map((peer) => [...peer.channels.values()].find((c) => c.peerLink)?.members ?? []);
    if (JSON.stringify(links[0]) !== JSON.stringify(links[1])) notes.push({ file: b.file, line: 0, text: `the peer-link has other ports than on ${a.hostname}: ${links[0]!.join(", ")} are written for both` });
    parts[name] = pair(number, a, b, links[0]!);
  }
  return { parts, nameOf };
}

function pair(number: number, a: NxosConfig, b: NxosConfig, ports: string[]): Record<string, unknown> {
  const own = a.domain!;
  const role = Object.fromEntries([a, b].filter((c) => c.domain!.rolePriority !== null).map((c) => [c.hostname, c.domain!.rolePriority]));
  return defined({
    peers: [a.hostname, b.hostname], "peer-link": ports.length > 0 ? ports : null, domain: number,
    keepalive: own.keepalive ? defined({ via: "mgmt", interval: own.keepaliveInterval, timeout: own.keepaliveTimeout }) : null,
    "role-priority": Object.keys(role).length > 0 ? role : null, "system-priority": own.systemPriority, "delay-restore": own.delayRestore,
    "peer-gateway": own.peerGateway, "auto-recovery": own.autoRecovery ? null : "off",
  });
}

function lags(configs: readonly NxosConfig[], pairOf: Map<string, string>): Record<string, unknown> {
  const parts: Record<string, unknown> = {};
  for (const config of configs) {
    for (const channel of [...config.channels.values()].sort((x, y) => x.number - y.number)) {
      if (channel.peerLink || channel.members.length === 0) continue;
      parts[`${config.hostname}:Po${channel.number}`] = lag(channel, pairOf.get(config.hostname) ?? null);
    }
  }
  return parts;
}
function lag(channel: NxosChannel, pairName: string | null): Record<string, unknown> {
  const dual = channel.vpc !== null && pairName !== null;
  return defined({
    members: channel.members, mode: channel.mode ?? "static", rate: channel.fast === null ? null : channel.fast ? "fast" : "slow",
    mlag: dual ? pairName : null, "mlag-id": dual ? channel.vpc : null,
  });
}

function defined(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
}
