// The records of the scenario's steps that were done: who hears nothing any more, and sees no cable or neighbour of its own that
// would explain it, blames the first that came since it last heard; who hears again, the last.

import { take } from "../core/memory";

let recordsAt: usize = 0;
let done: i32 = 0;
export function reserveStepsDone(count: i32): void { recordsAt = take(<usize>count << 2); done = 0; }
export function noteStep(record: u32): void { store<u32>(recordsAt + (<usize>done << 2), record); done += 1; }

/** The first step done after a record, or 0. */
export function firstStepAfter(record: u32): u32 {
  let first = 0;
  for (let end = done; first < end;) {
    const middle = (first + end) >> 1;
    if (load<u32>(recordsAt + (<usize>middle << 2)) > record) end = middle; else first = middle + 1;
  }
  return first < done ? load<u32>(recordsAt + (<usize>first << 2)) : 0;
}
/** The last step done, if it was after a record; else 0. */
export function lastStepAfter(record: u32): u32 {
  const last = done > 0 ? load<u32>(recordsAt + (<usize>(done - 1) << 2)) : 0;
  return last > record ? last : 0;
}
