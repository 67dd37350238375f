// Layer 2 domains: bridges of one VLAN that cabling joins, whatever spanning tree and failures make of it. What is sent to a group
// address is heard in all of a domain, so those who say hello that way rest only while nothing in their domain changes.

import { LAG_ACTIVE_BACKUP, LAG_LACP, LAG_STATIC, NODE_HOST } from "../abi";
import { take } from "../core/memory";
import { linkQuiet, linkFit } from "./rest-rules";
import { BRIDGE_LAG, bridgeFor, bridgeOf, bridgePortOf, bridges, lagOf, linkOf, links, maxBridges, memberOf, nodeOf, portOf } from "./tables";
import { tagFor } from "../switching/bridge";

@unmanaged export class Domain {
  up: i32; // union-find: its own row, or one nearer to the domain's row
  next: i32; // ring of the domain's bridges
  unfit: i32; // a frame does more here than be heard: it counts (round robin, ARP monitors), or is recorded
  resting: i32; // companies at rest
  vrrps: i32; // first of its VRRP routers, -1
  changedAt: i64;
}

let rowsAt: usize = 0;
export function reserveDomains(): void { rowsAt = take(<usize>maxBridges * offsetof<Domain>()); }
function rowOf(bridge: i32): Domain { return changetype<Domain>(rowsAt + <usize>bridge * offsetof<Domain>()); }

function find(bridge: i32): i32 {
  let i = bridge;
  while (rowOf(i).up != i) { rowOf(i).up = rowOf(rowOf(i).up).up; i = rowOf(i).up; }
  return i;
}
export function domainOf(bridge: i32): Domain { return rowOf(find(bridge)); }
export function nextBridge(bridge: i32): i32 { return rowOf(bridge).next; }

/** Cabling is fixed: domains are known when a run begins. */
export function formDomains(): void {
  for (let i = 0; i < bridges; i++) { const row = rowOf(i); row.up = i; row.next = i; row.unfit = 0; row.resting = 0; row.vrrps = -1; }
  for (let l = 0; l < links; l++) {
    if (nodeOf(portOf(linkOf(l).a).node).bridgeCount == 0 || nodeOf(portOf(linkOf(l).b).node).bridgeCount == 0) continue;
    joinAcross(linkOf(l).a, linkOf(l).b);
    joinAcross(linkOf(l).b, linkOf(l).a);
  }
  for (let i = 0; i < bridges; i++) if (!fit(i)) domainOf(i).unfit = 1;
}

function joinAcross(from: i32, to: i32): void {
  const n = nodeOf(portOf(from).node);
  for (let i = n.firstBridge, end = n.firstBridge + n.bridgeCount; i < end; i++) {
    if (!hasPort(i, from)) continue;
    const tag = tagFor(from, bridgeOf(i).vlan);
    const other = bridgeFor(portOf(to).node, tag != 0 ? tag : portOf(to).pvid);
    if (other >= 0) join(i, other);
  }
}

function join(a: i32, b: i32): void {
  const x = find(a);
  const y = find(b);
  if (x == y) return;
  const after = rowOf(a).next; // two rings that swap their successors are one
  rowOf(a).next = rowOf(b).next;
  rowOf(b).next = after;
  rowOf(max(x, y)).up = min(x, y);
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
  let i = bridge;
  do {
    const b = bridgeOf(i);
    if (b.storm != 0) return false;
    for (let k = b.first, end = b.first + b.count; k < end; k++) if (!eachCable(bridgePortOf(k), false)) return false;
    i = nextBridge(i);
  } while (i != bridge);
  return true;
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
  return ever ? linkFit(link) && plain(linkOf(link).a) && plain(linkOf(link).b) : linkQuiet(link);
}
/** A port that keeps no count of what passes. */
function plain(port: i32): bool {
  const p = portOf(port);
  if (p.monitored != 0) return false;
  if (p.lag < 0) return true;
  const mode = lagOf(p.lag).mode;
  return mode == LAG_STATIC || mode == LAG_LACP || mode == LAG_ACTIVE_BACKUP;
}
