// A topology as other tools see one: nodes, cables, and what is left of the rest. Virtual machines and what is inside a hypervisor are no cables.

import type { Address, Lag, Link, Network, Node, Port, Topology } from "../topology/model.ts";

export interface Exported {
  text: string;
  /** what the other format has no words for */
  lost: string[];
}

export type Kind = "server" | "hypervisor" | "leaf" | "l2switch" | "spine" | "core" | "router";
export interface Cable { link: Link; a: { node: string; port: string }; b: { node: string; port: string } }
export interface Plan { topology: Topology; nodes: Node[]; cables: Cable[]; lagAt: Map<string, Lag>; nodeAt: Map<string, Node>; portAt: Map<string, Port>; addressOn: Map<string, Address>; networkOf: Map<number, Network>; portsOf: Map<string, string[]>; lost: string[] }

export function planOf(topology: Topology): Plan {
  const vms = new Set(topology.vms.map((vm) => vm.name));
  const virtual = new Set(topology.vms.flatMap((vm) => vm.links));
  const end = (text: string): { node: string; port: string } => ({ node: text.slice(0, text.indexOf(":")), port: text.slice(text.indexOf(":") + 1) });
  const lost: string[] = [];
  if (vms.size > 0) lost.push(`virtual machines: ${some([...vms])}`);
  const cables = topology.links.filter((l) => !virtual.has(l.name)).map((link) => ({ link, a: end(link.a), b: end(link.b) }));
  const portsOf = new Map<string, string[]>();
  for (const { node, port } of cables.flatMap(({ a, b }) => [a, b])) {
    const list = portsOf.get(node);
    if (list === undefined) portsOf.set(node, [port]); else list.push(port);
  }
  return {
    topology, cables, portsOf, nodes: topology.nodes.filter((n) => !vms.has(n.name)), lost,
    nodeAt: new Map(topology.nodes.map((n) => [n.name, n])), portAt: new Map(topology.ports.map((p) => [`${p.node}:${p.name}`, p])),
    addressOn: new Map(topology.addresses.map((a) => [a.on, a])), networkOf: new Map(topology.networks.map((n) => [n.vlan, n])),
    lagAt: new Map(topology.lags.flatMap((lag) => lag.members.map((m) => [`${lag.node}:${m}`, lag] as const))),
  };
}

export function kindOf({ kind, tier, routed }: Node): Kind {
  if (kind === "server") return "server";
  if (kind === "router") return "router";
  if (!routed) return tier === 0 ? "hypervisor" : "l2switch";
  return tier === 1 ? "leaf" : tier === 2 ? "spine" : "core";
}

/** "a, b, c and 5 more" */
export function some(names: readonly string[]): string {
  return names.length <= 4 ? names.join(", ") : `${names.slice(0, 3).join(", ")} and ${names.length - 3} more`;
}

/** What no other format has. */
export function lostEverywhere({ topology: t }: Plan): string[] {
  const list: [string, readonly string[]][] = [
    ["scenarios", t.scenarios.map((s) => s.name)], ["flows", t.flows.filter((f) => f.role === "flow").map((f) => f.name)], ["services", t.services.map((s) => s.client)],
    ["applications", t.applications.map((a) => a.name)], ["network boots", (t.boots ?? []).map((b) => b.server)], ["shared risks", [...new Set(t.links.flatMap((l) => l.risk))]],
  ];
  return list.filter(([, names]) => names.length > 0).map(([what, names]) => `${what}: ${some([...new Set(names)])}`);
}

/** Names that YAML would read as something else are put in quotes. */
export const quoted = (text: string): string => (/^[A-Za-z][\w./-]*$/.test(text) && !/^(true|false|yes|no|on|off|null|y|n)$/i.test(text) ? text : JSON.stringify(text));

export function ms(ns: bigint): number { return Number(ns / 1_000_000n); }
