// Broadcast storms. A frame that is flooded by a bridge which has flooded it before has come back: there is a loop. One such
// frame is let go round to measure how its copies grow; then it, and every other frame that comes back, goes no further, so that the
// run ends. Flows through a stormy VLAN are lost: its links are full. The storm is over when the VLAN has no loop any more.

import { DROP_NONE, NODE_HOST, STORM_COPIES, STORM_FOUND, STORM_GROWTH, STORM_OVER, T_STORM } from "../abi";
import { take } from "../core/memory";
import { cause, now, setCause, trace } from "../core/trace";
import { markDirty } from "./dirty";
import { Frame, obstacle } from "./frames";
import { GATE_OPEN, gateOf } from "./stp-tables";
import { BRIDGE_LAG, Bridge, bridgeFor, bridgeOf, bridgePortFor, bridgePortOf, bridges, lagOf, memberOf, nodeOf, otherEnd, portOf } from "./tables";
import { peerNodeOf } from "./pairs";

const SEEN: u32 = 4096; // remembered passages (bridge, frame); a forgotten one is noticed a lap later
const LAPS_MAX: u32 = 8; // of a frame where no loop is known: a hairpin through a router, a copy that was under way when the network changed
const COPIES_MAX: i32 = 2048; // of the measured frame; the pool of frames is at least twice that

let seenAt: usize = 0;
let parentsAt: usize = 0;
export function reserveStorm(bridgeRows: i32): void { seenAt = take(<usize>SEEN << 4); parentsAt = take(<usize>bridgeRows << 2); }

/** VLANs of switches that storm now. */
export let storms: i32 = 0;
let measured: u32 = 0; // serial of the frame whose copies are counted, 0 none
let record: u32 = 0;
let copies: i32 = 0;
let since: i64 = 0;
let doubleAt: i32 = 0; // copies at which they have doubled again
let doubledSince: i64 = 0;
let doubling: i64 = 0;
let rate: i64 = 0; // frames a ms while they last doubled

/** May this bridge send this frame on? In a storm MAC tables are torn to and fro, and a unicast frame that follows them goes round as well. */
export function mayPass(b: Bridge, inBp: i32, f: Frame, flooded: bool): bool {
  const key = (<u32>b.node << 12) | b.vlan; // not its address: sizes of other tables decide nothing
  const slot = seenAt + (<usize>(((key * 0x85ebca6b ^ (f.serial * 0x9e3779b1)) >> 16) & (SEEN - 1)) << 4);
  if (load<u32>(slot) == key && load<u32>(slot, 8) == f.serial) return cameBack(b, inBp, f, flooded, slot);
  store<u32>(slot, key); store<u32>(slot, f.serial, 8); store<u32>(slot, 0, 12);
  return true;
}

function cameBack(b: Bridge, inBp: i32, f: Frame, flooded: bool, slot: usize): bool {
  if (b.storm == 0) {
    const laps = load<u32>(slot, 12) + 1;
    store<u32>(slot, laps, 12);
    if (!flooded || !loops(b)) return laps <= LAPS_MAX;
    begin(b, inBp, f.serial);
  }
  return f.serial == measured;
}

function begin(b: Bridge, inBp: i32, serial: u32): void {
  const before = cause;
  const made = trace(T_STORM, b.node, STORM_FOUND, <i32>b.vlan, inBp);
  const own = rootOf(b);
  for (let i = 0; i < bridges; i++) {
    const other = bridgeOf(i);
    if (other.vlan == b.vlan && other.storm == 0 && find(i) == own) { other.storm = made; storms += 1; markDirty(other.node); }
  }
  if (measured == 0) { measured = serial; record = made; copies = 0; since = now; doubleAt = 2; doubledSince = now; doubling = 0; rate = 0; }
  setCause(before);
}

/** Copies of a frame have been put on the wire. */
export function countCopies(serial: u32, count: i32): void {
  if (serial != measured || measured == 0) return;
  copies += count;
  while (copies >= doubleAt) {
    const took = now - doubledSince;
    if (took > 0) { doubling = took; rate = <i64>(doubleAt >> 1) * 1000000 / took; }
    doubledSince = now;
    doubleAt <<= 1;
  }
  if (copies >= COPIES_MAX) stopMeasuring();
}

function stopMeasuring(): void {
  const before = cause;
  setCause(record);
  trace(T_STORM, stormNode(), STORM_COPIES, copies, <i32>((now - since) / 1000));
  trace(T_STORM, stormNode(), STORM_GROWTH, <i32>min<i64>(rate, i32.MAX_VALUE), <i32>min<i64>(doubling, i32.MAX_VALUE));
  measured = 0;
  setCause(before);
}
function stormNode(): i32 {
  for (let i = 0; i < bridges; i++) if (bridgeOf(i).storm == record) return bridgeOf(i).node;
  return 0;
}

/** Forwarding has changed: is there still a loop where there was one? */
export function recheckStorms(): void {
  const before = cause;
  let told: u32 = 0;
  for (let i = 0; i < bridges; i++) {
    const b = bridgeOf(i);
    if (b.storm == 0 || loops(b)) continue;
    if (told != b.storm) { told = b.storm; trace(T_STORM, b.node, STORM_OVER, <i32>b.vlan, 0); setCause(before); }
    if (measured != 0 && record == b.storm) stopMeasuring();
    b.storm = 0;
    markDirty(b.node);
    storms -= 1;
  }
}

// --- loops in a VLAN: union-find over its bridges; an edge between two that are joined already closes a loop ----------------

function parent(i: i32): usize { return parentsAt + (<usize>i << 2); }
function find(i: i32): i32 {
  let at = i;
  while (load<i32>(parent(at)) != at) { store<i32>(parent(at), load<i32>(parent(load<i32>(parent(at))))); at = load<i32>(parent(at)); }
  return at;
}
function rootOf(b: Bridge): i32 { return find(bridgeFor(b.node, b.vlan)); }

/** Is the bridge's VLAN joined to a loop? Leaves the sets behind for `find`. */
function loops(b: Bridge): bool {
  for (let i = 0; i < bridges; i++) store<i32>(parent(i), i);
  // The peers of a pair are one bridge: they keep frames of the peer-link from coming back.
  for (let i = 0; i < bridges; i++) {
    const peer = peerNodeOf(bridgeOf(i).node);
    const twin = peer < 0 ? -1 : bridgeFor(peer, bridgeOf(i).vlan);
    if (bridgeOf(i).vlan == b.vlan && twin >= 0) store<i32>(parent(find(i)), find(twin));
  }
  for (let i = 0; i < bridges; i++) if (bridgeOf(i).vlan == b.vlan) bridgeOf(i).closes = joinPorts(i) ? 1 : 0;
  const own = rootOf(b);
  for (let i = 0; i < bridges; i++) if (bridgeOf(i).vlan == b.vlan && bridgeOf(i).closes != 0 && find(i) == own) return true;
  return false;
}

/** True: one of the bridge's ports closed a loop. */
function joinPorts(i: i32): bool {
  const b = bridgeOf(i);
  let closed = false;
  for (let k = b.first, end = b.first + b.count; k < end; k++) {
    const bp = canonical(bridgePortOf(k));
    const far = farOf(bridgePortOf(k));
    if (far < 0 || canonical(bridgePortOf(k)) != bridgePortOf(k) || canonical(far) < bp || gateOf(bp) != GATE_OPEN || gateOf(far) != GATE_OPEN) continue;
    const at = bridgeFor(nodeOfBp(far), b.vlan);
    if (at < 0 || !carries(at, far)) continue;
    const mine = find(i); const other = find(at);
    if (mine == other) closed = true;
    else store<i32>(parent(mine), other);
  }
  return closed;
}

/** A dual-homed lag is one port of the pair: named by the lower of its two legs, or by the one that is up. */
function canonical(bp: i32): i32 {
  if ((bp & BRIDGE_LAG) == 0) return bp;
  const lag = lagOf(bp & ~BRIDGE_LAG);
  if (lag.mlagId == 0 || lag.twin < 0) return bp;
  const other = lagOf(lag.twin);
  const own = bp & ~BRIDGE_LAG;
  if ((lag.up != 0) != (other.up != 0)) return BRIDGE_LAG | (lag.up != 0 ? own : lag.twin);
  return BRIDGE_LAG | min(own, lag.twin);
}
function nodeOfBp(bp: i32): i32 { return (bp & BRIDGE_LAG) != 0 ? lagOf(bp & ~BRIDGE_LAG).node : portOf(bp).node; }
function carries(bridge: i32, bp: i32): bool {
  const b = bridgeOf(bridge);
  for (let k = b.first, end = b.first + b.count; k < end; k++) if (bridgePortOf(k) == bp) return true;
  return false;
}
/** The bridge port at the other end, if frames get there now, or come from there: a loop of one direction is a loop. -1: neither. */
function farOf(bp: i32): i32 {
  let port = bp;
  if ((bp & BRIDGE_LAG) != 0) {
    const lag = lagOf(bp & ~BRIDGE_LAG);
    if (lag.peerLink >= 0) return -1;
    port = -1;
    for (let m = lag.first, end = lag.first + lag.count; m < end; m++) if ((memberOf(m).usable & 2) != 0) { port = memberOf(m).port; break; }
  }
  if (port < 0 || portOf(port).link < 0) return -1;
  const far = otherEnd(port);
  if (obstacle(port) != DROP_NONE && obstacle(far) != DROP_NONE) return -1;
  return nodeOf(portOf(far).node).kind == NODE_HOST ? -1 : bridgePortFor(far);
}
