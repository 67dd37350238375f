// The main loop: opens the next instant, does its events in their order, walks the flows that may have moved.

import { STOP_CAPTURE_FULL, STOP_LIMIT, STOP_TIME, STOP_TRACE_FULL } from "../abi";
import { neighbourFired } from "../neighbour/cache";
import { neighbourOf } from "../sim/neighbour-tables";
import { peerOf } from "../mclag/peer";
import { bondFired } from "./bond-timers";
import { pollFired } from "./miimon";
import { NEVER, isPast, nearCount, openNext, popDue, rankOf } from "../collections/event-queue";
import { cause, now, setCause, setNow, traceNearlyFull, traceWritten } from "../core/trace";
import { LacpPort, member as lacpMember } from "../lacp/port";
import { serviceFired, walkFlows } from "../flow/flow";
import { probeFired } from "../flow/probe";
import { helloFired, holdFired, routeFired } from "../routing/adjacency";
import { trap, TRAP_NOT_QUIET, TRAP_UNREACHABLE } from "../core/trap";
import { lookAhead } from "../sim/ahead";
import { arrived } from "./arrive";
import { captureNearlyFull } from "../sim/capture";
import { dirty, markDirty, marks } from "../sim/dirty";
import { fallbackFired } from "./lacp-fallback";
import { stepFired } from "./fault";
import { fhrpFired } from "./fhrp";
import { fhrpOf } from "../sim/fhrp-tables";
import { frameOf, isFrame, makerIs, releaseFrame, silencer } from "../sim/frames";
import { runLacp } from "./lag";
import { mayRest } from "../sim/rest-lacp";
import { noteArrived } from "../sim/rest-neighbour";
import { stirGroup } from "../sim/rest";
import { carrierFired } from "./link";
import { l3Fired } from "./l3-state";
import { peerFired } from "./mclag";
import { bootOf } from "../pxe/boot";
import { lookPxe, pxeFired } from "./pxe";
import { boot } from "./node";
import { groupOf, lagOf, nodeOf, portOf, running, l3Of, vrrpPlaceOf } from "../sim/tables";
import {
  TIMER_AGE, TIMER_ARP, TIMER_BOND, TIMER_BOOT, TIMER_CARRIER, TIMER_FALLBACK, TIMER_FHRP, TIMER_HELLO, TIMER_HOLD, TIMER_L3, TIMER_LACP, TIMER_MII, TIMER_MLAG, TIMER_PROBE, TIMER_PXE,
  TIMER_ROUTE, TIMER_SCENARIO, TIMER_SERVICE, TIMER_STP, TIMER_VRRP, causeOfTimer, firedEntity, firedKind, identify, inAgePhase,
} from "../sim/timers";
import { recheckStorms, storms } from "../sim/storm";
import { stpFired } from "./stp";
import { stpOf } from "../sim/stp-tables";
import { frameTouches, keeping, timerTouches } from "../sim/touched";
import { vrrpFired } from "./vrrp";
import { doing, doNow, nextPast, replayBy } from "../sim/past";

export let eventsDone: u64 = 0;
export let framesDone: u64 = 0;

/** Runs until `until` (inclusive), at most `limit` events. Returns why it stopped; call again to go on. */
export function run(until: i64, limit: u32): i32 {
  let left = limit;
  while (true) {
    // An instant that was left half done is finished first: its events are still in the heap.
    while (true) {
      const id = popDue();
      if (id < 0) break;
      const rank = rankOf(<u32>id);
      if (dirty && inAgePhase(doing) && !inAgePhase(rank)) settle();
      doNow(id, rank);
      dispatch(id);
      if (dirty && !inAgePhase(rank)) settle(); // what ages at one instant does so together
      if (isFrame(id)) releaseFrame(id);
      eventsDone += 1;
      left -= 1;
      if (traceNearlyFull()) return STOP_TRACE_FULL;
      if (captureNearlyFull()) return STOP_CAPTURE_FULL;
      if (left == 0) return STOP_LIMIT;
    }
    if (dirty && inAgePhase(doing)) settle();
    const at = openNext(until);
    if (nearCount > 0) lookAhead();
    if (at == NEVER) { setNow(until); return STOP_TIME; }
    setNow(at);
  }
}

/** Flows that the last event may have moved are walked again. Something is dirty. */
function settle(): void {
  if (storms > 0) recheckStorms();
  if (dirty) { lookPxe(); walkFlows(); }
}

/** Before anything is run: who wakes has its past simulated here. */
export function readyLoop(): void { replayBy(replay); }

/** Simulates the hellos that were put into the past, up to the event being done. */
function replay(): void {
  const moved = marks();
  const records = traceWritten();
  while (true) {
    const id = nextPast();
    if (id < 0) return;
    dispatch(id);
    if (isFrame(id)) releaseFrame(id);
    if (marks() != moved || traceWritten() != records) trap(TRAP_NOT_QUIET, firedKind);
  }
}

function dispatch(id: i32): void {
  makerIs(id, rankOf(<u32>id));
  if (isFrame(id)) {
    setCause(frameOf(id).cause);
    if (frameOf(id).refresh != 0) noteArrived(frameOf(id).refresh);
    if (keeping) frameTouches(frameOf(id));
    arrived(frameOf(id));
    framesDone += 1;
  } else {
    identify(id);
    if (keeping) timerTouches(firedKind, firedEntity);
    timer(firedKind, firedEntity);
  }
}

/** What a periodic timer does is explained by the last thing that happened to its owner, not by the hello before. */
function owner(kind: i32, e: i32): u32 {
  switch (kind) {
    case TIMER_LACP: case TIMER_FALLBACK: return groupOf(e).cause;
    case TIMER_PXE: return bootOf(e).cause;
    case TIMER_VRRP: return vrrpPlaceOf(e).cause;
    case TIMER_ARP: return neighbourOf(e).cause;
    case TIMER_HELLO: case TIMER_HOLD: return portOf(e).adjacencyCause;
    case TIMER_ROUTE: return nodeOf(e).routeCause;
    case TIMER_MLAG: return peerOf(e).cause;
    case TIMER_FHRP: return fhrpOf(e).cause;
    case TIMER_STP: return stpOf(e).cause;
    case TIMER_PROBE: case TIMER_AGE: return 0;
    default: return causeOfTimer(kind, e);
  }
}

function timer(kind: i32, e: i32): void {
  setCause(owner(kind, e));
  switch (kind) {
    case TIMER_SCENARIO: stepFired(e); return;
    case TIMER_CARRIER: carrierFired(e); return;
    case TIMER_BOOT: boot(e); return;
    case TIMER_MII: if (running(lagOf(e).node)) pollFired(e); return;
    case TIMER_LACP: lacpFired(e); return;
    case TIMER_VRRP: if (running(l3Of(vrrpPlaceOf(e).l3).node)) vrrpFired(e); return;
    case TIMER_ARP: neighbourFired(e); return;
    case TIMER_HELLO: helloFired(e); return;
    case TIMER_HOLD: holdFired(e); return;
    case TIMER_ROUTE: routeFired(e); return;
    case TIMER_MLAG: peerFired(e); return;
    case TIMER_SERVICE: serviceFired(e); return;
    case TIMER_PROBE: probeFired(e); return;
    case TIMER_L3: l3Fired(e); return;
    case TIMER_FHRP: fhrpFired(e); return;
    case TIMER_STP: stpFired(e); return;
    case TIMER_BOND: bondFired(e); return;
    case TIMER_FALLBACK: fallbackFired(e); return;
    case TIMER_PXE: pxeFired(e); return;
    case TIMER_AGE: markDirty(e); return;
    default: trap(TRAP_UNREACHABLE, kind);
  }
}

/** A timer of a LACP group. When a partner fell silent, the fault that silenced it is the cause. */
function lacpFired(group: i32): void {
  const g = groupOf(group);
  if (!running(g.node)) return;
  stirGroup(group);
  for (let i = 0; i < g.count; i++) {
    const member = lacpMember(g, i);
    if (member.currentWhileAt <= now) blameSilence(member);
  }
  runLacp(group);
  if (!isPast()) mayRest(group);
}

function blameSilence(member: LacpPort): void {
  if (portOf(member.port).carrier == 0) return;
  const blamed = silencer(member.port);
  if (blamed != 0) member.cause = blamed;
}

