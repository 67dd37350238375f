// What a router tells its neighbours when its routes have changed. One message to a neighbour holds what is new of MESSAGE prefixes, as one BGP UPDATE
// holds many (RFC 4271, 4.3): for each a metric, or 0 where there is nothing new. Sixteen prefixes are compared at a time.

import { take } from "../core/memory";
import { MESSAGE, UNREACHABLE, bestMetric, connected, fromBelow, learnedAt, pending, setPending, toldAt, width } from "./table";

// The node that is being worked through, a byte for each prefix: the metric that it tells neighbours below, and all others.
let belowAt: usize = 0;
let aboveAt: usize = 0;
let newAt: usize = 0; // 255: to be told to all
let messageAt: usize = 0; // what fillMessage has made

/** After the rows of routes. */
export function reserveUpdate(): void {
  belowAt = take(width);
  aboveAt = take(width);
  newAt = take(width);
  messageAt = take(MESSAGE);
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

/** Makes the message of the prefixes from `first` on to the neighbour of `port`. False: it has been told. `all`: it knows nothing yet. `down`: it is below. */
export function fillMessage(port: i32, first: i32, all: bool, down: bool): bool {
  const ours = (down ? belowAt : aboveAt) + first;
  const learned = learnedAt(port) + first;
  const told = toldAt(port) + first;
  let any = false;
  for (let k: usize = 0; k < <usize>MESSAGE; k += 16) {
    const mask = all ? i8x16.splat(-1) : v128.load(newAt + first + k);
    v128.store(messageAt + k, i64x2.splat(0));
    if (!v128.any_true(mask)) continue;
    const our = v128.load(ours + k);
    // Never back to whom it came from: what the neighbour told, plus one, is what would be told.
    const say = v128.or(our, i8x16.eq(i8x16.add(v128.load(learned + k), i8x16.splat(1)), our));
    const fresh = v128.and(i8x16.ne(say, v128.load(told + k)), mask);
    if (!v128.any_true(fresh)) continue;
    v128.store(messageAt + k, v128.and(say, fresh));
    v128.store(told + k, v128.bitselect(say, v128.load(told + k), fresh));
    any = true;
  }
  return any;
}

export function takeMessage(to: usize): void {
  for (let k: usize = 0; k < <usize>MESSAGE; k += 16) v128.store(to + k, v128.load(messageAt + k));
}
