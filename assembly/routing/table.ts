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
export const MESSAGE: i32 = 64; // prefixes that one message tells of: a byte each in a frame's body
export let width: usize = 0; // a multiple of it
let portRowsAt: usize = 0; // [port] address of two rows: metric told by the neighbour of this routed port; metric we told it last
let nodeRowsAt: usize = 0; // [node] address of rows: prefixes to be looked at; best metrics; next hops, how many and the first one
let spansAt: usize = 0; // [node] its first routed port, and the one behind its last
const UNKNOWN: u8 = 254; // best metric: to be looked for

export function reserveRoutes(nodes: i32, ports: i32, prefixCount: i32): void {
  width = <usize>((prefixCount + MESSAGE - 1) / MESSAGE * MESSAGE);
  portRowsAt = take(<usize>ports * sizeof<usize>());
  nodeRowsAt = take(<usize>nodes * sizeof<usize>());
  spansAt = take(<usize>nodes << 3);
}

export function addRoutedPort(port: i32): void {
  const at = take(width << 1);
  memory.fill(at, <u8>UNREACHABLE, width << 1);
  store<usize>(portRowsAt + <usize>port * sizeof<usize>(), at);
  const span = spanOf(portOf(port).node);
  if (load<i32>(span, 4) == 0) store<i32>(span, port);
  store<i32>(span, port + 1, 4);
}
export function addRoutingNode(node: i32): void {
  store<usize>(nodeRowsAt + <usize>node * sizeof<usize>(), take(width * 10));
  neighboursChanged(node);
}

// @ts-ignore: decorator
@inline function ofPort(port: i32, prefix: i32): usize { return load<usize>(portRowsAt + <usize>port * sizeof<usize>()) + prefix; }
// @ts-ignore: decorator
@inline function spanOf(node: i32): usize { return spansAt + (<usize>node << 3); }
// @ts-ignore: decorator
@inline function ofNode(node: i32, prefix: i32): usize { return load<usize>(nodeRowsAt + <usize>node * sizeof<usize>()) + prefix; }

// @ts-ignore: decorator
@inline function bestOf(node: i32, prefix: i32): usize { return ofNode(node, prefix) + width; }
// @ts-ignore: decorator
@inline function hopsOf(node: i32, prefix: i32): usize { return ofNode(node, 0) + (width << 1) + (<usize>prefix << 3); }
/** Servers have no rows. */
// @ts-ignore: decorator
@inline function routes(node: i32): bool { return ofNode(node, 0) != 0; }

/** All neighbours have gone: what was kept of the node is looked for anew. */
export function neighboursChanged(node: i32): void { if (routes(node)) memory.fill(bestOf(node, 0), UNKNOWN, width); }

export function learned(port: i32, prefix: i32): i32 { return <i32>load<u8>(ofPort(port, prefix)); }
/** Of a neighbour that is up, or whose routes are all taken back now that it is not: what is kept of the node goes along where it can. */
export function setLearned(port: i32, prefix: i32, metric: i32): void {
  const old = learned(port, prefix);
  store<u8>(ofPort(port, prefix), <u8>metric);
  const node = portOf(port).node;
  const at = bestOf(node, prefix);
  const best = load<u8>(at);
  if (best == UNKNOWN || old == metric) return;
  const hops = hopsOf(node, prefix);
  if (metric < <i32>best) { store<u8>(at, <u8>metric); store<i32>(hops, 1); store<i32>(hops, port, 4); return; }
  if (metric == <i32>best) { store<i32>(hops, load<i32>(hops) + 1); store<i32>(hops, min(port, load<i32>(hops, 4)), 4); return; }
  if (old != <i32>best) return;
  if (load<i32>(hops, 4) == port) store<u8>(at, UNKNOWN);
  else store<i32>(hops, load<i32>(hops) - 1);
}
/** Rows of a routed port, a byte for each prefix: what it was told, and what it told. */
export function learnedAt(port: i32): usize { return ofPort(port, 0); }
export function toldAt(port: i32): usize { return ofPort(port, 0) + width; }
export function setTold(port: i32, prefix: i32, metric: i32): void { store<u8>(ofPort(port, prefix) + width, <u8>metric); }
export function pending(node: i32, prefix: i32): bool { return load<u8>(ofNode(node, prefix)) != 0; }
/** The first prefix at or after `from` that is to be looked at. */
export function nextPending(node: i32, from: i32): i32 {
  const end = <i32>width;
  let x = from;
  for (; x + 8 <= end; x += 8) {
    const eight = load<u64>(ofNode(node, x));
    if (eight != 0) return x + (<i32>ctz<u64>(eight) >> 3);
  }
  for (; x < end; x++) if (pending(node, x)) return x;
  return end;
}
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

/** Looks at all neighbours once. What they have told of the prefix is kept until one of them tells something else. */
function look(node: i32, prefix: i32): void {
  let best = UNREACHABLE;
  let count = 0;
  let first = -1;
  for (let p = load<i32>(spanOf(node)), end = load<i32>(spanOf(node), 4); p < end; p++) {
    if (portOf(p).adjacency == 0) continue;
    const metric = learned(p, prefix);
    if (metric > best || metric == UNREACHABLE) continue;
    if (metric < best) { best = metric; count = 0; first = p; }
    count += 1;
  }
  store<u8>(bestOf(node, prefix), <u8>best);
  store<i32>(hopsOf(node, prefix), count);
  store<i32>(hopsOf(node, prefix), first, 4);
}

/** Lowest metric told by a live neighbour. */
export function bestMetric(node: i32, prefix: i32): i32 {
  if (!routes(node)) return UNREACHABLE;
  if (load<u8>(bestOf(node, prefix)) == UNKNOWN) look(node, prefix);
  return <i32>load<u8>(bestOf(node, prefix));
}

/** How many next hops there are. */
export function hopCount(node: i32, prefix: i32): i32 { return bestMetric(node, prefix) == UNREACHABLE ? 0 : load<i32>(hopsOf(node, prefix)); }

/** The k-th next hop, a routed port. */
export function nextHop(node: i32, prefix: i32, k: i32): i32 {
  const best = bestMetric(node, prefix);
  let p = load<i32>(hopsOf(node, prefix), 4);
  for (let left = k; left > 0; ) {
    p += 1;
    if (portOf(p).adjacency != 0 && learned(p, prefix) == best) left -= 1;
  }
  return p;
}

/** Was the best route learned from a lower tier, so that anyone may hear of it? */
export function fromBelow(node: i32, prefix: i32): bool {
  const count = hopCount(node, prefix);
  for (let k = 0; k < count; k++) {
    if (nodeOf(portOf(otherEnd(nextHop(node, prefix, k))).node).tier < nodeOf(node).tier) return true;
  }
  return false;
}

export function isNextHop(node: i32, prefix: i32, port: i32): bool {
  return portOf(port).adjacency != 0 && learned(port, prefix) == bestMetric(node, prefix) && learned(port, prefix) != UNREACHABLE;
}
