// Events in time order: a hierarchical timer wheel of eight levels with 256 slots, one nanosecond the
// finest, and a heap (instant.ts) that holds the events of the present instant.
//
// Level l, slot s holds events whose time differs from `cursor` first in byte l, and whose byte l is s.
// An event moves down at most once per level. Events of one instant leave in the order of `rank`,
// which is a function of what the event is and never of when it was put in:
//
//  63      56 55             24 23        0
//  ├─ phase ─┼──── entity ─────┼─ detail ─┤      timers: kind; frames: kind, and equals by sim/frames.ts
//
// Restarting a timer to a later time only writes the deadline; the entry is moved when the old time
// comes (a hello does nothing but push a deadline out, and that is the most frequent thing there is).
//
// What a restart touches is the 8 bytes of the deadline. A slot is a chain of chunks of ids, not a list through the events: putting
// one in touches no other event, and those of a slot are found without waiting for one to tell of the next.

import { take } from "../core/memory";
import { dropFirst, firstId, firstRank, heapSize, precedes, put, reserveHeap } from "./instant";
import { trap, TRAP_PAST, TRAP_PAST_FULL } from "../core/trap";
import { now } from "../core/trace";

const LEVELS = 8;
const SLOTS: u32 = LEVELS * 256;

/** No deadline. */
export const NEVER: i64 = i64.MAX_VALUE;

let heads: usize = 0; // u32[SLOTS]: place of the last entry of a slot, 0 when there is none
let bits: usize = 0; // u64[LEVELS * 4]: slots in use
let words: u32 = 0; // words of `bits` that are not zero
let deadlines: usize = 0; // i64[]: of the events in the wheel, 0 of the others
let places: usize = 0; // u32[]: of an event's entry in the chunks, or one of the states below
let ranks: usize = 0; // u64[]
let chunks: usize = 0;
let freeChunk: u32 = 0; // chain of those that were used before
let usedChunks: u32 = 0;
let heapAt: i64 = 0; // the instant of those in the heap
let cursor: i64 = 0;

// Ids of the slot of level 3 that was opened last, 16.8 ms wide: what they will touch can be fetched before they are due.
const NEAR_LEVEL: u32 = 3;
export const NEAR_MAX: u32 = 4096;
let near: usize = 0; // u32[]
export let nearCount: u32 = 0;

const IDLE: u32 = 0;
const IN_HEAP: u32 = 1;
const IN_PAST: u32 = 2;
const FIRST_PLACE: u32 = 16; // chunk 0 is not used

// Chunk: one cache line. Word 0: the next chunk of the slot, all entries of which are used; word 1: the slot; words 2 to 15: ids.
// A place is the number of a word: chunk * 16 + word.
const FIRST_WORD: u32 = 2;
const LAST_WORD: u32 = 15;
const IDS: u32 = LAST_WORD - FIRST_WORD + 1;

/** In a rank: the heap has an entry for the event, wanted or stale. There is never a second one, so the heap cannot overflow. */
const ENTERED: u64 = 1 << 63;

// @ts-ignore: decorator
@inline function deadline(id: u32): usize { return deadlines + (<usize>id << 3); }
// @ts-ignore: decorator
@inline function word(place: u32): usize { return chunks + (<usize>place << 2); }
// @ts-ignore: decorator
@inline function placeOf(id: u32): u32 { return load<u32>(places + (<usize>id << 2)); }
// @ts-ignore: decorator
@inline function setPlace(id: u32, place: u32): void { store<u32>(places + (<usize>id << 2), place); }
// @ts-ignore: decorator
@inline function rankAt(id: u32): usize { return ranks + (<usize>id << 3); }

export function reserveQueue(count: u32): void {
  heads = take(<usize>SLOTS << 2);
  bits = take(LEVELS * 4 * 8);
  deadlines = take(<usize>count << 3);
  places = take(<usize>count << 2);
  ranks = take(<usize>count << 3);
  // Only the last chunk of a slot is partly used; one more is being emptied, and there is no chunk 0.
  chunks = take(<usize>(count / IDS + SLOTS + 2) << 6);
  usedChunks = 1;
  reservePast();
  reserveHeap(count);
  near = take(<usize>NEAR_MAX << 2);
}

/** Fixes an event's place among those of its instant. Once, while tables are laid out (frames: on sending, when the heap has no entry for them). */
export function setRank(id: u32, rank: u64): void { store<u64>(rankAt(id), rank); }

export function isQueued(id: u32): bool { return placeOf(id) != IDLE; }
export function rankOf(id: u32): u64 { return load<u64>(rankAt(id)) & ~ENTERED; }
/** When the event is due, or NEVER. */
export function deadlineOf(id: u32): i64 {
  switch (placeOf(id)) {
    case IDLE: return NEVER;
    case IN_HEAP: return heapAt;
    case IN_PAST: return load<i64>(pastRow(findPast(id)));
    default: return load<i64>(deadline(id));
  }
}

// --- slots ---------------------------------------------------------------------------------------

function newChunk(next: u32, slot: u32): u32 {
  let chunk = freeChunk;
  if (chunk != 0) freeChunk = load<u32>(word(chunk << 4));
  else chunk = usedChunks++;
  store<u32>(word(chunk << 4), next);
  store<u32>(word(chunk << 4), slot, 4);
  return chunk;
}

function dropChunk(chunk: u32): void {
  store<u32>(word(chunk << 4), freeChunk);
  freeChunk = chunk;
}

// @ts-ignore: decorator
@inline function link(id: u32, at: i64): void {
  const diff = <u64>(at ^ cursor);
  const level: u32 = <u32>(63 - <i32>clz<u64>(diff | 1)) >> 3;
  const slot = (level << 8) | (<u32>(<u64>at >> (<u64>level << 3)) & 255);
  const head = heads + (<usize>slot << 2);
  const last = load<u32>(head);
  let place = last + 1;
  if (last == 0 || (last & 15) == LAST_WORD) {
    place = (newChunk(last >> 4, slot) << 4) + FIRST_WORD;
    if (last == 0) use(slot);
  }
  store<u32>(word(place), id);
  store<u32>(head, place);
  setPlace(id, place);
}

// @ts-ignore: decorator
@inline function wordOf(slot: u32): usize { return bits + (<usize>(slot >> 6) << 3); }
function use(slot: u32): void {
  store<u64>(wordOf(slot), load<u64>(wordOf(slot)) | (<u64>1 << <u64>(slot & 63)));
  words |= 1 << (slot >> 6);
}
function unuse(slot: u32): void {
  const left = load<u64>(wordOf(slot)) & ~(<u64>1 << <u64>(slot & 63));
  store<u64>(wordOf(slot), left);
  if (left == 0) words &= ~(1 << (slot >> 6));
}

/** Takes an entry out of its slot: the slot's last one fills its place. */
function unlink(place: u32): void {
  const slot = load<u32>(word(place & ~15), 4);
  const head = heads + (<usize>slot << 2);
  const last = load<u32>(head);
  const moved = load<u32>(word(last));
  store<u32>(word(place), moved);
  setPlace(moved, place);
  if ((last & 15) != FIRST_WORD) { store<u32>(head, last - 1); return; }
  const next = load<u32>(word(last & ~15));
  dropChunk(last >> 4);
  store<u32>(head, next == 0 ? 0 : (next << 4) + LAST_WORD);
  if (next == 0) unuse(slot);
}

/** When the wheel looks at the entry at `place`, at the latest. */
function lookedAt(place: u32): i64 {
  const slot = load<u32>(word(place & ~15), 4);
  const shift = <u64>(slot >> 8) << 3;
  return <i64>((<u64>cursor & ~within(slot >> 8)) | (<u64>(slot & 255) << shift));
}

/** The bits of a time that a slot of `level` and the slots beside it leave open. */
function within(level: u32): u64 { return level == 7 ? <u64>-1 : (<u64>1 << (<u64>level << 3) + 8) - 1; }

// --- putting in and taking out -------------------------------------------------------------------

/** Puts an event in, or moves it. `at` may be now, never before. */
// @ts-ignore: decorator
@inline export function schedule(id: u32, at: i64): void {
  if (at < now) trap(TRAP_PAST, id);
  if (past) { putPast(id, at); return; }
  const old = load<i64>(deadline(id));
  if (<u64>at > <u64>(old - 1)) store<i64>(deadline(id), at); // lazy restart
  else move(id, at);
}

function move(id: u32, at: i64): void {
  const place = placeOf(id);
  if (place >= FIRST_PLACE) {
    if (at > now && at >= lookedAt(place)) { store<i64>(deadline(id), at); return; }
    unlink(place);
  }
  if (at == now) enter(id, at);
  else {
    store<i64>(deadline(id), at);
    link(id, at);
  }
}

export function cancel(id: u32): void {
  const place = placeOf(id);
  if (place >= FIRST_PLACE) unlink(place);
  if (place == IN_PAST) takePast(findPast(id));
  store<i64>(deadline(id), 0);
  setPlace(id, IDLE); // an entry in the heap is skipped when it comes up
}

/** Opens the next instant that has events, not after `until`: its time, or NEVER. Events due are in the heap. */
export function openNext(until: i64): i64 {
  // No slot in use lies behind the cursor, and all of a level come before those of the level above: the first one is the next one.
  while (words != 0) {
    const index = ctz<u32>(words);
    const slot = (index << 6) | <u32>ctz<u64>(load<u64>(bits + (<usize>index << 3)));
    const level = slot >> 8;
    const open = within(level);
    const start = <i64>((<u64>cursor & ~open) | (<u64>(slot & 255) << (<u64>level << 3)));
    if (start > until) break;
    const last = takeSlot(slot);
    // Nothing comes before what this slot holds, so of a few events the next one is found without the levels in between.
    cursor = level > 0 && load<u32>(word(last & ~15)) == 0 ? max(start, min(earliest(last), min(until, start | <i64>(open >> 8)))) : start;
    if (level == NEAR_LEVEL) note(last);
    spill(last);
    if (heapSize > 0) return cursor;
  }
  return NEVER;
}

/** Least deadline in a chunk, up to `last`. */
function earliest(last: u32): i64 {
  let least = NEVER;
  for (let place = (last & ~15) + FIRST_WORD; place <= last; place++) least = min(least, load<i64>(deadline(load<u32>(word(place)))));
  return least;
}

function takeSlot(slot: u32): u32 {
  const head = heads + (<usize>slot << 2);
  const last = load<u32>(head);
  store<u32>(head, 0);
  unuse(slot);
  return last;
}

/** Lists the ids of a chain of chunks as those that are near. */
function note(last: u32): void {
  nearCount = 0;
  let place = last;
  while (true) {
    for (const first = (place & ~15) + FIRST_WORD; place >= first && nearCount < NEAR_MAX; place--) {
      store<u32>(near + (<usize>nearCount << 2), load<u32>(word(place)));
      nearCount += 1;
    }
    const next = load<u32>(word(place & ~15));
    if (next == 0 || nearCount == NEAR_MAX) return;
    place = (next << 4) + LAST_WORD;
  }
}
export function nearId(i: u32): u32 { return load<u32>(near + (<usize>i << 2)); }
export function forgetNear(): void { nearCount = 0; }

/** Empties a chain of chunks: what is due goes into the heap, the rest on, to deadlines that lazy restarts may have pushed out. */
function spill(last: u32): void {
  let place = last;
  while (true) {
    const first = (place & ~15) + FIRST_WORD;
    for (; place >= first; place--) {
      const id = load<u32>(word(place));
      const at = load<i64>(deadline(id));
      if (at > cursor) link(id, at);
      else enter(id, at);
    }
    const next = load<u32>(word(place & ~15));
    dropChunk(place >> 4);
    if (next == 0) return;
    place = (next << 4) + LAST_WORD;
  }
}

// --- the present instant -------------------------------------------------------------------------

/** Next event of this instant in order of rank, or -1. It is idle from here on. */
export function popDue(): i32 {
  while (heapSize > 0) {
    const id = firstId();
    store<u64>(rankAt(id), firstRank());
    dropFirst();
    if (placeOf(id) != IN_HEAP) continue;
    setPlace(id, IDLE);
    return <i32>id;
  }
  return -1;
}

/** Into the heap. An entry that went stale (cancelled, or put off) is good again. */
// @ts-ignore: decorator
@inline function enter(id: u32, at: i64): void {
  heapAt = at;
  store<i64>(deadline(id), 0);
  setPlace(id, IN_HEAP);
  const rank = load<u64>(rankAt(id));
  if ((rank & ENTERED) != 0) return;
  store<u64>(rankAt(id), rank | ENTERED);
  put(rank, id);
}

// --- the past --------------------------------------------------------------------------------------
// Hellos that were left out are made up for later (sim/rest.ts): for that while `now` stands in the past, and events go to a
// short list instead of the wheel. What of them is still to come is then put into the wheel.

const PAST_MAX: u32 = 1 << 14;
let past: bool = false;
let pastRows: usize = 0; // due i64, id u32
let pastCount: u32 = 0;
/** When the event of the last `popPast` is due. */
export let pastAt: i64 = 0;

function reservePast(): void { pastRows = take(<usize>PAST_MAX << 4); }
function pastRow(i: u32): usize { return pastRows + (<usize>i << 4); }
function pastId(i: u32): u32 { return load<u32>(pastRow(i), 8); }

export function openPast(): void { past = true; }
export function isPast(): bool { return past; }

function findPast(id: u32): u32 {
  let i: u32 = 0;
  while (pastId(i) != id) i += 1;
  return i;
}

function putPast(id: u32, at: i64): void {
  const place = placeOf(id);
  let i = pastCount;
  if (place == IN_PAST) i = findPast(id);
  else {
    if (place >= FIRST_PLACE) unlink(place);
    if (pastCount == PAST_MAX) trap(TRAP_PAST_FULL, PAST_MAX);
    pastCount += 1;
    store<i64>(deadline(id), 0);
    setPlace(id, IN_PAST);
  }
  store<i64>(pastRow(i), at);
  store<u32>(pastRow(i), id, 8);
}

/** The last row fills the place of row `i`. */
function takePast(i: u32): void {
  pastCount -= 1;
  const last = pastRow(pastCount);
  store<i64>(pastRow(i), load<i64>(last));
  store<u32>(pastRow(i), load<u32>(last, 8), 8);
}

/** The next event of the past that comes before `at`, and at `at` before event `doing`, which has this rank; or -1. It is idle from here on. */
export function popPast(at: i64, rank: u64, doing: u32): i32 {
  let best: i32 = -1;
  let bestAt = at;
  let bestRank = rank;
  let bestId = doing;
  for (let i: u32 = 0; i < pastCount; i++) {
    const due = load<i64>(pastRow(i));
    const id = pastId(i);
    if (due > bestAt || (due == bestAt && (id == bestId || !precedes(rankOf(id), id, bestRank, bestId)))) continue;
    best = <i32>i; bestAt = due; bestRank = rankOf(id); bestId = id;
  }
  if (best < 0) return -1;
  const id = pastId(best);
  takePast(best);
  setPlace(id, IDLE);
  pastAt = bestAt;
  return <i32>id;
}

/** Back in the present: the events that are still to come go into the wheel. */
export function closePast(): void {
  past = false;
  for (let i: u32 = 0; i < pastCount; i++) {
    setPlace(pastId(i), IDLE);
    schedule(pastId(i), load<i64>(pastRow(i)));
  }
  pastCount = 0;
}
