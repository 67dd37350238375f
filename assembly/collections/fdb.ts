// MAC table of all switches: (node, VLAN, MAC) -> bridge port, with the time of the last frame from there.
// A hash table over a fixed pool of rows, in groups of eight slots, a cache line each, about half full: a look-up compares the eight tags of
// its group at once, so that hardly a branch depends on where an entry stands, and reads a row only when a tag fits. What finds its group
// full goes to the next one. A chain runs through the rows of one bridge port, so that a port's entries can be flushed or moved without a search.
//
// group: ├─ 8 tags of 32 bits ─┼─ 8 rows of 32 bits ─┤     tag: the hash with bit 31 set; 0: empty. Home group = tag & mask
// key:   ├─ 63..60: 0 ─┼─ 59..48: VLAN ─┼─ 47..0: MAC ─┤   row: 32 bytes that a look-up reads, 16 that it does not
// A row that a flow's frames keep fresh is `held`; others age lazily: they are gone when looked up too late (802.1Q 8.8.3).
// Full: the engine stops and names the table. The host reserves rows for every MAC on every switch.

import { take } from "../core/memory";
import { now } from "../core/trace";
import { trap, TRAP_FDB_FULL } from "../core/trap";

const ROW: usize = 32; // key 0 | lastSeen 8 | node 16 | out 20 | holds 24 | flags 28
const COLD: usize = 16; // next of the port 0 (of the free ones, when free) | previous of the port 4 | cause 8
export const FDB_LOCAL: i32 = 1; // learned from a frame here
export const FDB_PEER: i32 = 2; // told by the MC-LAG peer
// Bits 8 and up of the flags: the MC-LAG id of the dual-homed member that the host is behind, 0 for none.
export const NO_ROW: i32 = -1;

const GROUP: usize = 64;
const SLOTS: u32 = 8;
const ROWS_OF: usize = 32; // within a group
const OCCUPIED: u32 = 0x80000000;

let rowsAt: usize = 0; let coldAt: usize = 0; let groupsAt: usize = 0; let outsAt: usize = 0;
let mask: u32 = 0; let capacity: i32 = 0; let free: i32 = -1; let used: i32 = 0; let untouched: i32 = 0;
let outLags: i32 = 0;

export function reserveFdb(rows: i32, ports: i32, lags: i32): void {
  capacity = rows;
  let groups: u32 = 2;
  while (groups * SLOTS < <u32>rows * 2) groups <<= 1;
  mask = groups - 1;
  rowsAt = take(<usize>rows * ROW);
  coldAt = take(<usize>rows * COLD);
  groupsAt = take(<usize>groups * GROUP);
  outsAt = take(<usize>(ports + lags) << 2); memory.fill(outsAt, 0xff, <usize>(ports + lags) << 2);
  outLags = ports;
}

// @ts-ignore: decorator
@inline function row(i: i32): usize { return rowsAt + <usize>i * ROW; }
// @ts-ignore: decorator
@inline function cold(i: i32): usize { return coldAt + <usize>i * COLD; }
// @ts-ignore: decorator
@inline function group(g: u32): usize { return groupsAt + <usize>g * GROUP; }
// @ts-ignore: decorator
@inline function tagOf(node: i32, key: u64): u32 {
  const h = (key ^ (<u64>node << 40)) * 0x9e3779b97f4a7c15;
  return <u32>(h >> 32) | OCCUPIED;
}
/** Which of a group's slots have this tag: a bit each. */
// @ts-ignore: decorator
@inline function slotsWith(p: usize, tag: u32): u32 {
  const wanted = i32x4.splat(<i32>tag);
  return <u32>i32x4.bitmask(i32x4.eq(v128.load(p), wanted)) | (<u32>i32x4.bitmask(i32x4.eq(v128.load(p, 16), wanted)) << 4);
}
const LAG_BIT: i32 = 1 << 28;
function outHead(out: i32): usize { return outsAt + (<usize>((out & LAG_BIT) != 0 ? outLags + (out & ~LAG_BIT) : out) << 2); }
export function fdbKey(vlan: u32, mac: u64): u64 { return (<u64>vlan << 48) | mac; }
export function fdbOut(i: i32): i32 { return load<i32>(row(i), 20); }
export function fdbFlags(i: i32): i32 { return load<i32>(row(i), 28); }
export function fdbKeyOf(i: i32): u64 { return load<u64>(row(i)); }
export function fdbNode(i: i32): i32 { return load<i32>(row(i), 16); }
export function fdbCause(i: i32): u32 { return load<u32>(cold(i), 8); }
export function fdbSetCause(i: i32, cause: u32): void { store<u32>(cold(i), cause, 8); }
export function fdbSetFlags(i: i32, flags: i32): void { store<i32>(row(i), flags, 28); }
export function fdbTouch(i: i32): void { seen(i, now); }
/** Whatever is made up for late: the last time counts. */
function seen(i: i32, at: i64): void { if (at > load<i64>(row(i), 8)) store<i64>(row(i), at, 8); }
export function fdbSeenAt(i: i32): i64 { return load<i64>(row(i), 8); }
/** Would it be found by a look-up with this age? */
export function fdbFresh(i: i32, ageNs: i64): bool { return load<i32>(row(i), 24) != 0 || now - load<i64>(row(i), 8) < ageNs; }
export function fdbHolds(i: i32): i32 { return load<i32>(row(i), 24); }
export function fdbUsed(): i32 { return used; }
export function fdbFirstOf(out: i32): i32 { return load<i32>(outHead(out)); }
export function fdbNextOf(i: i32): i32 { return load<i32>(cold(i)); }
export function fdbRows(): i32 { return untouched; }
export function fdbLive(i: i32): bool { return load<i32>(row(i), 28) != 0; }

/** The row, however old, or NO_ROW. Nothing ages by being looked at like this. */
export function fdbPeek(node: i32, key: u64): i32 {
  const tag = tagOf(node, key);
  let g = tag & mask;
  while (true) {
    const at = group(g);
    for (let fits = slotsWith(at, tag); fits != 0; fits &= fits - 1) {
      const i = load<i32>(at + (<usize>ctz(fits) << 2), ROWS_OF);
      if (load<u64>(row(i)) == key && load<i32>(row(i), 16) == node) return i;
    }
    if (slotsWith(at, 0) != 0) return NO_ROW;
    g = (g + 1) & mask;
  }
}

/** The row, or NO_ROW. A row not seen for `ageNs` and not held is removed. */
export function fdbFind(node: i32, key: u64, ageNs: i64): i32 {
  const i = fdbPeek(node, key);
  if (i == NO_ROW || fdbFresh(i, ageNs)) return i;
  fdbRemove(i);
  return NO_ROW;
}

/** Keys of one batch. */
export const FDB_BATCH: i32 = 64;
const batchRows = memory.data(64 * 4); // of the first slot that fits; any, when none does
const batchFits = memory.data(64 * 4); // slots that fit | slots that are empty << 8

/**
 * What `fdbFind` says of each of up to FDB_BATCH keys, as rows at `found`. The groups are asked for all together, then the rows: the
 * processor waits for dozens of lines of memory at once instead of one after the other, and no branch depends on whether a key is known.
 */
export function fdbFindBatch(node: i32, keys: usize, count: i32, ageNs: i64, found: usize): void {
  for (let k: usize = 0, end = <usize>count << 2; k < end; k += 4) {
    const tag = tagOf(node, load<u64>(keys + (k << 1)));
    const at = group(tag & mask);
    const fits = slotsWith(at, tag);
    store<u32>(batchFits + k, fits | (slotsWith(at, 0) << 8));
    store<i32>(batchRows + k, load<i32>(at + (<usize>(ctz(fits) & 7) << 2), ROWS_OF));
  }
  for (let k: usize = 0, end = <usize>count << 2; k < end; k += 4) {
    const key = load<u64>(keys + (k << 1));
    const i = load<i32>(batchRows + k);
    const p = row(i);
    const fits = load<u32>(batchFits + k);
    const same = u32(load<u64>(p) == key) & u32(load<i32>(p, 16) == node) & u32(fdbFresh(i, ageNs));
    const known = u32((fits & 0xff) != 0);
    const settled = select<u32>(same, u32(fits >> 8 != 0), known != 0);
    store<i32>(found + k, settled != 0 ? select<i32>(i, NO_ROW, known != 0) : fdbFind(node, key, ageNs));
  }
}

export function fdbInsert(node: i32, key: u64, out: i32, flags: i32, cause: u32): i32 {
  let i = free;
  if (i != NO_ROW) free = load<i32>(cold(i));
  else {
    if (untouched == capacity) trap(TRAP_FDB_FULL, capacity);
    i = untouched++;
  }
  used += 1;
  const p = row(i);
  store<u64>(p, key); store<i64>(p, now, 8); store<i32>(p, node, 16); store<i32>(p, 0, 24); store<i32>(p, flags, 28);
  store<u32>(cold(i), cause, 8);
  const tag = tagOf(node, key);
  let g = tag & mask;
  while (slotsWith(group(g), 0) == 0) g = (g + 1) & mask;
  place(group(g), ctz(slotsWith(group(g), 0)), tag, i);
  linkOut(i, out);
  return i;
}

function place(p: usize, slot: u32, tag: u32, i: i32): void {
  const at = p + (<usize>slot << 2);
  store<u32>(at, tag);
  store<i32>(at, i, ROWS_OF);
}

function linkOut(i: i32, out: i32): void {
  const head = outHead(out);
  const first = load<i32>(head);
  store<i32>(row(i), out, 20);
  store<i32>(cold(i), first); store<i32>(cold(i), NO_ROW, 4);
  if (first != NO_ROW) store<i32>(cold(first), i, 4);
  store<i32>(head, i);
}
function unlinkOut(i: i32): void {
  const next = load<i32>(cold(i)); const prev = load<i32>(cold(i), 4);
  if (next != NO_ROW) store<i32>(cold(next), prev, 4);
  if (prev != NO_ROW) store<i32>(cold(prev), next);
  else store<i32>(outHead(load<i32>(row(i), 20)), next);
}

export function fdbMove(i: i32, out: i32, cause: u32): void {
  unlinkOut(i);
  linkOut(i, out);
  store<u32>(cold(i), cause, 8);
}

export function fdbRemove(i: i32): void {
  unlinkOut(i);
  const p = row(i);
  takeOut(tagOf(load<i32>(p, 16), load<u64>(p)), i);
  store<i32>(p, 0, 28);
  store<i32>(cold(i), free);
  free = i;
  used -= 1;
}

function takeOut(tag: u32, i: i32): void {
  for (let g = tag & mask; ; g = (g + 1) & mask) {
    for (let fits = slotsWith(group(g), tag); fits != 0; fits &= fits - 1) {
      const slot = ctz(fits);
      if (load<i32>(group(g) + (<usize>slot << 2), ROWS_OF) != i) continue;
      const wasFull = slotsWith(group(g), 0) == 0;
      place(group(g), slot, 0, 0);
      if (wasFull) fillGap(g, slot);
      return;
    }
  }
}

/** What went on past a full group comes back when it is full no more, for a look-up stops there (Knuth, volume 3, 6.4, algorithm R). */
function fillGap(from: u32, empty: u32): void {
  let gap = from;
  let slot = empty;
  for (let g = (gap + 1) & mask; g != from; g = (g + 1) & mask) {
    const last = slotsWith(group(g), 0) != 0; // nothing went on past this one
    for (let k: u32 = 0; k < SLOTS; k++) {
      const at = group(g) + (<usize>k << 2);
      const tag = load<u32>(at);
      if (tag == 0 || ((g - (tag & mask)) & mask) < ((g - gap) & mask)) continue; // its home lies behind the gap
      place(group(gap), slot, tag, load<i32>(at, ROWS_OF));
      store<u32>(at, 0);
      gap = g;
      slot = k;
      break;
    }
    if (last) return;
  }
}

/** What is left out would keep the row fresh (`by` 1), or is made up for (-1): then it was last seen at `at`, or later. */
export function fdbKeep(i: i32, by: i32, at: i64): void {
  store<i32>(row(i), load<i32>(row(i), 24) + by, 24);
  seen(i, at);
}

/** One more, or one fewer, flow keeps the row fresh. The last one leaves its time. True: nobody holds it now. `key` guards a reused row. */
export function fdbHold(i: i32, node: i32, key: u64, by: i32): bool {
  const p = row(i);
  if (load<i32>(p, 28) == 0 || load<u64>(p) != key || load<i32>(p, 16) != node) return false;
  const holds = load<i32>(p, 24) + by;
  store<i32>(p, holds < 0 ? 0 : holds, 24);
  store<i64>(p, now, 8);
  return holds <= 0;
}
