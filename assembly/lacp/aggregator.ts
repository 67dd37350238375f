// 802.3ad clause 43, selection logic as Linux bonding has it: an aggregator a member, exactly one of them active.

import { AD_COUNT, AD_STABLE, LACP_SYNCHRONIZATION, SELECTED, T_AGGREGATOR } from "../abi";
import { cause, setCause, trace } from "../core/trace";
import { trap, TRAP_UNREACHABLE } from "../core/trap";
import { LacpGroup, LacpPort, member, setSelected, setUsable } from "./port";

export const NOBODY: i32 = -1;
const BOTH: i32 = 3; // collecting and distributing

/**
 * Joins an aggregator when the port is not selected. The mux machine looks only after this, in the same tick,
 * so on Linux a port that changes its partner is never seen UNSELECTED and does not wait again.
 */
export function run(g: LacpGroup, p: LacpPort): bool {
  if (p.selected == SELECTED) return false;
  leaveAggregator(g, p);
  let found = NOBODY;
  let free = NOBODY;
  for (let i = 0; i < g.count && found == NOBODY; i++) {
    if (portsOf(g, i) == 0) {
      if (free == NOBODY && !member(g, i).gone) free = i;
    } else if (suits(member(g, i), p)) found = i;
  }
  if (found == NOBODY) {
    if (free == NOBODY) trap(TRAP_UNREACHABLE, p.port); // there are as many aggregators as ports
    found = free;
    const owner = member(g, found);
    owner.aggregatorKey = p.key;
    owner.aggregatorPartner = p.partnerSystem;
    owner.aggregatorPartnerPriority = p.partnerSystemPriority;
    owner.aggregatorPartnerKey = p.partnerKey;
  }
  p.aggregator = found;
  setSelected(g, p, SELECTED);
  refreshReady(g, found);
  chooseActive(g);
  if (found != g.activeAggregator) p.actorState &= ~LACP_SYNCHRONIZATION;
  return true;
}

/** Same keys and partner; the partner is known; the aggregator is not individual (its port is full duplex). */
function suits(owner: LacpPort, p: LacpPort): bool {
  return owner.aggregatorKey == p.key && owner.aggregatorPartner == p.partnerSystem
    && owner.aggregatorPartnerPriority == p.partnerSystemPriority && owner.aggregatorPartnerKey == p.partnerKey
    && owner.aggregatorPartner != 0 && !isIndividual(owner);
}

function leaveAggregator(g: LacpGroup, p: LacpPort): void {
  const old = p.aggregator;
  p.aggregator = NOBODY;
  if (old >= 0 && old == g.activeAggregator && portsOf(g, old) == 0) g.activeAggregator = NOBODY;
}

export function portsOf(g: LacpGroup, owner: i32): i32 {
  let n = 0;
  for (let i = 0; i < g.count; i++) if (member(g, i).aggregator == owner) n += 1;
  return n;
}

export function enabledPortsOf(g: LacpGroup, owner: i32): i32 {
  let n = 0;
  for (let i = 0; i < g.count; i++) {
    const p = member(g, i);
    if (p.aggregator == owner && p.enabled) n += 1;
  }
  return n;
}

function bandwidthOf(g: LacpGroup, owner: i32): u64 {
  let sum: u64 = 0;
  for (let i = 0; i < g.count; i++) {
    const p = member(g, i);
    if (p.aggregator == owner && p.enabled) sum += p.speedMbps;
  }
  return sum;
}

function isIndividual(owner: LacpPort): bool { return (owner.aggregatorKey & 1) == 0; }

/** READY: all ports of the aggregator have waited. */
export function refreshReady(g: LacpGroup, owner: i32): void {
  let all = true;
  for (let i = 0; i < g.count; i++) {
    const p = member(g, i);
    if (p.aggregator == owner && !p.readyN) all = false;
  }
  for (let i = 0; i < g.count; i++) {
    const p = member(g, i);
    if (p.aggregator == owner) p.ready = all;
  }
}

/** Chooses the active aggregator, as ad_select wants. Called at each change of membership or link. */
export function chooseActive(g: LacpGroup): void {
  const active = g.activeAggregator;
  const alive = active != NOBODY && enabledPortsOf(g, active) > 0;
  let best = alive ? active : NOBODY;
  for (let i = 0; i < g.count; i++) if (enabledPortsOf(g, i) > 0) best = better(g, best, i);
  if (alive && best != active && g.adSelect == AD_STABLE && staysStable(member(g, active), member(g, best))) best = active;
  g.activeAggregator = best;
  if (best != g.tracedAggregator) announce(g);
  // a host that faces a switch without LACP runs on one port: nobody has to agree to that
  if (best != NOBODY && member(g, best).aggregatorPartner == 0) enablePorts(g, best);
  refreshCarrier(g);
}

/** bond_3ad_set_carrier. */
export function refreshCarrier(g: LacpGroup): void {
  g.carrier = g.activeAggregator != NOBODY && enabledPortsOf(g, g.activeAggregator) >= g.minLinks;
}

/** Not individual, then with a partner, then the policy; a full tie keeps the earlier one. */
function better(g: LacpGroup, best: i32, challenger: i32): i32 {
  if (best == NOBODY || best == challenger) return challenger;
  const a = member(g, best);
  const b = member(g, challenger);
  if (isIndividual(a) != isIndividual(b)) return isIndividual(a) ? challenger : best;
  if ((a.aggregatorPartner == 0) != (b.aggregatorPartner == 0)) return a.aggregatorPartner == 0 ? challenger : best;
  if (g.adSelect == AD_COUNT) {
    const have = enabledPortsOf(g, best);
    const offered = enabledPortsOf(g, challenger);
    if (have != offered) return offered > have ? challenger : best;
  }
  return bandwidthOf(g, challenger) > bandwidthOf(g, best) ? challenger : best;
}

/** ad_select stable: the incumbent stays while its partner answers, or while neither has one. */
function staysStable(active: LacpPort, best: LacpPort): bool {
  if (active.aggregatorKey == 0 && best.aggregatorKey != 0) return false;
  return active.aggregatorPartner != 0 || best.aggregatorPartner == 0;
}

/** Tells of the new active aggregator; the ports of the former one carry nothing any more. */
function announce(g: LacpGroup): void {
  const old = g.tracedAggregator;
  const now = g.activeAggregator;
  trace(T_AGGREGATOR, g.lag, old == NOBODY ? -1 : member(g, old).port, now == NOBODY ? -1 : member(g, now).port, 0);
  g.tracedAggregator = now;
  g.cause = cause;
  for (let i = 0; i < g.count; i++) {
    const p = member(g, i);
    if (p.aggregator == NOBODY || (p.aggregator != old && p.aggregator != now)) continue;
    p.cause = g.cause;
    if (p.aggregator == now || now == NOBODY) continue;
    setUsable(p, 0);
    p.cause = cause;
    setCause(g.cause);
  }
}

function enablePorts(g: LacpGroup, owner: i32): void {
  const saved = cause;
  for (let i = 0; i < g.count; i++) {
    const p = member(g, i);
    if (p.aggregator != owner || !p.enabled || p.usable == BOTH) continue;
    setUsable(p, BOTH);
    p.cause = cause;
    setCause(saved);
  }
}
