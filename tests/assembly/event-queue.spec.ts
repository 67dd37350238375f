// The event queue against a naive list: at every step the next event is the one of least (time, rank) of all that are in.

import { NEVER, cancel, deadlineOf, isQueued, openNext, popDue, reserveQueue, schedule, setRank } from "../../assembly/collections/event-queue";
import { orderEquals } from "../../assembly/collections/instant";
import { take } from "../../assembly/core/memory";
import { now, setNow } from "../../assembly/core/trace";
import { shareMemory } from "./share-memory";

const EVENTS: u32 = 512;
const SECOND: i64 = 1000000000;
const YEAR: i64 = 365 * 86400 * SECOND;
const GUARD: u64 = 0x5a5a5a5a5a5a5a5a;

// What the queue should hold: due i64 (NEVER: nothing), rank u64.
const model = memory.data(8192);
function due(id: u32): i64 { return load<i64>(model + (<usize>id << 4)); }
function setDue(id: u32, at: i64): void { store<i64>(model + (<usize>id << 4), at); }
function rankOf(id: u32): u64 { return load<u64>(model + (<usize>id << 4), 8); }

let state: u64 = 0;
function random(below: u32): u32 {
  state ^= state << 13; state ^= state >> 7; state ^= state << 17;
  return <u32>((state >> 32) % <u64>below);
}

let guard: usize = 0;
/** An empty queue of EVENTS events with ranks in random order, at the instant where the last test ended. */
function fresh(seed: u64): void {
  if (guard == 0) {
    shareMemory();
    reserveQueue(EVENTS);
    guard = take(64);
    for (let k: usize = 0; k < 64; k += 8) store<u64>(guard + k, GUARD);
  }
  state = seed * 0x9e3779b97f4a7c15 + 1;
  wrong = 0; left = 0;
  for (let id: u32 = 0; id < EVENTS; id++) {
    cancel(id);
    setDue(id, NEVER);
  }
  drain();
  for (let id: u32 = 0; id < EVENTS; id++) {
    const rank = (<u64>random(4) << 56) | (<u64>random(1000) << 24) | <u64>id;
    setRank(id, rank);
    store<u64>(model + (<usize>id << 4), rank, 8);
  }
}
function drain(): void { while (popDue() >= 0) wrong += 1; }
function guardIntact(): bool {
  for (let k: usize = 0; k < 64; k += 8) if (load<u64>(guard + k) != GUARD) return false;
  return true;
}

let wrong: i32 = 0; // times that queue and list disagreed
let left: i32 = 0; // events that came out

function put(id: u32, at: i64): void { schedule(id, at); setDue(id, at); }
function drop(id: u32): void { cancel(id); setDue(id, NEVER); }

/** From nanoseconds to years, each order of magnitude as often as any other; `far` limits it (bits). */
function gap(far: u32): i64 {
  const bits = random(far);
  return <i64>(((<u64>random(0x7fffffff) << 31) | <u64>random(0x7fffffff)) & ((<u64>1 << <u64>bits) - 1));
}

/** Restarts, moves, cancels or puts in some event. */
function act(far: u32, events: u32): void {
  const id = random(events);
  const old = due(id);
  switch (random(8)) {
    case 0: put(id, now); break;
    case 1: drop(id); break;
    case 2: if (old != NEVER) put(id, old); break; // the same time again
    case 3: if (old != NEVER) put(id, old + gap(far)); break; // later
    case 4: if (old != NEVER) put(id, now + (old - now) / 2); break; // earlier
    case 5: { const other = due(random(events)); put(id, other == NEVER ? now + 1 : other); break; } // the instant of another
    default: put(id, now + gap(far)); break;
  }
  if (deadlineOf(id) != due(id) || isQueued(id) != (due(id) != NEVER)) wrong += 1;
}

function nextDue(events: u32): i64 {
  let next = NEVER;
  for (let id: u32 = 0; id < events; id++) if (due(id) < next) next = due(id);
  return next;
}
/** Of the events due now the one of least rank, or -1. */
function nextOfInstant(events: u32): i32 {
  let best = -1;
  for (let id: u32 = 0; id < events; id++) if (due(id) == now && (best < 0 || rankOf(id) < rankOf(<u32>best))) best = <i32>id;
  return best;
}

/** Takes the events of this instant, acting up to `acts` times after each. */
function instant(far: u32, events: u32, acts: u32): void {
  while (true) {
    const expected = nextOfInstant(events);
    const id = popDue();
    if (id != expected) { wrong += 1; return; }
    if (id < 0) return;
    left += 1;
    setDue(<u32>id, NEVER);
    if (isQueued(<u32>id)) wrong += 1;
    for (let k = random(acts + 1); k > 0; k--) act(far, events);
  }
}

/** Goes on to the next instant not after `until`; false: there is none, and now is `until`. */
function forward(until: i64, events: u32): bool {
  const next = nextDue(events);
  const expected = next > until ? NEVER : next;
  const at = openNext(until);
  if (at != expected) wrong += 1;
  setNow(at == NEVER ? until : at);
  return at != NEVER;
}

/** `slices` random slices, with acts in each instant and between the slices. */
function play(slices: i32, far: u32, events: u32, acts: u32): void {
  for (let n = 0; n < slices && wrong == 0; n++) {
    for (let k = random(6); k > 0; k--) act(far, events);
    instant(far, events, acts);
    const until = now + gap(far);
    for (let k = 0; k < 40 && wrong == 0 && forward(until, events); k++) instant(far, events, acts);
  }
}

describe("event queue: the same as a sorted list", () => {
  it("few events, gaps of a slot or two", () => {
    fresh(1);
    play(20000, 11, 5, 2);
    expect(wrong).toBe(0);
    expect(left).toBeGreaterThan(1000);
  });
  it("many events, gaps up to seconds", () => {
    fresh(2);
    play(3000, 34, 64, 2);
    expect(wrong).toBe(0);
    expect(left).toBeGreaterThan(1000);
  });
  it("few events, gaps up to a year", () => {
    fresh(3);
    play(3000, 56, 4, 2);
    expect(wrong).toBe(0);
    expect(left).toBeGreaterThan(500);
  });
  it("many events that share instants", () => {
    fresh(4);
    play(2000, 5, 128, 1);
    expect(wrong).toBe(0);
    expect(left).toBeGreaterThan(1000);
  });
});

describe("event queue: time", () => {
  it("a single event is not taken before its deadline when restarts pushed it out of its slot", () => {
    fresh(5);
    const base = (now | 0xffffff) + 1;
    put(0, base);
    forward(base, EVENTS);
    instant(1, EVENTS, 0);
    put(1, base + 0x10005); // one slot of level 2 ...
    put(1, base + 0x30005); // ... pushed out beyond
    put(2, base + 0x20000); // and one in between
    expect(openNext(NEVER - 1)).toBe(base + 0x20000);
    setNow(base + 0x20000);
    expect(popDue()).toBe(2);
    expect(popDue()).toBe(-1);
    expect(openNext(NEVER - 1)).toBe(base + 0x30005);
    setNow(base + 0x30005);
    expect(popDue()).toBe(1);
  });
  it("idle for years, then one event to the nanosecond", () => {
    fresh(6);
    const at = now + 17 * YEAR + 1;
    put(3, now + SECOND);
    put(3, at);
    expect(openNext(at - 1)).toBe(NEVER);
    expect(openNext(at)).toBe(at);
    setNow(at);
    expect(popDue()).toBe(3);
    expect(openNext(at + YEAR)).toBe(NEVER);
    setNow(at + YEAR);
  });
  it("an event that a restart put off, then made due at the end of a slice, comes in its rank", () => {
    fresh(7);
    const base = (now | 0xffff) + 1;
    setNow(base);
    setRank(0, 1); setRank(1, 2);
    schedule(0, base + 0x100);
    schedule(0, base + 0x1f0);
    expect(openNext(base + 0x180)).toBe(NEVER);
    setNow(base + 0x180);
    schedule(1, now);
    schedule(0, now);
    expect(popDue()).toBe(0);
    expect(popDue()).toBe(1);
    expect(popDue()).toBe(-1);
    expect(openNext(base + SECOND)).toBe(NEVER);
    setNow(base + SECOND);
  });
  throws("stops the engine at an event before now", () => {
    fresh(9);
    setNow(now + 10);
    schedule(1, now - 1);
  });
});

function later(id: u32, other: u32): bool { return id > other; }
function earlier(id: u32, other: u32): bool { return id < other; }

describe("event queue: one instant", () => {
  it("events of one rank leave in the order of their owner, whatever order they came in", () => {
    fresh(8);
    const at = now + SECOND;
    orderEquals(later);
    for (let id: u32 = 0; id < 100; id++) { const k = id * 37 % 100; setRank(k, 7); schedule(k, at); }
    expect(openNext(at)).toBe(at);
    setNow(at);
    for (let id = 99; id >= 0; id--) expect(popDue()).toBe(id);
    orderEquals(earlier);
  });
  it("all events in one instant, put in from near and far, leave in order of rank", () => {
    fresh(10);
    const at = now + 3 * SECOND;
    for (let id: u32 = 0; id < EVENTS; id++) put(id, random(2) == 0 ? at : now + <i64>random(1000000));
    for (let k = 0; k < 100000 && wrong == 0 && forward(at - 1, EVENTS); k++) {
      for (let id = popDue(); id >= 0; id = popDue()) put(<u32>id, at);
    }
    expect(forward(at, EVENTS)).toBeTruthy();
    instant(1, EVENTS, 0);
    expect(wrong).toBe(0);
    expect(left).toBe(<i32>EVENTS);
  });
  it("no number of cancels and restarts within an instant overflows the heap", () => {
    fresh(11);
    for (let n = 0; n < 50; n++) {
      for (let id: u32 = 0; id < EVENTS; id++) {
        put(id, now);
        if (n % 3 == 0) drop(id);
        if (n % 3 == 1) put(id, now + 5);
        put(id, now);
      }
    }
    instant(1, EVENTS, 0);
    expect(wrong).toBe(0);
    expect(left).toBe(<i32>EVENTS);
    expect(guardIntact()).toBeTruthy();
  });
  it("an event restarted for the same instant while it is handled comes once more", () => {
    fresh(12);
    put(5, now);
    expect(popDue()).toBe(5);
    put(5, now); drop(5); put(5, now);
    expect(popDue()).toBe(5);
    expect(popDue()).toBe(-1);
  });
});
