// Bridges and the cables between them, as spanning tree sees them: an MC-LAG pair is one bridge, a port-channel one cable.

import type { Link, Node } from "../topology/model.ts";
import { nodeOf, type Design } from "./design.ts";

export interface Bridge { name: string; nodes: Node[] }
interface Cable { ends: [Bridge, Bridge]; vlans: readonly number[]; where: Link["where"]; name: string }

/** Bridges that frames of one another reach. */
export interface Company { bridges: Bridge[]; cables: Cable[]; /** Cables that would close a loop, were nothing closed: none in a tree */ closing: Cable[] }

/** Companies of the bridges that are `let in`, of more than one. */
export function companies(design: Design, letIn: (node: Node) => boolean): Company[] {
  const bridges = bridgesOf(design, letIn);
  const cables = cablesBetween(design, bridges);
  const { root, join } = joining();
  for (const { ends: [a, b] } of cables) join(a, b);
  const groups = new Map<Bridge, Company>();
  for (const bridge of new Set(bridges.values())) {
    const company = groups.get(root(bridge)) ?? { bridges: [], cables: [], closing: [] };
    company.bridges.push(bridge);
    groups.set(root(bridge), company);
  }
  for (const cable of cables) groups.get(root(cable.ends[0]))!.cables.push(cable);
  for (const cable of closingOf(cables)) groups.get(root(cable.ends[0]))!.closing.push(cable);
  return [...groups.values()].filter((c) => c.bridges.length > 1);
}

function bridgesOf(design: Design, letIn: (node: Node) => boolean): Map<string, Bridge> {
  const bridges = new Map<string, Bridge>();
  for (const node of design.topology.nodes) {
    if (node.kind === "server" || node.tier === 0 || !letIn(node)) continue; // a hypervisor's virtual switch passes nothing from uplink to uplink
    const pair = design.pairOf(node.name);
    const known = bridges.get(pair?.peers.find((peer) => bridges.has(peer)) ?? node.name);
    const bridge = known ?? { name: pair === undefined ? node.name : `pair ${pair.name}`, nodes: [] };
    bridge.nodes.push(node);
    bridges.set(node.name, bridge);
  }
  return bridges;
}

function cablesBetween(design: Design, bridges: ReadonlyMap<string, Bridge>): Cable[] {
  const found = new Map<string, Cable>();
  for (const link of design.topology.links) {
    const [a, b] = [bridges.get(nodeOf(link.a)), bridges.get(nodeOf(link.b))];
    const [port, far] = [design.ports.get(link.a), design.ports.get(link.b)];
    if (a === undefined || b === undefined || a === b || port === undefined || far === undefined || port.mode === "routed" || port.peerLink) continue;
    const vlans = port.vlans.filter((vlan) => far.vlans.includes(vlan));
    if (vlans.length === 0) continue;
    const bundle = bundleOf(design, link.a) ?? bundleOf(design, link.b);
    const key = bundle === undefined ? link.name : [bundleOf(design, link.a) ?? link.a, bundleOf(design, link.b) ?? link.b].sort().join(" -- ");
    if (!found.has(key)) found.set(key, { ends: [a, b], vlans, where: link.where, name: bundle === undefined ? link.name : key });
  }
  return [...found.values()];
}

function bundleOf(design: Design, port: string): string | undefined {
  const lag = design.lagAt(port);
  return lag === undefined ? undefined : lag.pair !== null && lag.mlagId > 0 ? `${lag.pair}/${lag.mlagId}` : lag.name;
}

/** Sets that are joined; `join` says whether they were apart. */
function joining(): { root(b: Bridge): Bridge; join(a: Bridge, b: Bridge): boolean } {
  const parent = new Map<Bridge, Bridge>();
  const root = (b: Bridge): Bridge => {
    let at = b;
    for (let up = parent.get(at); up !== undefined; up = parent.get(at)) at = up;
    return at;
  };
  const join = (a: Bridge, b: Bridge): boolean => {
    const [x, y] = [root(a), root(b)];
    if (x !== y) parent.set(x, y);
    return x !== y;
  };
  return { root, join };
}

/** In each VLAN by itself: a ring of which no VLAN goes all the way round is no loop. */
function closingOf(cables: readonly Cable[]): Set<Cable> {
  const closing = new Set<Cable>();
  for (const vlan of new Set(cables.flatMap((c) => c.vlans))) {
    const { join } = joining();
    for (const cable of cables) if (cable.vlans.includes(vlan) && !join(...cable.ends)) closing.add(cable);
  }
  return closing;
}
