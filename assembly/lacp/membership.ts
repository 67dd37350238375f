// A Linux bond whose members come and go, and that is closed and opened (bond_3ad.c, bond_3ad_bind_slave and _unbind_slave;
// bond_main.c, bond_close and bond_open).
//
// Closing cancels the driver's work and nothing else: no frame is sent, each counter keeps what it had, and goes on from there when
// the bond is opened. So the machines do not begin anew: a partner that is still CURRENT here may have given this end up.

import { LACP_AGGREGATION, LACP_COLLECTING, LACP_DISTRIBUTING, LACP_SYNCHRONIZATION, MUX_DETACHED, PERIODIC_NONE, RX_INITIALIZE, UNSELECTED } from "../abi";
import { cause, setCause } from "../core/trace";
import { NOBODY, chooseActive, enabledPortsOf, portsOf, refreshCarrier } from "./aggregator";
import { beginPort, stirred } from "./lacp";
import { LacpGroup, LacpPort, NEVER, member, setUsable } from "./port";
import { advance } from "./timing";

/** bond_close: the work is cancelled. */
export function pause(g: LacpGroup, now: i64): void {
  advance(g, now);
  g.running = false;
}

/** bond_open: the work is queued at once, so the tick that would have come next comes now. */
export function resume(g: LacpGroup, now: i64): void {
  const phase = now - (g.tick + 1) * g.tickNs;
  const by = phase - g.tickPhaseNs;
  g.tickPhaseNs = phase;
  for (let i = 0; i < g.count; i++) {
    const p = member(g, i);
    p.currentWhileAt = later(p.currentWhileAt, by);
    p.periodicAt = later(p.periodicAt, by);
    p.waitWhileAt = later(p.waitWhileAt, by);
    p.churnAt = later(p.churnAt, by);
    p.cause = cause;
  }
  g.clock = now;
  g.running = true;
  g.holdOff = true; // bond_3ad_initiate_agg_selection: an aggregator is chosen in the first tick
  stirred(g, now);
  g.cause = cause;
}

function later(deadline: i64, by: i64): i64 { return deadline == NEVER ? NEVER : deadline + by; }

/** bond_3ad_unbind_slave: a farewell, then the port and the aggregator that it owns are no more. */
export function release(g: LacpGroup, p: LacpPort, now: i64): void {
  if (g.running) advance(g, now);
  const saved = cause;
  p.actorState &= ~(LACP_SYNCHRONIZATION | LACP_COLLECTING | LACP_DISTRIBUTING | LACP_AGGREGATION);
  p.sendPdu = true;
  setUsable(p, 0);
  setCause(saved);
  p.cause = saved;
  g.cause = saved;
  handOver(g, p);
  const left = p.aggregator;
  p.aggregator = NOBODY;
  p.gone = true;
  p.enabled = false; p.begin = false; p.ntt = false;
  p.selected = UNSELECTED; p.muxState = MUX_DETACHED; p.rxState = RX_INITIALIZE; p.periodicState = PERIODIC_NONE;
  p.currentWhileAt = NEVER; p.periodicAt = NEVER; p.waitWhileAt = NEVER; p.churnAt = NEVER;
  // Only when the active aggregator has no port left is another one chosen, whatever the policy.
  if (left != NOBODY && left == g.activeAggregator && enabledPortsOf(g, left) == 0) {
    if (portsOf(g, left) == 0) g.activeAggregator = NOBODY;
    chooseActive(g);
  }
  refreshCarrier(g);
  stirred(g, now);
  setCause(saved);
}

/** Other ports sit in the aggregator that goes: a free one takes over what it is, or the one that only this port sits in. */
function handOver(g: LacpGroup, p: LacpPort): void {
  const own = p.index;
  const others = portsOf(g, own) - (p.aggregator == own ? 1 : 0);
  if (others == 0) return;
  for (let i = 0; i < g.count; i++) {
    const ports = portsOf(g, i);
    if (i == own || member(g, i).gone || (ports > 0 && !(ports == 1 && p.aggregator == i))) continue;
    const heir = member(g, i);
    heir.aggregatorKey = p.aggregatorKey; heir.aggregatorPartner = p.aggregatorPartner;
    heir.aggregatorPartnerKey = p.aggregatorPartnerKey; heir.aggregatorPartnerPriority = p.aggregatorPartnerPriority;
    for (let k = 0; k < g.count; k++) if (member(g, k).aggregator == own) member(g, k).aggregator = i;
    const lost = g.activeAggregator == i;
    if (g.activeAggregator == own || lost) {
      g.activeAggregator = i;
      if (!lost) g.tracedAggregator = i; // the same one under another number
    }
    return;
  }
}

/** bond_3ad_bind_slave: a port as at power on, and an aggregator with the next number. */
export function bind(g: LacpGroup, p: LacpPort, now: i64): void {
  if (g.running) advance(g, now);
  beginPort(g, p, p.index);
  p.gone = false;
  g.aggregatorIds += 1;
  p.aggregatorId = g.aggregatorIds;
  g.cause = cause;
  stirred(g, now);
}
