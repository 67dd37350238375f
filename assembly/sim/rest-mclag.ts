// Peers of an MC-LAG pair at rest: both up, with one primary and one secondary, hearing each other over the peer-link and by keepalives.

import { DROP_NONE, MLAG_PRIMARY, MLAG_SECONDARY } from "../abi";
import { NEVER } from "../collections/event-queue";
import { now, setCause } from "../core/trace";
import { Peer, peerDeadline, peerOf } from "../mclag/peer";
import { obstacle } from "./frames";
import { caughtUp, countLeftOut, everyHello, isClear, linkFit, linkQuiet } from "./rest-rules";
import { goBack, makeUp } from "./past";
import { lagOf, memberOf, portOf, running } from "./tables";
import { TIMER_MLAG, setTimer, stopTimer } from "./timers";

export function restingPeer(i: i32): bool { return peerOf(i).restAt != 0; }

/** A peer has spoken: do both only say hello? Then they rest from now on. */
export function mayRestPeer(i: i32): void {
  if (everyHello || now == 0) return;
  const p = peerOf(i);
  const twin = peerOf(p.twin);
  if (!steady(p, twin) || !steady(twin, p) || !cablesClear(p) || !cablesClear(twin)) return;
  p.restAt = now; twin.restAt = now;
  stopTimer(TIMER_MLAG, i);
  stopTimer(TIMER_MLAG, p.twin);
}

function steady(p: Peer, twin: Peer): bool {
  if (!running(p.node) || p.linkUp == 0 || p.deaf != 0 || p.suspended != 0 || p.restored != 0) return false;
  if (!((p.role == MLAG_PRIMARY && twin.role == MLAG_SECONDARY) || (p.role == MLAG_SECONDARY && twin.role == MLAG_PRIMARY))) return false;
  if (p.listenAt != NEVER || p.decideAt != NEVER || p.restoreAt != NEVER || p.recoverAt != NEVER) return false;
  if (p.keepalivePort >= 0 && (p.heard == 0 || p.silentAt < now + p.timeoutNs - twin.intervalNs * 5 / 4)) return false; // not heard of late
  return p.silenceNs == 0 || (p.deafAt != NEVER && p.deafAt >= now + p.silenceNs - twin.helloNs * 5 / 4);
}

function cablesClear(p: Peer): bool {
  if (p.keepalivePort >= 0 && (!fit(p.keepalivePort) || !isClear(portOf(p.keepalivePort).link) || obstacle(p.keepalivePort) != DROP_NONE)) return false;
  // That a frame was once lost on the peer-link is all the same: a hello neither looks at it nor ends it.
  const lag = lagOf(p.lag);
  for (let m = lag.first, end = lag.first + lag.count; m < end; m++) if (!fit(memberOf(m).port)) return false;
  return true;
}
function fit(port: i32): bool {
  const link = portOf(port).link;
  return linkFit(link) && linkQuiet(link) && caughtUp(link);
}

/** Wakes both: their clocks go on by whole intervals, the last frames of each are simulated. */
export function wakePeers(i: i32): void {
  const since = peerOf(i).restAt;
  const present = now;
  goBack(since);
  moveOn(peerOf(i), present);
  moveOn(peerOf(peerOf(i).twin), present);
  rise(i);
  rise(peerOf(i).twin);
  makeUp();
}

function moveOn(p: Peer, present: i64): void {
  const twin = peerOf(p.twin);
  p.restAt = 0;
  const hellos = missed(p.helloAt, p.helloNs, present);
  const keepalives = missed(p.sendAt, p.intervalNs, present);
  if (hellos > 0) { p.helloAt += hellos * p.helloNs; if (twin.deafAt != NEVER) twin.deafAt = present + twin.silenceNs; } // until one is made up for
  if (keepalives > 0) { p.sendAt += keepalives * p.intervalNs; if (twin.silentAt != NEVER) twin.silentAt = present + twin.timeoutNs; }
  p.sequence += <i32>keepalives;
  countLeftOut(<u64>(hellos + (p.keepalivePort >= 0 ? keepalives : 0)));
}
/** Whole intervals gone by, less those that are made up for. */
function missed(at: i64, every: i64, present: i64): i64 { return at == NEVER || every <= 0 || at > present ? 0 : max((present - at) / every - 2, 0); }

function rise(i: i32): void {
  const at = peerDeadline(i);
  setCause(peerOf(i).cause);
  if (at != NEVER) setTimer(TIMER_MLAG, i, at);
}

/** The cable at this port is about to change: is it the pair's? */
export function stirPeerBy(port: i32, peer: i32): void {
  if (peer < 0 || !restingPeer(peer)) return;
  const p = portOf(port);
  if (peerOf(peer).keepalivePort == port || (p.lag >= 0 && lagOf(p.lag).peerLink >= 0)) wakePeers(peer);
}
