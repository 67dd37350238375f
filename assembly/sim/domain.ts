// Layer 2 domains: bridges of one VLAN that cabling joins, whatever spanning tree and failures make of it. What is sent to a group
// address is heard in all of a domain, so those who say hello that way rest only while nothing in their domain changes.

import { LAG_ACTIVE_BACKUP, LAG_LACP, LAG_STATIC, NODE_HOST } from "../abi";
import { Joined, join, setOf, standAlone } from "../collections/sets";
import { take } from "../core/memory";
import { now } from "../core/trace";
import { caughtUp, linkQuiet, linkFit } from "./rest-rules";
import { storms } from "./storm";
import { BRIDGE_LAG, Bridge, bridgeFor, bridgeOf, bridgePortOf, bridges, lagOf, linkOf, links, maxBridges, memberOf, nodeOf, otherEnd, portOf, ports, tagFor } from "./tables";

@unmanaged export class Domain extends Joined { // a ring of the domain's bridges
  unfit: i32; // a frame does more here than be heard: it counts (round robin, ARP monitors), or is recorded
  resting: i32; // companies at rest
  voices: i32; // first of its routers of first-hop groups, -1
  changedAt: i64;
  asked: i32; // first neighbour entry at rest (rest-neighbour.ts), 0 none
  pad: i32;
  askedAt: i64; // last change that only they depend on
  quietAt: i64; // last time that it was found quiet
  spanNs: i64; // delays of its cables between switches, as they were then
  agesNs: i64; // and the shortest time after which one of its switches forgets an address
}

const ROW: usize = offsetof<Domain>();
let rowsAt: usize = 0;
export function reserveDomains(): void { rowsAt = take(<usize>maxBridges * ROW); }
function rowOf(bridge: i32): Domain { return changetype<Domain>(rowsAt + <usize>bridge * ROW); }

export function domainOf(bridge: i32): Domain { return rowOf(setOf(rowsAt, ROW, bridge)); }
export function nextBridge(bridge: i32): i32 { return rowOf(bridge).next; }

/** Cabling is fixed: domains are known when a run begins. */
export function formDomains(): void {
  for (let i = 0; i < bridges; i++) {
    standAlone(rowsAt, ROW, i);
    const row = rowOf(i);
    row.unfit = 0; row.resting = 0; row.voices = -1; row.asked = 0; row.changedAt = 0; row.askedAt = 0; row.quietAt = 0;
  }
  for (let l = 0; l < links; l++) {
    if (nodeOf(portOf(linkOf(l).a).node).bridgeCount == 0 || nodeOf(portOf(linkOf(l).b).node).bridgeCount == 0) continue;
    joinAcross(linkOf(l).a, linkOf(l).b);
    joinAcross(linkOf(l).b, linkOf(l).a);
  }
  for (let i = 0; i < bridges; i++) if (!fit(i)) domainOf(i).unfit = 1;
  listByPort();
}

// --- which bridges a port takes part in: lists one behind the other --------------------------------------------------------

let startsAt: usize = 0; // i32 a port, and one more
let listsAt: usize = 0;
export function firstBridgeOf(port: i32): i32 { return load<i32>(startsAt + (<usize>port << 2)); }
export function endBridgeOf(port: i32): i32 { return load<i32>(startsAt + (<usize>port << 2), 4); }
export function listedBridge(k: i32): i32 { return load<i32>(listsAt + (<usize>k << 2)); }

function listByPort(): void {
  startsAt = take(<usize>(ports + 1) << 2);
  for (let i = 0; i < bridges; i++) eachPort(i, false);
  let sum = 0;
  for (let p = 0; p <= ports; p++) { sum += firstBridgeOf(p); store<i32>(startsAt + (<usize>p << 2), sum); }
  listsAt = take(<usize>sum << 2);
  for (let i = 0; i < bridges; i++) eachPort(i, true);
}
function eachPort(bridge: i32, fill: bool): void {
  const b = bridgeOf(bridge);
  const n = nodeOf(b.node);
  for (let k = b.first, end = b.first + b.count; k < end; k++) {
    const bp = bridgePortOf(k);
    if ((bp & BRIDGE_LAG) == 0) { list(bp, bridge, fill); continue; }
    const lag = lagOf(bp & ~BRIDGE_LAG);
    for (let m = lag.first, last = lag.first + lag.count; m < last; m++) list(memberOf(m).port, bridge, fill);
  }
  for (let p = n.firstPort, end = n.firstPort + n.portCount; p < end; p++) if (portOf(p).routed == 0 && portOf(p).pvid == b.vlan) list(p, bridge, fill);
}
/** Counts first; then each list is filled from its end, which becomes its start. */
function list(port: i32, bridge: i32, fill: bool): void {
  const at = startsAt + (<usize>port << 2);
  store<i32>(at, load<i32>(at) + (fill ? -1 : 1));
  if (fill) store<i32>(listsAt + (<usize>load<i32>(at) << 2), bridge);
}

function joinAcross(from: i32, to: i32): void {
  const n = nodeOf(portOf(from).node);
  for (let i = n.firstBridge, end = n.firstBridge + n.bridgeCount; i < end; i++) {
    if (!hasPort(i, from)) continue;
    const tag = tagFor(from, bridgeOf(i).vlan);
    const other = bridgeFor(portOf(to).node, tag != 0 ? tag : portOf(to).pvid);
    if (other >= 0) join(rowsAt, ROW, i, other);
  }
}

function hasPort(bridge: i32, port: i32): bool {
  const b = bridgeOf(bridge);
  const lag = portOf(port).lag;
  for (let k = b.first, end = b.first + b.count; k < end; k++) {
    const bp = bridgePortOf(k);
    if (bp == port || (lag >= 0 && bp == (BRIDGE_LAG | lag))) return true;
  }
  return false;
}

// --- what a frame to all passes: each cable of each bridge ------------------------------------------

/** A cable that can never be left out of account. */
function fit(bridge: i32): bool {
  const b = bridgeOf(bridge);
  for (let k = b.first, end = b.first + b.count; k < end; k++) if (!eachCable(bridgePortOf(k), true)) return false;
  return true;
}

/** Does nothing get lost on the cables of the domain, and is nothing about to be noticed? */
export function domainQuiet(bridge: i32): bool {
  const domain = domainOf(bridge);
  if (storms == 0 && domain.quietAt > domain.changedAt) return true; // whoever changes something stirs it first
  domain.spanNs = 0; domain.agesNs = i64.MAX_VALUE;
  let i = bridge;
  do {
    const b = bridgeOf(i);
    if (b.storm != 0) return false;
    domain.agesNs = min(domain.agesNs, nodeOf(b.node).macAgeNs);
    for (let k = b.first, end = b.first + b.count; k < end; k++) if (!eachCable(bridgePortOf(k), false)) return false;
    domain.spanNs += spanOf(b);
    i = nextBridge(i);
  } while (i != bridge);
  domain.quietAt = now;
  return true;
}

/** What a frame needs at most to cross the bridge's cables to other switches. */
function spanOf(b: Bridge): i64 {
  let span: i64 = 0;
  for (let k = b.first, end = b.first + b.count; k < end; k++) span += spanOfPort(bridgePortOf(k));
  return span;
}
function spanOfPort(bp: i32): i64 {
  if ((bp & BRIDGE_LAG) == 0) return delayTo(bp);
  const lag = lagOf(bp & ~BRIDGE_LAG);
  let longest: i64 = 0;
  for (let m = lag.first, end = lag.first + lag.count; m < end; m++) longest = max(longest, delayTo(memberOf(m).port));
  return longest;
}
function delayTo(port: i32): i64 {
  const link = portOf(port).link;
  return link < 0 || nodeOf(portOf(otherEnd(port)).node).kind == NODE_HOST ? 0 : linkOf(link).delayNs;
}

function eachCable(bp: i32, ever: bool): bool {
  if ((bp & BRIDGE_LAG) == 0) return cable(bp, ever);
  const lag = lagOf(bp & ~BRIDGE_LAG);
  for (let m = lag.first, end = lag.first + lag.count; m < end; m++) if (!cable(memberOf(m).port, ever)) return false;
  return true;
}
function cable(port: i32, ever: bool): bool {
  const link = portOf(port).link;
  if (link < 0) return true;
  return ever ? linkFit(link) && plain(linkOf(link).a) && plain(linkOf(link).b) : linkQuiet(link) && caughtUp(link);
}
/** A port that keeps no count of what passes. */
function plain(port: i32): bool {
  const p = portOf(port);
  if (p.monitored != 0) return false;
  if (p.lag < 0) return true;
  const mode = lagOf(p.lag).mode;
  return mode == LAG_STATIC || mode == LAG_LACP || mode == LAG_ACTIVE_BACKUP;
}
