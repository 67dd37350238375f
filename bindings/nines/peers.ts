// Sets of nodes that stand in for each other, and so share causes of failure: the same software, the same change, the same mistake.

import type { Topology } from "../topology/model.ts";

export interface Peers { name: string; nodes: string[] }

/** MC-LAG pairs, routers of one gateway, spines and cores of one site; each node in at most one set of a kind, no set twice. */
export function peersOf(t: Topology): Peers[] {
  const sets: Peers[] = t.pairs.map((p) => ({ name: `pair ${p.name}`, nodes: [...p.peers] }));
  const gateways = new Map<string, Set<string>>();
  for (const { gateway, node } of [...t.vrrps, ...t.fhrps]) gateways.set(gateway, (gateways.get(gateway) ?? new Set()).add(node));
  for (const [gateway, nodes] of gateways) sets.push({ name: `routers of ${gateway}`, nodes: [...nodes] });
  const tiers = new Map<string, string[]>();
  for (const n of t.nodes) {
    if (n.tier < 2 || n.kind === "server") continue;
    const name = `${n.tier === 2 ? "spines" : "cores"}${n.site === null ? "" : ` of ${n.site}`}`;
    tiers.set(name, [...(tiers.get(name) ?? []), n.name]);
  }
  for (const [name, nodes] of tiers) sets.push({ name, nodes });
  const taken = new Set<string>();
  return sets.filter(({ nodes }) => {
    if (nodes.length < 2 || nodes.some((n) => taken.has(n))) return false; // counted with the set that came first
    for (const n of nodes) taken.add(n);
    return true;
  });
}

/** Power feeds, those together that some node hangs on together. */
export function feedSetsOf(t: Topology): string[][] {
  const setOf = new Map<string, Set<string>>();
  for (const { power = [] } of t.nodes) {
    const all = new Set(power.flatMap((feed) => [...(setOf.get(feed) ?? [feed])]));
    for (const feed of all) setOf.set(feed, all);
  }
  return [...new Set(setOf.values())].map((set) => [...set].sort()).sort((a, b) => (a[0]! < b[0]! ? -1 : 1));
}
