// LACP fallback in the simulation: opens and closes the members that the machine names, and lets the peers of an MC-LAG
// pair agree on one leg.

import { FLUSH_FALLBACK, RX_DEFAULTED, T_FALLBACK } from "../abi";
import { take } from "../core/memory";
import { cause, now, setCause, trace } from "../core/trace";
import { FALLBACK_BYTES, FALLBACK_NORMAL, Fallback, alone, bestOf, compareClaims, heard, reset, run } from "../lacp/fallback";
import { LacpGroup, NEVER, member as lacpMember } from "../lacp/port";
import { peerLinkOf } from "../sim/pairs";
import { flushPort } from "../switching/bridge";
import { markDirty } from "../sim/dirty";
import { settle } from "./lag";
import { stirPort } from "../sim/rest";
import { groupOf, lagOf, maxGroups, nodeOf, portOf, running } from "../sim/tables";
import { TIMER_FALLBACK, followDeadline, stopTimer } from "../sim/timers";

/** Which leg of an MC-LAG pair falls back: each by itself, or the better one of the two. */
const PEERS_ONE: i32 = 1;

let base: usize = 0;
let peersAt: usize = 0; // PEERS_* a group, and the state that was told
export function reserveFallback(): void { base = take(<usize>maxGroups * FALLBACK_BYTES); peersAt = take(<usize>maxGroups << 3); }
export function fallbackOf(group: i32): Fallback { return changetype<Fallback>(base + <usize>group * FALLBACK_BYTES); }
function peersOf(group: i32): i32 { return load<i32>(peersAt + (<usize>group << 3)); }
function toldOf(group: i32): i32 { return load<i32>(peersAt + (<usize>group << 3), 4); }

export function configureFallback(group: i32, rule: i32, timeoutNs: i64, port: i32, peers: i32): void {
  const f = fallbackOf(group);
  groupOf(group).fallsBack = rule != 0;
  f.rule = rule; f.timeoutNs = timeoutNs; f.port = port;
  f.dueAt = NEVER;
  store<i32>(peersAt + (<usize>group << 3), peers);
}

/** An LACPDU has arrived: fallback ends before the machines see it. */
export function fallbackHeard(group: i32): void {
  if (!groupOf(group).fallsBack) return;
  const f = fallbackOf(group);
  heard(f, now);
  if (toldOf(group) != FALLBACK_NORMAL) apply(group, groupOf(group), 0);
}

/** The group has come to rest: what does fallback make of it? */
export function settleFallback(group: i32, g: LacpGroup): void {
  if (!g.fallsBack) return;
  const f = fallbackOf(group);
  const before = cause;
  agree(group, g, f);
  const changed = run(f, g, now);
  if (changed || toldOf(group) != f.state) { setCause(g.cause != 0 ? g.cause : before); apply(group, g, f.set); }
  setCause(before);
  followDeadline(TIMER_FALLBACK, group, f.dueAt, now);
  const twin = twinOf(group);
  if (changed && twin >= 0) look(twin);
  setCause(before);
}

export function fallbackFired(group: i32): void { if (running(groupOf(group).node)) settle(group, groupOf(group)); }

/** A change at one peer is looked at by the other at once. */
function look(group: i32): void {
  const g = groupOf(group);
  const f = fallbackOf(group);
  if (!running(g.node)) return;
  const yielded = f.yields;
  agree(group, g, f);
  if (f.yields == yielded) return;
  if (run(f, g, now) || toldOf(group) != f.state) apply(group, g, f.set);
  followDeadline(TIMER_FALLBACK, group, f.dueAt, now);
}

/** The group of the other peer's leg, when the pair's rule is one leg, both peers run and hear each other; else -1. */
function twinOf(group: i32): i32 {
  if (peersOf(group) != PEERS_ONE) return -1;
  const lag = lagOf(groupOf(group).lag);
  if (lag.twin < 0 || !running(lagOf(lag.twin).node)) return -1;
  const between = peerLinkOf(lag.node);
  return between >= 0 && lagOf(between).up != 0 ? lagOf(lag.twin).group : -1;
}

/** Choice: the peers know of each other's links without delay; the better claim is that of the lower port, then of the lower MAC. */
function agree(group: i32, g: LacpGroup, f: Fallback): void {
  const yielded = f.yields;
  f.yields = yieldsTo(twinOf(group), g, f);
  // The other leg is gone: the time runs anew, and two links that are lost in one instant open nothing.
  if (yielded && !f.yields) { f.sinceAt = now + 1; f.state = FALLBACK_NORMAL; }
}

function yieldsTo(twin: i32, g: LacpGroup, f: Fallback): bool {
  if (twin < 0) return false;
  if (fallbackOf(twin).rule == 0) return false; // only this peer has a member to force up
  const other = groupOf(twin);
  const theirs = bestOf(fallbackOf(twin), other);
  const own = bestOf(f, g);
  if (theirs < 0) return false;
  if (own < 0 || partnerKnown(other)) return true;
  const order = compareClaims(lacpMember(other, theirs), lacpMember(g, own));
  return order != 0 ? order < 0 : nodeOf(other.node).mac < nodeOf(g.node).mac;
}

/** Somebody answers at the other leg: this one waits for LACP too. */
function partnerKnown(g: LacpGroup): bool {
  for (let i = 0; i < g.count; i++) {
    const p = lacpMember(g, i);
    if (p.enabled && p.rxState != RX_DEFAULTED && p.partnerSystem != 0) return true;
  }
  return false;
}

/** Opens the members of `set` and closes the others. */
function apply(group: i32, g: LacpGroup, set: u64): void {
  const f = fallbackOf(group);
  const before = cause;
  const old = toldOf(group);
  store<i32>(peersAt + (<usize>group << 3), f.state, 4);
  const record = old == f.state && set == 0 ? before : trace(T_FALLBACK, g.lag, old, f.state, <i32>set);
  const solo = alone(f);
  for (let i = 0; i < g.count; i++) {
    const open = ((set >> <u64>i) & 1) != 0;
    const port = lacpMember(g, i).port;
    lacpMember(g, i).forced = open && !solo ? 3 : 0;
    setSolo(port, open && solo);
    setCause(record);
  }
  if (!solo) for (let i = 0; i < g.count; i++) lacpMember(g, i).cause = record;
  markDirty(g.node);
  if (!solo) settle(group, g);
  setCause(before);
}

/** A member that forwards by itself is a port of the bridge; what was learned there goes with it. */
function setSolo(port: i32, on: bool): void {
  const p = portOf(port);
  if ((p.solo != 0) == on) return;
  stirPort(port);
  p.solo = on ? 1 : 0;
  if (!on) flushPort(port, FLUSH_FALLBACK);
}

/** Power off. */
export function stopFallback(group: i32): void {
  const f = fallbackOf(group);
  if (f.rule == 0) return;
  stopTimer(TIMER_FALLBACK, group);
  reset(f);
  store<i32>(peersAt + (<usize>group << 3), FALLBACK_NORMAL, 4);
  const g = groupOf(group);
  for (let i = 0; i < g.count; i++) {
    const port = lacpMember(g, i).port;
    lacpMember(g, i).forced = 0;
    portOf(port).solo = 0;
  }
}
