// The events of the present instant: a binary heap in order of rank. Only frames can be equal in rank, of one kind at one port; who is
// first of two of these is asked of their owner (sim/frames.ts).

import { take } from "../core/memory";

let heap: usize = 0; // rank u64, id u32
export let heapSize: u32 = 0;
const HEAP_SHIFT: usize = 4;

/** Of two events of one rank: does the first come first? */
type Before = (id: u32, other: u32) => bool;
function byId(id: u32, other: u32): bool { return id < other; }
let before: Before = byId;
export function orderEquals(by: Before): void { before = by; }

// @ts-ignore: decorator
@inline export function precedes(rank: u64, id: u32, otherRank: u64, other: u32): bool {
  return rank < otherRank || (rank == otherRank && before(id, other));
}

// @ts-ignore: decorator
@inline function entry(i: u32): usize { return heap + (<usize>i << HEAP_SHIFT); }
// @ts-ignore: decorator
@inline function setEntry(i: u32, rank: u64, id: u32): void { store<u64>(entry(i), rank); store<u32>(entry(i), id, 8); }
// @ts-ignore: decorator
@inline function rankIn(i: u32): u64 { return load<u64>(entry(i)); }
// @ts-ignore: decorator
@inline function idIn(i: u32): u32 { return load<u32>(entry(i), 8); }

export function reserveHeap(count: u32): void { heap = take(<usize>count << HEAP_SHIFT); }

// @ts-ignore: decorator
@inline export function firstRank(): u64 { return load<u64>(heap); }
// @ts-ignore: decorator
@inline export function firstId(): u32 { return load<u32>(heap, 8); }
// @ts-ignore: decorator
@inline export function dropFirst(): void {
  heapSize -= 1;
  if (heapSize > 0) sink(rankIn(heapSize), idIn(heapSize));
}

// @ts-ignore: decorator
@inline export function put(rank: u64, id: u32): void {
  let i = heapSize++;
  while (i > 0) {
    const up = (i - 1) >> 1;
    if (!precedes(rank, id, rankIn(up), idIn(up))) break;
    setEntry(i, rankIn(up), idIn(up));
    i = up;
  }
  setEntry(i, rank, id);
}

function sink(rank: u64, id: u32): void {
  let i: u32 = 0;
  while (true) {
    let down = (i << 1) + 1;
    if (down >= heapSize) break;
    if (down + 1 < heapSize && precedes(rankIn(down + 1), idIn(down + 1), rankIn(down), idIn(down))) down += 1;
    if (precedes(rank, id, rankIn(down), idIn(down))) break;
    setEntry(i, rankIn(down), idIn(down));
    i = down;
  }
  setEntry(i, rank, id);
}
