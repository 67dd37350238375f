// Linux bonding's ARP monitor (bond_main.c, bond_loadbalance_arp_mon and bond_ab_arp_inspect, _commit, _probe): every arp_interval
// members ask the targets, and are judged by when they last sent and last heard. "Within k" is: now ≤ last + k·interval + interval/2.
// Modes 0, 2 and 3 judge each member; mode 1 judges the active one and the backups by rules of their own, and while nothing is
// active tries one member an interval. The carrier is not looked at.

import { FRAME_ARP, LAG_ACTIVE_BACKUP, MII_BACK, MII_DOWN, MII_UP, T_MII, VALIDATE_ACTIVE, VALIDATE_BACKUP, VALIDATE_FILTER } from "../abi";
import { faultOfOwner } from "../sim/neighbour-tables";
import { cause, now, setCause, trace, traceWritten } from "../core/trace";
import { Frame, makeFrame, send } from "../sim/frames";
import { memberUp, setUsable } from "./lag";
import { firstStepAfter, lastStepAfter } from "../sim/steps-done";
import { Lag, l3Of, lagOf, memberOf, nodeOf, otherEnd, portOf } from "../sim/tables";
import { TIMER_BOND, setTimer, stopTimer } from "../sim/timers";
import { chooseActive } from "./active-backup";
import { BondOptions, bondMemberOf, optionsOf, setTargetHeard, targetHeard, targetOf } from "../sim/bond-tables";
import { PART_ARP, bondTimer } from "../bond/rlb";

const BROADCAST: u64 = 0xffffffffffff;

function within(o: BondOptions, last: i64, k: i64): bool { return now >= last - o.arpNs && now <= last + k * o.arpNs + (o.arpNs >> 1); }

/**
 * bond_open queues the monitor's work without delay: the first look is in this instant, after all else that it brings. `fresh`: at power
 * on, members have just been enslaved. When a bond is opened again they are what they were, and who heard nothing meanwhile is given up.
 */
export function beginArpMonitor(index: i32, fresh: bool): void {
  const lag = lagOf(index);
  optionsOf(index).arpSlave = -1;
  const before = cause;
  for (let i = lag.first, end = lag.first + lag.count; fresh && i < end; i++) {
    rejoin(index, i);
    bondMemberOf(i).heardAt = traceWritten();
    const carrier = portOf(memberOf(i).port).carrier != 0;
    memberOf(i).mii = carrier ? MII_UP : MII_DOWN;
    if (carrier) memberUp(i, true);
    setCause(before);
  }
  if (fresh && lag.mode == LAG_ACTIVE_BACKUP) chooseActive(index);
  setTimer(TIMER_BOND, bondTimer(index, PART_ARP), now);
}
/** A member is enslaved (bond_enslave): it begins as one that last sent and heard a tick more than an interval ago. */
export function rejoin(index: i32, member: i32): void {
  const b = bondMemberOf(member);
  b.lastTx = now - optionsOf(index).arpNs - 1; b.lastRx = b.lastTx; b.upSince = now;
  for (let i = 0; i < optionsOf(index).targets; i++) setTargetHeard(member, i, b.lastRx);
}
export function stopArpMonitor(index: i32): void { stopTimer(TIMER_BOND, bondTimer(index, PART_ARP)); }

function heard(member: i32): void {
  bondMemberOf(member).lastRx = now;
  bondMemberOf(member).heardAt = traceWritten();
}

/** slave_last_rx: with arp_all_targets all, the target that was heard longest ago decides. */
function lastHeard(o: BondOptions, member: i32): i64 {
  if (o.allTargets == 0 || o.validate == 0 || o.targets == 0) return bondMemberOf(member).lastRx;
  let oldest = targetHeard(member, 0);
  for (let i = 1; i < o.targets; i++) oldest = min(oldest, targetHeard(member, i));
  return oldest;
}

/** A frame came in by a member: does it count? (bond_arp_rcv) */
export function monitorHeard(index: i32, member: i32, f: Frame): void {
  const lag = lagOf(index);
  if (lag.closed != 0 || memberOf(member).gone != 0) return;
  const o = optionsOf(index);
  const isActive = lag.mode != LAG_ACTIVE_BACKUP || lag.active == member - lag.first || o.arpSlave == member - lag.first;
  const validated = (o.validate & (isActive ? VALIDATE_ACTIVE : VALIDATE_BACKUP)) != 0;
  if (!validated) {
    if ((o.validate & VALIDATE_FILTER) == 0 || f.kind == FRAME_ARP) heard(member);
    return;
  }
  if (f.kind == FRAME_ARP && lag.l3 >= 0) validate(lag, o, member, isActive, f);
}

/**
 * What is trusted: at the active member (or the one being tried) what a target says to us; at a backup our own request, which the
 * switch floods back, once the active member has heard a target; while a member is being tried, a target's answer at any.
 */
function validate(lag: Lag, o: BondOptions, member: i32, isActive: bool, f: Frame): void {
  const own = l3Of(lag.l3).ip;
  let target: u32 = 0;
  if (isActive) target = f.d == own ? f.c : 0;
  else if (lag.active >= 0 && lastHeard(o, lag.first + lag.active) > bondMemberOf(lag.first + lag.active).upSince) target = f.c == own ? f.d : 0;
  else if (o.arpSlave >= 0 && f.a == 2 && within(o, bondMemberOf(lag.first + o.arpSlave).lastTx, 1)) target = f.d == own ? f.c : 0;
  for (let i = 0; target != 0 && i < o.targets; i++) {
    if (targetOf(o, i) != target) continue;
    heard(member);
    setTargetHeard(member, i, now);
  }
}

function ask(index: i32, member: i32): void {
  const lag = lagOf(index);
  const o = optionsOf(index);
  if (lag.l3 < 0) return;
  const l3 = l3Of(lag.l3);
  for (let i = 0; i < o.targets; i++) {
    const f = makeFrame(FRAME_ARP, l3.node, l3.mac, BROADCAST);
    f.a = 1; f.c = l3.ip; f.e = l3.mac; f.d = targetOf(o, i);
    send(memberOf(member).port, f);
  }
}

export function arpMonitorFired(index: i32): void {
  const lag = lagOf(index);
  if (lag.mode == LAG_ACTIVE_BACKUP) one(index, lag); else each(index, lag);
  setTimer(TIMER_BOND, bondTimer(index, PART_ARP), now + optionsOf(index).arpNs);
}

function hasCarrier(member: i32): bool { return memberOf(member).gone == 0 && portOf(memberOf(member).port).carrier != 0; }

/** Why did a member hear nothing? The carrier, a dead node behind it or at the target, a frame lost on its cable, what was done since it last heard, or what silenced another. */
function blame(member: i32): u32 {
  const p = portOf(memberOf(member).port);
  const since = bondMemberOf(member).heardAt;
  if (p.carrier == 0 || p.link < 0) return p.cause;
  const far = nodeOf(portOf(otherEnd(memberOf(member).port)).node).faultCause;
  if (far != 0) return far;
  const o = optionsOf(memberOf(member).lag);
  for (let i = 0; i < o.targets; i++) { const dead = faultOfOwner(targetOf(o, i)); if (dead != 0) return dead; }
  const lost = portOf(otherEnd(memberOf(member).port)).lossCause;
  if (lost > since) return lost;
  if (p.lossCause > since) return p.lossCause;
  const step = firstStepAfter(since);
  return step != 0 ? step : max(p.cause, lastFinding(member));
}

/** The last finding that another member is down. */
function lastFinding(member: i32): u32 {
  const lag = lagOf(memberOf(member).lag);
  let last: u32 = 0;
  for (let m = lag.first, end = lag.first + lag.count; m < end; m++) if (m != member && memberOf(m).mii == MII_DOWN) last = max(last, bondMemberOf(m).foundAt);
  return last;
}

function step(member: i32, to: i32): void {
  const m = memberOf(member);
  if (m.mii == to) return;
  const b = bondMemberOf(member);
  if (to == MII_DOWN) { setCause(blame(member)); b.failures += 1; }
  else { const healed = lastStepAfter(b.foundAt); if (healed != 0 && b.foundAt != 0) setCause(healed); }
  b.foundAt = trace(T_MII, m.port, m.mii, to, 0);
  m.mii = to;
}

function each(index: i32, lag: Lag): void {
  const o = optionsOf(index);
  const before = cause;
  for (let i = 0; i < lag.count; i++) {
    const member = lag.first + i;
    const b = bondMemberOf(member);
    if (memberOf(member).gone != 0) continue;
    if (memberOf(member).mii != MII_UP) {
      if (within(o, b.lastTx, 1) && within(o, lastHeard(o, member), 1)) { step(member, MII_UP); memberUp(member, true); }
    } else if (!within(o, b.lastTx, o.missedMax) || !within(o, lastHeard(o, member), o.missedMax)) { step(member, MII_DOWN); memberUp(member, false); }
    setCause(before);
    // A member that is down asks too: it comes up by the answer.
    if (hasCarrier(member)) ask(index, member);
    setCause(before);
  }
}

/** First all members are judged by what is (bond_ab_arp_inspect), then all steps are made (bond_ab_arp_commit): both may go down in one look. */
function one(index: i32, lag: Lag): void {
  const o = optionsOf(index);
  const before = cause;
  for (let i = 0; i < lag.count; i++) bondMemberOf(lag.first + i).proposed = <u32>judge(lag, o, i);
  let choose = false;
  for (let i = 0; i < lag.count; i++) {
    const member = lag.first + i;
    const to = <i32>bondMemberOf(member).proposed;
    if (to == memberOf(member).mii) continue;
    step(member, to);
    setCause(before);
    if (to == MII_UP || lag.active == i) o.arpSlave = -1;
    if (to == MII_UP ? lag.active < 0 || lag.primary == i : lag.active == i) choose = true;
  }
  if (choose) chooseActive(index);
  const after = choose ? lag.cause : before; // what is asked from here on, and what the answer leads to
  setCause(after);
  if (lag.active >= 0) ask(index, lag.first + lag.active); else tryNext(index, lag, o);
  setCause(after);
}

/** What the member's link should be. */
function judge(lag: Lag, o: BondOptions, i: i32): i32 {
  const member = lag.first + i;
  const m = memberOf(member);
  const b = bondMemberOf(member);
  if (m.gone != 0) return m.mii;
  if (m.mii != MII_UP) return within(o, lastHeard(o, member), 1) ? MII_UP : m.mii;
  if (within(o, b.upSince, 2)) return MII_UP; // grace
  const down = lag.active == i ? !within(o, b.lastTx, o.missedMax) || !within(o, lastHeard(o, member), o.missedMax)
    : o.arpSlave < 0 && !within(o, lastHeard(o, member), o.missedMax + 1);
  return down ? MII_DOWN : MII_UP;
}

/** Nothing is active: the next member speaks for an interval; the one after the first begins. */
function tryNext(index: i32, lag: Lag, o: BondOptions): void {
  const from = o.arpSlave;
  const after = from < 0 ? 0 : from;
  for (let k = 1; k <= lag.count; k++) {
    const i = (after + k) % lag.count;
    const member = lag.first + i;
    if (!hasCarrier(member)) continue;
    if (from >= 0) { setUsable(lag.first + from, 0); if (memberOf(lag.first + from).mii == MII_BACK) memberOf(lag.first + from).mii = MII_DOWN; }
    o.arpSlave = i;
    memberOf(member).mii = MII_BACK;
    bondMemberOf(member).upSince = now;
    ask(index, member);
    return;
  }
}
