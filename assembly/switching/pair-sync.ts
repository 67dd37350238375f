// What the two peers of an MC-LAG pair tell each other over the peer-link: MAC addresses, the state of their legs.
// A MAC learned on a dual-homed member is installed by the other peer on its own member, if up, else on the
// peer-link; one learned on an orphan port is installed on the peer-link (RFC 7275; protocols of the vendors are alike).

import { DROP_NONE, FRAME_PEER, T_MLAG_LEG } from "../abi";
import { FDB_LOCAL, FDB_PEER, NO_ROW, fdbFirstOf, fdbFlags, fdbInsert, fdbKeyOf, fdbMove, fdbNextOf, fdbOut, fdbSetFlags } from "../collections/fdb";
import { cause, setCause, trace } from "../core/trace";
import { markLag, markMac } from "../sim/dirty";
import { Frame, makeFrame, obstacle, send } from "../sim/frames";
import { stirAsked } from "../sim/rest-neighbour";
import { stirDomains } from "../sim/rest-voices";
import { BRIDGE_LAG, bridgeFor, lagOf, memberOf, nodeOf, running } from "../sim/tables";
import { Peer, peerOf } from "../mclag/peer";
import { peerLinkOf, liveRow } from "../sim/pairs";

export const PEER_HELLO: i32 = 1; // b 0: asks for an answer, h 1: nothing is heard of the other; i role, c priority
export const PEER_MAC: i32 = 2; // e key, b mlag id (0: orphan)
export const PEER_LEG: i32 = 3; // b mlag id, h up

/** Sends a control message over the peer-link, if it works. The frame is the scratch frame. */
export function tell(peer: i32, op: i32, b: i32, key: u64, h: i32): void {
  const p = peerOf(peer);
  if (p.carrier == 0 || !running(p.node)) return;
  if (p.linkUp == 0 && op != PEER_HELLO) return; // there is no session
  const f = makeFrame(FRAME_PEER, p.node, nodeOf(p.node).mac, nodeOf(peerOf(p.twin).node).mac);
  f.a = op; f.b = b; f.e = key; f.h = h; f.i = p.role; f.c = p.priority;
  // The control protocol repeats what got lost: it is enough that one member of the peer-link works.
  const lag = lagOf(p.lag);
  for (let i = 0; i < lag.count; i++) {
    const m = memberOf(lag.first + i);
    if ((m.usable & 2) != 0 && obstacle(m.port) == DROP_NONE) { send(m.port, f); return; }
  }
}

export function hello(peer: i32, answered: bool): void { tell(peer, PEER_HELLO, answered ? 1 : 0, 0, peerOf(peer).deaf); }

export function learnedHere(node: i32, key: u64, bp: i32): void {
  const peer = nodeOf(node).peer;
  if (peer < 0) return;
  const p = peerOf(peer);
  if (bp == (BRIDGE_LAG | p.lag)) return;
  tell(peer, PEER_MAC, (bp & BRIDGE_LAG) != 0 ? lagOf(bp & ~BRIDGE_LAG).mlagId : 0, key, 0);
}

/** Everything anew: after the peer-link has come up. */
export function tellAll(peer: i32): void {
  const p = peerOf(peer);
  const n = nodeOf(p.node);
  for (let i = 0; i < n.lagCount; i++) {
    const lag = lagOf(n.firstLag + i);
    if (lag.mlagId != 0) tell(peer, PEER_LEG, lag.mlagId, 0, lag.up);
    if (lag.peerLink < 0) tellRows(peer, BRIDGE_LAG | (n.firstLag + i), lag.mlagId);
  }
  for (let i = 0; i < n.portCount; i++) tellRows(peer, n.firstPort + i, 0);
}
function tellRows(peer: i32, bp: i32, mlagId: i32): void {
  for (let row = fdbFirstOf(bp); row != NO_ROW; row = fdbNextOf(row)) {
    if ((fdbFlags(row) & FDB_LOCAL) != 0) tell(peer, PEER_MAC, mlagId, fdbKeyOf(row), 0);
  }
}

function ownLag(node: i32, mlagId: i32): i32 {
  const n = nodeOf(node);
  for (let i = n.firstLag, end = n.firstLag + n.lagCount; i < end; i++) if (lagOf(i).mlagId == mlagId) return i;
  return -1;
}

export function macFromPeer(peer: i32, f: Frame): void {
  const p = peerOf(peer);
  const own = f.b != 0 ? ownLag(p.node, f.b) : -1;
  const out = own >= 0 && lagOf(own).up != 0 ? BRIDGE_LAG | own : BRIDGE_LAG | p.lag;
  const row = liveRow(p.node, f.e);
  if (row == NO_ROW) { stirAsked(bridgeFor(p.node, <u32>(f.e >> 48))); fdbInsert(p.node, f.e, out, FDB_PEER | (f.b << 8), cause); markMac(p.node, f.e); return; }
  fdbSetFlags(row, (fdbFlags(row) & 0xff) | (f.b << 8));
  if (fdbOut(row) == out) return;
  stirAsked(bridgeFor(p.node, <u32>(f.e >> 48)));
  fdbMove(row, out, cause);
  markMac(p.node, f.e);
}

export function legFromPeer(peer: i32, f: Frame): void {
  const p = peerOf(peer);
  const own = ownLag(p.node, f.b);
  if (own < 0 || lagOf(own).twinUp == f.h) return;
  const lag = lagOf(own);
  const before = cause;
  stirDomains(p.node);
  lag.twinUp = f.h;
  lag.twinCause = trace(T_MLAG_LEG, own, f.h, 0, 0);
  if (f.h != 0 && lag.up == 0) pointAtPeer(p, own);
  markLag(p.node, own);
  setCause(before);
}

/** Own leg down, the other one works: what was known on the leg is behind the peer-link. */
function pointAtPeer(p: Peer, lag: i32): void {
  let row = fdbFirstOf(BRIDGE_LAG | lag);
  while (row != NO_ROW) { const next = fdbNextOf(row); fdbMove(row, BRIDGE_LAG | p.lag, cause); row = next; }
}

/** Own leg up: what is known to be behind it leaves the peer-link and goes there. */
export function pointAtLeg(lag: i32): void {
  const l = lagOf(lag);
  const around = peerLinkOf(l.node);
  if (around < 0) return;
  let row = fdbFirstOf(BRIDGE_LAG | around);
  while (row != NO_ROW) {
    const next = fdbNextOf(row);
    if (fdbFlags(row) >> 8 == l.mlagId) { fdbMove(row, BRIDGE_LAG | lag, cause); markMac(l.node, fdbKeyOf(row)); }
    row = next;
  }
}
