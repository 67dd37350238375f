// Which nodes hear each other's frames in a VLAN: by the cables that carry it, whatever a failure may do to them later.

import type { Draft } from "./draft.ts";

/** Names for the layer 2 domains of one VLAN: two nodes have the same one where a frame of one can reach the other. */
export function domainsOf(draft: Draft, vlan: number): (node: string) => string {
  const parent = new Map<string, string>();
  const find = (node: string): string => {
    let at = node;
    for (let up = parent.get(at); up !== undefined; up = parent.get(at)) at = up;
    return at;
  };
  for (const link of draft.links) {
    const [a, b] = [draft.ports.get(link.a), draft.ports.get(link.b)];
    if (a === undefined || b === undefined || !a.vlans.includes(vlan) || !b.vlans.includes(vlan) || !bridges(draft, a.node) || !bridges(draft, b.node)) continue;
    const [x, y] = [find(a.node), find(b.node)];
    if (x !== y) parent.set(x, y);
  }
  return find;
}

/** A host's ports are ends, also where it has several; a hypervisor bridges, for the sake of what runs in it. */
function bridges(draft: Draft, node: string): boolean {
  return draft.nodes.get(node)?.kind !== "server" || draft.hypervisors.has(node);
}
