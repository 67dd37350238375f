// The scenario's steps, in the order in which they were added.

import { take } from "../core/memory";
import { TRAP_TABLE_FULL, trap } from "../core/trap";
import { reserveStepsDone } from "./steps-done";

@unmanaged export class Step { at: i64; op: i32; kind: i32; target: i32; value: i32; }

let stepsAt: usize = 0;
export let steps: i32 = 0;
const TABLE: i32 = 19; // in TRAP_TABLE_FULL
let capacity: i32 = 0;
export function reserveSteps(count: i32): void { capacity = count; reserveStepsDone(count); stepsAt = take(<usize>count * offsetof<Step>()); }
export function stepRoom(): i32 { return capacity - steps; }
export function stepOf(i: i32): Step { return changetype<Step>(stepsAt + <usize>i * offsetof<Step>()); }
export function newStep(): i32 {
  if (steps == capacity) trap(TRAP_TABLE_FULL, TABLE);
  steps += 1;
  return steps - 1;
}
