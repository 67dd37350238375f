// What is read from outside: counters, and any row of state (abi-state.ts). Nothing here changes anything.

import { rowAt, rowsIn, writeRow } from "./state";
import { movesOf, probeCount, sentBy, takenBy } from "./sim/counters";

export function macMoves(node: i32): u32 { return movesOf(node); }
export function portSent(port: i32): u32 { return sentBy(port); }
export function portTaken(port: i32): u32 { return takenBy(port); }
/** Row: flow·4 + direction·2, and 1 for its broadcasts. */
export function probeSent(row: i32): u32 { return probeCount(row).sent; }
export function probeReceived(row: i32): u32 { return probeCount(row).arrived; }
export function probeCopies(row: i32): u32 { return probeCount(row).copies; }
export function probeLate(row: i32): u32 { return probeCount(row).late; }

/** One row of a table into the row at stateAt(); false: there is none of that number. */
export function stateRow(table: i32, row: i32): bool { return writeRow(table, row); }
export function stateRows(table: i32): i32 { return rowsIn(table); }
export function stateAt(): usize { return rowAt(); }
