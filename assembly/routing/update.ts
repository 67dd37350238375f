// What a router tells its neighbours when its routes have changed. One message to a neighbour holds what is new of MESSAGE prefixes, as one BGP UPDATE
// holds many (RFC 4271, 4.3): for each a metric, or 0 where there is nothing new. Sixteen prefixes are compared at a time.

import { take } from "../core/memory";
import { MESSAGE, UNREACHABLE, bestMetric, connected, fromBelow, learnedAt, pending, setPending, toldAt, width } from "./table";

// The node that is being worked through, a byte for each prefix: the metric that it tells neighbours below, and all others.
let belowAt: usize = 0;
let aboveAt: usize = 0;
let newAt: usize = 0; // 255: to be told to all

/** After the rows of routes. */
export function reserveUpdate(): void {
  belowAt = take(width);
  aboveAt = take(width);
  newAt = take(width);
}

export function beginUpdate(): void {
  memory.fill(belowAt, <u8>UNREACHABLE, width);
  memory.fill(aboveAt, <u8>UNREACHABLE, width);
  memory.fill(newAt, 0, width);
}

/** What the node tells of a prefix. A route that came from above or from the side is told only downwards. */
export function decide(node: i32, prefix: i32): void {
  if (pending(node, prefix)) { setPending(node, prefix, false); store<u8>(newAt + prefix, 255); }
  const own = connected(node, prefix) >= 0;
  const metric = own ? 0 : bestMetric(node, prefix);
  if (metric >= UNREACHABLE - 1) return; // as it was begun
  store<u8>(belowAt + prefix, <u8>(metric + 1));
  if (own || fromBelow(node, prefix)) store<u8>(aboveAt + prefix, <u8>(metric + 1));
}

/** Is there anything new of the prefixes from `first` on? */
export function news(first: i32): bool {
  const at = newAt + first;
  return v128.any_true(v128.or(v128.or(v128.load(at), v128.load(at, 16)), v128.or(v128.load(at, 32), v128.load(at, 48))));
}

/** What is said to a neighbour of sixteen prefixes: `our` metrics, but never back to whom they came from. What the neighbour told, plus one, is what would be told. */
// @ts-ignore: decorator
@inline
function saying(our: v128, learned: usize): v128 { return v128.or(our, i8x16.eq(i8x16.add(v128.load(learned), i8x16.splat(1)), our)); }

/** What of that is new: of the prefixes that are to be told, the ones of which something else was told. */
// @ts-ignore: decorator
@inline
function fresh(say: v128, told: usize, mark: usize, all: bool): v128 {
  const other = i8x16.ne(say, v128.load(told));
  return all ? other : v128.and(other, v128.load(mark));
}

/** Is there something to tell the neighbour of `port` of the prefixes from `first` on? `all`: it knows nothing yet. `down`: it is below. */
export function toTell(port: i32, first: i32, all: bool, down: bool): bool {
  const ours = (down ? belowAt : aboveAt) + first;
  const learned = learnedAt(port) + first;
  const told = toldAt(port) + first;
  for (let k: usize = 0; k < <usize>MESSAGE; k += 16) {
    if (v128.any_true(fresh(saying(v128.load(ours + k), learned + k), told + k, newAt + first + k, all))) return true;
  }
  return false;
}

/** Writes the message at `to`, a frame's body: from here on it has been told. */
export function writeMessage(to: usize, port: i32, first: i32, all: bool, down: bool): void {
  const ours = (down ? belowAt : aboveAt) + first;
  const learned = learnedAt(port) + first;
  const told = toldAt(port) + first;
  for (let k: usize = 0; k < <usize>MESSAGE; k += 16) {
    const say = saying(v128.load(ours + k), learned + k);
    const mask = fresh(say, told + k, newAt + first + k, all);
    v128.store(to + k, v128.and(say, mask));
    v128.store(told + k, v128.bitselect(say, v128.load(told + k), mask));
  }
}
