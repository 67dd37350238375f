// MC-LAG pairs of a network: those that the configurations name, and those that cabling or a shared LACP system gives away.

import type { Cable } from "../found.ts";
import type { Line } from "../line.ts";
import { ownEnd, otherEnd, written, type Net, type NetNode } from "../net.ts";
import type { Switch } from "../switch.ts";
import { defined, type Pair, type SwitchFragment } from "../switch-fragment.ts";

export interface Pairs {
  parts: Map<string, Record<string, unknown>>;
  nameOf: Map<string, string>;
  peerOf: Map<string, NetNode>;
  peerLinks: Set<Cable>;
}

export function joinPairs(net: Net, fragment: SwitchFragment): Pairs {
  const pairs: Pairs = { parts: new Map(), nameOf: new Map(), peerOf: new Map(), peerLinks: new Set() };
  for (const pair of fragment.pairs) {
    const part = { ...fragment.parts.mlag[pair.name] };
    enter(net, pairs, pair.name, pair.peers.map((sw) => net.nodes.get(sw.name)!) as [NetNode, NetNode], part, pair);
  }
  bySystem(net, pairs);
  return pairs;
}

/** Two switches of no pair whose port-channels show one LACP system. */
function bySystem(net: Net, pairs: Pairs): void {
  const systems = new Map<string, { sw: Switch; at: Line }[]>();
  for (const { sw } of net.nodes.values()) {
    for (const mac of new Set([...(sw?.channels.values() ?? [])].flatMap((c) => c.systemMac ?? []))) {
      const at = [...sw!.channels.values()].find((c) => c.systemMac === mac)!.at;
      systems.set(mac, [...(systems.get(mac) ?? []), { sw: sw!, at }]);
    }
  }
  for (const [mac, list] of systems) {
    const [a, b] = list;
    if (a === undefined || b === undefined || list.length !== 2 || pairs.nameOf.has(a.sw.name) || pairs.nameOf.has(b.sw.name)) continue;
    infer(net, pairs, net.nodes.get(a.sw.name)!, net.nodes.get(b.sw.name)!, b.at, `their port-channels show one LACP system, ${mac} (${a.at.file}:${a.at.line})`, { "system-mac": mac });
  }
}

/** A pair that no configuration names. */
export function infer(net: Net, pairs: Pairs, a: NetNode, b: NetNode, at: Line, why: string, part: Record<string, unknown> = {}): void {
  const [x, y] = a.name < b.name ? [a, b] : [b, a];
  const name = `${x.name}-${y.name}`;
  net.guess(at, `${x.name} and ${y.name} are an MC-LAG pair: ${why}`);
  for (const [one, other] of [[x, y], [y, x]] as const) {
    for (const channel of one.sw?.channels.values() ?? []) {
      const twin = other.sw?.channels.get(channel.name);
      if (channel.mlagId === null && twin !== undefined && !channel.peerLink && sameFar(net, one.name, channel.members, other.name, twin.members)) channel.mlagId = channel.number > 0 ? channel.number : 1;
    }
  }
  enter(net, pairs, name, [x, y], { peers: [x.name, y.name], ...part }, null);
}
function sameFar(net: Net, a: string, membersA: readonly string[], b: string, membersB: readonly string[]): boolean {
  const far = new Set(membersA.flatMap((m) => net.far(a, m)?.node ?? []));
  return membersB.some((m) => far.has(net.far(b, m)?.node ?? ""));
}

function enter(net: Net, pairs: Pairs, name: string, [a, b]: [NetNode, NetNode], part: Record<string, unknown>, pair: Pair | null): void {
  const cables = peerCables(net, a, b, pair);
  const ports = cables.length > 0 ? cables.map((cable) => onePort(net, cable, a, b)) : madePorts(net, a, b, pair);
  for (const cable of net.cables) if (cable.a.node !== cable.b.node && [cable.a.node, cable.b.node].every((n) => n === a.name || n === b.name) && ports.includes(ownEnd(cable, a.name).port)) pairs.peerLinks.add(cable);
  pairs.parts.set(name, defined({ ...part, "peer-link": ports }));
  for (const [one, other] of [[a, b], [b, a]] as const) {
    pairs.nameOf.set(one.name, name);
    pairs.peerOf.set(one.name, other);
  }
}

/** The cables between the peers: those of the peer-link's ports, else those that are in no port-channel. */
function peerCables(net: Net, a: NetNode, b: NetNode, pair: Pair | null): Cable[] {
  const between = net.cables.filter((c) => (c.a.node === a.name && c.b.node === b.name) || (c.a.node === b.name && c.b.node === a.name));
  const named = new Set(pair?.ports[0]);
  const chosen = between.filter((c) => named.has(ownEnd(c, a.name).port));
  if (chosen.length > 0 || between.length === 0) return chosen;
  const bundled = (node: NetNode, c: Cable): boolean => [...(node.sw?.channels.values() ?? [])].some((ch) => !ch.peerLink && ch.members.includes(ownEnd(c, node.name).port));
  const free = between.filter((c) => !bundled(a, c) && !bundled(b, c));
  const rest = free.length > 0 ? free : between;
  net.guess(rest[0]!.at, `the peer-link of ${a.name} and ${b.name} is what is cabled between them: ${rest.map((c) => `${written(c.a)} -- ${written(c.b)}`).join(", ")}`);
  return rest;
}

/** A peer-link has one port name on both peers. */
function onePort(net: Net, cable: Cable, a: NetNode, b: NetNode): string {
  const [own, other] = [ownEnd(cable, a.name), otherEnd(cable, a.name)];
  if (own.port === other.port) return own.port;
  const [was, far] = [own.port, written(other)];
  const port = net.cableAt(b.name, own.port) === null ? own.port : net.freePort(a.name, "Peer");
  if (port !== own.port) net.rename(cable, a.name, port);
  net.rename(cable, b.name, port);
  net.note(cable.at, `the peer-link ${a.name}:${was} -- ${far} is written as ${port} on both: a peer-link has one port name here`);
  return port;
}

/** No cabling tells of the peer-link: it is made. */
function madePorts(net: Net, a: NetNode, b: NetNode, pair: Pair | null): string[] {
  const at = a.sw?.pair?.at ?? a.at;
  const named = (pair?.ports[0] ?? []).filter((port) => net.cableAt(a.name, port) === null && net.cableAt(b.name, port) === null);
  const ports = named.length > 0 ? named : [net.freePort(a.name, "Peer")];
  net.guess(at, `${ports.map((p) => `${a.name}:${p} -- ${b.name}:${p}`).join(", ")}: ${named.length > 0 ? "the peer-link, of which no cabling tells" : "a peer-link, of which nothing tells"}`);
  for (const port of ports) net.connect({ node: a.name, port }, { node: b.name, port }, at);
  return ports;
}
