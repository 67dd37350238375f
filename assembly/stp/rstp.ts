// RSTP: the ring of machines of 802.1D-2004 clause 17.
//
// Every input and every deadline runs the ring to rest. Sending comes last: what is sent is the state at rest.

import { trap, TRAP_RING_PASSES } from "../core/trap";
import * as change from "./change";
import * as edge from "./edge";
import * as information from "./information";
import * as migration from "./migration";
import { INFO_RECEIVED, NEVER, StpBridge, StpPort, portOf } from "./port";
import * as receive from "./receive";
import * as selection from "./selection";
import * as state from "./state";
import * as transition from "./transition";
import * as transmit from "./transmit";

/** A port makes at most a dozen transitions at one instant, and each may make every other port move. */
const RING_PASSES_MAX: i32 = 256;

export function begin(b: StpBridge): void {
  for (let i = 0; i < b.count; i++) portOf(b, i).begin = true;
}

export function run(b: StpBridge, now: i64): void {
  let passes = 0;
  while (pass(b, now)) {
    passes += 1;
    if (passes > RING_PASSES_MAX) trap(TRAP_RING_PASSES, portOf(b, 0).entity);
  }
  for (let i = 0; i < b.count; i++) transmit.run(portOf(b, i), now);
}

function pass(b: StpBridge, now: i64): bool {
  let changed = false;
  for (let i = 0; i < b.count; i++) {
    const p = portOf(b, i);
    const starts = p.begin;
    if (receive.run(p, now)) changed = true;
    if (migration.run(b, p, now)) changed = true;
    if (edge.run(p, now)) changed = true;
    if (information.run(b, p, now)) changed = true;
    if (starts) { transition.run(b, p, now); state.run(p); change.run(b, p, now); transmit.run(p, now); p.begin = false; changed = true; }
  }
  if (selection.run(b)) changed = true;
  for (let i = 0; i < b.count; i++) {
    const p = portOf(b, i);
    if (transition.run(b, p, now)) changed = true;
    if (state.run(p)) changed = true;
    if (change.run(b, p, now)) changed = true;
  }
  return changed;
}

export function nextDeadline(b: StpBridge): i64 {
  let at = NEVER;
  for (let i = 0; i < b.count; i++) {
    const p = portOf(b, i);
    at = min(at, transmit.deadline(p));
    if (!p.portEnabled) { at = min(at, later(b, p.rrAt)); continue; }
    at = min(at, min(later(b, p.fdAt), min(later(b, p.rrAt), later(b, p.rbAt))));
    at = min(at, min(later(b, p.mdelayAt), p.edgeState == 0 && p.autoEdge ? later(b, p.edgeDelayAt) : NEVER));
    if (p.infoIs == INFO_RECEIVED) at = min(at, later(b, p.rcvdInfoAt));
  }
  return at;
}

/** A deadline that has passed has been acted on. */
function later(b: StpBridge, at: i64): i64 { return at > b.clock ? at : NEVER; }

export function lost(p: StpPort, now: i64): bool { return p.infoIs == INFO_RECEIVED && now >= p.rcvdInfoAt; }
