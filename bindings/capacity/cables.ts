// Every direction of every cable: from which port to which, what it carries at most, and which way it leads between the tiers.

import { Indices } from "../engine/index.ts";
import type { Lag, Node, Topology, Where } from "../topology/model.ts";

export type Lead = "up" | "down" | "across" | "peer-link";

export interface Direction {
  link: string;
  /** sending and receiving port */
  from: string;
  to: string;
  capacityMbps: number;
  lead: Lead;
  /** tiers that it joins, the lower first */
  tiers: [number, number];
  /** port-channel or bond that the sending port is in */
  lag: string | null;
  /** a virtual machine's: no cable */
  virtual: boolean;
  where: Where;
}

export const nodeOfPort = (port: string): string => port.slice(0, port.indexOf(":"));

/**
 * How high each node stands: by its kind, or by the file's `tier`. Where two switches of one kind's tier are joined and are no pair, the one
 * that is further from servers stands above.
 */
export function tiersOf(t: Topology): Map<string, number> {
  const byName = new Map(t.nodes.map((n) => [n.name, n]));
  const far = distances(t);
  const level = new Map(t.nodes.map((n) => [n.name, n.tier * 2]));
  const partners = new Set(t.pairs.flatMap((p) => [`${p.peers[0]} ${p.peers[1]}`, `${p.peers[1]} ${p.peers[0]}`]));
  for (const link of t.links) {
    const [a, b] = [byName.get(nodeOfPort(link.a)), byName.get(nodeOfPort(link.b))];
    if (a === undefined || b === undefined || a.tier !== b.tier || a.kind === "server" || partners.has(`${a.name} ${b.name}`)) continue;
    const [ofA, ofB] = [far.get(a.name) ?? Infinity, far.get(b.name) ?? Infinity];
    if (ofA !== ofB) level.set(ofA > ofB ? a.name : b.name, a.tier * 2 + 1);
  }
  const ranks = new Map([...new Set(level.values())].sort((x, y) => x - y).map((value, rank) => [value, rank]));
  return new Map(t.nodes.map((n) => [n.name, ranks.get(level.get(n.name)!)!]));
}

/** Cables from each node to the nearest server. */
function distances(t: Topology): Map<string, number> {
  const beside = new Map<string, string[]>();
  for (const link of t.links) {
    const [a, b] = [nodeOfPort(link.a), nodeOfPort(link.b)];
    beside.set(a, [...(beside.get(a) ?? []), b]);
    beside.set(b, [...(beside.get(b) ?? []), a]);
  }
  const far = new Map(t.nodes.filter((n: Node) => n.kind === "server").map((n) => [n.name, 0]));
  let edge = [...far.keys()];
  for (let steps = 1; edge.length > 0; steps++) {
    const next = edge.flatMap((name) => beside.get(name) ?? []).filter((name) => !far.has(name));
    for (const name of next) far.set(name, steps);
    edge = [...new Set(next)];
  }
  return far;
}

/** By sending port. */
export function directionsOf(t: Topology): Map<string, Direction> {
  const tiers = tiersOf(t);
  const of = new Indices(t);
  const speed = new Map(t.ports.map((p) => [`${p.node}:${p.name}`, p.speedMbps]));
  const virtual = new Set(t.vms.flatMap((vm) => vm.links));
  const rows = new Map<string, Direction>();
  for (const link of t.links) {
    for (const [from, to] of [[link.a, link.b], [link.b, link.a]] as const) {
      const [low, high] = [tiers.get(nodeOfPort(from))!, tiers.get(nodeOfPort(to))!];
      const lag = of.lagOfPort.get(from);
      const lead: Lead = lag?.peerLinkOf != null ? "peer-link" : low < high ? "up" : low > high ? "down" : "across";
      rows.set(from, {
        link: link.name, from, to, capacityMbps: Math.min(speed.get(from) ?? 0, speed.get(to) ?? 0), lead, tiers: [Math.min(low, high), Math.max(low, high)], lag: lag?.name ?? null,
        virtual: virtual.has(link.name), where: link.where,
      });
    }
  }
  return rows;
}

/** What all nodes of a tier are, in a word or two: "leaf1..4" is too long for a plot. */
export function tierName(t: Topology, tiers: ReadonlyMap<string, number>, tier: number): string {
  const nodes = t.nodes.filter((n) => tiers.get(n.name) === tier);
  if (nodes.every((n) => n.kind === "server")) return "servers";
  const kinds = ["hosts", "leaves", "spines", "core"];
  return kinds[nodes[0]?.tier ?? 0] ?? `tier ${tier}`;
}

export const isBundle = (lag: Lag): boolean => lag.members.length > 1 && lag.mode !== "active-backup";
