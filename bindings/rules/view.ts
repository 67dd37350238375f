// What several rules ask of a topology: who hears whom, who is whose gateway, what hangs on what.

import type { Fhrp, Flow, Link, Network, Node, Ns, Topology, Vrrp } from "../topology/model.ts";
import { nodeOf, type Design } from "./design.ts";

export interface Group { name: string; protocol: "vrrp" | "hsrp" | "glbp" | "anycast"; members: (Vrrp | Fhrp)[]; where: Vrrp["where"] }

export class View {
  readonly t: Topology;
  readonly design: Design;
  readonly groups: readonly Group[];
  /** Virtual addresses. */
  readonly vips: ReadonlySet<string>;
  /** Address → the switch or router that has it. */
  readonly owner: ReadonlyMap<string, string>;
  /** Cables by node, virtual ones left out. */
  readonly #cables: ReadonlyMap<string, readonly Link[]>;
  readonly #vms: ReadonlyMap<string, readonly string[]>;

  constructor(design: Design) {
    this.design = design;
    this.t = design.topology;
    this.#cables = cablesByNode(this.t);
    this.#vms = new Map(this.t.vms.map((vm) => [vm.name, vm.on]));
    this.groups = groupsOf(this.t);
    this.vips = new Set(this.groups.flatMap((g) => g.members.flatMap((m) => m.vips)));
    this.owner = new Map(this.t.addresses.filter((a) => this.node(a.node).kind !== "server").map((a) => [a.ip, a.node]));
  }

  node(name: string): Node { return this.design.nodes.get(name)!; }
  cables(node: string): readonly Link[] { return this.#cables.get(node) ?? []; }
  far(link: Link, node: string): string { return nodeOf(link.a) === node ? nodeOf(link.b) : nodeOf(link.a); }
  own(link: Link, node: string): string { return nodeOf(link.a) === node ? link.a : link.b; }
  routed(link: Link): boolean { return this.design.ports.get(link.a)?.mode === "routed"; }
  /** Routed cables of a node to a higher tier. */
  uplinks(node: string): Link[] {
    const { tier } = this.node(node);
    return this.cables(node).filter((l) => this.routed(l) && this.node(this.far(l, node)).tier > tier);
  }
  /** The two peers of one pair, both of which route for the virtual MAC address: no election is waited for. */
  allActive(group: Group): boolean {
    const [a, b] = group.members.map((m) => this.design.pairOf(m.node));
    return group.protocol === "anycast" || (group.members.length === 2 && a !== undefined && a === b && a.gatewayActive);
  }
  /** Flows of which an end uses this gateway, to another network. */
  flowsBy(group: Group): Flow[] {
    const vips = new Set(group.members.flatMap((m) => m.vips));
    const hosts = new Set(this.t.addresses.filter((a) => a.gateway !== null && vips.has(a.gateway)).map((a) => a.node));
    return this.t.flows.filter((f) => hosts.has(f.from) !== hosts.has(f.to));
  }
  /** Hypervisors that a virtual machine may run on, the one that it begins on first; of a server of metal none. */
  hypervisors(server: string): readonly string[] { return this.#vms.get(server) ?? []; }
  /** Switches that the cables of a server, or of its hypervisors, lead to. */
  switchesAbove(server: string): string[] {
    const hosts = this.#vms.get(server) ?? [server];
    return [...new Set(hosts.flatMap((host) => this.cables(host).map((l) => this.far(l, host))))];
  }
  /** A virtual machine is where its first hypervisor is. */
  site(node: string): string | null { return this.design.nodes.get(this.#vms.get(node)?.[0] ?? node)?.site ?? null; }
  /** The network that an address is in. */
  networkOf(vlan: number, ip: string): Network | undefined {
    return this.design.networks.get(vlan)?.find((n) => n.subnet !== null && sharesPrefix(n.subnet, ip));
  }
}

export const seconds = (ns: Ns): string => `${Math.round(Number(ns) / 1e6) / 1000} s`;
export const list = (names: readonly string[]): string => (names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`);
/** The first few of many. */
export const some = (names: readonly string[]): string => (names.length <= 3 ? list(names) : `${names.slice(0, 3).join(", ")} and ${names.length - 3} more`);

const views = new WeakMap<Design, View>();
export function viewOf(design: Design): View {
  const known = views.get(design) ?? new View(design);
  views.set(design, known);
  return known;
}

function cablesByNode(t: Topology): Map<string, Link[]> {
  const virtual = new Set(t.vms.flatMap((vm) => vm.links));
  const map = new Map<string, Link[]>();
  for (const link of t.links) {
    if (virtual.has(link.name)) continue;
    for (const node of new Set([nodeOf(link.a), nodeOf(link.b)])) map.set(node, [...(map.get(node) ?? []), link]);
  }
  return map;
}

function groupsOf(t: Topology): Group[] {
  const groups = new Map<string, Group>();
  for (const member of [...t.vrrps, ...t.fhrps]) {
    const protocol = "protocol" in member ? member.protocol : "vrrp";
    const group = groups.get(member.gateway) ?? { name: member.gateway, protocol, members: [], where: member.where };
    group.members.push(member);
    groups.set(member.gateway, group);
  }
  return [...groups.values()];
}

/** An IPv6 network of the VLAN is taken as it is. */
function sharesPrefix(subnet: string, ip: string): boolean {
  const [base = "", length = "32"] = subnet.split("/");
  return ip.includes(":") ? base.includes(":") : !base.includes(":") && inPrefix(base, Number(length), ip);
}

/** Are these IPv4 addresses neighbours, by a prefix of that length? */
export function inPrefix(ip: string, length: number, other: string): boolean {
  const number = (text: string): number => text.split(".").reduce((n, part) => n * 256 + Number(part), 0);
  const size = 2 ** (32 - length);
  return Math.floor(number(ip) / size) === Math.floor(number(other) / size);
}

/** How long the second router of a group waits before it takes over from one that dies without a word. */
export function takeoverNs(group: Group): Ns {
  const next = byPriority(group)[1] ?? group.members[0]!;
  if (!("intervalNs" in next)) return next.holdNs;
  const skewed = next.version === 2 ? 1_000_000_000n : next.intervalNs; // RFC 3768 6.1: the skew is in seconds; RFC 9568 6.1: in intervals
  return 3n * next.intervalNs + (BigInt(256 - next.priority) * skewed) / 256n;
}

/** Best first: priority, then the higher address, which the order of addresses stands for. */
export const byPriority = (group: Group): (Vrrp | Fhrp)[] => [...group.members].sort((a, b) => b.priority - a.priority);

/**
 * What all ways up of a router hang on: a cable, a duct, the switch above. Null: nothing, or there is no way up. A cable
 * to a router of the same tier is none: what was learned from above is told downwards alone.
 */
export function wayUp(view: View, node: string): string | null {
  const up = view.uplinks(node);
  const [first] = up;
  if (first === undefined) return null;
  if (up.length === 1) return `the cable ${first.name}`;
  const risk = first.risk.find((r) => up.every((l) => l.risk.includes(r)));
  if (risk !== undefined) return `cables of one risk, ${risk},`;
  const above = view.far(first, node);
  return up.every((l) => view.far(l, node) === above) ? `the switch ${above}` : null;
}
