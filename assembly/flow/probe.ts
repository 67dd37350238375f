// Probe mode: each flow direction really sends a frame every `interval`, hop by hop through the simulation, to check that
// the walked outages are right. Arrivals are traced with their sequence number; what is missing between them was lost.

import { DROP_NONE, FRAME_PROBE, T_PROBE } from "../abi";
import { cause, now, setCause, trace } from "../core/trace";
import { Frame, makeFrame, renewFrame, send } from "../sim/frames";
import { sendOut } from "../sim/l3-out";
import { l3Of } from "../sim/tables";
import { TIMER_PROBE, setTimer } from "../sim/timers";
import { flowOf, flows, portsOf } from "./flow";
import { fromHost, routeHop, viaL3, viaPort } from "./forward";

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
  const back = direction & 1;
  const source = back != 0 ? flow.to : flow.from;
  const f = makeFrame(FRAME_PROBE, 0, 0, 0);
  f.a = direction; f.b = <i32>((now - fromNs) / intervalNs);
  f.h = flow.proto; f.i = portsOf(flow, back); f.g = now;
  if (fromHost(source, l3Of(back != 0 ? flow.from : flow.to).ip, f) == DROP_NONE) sendOut(source, f);
}

export function probeArrived(f: Frame): void {
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
