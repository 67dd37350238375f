// A run: it begins, goes on, is looked at on its way; its trace and its captures are taken.

import { T_START } from "../abi";
import { seal, usedBytes } from "../core/memory";
import { STREAM_BOOT, drawBelow } from "../core/rng";
import { drainTrace as drain, trace, traceAt as ringAt, traceCapacity, traceDrained, traceWritten, now, setCause, setNow } from "../core/trace";
import { setEveryWalk as everyWalks, walksDone } from "../flow/flow";
import { startProbes } from "../flow/probe";
import { captureAt as capturesAt, captured as captureCount, drainCapture as drainFrames } from "../sim/capture";
import { stepOf, steps } from "../sim/steps";
import { startPxes } from "../events/pxe";
import { formDomains } from "../sim/domain";
import { formVoiceCompanies } from "../sim/rest-voices";
import { formTrees } from "../sim/rest-stp";
import { formCompanies } from "../sim/rest-lacp";
import { leftOut, setEveryHello as everyHellos } from "../sim/rest-rules";
import { eventsDone, framesDone, readyLoop, run as go } from "../events/loop";
import { nodeOf, nodes } from "../sim/tables";
import { stirNode } from "../sim/rest";
import { formTouched } from "../sim/touched";
import { TIMER_BOOT, TIMER_SCENARIO, setTimer } from "../sim/timers";

/** Nothing is allocated from here on. All nodes are switched on, spread over `spreadNs`. */
export function begin(spreadNs: i64): void {
  readyLoop();
  formDomains();
  formTrees();
  formVoiceCompanies();
  formCompanies();
  formTouched();
  seal();
  setCause(0);
  trace(T_START, 0, 0, 0, 0);
  for (let i = 0; i < steps; i++) setTimer(TIMER_SCENARIO, i, stepOf(i).at);
  startPxes();
  for (let i = 0; i < nodes; i++) if (nodeOf(i).pxe < 0) setTimer(TIMER_BOOT, i, spreadNs > 0 ? <i64>drawBelow(STREAM_BOOT, nodeOf(i).key, 0, <u64>spreadNs) : 0);
  startProbes();
}

/** Runs until `until` (inclusive), at most `limit` events. Returns STOP_*. */
export function run(until: i64, limit: u32): i32 { return go(until, limit); }
export function events(): f64 { return <f64>eventsDone; }
/** Where a run stands that was stopped on its way. */
export function clock(): i64 { return now; }
/** Frames of hellos that were left out. Those at rest now are counted when they wake. */
export function hellosLeftOut(): f64 { return <f64>leftOut; }
/** 1: every hello is simulated. Before begin(). */
export function setEveryHello(on: i32): void { everyHellos(on != 0); }
/** For who looks in, on a copy: what rests wakes, as before anything that happens at this instant. Nothing else is due before it. */
export function wake(at: i64): void {
  setNow(at);
  for (let i = 0; i < nodes; i++) stirNode(i);
}
/** 1: all flows are walked at each change. Before begin(). */
export function setEveryWalk(on: i32): void { everyWalks(on != 0); }
/** Flows walked so far, both directions of each. */
export function walks(): f64 { return <f64>walksDone; }
/** Frames that have arrived. */
export function frames(): f64 { return <f64>framesDone; }

export function traceAt(): usize { return ringAt(); }
export function traceRows(): u32 { return traceCapacity(); }
export function traceTotal(): u32 { return traceWritten(); }
export function traceTaken(): u32 { return traceDrained(); }
export function drainTrace(): void { drain(); }
export function captureAt(): usize { return capturesAt(); }
export function captured(): u32 { return captureCount(); }
export function drainCapture(): void { drainFrames(); }
export function memoryUsed(): usize { return usedBytes(); }
