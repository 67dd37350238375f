// RFC 5798 6.4, Virtual Router Redundancy Protocol, version 3; RFC 3768 6.4, version 2; RFC 9568 6.4 (its Active is Master here).
//
//              startup, P < 255           Master_Down_Timer
//  Initialize ──────────────────▶ Backup ──────────────────▶ Master
//             ──────────────────────────────────────────────▶           startup, P = 255
//                                       ◀──────────────────             a better advertisement
//             ◀────────────────── from either                           shutdown
//
// Two implementations that people run differ from the text; they are further values of `implementation`.
// What was measured of them, and each `Choice:`, is in docs/vrrp.md.

import {
  T_VRRP, VRRP_BACKUP, VRRP_INITIALIZE, VRRP_MASTER, VRRP_RFC5798, VRRP_RFC9568, VRRP_WHY_HIGHER, VRRP_WHY_OWNER, VRRP_WHY_PREEMPT,
  VRRP_WHY_PRIORITY_ZERO, VRRP_WHY_SHUTDOWN, VRRP_WHY_STARTUP, VRRP_WHY_TIMER,
} from "../abi";
import { isIpv6 } from "../core/address";
import { NEVER } from "../collections/event-queue";
import { trace } from "../core/trace";

// Further values of `implementation`, after VRRP_RFC5798 and VRRP_RFC9568.
export const VRRP_KEEPALIVED = 2;
export const VRRP_FRR = 3;

/** RFC 9568 is of version 3 alone. Version 2 has one text, RFC 3768, whichever text of version 3 a router goes by. */
function by9568(v: VrrpRouter): bool { return v.implementation == VRRP_RFC9568 && v.version == 3; }

/** In `sendAdvert`: nothing to send. (0 is a priority: the farewell.) */
export const NO_ADVERT: i32 = -1;

const OWNER: u32 = 255;
const FAREWELL: u32 = 0;
const SECOND: i64 = 1000000000;
const MICROSECOND: i64 = 1000;
const CENTISECOND: i64 = 10000000;

const KEEPALIVED_GARPS = 5; // vrrp_garp_master_repeat, vrrp_garp_lower_prio_repeat
const KEEPALIVED_GARP_DELAY: i64 = 5 * SECOND; // vrrp_garp_master_delay, vrrp_garp_lower_prio_delay

@unmanaged export class VrrpRouter {
  // Configuration.
  index: i32; // trace entity
  version: u32; // 2 or 3
  vrid: u32;
  priority: u32; // 255 owner, 1 to 254; tracking changes it
  primaryIp: u32;
  implementation: i32;
  preempt: bool; // Preempt_Mode
  // State.
  state: i32;
  masterIp: u32; // who was last heard as master, 0 nobody
  why: i32; // what it will mean when Master_Down_Timer fires
  // Outputs. Raised here, lowered by who reads them (lowerOutputs).
  sendAdvert: i32; // priority to put into an advertisement to be sent now, NO_ADVERT: none
  sendGarp: i32; // rounds of gratuitous ARP (one frame an address) to be sent now, after the advertisement
  // Configuration and timers, ns.
  intervalNs: i64; // Advertisement_Interval
  preemptDelayNs: i64;
  masterIntervalNs: i64; // Master_Adver_Interval
  masterDownAt: i64; // Master_Down_Timer
  adverAt: i64; // Adver_Timer
  garpAt: i64; // keepalived: second burst after becoming master
  garpLowerAt: i64; // keepalived: second burst after an inferior advertisement
  preemptAt: i64; // before this an inferior master is borne with
}

export const VRRP_BYTES: usize = offsetof<VrrpRouter>();
if (VRRP_BYTES & 7) ERROR("rows of VrrpRouter are not aligned");

export function vrrpAt(p: usize): VrrpRouter { return changetype<VrrpRouter>(p); }

/** Outputs were sent. Also makes a row of zeroes safe to look at: a zero in sendAdvert would be a farewell. */
export function lowerOutputs(v: VrrpRouter): void { v.sendAdvert = NO_ADVERT; v.sendGarp = 0; }

/** 5798 6.1, Skew_Time. Version 2 (3768 6.1) counts in 256ths of a second, version 3 of the master's interval. */
export function skewNs(v: VrrpRouter): i64 {
  const unit = v.version == 2 ? SECOND : v.masterIntervalNs;
  const share = <i64>(256 - v.priority);
  if (v.implementation == VRRP_FRR) return share * (unit / CENTISECOND) / 256 * CENTISECOND;
  if (v.implementation == VRRP_KEEPALIVED) return share * (unit / MICROSECOND) / 256 * MICROSECOND;
  return share * unit / 256;
}

/** 5798 6.1, Master_Down_Interval. Version 2 goes by its own interval: masterIntervalNs never leaves it. */
export function masterDownNs(v: VrrpRouter): i64 { return 3 * v.masterIntervalNs + skewNs(v); }

function enter(v: VrrpRouter, state: i32, why: i32): void {
  const old = v.state;
  v.state = state;
  if (old != state) trace(T_VRRP, v.index, old, state, why);
}

function stopTimers(v: VrrpRouter): void {
  v.masterDownAt = NEVER; v.adverAt = NEVER; v.garpAt = NEVER; v.garpLowerAt = NEVER;
}

// --- 6.4.1 Initialize ------------------------------------------------------------------------------

/** The Startup event: configured, booted, or the interface is back. */
export function startup(v: VrrpRouter, now: i64): void {
  if (v.state != VRRP_INITIALIZE) return;
  lowerOutputs(v);
  stopTimers(v);
  v.masterIp = 0;
  v.masterIntervalNs = v.intervalNs;
  if (v.priority == OWNER && v.implementation != VRRP_KEEPALIVED) { toMaster(v, VRRP_WHY_OWNER, now); return; }
  enter(v, VRRP_BACKUP, VRRP_WHY_STARTUP);
  armPreemption(v, now);
  awaitMaster(v, now);
  // "If the Priority = 255 ... Transition to {Master}". Recorded: keepalived (2.2.7, `state BACKUP`) first waits like any other.
  if (v.priority == OWNER) v.why = VRRP_WHY_OWNER;
}

/** Choice: no RFC delays preemption. From startup, as NX-OS and EOS do; keepalived from the first inferior master heard. */
function armPreemption(v: VrrpRouter, now: i64): void {
  if (v.preemptDelayNs == 0) v.preemptAt = now;
  else v.preemptAt = v.implementation == VRRP_KEEPALIVED ? NEVER : now + v.preemptDelayNs;
}

// --- 6.4.2 Backup ----------------------------------------------------------------------------------

/** (Re)starts Master_Down_Timer: a master was heard that is to be kept, or is waited for. */
function awaitMaster(v: VrrpRouter, now: i64): void {
  v.masterDownAt = now + masterDownNs(v);
  v.why = VRRP_WHY_TIMER;
}

function backupHears(v: VrrpRouter, priority: u32, intervalNs: i64, senderIp: u32, now: i64): void {
  // "If the Priority in the ADVERTISEMENT is zero: set the Master_Down_Timer to Skew_Time"
  if (priority == FAREWELL) { v.masterDownAt = now + skewNs(v); v.why = VRRP_WHY_PRIORITY_ZERO; return; }
  v.masterIp = senderIp;
  // "If Preempt_Mode is False, or Priority in the ADVERTISEMENT >= local Priority: ... reset the Master_Down_Timer"
  if (priority >= v.priority || bears(v, now)) {
    if (v.version == 3) v.masterIntervalNs = intervalNs;
    awaitMaster(v, now);
    if (priority >= v.priority && v.implementation == VRRP_KEEPALIVED) armPreemption(v, now);
    return;
  }
  // "Else: discard the ADVERTISEMENT." The timer runs on, and when it fires that is preemption.
  if (v.why == VRRP_WHY_TIMER) v.why = VRRP_WHY_PREEMPT;
}

/** Is an inferior master to be kept? The owner keeps none, whatever Preempt_Mode says (6.1). */
function bears(v: VrrpRouter, now: i64): bool {
  if (v.priority == OWNER) return false;
  if (!v.preempt) return true;
  if (v.preemptAt == NEVER) { v.preemptAt = now + v.preemptDelayNs; return true; }
  return now < v.preemptAt;
}

function toBackup(v: VrrpRouter, intervalNs: i64, senderIp: u32, now: i64): void {
  stopTimers(v);
  v.masterIp = senderIp;
  if (v.version == 3) v.masterIntervalNs = intervalNs;
  enter(v, VRRP_BACKUP, VRRP_WHY_HIGHER);
  if (v.implementation == VRRP_KEEPALIVED) armPreemption(v, now);
  awaitMaster(v, now);
}

// --- 6.4.3 Master ----------------------------------------------------------------------------------

/** "Send an ADVERTISEMENT; broadcast a gratuitous ARP request ... for each address; set the Adver_Timer; {Master}" */
function toMaster(v: VrrpRouter, why: i32, now: i64): void {
  stopTimers(v);
  enter(v, VRRP_MASTER, why);
  advertise(v, now);
  // Recorded (FRR 8.4.4): its macvlan has no link-local address to bind to at the moment that it comes up. The announcements go out, the advertisement is lost.
  if (v.implementation == VRRP_FRR && isIpv6(v.primaryIp)) v.sendAdvert = NO_ADVERT;
  v.sendGarp = 1;
  if (v.implementation != VRRP_KEEPALIVED) return;
  v.sendGarp = KEEPALIVED_GARPS;
  v.garpAt = now + KEEPALIVED_GARP_DELAY;
}

function advertise(v: VrrpRouter, now: i64): void {
  v.sendAdvert = <i32>v.priority;
  v.adverAt = now + v.intervalNs;
}

function masterHears(v: VrrpRouter, priority: u32, intervalNs: i64, senderIp: u32, now: i64): void {
  // "If the Priority in the ADVERTISEMENT is zero: send an ADVERTISEMENT; reset the Adver_Timer"
  if (priority == FAREWELL) { advertise(v, now); return; }
  // keepalived: of two owners each one that hears the other steps down, so that the priority is not tied.
  if (v.implementation == VRRP_KEEPALIVED && v.priority == OWNER && priority == OWNER) v.priority = OWNER - 1;
  // "Priority in the ADVERTISEMENT > local Priority, or equal and the sender's primary address > the local primary address"
  if (priority > v.priority || (priority == v.priority && senderIp > v.primaryIp)) { toBackup(v, intervalNs, senderIp, now); return; }
  // "Else: discard the ADVERTISEMENT", and by RFC 9568 also tell the sender and the bridges who is master.
  if (by9568(v)) { v.sendAdvert = <i32>v.priority; return; } // Choice: the text does not reset Adver_Timer
  if (v.implementation != VRRP_KEEPALIVED) return;
  advertise(v, now); // recorded: the next one comes an interval after this one
  v.sendGarp = KEEPALIVED_GARPS;
  if (v.garpLowerAt == NEVER) v.garpLowerAt = now + KEEPALIVED_GARP_DELAY;
}

// --- events ----------------------------------------------------------------------------------------

/** An advertisement for this VRID came in. Checks of 7.1 that depend on configuration are made here. */
export function deliver(v: VrrpRouter, version: u32, priority: u32, intervalNs: i64, senderIp: u32, now: i64): void {
  if (v.state == VRRP_INITIALIZE || version != v.version || intervalNs == 0) return;
  // 3768 7.1: "MUST verify that the Adver Interval in the packet is the same as the locally configured ... If not, discard"
  if (version == 2 && intervalNs != v.intervalNs) return;
  // 3768 and 5798 7.1: "MUST verify that ... the local router is not the address owner". 9568 (erratum 8298) only logs it.
  if (v.priority == OWNER && !by9568(v) && v.implementation != VRRP_KEEPALIVED) return;
  // Choice: a frame of its own that a loop brought back is no other router; 9568 would answer it without end.
  if (senderIp == v.primaryIp) return;
  if (v.state == VRRP_BACKUP) backupHears(v, priority, intervalNs, senderIp, now);
  else masterHears(v, priority, intervalNs, senderIp, now);
}

/** Timers that are due. */
export function run(v: VrrpRouter, now: i64): void {
  if (v.state == VRRP_BACKUP) {
    if (now >= v.masterDownAt) toMaster(v, v.why, now);
    return;
  }
  if (v.state != VRRP_MASTER) return;
  if (now >= v.adverAt) advertise(v, now);
  if (now >= v.garpAt) { v.garpAt = NEVER; v.sendGarp = KEEPALIVED_GARPS; }
  if (now >= v.garpLowerAt) { v.garpLowerAt = NEVER; v.sendGarp = KEEPALIVED_GARPS; }
}

/** When to call run() next, NEVER: not before something else happens. */
export function nextDeadline(v: VrrpRouter): i64 {
  if (v.state == VRRP_INITIALIZE) return NEVER;
  return min(min(v.masterDownAt, v.adverAt), min(v.garpAt, v.garpLowerAt));
}

/** The Shutdown event: "send an ADVERTISEMENT with Priority = 0" if master, then Initialize. */
export function shutdown(v: VrrpRouter, now: i64): void {
  lowerOutputs(v);
  if (v.state == VRRP_MASTER) v.sendAdvert = <i32>FAREWELL;
  stopTimers(v);
  enter(v, VRRP_INITIALIZE, VRRP_WHY_SHUTDOWN);
}

/** The interface went down; startup() when it is back. Its farewell has no carrier to travel on. */
export function fault(v: VrrpRouter, now: i64): void {
  // Recorded: FRR stays master without carrier and goes on in the same rhythm when it is back.
  if (v.implementation != VRRP_FRR) shutdown(v, now);
}

/** The node died or hangs: no farewell. */
export function crash(v: VrrpRouter): void {
  lowerOutputs(v);
  stopTimers(v);
  enter(v, VRRP_INITIALIZE, VRRP_WHY_SHUTDOWN);
}

/**
 * Tracking. Choice: no RFC has it. Stays within 1..254 and leaves the owner alone, as keepalived and NX-OS do; a master
 * says the new value with its next advertisement; Master_Down_Timer runs on, only keepalived moves it by the change of skew.
 */
export function setPriority(v: VrrpRouter, priority: u32, now: i64): void {
  if (v.priority == OWNER) return;
  const before = v.state == VRRP_BACKUP ? skewNs(v) : 0;
  v.priority = max<u32>(1, min<u32>(OWNER - 1, priority));
  if (v.state == VRRP_BACKUP && v.implementation == VRRP_KEEPALIVED) v.masterDownAt = max(now, v.masterDownAt + skewNs(v) - before);
}
