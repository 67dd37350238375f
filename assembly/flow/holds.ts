// What a flow's frames keep fresh: MAC table rows and neighbour entries. Before flows are walked again all are let go,
// which leaves them the time of now; afterwards each walk takes hold of what it passed.

import { fdbHold, fdbKey } from "../collections/fdb";
import { watchRow } from "../sim/ageing";
import { take } from "../core/memory";
import { mix } from "../core/rng";
import { blameNeighbour, holdNeighbour } from "../neighbour/cache";

const ROWS: i32 = 48; // a flow that floods passes more; those beyond age as if it did not
const NEIGHBOURS: i32 = 8;
const STRIDE: usize = 16 + 48 * 16 + 8 * 8; // counts, then rows (row, node, key), then neighbours (row, ip)

let base: usize = 0;
let current: usize = 0;
let unheld: i32 = 0;
export function reserveHolds(directions: i32): void { base = take(<usize>(directions + 1) * STRIDE); unheld = directions; }

export function collectFor(direction: i32): void {
  current = base + <usize>direction * STRIDE;
  store<i32>(current, 0); store<i32>(current, 0, 4);
}
/** For a walk that keeps nothing fresh: its holds are written beside those of the flows. */
export function collectNothing(): void { collectFor(unheld); }
export function holdRowLater(row: i32, node: i32, vlan: u32, mac: u64): void {
  const n = load<i32>(current);
  if (n == ROWS) return;
  const p = current + 16 + (<usize>n << 4);
  store<i32>(p, row); store<i32>(p, node, 4); store<u64>(p, fdbKey(vlan, mac), 8);
  store<i32>(current, n + 1);
}
export function holdNeighbourLater(row: i32, ip: u32): void {
  const n = load<i32>(current, 4);
  if (n == NEIGHBOURS) return;
  const p = current + 16 + 48 * 16 + (<usize>n << 3);
  store<i32>(p, row); store<u32>(p, ip, 4);
  store<i32>(current, n + 1, 4);
}
/** Nothing comes back any more: what becomes of the neighbour entries is explained by the loss of the flow. */
export function unconfirmed(direction: i32, forth: u32, back: u32): void {
  const d = base + <usize>direction * STRIDE;
  for (let k = 0, n = load<i32>(d, 4); k < n; k++) blameNeighbour(load<i32>(d + 16 + 48 * 16 + (<usize>k << 3)), forth > back ? forth : back);
}
/** Takes hold (1) or lets go (-1) of all that the direction's last walk passed. `works`: the flow does both ways; `confirms`: and says so to neighbours. */
export function applyHolds(direction: i32, by: i32, works: bool, confirms: bool): void {
  const d = base + <usize>direction * STRIDE;
  for (let k = 0, n = load<i32>(d); k < n; k++) {
    const p = d + 16 + (<usize>k << 4);
    if (fdbHold(load<i32>(p), load<i32>(p, 4), load<u64>(p, 8), by)) watchRow(load<i32>(p));
  }
  for (let k = 0, n = load<i32>(d, 4); k < n; k++) {
    const p = d + 16 + 48 * 16 + (<usize>k << 3);
    holdNeighbour(load<i32>(p), load<u32>(p, 4), by, works, confirms);
  }
}

/** What a direction holds, as a number that goes on from `start`. */
export function holdsDigest(direction: i32, start: u64): u64 {
  const d = base + <usize>direction * STRIDE;
  let h = start;
  for (let k = 0, n = load<i32>(d); k < n; k++) {
    const p = d + 16 + (<usize>k << 4);
    h = mix(h ^ load<u64>(p, 8)) ^ <u64>load<u32>(p, 4);
  }
  for (let k = 0, n = load<i32>(d, 4); k < n; k++) h = mix(h ^ load<u64>(d + 16 + 48 * 16 + (<usize>k << 3)));
  return mix(h);
}
/** It may have passed more than is kept. */
export function holdsAreFull(direction: i32): bool { const d = base + <usize>direction * STRIDE; return load<i32>(d) == ROWS || load<i32>(d, 4) == NEIGHBOURS; }
