// 802.3ad clause 43, periodic transmission machine (timers: 43.4.4).
//
// The partner's Timeout bit sets the rate: it says how soon the partner forgets.

import { LACP_ACTIVITY, LACP_TIMEOUT, PERIODIC_FAST, PERIODIC_NONE, PERIODIC_SLOW, PERIODIC_TX, T_LACP_PERIODIC } from "../abi";
import { trace } from "../core/trace";
import { trap, TRAP_UNREACHABLE } from "../core/trap";
import { LacpGroup, LacpPort, NEVER, has } from "./port";
import { FAST_PERIODIC_TIME, SLOW_PERIODIC_TIME, startPeriodicTimer } from "./timing";

/** One transition. True: run the machines again (Linux: in the next tick). */
export function run(g: LacpGroup, p: LacpPort, now: i64): bool {
  if (silent(p)) return p.periodicState != PERIODIC_NONE && toNone(p);
  const short = has(p.partnerState, LACP_TIMEOUT);
  switch (p.periodicState) {
    case PERIODIC_NONE: return toFast(g, p);
    case PERIODIC_FAST:
      if (now >= p.periodicAt) return toTx(p);
      return !short && toSlow(g, p);
    case PERIODIC_SLOW: return (now >= p.periodicAt || short) && toTx(p);
    case PERIODIC_TX:
      if (short) toFast(g, p);
      else toSlow(g, p);
      return false; // at rest: the timer was just set by the bit that decides
    default: trap(TRAP_UNREACHABLE, p.port);
  }
  return false;
}

/** The way through PERIODIC_TX back to where the machine was, when all else is at rest. True: its time had come. */
// @ts-ignore: decorator
@inline export function hello(g: LacpGroup, p: LacpPort, now: i64): bool {
  if ((p.periodicState != PERIODIC_FAST && p.periodicState != PERIODIC_SLOW) || now < p.periodicAt) return false;
  p.ntt = true;
  p.periodicAt = startPeriodicTimer(g, p.periodicState == PERIODIC_FAST ? FAST_PERIODIC_TIME : SLOW_PERIODIC_TIME);
  return true;
}

/** NO_PERIODIC: nobody to talk to, or both ends speak only when spoken to. */
function silent(p: LacpPort): bool {
  return p.begin || !p.enabled || !p.lacpEnabled || !has(p.actorState | p.partnerState, LACP_ACTIVITY);
}

function enter(p: LacpPort, state: i32): bool {
  p.periodicState = state;
  if (state != p.periodicRate) trace(T_LACP_PERIODIC, p.port, p.periodicRate, state, 0);
  p.periodicRate = state;
  return true;
}

function toNone(p: LacpPort): bool {
  p.periodicAt = NEVER;
  return enter(p, PERIODIC_NONE);
}

function toFast(g: LacpGroup, p: LacpPort): bool {
  p.periodicAt = startPeriodicTimer(g, FAST_PERIODIC_TIME);
  return enter(p, PERIODIC_FAST);
}

function toSlow(g: LacpGroup, p: LacpPort): bool {
  p.periodicAt = startPeriodicTimer(g, SLOW_PERIODIC_TIME);
  return enter(p, PERIODIC_SLOW);
}

/** PERIODIC_TX lasts no time (Linux: a tick) and is not told: it would be a record each second. */
function toTx(p: LacpPort): bool {
  p.ntt = true;
  p.periodicState = PERIODIC_TX;
  return true;
}
