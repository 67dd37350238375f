// RFC 2281, Cisco Hot Standby Router Protocol (version 1). Version 2 has other numbers on the wire and the same machine.
//
//   Initial ──a──▶ Learn ──▶ Listen ──▶ Speak ──▶ Standby ──▶ Active
//                            (c, d, i, l)   (d, l)     (c, i, h)
//
// Events a to l and actions A to I are those of 5.6 and 5.7. The same machine elects the AVG of GLBP (glbp.ts).

import {
  HSRP_ACTIVE, HSRP_COUP, HSRP_HELLO, HSRP_INITIAL, HSRP_LEARN, HSRP_LISTEN, HSRP_RESIGN, HSRP_SPEAK, HSRP_STANDBY, HSRP_WHY_ACTIVE_TIMER,
  HSRP_WHY_BETTER_ACTIVE, HSRP_WHY_BETTER_SPEAKER, HSRP_WHY_COUP, HSRP_WHY_LEARNED, HSRP_WHY_LESSER_STANDBY, HSRP_WHY_PREEMPT, HSRP_WHY_RESIGN,
  HSRP_WHY_SHUTDOWN, HSRP_WHY_STANDBY_TIMER, HSRP_WHY_STARTUP,
} from "../abi";
import { NEVER } from "../collections/event-queue";
import { trace } from "../core/trace";

@unmanaged export class HsrpRouter {
  // Configuration.
  index: i32; // trace entity
  kind: i32; // T_HSRP, or T_GLBP for the election of the AVG
  priority: i32; // 0 to 255; tracking changes it
  ip: u32; // primary address, decides among equal priorities
  preempt: bool;
  always: bool; // says hello in every state (GLBP: its forwarders have to be heard)
  knowsAddress: bool; // the virtual address is configured, or has been learned
  // State.
  state: i32;
  activeIp: u32; // who was last heard as active router, 0 nobody
  standbyIp: u32;
  activeFrom: i32; // the origin of its last hello, for who explains its silence; -1 nobody
  // Outputs. Raised here, lowered by who sends.
  sendCoup: bool;
  sendHello: bool;
  sendResign: bool;
  announce: bool; // gratuitous ARP
  // Configuration and timers, ns.
  helloNs: i64;
  holdNs: i64;
  preemptDelayNs: i64;
  activeAt: i64;
  standbyAt: i64;
  helloAt: i64;
  activeHeardAt: i64; // last hello of the active router
  preemptAt: i64; // before this a lesser active router is borne with
}

export const HSRP_BYTES: usize = offsetof<HsrpRouter>();
export function hsrpAt(p: usize): HsrpRouter { return changetype<HsrpRouter>(p); }
export function lowerOutputs(r: HsrpRouter): void { r.sendCoup = false; r.sendHello = false; r.sendResign = false; r.announce = false; }

/** What a message says. `from` is an opaque origin. */
@unmanaged export class HsrpMessage {
  op: i32; state: i32; priority: i32; ip: u32; from: i32; pad: i32;
  holdNs: i64;
}
export const HSRP_MESSAGE_BYTES: usize = offsetof<HsrpMessage>();

/** 5.3: "the router with the numerically higher priority"; among equals the higher IP address. */
function better(m: HsrpMessage, r: HsrpRouter): bool { return m.priority > r.priority || (m.priority == r.priority && m.ip > r.ip); }

function enter(r: HsrpRouter, state: i32, why: i32, now: i64): void {
  const old = r.state;
  r.state = state;
  if (old != state) trace(r.kind, r.index, old, state, why);
  if (state >= HSRP_SPEAK && old < HSRP_SPEAK) r.helloAt = now; // Choice: 5.4 does not say when the first hello is due: at once
  else if (state < HSRP_SPEAK && !r.always) r.helloAt = NEVER;
}
function startActive(r: HsrpRouter, hold: i64, now: i64): void { r.activeAt = now + hold; }
function startStandby(r: HsrpRouter, hold: i64, now: i64): void { r.standbyAt = now + hold; }

/** Event a. */
export function startup(r: HsrpRouter, now: i64): void {
  if (r.state != HSRP_INITIAL) return;
  lowerOutputs(r);
  r.activeIp = 0; r.standbyIp = 0; r.activeFrom = -1;
  r.helloAt = r.always ? now : NEVER;
  r.preemptAt = now + r.preemptDelayNs; // Choice: the delay is in no RFC; from startup, as NX-OS says of "delay minimum"
  startActive(r, r.holdNs, now);
  startStandby(r, r.holdNs, now);
  enter(r, r.knowsAddress ? HSRP_LISTEN : HSRP_LEARN, HSRP_WHY_STARTUP, now);
}

/** Event b: disabled in order, or its interface is. */
export function shutdown(r: HsrpRouter, now: i64): void {
  lowerOutputs(r);
  if (r.state == HSRP_ACTIVE) r.sendResign = true;
  stop(r, now);
}
/** The node died: no message. */
export function crash(r: HsrpRouter, now: i64): void { lowerOutputs(r); stop(r, now); }
function stop(r: HsrpRouter, now: i64): void {
  enter(r, HSRP_INITIAL, HSRP_WHY_SHUTDOWN, now);
  r.activeAt = NEVER; r.standbyAt = NEVER; r.helloAt = NEVER;
}

/** Actions C, F, I: nothing stands between this router and the Active state. */
function toActive(r: HsrpRouter, why: i32, now: i64): void {
  r.activeAt = NEVER;
  r.activeIp = r.ip; r.activeFrom = -1;
  enter(r, HSRP_ACTIVE, why, now);
  r.sendHello = true; r.helloAt = now + r.helloNs;
  r.announce = true;
}

/** Actions B, G, F, I. */
function takeOver(r: HsrpRouter, now: i64): void {
  startStandby(r, r.holdNs, now);
  r.sendCoup = true;
  toActive(r, HSRP_WHY_PREEMPT, now);
}

function toSpeak(r: HsrpRouter, why: i32, now: i64): void { enter(r, HSRP_SPEAK, why, now); }

// --- messages --------------------------------------------------------------------------------------

/** A message of this group came in. */
export function deliver(r: HsrpRouter, m: HsrpMessage, now: i64): void {
  if (r.state == HSRP_INITIAL || m.ip == r.ip) return; // Choice: a frame of its own that a loop brought back is no other router
  if (m.op == HSRP_HELLO) {
    if (m.state == HSRP_ACTIVE) heardActive(r, m, now);
    else if (m.state == HSRP_STANDBY) heardStandby(r, m, now);
    else if (m.state == HSRP_SPEAK) heardSpeaker(r, m, now);
  } else if (m.op == HSRP_COUP) heardCoup(r, m, now);
  else if (m.op == HSRP_RESIGN && m.ip == r.activeIp) heardResign(r, now);
}

/** Events g and h. */
function heardActive(r: HsrpRouter, m: HsrpMessage, now: i64): void {
  if (r.state == HSRP_ACTIVE) {
    if (better(m, r)) { follow(r, m, now); startStandby(r, r.holdNs, now); toSpeak(r, HSRP_WHY_BETTER_ACTIVE, now); }
    else r.sendCoup = true; // h: G
    return;
  }
  if (r.state == HSRP_LEARN) { // E, A, B; both rows lead to Listen
    r.knowsAddress = true;
    follow(r, m, now);
    startStandby(r, r.holdNs, now);
    enter(r, HSRP_LISTEN, HSRP_WHY_LEARNED, now);
    return;
  }
  if (!better(m, r) && r.preempt && now >= r.preemptAt) { takeOver(r, now); return; }
  // Who is active is not standby as well.
  if (r.standbyIp == m.ip) r.standbyIp = 0;
  follow(r, m, now);
}
/** Actions E and A: the active timer runs for the hold time that the active router says. */
function follow(r: HsrpRouter, m: HsrpMessage, now: i64): void {
  heard(r, m, now);
  startActive(r, m.holdNs, now);
}

function heard(r: HsrpRouter, m: HsrpMessage, now: i64): void { r.activeIp = m.ip; r.activeFrom = m.from; r.activeHeardAt = now; }

/** Events k and l. */
function heardStandby(r: HsrpRouter, m: HsrpMessage, now: i64): void {
  if (r.state == HSRP_LEARN) return;
  const isBetter = better(m, r);
  if (r.state == HSRP_ACTIVE || isBetter) {
    r.standbyIp = m.ip;
    startStandby(r, m.holdNs, now);
    if (r.state == HSRP_SPEAK || r.state == HSRP_STANDBY) enter(r, HSRP_LISTEN, HSRP_WHY_BETTER_SPEAKER, now);
    return;
  }
  if (r.state == HSRP_LISTEN) { startStandby(r, r.holdNs, now); toSpeak(r, HSRP_WHY_LESSER_STANDBY, now); }
  else if (r.state == HSRP_SPEAK) { r.standbyAt = NEVER; enter(r, HSRP_STANDBY, HSRP_WHY_LESSER_STANDBY, now); }
}

/** Event f. */
function heardSpeaker(r: HsrpRouter, m: HsrpMessage, now: i64): void {
  if ((r.state != HSRP_SPEAK && r.state != HSRP_STANDBY) || !better(m, r)) return;
  startStandby(r, r.holdNs, now);
  enter(r, HSRP_LISTEN, HSRP_WHY_BETTER_SPEAKER, now);
}

/** Event j: A, B, H. */
function heardCoup(r: HsrpRouter, m: HsrpMessage, now: i64): void {
  if (r.state != HSRP_ACTIVE || !better(m, r)) return;
  heard(r, m, now);
  startActive(r, r.holdNs, now);
  startStandby(r, r.holdNs, now);
  r.sendResign = true;
  toSpeak(r, HSRP_WHY_COUP, now);
}

/** Event i. */
function heardResign(r: HsrpRouter, now: i64): void {
  if (r.state == HSRP_STANDBY) { toActive(r, HSRP_WHY_RESIGN, now); return; }
  if (r.state != HSRP_LISTEN && r.state != HSRP_SPEAK) return;
  startActive(r, r.holdNs, now);
  if (r.state == HSRP_LISTEN) { startStandby(r, r.holdNs, now); toSpeak(r, HSRP_WHY_RESIGN, now); }
}

// --- timers ----------------------------------------------------------------------------------------

export function run(r: HsrpRouter, now: i64): void {
  if (r.state == HSRP_INITIAL) return;
  // Choice: both timers of a router that heard nobody end in one instant; standby first, or event c would find it in Speak, where it has no action.
  if (now >= r.standbyAt) standbyExpired(r, now);
  if (now >= r.activeAt) activeExpired(r, now);
  if (now >= r.helloAt) { r.sendHello = true; r.helloAt = now + r.helloNs; }
}

/** Event d. */
function standbyExpired(r: HsrpRouter, now: i64): void {
  r.standbyAt = NEVER;
  r.standbyIp = 0;
  if (r.state == HSRP_LISTEN) { startStandby(r, r.holdNs, now); toSpeak(r, HSRP_WHY_STANDBY_TIMER, now); }
  else if (r.state == HSRP_SPEAK) enter(r, HSRP_STANDBY, HSRP_WHY_STANDBY_TIMER, now);
}

/** Event c. */
function activeExpired(r: HsrpRouter, now: i64): void {
  r.activeAt = NEVER;
  r.activeIp = 0;
  if (r.state == HSRP_LISTEN) {
    startActive(r, r.holdNs, now);
    startStandby(r, r.holdNs, now);
    toSpeak(r, HSRP_WHY_ACTIVE_TIMER, now);
  } else if (r.state == HSRP_STANDBY) toActive(r, HSRP_WHY_ACTIVE_TIMER, now);
  // Choice: in Speak the table has no action; the timer is run again, or a later Standby would wait for it for ever.
  else if (r.state == HSRP_SPEAK) startActive(r, r.holdNs, now);
}

export function nextDeadline(r: HsrpRouter): i64 {
  if (r.state == HSRP_INITIAL) return NEVER;
  return min(r.helloAt, min(r.activeAt, r.standbyAt));
}

/** Tracking: who is active says the new value with its next hello. */
export function setPriority(r: HsrpRouter, priority: i32): void { r.priority = max(0, min(255, priority)); }
