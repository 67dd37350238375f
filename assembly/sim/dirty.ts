// Something that forwarding depends on has changed, at these nodes: flows whose ways lead by them are walked again before the next event.

import { take } from "../core/memory";
import { cause } from "../core/trace";

export let dirty: bool = false;
/** The record on whose account flows may be up again. */
export let dirtyCause: u32 = 0;

// Nodes marked since the last walk, and those of the walk that goes on: u8 a node each, and a list of the former.
let marksAt: usize = 0;
let walkedAt: usize = 0;
let listAt: usize = 0;
let marked: i32 = 0;
let walked: i32 = 0;
let walkedListAt: usize = 0;

export function reserveDirty(nodes: i32): void {
  marksAt = take(<usize>nodes); walkedAt = take(<usize>nodes);
  listAt = take(<usize>nodes << 2); walkedListAt = take(<usize>nodes << 2);
}

export function markDirty(node: i32): void {
  dirty = true;
  dirtyCause = cause;
  if (load<u8>(marksAt + <usize>node) != 0) return;
  store<u8>(marksAt + <usize>node, 1);
  store<i32>(listAt + (<usize>marked << 2), node);
  marked += 1;
}

/** A walk begins: marks made from here on are for the next one. */
export function takeDirty(): void {
  for (let i = 0; i < walked; i++) store<u8>(walkedAt + <usize>load<i32>(walkedListAt + (<usize>i << 2)), 0);
  const marks = marksAt; marksAt = walkedAt; walkedAt = marks;
  const list = listAt; listAt = walkedListAt; walkedListAt = list;
  walked = marked;
  marked = 0;
  dirty = false;
}
/** Nodes marked for the next walk. */
export function marks(): i32 { return marked; }
/** Is the node one of those that the walk is made for? */
export function isTaken(node: i32): bool { return load<u8>(walkedAt + <usize>node) != 0; }
