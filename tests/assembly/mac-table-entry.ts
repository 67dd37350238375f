// Entry of the small module that the MAC table is held to its reference in: collections/fdb.ts, and the rules of switching/bridge.ts on it.

import {
  FDB_LOCAL, NO_ROW, fdbFind, fdbFindBatch, fdbFirstOf, fdbHold, fdbInsert, fdbMove, fdbNextOf, fdbOut, fdbPeek, fdbRemove, fdbSeenAt, fdbTouch, fdbUsed,
  reserveFdb,
} from "../../assembly/collections/fdb";
import { take } from "../../assembly/core/memory";
import { setNow } from "../../assembly/core/trace";

export { fdbUsed as used, setNow };

const keys: usize = memory.data(64 * 8);
const found: usize = memory.data(64 * 4);

export function prepare(rows: i32, ports: i32): void {
  take(64);
  reserveFdb(rows, ports, 0);
}

/** A frame from `key` came in by `out`. */
export function learn(node: i32, key: u64, out: i32, ageNs: i64): void {
  const row = fdbFind(node, key, ageNs);
  if (row == NO_ROW) { fdbInsert(node, key, out, FDB_LOCAL, 0); return; }
  fdbTouch(row);
  if (fdbOut(row) != out) fdbMove(row, out, 0);
}

/** Where frames to `key` go, -1 when it is not known. */
export function lookUp(node: i32, key: u64, ageNs: i64): i32 {
  const row = fdbFind(node, key, ageNs);
  return row == NO_ROW ? -1 : fdbOut(row);
}

export function setKey(i: i32, key: u64): void { store<u64>(keys + (<usize>i << 3), key); }
/** The same of up to 64 keys at once; answers by `batchOut`. */
export function lookUpBatch(node: i32, count: i32, ageNs: i64): void { fdbFindBatch(node, keys, count, ageNs, found); }
export function batchOut(i: i32): i32 {
  const row = load<i32>(found + (<usize>i << 2));
  return row == NO_ROW ? -1 : fdbOut(row);
}

/** All that was learned by `out` is forgotten. */
export function flush(out: i32): void {
  for (let row = fdbFirstOf(out); row != NO_ROW; ) { const next = fdbNextOf(row); fdbRemove(row); row = next; }
}

/** All that was learned by `from` is now behind `to`. */
export function moveAll(from: i32, to: i32): void {
  for (let row = fdbFirstOf(from); row != NO_ROW; ) { const next = fdbNextOf(row); fdbMove(row, to, 0); row = next; }
}

/** A flow begins (1) or ceases (-1) to keep the entry fresh. */
export function hold(node: i32, key: u64, by: i32): void {
  const row = fdbPeek(node, key);
  if (row != NO_ROW) fdbHold(row, node, key, by);
}

/** When the entry was last seen, however old it is; -1: there is none. */
export function seenAt(node: i32, key: u64): i64 {
  const row = fdbPeek(node, key);
  return row == NO_ROW ? -1 : fdbSeenAt(row);
}
