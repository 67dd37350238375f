// A trap stops the engine and names the table or rule that was broken. The host reads
// `trapCode` and `trapDetail` and says it in words (bindings/engine/traps.ts).

export const TRAP_LAID_OUT = 1; // a table was asked for after begin()
export const TRAP_FRAMES_FULL = 2; // frames in flight
export const TRAP_FDB_FULL = 3; // MAC table
export const TRAP_ARP_FULL = 4; // ARP table
export const TRAP_RING_PASSES = 5; // state machines that do not come to rest
export const TRAP_TABLE_FULL = 6; // a configuration table: more rows than were reserved
export const TRAP_BAD_INDEX = 7; // a row that does not exist
export const TRAP_PAST = 8; // an event before now
export const TRAP_UNREACHABLE = 9; // a state that no machine has
export const TRAP_TRACE_FULL = 10; // one event wrote more records than half of the ring holds
export const TRAP_PAST_FULL = 11; // hellos that are being made up for, in flight at once
export const TRAP_NOT_QUIET = 12; // a hello that was left out would have done something
export const TRAP_MEMORY = 13; // more memory is asked for than there is; the detail is how much more, in MiB

export let trapCode: i32 = 0;
export let trapDetail: i32 = 0;

/** Records why, then stops the module. */
export function trap(code: i32, detail: i32): void {
  trapCode = code;
  trapDetail = detail;
  unreachable(); // not abort(): that would be the engine's one import
}
