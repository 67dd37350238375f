// The causes of an outage as a tree: how it came to the loss, to each change of its reason, and to the way back, from common roots.

import { chainOf } from "./causes.ts";
import { describer } from "./describe.ts";
import type { Outage } from "./outages.ts";
import type { Run } from "./run.ts";

export interface CauseNode {
  id: number;
  atNs: bigint;
  kind: number;
  /** who: "leaf1"; "-" where no node speaks */
  node: string;
  text: string;
  /** the record that took it down, one that changed the reason, or the one that brought it back; null: on the way there */
  role: "down" | "reason" | "up" | null;
  effects: CauseNode[];
}

/** Roots, oldest first; so are the effects of each. */
export function causeTree(run: Run, outage: Outage): CauseNode[] {
  const describe = describer(run.names, run.topology);
  const nodes = new Map<number, CauseNode>();
  const roots: CauseNode[] = [];
  const down = outage.why.down.at(-1)?.id ?? 0;
  const up = outage.why.up.at(-1)?.id ?? 0;
  for (const id of [down, ...outage.reasons.map((r) => r.id), up]) {
    if (id <= 0) continue;
    let cause: CauseNode | null = null;
    for (const record of chainOf(run.trace, id)) {
      const known = nodes.get(record.id);
      if (known !== undefined) { cause = known; continue; }
      const words = describe(record);
      const node: CauseNode = { id: record.id, atNs: record.at, kind: record.kind, node: words.node, text: words.sentence, role: null, effects: [] };
      nodes.set(record.id, node);
      (cause === null ? roots : cause.effects).push(node);
      cause = node;
    }
  }
  for (const { id } of outage.reasons) mark(nodes, id, "reason");
  mark(nodes, down, "down");
  mark(nodes, up, "up");
  for (const list of [roots, ...[...nodes.values()].map((n) => n.effects)]) list.sort((a, b) => a.id - b.id);
  return roots;
}

function mark(nodes: ReadonlyMap<number, CauseNode>, id: number, role: CauseNode["role"]): void {
  const node = nodes.get(id);
  if (node !== undefined) node.role = role;
}
