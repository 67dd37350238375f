// The main loop: opens the next instant, does its events in their order, walks the flows that may have moved.

import { STOP_CAPTURE_FULL, STOP_LIMIT, STOP_TIME, STOP_TRACE_FULL } from "../abi";
import { neighbourFired } from "../arp/neighbour";
import { pollFired } from "../bond/miimon";
import { NEVER, causeOf, openNext, popDue } from "../collections/event-queue";
import { setCause, setNow, traceNearlyFull } from "../core/trace";
import { serviceFired, walkFlows } from "../flow/flow";
import { probeFired } from "../flow/probe";
import { helloFired, holdFired, routeFired } from "../routing/adjacency";
import { trap, TRAP_UNREACHABLE } from "../core/trap";
import { arrived } from "./arrive";
import { captureNearlyFull } from "./capture";
import { dirty } from "./dirty";
import { stepFired } from "./fault";
import { frameOf, isFrame, releaseFrame } from "./frames";
import { runLacp } from "./lag";
import { carrierFired } from "./link";
import { l3Fired } from "./l3-state";
import { peerFired } from "./mclag";
import { boot } from "./node";
import { groupOf, lacpPortOf, lagOf, nodeOf, otherEnd, portOf, running, l3Of, vrrpPlaceOf } from "./tables";
import {
  TIMER_ARP, TIMER_BOOT, TIMER_CARRIER, TIMER_HELLO, TIMER_HOLD, TIMER_L3, TIMER_LACP, TIMER_MII, TIMER_MLAG, TIMER_PROBE, TIMER_ROUTE,
  TIMER_SCENARIO, TIMER_SERVICE, TIMER_VRRP, firedEntity, firedKind, identify,
} from "./timers";
import { vrrpFired } from "./vrrp";

export let eventsDone: u64 = 0;

/** Runs until `until` (inclusive), at most `limit` events. Returns why it stopped; call again to go on. */
export function run(until: i64, limit: u32): i32 {
  let left = limit;
  while (true) {
    // An instant that was left half done is finished first: its events are still in the heap.
    let id = popDue();
    while (id >= 0) {
      one(id);
      eventsDone += 1;
      left -= 1;
      if (traceNearlyFull()) return STOP_TRACE_FULL;
      if (captureNearlyFull()) return STOP_CAPTURE_FULL;
      if (left == 0) return STOP_LIMIT;
      id = popDue();
    }
    const at = openNext(until);
    if (at == NEVER) { setNow(until); return STOP_TIME; }
    setNow(at);
  }
}

function one(id: i32): void {
  setCause(causeOf(<u32>id));
  if (isFrame(id)) {
    arrived(frameOf(id));
    releaseFrame(id);
  } else {
    identify(id);
    timer(firedKind, firedEntity);
  }
  if (dirty) walkFlows();
}

function timer(kind: i32, e: i32): void {
  switch (kind) {
    case TIMER_SCENARIO: stepFired(e); return;
    case TIMER_CARRIER: carrierFired(e); return;
    case TIMER_BOOT: boot(e); return;
    case TIMER_MII: if (running(lagOf(e).node)) pollFired(e); return;
    case TIMER_LACP: lacpFired(e); return;
    case TIMER_VRRP: if (running(l3Of(vrrpPlaceOf(e).l3).node)) vrrpFired(e); return;
    case TIMER_ARP: neighbourDue(e); return;
    case TIMER_HELLO: helloFired(e); return;
    case TIMER_HOLD: holdFired(e); return;
    case TIMER_ROUTE: routeFired(e); return;
    case TIMER_MLAG: peerFired(e); return;
    case TIMER_SERVICE: serviceFired(e); return;
    case TIMER_PROBE: probeFired(e); return;
    case TIMER_L3: l3Fired(e); return;
    default: trap(TRAP_UNREACHABLE, kind);
  }
}

/** A timer of a LACP group. When a partner fell silent, the fault that silenced it is the cause. */
function lacpFired(group: i32): void {
  const g = groupOf(group);
  const lag = lagOf(g.lag);
  if (!running(lag.node)) return;
  for (let i = 0; i < lag.count; i++) {
    const p = portOf(lacpPortOf(lag.first + i).port);
    const far = nodeOf(portOf(otherEnd(lacpPortOf(lag.first + i).port)).node);
    if (p.carrier == 0) continue;
    if (far.faultCause != 0) { setCause(far.faultCause); break; }
    if (p.lossCause != 0) { setCause(p.lossCause); break; }
  }
  runLacp(group);
}

function neighbourDue(row: i32): void { neighbourFired(row); }
