// A flow is walked through the tables that frames use, hop by hop, in no time. It teaches the MAC tables and uses the
// neighbour entries that its frames would. The result is whether a frame sent now arrives, and if not, where it is lost and why.

import {
  DROP_BACKUP_MEMBER, DROP_LINK_DARK, DROP_NODE_DOWN, DROP_NONE, DROP_NOT_COLLECTING, DROP_NOT_FOUND, DROP_NO_ARP, DROP_NO_CARRIER,
  DROP_NO_GATEWAY, DROP_NO_MEMBER, DROP_NO_ROUTE, DROP_STALE_ARP, DROP_TTL, LAG_ACTIVE_BACKUP, NODE_HOST, NODE_HUNG, NODE_UP, FRAME_PROBE,
} from "../abi";
import { neighbourOf, resolve, resolvedBy } from "../arp/neighbour";
import { NO_ROW } from "../collections/fdb";
import { take } from "../core/memory";
import { connected, longestMatch, nextHop, nextHopCount } from "../routing/table";
import { Frame, lost } from "../sim/frames";
import { accepts } from "../sim/l3";
import { bridgeFor, bridgeOf, bridgePortFor, l3Of, lagOf, linkOf, memberOf, nodeOf, otherEnd, portOf } from "../sim/tables";
import { FROM_SELF, bridge, decidedBy, learn, outAt, outTop, popOuts, reason, reasonCause, tagFor } from "../switching/bridge";
import { chooseMember, frameHash, seeded } from "../switching/choose";
import { HASH_LAYER34 } from "../abi";
import { holdNeighbourLater, holdRowLater } from "./holds";

const TTL: i32 = 32;
let frameAt: usize = 0;
export function reserveWalk(): void { frameAt = take(offsetof<Frame>()); }

// Result of the last walk.
export let why: i32 = DROP_NONE;
export let whyNode: i32 = -1;
export let whyPort: i32 = -1;
export let whyCause: u32 = 0; // 0: nothing particular
export let hops: i32 = 0;
export let digest: u32 = 0;

function fail(code: i32, node: i32, port: i32, cause: u32): bool {
  why = code; whyNode = node; whyPort = port; whyCause = cause;
  return false;
}

/** Walks a frame from an interface to an address. True: it arrives. */
export function walk(from: i32, to: i32, proto: i32, ports: i32): bool {
  const source = l3Of(from);
  const target = l3Of(to);
  why = DROP_NONE; hops = 0; digest = 0x811c9dc5; whyCause = 0;
  const f = changetype<Frame>(frameAt);
  memory.fill(frameAt, 0, offsetof<Frame>());
  f.kind = FRAME_PROBE; f.origin = source.node;
  f.c = source.ip; f.d = target.ip; f.h = proto; f.i = ports; f.a = TTL;
  const node = nodeOf(source.node);
  if (node.state != NODE_UP) return fail(DROP_NODE_DOWN, source.node, -1, node.faultCause);
  return fromHost(from, f);
}

function fromHost(l3: i32, f: Frame): bool {
  const i = l3Of(l3);
  if (i.up == 0) {
    const lag = i.lag >= 0 ? lagOf(i.lag) : null;
    return fail(lag !== null ? DROP_NO_MEMBER : DROP_NO_CARRIER, i.node, i.port, i.downCause);
  }
  const mask: u32 = i.prefixLen == 0 ? 0 : <u32>(0xffffffff << (32 - i.prefixLen));
  const hop = (f.d & mask) == (i.ip & mask) ? f.d : i.gateway;
  if (hop == 0) return fail(DROP_NO_ROUTE, i.node, -1, 0);
  f.dstMac = resolve(l3, hop);
  f.srcMac = i.mac;
  if (f.dstMac == 0) return fail(DROP_NO_ARP, i.node, -1, neighbourOf(resolvedBy).cause);
  holdNeighbourLater(resolvedBy, hop);
  if (i.lag < 0) return cross(i.port, f);
  const member = chooseMember(i.lag, f);
  if (member < 0) return fail(DROP_NO_MEMBER, i.node, -1, lagOf(i.lag).cause);
  return cross(memberOf(member).port, f);
}

/** Over the cable. */
function cross(port: i32, f: Frame): bool {
  const p = portOf(port);
  hops += 1;
  digest = (digest ^ <u32>port) * 0x01000193;
  if (p.carrier == 0 || p.admin == 0) return fail(DROP_NO_CARRIER, p.node, port, p.cause);
  const link = linkOf(p.link);
  const far = otherEnd(port);
  if (lost(link, p.end) || link.loss >= 1000000) return fail(DROP_LINK_DARK, p.node, port, link.cause);
  const to = nodeOf(portOf(far).node);
  if (to.state != NODE_UP && to.state != NODE_HUNG) return fail(DROP_NODE_DOWN, portOf(far).node, far, to.faultCause);
  if (portOf(far).admin == 0 || portOf(far).carrier == 0) return fail(DROP_LINK_DARK, p.node, port, portOf(far).cause);
  return arrive(far, f);
}

function arrive(port: i32, f: Frame): bool {
  const p = portOf(port);
  const node = nodeOf(p.node);
  if (p.lag >= 0 && (memberOf(p.member).usable & 1) == 0) {
    const lag = lagOf(p.lag);
    return fail(lag.mode == LAG_ACTIVE_BACKUP ? DROP_BACKUP_MEMBER : DROP_NOT_COLLECTING, p.node, port, memberOf(p.member).cause != 0 ? memberOf(p.member).cause : lag.cause);
  }
  if (node.kind == NODE_HOST) return atHost(port, f);
  if (p.routed != 0) return route(p.node, f);
  const vlan = f.vlan != 0 ? f.vlan : p.pvid;
  const at = bridgeFor(p.node, vlan);
  if (at < 0) return fail(DROP_NOT_FOUND, p.node, port, 0);
  const b = bridgeOf(at);
  const bp = bridgePortFor(port);
  const row = learn(b, bp, f);
  if (row != NO_ROW) holdRowLater(row, p.node, vlan, f.srcMac);
  if (b.l3 >= 0 && l3Of(b.l3).up != 0 && accepts(l3Of(b.l3), f.dstMac)) return route(p.node, f);
  return through(at, bp, f);
}

function atHost(port: i32, f: Frame): bool {
  const p = portOf(port);
  const n = nodeOf(p.node);
  if (n.state != NODE_UP) return fail(DROP_NODE_DOWN, p.node, port, n.faultCause);
  const l3 = p.lag >= 0 ? lagOf(p.lag).l3 : p.l3;
  if (l3 < 0) return fail(DROP_NOT_FOUND, p.node, port, 0);
  const i = l3Of(l3);
  if (f.dstMac != i.mac) return fail(DROP_NOT_FOUND, p.node, port, 0);
  if (f.d != i.ip) return fail(DROP_STALE_ARP, p.node, port, 0);
  return true;
}

/** Bridged out of a switch: by one port, or flooded. */
function through(at: i32, inBp: i32, f: Frame): bool {
  const b = bridgeOf(at);
  const from = outTop;
  const count = bridge(b, inBp, f);
  if (count == 0) { const c = reasonCause; popOuts(from); return fail(reason == DROP_NOT_FOUND ? DROP_NO_GATEWAY : reason, b.node, -1, c); }
  const flooded = decidedBy == NO_ROW;
  const vlan = b.vlan; const ttl = f.a; const src = f.srcMac; const dst = f.dstMac;
  let arrived = false;
  for (let k = 0; k < count && !arrived; k++) {
    const port = outAt(from + k);
    f.vlan = tagFor(port, vlan); f.a = ttl - 1; f.srcMac = src; f.dstMac = dst;
    if (f.a <= 0) { fail(DROP_TTL, b.node, port, 0); break; }
    arrived = cross(port, f);
  }
  popOuts(from);
  if (!arrived && flooded && why != DROP_TTL && count > 1) return fail(DROP_NOT_FOUND, b.node, -1, 0);
  return arrived;
}

function route(node: i32, f: Frame): bool {
  f.a -= 1;
  if (f.a <= 0) return fail(DROP_TTL, node, -1, 0);
  const prefix = longestMatch(f.d);
  if (prefix < 0) return fail(DROP_NO_ROUTE, node, -1, 0);
  const l3 = connected(node, prefix);
  if (l3 >= 0) {
    const i = l3Of(l3);
    const mac = resolve(l3, f.d);
    if (mac == 0) return fail(DROP_NO_ARP, node, -1, neighbourOf(resolvedBy).cause);
    holdNeighbourLater(resolvedBy, f.d);
    f.srcMac = i.mac; f.dstMac = mac;
    f.origin = node;
    return through(i.bridge, FROM_SELF, f);
  }
  const count = nextHopCount(node, prefix);
  if (count == 0) return fail(DROP_NO_ROUTE, node, -1, nodeOf(node).routeCause);
  const hash = frameHash(HASH_LAYER34, f);
  const port = nextHop(node, prefix, <i32>(seeded(hash, nodeOf(node).ecmpSeed) % <u32>count));
  f.srcMac = portOf(port).mac; f.dstMac = portOf(otherEnd(port)).mac; f.vlan = 0;
  return cross(port, f);
}
