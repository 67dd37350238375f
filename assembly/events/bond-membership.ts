// Operators at work on a Linux bond: a member released or enslaved (bond_main.c, __bond_release_one and bond_enslave), the bond set
// down or up (bond_close and bond_open). A member that is set down is a port without carrier, which the monitors see by themselves.

import { LAG_LACP, MII_DOWN } from "../abi";
import { cause, now, setCause } from "../core/trace";
import { bind, pause, release, resume } from "../lacp/membership";
import { memberUp, recount, runLacp, settle } from "./lag";
import { setShut } from "./link";
import { stirLag, stirPort } from "../sim/rest";
import { markDirty } from "../sim/dirty";
import { groupOf, lacpPortOf, lagOf, memberOf, portOf, running } from "../sim/tables";
import { TIMER_BOND, TIMER_LACP, TIMER_MII, stopTimer } from "../sim/timers";
import { beginArpMonitor, rejoin, stopArpMonitor } from "./arp-monitor";
import { chooseActive } from "./active-backup";
import { pollCarrier, pollFired } from "./miimon";
import { startNotices, stopNotices } from "./notify";
import { bondMemberOf, hasActive, monitorsArp, optionsOf } from "../sim/bond-tables";
import { PART_RLB, bondTimer } from "../bond/rlb";

/** The port leaves its bond: at once nothing is sent by it, the partner is told, and the driver closes the interface. */
export function releaseMember(port: i32): void {
  const member = portOf(port).member;
  const m = memberOf(member);
  const lag = lagOf(m.lag);
  if (m.gone != 0 || !running(lag.node)) return;
  stirPort(port);
  const before = cause;
  portOf(port).cause = before;
  if (lag.mode == LAG_LACP) {
    release(groupOf(lag.group), lacpPortOf(member), now);
    settle(lag.group, groupOf(lag.group));
  } else memberUp(member, false);
  setCause(before);
  m.gone = 1;
  m.mii = MII_DOWN;
  optionsOf(m.lag).arpSlave = -1;
  if (hasActive(lag)) chooseActive(m.lag);
  setCause(before);
  recount(m.lag);
  setCause(before);
  bondMemberOf(member).mac = portOf(port).mac; // its own again
  setShut(port, true);
  markDirty(lag.node);
}

/** The driver lists it last, and numbers its port after the one before. */
function afterLast(index: i32, member: i32): void {
  const lag = lagOf(index);
  let last = -1;
  for (let i = lag.first, end = lag.first + lag.count; i < end; i++) {
    if (i != member && memberOf(i).gone == 0 && (last < 0 || memberOf(i).joined >= memberOf(last).joined)) last = i;
  }
  memberOf(member).joined = last < 0 ? 0 : memberOf(last).joined + 1;
  if (lag.mode == LAG_LACP) lacpPortOf(member).number = last < 0 ? 1 : lacpPortOf(last).number + 1;
}

/** The port joins the bond that it left. Frames are dealt as if it had its old place among the members. */
export function enslaveMember(port: i32): void {
  const member = portOf(port).member;
  const m = memberOf(member);
  const lag = lagOf(m.lag);
  if (m.gone == 0 || !running(lag.node)) return;
  stirPort(port);
  const before = cause;
  m.gone = 0;
  bondMemberOf(member).failures = 0;
  afterLast(m.lag, member);
  if (lag.mode == LAG_LACP) {
    bind(groupOf(lag.group), lacpPortOf(member), now);
    setCause(before);
    runLacp(lag.group);
    setCause(before);
  }
  if (monitorsArp(lag, m.lag)) rejoin(m.lag, member);
  setShut(port, false);
  pollCarrier(m.lag); // its carrier may be there already
  markDirty(lag.node);
}

/** bond_close: the monitors and LACP stop where they are, and the interface carries nothing. */
export function closeBond(index: i32): void {
  const lag = lagOf(index);
  if (lag.closed != 0 || !running(lag.node)) return;
  stirLag(index);
  lag.closed = 1;
  lag.closedCause = cause;
  if (lag.group >= 0) { pause(groupOf(lag.group), now); stopTimer(TIMER_LACP, lag.group); }
  stopTimer(TIMER_MII, index);
  stopArpMonitor(index);
  stopNotices(index);
  stopTimer(TIMER_BOND, bondTimer(index, PART_RLB));
  lag.cause = cause;
  recount(index);
  markDirty(lag.node);
}

/** bond_open: all work is queued at once. */
export function openBond(index: i32): void {
  const lag = lagOf(index);
  if (lag.closed == 0 || !running(lag.node)) return;
  stirLag(index);
  const before = cause;
  lag.closed = 0;
  lag.cause = before;
  recount(index);
  setCause(before);
  if (lag.group >= 0) {
    resume(groupOf(lag.group), now);
    lag.pollPhaseNs = groupOf(lag.group).tickPhaseNs - 1; // as at power on, the monitor looks just before a tick
  } else if (lag.miimonNs > 0) lag.pollPhaseNs = now;
  if (monitorsArp(lag, index)) beginArpMonitor(index, false);
  else if (lag.miimonNs > 0) pollFired(index);
  setCause(before);
  startNotices(index);
  if (lag.group >= 0) runLacp(lag.group);
  setCause(before);
  markDirty(lag.node);
}
