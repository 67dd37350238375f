// Probe mode: each flow direction really sends a frame every `interval`, hop by hop through the simulation, to check that
// the walked outages are right. Arrivals are traced with their sequence number; what is missing between them was lost.

import { DROP_NONE, FRAME_PROBE, T_PROBE } from "../abi";
import { cause, now, setCause, trace } from "../core/trace";
import { countArrival, probeCount } from "../sim/counters";
import { Frame, makeFrame, renewFrame, send } from "../sim/frames";
import { sendOut } from "../switching/l3-out";
import { l3Of } from "../sim/tables";
import { TIMER_PROBE, setTimer } from "../sim/timers";
import { flowOf, flows, portsOf } from "./flow";
import { fromHost, routeHop, viaL3, viaPort } from "./forward";

let intervalNs: i64 = 0;
let fromNs: i64 = 0;
let broadcasts: bool = false;
const BROADCAST: u64 = 0xffffffffffff;

export function setProbes(interval: i64, from: i64): void { intervalNs = interval; fromNs = from; }
/** Each direction also sends a broadcast an interval. */
export function setBroadcasts(on: bool): void { broadcasts = on; }
export function startProbes(): void {
  if (intervalNs <= 0) return;
  for (let d = 0; d < flows << 1; d++) setTimer(TIMER_PROBE, d, fromNs);
}

export function probeFired(direction: i32): void {
  setTimer(TIMER_PROBE, direction, now + intervalNs);
  const flow = flowOf(direction >> 1);
  const back = direction & 1;
  const source = back != 0 ? flow.to : flow.from;
  const f = makeFrame(FRAME_PROBE, 0, 0, 0);
  f.a = direction; f.b = <i32>((now - fromNs) / intervalNs);
  f.h = flow.proto; f.i = portsOf(flow, back); f.g = now;
  probeCount(direction << 1).sent += 1;
  if (fromHost(source, l3Of(back != 0 ? flow.from : flow.to).ip, f) == DROP_NONE) sendOut(source, f);
  if (broadcasts) broadcast(direction, source, f.b);
}

function broadcast(direction: i32, source: i32, sequence: i32): void {
  const flow = flowOf(direction >> 1);
  const i = l3Of(source);
  const f = makeFrame(FRAME_PROBE, i.node, i.mac, BROADCAST);
  f.a = direction; f.b = sequence; f.h = flow.proto; f.i = portsOf(flow, direction & 1); f.g = now; f.c = i.ip; f.d = 0xffffffff;
  probeCount((direction << 1) | 1).sent += 1;
  sendOut(source, f);
}

/** A broadcast at a host: counted at the other end of its flow only. */
export function broadcastArrived(l3: i32, f: Frame): void {
  const flow = flowOf(f.a >> 1);
  if (l3 == ((f.a & 1) != 0 ? flow.from : flow.to)) countArrival((f.a << 1) | 1, f.b);
}

export function probeArrived(f: Frame): void {
  if (!countArrival(f.a << 1, f.b)) return;
  const before = cause;
  trace(T_PROBE, f.a, f.b, 1, <i32>((now - f.g) / 1000));
  setCause(before);
}

/** A probe sent to this router: onwards. */
export function probeRouted(node: i32, f: Frame): void {
  if (routeHop(node, f) != DROP_NONE) return;
  renewFrame(f);
  if (viaL3 >= 0) sendOut(viaL3, f);
  else send(viaPort, f);
}
