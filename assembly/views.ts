// What is read from outside: counters, and any row of state (state-rows.ts). Nothing here changes anything.

import { groupOf, lacpPortOf, lagOf, portOf } from "./sim/tables";
import { startTouched as start } from "./flow/visits";
import { flowsTouchedAt as flowSums, keepTouched as keep, newsAt as newsOf, partOfPort as partOf, partsOf as firstPartOf, touchedAt as nodeSums, touchedSums as sumsOf } from "./sim/touched";
import { rowAt, rowsIn, writeRow } from "./state-rows";
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

/** Linux: the numbers of aggregators, as sysfs and /proc show them; 0 none. */
export function lacpAggregatorId(port: i32): i32 {
  const p = portOf(port);
  const owner = p.member < 0 || lagOf(p.lag).group < 0 ? -1 : lacpPortOf(p.member).aggregator;
  return owner < 0 ? 0 : <i32>lacpPortOf(lagOf(p.lag).first + owner).aggregatorId;
}
export function lagAggregatorId(lag: i32): i32 {
  const l = lagOf(lag);
  const owner = l.group < 0 ? -1 : groupOf(l.group).activeAggregator;
  return owner < 0 ? 0 : <i32>lacpPortOf(l.first + owner).aggregatorId;
}

// What nodes and flows go through (sim/touched.ts).
/** After `reserveRun`, before `begin`. */
export function keepTouched(nodeRows: i32, flowRows: i32): void { keep(nodeRows, flowRows); }
/** From here on; the ways as they are belong to it. */
export function startTouched(): void { start(); }
/** u64 a node, then u64 a part of a node that only routes. */
export function touchedAt(): usize { return nodeSums(); }
export function touchedSums(): i32 { return sumsOf(); }
/** A node's first part, 0: it has none; they are its ports, the prefixes, what it tells who knows nothing, its metrics. */
export function partsOf(node: i32): i32 { return firstPartOf(node); }
/** The part that a port is, or its node. */
export function partOfPort(port: i32): i32 { return partOf(port); }
/** i64 twice a node: from when to when there was news, 0: there was none. */
export function newsAt(node: i32): usize { return newsOf(node); }
/** u64 a flow: the results of its walks. */
export function flowsTouchedAt(): usize { return flowSums(); }
