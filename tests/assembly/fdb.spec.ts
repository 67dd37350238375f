// The MAC table against a naive list: whatever is put in, moved, held, aged and taken out, both know the same.

import {
  FDB_LOCAL, FDB_PEER, NO_ROW, fdbCause, fdbFind, fdbFindBatch, fdbFirstOf, fdbFlags, fdbHold, fdbInsert, fdbKey, fdbKeyOf, fdbLive, fdbMove, fdbNextOf, fdbNode, fdbOut, fdbRemove, fdbRows, fdbTouch,
  fdbUsed, reserveFdb,
} from "../../assembly/collections/fdb";
import { now, setNow } from "../../assembly/core/trace";
import { shareMemory } from "./share-memory";

const ROWS: i32 = 96;
const PORTS: i32 = 6;
const LAGS: i32 = 2;
const LAG_BIT: i32 = 1 << 28;
const AGE: i64 = 300000000000;
const NEVER_AGES: i64 = i64.MAX_VALUE;

// The list: one row a name (node, VLAN, MAC): out (-1: not known), last seen, holds.
const NAMES: i32 = 256;
const model = memory.data(256 * 24);
function outOf(name: i32): i32 { return load<i32>(model + <usize>name * 24); }
function seenAt(name: i32): i64 { return load<i64>(model + <usize>name * 24, 8); }
function holdsOf(name: i32): i32 { return load<i32>(model + <usize>name * 24, 16); }
function set(name: i32, out: i32, seen: i64, holds: i32): void {
  store<i32>(model + <usize>name * 24, out); store<i64>(model + <usize>name * 24, seen, 8); store<i32>(model + <usize>name * 24, holds, 16);
}
function nodeOf(name: i32): i32 { return name & 3; }
function keyOf(name: i32): u64 { return fdbKey(<u32>(10 + (name >> 2 & 1)), 0x020000000000 + <u64>(name >> 3) * 0x1000); }
function place(random: u32): i32 { return random < <u32>PORTS ? <i32>random : LAG_BIT | <i32>(random - <u32>PORTS); }

let state: u64 = 0;
function random(below: u32): u32 {
  state ^= state << 13; state ^= state >> 7; state ^= state << 17;
  return <u32>((state >> 32) % <u64>below);
}

let reserved: bool = false;
function fresh(seed: u64): void {
  if (!reserved) { shareMemory(); reserveFdb(ROWS, PORTS, LAGS); reserved = true; }
  for (let k: u32 = 0; k < <u32>(PORTS + LAGS); k++) {
    let i = fdbFirstOf(place(k));
    while (i != NO_ROW) { const next = fdbNextOf(i); fdbRemove(i); i = next; }
  }
  for (let name = 0; name < NAMES; name++) set(name, -1, 0, 0);
  state = seed * 0x9e3779b97f4a7c15 + 1;
}

/** How many names the table and the list differ about. */
function differences(): i32 {
  let wrong = 0;
  let known = 0;
  for (let name = 0; name < NAMES; name++) {
    const row = fdbFind(nodeOf(name), keyOf(name), NEVER_AGES);
    if (outOf(name) < 0) { if (row != NO_ROW) wrong += 1; continue; }
    known += 1;
    if (row == NO_ROW || fdbOut(row) != outOf(name) || fdbNode(row) != nodeOf(name) || fdbKeyOf(row) != keyOf(name) || !fdbLive(row)) wrong += 1;
  }
  return wrong + abs(known - fdbUsed()) + batchDifferences();
}
const keys = memory.data(16 * 8);
const rows = memory.data(16 * 4);
/** A batch says what single look-ups say. */
function batchDifferences(): i32 {
  let wrong = 0;
  for (let first = 0; first < NAMES; first += 61) {
    const count = min(16, NAMES - first);
    for (let k = 0; k < count; k++) store<u64>(keys + (<usize>k << 3), keyOf(first + k));
    for (let node = 0; node < 4; node++) {
      fdbFindBatch(node, keys, count, NEVER_AGES, rows);
      for (let k = 0; k < count; k++) wrong += load<i32>(rows + (<usize>k << 2)) == fdbFind(node, keyOf(first + k), NEVER_AGES) ? 0 : 1;
    }
  }
  return wrong;
}
/** Rows on the chains of the ports: all that are in use, each on the chain of its own port. */
function chained(): i32 {
  let count = 0;
  for (let k: u32 = 0; k < <u32>(PORTS + LAGS); k++) {
    for (let i = fdbFirstOf(place(k)); i != NO_ROW; i = fdbNextOf(i)) count += fdbOut(i) == place(k) ? 1 : 1000;
  }
  return count;
}

describe("MAC table", () => {
  test("a name is found where it was put, and nowhere else", () => {
    fresh(1);
    const row = fdbInsert(1, fdbKey(10, 0x020000000001), 3, FDB_LOCAL, 7);
    expect(fdbFind(1, fdbKey(10, 0x020000000001), NEVER_AGES)).toBe(row);
    expect(fdbFind(2, fdbKey(10, 0x020000000001), NEVER_AGES)).toBe(NO_ROW, "another switch");
    expect(fdbFind(1, fdbKey(11, 0x020000000001), NEVER_AGES)).toBe(NO_ROW, "another VLAN");
    expect(fdbOut(row)).toBe(3);
    expect(fdbFlags(row)).toBe(FDB_LOCAL);
    expect(fdbCause(row)).toBe(7);
    expect(fdbFirstOf(3)).toBe(row);
  });

  test("a move takes the row to the chain of the other port, with its cause", () => {
    fresh(2);
    const a = fdbInsert(0, fdbKey(10, 1), 0, FDB_LOCAL, 1);
    const b = fdbInsert(0, fdbKey(10, 2), 0, FDB_PEER, 1);
    fdbMove(a, LAG_BIT | 1, 9);
    expect(fdbFirstOf(0)).toBe(b);
    expect(fdbNextOf(b)).toBe(NO_ROW);
    expect(fdbFirstOf(LAG_BIT | 1)).toBe(a);
    expect(fdbCause(a)).toBe(9);
    expect(fdbFind(0, fdbKey(10, 1), NEVER_AGES)).toBe(a);
  });

  test("802.1Q 8.8.3: an entry not refreshed for the ageing time is gone when looked up, a refreshed or held one is not", () => {
    fresh(3);
    setNow(1000000000);
    const aged = fdbInsert(0, fdbKey(10, 1), 0, FDB_LOCAL, 0);
    const touched = fdbInsert(0, fdbKey(10, 2), 0, FDB_LOCAL, 0);
    const held = fdbInsert(0, fdbKey(10, 3), 0, FDB_LOCAL, 0);
    fdbHold(held, 0, fdbKey(10, 3), 1);
    setNow(now + AGE - 1);
    expect(fdbFind(0, fdbKey(10, 1), AGE)).toBe(aged, "a nanosecond before");
    fdbTouch(touched);
    setNow(now + 1);
    expect(fdbFind(0, fdbKey(10, 1), AGE)).toBe(NO_ROW);
    expect(fdbLive(aged)).toBe(false);
    expect(fdbFind(0, fdbKey(10, 2), AGE)).toBe(touched);
    expect(fdbFind(0, fdbKey(10, 3), AGE)).toBe(held);
    fdbHold(held, 0, fdbKey(10, 3), -1); // the last flow leaves its time
    setNow(now + AGE - 1);
    expect(fdbFind(0, fdbKey(10, 3), AGE)).toBe(held);
    setNow(now + 1);
    expect(fdbFind(0, fdbKey(10, 3), AGE)).toBe(NO_ROW);
  });

  test("a hold of a row that has become another's does nothing", () => {
    fresh(4);
    const row = fdbInsert(0, fdbKey(10, 1), 0, FDB_LOCAL, 0);
    fdbRemove(row);
    expect(fdbInsert(0, fdbKey(10, 2), 0, FDB_LOCAL, 0)).toBe(row, "the last one freed is the first one used");
    fdbHold(row, 0, fdbKey(10, 1), 1);
    setNow(now + AGE);
    expect(fdbFind(0, fdbKey(10, 2), AGE)).toBe(NO_ROW);
  });

  test("rows are reused: no more are touched than were ever in use at once", () => {
    fresh(5);
    const before = fdbRows();
    for (let round = 0; round < 1000; round++) fdbRemove(fdbInsert(round & 3, keyOf(round & 255), 0, FDB_LOCAL, 0));
    expect(fdbRows()).toBeLessThanOrEqual(before > 0 ? before : 1);
    expect(fdbUsed()).toBe(0);
  });

  test("20,000 random steps, filled and emptied: the table and the list know the same", () => {
    let wrong = 0;
    for (let seed: u64 = 10; seed < 15; seed++) {
      fresh(seed);
      for (let step = 0; step < 4000; step++) {
        setNow(now + <i64>random(40) * 1000000000);
        const name = <i32>random(<u32>NAMES);
        const age = random(4) == 0 ? AGE : NEVER_AGES;
        const row = fdbFind(nodeOf(name), keyOf(name), age);
        const expired = outOf(name) >= 0 && holdsOf(name) == 0 && now - seenAt(name) >= age;
        if (expired) set(name, -1, 0, 0);
        if ((row != NO_ROW) != (outOf(name) >= 0)) wrong += 1;
        const to = place(random(<u32>(PORTS + LAGS)));
        if (row == NO_ROW) {
          if (fdbUsed() < ROWS) { fdbInsert(nodeOf(name), keyOf(name), to, FDB_LOCAL, <u32>step); set(name, to, now, 0); }
          continue;
        }
        const what = random(6);
        if (what == 0) { fdbRemove(row); set(name, -1, 0, 0); }
        else if (what == 1) { fdbMove(row, to, <u32>step); set(name, to, seenAt(name), holdsOf(name)); }
        else if (what == 2) { fdbTouch(row); set(name, outOf(name), now, holdsOf(name)); }
        else if (what == 3) { fdbHold(row, nodeOf(name), keyOf(name), 1); set(name, outOf(name), now, holdsOf(name) + 1); }
        else if (what == 4) { fdbHold(row, nodeOf(name), keyOf(name), -1); set(name, outOf(name), now, max(holdsOf(name) - 1, 0)); }
        if (step % 64 == 0) wrong += differences() + abs(chained() - fdbUsed());
      }
      wrong += differences() + abs(chained() - fdbUsed());
    }
    expect(wrong).toBe(0);
  });

  throws("full: the engine stops", () => {
    fresh(6);
    for (let i = 0; i <= ROWS; i++) fdbInsert(0, fdbKey(10, <u64>i + 1), 0, FDB_LOCAL, 0);
  });
});
