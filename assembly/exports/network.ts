// Nodes, ports and cables; the bridges of switches, with spanning tree.

import { NODE_HOST, STP_PORT_AUTO_EDGE, STP_PORT_BPDU_GUARD, STP_PORT_EDGE, STP_PORT_LOOP_GUARD, STP_PORT_SHARED } from "../abi";
import { STREAM_ECMP, draw } from "../core/rng";
import { addRoutedPort, addRoutingNode } from "../routing/table";
import { BRIDGE_LAG, bridgeOf, lagOf, linkOf, newBridge, newBridgePort, newLink, newNode, newPort, nodeOf, portOf } from "../sim/tables";
import { newStp, newStpPort, placeOf, stpOf, stpPortOf } from "../sim/stp-tables";

export function addNode(kind: i32, tier: i32, routed: i32, mac: u64, bootNs: i64, macAgeNs: i64, arpAgeNs: i64, key: u32): i32 {
  const i = newNode();
  const n = nodeOf(i);
  n.kind = kind; n.tier = tier; n.routed = routed; n.mac = mac; n.bootNs = bootNs; n.macAgeNs = macAgeNs; n.arpAgeNs = arpAgeNs;
  n.state = 3; n.peer = -1; n.pxe = -1;
  n.key = key;
  n.ecmpSeed = <u32>draw(STREAM_ECMP, key, 0);
  if (kind != NODE_HOST) addRoutingNode(i);
  return i;
}

/** A switch's hash seed, where it is known: equal ones on two tiers polarise. */
export function setHashSeed(node: i32, seed: u32): void { nodeOf(node).ecmpSeed = seed; }

export function addPort(node: i32, speedMbps: i32, mac: u64, routed: i32, pvid: i32, watched: i32, key: u32): i32 {
  const i = newPort(node);
  const p = portOf(i);
  p.node = node; p.link = -1; p.lag = -1; p.member = -1; p.group = -1; p.l3 = -1; p.speed = <u32>speedMbps; p.mac = mac; p.routed = routed;
  p.pvid = <u32>pvid; p.admin = 1; p.watched = watched; p.number = nodeOf(node).portCount; p.key = key;
  if (routed != 0) addRoutedPort(i);
  return i;
}

export function addLink(a: i32, b: i32, delayNs: i64, detectNs: i64): i32 {
  const i = newLink();
  const l = linkOf(i);
  l.a = a; l.b = b; l.delayNs = delayNs; l.ownDelayNs = delayNs; l.detectNs = detectNs;
  portOf(a).link = i; portOf(a).end = 0;
  portOf(b).link = i; portOf(b).end = 1;
  return i;
}

/** A cable that is not plugged in when the run begins. */
export function unplug(link: i32): void { linkOf(link).cut = 1; }

/** A cable with media converters in it, which do not pass on that the far end is dark. */
export function addConverters(link: i32): void { linkOf(link).converter = 1; }

/** A node's bridges are added one after another, each with its bridge ports (`lag` 1: a lag). */
export function addBridge(node: i32, vlan: i32): i32 {
  const i = newBridge();
  const b = bridgeOf(i);
  b.node = node; b.vlan = <u32>vlan; b.l3 = -1;
  const n = nodeOf(node);
  if (n.bridgeCount == 0) n.firstBridge = i;
  n.bridgeCount += 1;
  return i;
}
export function addBridgePort(bridge: i32, index: i32, lag: i32): void {
  const at = newBridgePort(lag != 0 ? BRIDGE_LAG | index : index);
  const b = bridgeOf(bridge);
  if (b.count == 0) b.first = at;
  b.count += 1;
}

/** Spanning tree of a switch, or of both peers of a pair (`twin`; -1 none). Times in 1/256 s. */
export function addStp(node: i32, twin: i32, mode: i32, id: u64, maxAge: i32, helloTime: i32, forwardDelay: i32): i32 {
  const i = newStp();
  const b = stpOf(i);
  b.node = node; b.twin = twin; b.mode = mode; b.id = id; b.maxAge = <u32>maxAge; b.helloTime = <u32>helloTime; b.forwardDelay = <u32>forwardDelay;
  nodeOf(node).stp = i + 1;
  if (twin >= 0) nodeOf(twin).stp = i + 1;
  return i;
}
/** A switch without spanning tree that lets BPDUs through. */
export function setTransparent(node: i32): void { nodeOf(node).transparent = 1; }
/** `options`: STP_PORT_*. A bridge's ports, right after it: a port or lag (`lag` 1), with the other peer's leg of a dual-homed one (-1 none). */
export function addStpPort(stp: i32, index: i32, lag: i32, twin: i32, portId: i32, cost: i32, options: i32): void {
  const k = newStpPort(stp);
  const p = stpPortOf(k);
  const place = placeOf(k);
  place.bridge = stp; place.bp = lag != 0 ? BRIDGE_LAG | index : index; place.twinBp = twin >= 0 ? BRIDGE_LAG | twin : -1;
  p.entity = place.bp; p.portId = <u32>portId; p.cost = <u32>cost;
  p.adminEdge = (options & STP_PORT_EDGE) != 0; p.autoEdge = (options & STP_PORT_AUTO_EDGE) != 0; p.pointToPoint = (options & STP_PORT_SHARED) == 0;
  place.guards = options & (STP_PORT_BPDU_GUARD | STP_PORT_LOOP_GUARD);
  if (lag != 0) lagOf(index).stpPort = k + 1; else portOf(index).stpPort = k + 1;
  if (twin >= 0) lagOf(twin).stpPort = k + 1;
}
