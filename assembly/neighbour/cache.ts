// The neighbour cache: ARP (RFC 826) for IPv4, neighbour discovery (RFC 4861 7.3) for IPv6. Linux has one set of states for both
// (net/core/neighbour.c), those of RFC 4861 with its numbers; what differs is how one asks (nd-send.ts) and what an answer teaches
// (below; nd-learn.ts).
//
// INCOMPLETE: 3 broadcast requests 1 s apart, then FAILED. REACHABLE for a random 15..45 s since the last confirmation; a
// flow whose both directions work confirms (TCP's acknowledgements). Then, if in use, DELAY 5 s → PROBE: 3 unicast requests
// 1 s apart → FAILED; if not in use, STALE until the next use. The next frame after FAILED starts INCOMPLETE again.
// Switches and routers keep an ARP entry for `arpAgeNs`, then refresh it by unicast requests if it is in use. RFC 4861 knows no such
// age: an IPv6 entry has the same states everywhere.
//
// A refresh of an entry that a working flow goes by, or that was confirmed since one did, is told only when its first question is not
// answered: REACHABLE before, REACHABLE
// afterwards, and nothing that anybody else would see. So it is with an address that nobody has: FAILED is told once, while flows that
// wait for it make INCOMPLETE begin again every three seconds. Both are left out (sim/rest-neighbour.ts).

import { ARP_DELAY, ARP_FAILED, ARP_FREE, ARP_INCOMPLETE, ARP_PROBE, ARP_REACHABLE, ARP_STALE, FRAME_ARP, NODE_HOST, NODE_HUNG, NODE_UP, T_ARP, T_GARP } from "../abi";
import { isIpv6 } from "../core/address";
import { isPast } from "../collections/event-queue";
import { cause, now, setCause, trace } from "../core/trace";
import { askedNeighbour } from "../sim/asked";
import { markNeighbour } from "../sim/dirty";
import { Frame, makeFrame, ofRefresh } from "../sim/frames";
import { noteAnswer, noteHeld, refreshRests, restingNeighbour, stirAskedBy, wakeNeighbour } from "../sim/rest-neighbour";
import { l3Of, nodeOf } from "../sim/tables";
import { TIMER_ARP, setTimer } from "../sim/timers";
import { sendOut } from "../switching/l3-out";
import { advertise, solicit } from "./nd-send";
import { PROBES, RETRANS, DELAY_FIRST_PROBE, Neighbour, neighbourOf, findNeighbour, createNeighbour, enterUntold, hasStates, lifetimeAt, faultOfOwner } from "../sim/neighbour-tables";

export const BROADCAST: u64 = 0xffffffffffff;
const LOCKTIME: i64 = 1000000000; // a second, different answer within this time is ignored

/** Row that resolved the last `resolve`, or the row being resolved, or -1; the record to blame when it failed. */
export let resolvedBy: i32 = -1;
export function resolveCause(): u32 { return resolvedBy >= 0 ? neighbourOf(resolvedBy).cause : 0; }

/** MAC for a frame to `ip`, or 0 while there is none. Using an entry moves its state as a frame would. */
export function resolve(l3: i32, ip: u32): u64 {
  askedNeighbour(ip);
  let i = findNeighbour(l3, ip);
  const frozen = nodeOf(l3Of(l3).node).state == NODE_HUNG; // the hardware goes on with the addresses that it has
  if (i < 0 && !frozen) i = createNeighbour(l3, ip);
  resolvedBy = i;
  if (i < 0) return 0;
  const n = neighbourOf(i);
  if (frozen) return n.state == ARP_INCOMPLETE || n.state == ARP_FAILED ? 0 : n.mac;
  switch (n.state) {
    case ARP_REACHABLE: case ARP_DELAY: case ARP_PROBE: return n.mac;
    case ARP_STALE: enter(i, ARP_DELAY, now + DELAY_FIRST_PROBE); return n.mac;
    case ARP_INCOMPLETE: return 0;
    default:
      n.probes = 0;
      if (n.told == ARP_FAILED) enterUntold(i, ARP_INCOMPLETE, now); // as before
      else enter(i, ARP_INCOMPLETE, now);
      return 0;
  }
}

/** The entry is about to change, and with it, when `others`, what is refreshed in its domain. */
export function touched(n: Neighbour, others: bool): void {
  if (others) stirAskedBy(n.l3);
  else if (restingNeighbour(n) && !isPast()) wakeNeighbour(n);
}

function enter(i: i32, state: i32, at: i64): void {
  const n = neighbourOf(i);
  if (n.told != state) { touched(n, true); tell(n, state); }
  enterUntold(i, state, at);
}
function tell(n: Neighbour, state: i32): void {
  const before = cause;
  n.told = state;
  n.cause = trace(T_ARP, n.l3, <i32>n.ip, state, <i32>n.mac);
  setCause(before);
}

/** Its address is known, and nobody has confirmed it. */
export function stale(i: i32): void { enter(i, ARP_STALE, -1); }
export function confirm(i: i32): void {
  neighbourOf(i).confirmedAt = now;
  reachable(i);
}
/** Confirmed a while ago: REACHABLE for what is left of the time. */
function reachable(i: i32): void {
  const n = neighbourOf(i);
  const until = n.confirmedAt + lifetimeAt(n, n.confirmedAt);
  n.probes = 0;
  enter(i, ARP_REACHABLE, until > now ? until : now);
  n.goodAt = now;
}

export function neighbourFired(i: i32): void {
  const n = neighbourOf(i);
  if (nodeOf(l3Of(n.l3).node).state != NODE_UP) return;
  switch (n.state) {
    case ARP_INCOMPLETE:
    case ARP_PROBE:
      if (n.probes == PROBES) {
        if (inVain(n)) { n.probes = 0; if (!refreshRests(i)) setTimer(TIMER_ARP, i, now); return; }
        blameOwner(n);
        enter(i, ARP_FAILED, -1);
        markNeighbour(l3Of(n.l3).node, n.ip);
        return;
      }
      n.probes += 1;
      if (n.probes > 1 && n.state == ARP_PROBE && n.told != n.state) { touched(n, true); tell(n, n.state); }
      setTimer(TIMER_ARP, i, now + RETRANS);
      ask(n);
      return;
    case ARP_REACHABLE: reachableFired(i); return;
    case ARP_DELAY:
      if (n.confirms > 0) { confirm(i); return; }
      if (n.confirmedAt + DELAY_FIRST_PROBE >= now) { reachable(i); return; }
      probe(i);
      return;
    default: return;
  }
}

/** To be asked for again. */
function probe(i: i32): void {
  const n = neighbourOf(i);
  n.probes = 0;
  if (!isRefresh(n)) enter(i, ARP_PROBE, now);
  else if (!refreshRests(i)) enterUntold(i, ARP_PROBE, now);
}
/** Nobody answers, as before, and a flow sends on: the next frame begins again. */
function inVain(n: Neighbour): bool { return n.state == ARP_INCOMPLETE && n.told == ARP_FAILED && n.holds > 0; }
/** All is well as far as anybody knows: a flow by the entry works, or it was confirmed since the last one that did. */
function isRefresh(n: Neighbour): bool { return n.told == ARP_REACHABLE && (n.works > 0 || n.doubtAt <= n.goodAt); }

function ask(n: Neighbour): void {
  const probes = n.state == ARP_PROBE;
  ofRefresh(n.told == (probes ? ARP_REACHABLE : ARP_FAILED) ? n.refresh : 0);
  if (isIpv6(n.ip)) solicit(n.l3, n.ip, probes ? n.mac : 0);
  else sendArp(n.l3, 1, l3Of(n.l3).mac, probes ? n.mac : BROADCAST, l3Of(n.l3).ip, 0, n.ip);
  ofRefresh(0);
}

/** Nobody answers: because the owner of the address has failed, or because what the asker sent was lost. */
function blameOwner(n: Neighbour): void {
  const fault = faultOfOwner(n.ip);
  const asker = nodeOf(l3Of(n.l3).node);
  if (fault != 0) setCause(fault);
  else if (asker.lossCause != 0 && asker.lossSince > n.goodAt) setCause(asker.lossCause);
}

function reachableFired(i: i32): void {
  const n = neighbourOf(i);
  const host = hasStates(n);
  if (host && n.confirms > 0) { n.parked = 1; return; }
  const until = n.confirmedAt + lifetimeAt(n, n.confirmedAt);
  if (host && until > now) { setTimer(TIMER_ARP, i, until); return; }
  if (n.holds == 0) { enter(i, ARP_STALE, -1); return; }
  if (!host) { probe(i); return; }
  n.probes = 0;
  if (isRefresh(n)) enterUntold(i, ARP_DELAY, now + DELAY_FIRST_PROBE);
  else enter(i, ARP_DELAY, now + DELAY_FIRST_PROBE);
}

/** A flow uses the entry, or waits for it (`by` 1), or no longer does (-1); `works`: in both its directions; `confirms`: and the neighbour's answers show it. */
export function holdNeighbour(i: i32, ip: u32, by: i32, works: bool, confirms: bool): void {
  const n = neighbourOf(i);
  if (n.state == ARP_FREE || n.ip != ip) return;
  if (restingNeighbour(n)) { if (confirms && hasStates(n)) wakeNeighbour(n); else noteHeld(n); }
  n.holds = max(n.holds + by, 0);
  if (works) { n.works = max(n.works + by, 0); if (by < 0) n.doubtAt = now; }
  if (!confirms) return;
  n.confirms += by;
  if (n.confirms < 0) n.confirms = 0;
  n.confirmedAt = now;
  if (n.confirms > 0 || n.state != ARP_REACHABLE || !hasStates(n)) return;
  n.parked = 0; // whenever its timer was set before, it runs from now
  setTimer(TIMER_ARP, i, now + lifetimeAt(n, now));
}

/** What becomes of the entry is explained by this record. */
export function blameNeighbour(i: i32, record: u32): void {
  if (i >= 0 && neighbourOf(i).state > ARP_INCOMPLETE && neighbourOf(i).state != ARP_FAILED) neighbourOf(i).cause = record;
}

/** Sends an ARP frame from an interface. */
function sendArp(l3: i32, op: i32, senderMac: u64, dstMac: u64, senderIp: u32, targetMac: u64, targetIp: u32): void {
  sendArpFrom(l3, senderMac, op, senderMac, dstMac, senderIp, targetMac, targetIp);
}
/** The same with a source of the frame that is not the sender of the message: who answers in another's name. */
export function sendArpFrom(l3: i32, srcMac: u64, op: i32, senderMac: u64, dstMac: u64, senderIp: u32, targetMac: u64, targetIp: u32): void {
  const f = makeFrame(FRAME_ARP, l3Of(l3).node, srcMac, dstMac);
  f.a = op; f.c = senderIp; f.e = senderMac; f.d = targetIp; f.f = targetMac;
  sendOut(l3, f);
}

/** Gratuitous ARP: a broadcast request whose sender and target are the own address. IPv6: an unsolicited advertisement. */
export function announce(l3: i32, count: i32): void { announceAs(l3, l3Of(l3).mac, l3Of(l3).ip, count); }
export function announceAs(l3: i32, mac: u64, ip: u32, count: i32): void {
  const before = cause;
  trace(T_GARP, l3, <i32>ip, count, 0);
  for (let i = 0; i < count; i++) {
    if (isIpv6(ip)) advertise(l3, mac, ip);
    else sendArp(l3, 1, mac, BROADCAST, ip, 0, ip);
  }
  setCause(before);
}

/** What an ARP frame teaches an interface (arp_process). `forUs`: the target address is ours. */
export function learnNeighbour(l3: i32, f: Frame, forUs: bool): void {
  if (f.c == 0 || f.c == l3Of(l3).ip) return;
  let i = findNeighbour(l3, f.c);
  const gratuitous = f.c == f.d;
  if (i < 0) {
    if (!forUs || f.a != 1) return; // a new entry only for who asks us
    i = createNeighbour(l3, f.c);
  }
  const n = neighbourOf(i);
  const answer = f.a == 2 && f.dstMac != BROADCAST;
  const known = n.mac != 0 && n.state != ARP_FREE && n.state != ARP_FAILED && n.state != ARP_INCOMPLETE;
  if (known && n.mac != f.e && now - n.updatedAt < LOCKTIME && !gratuitous) return;
  const moved = n.mac != f.e;
  if (!known || moved) touched(n, true);
  else if (answer) touched(n, false);
  n.mac = f.e;
  if (moved) { n.updatedAt = now; n.told = ARP_FREE; } // the change is told even if the state stays
  if (answer) {
    noteAnswer(n, f.refresh);
    if (n.state != ARP_REACHABLE || moved) confirm(i);
    if (!known || moved) markNeighbour(l3Of(l3).node, n.ip); // otherwise it is used as before
    return;
  }
  if (known && !moved) return;
  // Routers keep it for their ageing time; Linux holds it STALE until used.
  if (nodeOf(l3Of(l3).node).kind == NODE_HOST) stale(i);
  else confirm(i);
  markNeighbour(l3Of(l3).node, n.ip);
}
