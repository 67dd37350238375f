// Cables: signal, carrier, detection. A port's signal is there when the cable is whole, both ends are enabled and both
// nodes have power. The driver says so `detectNs` later, in both directions of change.

import { NODE_HUNG, NODE_UP, T_CARRIER } from "../abi";
import { cause, now, setCause, trace } from "../core/trace";
import { carrierChanged } from "./carrier";
import { SHUT_BY_GUARD, linkOf, nodeOf, otherEnd, portOf } from "../sim/tables";
import { TIMER_CARRIER, setTimer, stopTimer, timerAt } from "../sim/timers";
import { NEVER } from "../collections/event-queue";
import { markPort } from "../sim/dirty";
import { stirPort } from "../sim/rest";
import { pxeCarrier } from "./pxe";

function powered(port: i32): bool {
  const p = portOf(port);
  const state = nodeOf(p.node).state;
  return p.admin != 0 && (state == NODE_UP || state == NODE_HUNG);
}

export function signal(port: i32): bool {
  const p = portOf(port);
  if (p.link < 0) return false;
  const link = linkOf(p.link);
  return link.cut == 0 && (link.noSignal & (1 << p.end)) == 0 && powered(port) && (link.converter != 0 || powered(otherEnd(port)));
}

/** The signal at a port may have changed: the driver notices after its detection time. */
export function signalChanged(port: i32): void {
  const p = portOf(port);
  if (p.link < 0) return;
  const present = signal(port);
  markPort(port);
  markPort(otherEnd(port));
  if (present == (p.carrier != 0)) { stopTimer(TIMER_CARRIER, port); return; } // back before anyone noticed
  if (timerAt(TIMER_CARRIER, port) != NEVER) return;
  const own = nodeOf(p.node).state;
  // A node that loses power does not need to detect anything, nor one whose operator closed the port.
  const wait = !present && ((own != NODE_UP && own != NODE_HUNG) || p.shut != 0) ? 0 : linkOf(p.link).detectNs;
  setTimer(TIMER_CARRIER, port, now + wait);
}

export function linkChanged(link: i32): void {
  signalChanged(linkOf(link).a);
  signalChanged(linkOf(link).b);
}

export function carrierFired(port: i32): void {
  const p = portOf(port);
  const present = signal(port);
  if (present == (p.carrier != 0)) return;
  stirPort(port);
  p.carrier = present ? 1 : 0;
  p.cause = trace(T_CARRIER, port, p.carrier, 0, 0);
  const state = nodeOf(p.node).state;
  if (state == NODE_UP || state == NODE_HUNG) carrierChanged(port, present, state == NODE_UP && nodeOf(p.node).firmware == 0);
  if (state == NODE_UP && nodeOf(p.node).firmware != 0) pxeCarrier(port, present);
  setCause(p.cause);
  markPort(port);
}

/** Enables or disables a port by its node (MC-LAG suspension). Both ends see it. */
export function setAdmin(port: i32, on: bool): void {
  portOf(port).held = on ? 0 : 1;
  applyAdmin(port);
}

/** The same by an operator; a port is enabled when neither of both disables it. */
export function setShut(port: i32, shut: bool): void { shutAs(port, shut ? 1 : 0); }
/** BPDU guard; setShut(port, false) opens the port again. */
export function errDisable(port: i32): void { shutAs(port, SHUT_BY_GUARD); }

function shutAs(port: i32, how: i32): void {
  portOf(port).shut = how;
  applyAdmin(port);
}

function applyAdmin(port: i32): void {
  const p = portOf(port);
  const on = p.held == 0 && p.shut == 0;
  if ((p.admin != 0) == on) return;
  const before = cause;
  stirPort(port);
  p.admin = on ? 1 : 0;
  p.adminCause = before;
  signalChanged(port);
  if (p.link >= 0) signalChanged(otherEnd(port));
  setCause(before);
}
