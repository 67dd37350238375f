// Bonds of servers and what they are cabled to. A bond that needs an aggregator ends on one switch or on a pair.

import type { Cable } from "../found.ts";
import type { Networks } from "./addresses.ts";
import { cablesByNode } from "./cables.ts";
import { infer, type Pairs } from "./pairs.ts";
import { channelAt, otherEnd, ownEnd, type Net, type NetNode } from "../net.ts";

export interface BondParts {
  parts: Map<string, Record<string, unknown>>;
  /** port-channels that a server has no bond for */
  dropped: Set<string>;
}

const AGGREGATES = new Set(["802.3ad", "balance-rr", "balance-xor", "broadcast"]);

export function joinBonds(net: Net, networks: Networks, pairs: Pairs): BondParts {
  const bonds: BondParts = { parts: new Map(), dropped: new Set() };
  const cables = cablesByNode(net);
  for (const node of [...net.nodes.values()]) {
    if (node.kind !== "server") continue;
    const own = toSwitches(net, node, cables.get(node.name) ?? []);
    const bond = networks.bonds.get(node.name);
    if (bond !== undefined) configured(net, pairs, bonds, node, bond, own);
    else if (own.length > 1) asCabled(net, pairs, bonds, node, own);
    else if (own.length === 0) uncabled(net, pairs, node);
    else plainPort(net, bonds, node, own[0]!);
  }
  return bonds;
}

/** What leads from server to server is no way here. */
function toSwitches(net: Net, node: NetNode, cables: readonly Cable[]): Cable[] {
  return cables.filter((cable) => {
    const far = net.nodes.get(otherEnd(cable, node.name).node)!;
    if (!net.has(cable)) return false;
    if (far.kind !== "server") return true;
    net.note(cable.at, `the cable of ${node.name} to ${far.name} is left out: both are servers`);
    net.remove(cable);
    return false;
  });
}

function configured(net: Net, pairs: Pairs, bonds: BondParts, node: NetNode, bond: NonNullable<ReturnType<Networks["bonds"]["get"]>>, cables: Cable[]): void {
  const mode = String(bond.part["mode"]);
  const key = `${node.name}:${bond.name}`;
  if (cables.length === 0) {
    const to = targetOf(net, pairs);
    net.guess(bond.at, `${key} goes to ${Array.isArray(to) ? to.join(" and ") : to}: no cabling tells of it`);
    bonds.parts.set(key, { to: AGGREGATES.has(mode) && Array.isArray(to) ? to[0] : to, members: bond.members, ...bond.part });
    return;
  }
  for (const member of bond.members) if (!cables.some((c) => ownEnd(c, node.name).port === member)) net.note(bond.at, `member ${member} of ${key} is left out: it has no cable`);
  const kept = AGGREGATES.has(mode) ? onOneSystem(net, pairs, node, cables, key, bond.at) : cables;
  agree(net, bonds, node, kept, mode, key, bond.at);
  const members = bond.members.filter((m) => kept.some((c) => ownEnd(c, node.name).port === m));
  const part = { ...bond.part };
  if (part["primary"] !== undefined && !members.includes(String(part["primary"]))) { net.note(bond.at, `primary ${part["primary"]} of ${key} is left out: it is no member with a cable`); delete part["primary"]; }
  bonds.parts.set(key, { members, ...part });
}

/** A pair, or two switches: where a bond goes of which nobody says where. */
function targetOf(net: Net, pairs: Pairs): string | string[] {
  const [pair] = pairs.parts.keys();
  return pair ?? [...net.nodes.values()].filter((n) => n.kind !== "server" && n.kind !== "router").slice(0, 2).map((n) => n.name);
}

/** Cables to one switch, or to the peers of one pair. */
function onOneSystem(net: Net, pairs: Pairs, node: NetNode, cables: Cable[], key: string, at: NetNode["at"]): Cable[] {
  const far = (cable: Cable): NetNode => net.nodes.get(otherEnd(cable, node.name).node)!;
  const first = far(cables[0]!);
  const second = cables.map(far).find((n) => n !== first);
  if (second !== undefined && !pairs.nameOf.has(first.name) && !pairs.nameOf.has(second.name)) infer(net, pairs, first, second, at, `${key} ends on both`);
  const system = new Set([first.name, ...(pairs.peerOf.get(first.name)?.name === undefined ? [] : [pairs.peerOf.get(first.name)!.name])]);
  const kept = cables.filter((c) => system.has(far(c).name));
  for (const cable of cables) {
    if (kept.includes(cable)) continue;
    net.note(cable.at, `the cable of ${key} to ${far(cable).name} is left out: an aggregate ends on one switch or one pair, and ${[...system].join(" and ")} are kept`);
    net.remove(cable);
  }
  return kept;
}

/** Both ends bundle, or none does; both speak LACP, or none does. */
function agree(net: Net, bonds: BondParts, node: NetNode, cables: readonly Cable[], mode: string, key: string, at: NetNode["at"]): void {
  for (const cable of cables) {
    const end = otherEnd(cable, node.name);
    const far = net.nodes.get(end.node)!;
    const channel = channelAt(far, end.port);
    const name = `${far.name}:${channel?.name ?? end.port}`;
    if (channel === null && AGGREGATES.has(mode) && far.sw?.ports.has(end.port) === true) net.conflict(at, `${key} is ${mode} and ${name} is in no port-channel`, far.sw.ports.get(end.port)!.at, `${mode}, with a port-channel made for it`);
    if (channel === null || bonds.dropped.has(name)) continue;
    const lacp = channel.mode !== "static" && channel.mode !== null;
    if (AGGREGATES.has(mode) && lacp === (mode === "802.3ad")) continue;
    net.conflict(at, `${key} is ${mode} and ${name} is ${lacp ? "LACP" : "a static port-channel"}`, channel.at, mode);
    bonds.dropped.add(name);
  }
}

/** A server of which nothing but its cables is known. */
function asCabled(net: Net, pairs: Pairs, bonds: BondParts, node: NetNode, cables: Cable[]): void {
  const channels = cables.map((c) => channelAt(net.nodes.get(otherEnd(c, node.name).node)!, otherEnd(c, node.name).port));
  const channel = channels.find((c) => c !== null) ?? null;
  const mode = channel === null ? "active-backup" : channel.mode === "static" || channel.mode === null ? "balance-xor" : "802.3ad";
  const key = `${node.name}:bond0`;
  const bundled = cables.filter((_, i) => (channels[i] !== null) === (channel !== null));
  for (const cable of cables) {
    if (bundled.includes(cable)) continue;
    net.note(cable.at, `the cable of ${node.name} to ${otherEnd(cable, node.name).node} is left out: its other cables are in a port-channel`);
    net.remove(cable);
  }
  const kept = AGGREGATES.has(mode) ? onOneSystem(net, pairs, node, bundled, key, channel?.at ?? node.at) : bundled;
  const ports = kept.map((c) => ownEnd(c, node.name).port);
  if (kept.length === 1 && channel === null) return;
  const why = channel === null ? "it has several cables, and no port-channel is at their other ends" : `the other end is port-channel ${channel.name} (${channel.at.file}:${channel.at.line})`;
  net.guess(kept[0]!.at, `${key} is ${mode} over ${ports.join(", ")}: ${why}`);
  bonds.parts.set(key, { members: ports, mode });
}

function plainPort(net: Net, bonds: BondParts, node: NetNode, cable: Cable): void {
  const end = otherEnd(cable, node.name);
  const far = net.nodes.get(end.node)!;
  const channel = channelAt(far, end.port);
  if (channel === null) return;
  if (node.host !== null && node.host.addresses.length > 0) {
    net.conflict(node.host.addresses[0]!.at, `${node.name}:${ownEnd(cable, node.name).port} is no bond's and ${far.name}:${channel.name} is a port-channel`, channel.at, "the plain port");
    bonds.dropped.add(`${far.name}:${channel.name}`);
    return;
  }
  const mode = channel.mode === "static" || channel.mode === null ? "balance-xor" : "802.3ad";
  net.guess(cable.at, `${node.name}:bond0 is ${mode} over ${ownEnd(cable, node.name).port}: the other end is port-channel ${channel.name} (${channel.at.file}:${channel.at.line})`);
  bonds.parts.set(`${node.name}:bond0`, { members: [ownEnd(cable, node.name).port], mode });
}

/** A server that nothing is known to lead to. */
function uncabled(net: Net, pairs: Pairs, node: NetNode): void {
  const to = [targetOf(net, pairs)].flat()[0];
  const peers = to === undefined ? undefined : (pairs.parts.get(to)?.["peers"] as string[] | undefined);
  const sw = peers?.[0] ?? to;
  if (sw === undefined) { net.nodes.delete(node.name); net.note(node.at, `${node.name} is left out: it has no cable, and there is no switch`); return; }
  const port = node.host?.addresses[0]?.on.replace(/[^\w./-]/g, "_") ?? "eth0";
  const far = net.freePort(sw, "Host");
  net.guess(node.at, `${node.name} is cabled to ${sw}:${far}: no cabling tells of it`);
  net.connect({ node: node.name, port: /^[A-Za-z0-9]/.test(port) ? port : "eth0" }, { node: sw, port: far }, node.at);
}

