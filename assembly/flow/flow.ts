// Flows and services: up or down, since when, and on whose account.

import { PATH_HOPS, T_FLOW_DOWN, T_FLOW_SHARE, T_FLOW_UP, T_SERVICE, T_SERVICE_CHECK } from "../abi";
import { take } from "../core/memory";
import { cause, now, setCause, trace, traceWritten } from "../core/trace";
import { dirty, dirtyCause, takeDirty } from "../sim/dirty";
import { settleHeld } from "../sim/rest-neighbour";
import { TIMER_SERVICE, setTimer, stopTimer } from "../sim/timers";
import { applyHolds, collectFor, unconfirmed } from "./holds";
import { settleAgeing } from "../sim/ageing";
import { keeping } from "../sim/touched";
import { findTouched, nextTouched, settleTouched, visitsFor, visitsForNothing } from "./visits";
import { digest, hops, keepWay, share, shareOf, walk, why, whyCause, whyNode, whyPort } from "./walk";

@unmanaged export class Flow {
  from: i32; to: i32; // L3 interfaces
  proto: i32; sport: i32; dport: i32;
  service: i32;
  up: i32; // bit 0 forth, bit 1 back
  works: i32; // what the holds were taken with: both directions arrive
  causeForth: u32; causeBack: u32; // record of each direction's last change
  whyForth: i32; whyBack: i32; // DROP_* of each direction's last loss, as traced
}

@unmanaged export class Service {
  primary: i32; standby: i32; // flows; standby -1: none
  choice: i32; state: i32;
  intervalNs: i64; decisionNs: i64;
  fall: i32; rise: i32; automatic: i32; failback: i32;
  checkCause: u32; // record of the checks that a decision rests on
}

const WATCH: i32 = 0; // chosen flow passes its checks
const FAILING: i32 = 1; // waiting for `fall` checks
const DECIDING: i32 = 2; // promotion under way
const RISING: i32 = 3; // primary is back, waiting for `rise` checks

let flowsAt: usize = 0; let servicesAt: usize = 0;
export let flows: i32 = 0; export let services: i32 = 0;
// The way of each direction's last walk: hops, then ports.
const WAY_BYTES: usize = 4 * (PATH_HOPS + 1);
let waysAt: usize = 0;
export function wayOf(direction: i32): usize { return waysAt + <usize>direction * WAY_BYTES; }
export function reserveFlows(f: i32, s: i32): void { waysAt = take(<usize>(f << 1) * WAY_BYTES); flowsAt = take(<usize>f * offsetof<Flow>()); servicesAt = take(<usize>s * offsetof<Service>()); }
export function flowOf(i: i32): Flow { return changetype<Flow>(flowsAt + <usize>i * offsetof<Flow>()); }
export function serviceOf(i: i32): Service { return changetype<Service>(servicesAt + <usize>i * offsetof<Service>()); }
export function newFlow(): i32 { flows += 1; return flows - 1; }
export function newService(): i32 { services += 1; return services - 1; }

const PASSES_MAX: i32 = 8; // a walk may teach tables, which may move other flows: until nothing changes

/** Walks all flows at each change, not only those that it touches: the check that the others would not have moved. */
let everyWalk: bool = false;
export function setEveryWalk(on: bool): void { everyWalk = on; }
export let walksDone: u64 = 0;

let seen: u32 = 0; // the last record when the flows had been walked

/** Walks again the flows whose ways lead by what has changed. */
export function walkFlows(): void {
  let passes = 0;
  while (dirty && passes < PASSES_MAX) {
    takeDirty();
    passes += 1;
    setCause(dirtyCause); // what frames ask for on their new way is explained by what moved them there
    if (!findTouched(everyWalk)) continue;
    for (let i = nextTouched(0); i >= 0; i = nextTouched(i + 1)) hold(i, -1);
    for (let i = nextTouched(0); i >= 0; i = nextTouched(i + 1)) { walkFlow(i); walksDone += 1; }
  }
  visitsForNothing();
  if (dirty) takeDirty(); // tables torn to and fro in a loop: until something else changes, and not at the next event, whatever that is
  settleAgeing();
  settleHeld();
  seen = traceWritten();
}

/** Takes hold (1) of what a flow keeps fresh, or lets it go (-1). */
function hold(i: i32, by: i32): void {
  const f = flowOf(i);
  const confirms = f.works != 0 && f.proto == 6; // TCP's acknowledgements
  applyHolds(i << 1, by, f.works != 0, confirms);
  applyHolds((i << 1) | 1, by, f.works != 0, confirms);
}

function walkFlow(i: i32): void {
  const f = flowOf(i);
  const wasUp = f.up;
  direction(i, 0);
  direction(i, 1);
  f.works = f.up == 3 ? 1 : 0;
  if (wasUp == 3 && f.up != 3) { unconfirmed(i << 1, f.causeForth, f.causeBack); unconfirmed((i << 1) | 1, f.causeForth, f.causeBack); }
  hold(i, 1);
  if (keeping) settleTouched(i, (<u64>f.up << 1) | <u64>f.works);
  if (f.service >= 0 && (wasUp == 3) != (f.up == 3)) serviceFlow(f.service);
}

/** Source and destination port of a direction's frames. */
export function portsOf(f: Flow, back: i32): i32 { return back == 0 ? (f.sport << 16) | f.dport : (f.dport << 16) | f.sport; }

function direction(i: i32, back: i32): void {
  const f = flowOf(i);
  const before = cause;
  const ports = portsOf(f, back);
  collectFor((i << 1) | back);
  visitsFor((i << 1) | back);
  const arrives = walk(back == 0 ? f.from : f.to, back == 0 ? f.to : f.from, f.proto, ports);
  keepWay(waysAt + ((<usize>i << 1) | <usize>back) * WAY_BYTES);
  const bit = 1 << back;
  setCause(before);
  const wasUp = (f.up & bit) != 0;
  if (arrives == wasUp && (arrives || why == (back == 0 ? f.whyForth : f.whyBack))) return;
  const last = back == 0 ? f.causeForth : f.causeBack; // of what comes of itself, such as ageing, what went before is the cause
  // What loses the frames explains a loss, unless it stood so while the flow was up: then what led the flow there does.
  const stood = wasUp && whyCause <= seen && dirtyCause > whyCause;
  setCause(!arrives && whyCause != 0 && !stood ? whyCause : dirtyCause != 0 ? dirtyCause : last);
  if (back == 0) f.whyForth = why; else f.whyBack = why;
  const record = arrives ? trace(T_FLOW_UP, (i << 1) | back, hops, <i32>digest, 0) : trace(T_FLOW_DOWN, (i << 1) | back, why, whyNode, whyPort);
  if (share < shareOf) trace(T_FLOW_SHARE, (i << 1) | back, share, shareOf, 0);
  if (arrives != wasUp) { // otherwise it is down as before, for another reason
    f.up ^= bit;
    if (back == 0) f.causeForth = record; else f.causeBack = record;
  }
  setCause(before);
}

/** The next health check at or after now. Checks are made at whole multiples of the interval. */
function nextCheck(s: Service): i64 { return (now + s.intervalNs - 1) / s.intervalNs * s.intervalNs; }

function serviceFlow(i: i32): void {
  const s = serviceOf(i);
  if (s.standby < 0) return;
  const primaryUp = flowOf(s.primary).up == 3;
  if (s.choice == 0) {
    if (primaryUp && s.state != WATCH) { s.state = WATCH; stopTimer(TIMER_SERVICE, i); }
    else if (!primaryUp && s.state == WATCH && s.automatic != 0) { s.state = FAILING; setTimer(TIMER_SERVICE, i, nextCheck(s) + (s.fall - 1) * s.intervalNs); }
    return;
  }
  if (s.failback == 0) return;
  if (primaryUp && s.state == WATCH) { s.state = RISING; setTimer(TIMER_SERVICE, i, nextCheck(s) + (s.rise - 1) * s.intervalNs); }
  else if (!primaryUp && s.state == RISING) { s.state = WATCH; stopTimer(TIMER_SERVICE, i); }
}

export function serviceFired(i: i32): void {
  const s = serviceOf(i);
  const f = flowOf(s.primary);
  setCause(f.causeForth > f.causeBack ? f.causeForth : f.causeBack);
  if (s.state == FAILING) {
    s.checkCause = trace(T_SERVICE_CHECK, i, 0, s.choice, 0);
    s.state = DECIDING;
    if (s.decisionNs > 0) { setTimer(TIMER_SERVICE, i, now + s.decisionNs); return; }
  } else if (s.state == DECIDING) setCause(s.checkCause);
  else if (s.state == RISING) trace(T_SERVICE_CHECK, i, 1, s.choice, 0);
  const old = s.choice;
  s.choice = 1 - old;
  s.state = WATCH;
  trace(T_SERVICE, i, old, s.choice, 0);
  serviceFlow(i);
}
