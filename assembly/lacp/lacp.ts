// LACP: the ring of machines of 802.3ad clause 43, and what the rest of the engine calls.
//
// A port-channel runs the ring to rest at every input and timer. A Linux bond runs each machine once a tick.
// Nothing is sent here: sendPdu is raised; fillPdu() writes what to send.
//
// Causes: each member remembers the record that explains its next one. A hello that changes nothing is no cause.

import { LACP_AGGREGATION, LACP_COLLECTING, LACP_DEFAULTED, LACP_DISTRIBUTING, LACP_SYNCHRONIZATION,
  MUX_WAITING, PERIODIC_FAST, PERIODIC_SLOW, PERIODIC_TX, RX_CURRENT, RX_EXPIRED, UNSELECTED } from "../abi";
import { cause, setCause } from "../core/trace";
import { trap, TRAP_RING_PASSES } from "../core/trap";
import { Lacpdu } from "../wire/lacpdu";
import * as aggregator from "./aggregator";
import * as churn from "./churn";
import * as mux from "./mux";
import * as periodic from "./periodic";
import { LacpGroup, LacpPort, NEVER, actorAdminState, member, operationalKey, setSelected, setUsable, speedCode } from "./port";
import * as receive from "./receive";
import * as selection from "./selection";
import { advance, tickBefore, tickDue, tickTime } from "./timing";
import * as transmit from "./transmit";

export { groupAt, portAt, member, LacpGroup, LacpPort, LACP_GROUP_BYTES, LACP_PORT_BYTES, NEVER } from "./port";

/** More passes than any group needs: a member makes at most a handful of transitions at one instant. */
const RING_PASSES_MAX: i32 = 64;
const LONG_AGO: i64 = -1000000000000;

/** BEGIN: power on. Members start from nothing; those whose `enabled` is set have their link already. */
export function begin(g: LacpGroup, now: i64): void {
  g.clock = now;
  g.tick = g.linux ? tickBefore(g, now) : 0;
  g.running = true;
  g.carrier = false;
  g.holdOff = true;
  g.open = g.minLinks <= 1;
  g.resting = false;
  stirred(g, now);
  g.cause = cause;
  g.activeAggregator = -1;
  g.tracedAggregator = -1;
  g.aggregatorIds = <u16>g.count;
  for (let i = 0; i < g.count; i++) {
    beginPort(g, member(g, i), i);
    member(g, i).aggregatorId = <u32>i + 1;
    member(g, i).gone = false;
  }
}

/** More than a hello has happened. */
export function stirred(g: LacpGroup, now: i64): void {
  g.dirty = true;
  g.changedAt = now;
}

export function beginPort(g: LacpGroup, p: LacpPort, index: i32): void {
  p.index = index;
  p.aggregator = -1;
  p.begin = true;
  p.cause = cause;
  p.rxState = 0; p.periodicState = 0; p.periodicRate = 0; p.selected = UNSELECTED; p.muxState = 0;
  p.actorChurn = churn.CHURN_MONITOR; p.partnerChurn = churn.CHURN_MONITOR; p.actorChurns = 0; p.partnerChurns = 0;
  p.ntt = false; p.readyN = false; p.ready = false; p.churned = false; p.sendPdu = false;
  p.currentWhileAt = NEVER; p.periodicAt = NEVER; p.waitWhileAt = NEVER; p.churnAt = NEVER;
  p.sentAt = LONG_AGO; p.sentBefore = LONG_AGO; p.sentThird = LONG_AGO;
  p.firstTick = g.tick + 1;
  p.actorSystem = g.system; p.actorSystemPriority = g.systemPriority;
  p.actorState = actorAdminState(g) | LACP_DEFAULTED;
  p.partnerState = 0; p.partnerSystem = 0; p.partnerSystemPriority = 0; p.partnerKey = 0; p.partnerPortPriority = 0; p.partnerPort = 0;
  p.aggregatorKey = 0; p.aggregatorPartner = 0; p.aggregatorPartnerKey = 0; p.aggregatorPartnerPriority = 0;
  p.key = operationalKey(g, p);
  p.lacpEnabled = isLacpEnabled(g, p);
  const saved = cause;
  setUsable(p, 0);
  setCause(saved);
}

/** Linux talks LACP on full-duplex links of a known speed. */
function isLacpEnabled(g: LacpGroup, p: LacpPort): bool {
  return !g.linux || (p.enabled && speedCode(p.speedMbps) != 0);
}

/** The member's link became operational, or is lost (after carrier delays and miimon). */
export function setEnabled(g: LacpGroup, p: LacpPort, enabled: bool, now: i64): void {
  advance(g, now);
  if (p.enabled == enabled) return;
  const saved = cause;
  p.enabled = enabled;
  if (!enabled) setUsable(p, 0);
  p.cause = cause;
  g.cause = cause;
  if (g.running) {
    if (g.linux) {
      p.key = operationalKey(g, p);
      p.lacpEnabled = isLacpEnabled(g, p);
      if (p.lacpEnabled) p.begin = true; // from no speed to a speed: the driver restarts the port's machines
      aggregator.chooseActive(g);
    }
    stirred(g, now);
  }
  setCause(saved);
}

/**
 * Linux: the link is back before its downdelay was over. The carrier's change found it "going down", which is a speed of nothing (__get_link_speed), so the poll that
 * finds it up sees a speed change: the machines restart, and no frame passes till they have agreed anew (ad_update_actor_keys, bond_miimon_commit).
 */
export function restartPort(g: LacpGroup, p: LacpPort, now: i64): void {
  advance(g, now);
  const saved = cause;
  setUsable(p, 0);
  p.cause = cause;
  g.cause = cause;
  if (g.running && p.lacpEnabled) {
    p.begin = true;
    aggregator.chooseActive(g);
    stirred(g, now);
  }
  setCause(saved);
}

/** An LACPDU came in by this member. */
export function deliver(g: LacpGroup, p: LacpPort, pdu: Lacpdu, now: i64): void {
  advance(g, now);
  if (!g.running) return;
  const saved = cause;
  if (receive.deliver(g, p, pdu)) {
    p.cause = cause;
    g.cause = cause;
    stirred(g, now);
  }
  setCause(saved);
}

/** Lets the machines come to rest. Call after any input and at nextDeadline(). */
export function run(g: LacpGroup, now: i64): void {
  advance(g, now);
  if (!g.running) return;
  const saved = cause;
  if (g.linux) {
    if (tickDue(g, now)) runTick(g, now);
  } else runRing(g, now);
  setCause(saved);
}

// --- port-channel --------------------------------------------------------------------------------

function runRing(g: LacpGroup, now: i64): void {
  if (onlyHellosDue(g, now)) { sayHellos(g, now); return; }
  let passes = 0;
  while (pass(g, now)) {
    passes += 1;
    if (passes > RING_PASSES_MAX) trap(TRAP_RING_PASSES, member(g, 0).port);
  }
  // Sending and watching come last: what is sent is the state at rest.
  for (let i = 0; i < g.count; i++) {
    const p = member(g, i);
    setCause(p.cause);
    transmit.run(g, p, now);
    churn.run(g, p, now);
    p.cause = cause;
  }
  updateUsable(g);
  g.dirty = false;
}

/** At rest but for a periodic timer: then the ring does nothing but set `ntt`, and it is spared. */
function onlyHellosDue(g: LacpGroup, now: i64): bool {
  if (g.dirty) return false;
  for (let i = 0; i < g.count; i++) {
    const p = member(g, i);
    if (p.ntt || now >= p.churnAt || (p.muxState == MUX_WAITING && now >= p.waitWhileAt)) return false;
    if (now >= p.currentWhileAt && (p.rxState == RX_CURRENT || p.rxState == RX_EXPIRED)) return false;
  }
  return true;
}

function sayHellos(g: LacpGroup, now: i64): void {
  for (let i = 0; i < g.count; i++) {
    const p = member(g, i);
    if (periodic.hello(g, p, now)) transmit.run(g, p, now);
  }
}

/** Each machine of each member once. True: something changed. */
function pass(g: LacpGroup, now: i64): bool {
  let changed = false;
  for (let i = 0; i < g.count; i++) {
    const p = member(g, i);
    setCause(p.cause);
    const received = receive.run(g, p, now);
    const rate = p.periodicRate;
    const sent = periodic.run(g, p, now);
    if (received || rate != p.periodicRate) g.changedAt = now;
    p.cause = cause;
    if (received) g.cause = cause;
    if (received || sent) changed = true;
  }
  if (selection.run(g)) { changed = true; g.changedAt = now; }
  for (let i = 0; i < g.count; i++) {
    const p = member(g, i);
    setCause(p.cause);
    if (mux.run(g, p, now)) {
      changed = true;
      g.changedAt = now;
      g.cause = cause;
    }
    p.cause = cause;
    p.begin = false;
  }
  return changed;
}

/** minLinks counts the members that distribute: with fewer, none is usable. */
function updateUsable(g: LacpGroup): void {
  let distributing = 0;
  for (let i = 0; i < g.count; i++) if (mux.bitsOf(member(g, i)) == mux.USABLE_BOTH) distributing += 1;
  g.carrier = distributing > 0 && distributing >= g.minLinks;
  for (let i = 0; i < g.count; i++) {
    const p = member(g, i);
    const own = mux.bitsOf(p);
    const bits = g.carrier || g.minLinks <= 1 ? own : 0;
    if (bits == p.usable) continue;
    setCause(bits == own ? p.cause : g.cause); // what is shut by minLinks was shut by another member
    setUsable(p, bits);
    p.cause = cause;
  }
}

// --- Linux bond ----------------------------------------------------------------------------------

/** One tick: each machine once, port by port, in the driver's order. */
function runTick(g: LacpGroup, now: i64): void {
  g.tick += 1;
  let changed = false;
  if (g.holdOff) {
    g.holdOff = false;
    setCause(g.cause);
    aggregator.chooseActive(g);
    changed = true;
    g.changedAt = now;
  }
  for (let i = 0; i < g.count; i++) {
    const p = member(g, i);
    if (p.gone) continue;
    setCause(p.cause);
    const rate = p.periodicRate;
    const received = receive.run(g, p, now);
    if (periodic.run(g, p, now)) changed = true;
    const chosen = aggregator.run(g, p);
    const moved = mux.run(g, p, now);
    if (received || chosen || moved) changed = true;
    if (received || chosen || moved || rate != p.periodicRate) g.changedAt = now;
    transmit.run(g, p, now);
    churn.run(g, p, now);
    p.begin = false;
    p.cause = cause;
  }
  g.dirty = changed; // a tick that changed nothing is followed by others like it, until a timer or an input
}

// --- deadlines -----------------------------------------------------------------------------------

/** When run() has to be called next; NEVER when only an input can change anything. */
// @ts-ignore: decorator
@inline export function nextDeadline(g: LacpGroup): i64 {
  if (!g.running) return NEVER;
  if (g.dirty) return g.linux ? tickTime(g, g.tick + 1) : g.clock;
  let at = NEVER;
  for (let i = 0; i < g.count; i++) at = min(at, portDeadline(g, member(g, i)));
  return at;
}

function portDeadline(g: LacpGroup, p: LacpPort): i64 {
  if (p.gone) return NEVER;
  let at = min(p.churnAt, transmit.deadline(g, p));
  if (p.rxState == RX_CURRENT || p.rxState == RX_EXPIRED) at = min(at, p.currentWhileAt);
  if (p.periodicState == PERIODIC_FAST || p.periodicState == PERIODIC_SLOW) at = min(at, p.periodicAt);
  if (g.linux && p.periodicState == PERIODIC_TX) at = min(at, tickTime(g, g.tick + 1)); // PERIODIC_TX lasts a tick
  if (p.muxState == MUX_WAITING) at = min(at, p.waitWhileAt);
  return at;
}

// --- frames, departure, identity ------------------------------------------------------------------

/** Writes the frame that sendPdu asked for. The caller clears sendPdu. */
export function fillPdu(p: LacpPort, out: Lacpdu): void {
  const from = changetype<usize>(p) + offsetof<LacpPort>("actorSystem");
  const to = changetype<usize>(out);
  v128.store(to, v128.load(from));
  v128.store(to, v128.load(from, 16), 16);
  v128.store(to, v128.load(from, 32), 32);
  v128.store(to, v128.load(from, 48), 48);
}

/** Orderly departure: a last frame that is out of sync and not aggregatable, then silence until begin(). */
export function leave(g: LacpGroup, now: i64): void {
  advance(g, now);
  if (!g.running) return;
  g.running = false;
  g.carrier = false;
  const saved = cause;
  for (let i = 0; i < g.count; i++) {
    const p = member(g, i);
    p.actorState &= ~(LACP_SYNCHRONIZATION | LACP_COLLECTING | LACP_DISTRIBUTING | LACP_AGGREGATION);
    p.sendPdu = p.enabled && p.lacpEnabled;
    setCause(saved);
    setUsable(p, 0);
    p.cause = cause;
  }
  setCause(saved);
}

/** The control plane dies: the members carry what they carried, nothing is heard or said until begin(). */
export function freeze(g: LacpGroup): void { g.running = false; }

/** The system's identity changes (MC-LAG): all members are selected anew. */
export function setSystem(g: LacpGroup, system: u64, priority: u32, now: i64): void {
  advance(g, now);
  if (g.system == system && g.systemPriority == priority) return;
  g.system = system;
  g.systemPriority = priority;
  const saved = cause;
  for (let i = 0; i < g.count; i++) {
    const p = member(g, i);
    setCause(saved);
    p.actorSystem = system; p.actorSystemPriority = priority;
    setSelected(g, p, UNSELECTED);
    p.ntt = true;
    p.cause = cause;
  }
  g.cause = saved;
  stirred(g, now);
  setCause(saved);
}
