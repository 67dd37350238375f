// MAC table of all switches: (node, VLAN, MAC) -> bridge port, with the time of the last frame from there.
// Chained hash table over a fixed pool of rows; a second chain runs through the rows of one bridge port, so
// that a port's entries can be flushed or moved without a search.
//
// key: ├─ 63..60: 0 ─┼─ 59..48: VLAN ─┼─ 47..0: MAC ─┤        row: 48 bytes
// A row that a flow's frames keep fresh is `held`; others age lazily: they are gone when looked up too late (802.1Q 8.8.3).
// Full: the engine stops and names the table. The host reserves rows for every MAC on every switch.

import { take } from "../core/memory";
import { now } from "../core/trace";
import { trap, TRAP_FDB_FULL } from "../core/trap";

const ROW: usize = 48; // key 0 | lastSeen 8 | node 16 | out 20 | holds 24 | flags 28 | hashNext 32 | outNext 36 | outPrev 40 | cause 44
export const FDB_LOCAL: i32 = 1; // learned from a frame here
export const FDB_PEER: i32 = 2; // told by the MC-LAG peer
// Bits 8 and up of the flags: the MC-LAG id of the dual-homed member that the host is behind, 0 for none.
export const NO_ROW: i32 = -1;

let rowsAt: usize = 0; let headsAt: usize = 0; let outsAt: usize = 0;
let mask: u32 = 0; let capacity: i32 = 0; let free: i32 = -1; let used: i32 = 0; let untouched: i32 = 0;
let outLags: i32 = 0;

export function reserveFdb(rows: i32, ports: i32, lags: i32): void {
  capacity = rows;
  let buckets: u32 = 16;
  while (buckets < <u32>rows) buckets <<= 1;
  mask = buckets - 1;
  rowsAt = take(<usize>rows * ROW);
  headsAt = take(<usize>buckets << 2); memory.fill(headsAt, 0xff, <usize>buckets << 2);
  outsAt = take(<usize>(ports + lags) << 2); memory.fill(outsAt, 0xff, <usize>(ports + lags) << 2);
  outLags = ports;
}

// @ts-ignore: decorator
@inline function row(i: i32): usize { return rowsAt + <usize>i * ROW; }
const LAG_BIT: i32 = 1 << 28;
function outHead(out: i32): usize { return outsAt + (<usize>((out & LAG_BIT) != 0 ? outLags + (out & ~LAG_BIT) : out) << 2); }
function bucket(node: i32, key: u64): usize {
  const h = (key ^ (<u64>node << 40)) * 0x9e3779b97f4a7c15;
  return headsAt + (<usize>(<u32>(h >> 32) & mask) << 2);
}

export function fdbKey(vlan: u32, mac: u64): u64 { return (<u64>vlan << 48) | mac; }
export function fdbOut(i: i32): i32 { return load<i32>(row(i), 20); }
export function fdbFlags(i: i32): i32 { return load<i32>(row(i), 28); }
export function fdbKeyOf(i: i32): u64 { return load<u64>(row(i)); }
export function fdbNode(i: i32): i32 { return load<i32>(row(i), 16); }
export function fdbCause(i: i32): u32 { return load<u32>(row(i), 44); }
export function fdbSetCause(i: i32, cause: u32): void { store<u32>(row(i), cause, 44); }
export function fdbSetFlags(i: i32, flags: i32): void { store<i32>(row(i), flags, 28); }
export function fdbTouch(i: i32): void { store<i64>(row(i), now, 8); }
export function fdbSeenAt(i: i32): i64 { return load<i64>(row(i), 8); }
/** Would it be found by a look-up with this age? */
export function fdbFresh(i: i32, ageNs: i64): bool { return load<i32>(row(i), 24) != 0 || now - load<i64>(row(i), 8) < ageNs; }
export function fdbHolds(i: i32): i32 { return load<i32>(row(i), 24); }
export function fdbUsed(): i32 { return used; }
export function fdbFirstOf(out: i32): i32 { return load<i32>(outHead(out)); }
export function fdbNextOf(i: i32): i32 { return load<i32>(row(i), 36); }
export function fdbRows(): i32 { return untouched; }
export function fdbLive(i: i32): bool { return load<i32>(row(i), 28) != 0; }

/** The row, or NO_ROW. A row not seen for `ageNs` and not held is removed. */
export function fdbFind(node: i32, key: u64, ageNs: i64): i32 {
  let i = load<i32>(bucket(node, key));
  while (i != NO_ROW) {
    const p = row(i);
    if (load<u64>(p) == key && load<i32>(p, 16) == node) {
      if (!fdbFresh(i, ageNs)) { fdbRemove(i); return NO_ROW; }
      return i;
    }
    i = load<i32>(p, 32);
  }
  return NO_ROW;
}

export function fdbInsert(node: i32, key: u64, out: i32, flags: i32, cause: u32): i32 {
  let i = free;
  if (i != NO_ROW) free = load<i32>(row(i), 32);
  else {
    if (untouched == capacity) trap(TRAP_FDB_FULL, capacity);
    i = untouched++;
  }
  used += 1;
  const p = row(i);
  const head = bucket(node, key);
  store<u64>(p, key); store<i64>(p, now, 8); store<i32>(p, node, 16);
  store<i32>(p, 0, 24); store<i32>(p, flags, 28); store<i32>(p, load<i32>(head), 32); store<u32>(p, cause, 44);
  store<i32>(head, i);
  linkOut(i, out);
  return i;
}

function linkOut(i: i32, out: i32): void {
  const p = row(i);
  const head = outHead(out);
  const first = load<i32>(head);
  store<i32>(p, out, 20); store<i32>(p, first, 36); store<i32>(p, NO_ROW, 40);
  if (first != NO_ROW) store<i32>(row(first), i, 40);
  store<i32>(head, i);
}
function unlinkOut(i: i32): void {
  const p = row(i);
  const next = load<i32>(p, 36); const prev = load<i32>(p, 40);
  if (next != NO_ROW) store<i32>(row(next), prev, 40);
  if (prev != NO_ROW) store<i32>(row(prev), next, 36);
  else store<i32>(outHead(load<i32>(p, 20)), next);
}

export function fdbMove(i: i32, out: i32, cause: u32): void {
  unlinkOut(i);
  linkOut(i, out);
  store<u32>(row(i), cause, 44);
}

export function fdbRemove(i: i32): void {
  unlinkOut(i);
  const p = row(i);
  let at = bucket(load<i32>(p, 16), load<u64>(p));
  while (load<i32>(at) != i) at = row(load<i32>(at)) + 32;
  store<i32>(at, load<i32>(p, 32));
  store<i32>(p, 0, 28);
  store<i32>(p, free, 32);
  free = i;
  used -= 1;
}

/** The row, however old, or NO_ROW. Nothing ages by being looked at like this. */
export function fdbPeek(node: i32, key: u64): i32 {
  let i = load<i32>(bucket(node, key));
  while (i != NO_ROW) {
    const p = row(i);
    if (load<u64>(p) == key && load<i32>(p, 16) == node) return i;
    i = load<i32>(p, 32);
  }
  return NO_ROW;
}

/** Hellos that are left out would keep the row fresh (`by` 1), or are made up for (-1): then it was last seen `later`. */
export function fdbKeep(i: i32, by: i32, later: i64): void {
  store<i32>(row(i), load<i32>(row(i), 24) + by, 24);
  store<i64>(row(i), load<i64>(row(i), 8) + later, 8);
}

/** One more, or one fewer, flow keeps the row fresh. The last one leaves its time. `key` guards a reused row. */
export function fdbHold(i: i32, node: i32, key: u64, by: i32): void {
  const p = row(i);
  if (load<i32>(p, 28) == 0 || load<u64>(p) != key || load<i32>(p, 16) != node) return;
  const holds = load<i32>(p, 24) + by;
  store<i32>(p, holds < 0 ? 0 : holds, 24);
  store<i64>(p, now, 8);
}
