// Which nodes a flow's walk depended on: each that its frames came by, floods included, and their MC-LAG peers. While none of them
// changes, the walk would end as it did. Flows are found by node: a chain runs through all visits of a node.

import { take } from "../core/memory";
import { mix } from "../core/rng";
import { holdsAreFull, holdsDigest } from "./holds";
import { clearTouched, keeping, noteEverywhere, noteWay, walkTouches } from "../sim/touched";
import { SIGNATURE, askFor, hasAsked } from "../sim/asked";
import { takenAt, takenCount, takenPartBit, takenPartCount, takenPartNode, takenRouteCount, takenRouteNode, takenRoutePrefix } from "../sim/dirty";

const NODES: i32 = 31; // a walk by more depends on all
const ROW: usize = 128; // of a direction: count, then the nodes
const CHAINS: usize = 256; // of a direction: next and previous visit of each of its nodes, as direction << 5 | place; -1 none

let rowsAt: usize = 0;
let chainsAt: usize = 0;
let headsAt: usize = 0; // i32 a node: its first visit
let alwaysAt: usize = 0; // u64 for 64 flows: those that depend on all
let touchedAt: usize = 0; // the same: those that are to be walked again
// The prefix that a direction's frames go by, wherever they are routed, has a list of all such directions.
let sameGoalAt: usize = 0; // i32 a direction: 1 + the next one
let goalHeadsAt: usize = 0; // i32 a prefix: 1 + the first one
let goalsAt: usize = 0; // i32 a direction: 1 + its prefix, 0: none
let signsAt: usize = 0; // a signature a direction: what its walk asked
let words: i32 = 0;
let always: i32 = 0; // flows that depend on all
let current: i32 = 0;
let unkept: i32 = 0;

export function reserveVisits(flows: i32, nodes: i32, prefixes: i32): void {
  unkept = flows << 1;
  rowsAt = take(<usize>(unkept + 1) * ROW);
  chainsAt = take(<usize>(unkept + 1) * CHAINS);
  headsAt = take(<usize>nodes << 2); memory.fill(headsAt, 0xff, <usize>nodes << 2);
  words = (flows + 64) >> 6;
  alwaysAt = take(<usize>words << 3); for (let flow = 0; flow < flows; flow++) setAlways(flow << 1, true); // nobody has been walked
  touchedAt = take(<usize>words << 3);
  sameGoalAt = take(<usize>unkept << 2); goalHeadsAt = take(<usize>prefixes << 2); goalsAt = take(<usize>unkept << 2);
  signsAt = take(<usize>(unkept + 1) * SIGNATURE);
  visitsForNothing();
}

export function setGoals(flow: i32, forth: i32, back: i32): void {
  setGoal(flow << 1, forth);
  setGoal(flow << 1 | 1, back);
}
function setGoal(direction: i32, prefix: i32): void {
  if (prefix < 0) return;
  const head = goalHeadsAt + (<usize>prefix << 2);
  store<i32>(sameGoalAt + (<usize>direction << 2), load<i32>(head));
  store<i32>(head, direction + 1);
  store<i32>(goalsAt + (<usize>direction << 2), prefix + 1);
}
function goalOf(direction: i32): i32 { return load<i32>(goalsAt + (<usize>direction << 2)) - 1; }

// @ts-ignore: decorator
@inline function row(direction: i32): usize { return rowsAt + <usize>direction * ROW; }
// @ts-ignore: decorator
@inline function chain(visit: i32): usize { return chainsAt + (<usize>visit << 3); }
function wordOf(table: usize, direction: i32): usize { return table + (<usize>(direction >> 7) << 3); }
function bitOf(direction: i32): u64 { return <u64>1 << <u64>((direction >> 1) & 63); }

function dependsOnAll(direction: i32): bool { return (load<u64>(wordOf(alwaysAt, direction)) & bitOf(direction)) != 0; }
function setAlways(direction: i32, on: bool): void {
  if (dependsOnAll(direction) == on) return;
  always += on ? 1 : -1;
  store<u64>(wordOf(alwaysAt, direction), load<u64>(wordOf(alwaysAt, direction)) ^ bitOf(direction));
}

/** A flow's walk of a direction begins: what it depended on is forgotten. Direction 0 first. */
export function visitsFor(direction: i32): void {
  current = direction;
  askFor(signsAt + <usize>direction * SIGNATURE);
  for (let i = 0, n = load<i32>(row(direction)); i < n; i++) unlink(direction << 5 | i, load<i32>(row(direction) + 4 + (<usize>i << 2)));
  store<i32>(row(direction), 0);
  if ((direction & 1) == 0 && direction != unkept) setAlways(direction, false);
}
/** For a walk that is made once, and for what frames ask. */
export function visitsForNothing(): void { current = unkept; askFor(signsAt + <usize>unkept * SIGNATURE); }

export function visit(node: i32): void {
  if (current == unkept) return;
  if (keeping) noteWay(current >> 1, node);
  const at = row(current);
  const count = load<i32>(at);
  for (let i = 0; i < count; i++) if (load<i32>(at + 4 + (<usize>i << 2)) == node) return;
  if (count == NODES) { setAlways(current, true); return; }
  store<i32>(at + 4 + (<usize>count << 2), node);
  store<i32>(at, count + 1);
  link(current << 5 | count, node);
}

function link(visit: i32, node: i32): void {
  const head = headsAt + (<usize>node << 2);
  const first = load<i32>(head);
  store<i32>(chain(visit), first);
  store<i32>(chain(visit), -1, 4);
  if (first >= 0) store<i32>(chain(first), visit, 4);
  store<i32>(head, visit);
}
function unlink(visit: i32, node: i32): void {
  const next = load<i32>(chain(visit));
  const previous = load<i32>(chain(visit), 4);
  if (next >= 0) store<i32>(chain(next), previous, 4);
  if (previous >= 0) store<i32>(chain(previous), next);
  else store<i32>(headsAt + (<usize>node << 2), next);
}

/** Finds the flows that depend on what has changed. `all`: every flow there is. False: there are none. */
export function findTouched(all: bool): bool {
  forgetTouched();
  if (all || always > 0) {
    memory.copy(touchedAt, alwaysAt, <usize>words << 3);
    if (all) memory.fill(touchedAt, 0xff, <usize>words << 3);
    low = 0; high = (unkept >> 1) - 1;
    if (all) return low <= high;
  }
  for (let k = 0, n = takenCount(); k < n; k++) {
    for (let v = load<i32>(headsAt + (<usize>takenAt(k) << 2)); v >= 0; v = load<i32>(chain(v))) touch(v >> 5);
  }
  for (let k = 0, n = takenPartCount(); k < n; k++) {
    const bit = takenPartBit(k);
    for (let v = load<i32>(headsAt + (<usize>takenPartNode(k) << 2)); v >= 0; v = load<i32>(chain(v))) {
      if (hasAsked(signsAt + <usize>(v >> 5) * SIGNATURE, bit)) touch(v >> 5);
    }
  }
  for (let k = 0, n = takenRouteCount(); k < n; k++) {
    for (let d = load<i32>(goalHeadsAt + (<usize>takenRoutePrefix(k) << 2)); d != 0; d = load<i32>(sameGoalAt + (<usize>(d - 1) << 2))) {
      if (visits(d - 1, takenRouteNode(k))) touch(d - 1);
    }
  }
  return low <= high;
}
// The flows that were found lie between these two.
let low: i32 = 0;
let high: i32 = -1;
function forgetTouched(): void {
  for (let w = low >> 6; w <= high >> 6; w++) store<u64>(touchedAt + (<usize>w << 3), 0);
  low = i32.MAX_VALUE; high = -1;
}
function visits(direction: i32, node: i32): bool {
  for (let i = 0, n = load<i32>(row(direction)); i < n; i++) if (load<i32>(row(direction) + 4 + (<usize>i << 2)) == node) return true;
  return false;
}
// @ts-ignore: decorator
@inline function touch(direction: i32): void { low = min(low, direction >> 1); high = max(high, direction >> 1); store<u64>(wordOf(touchedAt, direction), load<u64>(wordOf(touchedAt, direction)) | bitOf(direction)); }

/** The first flow that was found, from `from` on; -1 when there is none. */
export function nextTouched(from: i32): i32 {
  for (let flow = max(from, low); flow <= high; flow = (flow | 63) + 1) {
    const w = load<u64>(touchedAt + (<usize>(flow >> 6) << 3)) >> <u64>(flow & 63);
    if (w == 0) continue;
    flow += <i32>ctz<u64>(w);
    return flow <= high ? flow : -1;
  }
  return -1;
}

/** What nodes go through is summed up from here on, beginning with the ways as they are. */
export function startTouched(): void {
  if (!keeping) return;
  clearTouched();
  for (let flow = 0; flow < unkept >> 1; flow++) if (dependsOnAll(flow << 1)) noteEverywhere(flow);
  for (let direction = 0; direction < unkept; direction++) {
    for (let i = 0, n = load<i32>(row(direction)); i < n; i++) noteWay(direction >> 1, load<i32>(row(direction) + 4 + (<usize>i << 2)));
  }
}

/** A flow has been walked, both ways. What its walks were, and if that is something else than before: all by which it ever led have something to do. */
export function settleTouched(flow: i32, state: u64): void {
  let h = state;
  for (let direction = flow << 1; direction <= (flow << 1 | 1); direction++) {
    for (let i = 0, n = load<i32>(row(direction)); i <= n; i++) h = mix(h ^ <u64>load<u32>(row(direction) + (<usize>i << 2)));
    h = holdsDigest(direction, h);
  }
  const whole = !dependsOnAll(flow << 1) && !holdsAreFull(flow << 1) && !holdsAreFull(flow << 1 | 1);
  walkTouches(flow, h, whole, goalOf(flow << 1), goalOf(flow << 1 | 1));
}
