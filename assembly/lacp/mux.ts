// 802.3ad clause 43, mux machine, with coupled and with independent control (timers: 43.4.4).

import {
  LACP_COLLECTING, LACP_DISTRIBUTING, LACP_SYNCHRONIZATION, MUX_ATTACHED, MUX_COLLECTING, MUX_COLLECTING_DISTRIBUTING,
  MUX_DETACHED, MUX_DISTRIBUTING, MUX_WAITING, SELECTED, T_LACP_MUX, UNSELECTED,
} from "../abi";
import { trace } from "../core/trace";
import { trap, TRAP_UNREACHABLE } from "../core/trap";
import { refreshReady } from "./aggregator";
import { LacpGroup, LacpPort, NEVER, has, member, setUsable } from "./port";
import { AGGREGATE_WAIT_TIME, startTimer } from "./timing";

export const USABLE_COLLECTING: i32 = 1;
export const USABLE_BOTH: i32 = 3;

/** One transition. True: something changed. */
export function run(g: LacpGroup, p: LacpPort, now: i64): bool {
  if (p.begin) return toDetached(g, p);
  switch (p.muxState) {
    case MUX_DETACHED: return p.selected != UNSELECTED && toWaiting(g, p);
    case MUX_WAITING: return waiting(g, p, now);
    case MUX_ATTACHED: return attached(g, p);
    case MUX_COLLECTING_DISTRIBUTING: return collectingDistributing(g, p);
    case MUX_COLLECTING: return collecting(g, p);
    case MUX_DISTRIBUTING: return distributing(g, p);
    default: trap(TRAP_UNREACHABLE, p.port);
  }
  return false;
}

/** May a member be in sync? Linux: in the active aggregator only. A port-channel: when it has enough members. */
function maySync(g: LacpGroup, p: LacpPort): bool {
  return g.linux ? p.aggregator >= 0 && p.aggregator == g.activeAggregator : g.open;
}

// --- conditions ----------------------------------------------------------------------------------

function waiting(g: LacpGroup, p: LacpPort, now: i64): bool {
  if (p.selected == UNSELECTED) return toDetached(g, p);
  let changed = false;
  if (now >= p.waitWhileAt) {
    p.waitWhileAt = NEVER;
    p.readyN = true;
    changed = true;
  }
  if (g.linux) refreshReady(g, p.aggregator);
  if (p.waitWhileAt == NEVER && isReady(g, p)) return toAttached(g, p);
  return changed;
}

/** Ready. Choice: members on STANDBY are not waited for, they may stay WAITING for ever. */
function isReady(g: LacpGroup, p: LacpPort): bool {
  if (g.linux) return p.ready;
  if (p.selected != SELECTED) return false;
  for (let i = 0; i < g.count; i++) {
    const q = member(g, i);
    if (q.muxState == MUX_WAITING && q.selected == SELECTED && !q.readyN) return false;
  }
  return true;
}

function attached(g: LacpGroup, p: LacpPort): bool {
  if (p.selected != SELECTED) return toDetached(g, p);
  const may = maySync(g, p);
  if (may && has(p.partnerState, LACP_SYNCHRONIZATION)) return g.independent ? toCollecting(g, p) : toCollectingDistributing(g, p);
  if (may == has(p.actorState, LACP_SYNCHRONIZATION)) return false;
  if (g.linux) {
    // the aggregator became the active one after the port was attached; the partner hears of it in the next hello
    if (!may) return false;
    p.actorState |= LACP_SYNCHRONIZATION;
    return true;
  }
  p.actorState ^= LACP_SYNCHRONIZATION;
  p.ntt = true;
  return true;
}

/** Both ends are in sync and want this member. */
function agreed(g: LacpGroup, p: LacpPort): bool {
  return p.selected == SELECTED && has(p.partnerState & p.actorState, LACP_SYNCHRONIZATION) && (g.linux || g.open);
}

function collectingDistributing(g: LacpGroup, p: LacpPort): bool {
  if (!agreed(g, p)) return toAttached(g, p);
  return enable(g, p, USABLE_BOTH);
}

function collecting(g: LacpGroup, p: LacpPort): bool {
  if (!agreed(g, p)) return toAttached(g, p);
  if (has(p.partnerState, LACP_COLLECTING)) return toDistributing(g, p);
  return enable(g, p, USABLE_COLLECTING);
}

function distributing(g: LacpGroup, p: LacpPort): bool {
  if (!agreed(g, p) || !has(p.partnerState, LACP_COLLECTING)) return toCollecting(g, p);
  return enable(g, p, USABLE_BOTH);
}

// --- entry actions -------------------------------------------------------------------------------

function enter(p: LacpPort, state: i32): bool {
  const old = p.muxState;
  p.muxState = state;
  if (old != state) trace(T_LACP_MUX, p.port, old, state, 0);
  return true;
}

function toDetached(g: LacpGroup, p: LacpPort): bool {
  enter(p, MUX_DETACHED);
  p.actorState &= ~(LACP_SYNCHRONIZATION | LACP_COLLECTING | LACP_DISTRIBUTING);
  p.waitWhileAt = NEVER;
  if (!g.linux || !p.begin) p.readyN = false; // Linux forgets it on the way out, not on BEGIN
  if (g.linux && !p.begin) refreshReady(g, p.aggregator);
  disable(g, p);
  p.ntt = true;
  return true;
}

function toWaiting(g: LacpGroup, p: LacpPort): bool {
  p.waitWhileAt = startTimer(g, AGGREGATE_WAIT_TIME);
  return enter(p, MUX_WAITING);
}

function toAttached(g: LacpGroup, p: LacpPort): bool {
  enter(p, MUX_ATTACHED);
  p.actorState &= ~(LACP_SYNCHRONIZATION | LACP_COLLECTING | LACP_DISTRIBUTING);
  if (maySync(g, p)) p.actorState |= LACP_SYNCHRONIZATION;
  disable(g, p);
  p.ntt = true;
  return true;
}

function toCollectingDistributing(g: LacpGroup, p: LacpPort): bool {
  enter(p, MUX_COLLECTING_DISTRIBUTING);
  p.actorState |= LACP_SYNCHRONIZATION | LACP_COLLECTING | LACP_DISTRIBUTING;
  enable(g, p, USABLE_BOTH);
  p.ntt = true;
  return true;
}

/** COLLECTING: frames are taken, none are sent until the partner takes them too. */
function toCollecting(g: LacpGroup, p: LacpPort): bool {
  if (p.muxState == MUX_ATTACHED) p.actorState |= LACP_SYNCHRONIZATION;
  enter(p, MUX_COLLECTING);
  p.actorState = (p.actorState & ~LACP_DISTRIBUTING) | LACP_COLLECTING;
  enable(g, p, USABLE_COLLECTING);
  p.ntt = true;
  return true;
}

function toDistributing(g: LacpGroup, p: LacpPort): bool {
  enter(p, MUX_DISTRIBUTING);
  p.actorState |= LACP_DISTRIBUTING;
  enable(g, p, USABLE_BOTH);
  p.ntt = true;
  return true;
}

// --- what Linux lets a port carry (a port-channel derives it from the state, lacp.ts) ---------------

function enable(g: LacpGroup, p: LacpPort, bits: i32): bool {
  return g.linux && p.enabled && maySync(g, p) && setUsable(p, bits);
}

/** A port without a partner stays usable: the aggregator code opened it. */
function disable(g: LacpGroup, p: LacpPort): void {
  if (g.linux && p.aggregator >= 0 && member(g, p.aggregator).aggregatorPartner != 0) setUsable(p, 0);
}

/** What a port-channel's member may carry. */
export function bitsOf(p: LacpPort): i32 {
  switch (p.muxState) {
    case MUX_COLLECTING: return USABLE_COLLECTING;
    case MUX_DISTRIBUTING:
    case MUX_COLLECTING_DISTRIBUTING: return USABLE_BOTH;
    default: return 0;
  }
}
