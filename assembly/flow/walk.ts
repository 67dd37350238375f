// A flow is walked through the tables that frames use, hop by hop, in no time. It teaches the MAC tables and uses the
// neighbour entries that its frames would. The result is whether a frame sent now arrives, and if not, where it is lost and why.
// What a cable, a bridge, a router and a host do with a frame is asked of the functions that frames go through.

import {
  DROP_BACKUP_MEMBER, DROP_DISCARDING, DROP_LOOP_RULE, DROP_NONE, DROP_NOT_FOUND, DROP_NO_CARRIER, DROP_NO_GATEWAY, DROP_NO_MEMBER, DROP_STORM, DROP_TTL, FRAME_PROBE, LAG_ACTIVE_BACKUP,
  LAG_BROADCAST, LAG_ROUND_ROBIN, LAG_STATIC, NODE_HOST, PATH_FLOODED, PATH_HOPS, PATH_ROUTED,
} from "../abi";
import { dress } from "../bond/spread";
import { NO_ROW, fdbFind, fdbKey } from "../collections/fdb";
import { take } from "../core/memory";
import { Frame, blame as cableBlame, deaf, obstacle, refused } from "../sim/frames";
import { askedBridgePort, askedMac } from "../sim/asked";
import { accepts } from "../sim/gateway-macs";
import { BRIDGE_LAG, Lag, bridgeFor, bridgeOf, bridgePortFor, l3Of, lagOf, memberOf, nodeOf, otherEnd, portOf, tagFor } from "../sim/tables";
import { GATE_OPEN, gateCause, gateOf } from "../sim/stp-tables";
import { FROM_SELF, bridge, decidedBy, learn, outAt, outTop, popOuts, reason, reasonCause } from "../switching/bridge";
import { setWalking } from "../sim/counters";
import { chooseMember, sends } from "../bond/choose";
import { blame, delivered, fromHost, neighbour, nextIp, routeHop, viaL3, viaPort } from "./forward";
import { peerNodeOf } from "../sim/pairs";
import { visit } from "./visits";
import { watchRow } from "../sim/ageing";
import { holdNeighbourLater, holdRowLater } from "./holds";

const BRIDGES: i32 = 32; // on one way, between two routers
const GROUP_BIT: u64 = 0x010000000000;
const CABLES: i32 = 1 << 16; // crossed by one walk with all its floods
const VISITS: i32 = 4; // of one switch between two routers: more come of a loop, and each would flood again
let frameAt: usize = 0;
let wayAt: usize = 0; // ports left by so far, each with PATH_* flags
let foundAt: usize = 0; // the same for the copy that arrived
export function reserveWalk(): void {
  frameAt = take(offsetof<Frame>());
  wayAt = take(<usize>PATH_HOPS << 2);
  foundAt = take(<usize>PATH_HOPS << 2);
}

// Result of the last walk.
export let why: i32 = DROP_NONE;
export let whyNode: i32 = -1;
export let whyPort: i32 = -1;
export let whyCause: u32 = 0; // 0: nothing particular
export let hops: i32 = 0;
export let digest: u32 = 0;
let crossed: i32 = 0;
let legs: u32 = 0; // ways between routers walked since the start
let flags: i32 = 0; // of the next hop
let foundHops: i32 = 0;

/** Copies the way of the last walk that arrived: how many hops, then port | PATH_* for each. Longer ways are cut off. */
export function keepWay(to: usize): void {
  store<i32>(to, foundHops);
  memory.copy(to + 4, foundAt, <usize>foundHops << 2);
}
/** Members whose frames arrive, and members that send: of a mode that chooses a member for each frame. */
export let share: i32 = 1;
export let shareOf: i32 = 1;
let quiet: bool = false; // teaches nothing that is known otherwise
let only: i32 = -1; // of a mode that sends by every member: the one that is tried, -1: all
export function onlyMember(k: i32): void { only = k; }

function fail(code: i32, node: i32, port: i32, cause: u32): bool {
  why = code; whyNode = node; whyPort = port; whyCause = cause;
  return false;
}

/** Walks a frame from an interface to another's address. True: it arrives. */
export function walk(from: i32, to: i32, proto: i32, ports: i32): bool {
  setWalking(true);
  const arrives = begin(from, to, proto, ports);
  setWalking(false);
  quiet = false;
  return arrives;
}

function begin(from: i32, to: i32, proto: i32, ports: i32): bool {
  share = 1; shareOf = 1;
  flags = 0; foundHops = 0;
  why = DROP_NONE; hops = 0; crossed = 0; digest = 0x811c9dc5; whyCause = 0;
  const f = changetype<Frame>(frameAt);
  memory.fill(frameAt, 0, offsetof<Frame>());
  f.kind = FRAME_PROBE; f.h = proto; f.i = ports; f.a = BRIDGES;
  legs += 1; f.b = <i32>legs;
  const i = l3Of(from);
  visit(i.node);
  const refusal = fromHost(from, l3Of(to).ip, f);
  if (neighbour >= 0) holdNeighbourLater(neighbour, nextIp); // or waits for it
  if (refusal != DROP_NONE) return fail(refusal, i.node, refusal == DROP_NO_CARRIER ? i.port : -1, blame);
  if (i.lag < 0) return cross(i.port, f);
  const lag = lagOf(i.lag);
  askedBridgePort(BRIDGE_LAG | i.lag);
  if (lag.mode == LAG_ROUND_ROBIN || lag.mode == LAG_BROADCAST) return everyMember(lag, f);
  const member = chooseMember(i.lag, f);
  if (member < 0) return fail(DROP_NO_MEMBER, i.node, -1, lag.cause);
  if (lag.mode > LAG_ACTIVE_BACKUP) dress(lag, member, f);
  // Two flows that teach a switch one address on two ports would undo each other's walks without end.
  quiet = lag.mode == LAG_STATIC && lag.usable > 1 && portOf(otherEnd(memberOf(member).port)).lag < 0;
  return cross(memberOf(member).port, f);
}

/**
 * The mode chooses a member for each frame: each that sends is tried. balance-rr is as good as its worst member, for every
 * n-th frame goes by it; of broadcast's copies one is enough.
 */
function everyMember(lag: Lag, f: Frame): bool {
  quiet = true;
  const vlan = f.vlan; const ttl = f.e; const src = f.srcMac; const dst = f.dstMac; const origin = f.origin;
  let good = 0; let all = 0;
  let goodHops = 0; let goodDigest: u32 = 0;
  let code = DROP_NO_MEMBER; let node = lag.node; let port = -1; let record = lag.cause;
  for (let i = 0; i < lag.count; i++) {
    if (!sends(lag, lag.first + i)) continue;
    all += 1;
    if (only >= 0 && only != all - 1) continue;
    hops = 0; digest = 0x811c9dc5; why = DROP_NONE;
    f.vlan = vlan; f.e = ttl; f.srcMac = src; f.dstMac = dst; f.origin = origin; f.a = BRIDGES; legs += 1; f.b = <i32>legs;
    if (cross(memberOf(lag.first + i).port, f)) { good += 1; goodHops = hops; goodDigest = digest; }
    else { code = why; node = whyNode; port = whyPort; record = whyCause; }
  }
  share = good; shareOf = all;
  hops = goodHops; digest = goodDigest;
  if (good > 0 && (good == all || lag.mode == LAG_BROADCAST || only >= 0)) { why = DROP_NONE; return true; }
  return fail(code, node, port, record);
}

/** Walks a frame that somebody has made, out of a port. */
export function walkFrame(port: i32, f: Frame): bool {
  setWalking(true);
  flags = 0; foundHops = 0; quiet = false;
  why = DROP_NONE; whyCause = 0; whyNode = -1; whyPort = -1; hops = 0; crossed = 0; digest = 0x811c9dc5;
  legs += 1; f.a = BRIDGES; f.b = <i32>legs;
  const arrives = cross(port, f);
  setWalking(false);
  return arrives;
}

/** Over the cable. */
function cross(port: i32, f: Frame): bool {
  const p = portOf(port);
  if (hops < PATH_HOPS) store<i32>(wayAt + (<usize>hops << 2), port | flags);
  flags = 0;
  hops += 1; crossed += 1;
  digest = (digest ^ <u32>port) * 0x01000193;
  if (crossed > CABLES) return fail(DROP_TTL, p.node, port, 0);
  visit(p.node);
  askedBridgePort(partOf(port));
  const far = p.link >= 0 ? otherEnd(port) : -1;
  if (far >= 0) { visit(portOf(far).node); askedBridgePort(partOf(far)); } // whatever stands in between is marked at both ends
  const obstructed = obstacle(port);
  if (obstructed != DROP_NONE) return fail(obstructed, p.node, port, cableBlame);
  if (peerNodeOf(portOf(far).node) >= 0) visit(peerNodeOf(portOf(far).node)); // a pair's MAC tables age together
  const unheard = deaf(far);
  if (unheard != DROP_NONE) return fail(unheard, portOf(far).node, far, cableBlame);
  const unwanted = refused(far, (f.dstMac & GROUP_BIT) != 0);
  if (unwanted != DROP_NONE) return fail(unwanted, portOf(far).node, far, cableBlame);
  return arrive(far, f);
}

/** The port, or the bundle that it is of, whether or not it forwards by itself. */
function partOf(port: i32): i32 { const lag = portOf(port).lag; return lag >= 0 ? BRIDGE_LAG | lag : port; }

function arrive(port: i32, f: Frame): bool {
  const p = portOf(port);
  if (nodeOf(p.node).kind == NODE_HOST) {
    const kept = delivered(port, f);
    if (kept != DROP_NONE) return fail(kept, p.node, port, blame);
    foundHops = min(hops, PATH_HOPS);
    memory.copy(foundAt, wayAt, <usize>foundHops << 2);
    return true;
  }
  if (p.routed != 0) return route(p.node, f);
  const vlan = f.vlan != 0 ? f.vlan : p.pvid;
  const at = bridgeFor(p.node, vlan);
  if (at < 0) return fail(DROP_NOT_FOUND, p.node, port, 0);
  const b = bridgeOf(at);
  const bp = bridgePortFor(port);
  if (b.storm != 0) return fail(DROP_STORM, p.node, port, b.storm);
  if (b.walk != <u32>f.b) { b.walk = <u32>f.b; b.visits = 0; }
  b.visits += 1;
  if (b.visits > VISITS) return fail(DROP_TTL, p.node, port, 0);
  askedMac(fdbKey(vlan, f.srcMac));
  // A frame that has come round teaches nothing: rows would go to and fro, walk by walk.
  const known = b.visits > 1 || quiet && fdbFind(p.node, fdbKey(vlan, f.srcMac), nodeOf(p.node).macAgeNs) != NO_ROW;
  const row = known ? NO_ROW : learn(b, bp, f);
  if (row != NO_ROW) holdRowLater(row, p.node, vlan, f.srcMac);
  if (gateOf(bp) != GATE_OPEN) return fail(DROP_DISCARDING, p.node, port, gateCause(bp));
  if (b.l3 >= 0 && l3Of(b.l3).up != 0 && accepts(l3Of(b.l3), f.dstMac)) return route(p.node, f);
  return through(at, bp, f);
}

/** Bridged out of a switch: by one port, or flooded, and then by all of them, for a flood teaches every switch that it reaches. */
function through(at: i32, inBp: i32, f: Frame): bool {
  const b = bridgeOf(at);
  const from = outTop;
  const count = bridge(b, inBp, f);
  if (decidedBy != NO_ROW) watchRow(decidedBy);
  if (count == 0) { const c = reasonCause; popOuts(from); return fail(reason == DROP_NOT_FOUND && nextIp != f.d ? DROP_NO_GATEWAY : reason, b.node, -1, c); }
  const flooded = decidedBy == NO_ROW;
  const vlan = b.vlan; const bridges = f.a; const ttl = f.e; const leg = f.b; const src = f.srcMac; const dst = f.dstMac; const origin = f.origin;
  const startHops = hops; const startDigest = digest; const startFlags = flags;
  let arrived = false;
  let endHops = 0; let endDigest: u32 = 0;
  for (let k = 0; k < count; k++) {
    const port = outAt(from + k);
    f.vlan = tagFor(port, vlan); f.a = bridges - 1; f.e = ttl; f.b = leg; f.srcMac = src; f.dstMac = dst; f.origin = origin;
    hops = startHops; digest = startDigest; flags = startFlags | (flooded ? PATH_FLOODED : 0);
    if (f.a <= 0) { fail(DROP_TTL, b.node, port, 0); break; }
    if (cross(port, f)) { arrived = true; endHops = hops; endDigest = digest; }
    else if (crossed > CABLES) break;
  }
  popOuts(from);
  if (arrived) { hops = endHops; digest = endDigest; return true; }
  // Flooded, and not found: what one of the ports did with it is no reason, unless it was the only one and a fault.
  if (flooded && why != DROP_TTL && (count > 1 || why == DROP_BACKUP_MEMBER || why == DROP_LOOP_RULE)) return fail(DROP_NOT_FOUND, b.node, -1, 0);
  return false;
}

function route(node: i32, f: Frame): bool {
  const refusal = routeHop(node, f);
  if (neighbour >= 0) holdNeighbourLater(neighbour, nextIp);
  if (refusal != DROP_NONE) return fail(refusal, node, -1, blame);
  f.a = BRIDGES; legs += 1; f.b = <i32>legs;
  flags = PATH_ROUTED;
  return viaL3 >= 0 ? through(l3Of(viaL3).bridge, FROM_SELF, f) : cross(viaPort, f);
}
