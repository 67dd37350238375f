// Rest: while nothing but hellos would happen, they are left out; the group's clocks are moved on when they are looked at again.
//
// A group that only says hello is periodic. Its quantum is a time after which all of its clocks stand as before: 3 s when
// all members speak at the fast rate, 30 s otherwise; in Linux as many ticks, a multiple of the three between looks for something to send.

import { PERIODIC_FAST, PERIODIC_SLOW, RX_CURRENT, RX_DEFAULTED, RX_LACP_DISABLED, RX_PORT_DISABLED } from "../abi";
import { LacpGroup, NEVER, member } from "./port";

const SECOND: i64 = 1000000000;
const TICKS_PER_SECOND: i64 = 10;

/** Does a member speak at the slow rate? */
function slow(g: LacpGroup): bool {
  for (let i = 0; i < g.count; i++) if (member(g, i).periodicRate == PERIODIC_SLOW) return true;
  return false;
}
function quantumSeconds(g: LacpGroup): i64 { return slow(g) ? 30 : 3; }

export function quantumNs(g: LacpGroup): i64 {
  return g.linux ? quantumSeconds(g) * TICKS_PER_SECOND * g.tickNs : quantumSeconds(g) * SECOND;
}

/** Between two hellos of a member; Linux is late by up to three of its ticks. */
export function hellosNs(g: LacpGroup): i64 { return slow(g) ? 30 * SECOND : SECOND; }

/** Is each machine in a state that it is left from only by what another machine says, or by a timer that `nextTurn` knows? */
export function settled(g: LacpGroup): bool {
  if (g.linux && g.holdOff) return false;
  for (let i = 0; i < g.count; i++) {
    const p = member(g, i);
    if (p.gone) continue;
    if (p.begin || p.churned || p.sendPdu) return false;
    if (p.rxState != RX_CURRENT && p.rxState != RX_DEFAULTED && p.rxState != RX_PORT_DISABLED && p.rxState != RX_LACP_DISABLED) return false;
  }
  return true;
}

/** The next instant at which the group does more than say hello. */
export function nextTurn(g: LacpGroup): i64 {
  let at = NEVER;
  for (let i = 0; i < g.count; i++) at = min(at, min(member(g, i).churnAt, member(g, i).waitWhileAt));
  return at;
}

export function lieDown(g: LacpGroup, now: i64): void {
  g.resting = true;
  g.restAt = now;
  g.restTick = g.tick;
}

/** Moves the clocks on by `quanta`. What was heard last is not known until the hellos are made up for: until then nobody is silent. */
export function moveOn(g: LacpGroup, quanta: i64): void {
  g.tick = g.restTick;
  if (quanta == 0) return;
  const span = quanta * quantumNs(g);
  g.tick += quanta * quantumSeconds(g) * TICKS_PER_SECOND;
  for (let i = 0; i < g.count; i++) {
    const p = member(g, i);
    if (p.periodicAt != NEVER) p.periodicAt += span;
    p.sentAt += span; p.sentBefore += span; p.sentThird += span;
    if (p.rxState == RX_CURRENT) p.currentWhileAt = NEVER;
  }
}

/** LACPDUs that the group says in `quanta` of rest. */
export function said(g: LacpGroup, quanta: i64): u64 {
  let count: u64 = 0;
  for (let i = 0; i < g.count; i++) {
    const rate = member(g, i).periodicRate;
    if (rate == PERIODIC_FAST) count += <u64>(quanta * quantumSeconds(g));
    else if (rate == PERIODIC_SLOW) count += <u64>(quanta * quantumSeconds(g) / 30);
  }
  return count;
}
