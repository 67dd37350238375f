// 802.1Q bridging of one VLAN on one switch: learn, look up, flood (8.7, 8.8), with the rules of an MC-LAG pair
// (docs/mclag.md): frames from the peer-link do not leave by a dual-homed member whose other leg works, and do not teach.

import { DROP_DISCARDING, DROP_LOOP_RULE, DROP_NONE, DROP_NOT_FOUND, DROP_NO_CARRIER, DROP_NO_MEMBER, DROP_STALE_FDB, DROP_SUSPENDED, T_FDB_FLUSH, T_FDB_MOVE } from "../abi";
import { FDB_LOCAL, NO_ROW, fdbFirstOf, fdbInsert, fdbKey, fdbKeyOf, fdbMove, fdbNextOf, fdbOut, fdbRemove, fdbSetCause, fdbSetFlags, fdbTouch } from "../collections/fdb";
import { take } from "../core/memory";
import { cause, setCause, trace } from "../core/trace";
import { askedBridgePort, askedMac } from "../sim/asked";
import { countMove } from "../sim/counters";
import { markMac } from "../sim/dirty";
import { Frame, send } from "../sim/frames";
import { isGatewayHello, unheard } from "../sim/rest-rules";
import { noteLookUp, noteSeen, stirAsked } from "../sim/rest-neighbour";
import { stirDomain, stirDomains } from "../sim/rest-voices";
import { BRIDGE_LAG, Bridge, bridgeFor, bridgePortOf, lagOf, memberOf, nodeOf, portOf, tagFor } from "../sim/tables";
import { GATE_DISCARDING, GATE_OPEN, gateCause, gateOf } from "../sim/stp-tables";
import { countCopies, mayPass } from "../sim/storm";
import { chooseMember } from "../bond/choose";
import { learnedHere } from "./pair-sync";
import { liveRow, peerLinkOf, peerNodeOf } from "../sim/pairs";

const MULTICAST: u64 = 0x010000000000;
/** Not from a port: made by the switch itself. */
export const FROM_SELF: i32 = -1;

// Ports that a frame leaves by. A stack, because a flow's walk floods while it floods.
let outsAt: usize = 0;
export let outTop: i32 = 0;
export function reserveOuts(ports: i32): void { outsAt = take(<usize>ports * 64); }
export function outAt(i: i32): i32 { return load<i32>(outsAt + (<usize>i << 2)); }
export function popOuts(to: i32): void { outTop = to; }
function pushOut(port: i32): void { store<i32>(outsAt + (<usize>outTop << 2), port); outTop += 1; }

/** Why the last `bridge` call found no way out; with the record that is to blame. */
export let reason: i32 = DROP_NONE;
export let reasonCause: u32 = 0;
/** MAC table row that decided the last `bridge` call, or NO_ROW when it flooded. */
export let decidedBy: i32 = NO_ROW;

function isPeerLink(bp: i32): bool { return bp >= 0 && (bp & BRIDGE_LAG) != 0 && lagOf(bp & ~BRIDGE_LAG).peerLink >= 0; }

function mlagIdOf(bp: i32): i32 { return (bp & BRIDGE_LAG) != 0 ? lagOf(bp & ~BRIDGE_LAG).mlagId : 0; }

/** Learns the source (8.7). Returns the row, or NO_ROW when this port does not teach. */
export function learn(bridge: Bridge, bp: i32, f: Frame): i32 {
  if (bp == FROM_SELF || (f.srcMac & MULTICAST) != 0 || gateOf(bp) == GATE_DISCARDING) return NO_ROW;
  const node = bridge.node;
  if (isPeerLink(bp) && f.origin != peerNodeOf(node)) return NO_ROW;
  const key = fdbKey(bridge.vlan, f.srcMac);
  const row = liveRow(node, key);
  if (row == NO_ROW) {
    stirAsked(bridgeFor(node, bridge.vlan));
    const made = fdbInsert(node, key, bp, FDB_LOCAL | (mlagIdOf(bp) << 8), cause);
    if (f.refresh != 0) noteSeen(f.refresh, made);
    markMac(node, key);
    learnedHere(node, key, bp);
    return made;
  }
  fdbTouch(row);
  if (f.refresh != 0) noteSeen(f.refresh, row);
  fdbSetFlags(row, FDB_LOCAL | (mlagIdOf(bp) << 8));
  const old = fdbOut(row);
  if (old != bp) {
    stirDomain(bridgeFor(node, bridge.vlan));
    countMove(node);
    const before = cause;
    fdbMove(row, bp, trace(T_FDB_MOVE, node, old, bp, <i32>f.srcMac));
    markMac(node, key);
    learnedHere(node, key, bp);
    setCause(before);
  }
  return row;
}

/** Floods to the members that forward by themselves (LACP fallback), but for the one that the frame came in by. */
function pushSolo(index: i32, inPort: i32): bool {
  const lag = lagOf(index);
  let any = false;
  for (let i = 0; i < lag.count; i++) {
    const port = memberOf(lag.first + i).port;
    if (portOf(port).solo == 0 || portOf(port).carrier == 0) continue;
    any = true;
    if (port != inPort) pushOut(port);
  }
  return any;
}
let inPort: i32 = -1;

/** Pushes the ports that the frame leaves by. Returns how many; when none, `reason` says why. */
export function bridge(b: Bridge, inBp: i32, f: Frame): i32 {
  const before = outTop;
  reason = DROP_NONE; reasonCause = 0;
  decidedBy = NO_ROW;
  if (inBp >= 0 && gateOf(inBp) != GATE_OPEN) { closed(inBp); return 0; }
  const fromPeer = isPeerLink(inBp);
  inPort = inBp;
  if ((f.dstMac & MULTICAST) == 0) {
    const key = fdbKey(b.vlan, f.dstMac);
    askedMac(key);
    const row = liveRow(b.node, key);
    if (row != NO_ROW) {
      if (f.refresh != 0) noteLookUp(f.refresh, row);
      decidedBy = row;
      const out = fdbOut(row);
      if (out == inBp) reason = DROP_STALE_FDB;
      else if (f.dstMac != f.srcMac) leaveBy(b, out, fromPeer, f);
      return outTop - before;
    }
  }
  for (let i = b.first, end = b.first + b.count; i < end; i++) {
    const bp = bridgePortOf(i);
    if (bp != inBp) leaveBy(b, bp, fromPeer, f);
  }
  if (outTop == before) { reason = DROP_NOT_FOUND; reasonCause = 0; } // why one of many ports did not take it says nothing
  return outTop - before;
}

function closed(bp: i32): void { reason = DROP_DISCARDING; reasonCause = gateCause(bp); }

function leaveBy(b: Bridge, bp: i32, fromPeer: bool, f: Frame): void {
  askedBridgePort(bp);
  if ((bp & BRIDGE_LAG) == 0) {
    const p = portOf(bp);
    if (p.carrier != 0 && p.admin != 0) { if (p.gate == GATE_OPEN) pushOut(bp); else closed(bp); }
    else { reason = DROP_NO_CARRIER; reasonCause = p.admin == 0 ? p.adminCause : p.cause; }
    return;
  }
  const index = bp & ~BRIDGE_LAG;
  const lag = lagOf(index);
  if (lag.gate != GATE_OPEN && lag.up != 0) { closed(bp); return; }
  if (fromPeer && lag.mlagId != 0 && lag.twinUp != 0) { reason = DROP_LOOP_RULE; reasonCause = lag.twinCause; return; }
  const member = chooseMember(index, f);
  if (member >= 0) { pushOut(memberOf(member).port); return; }
  if (decidedBy == NO_ROW && pushSolo(index, inPort)) return;
  reason = lag.suspended != 0 ? DROP_SUSPENDED : DROP_NO_MEMBER;
  reasonCause = lag.cause;
  // A dual-homed host is still reached over the peer-link when its own leg is down (rule 5).
  if (decidedBy != NO_ROW && lag.mlagId != 0 && !fromPeer) {
    const around = peerLinkOf(b.node);
    if (around >= 0) { askedBridgePort(BRIDGE_LAG | around); const m = chooseMember(around, f); if (m >= 0) pushOut(memberOf(m).port); }
  }
}

/** Sends what `bridge` decided. */
export function bridgeAndSend(b: Bridge, inBp: i32, f: Frame): void {
  const from = outTop;
  const count = bridge(b, inBp, f);
  if (count > 0) {
    const flooded = decidedBy == NO_ROW;
    if (!mayPass(b, inBp, f, flooded)) { popOuts(from); return; }
    if (flooded) countCopies(f.serial, count);
  }
  const forRouters = isGatewayHello(f.kind);
  for (let i = 0; i < count; i++) {
    const port = outAt(from + i);
    if (forRouters && unheard(port)) continue;
    f.vlan = tagFor(port, b.vlan);
    send(port, f);
  }
  popOuts(from);
}

/** Topology change (802.1D 17.11): the entries of the bridge port itself. */
export function flushBridgePort(bp: i32, why: i32): void {
  flush(bp, (bp & BRIDGE_LAG) != 0 ? memberOf(lagOf(bp & ~BRIDGE_LAG).first).port : bp, why);
}

export function flushPort(port: i32, why: i32): void { flush(port, port, why); }
export function flushLag(lag: i32, why: i32): void {
  const l = lagOf(lag);
  const around = l.mlagId != 0 && l.twinUp != 0 ? peerLinkOf(l.node) : -1;
  if (around >= 0 && lagOf(around).up != 0) { repoint(lag, BRIDGE_LAG | around); return; }
  flush(BRIDGE_LAG | lag, memberOf(l.first).port, why);
}

function flush(bp: i32, port: i32, why: i32): void {
  stirDomains(portOf(port).node);
  let count = 0;
  for (let row = fdbFirstOf(bp); row != NO_ROW; row = fdbNextOf(row)) count += 1;
  if (count > 0) trace(T_FDB_FLUSH, port, count, why, 0);
  for (let row = fdbFirstOf(bp); row != NO_ROW;) {
    const next = fdbNextOf(row);
    markMac(portOf(port).node, fdbKeyOf(row));
    fdbRemove(row);
    row = next;
  }
}

/** Moves all entries of a dual-homed member to the peer-link. */
function repoint(lag: i32, to: i32): void {
  let row = fdbFirstOf(BRIDGE_LAG | lag);
  while (row != NO_ROW) {
    const next = fdbNextOf(row);
    fdbMove(row, to, cause);
    fdbSetCause(row, cause);
    markMac(lagOf(lag).node, fdbKeyOf(row));
    row = next;
  }
}

/** Everything a switch knew is gone: power off. */
export function forgetNode(node: i32): void {
  const n = nodeOf(node);
  for (let i = 0; i < n.portCount; i++) dropRows(n.firstPort + i);
  for (let i = 0; i < n.lagCount; i++) dropRows(BRIDGE_LAG | (n.firstLag + i));
}
function dropRows(bp: i32): void {
  let row = fdbFirstOf(bp);
  while (row != NO_ROW) { const next = fdbNextOf(row); fdbRemove(row); row = next; }
}
