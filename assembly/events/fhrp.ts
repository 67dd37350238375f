// HSRP, GLBP and anycast gateways in the simulation: when they start and stop, what they send, hear and answer.

import { FHRP_ANYCAST, FHRP_GLBP, FHRP_HSRP, FORWARDER_LISTEN, FRAME_GLBP, FRAME_HSRP, HSRP_ACTIVE, HSRP_COUP, HSRP_HELLO, HSRP_INITIAL, HSRP_RESIGN } from "../abi";
import { announceAs } from "../neighbour/cache";
import { isPast } from "../collections/event-queue";
import { cause, now, setCause, traceWritten } from "../core/trace";
import {
  FORWARDERS, GLBP_MESSAGE_BYTES, GlbpMessage, GlbpRouter, activeBits, assign, deliver as deliverGlbp, forwarderMac, forwarderOf, left, nextDeadline as glbpDeadline, run as runGlbp, setOwnerIn,
  startup as startGlbp, stop as stopGlbp,
} from "../fhrp/glbp";
import { HSRP_MESSAGE_BYTES, HsrpMessage, crash, deliver, lowerOutputs, nextDeadline, run, shutdown, startup } from "../fhrp/hsrp";
import { markDirty } from "../sim/dirty";
import { fhrpOf, glbpOf, hsrpOf } from "../sim/fhrp-tables";
import { Frame, makeFrame } from "../sim/frames";
import { sendOut } from "../switching/l3-out";
import { mayRestVoice, restingVoice, stirDomain, stirVoice } from "../sim/rest-voices";
import { l3Of, running, vipOf } from "../sim/tables";
import { TIMER_FHRP, followDeadline, stopTimer } from "../sim/timers";
import { silence, voiceOf, voiceOfFhrp } from "../sim/voice";

const HSRP1_GROUP: u64 = 0x01005e000002; // 224.0.0.2
const HSRP2_GROUP: u64 = 0x01005e000066; // 224.0.0.102, GLBP's too

const MESSAGE_MAX: i32 = 64;
const hsrpMessage = changetype<HsrpMessage>(memory.data(MESSAGE_MAX));
const glbpMessage = changetype<GlbpMessage>(memory.data(MESSAGE_MAX));
if (HSRP_MESSAGE_BYTES > <usize>MESSAGE_MAX || GLBP_MESSAGE_BYTES > <usize>MESSAGE_MAX) ERROR("a message is larger than its place");

export function startFhrps(l3: i32): void {
  const i = l3Of(l3);
  const before = cause;
  for (let k = i.firstFhrp, end = i.firstFhrp + i.fhrpCount; k < end; k++) {
    const f = fhrpOf(k);
    f.cause = cause;
    if (f.kind != FHRP_ANYCAST) startup(hsrpOf(k), now);
    if (f.kind == FHRP_GLBP) startGlbp(glbpOf(k));
    settleFhrp(k);
    setCause(before);
  }
}

/** The interface is gone, or the node with it: what is said is not heard. */
export function stopFhrps(l3: i32): void {
  const i = l3Of(l3);
  const before = cause;
  for (let k = i.firstFhrp, end = i.firstFhrp + i.fhrpCount; k < end; k++) {
    crash(hsrpOf(k), now);
    if (fhrpOf(k).kind == FHRP_GLBP) stopGlbp(glbpOf(k));
    stopTimer(TIMER_FHRP, k);
    fhrpOf(k).seen = 0;
    setCause(before);
  }
  if (i.fhrpCount > 0) markDirty(i.node);
}

/** Orderly: who is active resigns. A GLBP router leaves with its forwarders whatever its state. */
export function resignFhrps(l3: i32): void {
  const i = l3Of(l3);
  stirDomain(i.bridge);
  for (let k = i.firstFhrp, end = i.firstFhrp + i.fhrpCount; k < end; k++) {
    const glbp = fhrpOf(k).kind == FHRP_GLBP && hsrpOf(k).state != HSRP_INITIAL;
    shutdown(hsrpOf(k), now);
    if (glbp) { stopGlbp(glbpOf(k)); hsrpOf(k).sendResign = true; }
    settleFhrp(k);
  }
}

export function fhrpFired(k: i32): void {
  const f = fhrpOf(k);
  if (!running(l3Of(f.l3).node)) return;
  if (!isPast()) stirVoice(voiceOfFhrp(k));
  const written = traceWritten();
  const r = hsrpOf(k);
  if (r.activeAt <= now) blame(r.activeFrom, r.activeHeardAt, f.l3);
  const state = r.state;
  run(r, now);
  if (f.kind == FHRP_GLBP) {
    const g = glbpOf(k);
    for (let n = 0; n < FORWARDERS; n++) {
      const forwarder = forwarderOf(g, n);
      if (forwarder.state == FORWARDER_LISTEN && forwarder.holdAt <= now && forwarder.gaveUp == 0) blame(forwarder.from, forwarder.heardAt, f.l3);
    }
    runGlbp(g, now);
  }
  if (r.state != state) f.cause = cause;
  settleFhrp(k);
  noteChange(k, written);
  if (!isPast()) mayRestVoice(voiceOfFhrp(k));
}
function noteChange(k: i32, written: u32): void { if (traceWritten() != written) voiceOf(voiceOfFhrp(k)).changedAt = now; }
/** A router that fell silent is to blame. */
function blame(voice: i32, heardAt: i64, l3: i32): void {
  const blamed = silence(voice, heardAt, l3);
  if (blamed != 0) setCause(blamed);
}

/** Sends what the machines raised, and follows their next deadline. */
export function settleFhrp(k: i32): void {
  const f = fhrpOf(k);
  if (f.kind == FHRP_ANYCAST) return;
  const r = hsrpOf(k);
  const before = cause;
  if (f.kind == FHRP_GLBP && r.state == HSRP_ACTIVE) assign(glbpOf(k), r.ip, now); // the AVG forwards itself
  const forwards = f.kind == FHRP_GLBP ? activeBits(glbpOf(k)) | (r.state == HSRP_ACTIVE ? 16 : 0) : r.state == HSRP_ACTIVE ? 1 : 0;
  if (forwards != f.seen) { f.seen = forwards; markDirty(l3Of(f.l3).node); }
  if (f.kind == FHRP_HSRP) speakHsrp(k); else speakGlbp(k);
  setCause(before);
  if (restingVoice(voiceOfFhrp(k))) return; // a hello that was on its way when it lay down
  followDeadline(TIMER_FHRP, k, f.kind == FHRP_GLBP ? min(nextDeadline(r), glbpDeadline(glbpOf(k))) : nextDeadline(r), now);
}

function speakHsrp(k: i32): void {
  const f = fhrpOf(k);
  const r = hsrpOf(k);
  const before = cause;
  const announces = r.announce;
  if (r.sendCoup) { sendHsrp(k, HSRP_COUP); setCause(before); }
  if (r.sendResign) { sendHsrp(k, HSRP_RESIGN); setCause(before); }
  if (r.sendHello) { sendHsrp(k, HSRP_HELLO); setCause(before); }
  lowerOutputs(r);
  if (!announces) return;
  for (let v = 0; v < f.vipCount; v++) { announceAs(f.l3, f.mac, vipOf(f.firstVip + v), 1); setCause(before); }
  markDirty(l3Of(f.l3).node);
}

/** RFC 2281 5.1: the active router speaks with the virtual MAC. Choice: coup and resign come from the interface's own. */
function sendHsrp(k: i32, op: i32): void {
  const f = fhrpOf(k);
  const r = hsrpOf(k);
  const i = l3Of(f.l3);
  const frame = makeFrame(FRAME_HSRP, i.node, op == HSRP_HELLO && r.state == HSRP_ACTIVE ? f.mac : i.mac, f.version == 1 ? HSRP1_GROUP : HSRP2_GROUP);
  fill(frame, k, op);
  sendOut(f.l3, frame);
}
function fill(frame: Frame, k: i32, op: i32): void {
  const f = fhrpOf(k);
  const r = hsrpOf(k);
  frame.a = f.group; frame.b = op; frame.c = <u32>r.priority; frame.d = r.ip; frame.e = <u64>r.helloNs; frame.f = <u64>f.version; frame.g = r.holdNs;
  frame.h = r.state; frame.i = k;
}

/** One hello from each virtual MAC that is forwarded for, so that bridges know where it is. */
function speakGlbp(k: i32): void {
  const r = hsrpOf(k);
  const g = glbpOf(k);
  const before = cause;
  const resigns = r.sendResign;
  const speaks = r.sendHello || r.sendCoup || g.sendHello != 0 || g.moved != 0;
  const coup = r.sendCoup;
  const moved = g.moved != 0;
  if (r.sendHello) g.answered = 0;
  lowerOutputs(r);
  g.sendHello = 0; g.moved = 0;
  if (coup) { sendGlbp(k, HSRP_COUP, 0); setCause(before); }
  if (resigns) { sendGlbp(k, HSRP_RESIGN, 0); setCause(before); }
  if (!speaks || r.state == HSRP_INITIAL) return;
  const bits = activeBits(g);
  for (let n = 0; n < FORWARDERS; n++) if ((bits & (1 << n)) != 0) { sendGlbp(k, HSRP_HELLO, forwarderMac(fhrpOf(k).group, n)); setCause(before); }
  if (bits == 0) sendGlbp(k, HSRP_HELLO, 0);
  setCause(before);
  if (moved) markDirty(l3Of(fhrpOf(k).l3).node);
}
function sendGlbp(k: i32, op: i32, mac: u64): void {
  const f = fhrpOf(k);
  const i = l3Of(f.l3);
  const r = hsrpOf(k);
  const g = glbpOf(k);
  const frame = makeFrame(FRAME_GLBP, i.node, mac != 0 ? mac : i.mac, HSRP2_GROUP);
  fill(frame, k, op);
  frame.body0 = <u64>forwarderOf(g, 0).owner | (<u64>forwarderOf(g, 1).owner << 32);
  frame.body1 = <u64>forwarderOf(g, 2).owner | (<u64>forwarderOf(g, 3).owner << 32);
  frame.body2 = <u64>activeBits(g) | (r.state == HSRP_ACTIVE ? 16 : 0) | (<u64>g.weight << 32);
  sendOut(f.l3, frame);
}

/** A message of HSRP or GLBP came to an interface. */
export function fhrpArrived(l3: i32, frame: Frame, kind: i32): void {
  const i = l3Of(l3);
  if (i.up == 0) return;
  const m = hsrpMessage;
  const group = frame.a; const version = <i32>frame.f;
  m.op = frame.b; m.state = frame.h; m.priority = <i32>frame.c; m.ip = frame.d; m.from = voiceOfFhrp(frame.i); m.holdNs = frame.g;
  if (kind == FHRP_GLBP) readGlbp(frame);
  for (let k = i.firstFhrp, end = i.firstFhrp + i.fhrpCount; k < end; k++) {
    const f = fhrpOf(k);
    if (f.kind != kind || f.group != group || f.version != version) continue;
    const r = hsrpOf(k);
    const state = r.state;
    const before = cause;
    const written = traceWritten();
    // Whoever takes over from an active router that speaks does so for what happened there or here, whichever was last.
    if (m.op == HSRP_HELLO && m.state == HSRP_ACTIVE && state != HSRP_ACTIVE && f.cause > cause) setCause(f.cause);
    deliver(r, m, now);
    if (r.state == state) setCause(before);
    if (kind == FHRP_GLBP) hearGlbp(glbpOf(k), m, r.state == HSRP_ACTIVE);
    if (r.state != state) f.cause = cause;
    settleFhrp(k);
    noteChange(k, written);
  }
}
function readGlbp(frame: Frame): void {
  const m = glbpMessage;
  m.ip = frame.d; m.from = voiceOfFhrp(frame.i);
  setOwnerIn(m, 0, <u32>frame.body0); setOwnerIn(m, 1, <u32>(frame.body0 >> 32));
  setOwnerIn(m, 2, <u32>frame.body1); setOwnerIn(m, 3, <u32>(frame.body1 >> 32));
  m.active = <i32>(frame.body2 & 15); m.isAvg = <i32>((frame.body2 >> 4) & 1); m.weight = <i32>(frame.body2 >> 32);
}
function hearGlbp(g: GlbpRouter, m: HsrpMessage, avg: bool): void {
  // Who only is no longer AVG forwards on; who leaves says so from Initial.
  if (m.op == HSRP_RESIGN && m.state == HSRP_INITIAL) left(g, m.ip, now);
  else deliverGlbp(g, glbpMessage, avg, now);
  runGlbp(g, now);
}

export function fhrpStateOf(k: i32): i32 { return fhrpOf(k).kind == FHRP_ANYCAST ? l3Of(fhrpOf(k).l3).up != 0 ? HSRP_ACTIVE : HSRP_INITIAL : hsrpOf(k).state; }
