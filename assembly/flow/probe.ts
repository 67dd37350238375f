// Probe mode: each flow direction really sends a frame every `interval`, hop by hop through the simulation, to check
// that the walked outages are right. A probe is judged by its arrival: the host traces it with its sequence number.

import { FRAME_PROBE, HASH_LAYER34, NODE_UP, T_PROBE } from "../abi";
import { resolve } from "../arp/neighbour";
import { now, setCause, trace, cause } from "../core/trace";
import { connected, longestMatch, nextHop, nextHopCount } from "../routing/table";
import { Frame, makeFrame, send } from "../sim/frames";
import { sendOut } from "../sim/l3-out";
import { l3Of, nodeOf, otherEnd, portOf } from "../sim/tables";
import { TIMER_PROBE, setTimer } from "../sim/timers";
import { frameHash, seeded } from "../switching/choose";
import { flowOf, flows } from "./flow";

let intervalNs: i64 = 0;
let fromNs: i64 = 0;

export function setProbes(interval: i64, from: i64): void { intervalNs = interval; fromNs = from; }
export function startProbes(): void {
  if (intervalNs <= 0) return;
  for (let d = 0; d < flows << 1; d++) setTimer(TIMER_PROBE, d, fromNs);
}

export function probeFired(direction: i32): void {
  setTimer(TIMER_PROBE, direction, now + intervalNs);
  const flow = flowOf(direction >> 1);
  const back = (direction & 1) != 0;
  const source = l3Of(back ? flow.to : flow.from);
  const target = l3Of(back ? flow.from : flow.to);
  if (nodeOf(source.node).state != NODE_UP || source.up == 0) return;
  const mask: u32 = source.prefixLen == 0 ? 0 : <u32>(0xffffffff << (32 - source.prefixLen));
  const hop = (target.ip & mask) == (source.ip & mask) ? target.ip : source.gateway;
  const mac = hop == 0 ? 0 : resolve(back ? flow.to : flow.from, hop);
  if (mac == 0) return;
  const f = makeFrame(FRAME_PROBE, source.node, source.mac, mac);
  f.a = direction; f.b = <i32>((now - fromNs) / intervalNs);
  f.c = source.ip; f.d = target.ip; f.h = flow.proto;
  f.i = back ? (flow.dport << 16) | flow.sport : (flow.sport << 16) | flow.dport;
  f.g = now; f.e = 32;
  sendOut(back ? flow.to : flow.from, f);
}

export function probeAtHost(l3: i32, f: Frame): void {
  if (l3Of(l3).ip != f.d) return;
  const before = cause;
  trace(T_PROBE, f.a, f.b, <i32>((now - f.g) / 1000), 0);
  setCause(before);
}

/** A probe sent to this router: onwards. */
export function probeRouted(node: i32, f: Frame): void {
  if (f.e == 0) return;
  f.e -= 1;
  const prefix = longestMatch(f.d);
  if (prefix < 0) return;
  const l3 = connected(node, prefix);
  if (l3 >= 0) {
    const mac = resolve(l3, f.d);
    if (mac == 0) return;
    f.srcMac = l3Of(l3).mac; f.dstMac = mac; f.origin = node;
    sendOut(l3, f);
    return;
  }
  const count = nextHopCount(node, prefix);
  if (count == 0) return;
  const port = nextHop(node, prefix, <i32>(seeded(frameHash(HASH_LAYER34, f), nodeOf(node).ecmpSeed) % <u32>count));
  f.srcMac = portOf(port).mac; f.dstMac = portOf(otherEnd(port)).mac; f.vlan = 0;
  send(port, f);
}
