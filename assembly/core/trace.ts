// The trace: what happened, in order, each record with the record that caused it.
// A ring of TRACE_BYTES records; the host drains it whenever the run stops.
//
//  0        8     12       16      20    24    28   32
//  ├─ time ─┼kind─┼ entity ┼ cause ┼─ a ─┼─ b ─┼ c ─┤

import { TRACE_BYTES } from "../abi";
import { take } from "./memory";
import { trap, TRAP_TRACE_FULL } from "./trap";

let base: usize = 0;
let capacity: u32 = 0;
let drained: u32 = 0; // records that the host has taken
let written: u32 = 0; // records written since begin(); the next record's id is written + 1

/** The record that explains what is being done now; 0 is "nothing": the start of the run. */
export let cause: u32 = 0;
/** The instant being processed, ns. */
export let now: i64 = 0;

export function setCause(value: u32): void { cause = value; }
export function setNow(value: i64): void { now = value; }

export function reserveTrace(records: u32): void {
  capacity = records;
  base = take(<usize>records * TRACE_BYTES);
}

/** Writes a record caused by `cause` and makes it the cause of what follows. Returns its id (1, 2, ...). */
export function trace(kind: i32, entity: i32, a: i32, b: i32, c: i32): u32 {
  if (written - drained >= capacity) trap(TRAP_TRACE_FULL, capacity);
  const p = base + <usize>(written % capacity) * TRACE_BYTES;
  store<i64>(p, now);
  store<i32>(p, kind, 8);
  store<i32>(p, entity, 12);
  store<u32>(p, cause, 16);
  store<i32>(p, a, 20);
  store<i32>(p, b, 24);
  store<i32>(p, c, 28);
  written += 1;
  cause = written;
  return written;
}

/** Half of the ring is for the records of one event. When it is begun, the run stops and the host drains. */
export function traceNearlyFull(): bool { return written - drained > capacity >> 1; }

export function traceAt(): usize { return base; }
export function traceCapacity(): u32 { return capacity; }
export function traceWritten(): u32 { return written; }
export function traceDrained(): u32 { return drained; }
export function drainTrace(): void { drained = written; }
