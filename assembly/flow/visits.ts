// Which nodes a flow's walk depended on: each that its frames came by, floods included, and their MC-LAG peers. While none of them
// changes, the walk would end as it did.

import { take } from "../core/memory";
import { isTaken } from "../sim/dirty";

const NODES: i32 = 31; // a walk by more depends on all
const STRIDE: usize = 128; // count + 1, 0 before the first walk; then the nodes

let base: usize = 0;
let current: usize = 0;
let unkept: i32 = 0;
export function reserveVisits(directions: i32): void { base = take(<usize>(directions + 1) * STRIDE); unkept = directions; }

export function visitsFor(direction: i32): void {
  current = base + <usize>direction * STRIDE;
  store<i32>(current, 1);
}
/** For a walk that is made once. */
export function visitsForNothing(): void { visitsFor(unkept); }

export function visit(node: i32): void {
  const count = load<i32>(current) - 1;
  if (count > NODES) return;
  for (let i = 0; i < count; i++) if (load<i32>(current + 4 + (<usize>i << 2)) == node) return;
  if (count < NODES) store<i32>(current + 4 + (<usize>count << 2), node);
  store<i32>(current, count + 2);
}

/** Has something changed on the direction's way? */
export function isTouched(direction: i32): bool {
  const at = base + <usize>direction * STRIDE;
  const count = load<i32>(at) - 1;
  if (count < 0 || count > NODES) return true;
  for (let i = 0; i < count; i++) if (isTaken(load<i32>(at + 4 + (<usize>i << 2)))) return true;
  return false;
}
