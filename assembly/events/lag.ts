// A lag and its members, whatever makes them usable: carrier alone (static), LACP, or being the active one.
// Changes of the set of usable members are traced here and told to those who care.

import { FLUSH_CARRIER, LAG_ACTIVE_BACKUP, LAG_ALB, LAG_LACP, MII_DOWN, MII_UP, T_LAG, T_MEMBER, FRAME_LACPDU } from "../abi";
import { cause, now, setCause, trace } from "../core/trace";
import { LacpGroup, member as lacpMember } from "../lacp/port";
import { begin, fillPdu, nextDeadline, run, restartPort, setEnabled, leave } from "../lacp/lacp";
import { Lacpdu } from "../wire/lacpdu";
import { FRAME_BODY, makeFrame, send } from "../sim/frames";
import { Lag, groupOf, lacpPortOf, lagOf, memberOf, portOf, running } from "../sim/tables";
import { TIMER_BOND, TIMER_LACP, TIMER_MII, followDeadline, stopTimer } from "../sim/timers";
import { pollCarrier, beginPolling } from "./miimon";
import { chooseActive } from "./active-backup";
import { stopArpMonitor } from "./arp-monitor";
import { startNotices, stopNotices } from "./notify";
import { hasActive, ownAddresses } from "../sim/bond-tables";
import { PART_RLB, bondTimer, forgetClients, rlbMembers } from "../bond/rlb";
import { flushLag } from "../switching/bridge";
import { lagChanged } from "./lag-changed";
import { markLag } from "../sim/dirty";
import { stirGroup, stirPort } from "../sim/rest";
import { settleFallback, stopFallback } from "./lacp-fallback";

const SLOW_PROTOCOLS: u64 = 0x0180c2000002;

export function memberCarrier(port: i32, present: bool): void {
  const p = portOf(port);
  const lag = lagOf(p.lag);
  if (memberOf(p.member).gone != 0) return;
  if (lag.linux != 0) { pollCarrier(p.lag); return; }
  memberUp(p.member, present);
  if (hasActive(lag)) chooseActive(p.lag); // a team without polls
}

/** The member's link works, or not, as far as its node's link monitor says. */
export function memberUp(member: i32, up: bool): void {
  const m = memberOf(member);
  const lag = lagOf(m.lag);
  if (lag.mode == LAG_LACP) {
    const before = cause;
    stirGroup(lag.group);
    lacpPortOf(member).enabled != up ? setEnabled(groupOf(lag.group), lacpPortOf(member), up, now) : 0;
    runLacp(lag.group);
    setCause(before);
  } else if (lag.mode != LAG_ACTIVE_BACKUP) {
    stirPort(m.port);
    if (lag.linux == 0) m.mii = up ? MII_UP : MII_DOWN;
    if (!hasActive(lag)) setUsable(member, up && lag.suspended == 0 ? 3 : 0);
    else setUsable(member, !up ? 0 : lag.active == member - lag.first ? 3 : 2); // sends; the active one also hears broadcasts
    if (lag.mode == LAG_ALB) rlbMembers(m.lag, up);
  }
}

/** The member's link was lost, and is back before its downdelay is over. */
export function memberBack(member: i32): void {
  const lag = lagOf(memberOf(member).lag);
  if (lag.mode != LAG_LACP) return;
  const before = cause;
  stirGroup(lag.group);
  restartPort(groupOf(lag.group), lacpPortOf(member), now);
  runLacp(lag.group);
  setCause(before);
}

/** Lets a lag's LACP machines come to rest and does what they ask for. */
// @ts-ignore: decorator
@inline export function runLacp(group: i32): void {
  stirGroup(group);
  const g = groupOf(group);
  run(g, now);
  settle(group, g);
}

export function settle(group: i32, g: LacpGroup): void {
  stirGroup(group);
  const before = cause;
  for (let i = 0; i < g.count; i++) {
    const p = lacpMember(g, i);
    setCause(p.cause); // what this member does next is explained by what it did last
    if (p.sendPdu) {
      p.sendPdu = false;
      const f = makeFrame(FRAME_LACPDU, g.node, portOf(p.port).mac, SLOW_PROTOCOLS);
      fillPdu(p, changetype<Lacpdu>(changetype<usize>(f) + FRAME_BODY));
      send(p.port, f);
    }
    const bits = p.usable | p.forced;
    if (bits != p.told) {
      p.told = bits;
      setUsable(portOf(p.port).member, bits);
    }
    setCause(before);
  }
  if (g.linux && (lagOf(g.lag).up != 0) != (g.carrier && lagOf(g.lag).closed == 0)) { setCause(g.cause); recount(g.lag); setCause(before); }
  followDeadline(TIMER_LACP, group, nextDeadline(g), now);
  settleFallback(group, g);
}

export function setUsable(member: i32, bits: i32): void {
  const m = memberOf(member);
  if (m.usable == bits) return;
  stirPort(m.port);
  const lag = lagOf(m.lag);
  // LACP traces its own member changes; the others are traced here.
  if (lag.mode != LAG_LACP) m.cause = trace(T_MEMBER, m.port, m.usable, bits, 0);
  else m.cause = cause;
  m.usable = bits;
  lag.cause = m.cause;
  recount(m.lag);
  markLag(lag.node, m.lag);
}

/** bond_3ad_set_carrier: an 802.3ad bond of Linux has carrier while its active aggregator has links enough, agreed upon or not.
 *  bond_set_carrier: one of another mode while a member is UP. One in FAIL is not, though it is sent by until its downdelay is over. */
function hasCarrier(lag: Lag): bool {
  if (lag.linux == 0) return lag.usable > 0;
  if (lag.mode == LAG_LACP) return groupOf(lag.group).carrier;
  for (let i = lag.first, end = lag.first + lag.count; i < end; i++) if (memberOf(i).mii == MII_UP) return true;
  return false;
}

export function recount(index: i32): void {
  const lag = lagOf(index);
  let usable = 0;
  for (let i = 0; i < lag.count; i++) if ((memberOf(lag.first + i).usable & 2) != 0) usable += 1;
  const wasUsable = lag.usable;
  lag.usable = usable;
  const up = lag.closed == 0 && hasCarrier(lag);
  if ((lag.up != 0) == up) { if (usable != wasUsable) lagChanged(index, false); return; }
  lag.up = up ? 1 : 0;
  lag.cause = trace(T_LAG, index, lag.up, usable, 0);
  const before = cause;
  if (!up && lag.peerLink < 0) flushLag(index, FLUSH_CARRIER);
  lagChanged(index, true);
  setCause(before);
}

/** Power on. */
export function startLag(index: i32): void {
  const lag = lagOf(index);
  lag.active = -1; lag.closed = 0;
  for (let i = 0; i < lag.count; i++) memberOf(lag.first + i).gone = 0; // as configured
  ownAddresses(index);
  forgetClients(lag, index);
  stirGroup(lag.group);
  if (lag.mode == LAG_LACP) begin(groupOf(lag.group), now);
  if (lag.linux != 0) beginPolling(index);
  else for (let i = 0; i < lag.count; i++) {
    const m = memberOf(lag.first + i);
    if (portOf(m.port).carrier != 0) memberUp(lag.first + i, true);
  }
  if (lag.linux == 0 && hasActive(lag)) chooseActive(index);
  startNotices(index);
  if (lag.mode == LAG_LACP) runLacp(lag.group);
}

/** Power off: nothing is said, everything is forgotten. */
export function stopLag(index: i32): void {
  const lag = lagOf(index);
  stirGroup(lag.group);
  stopTimer(TIMER_MII, index);
  stopArpMonitor(index);
  stopNotices(index);
  stopTimer(TIMER_BOND, bondTimer(index, PART_RLB));
  if (lag.group >= 0) { stopTimer(TIMER_LACP, lag.group); stopFallback(lag.group); }
  const before = cause;
  for (let i = 0; i < lag.count; i++) {
    const m = memberOf(lag.first + i);
    m.usable = 0;
    m.mii = 2;
    m.cause = before;
    if (lag.mode == LAG_LACP) { lacpPortOf(lag.first + i).told = 0; lacpPortOf(lag.first + i).enabled = false; }
  }
  lag.usable = 0; lag.up = 0; lag.active = -1; lag.suspended = 0; lag.twinUp = 0;
  lag.cause = before;
  markLag(lag.node, index);
}

/** Orderly: the partner is told. */
export function leaveLag(index: i32): void {
  const lag = lagOf(index);
  if (lag.mode != LAG_LACP || !running(lag.node)) return;
  const g = groupOf(lag.group);
  stirGroup(lag.group);
  leave(g, now);
  settle(lag.group, g);
}
