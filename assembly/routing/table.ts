// Routes: for each (node, prefix) what each routed neighbour has told, as a metric and where it learned it.
//
// The protocol is a path-vector reduced to what a leaf-spine fabric with eBGP needs: a route learned from above or from
// the side is told only downwards (valley-free), never back to whom it came from. That has no loops and counts no infinity,
// and is what the common AS numbering (spines share one) gives. docs/decisions/0003 says why.
// Equal metrics share the load (ECMP): next hop = hash mod n.

import { take } from "../core/memory";
import { nodeOf, portOf, otherEnd, l3Of } from "../sim/tables";

export const UNREACHABLE: i32 = 255;

// Rows of a byte for each prefix, taken as routed ports and switches are added: a server has none, and there are many of them.
let width: i32 = 0;
let portRowsAt: usize = 0; // [port] address of two rows: metric told by the neighbour of this routed port; metric we told it last
let nodeRowsAt: usize = 0; // [node] address of a row: prefixes to be looked at
let spansAt: usize = 0; // [node] its first routed port, and the one behind its last
let foundAt: usize = 0; // next hops that were found last

export function reserveRoutes(nodes: i32, ports: i32, prefixCount: i32): void {
  width = prefixCount;
  portRowsAt = take(<usize>ports * sizeof<usize>());
  nodeRowsAt = take(<usize>nodes * sizeof<usize>());
  spansAt = take(<usize>nodes << 3);
  foundAt = take(<usize>ports << 2);
}

export function addRoutedPort(port: i32): void {
  const at = take(<usize>width << 1);
  memory.fill(at, <u8>UNREACHABLE, <usize>width << 1);
  store<usize>(portRowsAt + <usize>port * sizeof<usize>(), at);
  const span = spanOf(portOf(port).node);
  if (load<i32>(span, 4) == 0) store<i32>(span, port);
  store<i32>(span, port + 1, 4);
}
export function addRoutingNode(node: i32): void { store<usize>(nodeRowsAt + <usize>node * sizeof<usize>(), take(<usize>width)); }

// @ts-ignore: decorator
@inline function ofPort(port: i32, prefix: i32): usize { return load<usize>(portRowsAt + <usize>port * sizeof<usize>()) + prefix; }
// @ts-ignore: decorator
@inline function spanOf(node: i32): usize { return spansAt + (<usize>node << 3); }
// @ts-ignore: decorator
@inline function ofNode(node: i32, prefix: i32): usize { return load<usize>(nodeRowsAt + <usize>node * sizeof<usize>()) + prefix; }

export function learned(port: i32, prefix: i32): i32 { return <i32>load<u8>(ofPort(port, prefix)); }
export function setLearned(port: i32, prefix: i32, metric: i32): void { store<u8>(ofPort(port, prefix), <u8>metric); }
export function told(port: i32, prefix: i32): i32 { return <i32>load<u8>(ofPort(port, prefix) + width); }
export function setTold(port: i32, prefix: i32, metric: i32): void { store<u8>(ofPort(port, prefix) + width, <u8>metric); }
export function pending(node: i32, prefix: i32): bool { return load<u8>(ofNode(node, prefix)) != 0; }
export function setPending(node: i32, prefix: i32, on: bool): void { store<u8>(ofNode(node, prefix), on ? 1 : 0); }

/** An interface of the node in this prefix that is up, or -1. */
export function connected(node: i32, prefix: i32): i32 {
  const n = nodeOf(node);
  for (let i = n.firstL3, end = n.firstL3 + n.l3Count; i < end; i++) {
    const l3 = l3Of(i);
    if (l3.prefix == prefix && l3.up != 0) return i;
  }
  return -1;
}

/** Lowest metric told by a live neighbour. */
export function bestMetric(node: i32, prefix: i32): i32 {
  let best = UNREACHABLE;
  for (let p = load<i32>(spanOf(node)), end = load<i32>(spanOf(node), 4); p < end; p++) {
    if (portOf(p).adjacency != 0 && learned(p, prefix) < best) best = learned(p, prefix);
  }
  return best;
}

/** Finds the next hops, routed ports; returns how many. `foundHop` tells which, until the next call. */
export function findHops(node: i32, prefix: i32): i32 {
  let best = UNREACHABLE;
  let count = 0;
  for (let p = load<i32>(spanOf(node)), end = load<i32>(spanOf(node), 4); p < end; p++) {
    if (portOf(p).adjacency == 0) continue;
    const metric = learned(p, prefix);
    if (metric > best || metric == UNREACHABLE) continue;
    if (metric < best) { best = metric; count = 0; }
    store<i32>(foundAt + (<usize>count << 2), p);
    count += 1;
  }
  return count;
}
export function foundHop(k: i32): i32 { return load<i32>(foundAt + (<usize>k << 2)); }

/** Was the best route learned from a lower tier, so that anyone may hear of it? */
export function fromBelow(node: i32, prefix: i32): bool {
  const count = findHops(node, prefix);
  for (let k = 0; k < count; k++) {
    if (nodeOf(portOf(otherEnd(foundHop(k))).node).tier < nodeOf(node).tier) return true;
  }
  return false;
}

export function isNextHop(node: i32, prefix: i32, port: i32): bool {
  return portOf(port).adjacency != 0 && learned(port, prefix) == bestMetric(node, prefix) && learned(port, prefix) != UNREACHABLE;
}
