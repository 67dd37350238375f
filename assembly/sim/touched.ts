// What each node goes through, as a number: the sum of a hash of each event at it (when, what, the frame's content) and of each walk that led
// by it. Where two runs have the same sum for a node they have done the same to it; bindings/sweep/pairs.ts builds on that. And which nodes a
// flow's walks ever led by. Nothing is kept unless it was asked for before the run begins.

import { TARGET_LAG, TARGET_LINK, TARGET_NODE } from "../abi";
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
import { groupOf, l3Of, lagOf, linkOf, otherEnd, portOf, vrrpPlaceOf } from "./tables";
import {
  TIMER_AGE, TIMER_ARP, TIMER_BOND, TIMER_BOOT, TIMER_CARRIER, TIMER_FALLBACK, TIMER_FHRP, TIMER_HELLO, TIMER_HOLD, TIMER_L3, TIMER_LACP, TIMER_MII, TIMER_MLAG, TIMER_PXE, TIMER_ROUTE,
  TIMER_SCENARIO, TIMER_STP, TIMER_VRRP,
} from "./timers";

export let keeping: bool = false;
let sumsAt: usize = 0; // u64 a node
let waysAt: usize = 0; // a bit a node, `stride` bytes a flow
let resultsAt: usize = 0; // u64 a flow: its last walks
let flowSumsAt: usize = 0; // u64 a flow: all results that were other than those before
let stride: usize = 0;
let nodeCount: i32 = 0;
let flowCount: i32 = 0;

export function keepTouched(nodes: i32, flows: i32): void {
  keeping = true;
  nodeCount = nodes; flowCount = flows;
  stride = (<usize>nodes + 7) >> 3;
  sumsAt = take(<usize>nodes << 3);
  waysAt = take(<usize>flows * stride);
  resultsAt = take(<usize>flows << 3);
  flowSumsAt = take(<usize>flows << 3);
}

/** From here on. The ways as they are belong to it: `visits.ts` puts them in. */
export function clearTouched(): void {
  memory.fill(sumsAt, 0, <usize>nodeCount << 3);
  memory.fill(waysAt, 0, <usize>flowCount * stride);
  memory.fill(flowSumsAt, 0, <usize>flowCount << 3);
}

/** u64 a node. */
export function touchedAt(): usize { return sumsAt; }
/** u64 a flow: the results of its walks. */
export function flowsTouchedAt(): usize { return flowSumsAt; }
/** A bit a node, rounded up to bytes, of all walks of a flow. */
export function wayNodesAt(flow: i32): usize { return waysAt + <usize>flow * stride; }

// Sums do not depend on the order: of one instant's events at a node it is given by what they are.
function add(node: i32, what: u64): void {
  const at = (sumsAt + (<usize>node << 3));
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
  add(portOf(f.port).node, h);
}

export function timerTouches(kind: i32, e: i32): void {
  if (kind == TIMER_SCENARIO) { stepTouches(e); return; }
  if (kind == TIMER_ARP && onlyParks(e)) return;
  const node = nodeOfTimer(kind, e);
  if (node >= 0) add(node, (<u64>kind << 40) | <u64><u32>e);
}

/**
 * A flow was walked, with this result. As before: it keeps fresh what it kept fresh, and nothing is other than if nobody had looked. Otherwise, or
 * where not all of it is known (`whole`), it may have taught each node by which it ever led.
 */
export function walkTouches(flow: i32, result: u64, whole: bool): void {
  const at = resultsAt + (<usize>flow << 3);
  const before = load<u64>(at);
  store<u64>(at, result);
  if (whole && before == result) return;
  const sum = flowSumsAt + (<usize>flow << 3);
  store<u64>(sum, load<u64>(sum) + mix(result ^ (<u64>now * 0x9e3779b97f4a7c15)));
  for (let node = 0; node < nodeCount; node++) {
    if ((load<u8>(wayNodesAt(flow) + (<usize>node >> 3)) & (<u8>1 << <u8>(node & 7))) != 0) add(node, mix((<u64>0xff << 40) | <u64><u32>flow) ^ result);
  }
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
  add(portOf(linkOf(link).a).node, what);
  add(portOf(otherEnd(linkOf(link).a)).node, what);
}

/** -1: none; what services and probes do is seen in flows. */
function nodeOfTimer(kind: i32, e: i32): i32 {
  switch (kind) {
    case TIMER_CARRIER: case TIMER_HELLO: case TIMER_HOLD: return portOf(e).node;
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
