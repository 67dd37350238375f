// Gateway Load Balancing Protocol. No standard: what is public is the states, timers and defaults (docs/first-hop.md). One router
// of a group, the AVG, is elected by the machine of HSRP; it gives each router a forwarder number (1 to 4), and answers ARP
// for the one virtual address with the virtual MAC of a forwarder. Its rules are this file's Choices, and where they matter
// for time they follow the published timers:
//
//  Listen ── the forwarder was silent for the hold time, or gave up ──▶ Active
//         ◀── the owner, or a better one, forwards ──
//
//  redirect (600 s) after the owner fell silent its number is no longer handed out; timeout (14400 s) after that nobody forwards for it.

import {
  FORWARDER_ACTIVE, FORWARDER_DISABLED, FORWARDER_LISTEN, FORWARDER_WHY_ASSIGNED, FORWARDER_WHY_BETTER, FORWARDER_WHY_GIVEN_UP, FORWARDER_WHY_OWNER,
  FORWARDER_WHY_SHUTDOWN, FORWARDER_WHY_SILENT, FORWARDER_WHY_TIMEOUT, FORWARDER_WHY_WEIGHTING, GLBP_HOST_DEPENDENT, GLBP_WEIGHTED, T_FORWARDER,
} from "../abi";
import { NEVER } from "../collections/event-queue";
import { trace } from "../core/trace";

export const FORWARDERS: i32 = 4;

@unmanaged export class Forwarder {
  state: i32;
  owner: u32; // router that the AVG gave it to, 0 nobody
  activeIp: u32; // who was last heard forwarding
  weight: i32; // what that router said
  from: i32; // origin of its last hello, -1
  gaveUp: i32; // 1: it said that it stops
  heardAt: i64; // that hello
  holdAt: i64;
  preemptAt: i64; // own number, forwarded by another: taken back then
  redirectAt: i64;
  timeoutAt: i64;
}
const FORWARDER_BYTES: usize = offsetof<Forwarder>();

@unmanaged export class GlbpRouter {
  index: i32; ip: u32;
  weight: i32; lower: i32; upper: i32; // weighting and its thresholds
  method: i32; // GLBP_*
  preempt: i32; // take the own number back
  up: i32; // 1: started
  unfit: i32; // 1: weighting fell below `lower` and is not yet back at `upper`
  answers: i32; // ARP answers given
  sendHello: i32; // output
  moved: i32; // output: bit k: now forwards for k, tell bridges
  answered: i32; // since the last regular hello: bit k: another that forwards for k; ASKED
  holdNs: i64; redirectNs: i64; timeoutNs: i64; preemptDelayNs: i64;
  forwarders: u64; // first byte of FORWARDERS rows
}
const ASKED: i32 = 1 << FORWARDERS; // the AVG, for a number
const HEAD: usize = offsetof<GlbpRouter>("forwarders");
export const GLBP_BYTES: usize = HEAD + <usize>FORWARDERS * FORWARDER_BYTES;
export function glbpAt(p: usize): GlbpRouter { return changetype<GlbpRouter>(p); }
export function forwarderOf(g: GlbpRouter, k: i32): Forwarder { return changetype<Forwarder>(changetype<usize>(g) + HEAD + <usize>k * FORWARDER_BYTES); }

/** 0007.b4XX.XXYY: group, forwarder from 1. */
export function forwarderMac(group: i32, k: i32): u64 { return 0x0007b4000000 | (<u64>(group & 0x3ff) << 8) | <u64>(k + 1); }

/** What a router says of the forwarders. */
@unmanaged export class GlbpMessage {
  ip: u32; weight: i32; active: i32; isAvg: i32; from: i32; unfit: i32; // active: bit k: forwards for k
  owner0: u32; owner1: u32; owner2: u32; owner3: u32; // said by the AVG
}
export const GLBP_MESSAGE_BYTES: usize = offsetof<GlbpMessage>();
export function ownerIn(m: GlbpMessage, k: i32): u32 { return load<u32>(changetype<usize>(m) + offsetof<GlbpMessage>("owner0") + (<usize>k << 2)); }
export function setOwnerIn(m: GlbpMessage, k: i32, ip: u32): void { store<u32>(changetype<usize>(m) + offsetof<GlbpMessage>("owner0") + (<usize>k << 2), ip); }

function enter(g: GlbpRouter, k: i32, state: i32, why: i32): void {
  const f = forwarderOf(g, k);
  if (f.state == state) return;
  trace(T_FORWARDER, g.index, f.state, state, (k + 1) | (why << 8));
  f.state = state;
}

function reset(f: Forwarder): void {
  f.owner = 0; f.activeIp = 0; f.weight = 0; f.from = -1; f.gaveUp = 0;
  f.holdAt = NEVER; f.preemptAt = NEVER; f.redirectAt = NEVER; f.timeoutAt = NEVER;
}

export function startup(g: GlbpRouter): void {
  g.up = 1; g.answers = 0; g.sendHello = 0; g.moved = 0; g.answered = 0;
  for (let k = 0; k < FORWARDERS; k++) reset(forwarderOf(g, k));
}
export function stop(g: GlbpRouter): void {
  g.up = 0; g.sendHello = 0; g.moved = 0;
  for (let k = 0; k < FORWARDERS; k++) { enter(g, k, FORWARDER_DISABLED, FORWARDER_WHY_SHUTDOWN); reset(forwarderOf(g, k)); }
}

export function activeBits(g: GlbpRouter): i32 {
  let bits = 0;
  for (let k = 0; k < FORWARDERS; k++) if (forwarderOf(g, k).state == FORWARDER_ACTIVE) bits |= 1 << k;
  return bits;
}

function forward(g: GlbpRouter, k: i32, why: i32): void {
  const f = forwarderOf(g, k);
  f.holdAt = NEVER; f.preemptAt = NEVER;
  f.activeIp = g.ip; f.weight = g.weight; f.from = -1; f.gaveUp = 0;
  if (f.owner == g.ip) { f.redirectAt = NEVER; f.timeoutAt = NEVER; }
  enter(g, k, FORWARDER_ACTIVE, why);
  g.moved |= 1 << k;
  g.sendHello = 1;
}

/** The AVG: a number for this router, if it has none and one is free. */
export function assign(g: GlbpRouter, ip: u32, now: i64): void {
  let free = -1;
  for (let k = FORWARDERS - 1; k >= 0; k--) {
    const f = forwarderOf(g, k);
    if (f.owner == ip) return;
    if (f.owner == 0 && f.state == FORWARDER_DISABLED) free = k;
  }
  if (free < 0) return; // Choice: a fifth router forwards nothing until a number is free
  owned(g, free, ip, now);
  g.sendHello = 1;
}

function owned(g: GlbpRouter, k: i32, ip: u32, now: i64): void {
  const f = forwarderOf(g, k);
  f.owner = ip;
  if (f.state == FORWARDER_LISTEN && ip == g.ip) armPreemption(g, f, now);
  if (f.state != FORWARDER_DISABLED) return;
  if (ip == g.ip && g.unfit == 0) { forward(g, k, FORWARDER_WHY_ASSIGNED); return; }
  f.holdAt = now + g.holdNs;
  enter(g, k, FORWARDER_LISTEN, FORWARDER_WHY_ASSIGNED);
}

/** A hello came in. `avg`: this router is the AVG. */
export function deliver(g: GlbpRouter, m: GlbpMessage, avg: bool, now: i64): void {
  if (g.up == 0 || m.ip == g.ip) return;
  // What is forwarded for comes first: a number that another looks after is not taken at once, but after the delay.
  for (let k = 0; k < FORWARDERS; k++) {
    if ((m.active & (1 << k)) != 0) heardForwarder(g, k, m, now);
    else if (forwarderOf(g, k).activeIp == m.ip && forwarderOf(g, k).state == FORWARDER_LISTEN) gaveUp(g, k, now);
  }
  if (m.isAvg != 0) {
    for (let k = 0; k < FORWARDERS; k++) if (ownerIn(m, k) != 0) owned(g, k, ownerIn(m, k), now);
    if (!hasNumber(g)) answer(g, ASKED); // Choice: the AVG is asked at once
  }
  if (avg) assign(g, m.ip, now);
}
/** Choice: at once, and then not before the next regular hello: all hear it, and answers to answers would grow by the number of routers each time. */
function answer(g: GlbpRouter, what: i32): void {
  if ((g.answered & what) != 0) return;
  g.answered |= what;
  g.sendHello = 1;
}
function hasNumber(g: GlbpRouter): bool {
  for (let k = 0; k < FORWARDERS; k++) if (forwarderOf(g, k).owner == g.ip) return true;
  return false;
}

/** The group member leaves in order: what it forwards for is free at once. */
export function left(g: GlbpRouter, ip: u32, now: i64): void {
  for (let k = 0; k < FORWARDERS; k++) if (forwarderOf(g, k).activeIp == ip && forwarderOf(g, k).state == FORWARDER_LISTEN) gaveUp(g, k, now);
}
function gaveUp(g: GlbpRouter, k: i32, now: i64): void {
  const f = forwarderOf(g, k);
  if (f.holdAt <= now) return;
  f.gaveUp = 1;
  f.holdAt = now;
}

function heardForwarder(g: GlbpRouter, k: i32, m: GlbpMessage, now: i64): void {
  const f = forwarderOf(g, k);
  if (f.state == FORWARDER_ACTIVE) {
    if (!outranks(m.ip, m.weight, g.ip, g.weight, f.owner)) { answer(g, 1 << k); return; }
    enter(g, k, FORWARDER_LISTEN, f.owner == m.ip ? FORWARDER_WHY_OWNER : FORWARDER_WHY_BETTER);
  } else if (f.state == FORWARDER_DISABLED) enter(g, k, FORWARDER_LISTEN, FORWARDER_WHY_ASSIGNED);
  f.activeIp = m.ip; f.weight = m.weight; f.from = m.from; f.heardAt = now; f.gaveUp = 0;
  f.holdAt = now + g.holdNs;
  if (m.ip == f.owner) { f.redirectAt = NEVER; f.timeoutAt = NEVER; return; }
  startRedirect(g, f, now);
  if (f.owner == g.ip) armPreemption(g, f, now);
}
function armPreemption(g: GlbpRouter, f: Forwarder, now: i64): void {
  if (g.preempt != 0 && g.unfit == 0 && f.preemptAt == NEVER) f.preemptAt = now + g.preemptDelayNs;
}

/** Choice: the owner before all others, then the higher weighting, then the higher address. */
function outranks(ip: u32, weight: i32, ownIp: u32, ownWeight: i32, owner: u32): bool {
  if (ip == owner) return true;
  if (ownIp == owner) return false;
  return weight > ownWeight || (weight == ownWeight && ip > ownIp);
}

function startRedirect(g: GlbpRouter, f: Forwarder, now: i64): void {
  if (f.owner == 0 || f.redirectAt != NEVER || f.timeoutAt != NEVER) return;
  f.redirectAt = now + g.redirectNs;
  f.timeoutAt = now + g.timeoutNs;
}

export function run(g: GlbpRouter, now: i64): void {
  if (g.up == 0) return;
  for (let k = 0; k < FORWARDERS; k++) runOne(g, k, now);
}
function runOne(g: GlbpRouter, k: i32, now: i64): void {
  const f = forwarderOf(g, k);
  if (f.state == FORWARDER_DISABLED) return;
  if (now >= f.timeoutAt) {
    enter(g, k, FORWARDER_DISABLED, FORWARDER_WHY_TIMEOUT);
    reset(f);
    return;
  }
  if (now >= f.redirectAt) f.redirectAt = NEVER; // timeoutAt still runs: redirected() goes by that
  if (f.state != FORWARDER_LISTEN) return;
  if (now >= f.preemptAt) { forward(g, k, FORWARDER_WHY_OWNER); return; }
  if (now < f.holdAt) return;
  if (g.unfit != 0) { f.holdAt = now + g.holdNs; f.activeIp = 0; return; }
  const why = f.gaveUp != 0 ? FORWARDER_WHY_GIVEN_UP : FORWARDER_WHY_SILENT;
  if (f.owner != g.ip) startRedirect(g, f, now);
  forward(g, k, why);
}

export function nextDeadline(g: GlbpRouter): i64 {
  if (g.up == 0) return NEVER;
  let at = NEVER;
  for (let k = 0; k < FORWARDERS; k++) {
    const f = forwarderOf(g, k);
    if (f.state == FORWARDER_DISABLED) continue;
    at = min(at, min(f.redirectAt, f.timeoutAt));
    if (f.state == FORWARDER_LISTEN) at = min(at, min(f.holdAt, f.preemptAt));
  }
  return at;
}

/** Tracking. Below `lower` a router stops forwarding, at `upper` it begins again. */
export function setWeight(g: GlbpRouter, weight: i32): void {
  g.weight = max(0, weight);
  if (g.unfit == 0 && g.weight < g.lower) {
    g.unfit = 1;
    if (g.up == 0) return;
    for (let k = 0; k < FORWARDERS; k++) {
      forwarderOf(g, k).preemptAt = NEVER;
      if (forwarderOf(g, k).state == FORWARDER_ACTIVE) giveUp(g, k);
    }
  } else if (g.unfit != 0 && g.weight >= g.upper) g.unfit = 0;
}
function giveUp(g: GlbpRouter, k: i32): void {
  enter(g, k, FORWARDER_LISTEN, FORWARDER_WHY_WEIGHTING);
  const f = forwarderOf(g, k);
  f.activeIp = 0;
  g.sendHello = 1;
}

// --- ARP -------------------------------------------------------------------------------------------

/** Is the number handed out? Someone forwards for it, and its owner did not fall silent too long ago. */
function handedOut(f: Forwarder): bool {
  return f.state != FORWARDER_DISABLED && f.activeIp != 0 && !(f.timeoutAt != NEVER && f.redirectAt == NEVER);
}

/** The forwarder (from 0) that the AVG names to a host, -1 for none. */
export function choose(g: GlbpRouter, hostMac: u64): i32 {
  let total = 0;
  for (let k = 0; k < FORWARDERS; k++) if (handedOut(forwarderOf(g, k))) total += share(g, forwarderOf(g, k));
  if (total == 0) return -1;
  // Choice: host-dependent is the MAC address modulo the forwarders there are; Cisco's function is not public.
  let left = g.method == GLBP_HOST_DEPENDENT ? <i32>(hostMac % <u64>total) : g.answers++ % total;
  for (let k = 0; k < FORWARDERS; k++) {
    if (!handedOut(forwarderOf(g, k))) continue;
    left -= share(g, forwarderOf(g, k));
    if (left < 0) return k;
  }
  return -1;
}
/** Weighted: of as many answers as the sum of the weightings, as many as its own. */
function share(g: GlbpRouter, f: Forwarder): i32 { return g.method == GLBP_WEIGHTED ? max(1, f.weight) : 1; }
