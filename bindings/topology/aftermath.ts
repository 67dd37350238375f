// How long a run goes on after its last step when nobody says.

import type { Node, Ns, Pair } from "./model.ts";

const SETTLE_NS = 60_000_000_000n;

/** Long enough for what a step sets off: a minute, and the longest boot and delay restore of the file. */
export function aftermathNs(nodes: Iterable<Node>, pairs: Iterable<Pair>): Ns {
  let boot = 0n;
  let restore = 0n;
  for (const node of nodes) if (node.bootNs > boot) boot = node.bootNs;
  for (const pair of pairs) if (pair.delayRestoreNs > restore) restore = pair.delayRestoreNs;
  return SETTLE_NS + boot + restore;
}
