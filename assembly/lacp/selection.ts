// 802.3ad clause 43, selection logic of a port-channel: one configured aggregator. (Linux: aggregator.ts.)
//
// The LAG is that of the reference member: the best one that is already selected, else the best there is.
// Members of the same LAG are SELECTED, those over the limit STANDBY, all others UNSELECTED.

import {
  LACP_AGGREGATION, MUX_ATTACHED, MUX_DETACHED, RX_CURRENT, RX_DEFAULTED, RX_EXPIRED, SELECTED, STANDBY, T_AGGREGATOR, UNSELECTED,
} from "../abi";
import { cause, setCause, trace } from "../core/trace";
import { LacpGroup, LacpPort, comparePortIds, has, member, setSelected } from "./port";

const NOBODY: i32 = -1;

/** Selects anew. True: something changed. */
export function run(g: LacpGroup): bool {
  const reference = referenceOf(g);
  const individual = reference == NOBODY && g.individualOk ? individualOf(g) : NOBODY;
  let changed = false;
  for (let i = 0; i < g.count; i++) {
    const p = member(g, i);
    let wanted = UNSELECTED;
    if (i == individual) wanted = SELECTED;
    else if (reference != NOBODY && fits(g, p) && sameLag(p, member(g, reference))) wanted = placeOf(g, p, reference);
    if (assign(g, p, wanted)) changed = true;
  }
  if (updateOpen(g)) changed = true;
  tellAggregator(g);
  return changed;
}

/**
 * May this member be part of a LAG? Its partner must be known, aggregatable and another system.
 * A member that is EXPIRED stays where it was: its partner may be heard again. It is not selected anew.
 */
function fits(g: LacpGroup, p: LacpPort): bool {
  if (!p.enabled || p.partnerSystem == 0 || p.partnerSystem == g.system || !has(p.partnerState, LACP_AGGREGATION)) return false;
  return p.rxState == RX_CURRENT || (p.rxState == RX_EXPIRED && p.selected != UNSELECTED);
}

/** The LAG ID: both systems and both keys; own system and key are the group's. */
function sameLag(p: LacpPort, q: LacpPort): bool {
  return p.partnerSystem == q.partnerSystem && p.partnerSystemPriority == q.partnerSystemPriority && p.partnerKey == q.partnerKey;
}

/** Choice: which LAG gets the one aggregator is left open by the clause; whoever has it keeps it. */
function referenceOf(g: LacpGroup): i32 {
  let best = NOBODY;
  for (let i = 0; i < g.count; i++) {
    const p = member(g, i);
    if (!fits(g, p)) continue;
    if (best == NOBODY) { best = i; continue; }
    const q = member(g, best);
    const chosen = p.selected != UNSELECTED;
    const other = q.selected != UNSELECTED;
    if (chosen == other ? comparePortIds(p.priority, p.number, q.priority, q.number) < 0 : chosen) best = i;
  }
  return best;
}

/** Choice: an individual link needs an aggregator of its own and there is one, so one member may be individual. */
function individualOf(g: LacpGroup): i32 {
  let best = NOBODY;
  for (let i = 0; i < g.count; i++) {
    const p = member(g, i);
    const alone = p.rxState == RX_DEFAULTED || (p.rxState == RX_CURRENT && !has(p.partnerState, LACP_AGGREGATION));
    if (!p.enabled || !alone) continue;
    if (best == NOBODY) { best = i; continue; }
    const q = member(g, best);
    if (comparePortIds(p.priority, p.number, q.priority, q.number) < 0) best = i;
  }
  return best;
}

/** The system with the lower System ID orders the members by its Port IDs; the first maxBundle are active. */
function placeOf(g: LacpGroup, p: LacpPort, reference: i32): i32 {
  if (g.maxBundle <= 0) return SELECTED;
  const own = decides(g, p);
  let before = 0;
  for (let i = 0; i < g.count; i++) {
    const q = member(g, i);
    if (i == p.index || !fits(g, q) || !sameLag(q, member(g, reference))) continue;
    const order = own ? comparePortIds(q.priority, q.number, p.priority, p.number)
      : comparePortIds(q.partnerPortPriority, q.partnerPort, p.partnerPortPriority, p.partnerPort);
    if (order < 0) before += 1;
  }
  return before < g.maxBundle ? SELECTED : STANDBY;
}

function decides(g: LacpGroup, p: LacpPort): bool {
  if (g.systemPriority != p.partnerSystemPriority) return g.systemPriority < p.partnerSystemPriority;
  return g.system < p.partnerSystem;
}

/** A member that became UNSELECTED must be seen DETACHED before it is selected again: it may be another LAG now. */
function assign(g: LacpGroup, p: LacpPort, wanted: i32): bool {
  if (p.selected == wanted) return false;
  if (p.selected == UNSELECTED && p.muxState != MUX_DETACHED) return false;
  const saved = cause;
  // SELECTED <-> STANDBY is what another member's coming or going does to this one
  setCause(wanted != UNSELECTED && p.selected != UNSELECTED ? g.cause : p.cause);
  p.aggregator = wanted == UNSELECTED ? NOBODY : 0;
  setSelected(g, p, wanted);
  p.cause = cause;
  if (wanted == UNSELECTED) g.cause = cause;
  setCause(saved);
  return true;
}

/**
 * minLinks. Choice: clause and vendors say only that the port-channel is down below it. Members then withhold
 * Sync, so that the partner stops sending too; counted are those attached whose partner is heard.
 */
function updateOpen(g: LacpGroup): bool {
  let attached = 0;
  for (let i = 0; i < g.count; i++) {
    const p = member(g, i);
    if (p.selected == SELECTED && p.muxState >= MUX_ATTACHED && p.rxState != RX_EXPIRED) attached += 1;
  }
  const open = g.minLinks <= 1 || attached >= g.minLinks;
  if (open == g.open) return false;
  g.open = open;
  for (let i = 0; i < g.count; i++) {
    const p = member(g, i);
    if (p.muxState >= MUX_ATTACHED) p.cause = g.cause;
  }
  return true;
}

function tellAggregator(g: LacpGroup): void {
  let now = NOBODY;
  for (let i = 0; i < g.count; i++) if (member(g, i).selected != UNSELECTED) now = 0;
  g.activeAggregator = now;
  if (now == g.tracedAggregator) return;
  const saved = cause;
  setCause(g.cause);
  const owner = member(g, 0).port;
  trace(T_AGGREGATOR, g.lag, now == NOBODY ? owner : -1, now == NOBODY ? -1 : owner, 0);
  setCause(saved);
  g.tracedAggregator = now;
}
