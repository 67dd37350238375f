// What each node goes through, as a number: the sum of a hash of each event at it (when, what, the frame's content) and of each walk that led
// by it. Where two runs have the same sum for a node they have done the same to it; bindings/touched builds on that. Nothing is kept unless it was
// asked for before the run begins.
//
// A router of a fabric that only routes (`routesOnly`) is more than one thing: what one leaf does to it is of no account to another. It has parts, each
// with a sum of its own: each cable to somebody else, the ways to each prefix (what is told of it, and by whom), all that it tells somebody who knows
// nothing yet, and the metrics by which it tells. The node itself is power, and cables to others of its kind. Its parts share the instant at which news
// is worked through: `newsAt` has from when to when there was any.

import { FRAME_HELLO, NODE_HOST, TARGET_LAG, TARGET_LINK, TARGET_NODE } from "../abi";
import { neighbourOf, onlyParks } from "./neighbour-tables";
import { take } from "../core/memory";
import { mix } from "../core/rng";
import { now } from "../core/trace";
import { peerOf } from "../mclag/peer";
import { bootOf } from "../pxe/boot";
import { stepOf } from "./steps";
import { fhrpOf } from "./fhrp-tables";
import { FRAME_BODY, Frame, hasBody } from "./frames";
import { stpOf } from "./stp-tables";
import { groupOf, l3Of, lagOf, linkOf, nodeOf, otherEnd, portOf, prefixes, vrrpPlaceOf } from "./tables";
import {
  TIMER_AGE, TIMER_ARP, TIMER_BOND, TIMER_BOOT, TIMER_CARRIER, TIMER_FALLBACK, TIMER_FHRP, TIMER_HELLO, TIMER_HOLD, TIMER_L3, TIMER_LACP, TIMER_MII, TIMER_MLAG, TIMER_PXE, TIMER_ROUTE,
  TIMER_SCENARIO, TIMER_STP, TIMER_VRRP,
} from "./timers";

export let keeping: bool = false;
let sumsAt: usize = 0; // u64 a node, then u64 a part
let partsAt: usize = 0; // i32 a node: its first part, 0: it has none
let newsesAt: usize = 0; // i64 twice a node: when its first news came, and when its last was worked through
let sums: i32 = 0;
let waysAt: usize = 0; // a bit a node, `stride` bytes a flow
let resultsAt: usize = 0; // u64 a flow: its last walks
let flowSumsAt: usize = 0; // u64 a flow: all results that were other than those before
let stride: usize = 0;
let nodeCount: i32 = 0;
let flowCount: i32 = 0;

export function keepTouched(nodes: i32, flows: i32): void {
  keeping = true;
  nodeCount = nodes; flowCount = flows;
}

/** All nodes are there, and nothing has run. */
export function formTouched(): void {
  if (!keeping) return;
  partsAt = take(<usize>nodeCount << 2);
  sums = nodeCount;
  for (let node = 0; node < nodeCount; node++) {
    if (!routesOnly(node)) continue;
    store<i32>(partsAt + (<usize>node << 2), sums);
    sums += nodeOf(node).portCount + prefixes + 2;
  }
  stride = (<usize>nodeCount + 7) >> 3;
  sumsAt = take(<usize>sums << 3);
  newsesAt = take(<usize>nodeCount << 4);
  waysAt = take(<usize>flowCount * stride);
  resultsAt = take(<usize>flowCount << 3);
  flowSumsAt = take(<usize>flowCount << 3);
}

/** From here on. The ways as they are belong to it: `visits.ts` puts them in. */
export function clearTouched(): void {
  memory.fill(sumsAt, 0, <usize>sums << 3);
  memory.fill(newsesAt, 0, <usize>nodeCount << 4);
  memory.fill(waysAt, 0, <usize>flowCount * stride);
  memory.fill(flowSumsAt, 0, <usize>flowCount << 3);
}

/** u64 a node, then u64 a part. */
export function touchedAt(): usize { return sumsAt; }
export function touchedSums(): i32 { return sums; }
/** u64 a flow: the results of its walks. */
export function flowsTouchedAt(): usize { return flowSumsAt; }
/** i64 twice a node with parts: from when to when there was news; 0: none. */
export function newsAt(node: i32): usize { return newsesAt + (<usize>node << 4); }

/** Nothing but routed cables: no interface, bundle, bridge or tree, so that nothing of one cable or prefix is read for another but what `sim/touched.ts` names. */
function routesOnly(node: i32): bool {
  const n = nodeOf(node);
  if (n.kind == NODE_HOST || n.routed == 0 || n.l3Count > 0 || n.bridgeCount > 0 || n.lagCount > 0 || n.peer >= 0 || n.stp != 0 || n.pxe >= 0) return false;
  for (let p = n.firstPort, end = n.firstPort + n.portCount; p < end; p++) if (portOf(p).routed == 0) return false;
  return n.portCount > 0;
}
/** A node's first part, 0: it has none. They are its ports in their order, the prefixes, what it tells who knows nothing, its metrics. */
export function partsOf(node: i32): i32 { return keeping ? load<i32>(partsAt + (<usize>node << 2)) : 0; }
/** The part that a port is, or its node. */
export function partOfPort(port: i32): i32 {
  const node = portOf(port).node;
  const first = partsOf(node);
  if (first == 0 || portOf(port).link < 0 || partsOf(portOf(otherEnd(port)).node) != 0) return node;
  return first + port - nodeOf(node).firstPort;
}
function partOfPrefix(node: i32, prefix: i32): i32 { return partsOf(node) + nodeOf(node).portCount + prefix; }
function partOfTelling(node: i32): i32 { return partsOf(node) + nodeOf(node).portCount + prefixes; }
function partOfMetrics(node: i32): i32 { return partOfTelling(node) + 1; }

/** A bit a node, rounded up to bytes, of all walks of a flow. */
function wayNodesAt(flow: i32): usize { return waysAt + <usize>flow * stride; }

// Sums do not depend on the order: of one instant's events at a node it is given by what they are.
function add(nodeOrPart: i32, what: u64): void {
  const at = (sumsAt + (<usize>nodeOrPart << 3));
  store<u64>(at, load<u64>(at) + mix(what ^ (<u64>now * 0x9e3779b97f4a7c15)));
}

export function frameTouches(f: Frame): void {
  let h: u64 = (<u64>f.kind << 32) | <u64><u32>f.port;
  h = mix(h) ^ f.srcMac; h = mix(h) ^ f.dstMac;
  h = mix(h) ^ ((<u64>f.vlan << 32) | <u64><u32>f.origin);
  h = mix(h) ^ ((<u64><u32>f.a << 32) | <u64><u32>f.b); h = mix(h) ^ ((<u64>f.c << 32) | <u64>f.d);
  h = mix(h) ^ f.e; h = mix(h) ^ f.f; h = mix(h) ^ <u64>f.g;
  h = mix(h) ^ ((<u64><u32>f.h << 32) | <u64><u32>f.i);
  const body = changetype<usize>(f) + FRAME_BODY;
  if (hasBody(f.kind)) for (let k: usize = 0; k < 64; k += 8) h = mix(h) ^ load<u64>(body + k);
  add(f.kind == FRAME_HELLO ? partOfPort(f.port) : portOf(f.port).node, h);
}

export function timerTouches(kind: i32, e: i32): void {
  if (kind == TIMER_SCENARIO) { stepTouches(e); return; }
  if (kind == TIMER_ARP && onlyParks(e)) return;
  if (kind == TIMER_ROUTE && partsOf(e) != 0) { newsTouches(e); return; }
  const touched = nodeOfTimer(kind, e);
  if (touched >= 0) add(touched, (<u64>kind << 40) | <u64><u32>e);
}

/** Something is to be worked through at a router, or is. */
export function newsTouches(node: i32): void {
  if (partsOf(node) == 0) return;
  if (load<i64>(newsAt(node)) == 0) store<i64>(newsAt(node), now);
  store<i64>(newsAt(node), now, 8);
}
/** A router was told something else of a prefix by a neighbour; `tells`: so that it tells something else. */
export function routeTouches(node: i32, prefix: i32, port: i32, metric: i32, tells: bool): void {
  if (partsOf(node) == 0) return;
  add(partOfPrefix(node, prefix), (<u64>0xfd << 40) | (<u64>metric << 32) | <u64><u32>port);
  if (tells) add(partOfMetrics(node), (<u64>0xfc << 40) | <u64><u32>prefix);
}
/** A router tells a neighbour all that it knows. */
export function tellingTouches(node: i32): void { if (partsOf(node) != 0) add(partOfTelling(node), <u64>0xfb << 40); }

/**
 * A flow was walked, with this result. As before: it keeps fresh what it kept fresh, and nothing is other than if nobody had looked. Otherwise, or
 * where not all of it is known (`whole`), it may have taught each node by which it ever led. `forth`, `back`: the prefixes that it goes to.
 */
export function walkTouches(flow: i32, result: u64, whole: bool, forth: i32, back: i32): void {
  const at = resultsAt + (<usize>flow << 3);
  const before = load<u64>(at);
  store<u64>(at, result);
  if (whole && before == result) return;
  const sum = flowSumsAt + (<usize>flow << 3);
  store<u64>(sum, load<u64>(sum) + mix(result ^ (<u64>now * 0x9e3779b97f4a7c15)));
  const what = mix((<u64>0xff << 40) | <u64><u32>flow) ^ result;
  for (let at: usize = 0; at < stride; at++) {
    for (let bits = <u32>load<u8>(wayNodesAt(flow) + at); bits != 0; bits &= bits - 1) {
      const node = <i32>(at << 3) + <i32>ctz<u32>(bits);
      if (node < nodeCount) wayTouches(node, what, forth, back);
    }
  }
}
/** What only routes learns nothing: it looks up where the flow goes to. */
function wayTouches(node: i32, what: u64, forth: i32, back: i32): void {
  if (partsOf(node) == 0) { add(node, what); return; }
  if (forth >= 0) add(partOfPrefix(node, forth), what);
  if (back >= 0) add(partOfPrefix(node, back), what);
}
export function noteWay(flow: i32, node: i32): void {
  const at = wayNodesAt(flow) + (<usize>node >> 3);
  store<u8>(at, load<u8>(at) | (<u8>1 << <u8>(node & 7)));
}

export function noteEverywhere(flow: i32): void { memory.fill(wayNodesAt(flow), 0xff, stride); }

function stepTouches(e: i32): void {
  const s = stepOf(e);
  const what = (<u64>0xfe << 40) | (<u64><u32>s.op << 32) | <u64><u32>s.target;
  if (s.kind == TARGET_NODE) { add(s.target, what); return; }
  if (s.kind == TARGET_LAG) { add(lagOf(s.target).node, what); return; }
  const link = s.kind == TARGET_LINK ? s.target : portOf(s.target).link;
  if (link < 0) { add(portOf(s.target).node, what); return; }
  add(partOfPort(linkOf(link).a), what);
  add(partOfPort(linkOf(link).b), what);
}

/** Or its part. -1: none; what services and probes do is seen in flows. */
function nodeOfTimer(kind: i32, e: i32): i32 {
  switch (kind) {
    case TIMER_CARRIER: case TIMER_HELLO: case TIMER_HOLD: return partOfPort(e);
    case TIMER_BOOT: case TIMER_ROUTE: case TIMER_AGE: return e;
    case TIMER_MII: return lagOf(e).node;
    case TIMER_BOND: return lagOf(e / 3).node;
    case TIMER_LACP: case TIMER_FALLBACK: return groupOf(e).node;
    case TIMER_VRRP: return l3Of(vrrpPlaceOf(e).l3).node;
    case TIMER_ARP: return l3Of(neighbourOf(e).l3).node;
    case TIMER_MLAG: return peerOf(e).node;
    case TIMER_L3: return l3Of(e).node;
    case TIMER_FHRP: return l3Of(fhrpOf(e).l3).node;
    case TIMER_STP: return stpOf(e).node;
    case TIMER_PXE: return bootOf(e).node;
    default: return -1;
  }
}
