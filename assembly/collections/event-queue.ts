// Events in time order: a hierarchical timer wheel of eight levels with 256 slots, one nanosecond the
// finest, and a binary heap that holds the events of the present instant.
//
// Level l, slot s holds events whose time differs from `cursor` first in byte l, and whose byte l is s.
// An event moves down at most once per level. Events of one instant leave in the order of `rank`,
// which is a function of what the event is and never of when it was put in:
//
//  63      56 55             24 23        0
//  ├─ phase ─┼──── entity ─────┼─ detail ─┤      timers: detail = kind; frames: see sim/frames.ts
//
// Restarting a timer to a later time only writes the deadline; the entry is moved when the old time
// comes (a hello does nothing but push a deadline out, and that is the most frequent thing there is).

import { take } from "../core/memory";
import { trap, TRAP_PAST, TRAP_PAST_FULL } from "../core/trap";
import { cause, now } from "../core/trace";

const LEVELS = 8;
const NONE: u32 = 0xffffffff;

const IDLE: u8 = 0;
const IN_WHEEL: u8 = 1;
const IN_HEAP: u8 = 2;
const IN_PAST: u8 = 3;

/** No deadline. */
export const NEVER: i64 = i64.MAX_VALUE;

let heads: usize = 0; // u32[LEVELS * 256]: first event of a slot
let bits: usize = 0; // u64[LEVELS * 4]: slots in use
let rows: usize = 0; // one row an event, see below
let heap: usize = 0; // u32[]: events of this instant
let heapSize: u32 = 0;
let cursor: i64 = 0;

// Row: one cache line.   at 0 | deadline 8 | rank 16 | next 24 | prev 28 | cause 32 | slot 36 (u16) | where 38 (u8) | entries 39 (u8)
// `entries` is 1 while the heap has an entry for the event, wanted or stale: there is never a second one, so the heap cannot overflow.
const ROW: usize = 64;

// @ts-ignore: decorator
@inline function row(id: u32): usize { return rows + <usize>id * ROW; }

export function reserveQueue(events: u32): void {
  heads = take(LEVELS * 256 * 4);
  memory.fill(heads, 0xff, LEVELS * 256 * 4);
  bits = take(LEVELS * 4 * 8);
  rows = take(<usize>events * ROW);
  reservePast();
  heap = take(<usize>events * 4);
}

/** Fixes an event's place among those of its instant. Once, while tables are laid out (frames: on sending, when the heap has no entry for them). */
export function setRank(id: u32, rank: u64): void { store<u64>(row(id), rank, 16); }

export function isQueued(id: u32): bool { return load<u8>(row(id), 38) != IDLE; }
export function rankOf(id: u32): u64 { return load<u64>(row(id), 16); }
/** When the event is due, or NEVER. */
export function deadlineOf(id: u32): i64 { return isQueued(id) ? load<i64>(row(id), 8) : NEVER; }
/** The record that was the cause when the event was put in. */
export function causeOf(id: u32): u32 { return load<u32>(row(id), 32); }

function link(id: u32, at: i64): void {
  const p = row(id);
  const diff = <u64>(at ^ cursor);
  const level: u32 = diff == 0 ? 0 : <u32>(63 - <i32>clz<u64>(diff)) >> 3;
  const index = <u32>(<u64>at >> (<u64>level << 3)) & 255;
  const slot = (level << 8) | index;
  const head = heads + (<usize>slot << 2);
  const first = load<u32>(head);
  store<i64>(p, at);
  store<u32>(p, first, 24);
  store<u32>(p, NONE, 28);
  store<u16>(p, <u16>slot, 36);
  store<u8>(p, IN_WHEEL, 38);
  if (first != NONE) store<u32>(row(first), id, 28);
  store<u32>(head, id);
  const word = bits + (<usize>(slot >> 6) << 3);
  store<u64>(word, load<u64>(word) | (<u64>1 << <u64>(slot & 63)));
}

function unlink(id: u32): void {
  const p = row(id);
  const next = load<u32>(p, 24);
  const prev = load<u32>(p, 28);
  if (next != NONE) store<u32>(row(next), prev, 28);
  if (prev != NONE) { store<u32>(row(prev), next, 24); return; }
  const slot = <u32>load<u16>(p, 36);
  store<u32>(heads + (<usize>slot << 2), next);
  if (next == NONE) {
    const word = bits + (<usize>(slot >> 6) << 3);
    store<u64>(word, load<u64>(word) & ~(<u64>1 << <u64>(slot & 63)));
  }
}

/** Puts an event in, or moves it. `at` may be now, never before. */
export function schedule(id: u32, at: i64): void {
  if (at < now) trap(TRAP_PAST, id);
  if (past) { putPast(id, at); return; }
  const p = row(id);
  const where = load<u8>(p, 38);
  store<i64>(p, at, 8);
  store<u32>(p, cause, 32);
  if (where == IN_WHEEL) {
    if (at >= load<i64>(p) && at > now) return; // lazy restart
    unlink(id);
  }
  if (at == now) {
    store<i64>(p, at);
    push(id);
    return;
  }
  link(id, at);
}

export function cancel(id: u32): void {
  const p = row(id);
  if (load<u8>(p, 38) == IN_WHEEL) unlink(id);
  if (past) takePast(id);
  store<u8>(p, IDLE, 38); // an entry in the heap is skipped when it comes up
}

/** First slot in use on `level` at or after `from`, or 256. */
function nextSlot(level: u32, from: u32): u32 {
  if (from > 255) return 256;
  let word = from >> 6;
  let w = load<u64>(bits + (<usize>((level << 2) + word) << 3)) & (<u64>-1 << <u64>(from & 63));
  while (true) {
    if (w != 0) return (word << 6) + <u32>ctz<u64>(w);
    word += 1;
    if (word == 4) return 256;
    w = load<u64>(bits + (<usize>((level << 2) + word) << 3));
  }
}

/** Opens the next instant that has events, not after `until`: its time, or NEVER. Events due are in the heap. */
export function openNext(until: i64): i64 {
  while (true) {
    let level: u32 = 0;
    let slot: u32 = nextSlot(0, <u32>cursor & 255);
    while (slot == 256) {
      level += 1;
      if (level == LEVELS) return NEVER;
      slot = nextSlot(level, (<u32>(<u64>cursor >> (<u64>level << 3)) & 255) + 1);
    }
    const shift = <u64>level << 3;
    const low = level == 7 ? <u64>-1 : (<u64>1 << (shift + 8)) - 1;
    const start = <i64>((<u64>cursor & ~low) | (<u64>slot << shift));
    if (start > until) return NEVER;
    if (level > 0) {
      const alone = onlyOne((level << 8) | slot, start | <i64>(low >> 8));
      if (alone != NEVER) {
        if (alone > until) return NEVER;
        cursor = alone;
        fillHeap((level << 8) | slot);
        return alone;
      }
    }
    cursor = start;
    if (level == 0) {
      if (fillHeap(slot)) return start;
    } else {
      cascade((level << 8) | slot);
    }
  }
}

/** The deadline of a slot's only event, if it lies within the slot: then nothing comes before it, and no level in between is needed. */
function onlyOne(slot: u32, last: i64): i64 {
  const p = row(load<u32>(heads + (<usize>slot << 2)));
  const deadline = load<i64>(p, 8);
  return load<u32>(p, 24) == NONE && deadline <= last ? deadline : NEVER;
}

function takeSlot(slot: u32): u32 {
  const head = heads + (<usize>slot << 2);
  const id = load<u32>(head);
  store<u32>(head, NONE);
  const word = bits + (<usize>(slot >> 6) << 3);
  store<u64>(word, load<u64>(word) & ~(<u64>1 << <u64>(slot & 63)));
  return id;
}

function cascade(slot: u32): void {
  let id = takeSlot(slot);
  while (id != NONE) {
    const next = load<u32>(row(id), 24);
    link(id, load<i64>(row(id), 8)); // to the deadline, which a lazy restart may have pushed out
    id = next;
  }
}

function fillHeap(slot: u32): bool {
  let id = takeSlot(slot);
  while (id != NONE) {
    const p = row(id);
    const next = load<u32>(p, 24);
    const deadline = load<i64>(p, 8);
    if (deadline > cursor) link(id, deadline);
    else push(id);
    id = next;
  }
  return heapSize > 0;
}

/** Next event of this instant in order of rank, or -1. It is idle from here on. */
export function popDue(): i32 {
  while (heapSize > 0) {
    const id = load<u32>(heap);
    heapSize -= 1;
    if (heapSize > 0) sink(load<u32>(heap + (<usize>heapSize << 2)));
    const p = row(id);
    store<u8>(p, 0, 39);
    if (load<u8>(p, 38) != IN_HEAP) continue;
    store<u8>(p, IDLE, 38);
    return <i32>id;
  }
  return -1;
}

/** An entry that went stale (cancelled, or put off) is good again. */
function push(id: u32): void {
  const p = row(id);
  store<u8>(p, IN_HEAP, 38);
  if (load<u8>(p, 39) != 0) return;
  store<u8>(p, 1, 39);
  const rank = load<u64>(p, 16);
  let i = heapSize++;
  while (i > 0) {
    const up = (i - 1) >> 1;
    const other = load<u32>(heap + (<usize>up << 2));
    if (load<u64>(row(other), 16) <= rank) break;
    store<u32>(heap + (<usize>i << 2), other);
    i = up;
  }
  store<u32>(heap + (<usize>i << 2), id);
}

function sink(id: u32): void {
  const rank = load<u64>(row(id), 16);
  let i: u32 = 0;
  while (true) {
    let down = (i << 1) + 1;
    if (down >= heapSize) break;
    if (down + 1 < heapSize
      && load<u64>(row(load<u32>(heap + (<usize>(down + 1) << 2))), 16) < load<u64>(row(load<u32>(heap + (<usize>down << 2))), 16)) down += 1;
    const other = load<u32>(heap + (<usize>down << 2));
    if (load<u64>(row(other), 16) >= rank) break;
    store<u32>(heap + (<usize>i << 2), other);
    i = down;
  }
  store<u32>(heap + (<usize>i << 2), id);
}

// --- the past --------------------------------------------------------------------------------------
// Hellos that were left out are made up for later (sim/rest.ts): for that while `now` stands in the past, and events go to a
// short list instead of the wheel. What of them is still to come is then put into the wheel.

const PAST_MAX: u32 = 1 << 14;
let past: bool = false;
let pastIds: usize = 0; // u32[PAST_MAX]
let pastCount: u32 = 0;
/** When the event of the last `popPast` is due. */
export let pastAt: i64 = 0;

function reservePast(): void { pastIds = take(<usize>PAST_MAX << 2); }

export function openPast(): void { past = true; }
export function isPast(): bool { return past; }

function putPast(id: u32, at: i64): void {
  const p = row(id);
  if (load<u8>(p, 38) == IN_WHEEL) unlink(id);
  if (load<u8>(p, 38) != IN_PAST) {
    if (pastCount == PAST_MAX) trap(TRAP_PAST_FULL, PAST_MAX);
    store<u32>(pastIds + (<usize>pastCount << 2), id);
    pastCount += 1;
  }
  store<u8>(p, IN_PAST, 38);
  store<i64>(p, at, 8);
  store<u32>(p, cause, 32);
}

function takePast(id: u32): void {
  for (let i: u32 = 0; i < pastCount; i++) {
    if (load<u32>(pastIds + (<usize>i << 2)) != id) continue;
    pastCount -= 1;
    store<u32>(pastIds + (<usize>i << 2), load<u32>(pastIds + (<usize>pastCount << 2)));
    return;
  }
}

/** The next event of the past that comes before (`at`, `rank`), or -1. It is idle from here on. */
export function popPast(at: i64, rank: u64): i32 {
  let best: i32 = -1;
  let bestAt = at;
  let bestRank = rank;
  for (let i: u32 = 0; i < pastCount; i++) {
    const p = row(load<u32>(pastIds + (<usize>i << 2)));
    const due = load<i64>(p, 8);
    if (due > bestAt || (due == bestAt && load<u64>(p, 16) >= bestRank)) continue;
    best = <i32>i; bestAt = due; bestRank = load<u64>(p, 16);
  }
  if (best < 0) return -1;
  const id = load<u32>(pastIds + (<usize>best << 2));
  takePast(id);
  store<u8>(row(id), IDLE, 38);
  pastAt = bestAt;
  return <i32>id;
}

/** Back in the present: the events that are still to come go into the wheel, each with its cause. */
export function closePast(): void {
  past = false;
  for (let i: u32 = 0; i < pastCount; i++) {
    const id = load<u32>(pastIds + (<usize>i << 2));
    const p = row(id);
    const why = load<u32>(p, 32);
    store<u8>(p, IDLE, 38);
    schedule(id, load<i64>(p, 8));
    store<u32>(p, why, 32);
  }
  pastCount = 0;
}
