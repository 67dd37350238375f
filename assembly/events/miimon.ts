// Linux bonding's MII monitor (drivers/net/bonding/bond_main.c, bond_miimon_inspect and bond_miimon_commit): every
// `miimon` the bond looks at its members' carriers. UP -lost-> FAIL (downdelay) -> DOWN; DOWN -present-> BACK (updelay) -> UP.
// A delay of less than one poll means: in the same poll. Delays count polls. updelay is skipped while nothing else works.
// The poll is an event only when there is something to see: its instants are a fixed grid of the bond.

import { MII_BACK, MII_DOWN, MII_FAIL, MII_UP, T_MII } from "../abi";
import { STREAM_TICK, drawBelow } from "../core/rng";
import { cause, now, setCause, trace } from "../core/trace";
import { memberBack, memberUp, recount } from "./lag";
import { groupOf, lagOf, memberOf, portOf } from "../sim/tables";
import { TIMER_MII, setTimer } from "../sim/timers";
import { beginArpMonitor } from "./arp-monitor";
import { chooseActive } from "./active-backup";
import { bondMemberOf, hasActive, monitorsArp } from "../sim/bond-tables";

/** The next poll after now, on the bond's grid. */
function nextPoll(index: i32): i64 {
  const lag = lagOf(index);
  const since = now - lag.pollPhaseNs;
  const k = since < 0 ? 0 : since / lag.miimonNs + 1;
  return lag.pollPhaseNs + k * lag.miimonNs;
}

/** The bond opens: members with carrier count as up at once, as after enslaving. */
export function beginPolling(index: i32): void {
  const lag = lagOf(index);
  if (monitorsArp(lag, index)) { beginArpMonitor(index, true); return; }
  // The monitor and LACP's work are started together: the monitor looks just before a tick (recorded: both in one look at sysfs).
  if (lag.group >= 0 && groupOf(lag.group).linux) lag.pollPhaseNs = groupOf(lag.group).tickPhaseNs - 1;
  else if (lag.miimonNs > 0) lag.pollPhaseNs = now + 1 + <i64>drawBelow(STREAM_TICK, lag.key, 0, <u64>lag.miimonNs);
  const before = cause;
  for (let i = 0; i < lag.count; i++) {
    const m = memberOf(lag.first + i);
    const carrier = portOf(m.port).carrier != 0;
    m.mii = carrier || lag.miimonNs == 0 ? MII_UP : MII_DOWN;
    if (carrier) memberUp(lag.first + i, true);
    setCause(before);
  }
  if (hasActive(lag)) chooseActive(index);
  if (lag.miimonNs == 0) { recount(index); setCause(before); }
}

/** A carrier changed: look at the next poll. */
export function pollCarrier(index: i32): void {
  const lag = lagOf(index);
  if (lag.closed != 0) return;
  if (lag.miimonNs > 0) setTimer(TIMER_MII, index, nextPoll(index));
  else if (!monitorsArp(lag, index)) unwatched(index);
}

/** Without a monitor a member is UP from when it was enslaved (bond_enslave). Modes that deal frames pass by one without carrier all the same
 *  (bond_slave_can_tx); active-backup sends by its active member whatever becomes of it. */
function unwatched(index: i32): void {
  const lag = lagOf(index);
  const before = cause;
  for (let i = lag.first, end = lag.first + lag.count; i < end; i++) {
    const m = memberOf(i);
    if (m.gone != 0) continue;
    m.mii = MII_UP;
    memberUp(i, portOf(m.port).carrier != 0);
    setCause(before);
  }
  if (hasActive(lag)) chooseActive(index);
  setCause(before);
}

export function pollFired(index: i32): void {
  const lag = lagOf(index);
  const before = cause;
  let waiting = false;
  let why: u32 = 0; // record of the last step
  let skip = !anyUp(index);
  for (let i = 0; i < lag.count; i++) {
    const m = memberOf(lag.first + i);
    const was = m.mii;
    if (inspect(index, lag.first + i, skip)) skip = false; // only the first that returns skips its updelay (recorded at bring-up)
    if (m.mii == MII_FAIL || m.mii == MII_BACK) waiting = true;
    if (m.mii != was) why = cause;
    setCause(before);
  }
  if (hasActive(lag)) chooseActive(index);
  if (why != 0) { setCause(why); recount(index); setCause(before); } // bond_miimon_commit ends with bond_set_carrier, whatever the step
  if (waiting) setTimer(TIMER_MII, index, now + lag.miimonNs);
}

/** True: the member came up. */
function inspect(index: i32, member: i32, skip: bool): bool {
  const lag = lagOf(index);
  const m = memberOf(member);
  const carrier = m.gone == 0 && portOf(m.port).carrier != 0;
  setCause(portOf(m.port).cause);
  if (m.mii == MII_UP && !carrier) {
    m.stepAt = now + lag.downdelayNs / lag.miimonNs * lag.miimonNs;
    step(member, MII_FAIL);
  } else if (m.mii == MII_DOWN && carrier) {
    m.stepAt = skip ? now : now + lag.updelayNs / lag.miimonNs * lag.miimonNs;
    step(member, MII_BACK);
  }
  if (m.mii == MII_FAIL) {
    if (carrier) { step(member, MII_UP); memberBack(member); }
    else if (now >= m.stepAt) { step(member, MII_DOWN); bondMemberOf(member).failures += 1; memberUp(member, false); }
  } else if (m.mii == MII_BACK) {
    if (!carrier) { step(member, MII_DOWN); bondMemberOf(member).failures += 1; } // committed like any other
    else if (now >= m.stepAt) { step(member, MII_UP); memberUp(member, true); return true; }
  }
  return false;
}

/** Is anything usable besides what comes back? Mode 1: an active member; others: a usable one. */
function anyUp(index: i32): bool {
  const lag = lagOf(index);
  if (hasActive(lag)) return lag.active >= 0 && memberOf(lag.first + lag.active).mii != MII_DOWN;
  return lag.usable > 0;
}

function step(member: i32, to: i32): void {
  const m = memberOf(member);
  const from = m.mii;
  m.mii = to;
  const lag = lagOf(m.lag);
  // A step through FAIL or BACK within one poll is not seen by anyone.
  if ((to == MII_FAIL || to == MII_BACK) && m.stepAt <= now) return;
  const old = from == MII_FAIL && to == MII_DOWN && lag.downdelayNs < lag.miimonNs ? MII_UP
    : from == MII_BACK && to == MII_UP && lag.updelayNs < lag.miimonNs ? MII_DOWN : from;
  trace(T_MII, m.port, old, to, 0);
}
