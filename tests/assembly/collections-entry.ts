// Entry of the small module that the benches of the collections load: the MAC table and the event queue, and loops that stay inside.

import { FDB_BATCH, NO_ROW, fdbFind, fdbFindBatch, fdbInsert, fdbMove, fdbOut, fdbTouch, reserveFdb } from "../../assembly/collections/fdb";
import { openNext, popDue, reserveQueue, schedule, setRank } from "../../assembly/collections/event-queue";
import { take } from "../../assembly/core/memory";
import { setNow } from "../../assembly/core/trace";

const NODE: i32 = 3;
const AGE: i64 = 300000000000;

const found = memory.data(64 * 4);

export function reserve(bytes: usize): usize { return take(bytes); }
export { reserveFdb, reserveQueue };

/** Learns `count` addresses (u64 keys at `keys`, u32 ports at `ports`): the rules of switching/bridge.ts. Returns how many had moved. */
export function learn(keys: usize, ports: usize, count: i32): i32 {
  let moves = 0;
  for (let i = 0; i < count; i++) {
    const place = i & (FDB_BATCH - 1);
    if (place == 0) fdbFindBatch(NODE, keys + (<usize>i << 3), min(FDB_BATCH, count - i), AGE, found);
    const key = load<u64>(keys + (<usize>i << 3));
    const port = load<i32>(ports + (<usize>i << 2));
    let row = load<i32>(found + (<usize>place << 2));
    if (row == NO_ROW) row = fdbFind(NODE, key, AGE); // the batch may hold it twice
    if (row == NO_ROW) { fdbInsert(NODE, key, port, 1, 0); continue; }
    fdbTouch(row);
    if (fdbOut(row) == port) continue;
    fdbMove(row, port, 0);
    moves += 1;
  }
  return moves;
}

/** The port of each key, or -1. */
export function lookUp(keys: usize, ports: usize, count: i32): void {
  for (let i = 0; i < count; i += FDB_BATCH) {
    const n = min(FDB_BATCH, count - i);
    fdbFindBatch(NODE, keys + (<usize>i << 3), n, AGE, found);
    for (let k = 0; k < n; k++) {
      const row = load<i32>(found + (<usize>k << 2));
      store<i32>(ports + (<usize>(i + k) << 2), select<i32>(-1, fdbOut(max(row, 0)), row == NO_ROW));
    }
  }
}

/** The same, one key at a time. */
export function lookUpSingly(keys: usize, ports: usize, count: i32): void {
  for (let i = 0; i < count; i++) {
    const row = fdbFind(NODE, load<u64>(keys + (<usize>i << 3)), AGE);
    store<i32>(ports + (<usize>i << 2), row == NO_ROW ? -1 : fdbOut(row));
  }
}

const EVERY: i32 = 1024;
let clock: i64 = 0;

export function layTimers(count: i32): void {
  reserveQueue(<u32>count);
  for (let i = 0; i < count; i++) setRank(<u32>i, <u64>i);
}

/** Fires what is due by `until`; folds the ids, in their order, into `sum`. */
function fire(until: i64, sum: u32): u32 {
  let folded = sum;
  while (true) {
    const at = openNext(until);
    if (at == i64.MAX_VALUE) break;
    setNow(at);
    for (let id = popDue(); id >= 0; id = popDue()) folded = (folded ^ <u32>id) * 16777619;
  }
  setNow(until);
  return folded;
}

let order: u32 = 2166136261;

/** `rounds` times every timer is restarted, each `stride` after the one before, a microsecond apart and for `timeout`. */
export function restart(count: i32, rounds: i32, timeout: i64, stride: u32): void {
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < count; i++) {
      const id = (<u32>i * stride) & <u32>(count - 1);
      clock += 1000;
      if ((i & (EVERY - 1)) == 0) order = fire(clock, order);
      schedule(id, clock + timeout);
    }
  }
}

/** Lets all of them run out. Returns a digest of the order, and begins a new one. */
export function runOut(timeout: i64): u32 {
  clock += timeout;
  const sum = fire(clock, order);
  order = 2166136261;
  return sum;
}
