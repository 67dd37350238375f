// MC-LAG peers in the simulation: their control frames, and what suspending and restoring means.

import { FRAME_KEEPALIVE, SUSPENDS_ALL, SUSPENDS_MEMBERS, SUSPEND_PEERLINK, T_MLAG_SUSPEND } from "../abi";
import { cause, now, setCause, trace } from "../core/trace";
import { Peer, controlHeard, helloHeard, keepaliveHeard, peerDeadline, peerLinkChanged, peerOf, powerOff, powerOn, runPeer, standsApart } from "../mclag/peer";
import { PEER_HELLO, PEER_LEG, PEER_MAC, hello, legFromPeer, macFromPeer, tellAll } from "../switching/pair-sync";
import { Frame, cameThrough, makeFrame, send, silencer } from "../sim/frames";
import { isPast } from "../collections/event-queue";
import { setSystem } from "../lacp/lacp";
import { runLacp } from "./lag";
import { stirGroup, stirPeer } from "../sim/rest";
import { mayRestPeer, restingPeer } from "../sim/rest-mclag";
import { stirDomains } from "../sim/rest-voices";
import { markDirty } from "../sim/dirty";
import { setAdmin } from "./link";
import { setL3 } from "./l3-state";
import { groupOf, l3Of, lagOf, linkOf, memberOf, nodeOf, portOf, running, otherEnd } from "../sim/tables";
import { TIMER_L3, TIMER_MLAG, followDeadline, setTimer, stopTimer } from "../sim/timers";

export function startPeer(i: i32): void {
  stirPeer(i);
  powerOn(i, now);
  suspendMembers(i, true);
  settlePeer(i);
}
export function stopPeer(i: i32): void {
  stirPeer(i);
  powerOff(i);
  stopTimer(TIMER_MLAG, i);
}

function settlePeer(i: i32): void {
  const p = peerOf(i);
  const before = cause;
  const wanted = p.restored;
  p.restored = 0;
  if (wanted == 1) suspendMembers(i, false);
  else if (wanted == 2) suspendMembers(i, true);
  if (standsApart(p) != (p.apart != 0)) showSystem(p, p.apart == 0);
  const hold = p.suspended == SUSPEND_PEERLINK && p.scope != SUSPENDS_MEMBERS;
  if (hold != (p.portsHeld != 0)) holdPorts(p, hold);
  setCause(before);
  if (p.linkUp != p.linkSeen) { p.linkSeen = p.linkUp; markDirty(p.node); markDirty(peerOf(p.twin).node); } // MAC tables age together, or no longer
  if (restingPeer(i)) return; // a frame that was on its way when it lay down
  followDeadline(TIMER_MLAG, i, peerDeadline(i), now);
}

function suspendMembers(i: i32, off: bool): void {
  const p = peerOf(i);
  const n = nodeOf(p.node);
  const before = cause;
  for (let k = n.firstLag, end = n.firstLag + n.lagCount; k < end; k++) {
    const lag = lagOf(k);
    if (lag.mlagId == 0 || (lag.suspended != 0) == off) continue;
    lag.suspended = off ? 1 : 0;
    lag.cause = trace(T_MLAG_SUSPEND, k, lag.suspended, p.reason, 0);
    for (let m = 0; m < lag.count; m++) { setAdmin(memberOf(lag.first + m).port, !off); setCause(lag.cause); }
    setCause(before);
  }
  for (let k = n.firstL3, end = n.firstL3 + n.l3Count; k < end; k++) {
    if (l3Of(k).bridge < 0) continue;
    if (off) { stopTimer(TIMER_L3, k); setL3(k, false); }
    else { l3Of(k).readyAt = now; setTimer(TIMER_L3, k, now + 1); }
    setCause(before);
  }
}

/** Its dual-homed port-channels are another system, or the pair's again: their partners select anew. */
function showSystem(p: Peer, own: bool): void {
  p.apart = own ? 1 : 0;
  const n = nodeOf(p.node);
  const before = cause;
  for (let k = n.firstLag, end = n.firstLag + n.lagCount; k < end; k++) {
    const lag = lagOf(k);
    if (lag.mlagId == 0 || lag.group < 0) continue;
    const g = groupOf(lag.group);
    stirGroup(lag.group);
    if (own) p.shared = g.system;
    setSystem(g, own ? n.mac : p.shared, g.systemPriority, now);
    runLacp(lag.group);
    setCause(before);
  }
}

/** Ports that are no dual-homed members: back as soon as the peer-link is. */
function holdPorts(p: Peer, hold: bool): void {
  p.portsHeld = hold ? 1 : 0;
  const n = nodeOf(p.node);
  const before = cause;
  for (let k = n.firstPort, end = n.firstPort + n.portCount; k < end; k++) {
    const port = portOf(k);
    if (k == p.keepalivePort || (port.routed != 0 && p.scope != SUSPENDS_ALL)) continue;
    if (port.lag >= 0 && (lagOf(port.lag).mlagId != 0 || lagOf(port.lag).peerLink >= 0)) continue;
    setAdmin(k, !hold);
    setCause(before);
  }
}

/** VLAN interfaces come back before the members: after their own, shorter delay. */
function delayL3(i: i32): void {
  const p = peerOf(i);
  const n = nodeOf(p.node);
  for (let k = n.firstL3, end = n.firstL3 + n.l3Count; k < end; k++) {
    if (l3Of(k).bridge < 0 || l3Of(k).up != 0) continue;
    l3Of(k).readyAt = now + p.delayL3Ns;
    setTimer(TIMER_L3, k, now + p.delayL3Ns);
  }
}

export function peerLinkLag(i: i32): void {
  stirPeer(i);
  const p = peerOf(i);
  const before = cause;
  const up = lagOf(p.lag).up != 0;
  peerLinkChanged(i, up, now);
  if (up) { hello(i, false); tellAll(i); }
  settlePeer(i);
  setCause(before);
}

export function peerFrame(port: i32, f: Frame): void {
  const i = nodeOf(portOf(port).node).peer;
  if (i < 0) return;
  const p = peerOf(i);
  if (f.a == PEER_MAC) { macFromPeer(i, f); return; }
  if (f.a == PEER_LEG) { legFromPeer(i, f); return; }
  if (f.a != PEER_HELLO) return;
  const role = p.role;
  const suspended = p.suspended;
  const apart = p.linkUp == 0;
  if (apart) blame(i);
  if (apart == (f.h == 0)) stirDomains(p.node); // the session comes or goes: MAC tables age together, or no longer
  const first = controlHeard(i, f.h != 0, now);
  if (p.linkUp == 0) { // heard again, but not hearing: the other one is told the former
    settlePeer(i);
    if (first) hello(i, false);
    return;
  }
  const answer = f.b == 0 || apart;
  helloHeard(i, f.i, f.c, now);
  if (p.suspended == 2 && suspended != 2) delayL3(i);
  settlePeer(i);
  if (answer || role != p.role) { hello(i, !first); if (answer) tellAll(i); }
}

export function keepaliveFrame(port: i32, f: Frame): void {
  const i = nodeOf(portOf(port).node).peer;
  if (i < 0 || peerOf(i).keepalivePort != port) return;
  cameThrough(port);
  const p = peerOf(i);
  if (p.listenAt <= now && p.linkUp == 0) setCause(p.linkCause);
  else if (p.heard == 0 && portOf(port).cause > cause) setCause(portOf(port).cause); // heard again because the cable is back
  keepaliveHeard(i, now);
  settlePeer(i);
}

export function peerFired(i: i32): void {
  const p = peerOf(i);
  if (!running(p.node)) return;
  if (p.deafAt <= now) blame(i);
  else if (p.silentAt <= now || p.decideAt <= now) {
    const blamed = silence(p);
    if (blamed != 0) setCause(blamed);
  }
  if (p.deafAt <= now) stirDomains(p.node);
  runPeer(i, now);
  if (p.helloAt <= now) {
    p.helloAt = now + p.helloNs;
    const before = cause;
    hello(i, true);
    setCause(before);
  }
  if (p.sendAt <= now) {
    p.sendAt = now + p.intervalNs;
    if (p.keepalivePort >= 0) sendKeepalive(p);
  }
  settlePeer(i);
  if (!isPast()) mayRestPeer(i);
}

/** The cause is what silences, or silenced, the other peer on the peer-link. */
function blame(i: i32): void {
  const p = peerOf(i);
  const twin = nodeOf(peerOf(p.twin).node);
  if (twin.faultCause != 0) { setCause(twin.faultCause); return; }
  const lag = lagOf(p.lag);
  for (let m = 0; m < lag.count; m++) {
    const port = memberOf(lag.first + m).port;
    const link = linkOf(portOf(port).link);
    if (link.cause != 0 && portOf(port).carrier != 0) { setCause(link.cause); return; }
  }
}

/** Why nothing is heard of the other peer, or 0. */
function silence(p: Peer): u32 {
  const twin = nodeOf(peerOf(p.twin).node);
  if (twin.faultCause != 0) return twin.faultCause;
  if (p.decideAt <= now) return p.linkCause;
  if (p.keepalivePort < 0) return 0;
  const port = portOf(p.keepalivePort);
  return port.carrier == 0 ? port.cause : silencer(p.keepalivePort);
}

function sendKeepalive(p: Peer): void {
  const before = cause;
  const own = portOf(p.keepalivePort);
  const f = makeFrame(FRAME_KEEPALIVE, p.node, own.mac, portOf(otherEnd(p.keepalivePort)).mac);
  f.a = p.sequence++;
  f.c = 0xa9fe0000 | (<u32>own.mac & 0xffff); f.d = 0xa9fe0000 | (<u32>f.dstMac & 0xffff); // link-local addresses
  send(p.keepalivePort, f);
  setCause(before);
}
