// Routers of first-hop groups at rest: one that leads its group, others that hear it and would not take over, in a domain in which
// nothing changes. Routers of one group and domain rest and wake together: a company, a ring through `next`. While they rest, the MAC table
// rows that their hellos keep fresh are held. What each protocol asks for: rest-vrrp.ts, rest-hsrp.ts, rest-glbp.ts.

import { FHRP_ANYCAST, FHRP_GLBP, HSRP_INITIAL, VRRP_INITIALIZE } from "../abi";
import { NEVER, isPast } from "../collections/event-queue";
import { NO_ROW, fdbKeep, fdbKey, fdbPeek, fdbSeenAt } from "../collections/fdb";
import { take } from "../core/memory";
import { now, setCause } from "../core/trace";
import { FORWARDERS } from "../fhrp/glbp";
import { watchAgeing } from "./ageing";
import { domainOf, domainQuiet, nextBridge } from "./domain";
import { fhrpOf, fhrps, hsrpOf } from "./fhrp-tables";
import { glbpDue, glbpFits, glbpMacAt, glbpMoveOn, glbpTurn } from "./rest-glbp";
import { wakeAsked } from "./rest-neighbour";
import { hsrpDue, hsrpFits, hsrpLeads, hsrpMac, hsrpMoveOn, hsrpSeconds } from "./rest-hsrp";
import { countLeftOut, everyHello } from "./rest-rules";
import { vrrpDue, vrrpFits, vrrpLeads, vrrpMac, vrrpMoveOn } from "./rest-vrrp";
import { goBack, makeUp } from "./past";
import { bridgeOf, l3Of, nodeOf, running, vrrpOf, vrrpPlaceOf, vrrps } from "./tables";
import { TIMER_FHRP, TIMER_VRRP, setTimer, stopTimer } from "./timers";
import { NO_VOICE, isVrrp, l3Voiced, rowVoiced, voiceOf, voiceOfFhrp, voiceOfVrrp } from "./voice";

/** Who keeps company with whom; room for the rows that each holds. Before the engine's memory is sealed. */
export function formVoiceCompanies(): void {
  for (let v = 0; v < vrrps; v++) enrol(voiceOfVrrp(v));
  for (let k = 0; k < fhrps; k++) if (fhrpOf(k).kind != FHRP_ANYCAST) enrol(voiceOfFhrp(k));
}
function enrol(v: i32): void {
  const voice = voiceOf(v);
  const at = bridgeVoiced(v);
  voice.next = v;
  voice.nextInDomain = -1;
  if (at < 0) return;
  const domain = domainOf(at);
  for (let w = domain.voices; w >= 0; w = voiceOf(w).nextInDomain) {
    if (!sameGroup(v, w)) continue;
    voice.next = voiceOf(w).next;
    voiceOf(w).next = v;
    break;
  }
  voice.nextInDomain = domain.voices;
  domain.voices = v;
  let count = 1;
  for (let i = nextBridge(at); i != at; i = nextBridge(i)) count += 1;
  voice.held = take(<usize>(count * macsMost(v)) << 2);
}
function bridgeVoiced(v: i32): i32 { return l3Of(l3Voiced(v)).bridge; }
function isGlbp(v: i32): bool { return !isVrrp(v) && fhrpOf(rowVoiced(v)).kind == FHRP_GLBP; }
function sameGroup(v: i32, w: i32): bool {
  if (isVrrp(v) || isVrrp(w)) return isVrrp(v) && isVrrp(w) && vrrpOf(rowVoiced(v)).vrid == vrrpOf(rowVoiced(w)).vrid;
  const a = fhrpOf(rowVoiced(v));
  const b = fhrpOf(rowVoiced(w));
  return a.kind == b.kind && a.group == b.group && a.version == b.version;
}

export function restingVoice(v: i32): bool { return voiceOf(v).restAt != 0; }

// --- what differs by protocol -------------------------------------------------------------------------

function alive(v: i32): bool {
  const i = l3Of(l3Voiced(v));
  return i.up != 0 && running(i.node) && (isVrrp(v) ? vrrpOf(rowVoiced(v)).state != VRRP_INITIALIZE : hsrpOf(rowVoiced(v)).state != HSRP_INITIAL);
}
function everyNs(v: i32): i64 { return isVrrp(v) ? vrrpOf(rowVoiced(v)).intervalNs : hsrpOf(rowVoiced(v)).helloNs; }
function leads(v: i32): bool { return isVrrp(v) ? vrrpLeads(rowVoiced(v)) : hsrpLeads(rowVoiced(v)); }
function fits(v: i32, leader: i32, second: i32): bool {
  if (isVrrp(v)) return vrrpFits(rowVoiced(v), rowVoiced(leader));
  if (!hsrpFits(rowVoiced(v), rowVoiced(leader), second == NO_VOICE ? -1 : rowVoiced(second))) return false;
  return !isGlbp(v) || glbpFits(v, leader);
}
function macsMost(v: i32): i32 { return isGlbp(v) ? FORWARDERS : 1; }
/** Source addresses of its hello, 0 for none: one frame each. */
function macAt(v: i32, n: i32): u64 { return isVrrp(v) ? vrrpMac(rowVoiced(v)) : isGlbp(v) ? glbpMacAt(rowVoiced(v), n) : hsrpMac(rowVoiced(v)); }
function moveOn(v: i32, span: i64, far: bool): void {
  if (isVrrp(v)) vrrpMoveOn(rowVoiced(v), span, far);
  else { hsrpMoveOn(rowVoiced(v), span, far); if (isGlbp(v)) glbpMoveOn(rowVoiced(v), far); }
}
/** When its machine is due. */
function due(v: i32): i64 { return isVrrp(v) ? vrrpDue(rowVoiced(v)) : isGlbp(v) ? glbpDue(rowVoiced(v)) : hsrpDue(rowVoiced(v)); }
/**
 * A nanosecond before it does more than say hello. What ends in that instant is ended by whichever of its events comes first, and that may be
 * another's hello: by then the company has to be awake.
 */
function turn(v: i32): i64 {
  const at = isGlbp(v) && alive(v) ? glbpTurn(rowVoiced(v)) : NEVER;
  return at == NEVER ? NEVER : at - 1;
}
function cause(v: i32): u32 { return isVrrp(v) ? vrrpPlaceOf(rowVoiced(v)).cause : fhrpOf(rowVoiced(v)).cause; }
function setTimerOf(v: i32, at: i64): void {
  const kind = isVrrp(v) ? TIMER_VRRP : TIMER_FHRP;
  if (at == NEVER) stopTimer(kind, rowVoiced(v)); else setTimer(kind, rowVoiced(v), at);
}

// --- to rest -------------------------------------------------------------------------------------------

/** A router has spoken: does its company only say and hear hellos? Then it rests from now on. */
export function mayRestVoice(v: i32): void {
  const at = bridgeVoiced(v);
  if (everyHello || at < 0 || now == 0) return;
  const domain = domainOf(at);
  if (domain.unfit != 0 || now - domain.changedAt < 3 * everyNs(v)) return; // most often: too early
  const longest = longestOf(v);
  if (now - domain.changedAt < 3 * longest || !settled(v, 3 * longest) || !domainQuiet(at)) return;
  if (domain.spanNs > longest || domain.agesNs <= longest) return; // what is said does not arrive before the next is said, or is forgotten by then
  lieDown(v, at);
  domain.resting += 1;
}

function longestOf(v: i32): i64 {
  let longest: i64 = 0;
  let w = v;
  do { if (alive(w)) longest = max(longest, everyNs(w)); w = voiceOf(w).next; } while (w != v);
  return longest;
}

function settled(v: i32, window: i64): bool {
  let leader = NO_VOICE; let second = NO_VOICE;
  let w = v;
  do {
    if (alive(w)) {
      if (now - voiceOf(w).changedAt < window || turn(w) <= now) return false;
      if (leads(w)) { if (leader != NO_VOICE) return false; leader = w; }
      else if (!isVrrp(w) && hsrpSeconds(rowVoiced(w))) { if (second != NO_VOICE) return false; second = w; }
    }
    w = voiceOf(w).next;
  } while (w != v);
  if (leader == NO_VOICE) return false;
  do {
    if (alive(w) && !fits(w, leader, second)) return false;
    w = voiceOf(w).next;
  } while (w != v);
  return true;
}

function lieDown(v: i32, at: i32): void {
  let w = v;
  do {
    voiceOf(w).restAt = now;
    voiceOf(w).heldCount = 0;
    setTimerOf(w, turn(w));
    if (alive(w)) for (let n = 0, most = macsMost(w); n < most; n++) if (macAt(w, n) != 0) holdRows(w, at, macAt(w, n));
    w = voiceOf(w).next;
  } while (w != v);
}
function holdRows(v: i32, at: i32, mac: u64): void {
  const voice = voiceOf(v);
  const fresh = now - everyNs(v) * 3 / 2;
  let i = at;
  do {
    const b = bridgeOf(i);
    const row = fdbPeek(b.node, fdbKey(b.vlan, mac));
    if (row != NO_ROW && fdbSeenAt(row) > fresh) {
      store<i32>(voice.held + (<usize>voice.heldCount << 2), row);
      voice.heldCount += 1;
      fdbKeep(row, 1, 0);
    }
    i = nextBridge(i);
  } while (i != at);
}

// --- and awake ------------------------------------------------------------------------------------------

/** Wakes the company: clocks go on by whole intervals, the last hellos are simulated. */
function wakeVoice(v: i32): void {
  const domain = domainOf(bridgeVoiced(v));
  const present = now;
  const since = voiceOf(v).restAt;
  const tail = 2 * longestOf(v) + domain.spanNs;
  const far = present - since > tail;
  domain.resting -= 1;
  goBack(since);
  let w = v;
  do {
    voiceOf(w).restAt = 0;
    setTimerOf(w, NEVER);
    if (alive(w)) {
      const hellos = far ? (present - since - tail) / everyNs(w) : 0;
      moveOn(w, hellos * everyNs(w), far);
      for (let n = 0, most = macsMost(w); n < most; n++) if (macAt(w, n) != 0) countLeftOut(<u64>hellos);
      setCause(cause(w));
      if (due(w) != NEVER) setTimerOf(w, max(due(w), since));
    }
    w = voiceOf(w).next;
  } while (w != v);
  makeUp();
  do { letGo(w); w = voiceOf(w).next; } while (w != v);
}
function letGo(v: i32): void {
  const voice = voiceOf(v);
  for (let k = 0; k < voice.heldCount; k++) {
    const row = load<i32>(voice.held + (<usize>k << 2));
    fdbKeep(row, -1, 0);
    watchAgeing(row);
  }
  voice.heldCount = 0;
}

/** Its timer has come, or it is about to change. */
export function stirVoice(v: i32): void { if (restingVoice(v)) wakeVoice(v); }

/** Something in the bridge's domain is about to change. */
export function stirDomain(bridge: i32): void {
  if (bridge < 0 || isPast()) return;
  const domain = domainOf(bridge);
  domain.changedAt = now;
  wakeAsked(domain);
  for (let v = domain.voices; v >= 0 && domain.resting > 0; v = voiceOf(v).nextInDomain) stirVoice(v);
}
export function stirDomains(node: i32): void {
  const n = nodeOf(node);
  for (let b = n.firstBridge, end = n.firstBridge + n.bridgeCount; b < end; b++) stirDomain(b);
}
