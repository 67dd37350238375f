// 802.3ad clause 43, receive machine (functions: 43.4.9; timers: 43.4.4).
//
// Linux handles a frame at once, and all other transitions, one each, in the next tick.

import {
  LACP_ACTIVITY, LACP_AGGREGATION, LACP_DEFAULTED, LACP_EXPIRED, LACP_SYNCHRONIZATION, LACP_TIMEOUT,
  RX_CURRENT, RX_DEFAULTED, RX_EXPIRED, RX_INITIALIZE, RX_LACP_DISABLED, RX_PORT_DISABLED, T_LACP_RX, UNSELECTED,
} from "../abi";
import { trace } from "../core/trace";
import { trap, TRAP_UNREACHABLE } from "../core/trap";
import { LACPDU_HALF, Lacpdu } from "../wire/lacpdu";
import {
  LacpGroup, LacpPort, NEVER, adminKey, adminPort, adminPortPriority, adminState, adminSystemPriority, has, setSelected,
} from "./port";
import { LONG_TIMEOUT_TIME, SHORT_TIMEOUT_TIME, startTimer } from "./timing";

/** One transition that needs no frame. True: something changed. */
export function run(g: LacpGroup, p: LacpPort, now: i64): bool {
  if (p.begin) return initialize(g, p);
  if (!p.enabled) return p.rxState != RX_PORT_DISABLED && toPortDisabled(g, p);
  switch (p.rxState) {
    case RX_CURRENT: return now >= p.currentWhileAt && toExpired(g, p);
    case RX_EXPIRED: return now >= p.currentWhileAt && toDefaulted(g, p);
    case RX_PORT_DISABLED: return p.lacpEnabled ? toExpired(g, p) : toLacpDisabled(g, p);
    case RX_LACP_DISABLED: return p.lacpEnabled && toPortDisabled(g, p);
    case RX_DEFAULTED: return false; // left by a frame only
    default: trap(TRAP_UNREACHABLE, p.port);
  }
  return false;
}

/** A frame came. True: it changed something; a hello that says what the last one said does not. */
export function deliver(g: LacpGroup, p: LacpPort, pdu: Lacpdu): bool {
  if (!p.enabled || p.begin) return false;
  if (p.rxState != RX_CURRENT && p.rxState != RX_EXPIRED && p.rxState != RX_DEFAULTED) return false;
  if (p.rxState == RX_CURRENT && repeats(p, pdu)) {
    restart(g, p);
    return false;
  }
  // Choice: a frame that this system sent itself (a looped cable) is dropped before the machine sees it.
  if (pdu.actorSystem == g.system) return false;
  return toCurrent(g, p, pdu);
}

function enter(p: LacpPort, state: i32): bool {
  const old = p.rxState;
  p.rxState = state;
  if (old != state) trace(T_LACP_RX, p.port, old, state, 0);
  return true;
}

/** INITIALIZE is left unconditionally, so it is never seen from outside. */
function initialize(g: LacpGroup, p: LacpPort): bool {
  setSelected(g, p, UNSELECTED);
  recordDefault(g, p);
  p.actorState &= ~LACP_EXPIRED;
  p.churned = true;
  if (p.rxState != RX_PORT_DISABLED) enter(p, RX_INITIALIZE);
  return toPortDisabled(g, p);
}

function toPortDisabled(g: LacpGroup, p: LacpPort): bool {
  p.currentWhileAt = NEVER;
  // Older kernels keep the partner's Sync bit (ad_rx_machine); there the link itself keeps the member from being used.
  if (!g.keepsSync) p.partnerState &= ~LACP_SYNCHRONIZATION;
  if (!g.linux) {
    p.churned = false; // Choice: a link that is down is not out of sync, it is down.
    p.churnAt = NEVER;
    // Choice: the clause leaves Selected alone here. A member without a link cannot be one of the first N of a
    // limited bundle, so it is detached, and waits Aggregate_Wait_Time again when it returns.
    setSelected(g, p, UNSELECTED);
  }
  return enter(p, RX_PORT_DISABLED);
}

function toLacpDisabled(g: LacpGroup, p: LacpPort): bool {
  setSelected(g, p, UNSELECTED);
  recordDefault(g, p);
  p.partnerState &= ~LACP_AGGREGATION;
  p.actorState &= ~LACP_EXPIRED;
  return enter(p, RX_LACP_DISABLED);
}

/** EXPIRED: out of sync, and asking quickly, so that a partner that lives is found again soon. */
function toExpired(g: LacpGroup, p: LacpPort): bool {
  p.partnerState = (p.partnerState & ~LACP_SYNCHRONIZATION) | LACP_TIMEOUT;
  p.currentWhileAt = startTimer(g, SHORT_TIMEOUT_TIME); // short whatever the own Timeout bit says
  p.actorState |= LACP_EXPIRED;
  p.churned = true;
  return enter(p, RX_EXPIRED);
}

function toDefaulted(g: LacpGroup, p: LacpPort): bool {
  enter(p, RX_DEFAULTED);
  updateDefaultSelected(g, p);
  recordDefault(g, p);
  p.actorState &= ~LACP_EXPIRED;
  p.currentWhileAt = NEVER;
  return true;
}

function toCurrent(g: LacpGroup, p: LacpPort, pdu: Lacpdu): bool {
  let changed = false;
  if (p.rxState != RX_CURRENT) {
    changed = enter(p, RX_CURRENT);
    p.churned = true;
  }
  if (updateSelected(g, p, pdu)) changed = true;
  if (updateNTT(g, p, pdu)) changed = true;
  if (recordPDU(g, p, pdu)) changed = true;
  restart(g, p);
  p.actorState &= ~LACP_EXPIRED;
  return changed;
}

function restart(g: LacpGroup, p: LacpPort): void {
  p.currentWhileAt = startTimer(g, has(p.actorState, LACP_TIMEOUT) ? SHORT_TIMEOUT_TIME : LONG_TIMEOUT_TIME);
}

/**
 * Does the frame say of its sender what is believed of the partner already, and of this port what is true? Then update_Selected, update_NTT
 * and recordPDU find nothing to do. Two vectors hold an end; what is behind its state is not compared, nor are the bits of this port's
 * state that update_NTT does not heed.
 */
function repeats(p: LacpPort, pdu: Lacpdu): bool {
  const own = changetype<usize>(p) + offsetof<LacpPort>("actorSystem");
  const said = changetype<usize>(pdu);
  const sender = v128.or(differ(said, own + LACPDU_HALF), v128.and(differ(said + 16, own + LACPDU_HALF + 16), i32x4(-1, -1, -1, 0)));
  const us = v128.or(differ(said + LACPDU_HALF, own), v128.and(differ(said + LACPDU_HALF + 16, own + 16), i32x4(-1, -1, HEEDED, 0)));
  return !v128.any_true(v128.or(sender, us)) && !has(p.actorState, LACP_DEFAULTED) && pdu.actorSystem != p.actorSystem;
}

// @ts-ignore: decorator
@inline function differ(a: usize, b: usize): v128 { return v128.xor(v128.load(a), v128.load(b)); }

/** What update_NTT looks at. */
const HEEDED: u32 = LACP_ACTIVITY | LACP_TIMEOUT | LACP_SYNCHRONIZATION | LACP_AGGREGATION;

/** recordDefault: believe what is configured about the partner. */
function recordDefault(g: LacpGroup, p: LacpPort): void {
  p.partnerSystem = 0;
  p.partnerSystemPriority = adminSystemPriority(g);
  p.partnerKey = adminKey(g);
  p.partnerPortPriority = adminPortPriority(g);
  p.partnerPort = adminPort(g);
  p.partnerState = adminState(g);
  p.actorState |= LACP_DEFAULTED;
}

/** update_Default_Selected: falling back to defaults that differ from what was heard means another LAG. */
function updateDefaultSelected(g: LacpGroup, p: LacpPort): void {
  const same = p.partnerSystem == 0 && p.partnerSystemPriority == adminSystemPriority(g) && p.partnerKey == adminKey(g)
    && p.partnerPortPriority == adminPortPriority(g) && p.partnerPort == adminPort(g)
    && !has(p.partnerState ^ adminState(g), LACP_AGGREGATION);
  if (!same) setSelected(g, p, UNSELECTED);
}

/** update_Selected: a partner that changed its identity is not the one this port was selected for. */
function updateSelected(g: LacpGroup, p: LacpPort, pdu: Lacpdu): bool {
  const same = pdu.actorSystem == p.partnerSystem && pdu.actorSystemPriority == p.partnerSystemPriority
    && pdu.actorKey == p.partnerKey && pdu.actorPortPriority == p.partnerPortPriority && pdu.actorPort == p.partnerPort
    && !has(pdu.actorState ^ p.partnerState, LACP_AGGREGATION);
  return !same && setSelected(g, p, UNSELECTED);
}

/** Does the frame name this port as its partner? */
function namesUs(g: LacpGroup, p: LacpPort, pdu: Lacpdu): bool {
  return pdu.partnerSystem == g.system && pdu.partnerSystemPriority == g.systemPriority && pdu.partnerKey == p.key
    && pdu.partnerPortPriority == p.priority && pdu.partnerPort == p.number;
}

/** update_NTT: the partner believes something outdated of us. */
function updateNTT(g: LacpGroup, p: LacpPort, pdu: Lacpdu): bool {
  if (namesUs(g, p, pdu) && ((pdu.partnerState ^ p.actorState) & HEEDED) == 0) return false;
  if (p.ntt) return false;
  p.ntt = true;
  return true;
}

/** 43.4.9: is one of the two active, as far as the partner knows? Linux does not ask (__record_pdu). */
function maintained(g: LacpGroup, p: LacpPort, pdu: Lacpdu): bool {
  return g.linux || has(pdu.actorState, LACP_ACTIVITY) || has(p.actorState & pdu.partnerState, LACP_ACTIVITY);
}

/** recordPDU, with choose_matched: Sync counts only when the partner means this very link, and one of the two speaks by itself. */
function recordPDU(g: LacpGroup, p: LacpPort, pdu: Lacpdu): bool {
  const matched = maintained(g, p, pdu) && (!has(pdu.actorState, LACP_AGGREGATION)
    || (namesUs(g, p, pdu) && !has(pdu.partnerState ^ p.actorState, LACP_AGGREGATION)));
  const state = matched ? pdu.actorState : pdu.actorState & ~LACP_SYNCHRONIZATION;
  const changed = p.partnerSystem != pdu.actorSystem || p.partnerSystemPriority != pdu.actorSystemPriority
    || p.partnerKey != pdu.actorKey || p.partnerPortPriority != pdu.actorPortPriority || p.partnerPort != pdu.actorPort
    || p.partnerState != state || has(p.actorState, LACP_DEFAULTED);
  p.partnerSystem = pdu.actorSystem;
  p.partnerSystemPriority = pdu.actorSystemPriority;
  p.partnerKey = pdu.actorKey;
  p.partnerPortPriority = pdu.actorPortPriority;
  p.partnerPort = pdu.actorPort;
  p.partnerState = state;
  p.actorState &= ~LACP_DEFAULTED;
  return changed;
}
