// One peer of an MC-LAG pair: roles, peer-link, keepalive, and what is suspended when (docs/mclag.md).
//
// The rules are those of Cisco vPC, which the other vendors vary by their timers:
//  - role: lower priority, then lower MAC; whoever is primary stays it (sticky);
//  - peer-link lost: the secondary ignores keepalives for `holdNs`, then listens until `timeoutNs`; a keepalive heard
//    → it suspends its dual-homed members and VLAN interfaces; none → it becomes primary;
//  - peer-link back: members return after `delayRestoreNs`, VLAN interfaces after `delayL3Ns`;
//  - suspended, and then the keepalive falls silent: after `autoRecoveryNs` it becomes primary;
//  - never heard the peer since power on: after `aloneNs` it becomes primary alone;
//  - `suspends` STAY: it goes on as secondary while the primary is heard; SPLIT: it becomes primary after `holdNs`, whoever is heard;
//  - `checks`: both send a keepalive at once when the peer-link is lost, and what was heard since counts at the end of the hold;
//  - the control protocol's hellos over the peer-link are silent for `silenceNs`, or the other peer says that ours are: the
//    peer-link is lost, whatever its carrier says.
//
// The machine reads no clock and sends nothing: outputs are flags that events/mclag.ts looks at.

import { MLAG_NONE, MLAG_PRIMARY, MLAG_SECONDARY, ON_LOSS_SPLIT, ON_LOSS_SUSPEND, SUSPEND_ALONE, SUSPEND_DELAY_RESTORE, SUSPEND_PEERLINK, T_MLAG_DELAY, T_MLAG_KEEPALIVE, T_MLAG_PEERLINK, T_MLAG_ROLE } from "../abi";
import { NEVER } from "../collections/event-queue";
import { take } from "../core/memory";
import { cause, setCause, trace } from "../core/trace";

@unmanaged export class Peer {
  node: i32; twin: i32; lag: i32; // lag: the peer-link
  keepalivePort: i32; // where keepalives leave and arrive, -1: there is none
  priority: i32; suspends: i32; scope: i32; // ON_LOSS_*, SUSPENDS_*
  checks: i32; ownSystem: i32; // ownSystem: the standby shows its own LACP system while it does not hear the other peer
  mac: u64;
  helloNs: i64; silenceNs: i64; // control protocol over the peer-link; silenceNs 0: silence is not noticed
  intervalNs: i64; timeoutNs: i64; holdNs: i64; delayRestoreNs: i64; delayL3Ns: i64; autoRecoveryNs: i64; aloneNs: i64; // the last two: below 0 never
  // state
  role: i32;
  linkUp: i32; // the peers talk over the peer-link
  carrier: i32; // the peer-link has a working cable
  deaf: i32; // it has, but the other peer's hellos do not come
  helloAt: i64; deafAt: i64;
  heard: i32; // keepalive: 1 alive
  met: i32; // has had contact since power on
  suspended: i32; // SUSPEND_* or 0
  reason: i32; // SUSPEND_* of the present or last suspension
  restored: i32; // outputs: 1 = bring members back, 2 = suspend them now
  apart: i32; shared: u64; // it shows its own system now; the one that both show
  portsHeld: i32; // ports that are no members are suspended, too
  sendAt: i64; silentAt: i64; listenAt: i64; verdictAt: i64; decideAt: i64; restoreAt: i64; recoverAt: i64;
  lastHeardAt: i64; lostAt: i64;
  sequence: i32;
  cause: u32; // last record about it
  linkCause: u32; // last record about the peer-link
  delayCause: u32; // record of the delay that runs
  linkSeen: i32; // `linkUp` when flows were last told; not read here
  restAt: i64; // when it went to rest (hellos left out), 0 awake
}

let peersAt: usize = 0;
export let peers: i32 = 0;
export function reservePeers(count: i32): void { peersAt = take(<usize>count * offsetof<Peer>()); peers = count; }
export function peerOf(i: i32): Peer { return changetype<Peer>(peersAt + <usize>i * offsetof<Peer>()); }

export function powerOn(i: i32, now: i64): void {
  const p = peerOf(i);
  p.role = MLAG_NONE; p.linkUp = 0; p.carrier = 0; p.deaf = 0; p.heard = 0; p.met = 0; p.restored = 2; p.helloAt = p.deafAt = NEVER; p.cause = p.linkCause = p.delayCause = cause;
  suspendFor(p, SUSPEND_ALONE);
  p.sendAt = now; p.silentAt = NEVER; p.listenAt = p.verdictAt = NEVER; p.decideAt = NEVER; p.restoreAt = NEVER;
  p.recoverAt = p.aloneNs >= 0 ? now + p.aloneNs : NEVER;
}

export function powerOff(i: i32): void {
  const p = peerOf(i);
  p.role = MLAG_NONE; p.linkUp = 0; p.carrier = 0; p.deaf = 0; p.heard = 0; p.met = 0; p.suspended = 0; p.restored = 0;
  p.helloAt = p.deafAt = p.sendAt = p.silentAt = p.listenAt = p.verdictAt = p.decideAt = p.restoreAt = p.recoverAt = NEVER;
}

export function keepaliveHeard(i: i32, now: i64): void {
  const p = peerOf(i);
  p.lastHeardAt = now;
  p.silentAt = now + p.timeoutNs;
  if (p.heard == 0) { p.heard = 1; p.cause = trace(T_MLAG_KEEPALIVE, i, 1, 0, 0); }
  if (p.listenAt == NEVER || now < p.listenAt) return;
  if (p.suspends == ON_LOSS_SUSPEND) suspendNow(i); else cancel(p);
}

/** The primary lives: the secondary steps aside. */
function suspendNow(i: i32): void {
  const p = peerOf(i);
  cancel(p); p.restoreAt = NEVER;
  suspendFor(p, SUSPEND_PEERLINK);
  p.restored = 2;
}
function cancel(p: Peer): void { p.listenAt = NEVER; p.verdictAt = NEVER; p.decideAt = NEVER; }
function suspendFor(p: Peer, why: i32): void { p.suspended = why; p.reason = why; }

/** The peer-link's carrier. With it the peers talk, until nothing is heard for too long. */
export function peerLinkChanged(i: i32, up: bool, now: i64): void {
  const p = peerOf(i);
  if ((p.carrier != 0) == up) return;
  p.carrier = up ? 1 : 0;
  p.deaf = 0;
  p.helloAt = up ? now + p.helloNs : NEVER;
  p.deafAt = up && p.silenceNs > 0 ? now + p.silenceNs : NEVER;
  talk(i, up, now);
}

/** A hello came; `lost`: it says that ours do not. A session is one for both directions. True: it is the first after a silence. */
export function controlHeard(i: i32, lost: bool, now: i64): bool {
  const p = peerOf(i);
  const first = p.deaf != 0;
  p.deaf = 0;
  if (p.silenceNs > 0) p.deafAt = now + p.silenceNs;
  talk(i, !lost, now);
  return first;
}

function talk(i: i32, up: bool, now: i64): void {
  const p = peerOf(i);
  if ((p.linkUp != 0) == up) return;
  p.linkUp = up ? 1 : 0;
  p.cause = p.linkCause = trace(T_MLAG_PEERLINK, i, p.linkUp, p.carrier, 0);
  if (up) { cancel(p); return; }
  p.lostAt = now;
  if (p.checks != 0) p.sendAt = now;
  if (p.role != MLAG_SECONDARY || p.suspended == SUSPEND_PEERLINK) return;
  if (p.suspends == ON_LOSS_SPLIT) { p.decideAt = now + p.holdNs; return; }
  p.listenAt = now + p.holdNs;
  if (p.checks != 0) p.verdictAt = p.listenAt;
  p.decideAt = now + p.timeoutNs;
  if (p.suspends == ON_LOSS_SUSPEND && p.restoreAt < p.decideAt) p.restoreAt = p.decideAt; // a delay restore that runs waits for the decision
}

/** The other peer says hello over the peer-link: its role and priority. */
export function helloHeard(i: i32, role: i32, priority: i32, now: i64): void {
  const p = peerOf(i);
  const first = p.met == 0;
  p.met = 1;
  p.recoverAt = NEVER;
  let mine = p.role;
  if (role == MLAG_PRIMARY && p.role != MLAG_PRIMARY) mine = MLAG_SECONDARY;
  else if (role == MLAG_SECONDARY && p.role != MLAG_SECONDARY) mine = MLAG_PRIMARY;
  else if (p.role == MLAG_NONE || p.role == role) mine = better(p, priority) ? MLAG_PRIMARY : MLAG_SECONDARY;
  setRole(i, mine);
  if (p.suspended != 0 && p.restoreAt == NEVER && (first || p.suspended == SUSPEND_PEERLINK)) delay(i, now);
}

function better(p: Peer, priority: i32): bool { return p.priority < priority || (p.priority == priority && p.mac < peerOf(p.twin).mac); }

/** SONiC's iccpd: the standby, by address and not by role, takes the active one's LACP system when their session is there, and its own when not. */
export function standsApart(p: Peer): bool { return p.ownSystem != 0 && p.heard == 0 && !better(p, peerOf(p.twin).priority); }

function delay(i: i32, now: i64): void {
  const p = peerOf(i);
  suspendFor(p, SUSPEND_DELAY_RESTORE);
  p.restoreAt = now + p.delayRestoreNs;
  p.cause = p.delayCause = trace(T_MLAG_DELAY, i, <i32>(p.delayRestoreNs / 1000000), 0, 0);
}

function setRole(i: i32, role: i32): void {
  const p = peerOf(i);
  if (p.role == role) return;
  const old = p.role;
  p.role = role;
  p.cause = trace(T_MLAG_ROLE, i, old, role, 0);
}

/** Timers that are due. Why the other peer is silent is not the machine's business: sim sets the cause before. */
export function runPeer(i: i32, now: i64): void {
  const p = peerOf(i);
  if (now >= p.deafAt) { p.deafAt = NEVER; p.deaf = 1; talk(i, false, now); p.helloAt = now; } // and says so at once
  if (now >= p.silentAt) {
    p.silentAt = NEVER;
    p.heard = 0;
    p.cause = trace(T_MLAG_KEEPALIVE, i, 0, 0, 0);
    // Suspended, and now the other one is gone too: auto recovery.
    if ((p.suspended == SUSPEND_PEERLINK || p.suspended == SUSPEND_ALONE) && p.linkUp == 0 && p.autoRecoveryNs >= 0) p.recoverAt = now + p.autoRecoveryNs;
    else if (p.suspended == 0 && p.linkUp == 0 && p.role == MLAG_SECONDARY && p.decideAt == NEVER) setRole(i, MLAG_PRIMARY); // it had gone on beside the primary
  }
  if (now >= p.verdictAt) {
    p.verdictAt = NEVER;
    if (p.lastHeardAt > p.lostAt) { if (p.suspends == ON_LOSS_SUSPEND) suspendNow(i); else cancel(p); }
  }
  if (now >= p.decideAt) { // nobody was heard: the primary is dead, or both paths are cut
    cancel(p);
    setRole(i, MLAG_PRIMARY);
  }
  if (now >= p.restoreAt) { setCause(p.delayCause); p.restoreAt = NEVER; p.suspended = 0; p.restored = 1; }
  if (now >= p.recoverAt) {
    p.recoverAt = NEVER;
    if (p.linkUp == 0 && p.heard == 0) { setRole(i, MLAG_PRIMARY); p.suspended = 0; p.restored = 1; }
  }
}

export function peerDeadline(i: i32): i64 {
  const p = peerOf(i);
  let at = p.sendAt;
  if (p.silentAt < at) at = p.silentAt;
  if (p.helloAt < at) at = p.helloAt;
  if (p.deafAt < at) at = p.deafAt;
  if (p.verdictAt < at) at = p.verdictAt;
  if (p.decideAt < at) at = p.decideAt;
  if (p.restoreAt < at) at = p.restoreAt;
  if (p.recoverAt < at) at = p.recoverAt;
  return at;
}
