// Entry of the small module that one VRRP router is held to its reference in: fhrp/vrrp.ts and nothing else.

import { drainTrace, reserveTrace, setNow } from "../../assembly/core/trace";
import { NO_ADVERT, VRRP_BYTES, deliver, lowerOutputs, nextDeadline, run, shutdown, startup, vrrpAt } from "../../assembly/fhrp/vrrp";

const TRACE_RECORDS: u32 = 256;
const row = memory.data(512);
const v = vrrpAt(row);
let ready: bool = false;

export function make(implementation: i32, version: u32, priority: u32, preempt: bool, primaryIp: u32, intervalNs: i64): void {
  if (!ready) { ready = true; reserveTrace(TRACE_RECORDS); }
  memory.fill(row, 0, VRRP_BYTES);
  v.implementation = implementation; v.version = version; v.priority = priority; v.preempt = preempt; v.primaryIp = primaryIp; v.intervalNs = intervalNs;
  lowerOutputs(v);
}

function at(now: i64): void { setNow(now); drainTrace(); }
export function start(now: i64): void { at(now); startup(v, now); }
export function stop(now: i64): void { at(now); shutdown(v, now); }
export function hear(version: u32, priority: u32, intervalNs: i64, senderIp: u32, now: i64): void { at(now); deliver(v, version, priority, intervalNs, senderIp, now); }
export function runTimers(now: i64): void { at(now); run(v, now); }

export function state(): i32 { return v.state; }
export function next(): i64 { return nextDeadline(v); }
/** Priority of the advertisement that is to be sent; -1: none. */
export function advert(): i32 { return v.sendAdvert == NO_ADVERT ? -1 : v.sendAdvert; }
export function garps(): i32 { return v.sendGarp; }
export function sent(): void { lowerOutputs(v); }
