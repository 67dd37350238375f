// What of a topology the page draws, and what can fail together.

import { drawing } from "../../bindings/html/drawing.ts";
import { indexTargets, resolveTarget, type TargetIndex } from "../../bindings/topology/step.ts";
import type { Topology } from "../../bindings/topology/model.ts";
import type { Group, Scene } from "./messages.ts";

/** With more cables than this, recording every hello would make the run slow. */
const FRAMES_LINKS_MAX = 64;

export const recordsFrames = (topology: Topology): boolean => topology.links.length <= FRAMES_LINKS_MAX;

export function sceneOf(topology: Topology, fileName: string): Scene {
  const drawn = drawing(topology, { strong: "", weak: "", of: [] });
  const place = new Map(topology.nodes.map((n, i) => [n.name, i]));
  const virtual = new Set(topology.vms.flatMap((vm) => vm.links));
  const linkNames = topology.links.filter((l) => !virtual.has(l.name)).map((l) => l.name);
  return {
    name: topology.name, fileName, drawing: drawn, linkNames,
    flows: topology.flows.map((f) => ({ name: f.name, from: place.get(f.from) ?? -1, to: place.get(f.to) ?? -1, text: `${f.from} ↔ ${f.to}` })),
    services: topology.services.map((s) => ({ name: s.name, text: `${s.client} → ${s.name}` })),
    groups: groupsOf(topology, indexTargets(topology), place, new Map(linkNames.map((name, i) => [name, i]))),
    scenarios: topology.scenarios.map((s) => ({ name: s.name, steps: s.steps.length })),
    assumptions: topology.assumptions.length, frames: recordsFrames(topology),
  };
}

function groupsOf(topology: Topology, index: TargetIndex, nodes: ReadonlyMap<string, number>, links: ReadonlyMap<string, number>): Group[] {
  const found: Group[] = [];
  const add = (kind: Group["kind"], target: string): boolean => {
    const resolved = resolveTarget(index, target);
    if ("error" in resolved) return false;
    const places = (of: ReadonlyMap<string, number>, what: string): number[] => resolved.flatMap((t) => (t.kind === what ? [of.get(t.name) ?? -1] : [])).filter((i) => i >= 0);
    found.push({ kind, target, nodes: places(nodes, "node"), links: places(links, "link") });
    return true;
  };
  const names = (list: readonly (string | null | undefined)[]): string[] => [...new Set(list.flatMap((each) => each ?? []))].sort();
  for (const site of names(topology.nodes.map((n) => n.site))) add("site", `site/${site}`);
  for (const risk of names(topology.links.flatMap((l) => l.risk))) add("risk", `risk/${risk}`);
  const feeds = names(topology.nodes.flatMap((n) => n.power ?? []));
  const alone = feeds.filter((feed) => !add("power", `power/${feed}`));
  // A feed that nobody depends on alone fails only together with another one.
  alone.forEach((one, i) => { for (const other of alone.slice(i + 1)) add("power", `power/${one}+${other}`); });
  for (const pair of topology.pairs) {
    add("peer-link", `mlag/${pair.name}/peer-link`);
    add("keepalive", `mlag/${pair.name}/keepalive`);
  }
  for (const gateway of names([...topology.vrrps, ...topology.fhrps].map((r) => r.gateway))) add("gateway", `gateway/${gateway}`);
  for (const node of topology.nodes) for (const card of node.cards ?? []) add("card", `card/${node.name}/${card.name}`);
  return found;
}
