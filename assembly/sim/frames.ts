// Frames in flight. A frame is a row of fields while it travels; real bytes are made only for captures.
// Of the frames that arrive in one instant, the order is by receiving port, then by kind, then by who made them: never by when they were sent in
// the running of this program, as what was left out is made up for late.

import { schedule, setRank } from "../collections/event-queue";
import { orderEquals } from "../collections/instant";
import { take } from "../core/memory";
import { cause, now, setCause } from "../core/trace";
import { STREAM_LOSS, drawBelow } from "../core/rng";
import { trap, TRAP_FRAMES_FULL } from "../core/trap";
import {
  FRAME_BPDU, FRAME_GLBP, FRAME_HELLO, FRAME_LACPDU, DROP_BACKUP_MEMBER, DROP_LINK_DARK, DROP_NODE_DOWN, DROP_NONE, DROP_NOT_COLLECTING, DROP_NO_CARRIER, FRAME_PROBE, LAG_ACTIVE_BACKUP, LAG_ALB,
  LAG_INDEPENDENT, NODE_HUNG, NODE_UP,
} from "../abi";
import { Link, lagOf, linkOf, memberOf, nodeOf, otherEnd, portOf } from "./tables";
import { PHASE_FRAME } from "./timers";
import { capture } from "./capture";
import { countSent } from "./counters";
import { noteSent } from "./rest-neighbour";
import { gatewaysUnheard, isGatewayHello } from "./rest-rules";
import { voiceLost } from "./voice";
import { monitorSent } from "./bond-tables";

@unmanaged export class Frame {
  kind: i32; port: i32; // port of arrival
  srcMac: u64; dstMac: u64;
  vlan: u32; origin: i32; // node that made it
  // ARP: op, sender IP and MAC, target IP and MAC. VRRP: version, VRID, priority, address, interval. Others: see who sends.
  a: i32; b: i32; c: u32; d: u32;
  e: u64; f: u64;
  g: i64;
  h: i32; i: i32;
  serial: u32; // all copies of one frame have the same
  cause: u32; // the record on whose account it was sent
  refresh: i32; // the neighbour entry's note that it belongs to (rest-neighbour.ts), 0 none
  made: u32; // how many its maker had made
  madeAt: i64; maker: u64; // the instant, and the rank of the event that made it
  parentAt: i64; parent: u64; // the same of the frame that this event was, for an answer
  // Two cache lines up to here; the third is for those that have a body.
  body0: u64; body1: u64; body2: u64; body3: u64; body4: u64; body5: u64; body6: u64; body7: u64; // LACPDU record, BPDU, GLBP's forwarders, routes
}

export const FRAME_BODY: usize = offsetof<Frame>("body0");

let framesAt: usize = 0;
let freeAt: usize = 0; // stack of free rows
let freeCount: i32 = 0;
let capacity: i32 = 0;
let firstEvent: i32 = 0;
export let scratch: usize = 0; // one row outside the pool: what is about to be sent

export function reserveFrames(count: i32): void {
  capacity = count;
  framesAt = take(<usize>count * offsetof<Frame>());
  freeAt = take(<usize>count << 2);
  scratch = take(offsetof<Frame>());
  aside = take(offsetof<Frame>());
  freeCount = count;
  for (let i = 0; i < count; i++) store<i32>(freeAt + (<usize>i << 2), count - 1 - i);
}
export function placeFrames(event: i32): void { firstEvent = event; orderEquals(madeBefore); }
export function isFrame(event: i32): bool { return event >= firstEvent; }
export function frameOf(event: i32): Frame { return changetype<Frame>(framesAt + <usize>(event - firstEvent) * offsetof<Frame>()); }
export function releaseFrame(event: i32): void {
  store<i32>(freeAt + (<usize>freeCount << 2), event - firstEvent);
  freeCount += 1;
}

// Eight vectors, twelve with a body. A call to the host's memory routines would take longer than moving them.
export function hasBody(kind: i32): bool { return kind == FRAME_LACPDU || kind == FRAME_HELLO || kind == FRAME_BPDU || kind == FRAME_GLBP; }
// @ts-ignore: decorator
@inline function move(to: usize, from: usize, at: usize): void { v128.store(to + at, v128.load(from + at)); }
// @ts-ignore: decorator
@inline function moveLine(to: usize, from: usize): void { move(to, from, 0); move(to, from, 16); move(to, from, 32); move(to, from, 48); }
// @ts-ignore: decorator
@inline function clearLine(at: usize): void { v128.store(at, i64x2.splat(0)); v128.store(at + 16, i64x2.splat(0)); v128.store(at + 32, i64x2.splat(0)); v128.store(at + 48, i64x2.splat(0)); }
function clearFrame(at: usize, kind: i32): void {
  clearLine(at);
  clearLine(at + 64);
  if (hasBody(kind)) clearLine(at + FRAME_BODY);
}
function copyFrame(to: usize, from: usize, kind: i32): void {
  moveLine(to, from);
  moveLine(to + 64, from + 64);
  if (hasBody(kind)) moveLine(to + FRAME_BODY, from + FRAME_BODY);
}

/** The scratch frame, cleared, to be filled and sent (more than once when it is flooded). */
export function makeFrame(kind: i32, origin: i32, srcMac: u64, dstMac: u64): Frame {
  clearFrame(scratch, kind);
  const f = changetype<Frame>(scratch);
  f.kind = kind; f.origin = origin; f.srcMac = srcMac; f.dstMac = dstMac; f.refresh = refresh;
  renewFrame(f);
  return f;
}
let aside: usize = 0;
/** The scratch frame is kept while others are made and sent: one, and until it is taken back. */
export function setAside(): void { memory.copy(aside, scratch, offsetof<Frame>()); }
export function takeBack(): void { memory.copy(scratch, aside, offsetof<Frame>()); }

let refresh: i32 = 0;
/** Frames that are made from here on belong to a refresh, or to none (0). */
export function ofRefresh(note: i32): void { refresh = note; }

// A frame is known by the instant, by the event that made it, and by how many that had made: hellos that are left out move no other's. Two frames
// of one kind that arrive at one port together are two events of one rank; what they make is told apart by who made these.
let madeAt: i64 = 0; let maker: u64 = 0;
let parentAt: i64 = 0; let parent: u64 = 0;
let made: u32 = 0;
let presentMaker: u64 = 0; let presentParentAt: i64 = 0; let presentParent: u64 = 0; let presentMade: u32 = 0;

/** What is made from here on is made by this event, of this rank. */
export function makerIs(event: i32, rank: u64): void {
  let from: u64 = 0; let at: i64 = 0;
  if (isFrame(event)) { from = frameOf(event).maker; at = frameOf(event).madeAt; }
  if (maker == rank && madeAt == now && parent == from && parentAt == at) return;
  madeAt = now; maker = rank; parentAt = at; parent = from; made = 0;
}
/** Frames of the past are made, and then those of the event that was being done again. */
export function setMakerAside(): void { presentMaker = maker; presentParentAt = parentAt; presentParent = parent; presentMade = made; }
export function takeMakerBack(): void { madeAt = now; maker = presentMaker; parentAt = presentParentAt; parent = presentParent; made = presentMade; }

/** A routed frame is another one to the bridges behind the router. */
export function renewFrame(f: Frame): void {
  made += 1;
  f.made = made; f.madeAt = madeAt; f.maker = maker; f.parentAt = parentAt; f.parent = parent;
  f.serial = <u32>(((<u64>now ^ rotl<u64>(maker, 20) ^ parent * 0xd6e8feb86659fd93 ^ (<u64>made << 52)) * 0x9e3779b97f4a7c15) >> 32) | 1;
}

/** Of two frames of one kind that arrive at one port together: is the first before the other? The older one, then by who made them. */
function madeBefore(event: u32, other: u32): bool {
  const f = frameOf(event); const o = frameOf(other);
  if (f.madeAt != o.madeAt) return f.madeAt < o.madeAt;
  if (f.maker != o.maker) return f.maker < o.maker;
  if (f.parentAt != o.parentAt) return f.parentAt < o.parentAt;
  if (f.parent != o.parent) return f.parent < o.parent;
  return f.made < o.made;
}

// What stands between two ports, for frames and for the walk of a flow alike. Each returns DROP_NONE or why not, and sets `blame`.
export let blame: u32 = 0;

/** Does a frame that `port` sends now get to the other end? Random loss apart. */
export function obstacle(port: i32): i32 {
  const p = portOf(port);
  if (p.admin == 0) { blame = p.adminCause; return DROP_NO_CARRIER; }
  if (p.carrier == 0) { blame = p.cause; return DROP_NO_CARRIER; }
  const link = linkOf(p.link);
  // An end without signal hears nothing; what it still sends until it notices gets through.
  if (link.cut == 0 && (link.noSignal & (2 >> p.end)) == 0 && (link.dark & (1 << p.end)) == 0 && link.loss < 1000000) return DROP_NONE;
  blame = link.cause;
  return DROP_LINK_DARK;
}

/** Does `port` hear what arrives? */
export function deaf(port: i32): i32 {
  const p = portOf(port);
  const n = nodeOf(p.node);
  if (n.state != NODE_UP && n.state != NODE_HUNG) { blame = n.faultCause; return DROP_NODE_DOWN; }
  if (p.admin != 0 && p.carrier != 0) return DROP_NONE;
  blame = p.admin == 0 ? p.adminCause : p.cause;
  return DROP_LINK_DARK;
}

/** Does the bundle that `port` belongs to take data frames from it? `group`: sent to a group address. */
export function refused(port: i32, group: bool): i32 {
  const p = portOf(port);
  if (p.lag < 0 || p.solo != 0 || nodeOf(p.node).firmware != 0) return DROP_NONE;
  const m = memberOf(p.member);
  const lag = lagOf(p.lag);
  if (lag.closed != 0) { blame = lag.closedCause; return DROP_NOT_COLLECTING; }
  if ((m.usable & 1) != 0) return DROP_NONE;
  // Behind these bonds each member has its own address, and takes what is sent to that.
  if (!group && (m.usable & 2) != 0 && (lag.mode == LAG_ALB || lag.mode == LAG_INDEPENDENT)) return DROP_NONE;
  blame = m.cause != 0 ? m.cause : lag.cause;
  return lag.mode == LAG_ACTIVE_BACKUP ? DROP_BACKUP_MEMBER : DROP_NOT_COLLECTING;
}

/** The record behind the silence of the other end of a port's cable: of its node, the cable or its port; 0 for none known. */
export function silencer(port: i32): u32 {
  const p = portOf(port);
  const far = portOf(otherEnd(port));
  const n = nodeOf(far.node);
  if (n.faultCause != 0) return n.faultCause;
  if (p.lossCause != 0) return p.lossCause;
  if (far.admin == 0) return far.adminCause;
  if (far.lag >= 0 && lagOf(far.lag).closed != 0) return lagOf(far.lag).closedCause;
  return far.carrier == 0 ? far.cause : 0;
}

/** A frame for a protocol came through at `port`: after losses, because the cable was repaired since. */
export function cameThrough(port: i32): void {
  const p = portOf(port);
  if (p.lossCause == 0) return;
  const repaired = linkOf(p.link).cause;
  if (repaired > p.lossCause && repaired > cause) setCause(repaired);
  p.lossCause = 0;
}

/** Is this frame one of those that a lossy link loses? Drawn by the instant and the count of frames in it, not by what went before. */
function drawnOut(port: i32, link: Link): bool {
  if (link.drawnAt != now) { link.drawnAt = now; link.drawn = 0; }
  link.drawn += 1;
  return drawBelow(STREAM_LOSS, portOf(port).key, <u64>now ^ (<u64>link.drawn << 48), 1000000) < link.loss;
}

/** Sends a copy of `frame` out of `port`. False: the port has no carrier or is disabled. */
export function send(port: i32, frame: Frame): bool {
  const why = obstacle(port);
  if (why == DROP_NO_CARRIER) return false;
  const p = portOf(port);
  const link = linkOf(p.link);
  const far = otherEnd(port);
  if (p.watched != 0) capture(port, 0, frame);
  if (p.monitored != 0) monitorSent(p.member);
  if (frame.kind == FRAME_PROBE) countSent(port);
  if (why != DROP_NONE || (link.loss != 0 && drawnOut(port, link))) {
    if (isGatewayHello(frame.kind) && gatewaysUnheard(far)) return true;
    portOf(far).lossCause = link.cause;
    nodeOf(frame.origin).lossCause = link.cause;
    nodeOf(frame.origin).lossSince = link.causedAt;
    voiceLost(frame.kind, frame.i, portOf(far).node, link.cause);
    return true;
  }
  if (freeCount == 0) trap(TRAP_FRAMES_FULL, capacity);
  freeCount -= 1;
  const slot = load<i32>(freeAt + (<usize>freeCount << 2));
  const event = firstEvent + slot;
  const copy = frameOf(event);
  copyFrame(changetype<usize>(copy), changetype<usize>(frame), frame.kind);
  copy.port = far;
  copy.cause = cause;
  setRank(<u32>event, (PHASE_FRAME << 56) | (<u64>far << 24) | <u64>frame.kind);
  schedule(<u32>event, now + link.delayNs);
  if (frame.refresh != 0) noteSent(frame.refresh);
  return true;
}
