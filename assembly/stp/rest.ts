// Rest: does a bridge only say hello, and hear the same again? And how its clocks go on when hellos were left out. When a port was
// heard last is known to the owner.

import { STP_BLOCKING, STP_CLASSIC, STP_FORWARDING } from "../abi";
import { BPDU_TCN, FLAG_PROPOSAL, FLAG_TC, FLAG_TCA } from "../wire/bpdu";
import { HOLD_TIME, isDesignated } from "./classic-procedures";
import { INFO_DISABLED, INFO_MINE, INFO_RECEIVED, NEVER, StpBridge, StpPort, UNIT, compareVectors, helloTime, msgVector, portOf, portVector } from "./port";

/** From one hello of the bridge to the next; 802.1D-1998: of the root, for the others pass on what they hear. */
export function periodNs(b: StpBridge): i64 { return <i64>(b.mode == STP_CLASSIC ? b.rootHelloTime : b.helloTime) * UNIT; }
/** From one hello that the port hears to the next, as the sender says. */
export function heardEveryNs(p: StpPort): i64 { return <i64>p.msgHelloTime * UNIT; }

/** Does the port go by what another one says? Otherwise it says what it knows itself, and hears nothing. */
export function listens(b: StpBridge, p: StpPort): bool {
  return p.portEnabled && (b.mode == STP_CLASSIC ? !isDesignated(b, p) : p.infoIs == INFO_RECEIVED);
}

/** Is each machine in a state that it is left from only by another message than the last, or by silence? */
export function settled(b: StpBridge, now: i64): bool {
  if (b.fastAgeing) return false;
  if (b.mode == STP_CLASSIC && (b.topologyChangeDetected || b.topologyChange || b.tcnAt != NEVER || b.topologyChangeAt != NEVER)) return false;
  for (let i = 0; i < b.count; i++) {
    const p = portOf(b, i);
    if (p.send != 0 || p.flush || (listens(b, p) && news(p))) return false;
    if (!(b.mode == STP_CLASSIC ? classicSettled(b, p) : rstpSettled(p, now))) return false;
  }
  return true;
}

/** Is what was heard last other than what the port goes by, or does it matter each time that it is said? */
function news(p: StpPort): bool {
  return p.msgType == BPDU_TCN || (p.msgFlags & (FLAG_PROPOSAL | FLAG_TC | FLAG_TCA)) != 0 || compareVectors(msgVector(p), portVector(p)) != 0;
}

function classicSettled(b: StpBridge, p: StpPort): bool {
  if (!p.portEnabled) return true;
  if ((p.state != STP_FORWARDING && p.state != STP_BLOCKING) || p.forwardDelayAt != NEVER || p.configPending || p.topologyChangeAck) return false;
  return (p.messageAgeAt == NEVER) == isDesignated(b, p);
}

function rstpSettled(p: StpPort, now: i64): bool {
  if (p.begin || p.reselect || !p.selected || p.updtInfo || p.role != p.selectedRole || p.disputed) return false;
  if (running(p.rrAt, now)) return false;
  if (!p.portEnabled) return p.infoIs == INFO_DISABLED;
  if (p.newInfo || p.txCount > 1 || running(p.fdAt, now) || running(p.rbAt, now) || running(p.mdelayAt, now)) return false;
  if (p.tcAt + 2 * helloTime(p) > now) return false; // a hello has said since that the change is over
  return p.infoIs == INFO_RECEIVED || (p.infoIs == INFO_MINE && !running(p.edgeDelayAt, now));
}
/** A timer that is neither over nor held by its state. One that ends at this very instant may not have been looked at yet. */
function running(at: i64, now: i64): bool { return at >= now && at != NEVER; }

/** Did the port say later than that what was due at `dueAt`? */
export function waits(b: StpBridge, p: StpPort, dueAt: i64): bool {
  return b.mode == STP_CLASSIC && p.portEnabled && p.holdAt != NEVER && p.holdAt > dueAt + HOLD_TIME;
}
/** When the bridge began to say hello last: the root by its own clock, others (802.1D-1998) when they heard at `heardAt`. */
export function dueAt(b: StpBridge, heardAt: i64): i64 { return b.rootPort < 0 ? b.helloAt - periodNs(b) : heardAt; }

/** Sets the clocks on by `span`. `far`: what was heard last is not known until the hellos are made up for: until then nobody is silent. */
export function moveOn(b: StpBridge, span: i64, far: bool): void {
  if (b.helloAt != NEVER) b.helloAt += span;
  for (let i = 0; i < b.count; i++) {
    const p = portOf(b, i);
    if (!p.portEnabled) continue;
    const hears = listens(b, p);
    if (b.mode == STP_CLASSIC) { if (far && hears) p.messageAgeAt = NEVER; continue; }
    p.helloAt += span;
    p.txSecondAt += span;
    if (!hears) continue;
    p.edgeDelayAt += span;
    if (far) p.rcvdInfoAt = NEVER;
  }
}

/** Ports that say hello. */
export function speakers(b: StpBridge): i32 {
  let count = 0;
  for (let i = 0; i < b.count; i++) { const p = portOf(b, i); if (p.portEnabled && !listens(b, p)) count += 1; }
  return count;
}
