// The network as the page draws it, and what is marked in it.

import type { Topology } from "../topology/model.ts";
import type { Drawing } from "./data.ts";

const KINDS = { server: 0, switch: 1, router: 2 };

export type Strength = 1 | 2;

/** Marks by name: nodes, and ports, cables or bundles, which all mean cables. */
export interface Marks { strong: string; weak: string; of: Iterable<[name: string, strength: Strength, words: string]> }

export function drawing(topology: Topology, marks: Marks): Drawing {
  const sites = [...new Set(topology.nodes.flatMap((n) => n.site ?? []))];
  const node = new Map(topology.nodes.map((n, i) => [n.name, i]));
  const virtual = new Set(topology.vms.flatMap((vm) => vm.links));
  const links = topology.links.filter((l) => !virtual.has(l.name));
  const peerPorts = new Set(topology.lags.filter((l) => l.peerLinkOf !== null).flatMap((l) => l.members.map((m) => `${l.node}:${m}`)));
  const end = (port: string): [number, string] => { const at = port.indexOf(":"); return [node.get(port.slice(0, at)) ?? -1, port.slice(at + 1)]; };
  const vms = new Set(topology.vms.map((vm) => vm.name));
  return {
    sites, strong: marks.strong, weak: marks.weak,
    nodes: topology.nodes.map((n) => [vms.has(n.name) ? `${n.name} (VM)` : n.name, KINDS[n.kind], n.tier, n.site === null ? -1 : sites.indexOf(n.site)]),
    links: links.map((l) => [...end(l.a), ...end(l.b), peerPorts.has(l.a) ? 1 : 0]),
    pairs: topology.pairs.map((p) => [p.name, node.get(p.peers[0]) ?? -1, node.get(p.peers[1]) ?? -1]),
    ...marked(topology, links, node, marks),
  };
}

function marked(topology: Topology, links: Topology["links"], node: ReadonlyMap<string, number>, { of }: Marks): Pick<Drawing, "markedNodes" | "markedLinks"> {
  const cables = new Map<string, number[]>();
  links.forEach((l, i) => { for (const name of new Set([l.name, l.a, l.b])) cables.set(name, [...(cables.get(name) ?? []), i]); });
  for (const lag of topology.lags) cables.set(lag.name, lag.members.flatMap((m) => cables.get(`${lag.node}:${m}`) ?? []));
  const nodes = new Map<number, [number, Strength, string]>();
  const lines = new Map<number, [number, Strength, string]>();
  const put = (to: Map<number, [number, Strength, string]>, at: number, strength: Strength, words: string): void => {
    if ((to.get(at)?.[1] ?? 0) < strength) to.set(at, [at, strength, words]);
  };
  for (const [name, strength, words] of of) {
    const at = node.get(name);
    if (at !== undefined) put(nodes, at, strength, words);
    else for (const cable of cables.get(name) ?? []) put(lines, cable, strength, words);
  }
  const inOrder = (map: Map<number, [number, Strength, string]>) => [...map.values()].sort((a, b) => a[0] - b[0]);
  return { markedNodes: inOrder(nodes), markedLinks: inOrder(lines) };
}
