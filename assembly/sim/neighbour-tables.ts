// Rows of the neighbour cache (neighbour/cache.ts), of ARP and of IPv6, with the numbers of their states (RFC 4861 10; Linux's defaults are the same).

import { ARP_FREE, ARP_INCOMPLETE, ARP_REACHABLE, NODE_HOST } from "../abi";
import { isIpv6 } from "../core/address";
import { take } from "../core/memory";
import { STREAM_REACHABLE, drawBelow } from "../core/rng";
import { cause, now } from "../core/trace";
import { trap, TRAP_ARP_FULL } from "../core/trap";
import { markDirty } from "./dirty";
import { dropNote, stirAskedBy } from "./rest-neighbour";
import { l3Of, l3ifs, nodeOf } from "./tables";
import { TIMER_ARP, setTimer, stopTimer } from "./timers";

const SECOND: i64 = 1000000000;
export const PROBES: i32 = 3; // ucast_solicit, mcast_solicit
export const RETRANS: i64 = SECOND; // retrans_time
export const ROUND: i64 = 3 * SECOND; // all probes
export const REDRAW: i64 = 300 * SECOND;
export const DELAY_FIRST_PROBE: i64 = 5 * SECOND;
export const REACHABLE_MAX: i64 = 45 * SECOND;

@unmanaged export class Neighbour {
  l3: i32; ip: u32;
  mac: u64;
  state: i32; probes: i32;
  holds: i32;
  works: i32; confirms: i32; // of the holds: by flows that work both ways; by those that say so
  told: i32; // the last state that was told
  refresh: i32; // note of its last refresh (sim/rest-neighbour.ts), 0 none
  goodAt: i64; // when it was last confirmed to be reachable
  doubtAt: i64; // when a flow that worked let it go
  confirmedAt: i64; updatedAt: i64;
  cause: u32;
  parked: i32; // REACHABLE without a timer: it is confirmed all the time
}

let rowsAt: usize = 0; let capacity: i32 = 0; let used: i32 = 0; let free: i32 = -1;
let chainsAt: usize = 0; // [row] its address, the next row of the interface: what a search reads lies close together
export function reserveArp(rows: i32): void {
  capacity = rows;
  rowsAt = take(<usize>rows * offsetof<Neighbour>());
  chainsAt = take(<usize>rows << 3);
}
// @ts-ignore: decorator
@inline function chain(row: i32): usize { return chainsAt + (<usize>row << 3); }
export function neighbourOf(i: i32): Neighbour { return changetype<Neighbour>(rowsAt + <usize>i * offsetof<Neighbour>()); }
export function neighbourRows(): i32 { return used; }

export function findNeighbour(l3: i32, ip: u32): i32 {
  let i = l3Of(l3).arpHead;
  while (i >= 0 && load<u32>(chain(i)) != ip) i = load<i32>(chain(i), 4);
  return i;
}

export function createNeighbour(l3: i32, ip: u32): i32 {
  stirAskedBy(l3); // what was left out came when the entry was not yet there
  let i = free;
  if (i >= 0) free = load<i32>(chain(i), 4);
  else { if (used == capacity) trap(TRAP_ARP_FULL, capacity); i = used++; }
  const n = neighbourOf(i);
  n.l3 = l3; n.ip = ip; n.mac = 0; n.state = ARP_FREE; n.told = ARP_FREE; n.probes = 0; n.holds = 0; n.works = 0; n.confirms = 0; n.parked = 0; n.refresh = 0; n.cause = cause; n.goodAt = now; n.doubtAt = i64.MIN_VALUE;
  n.confirmedAt = now; n.updatedAt = i64.MIN_VALUE;
  store<u32>(chain(i), ip); store<i32>(chain(i), l3Of(l3).arpHead, 4);
  l3Of(l3).arpHead = i;
  return i;
}

/** All entries of an interface are gone (carrier lost: arp_evict_nocarrier; power off). */
export function forgetNeighbours(l3: i32): void {
  const owner = l3Of(l3);
  stirAskedBy(l3);
  while (owner.arpHead >= 0) {
    const i = owner.arpHead;
    const n = neighbourOf(i);
    owner.arpHead = load<i32>(chain(i), 4);
    stopTimer(TIMER_ARP, i);
    dropNote(n);
    n.state = ARP_FREE;
    store<i32>(chain(i), free, 4);
    free = i;
  }
  markDirty(owner.node);
}

export function enterUntold(i: i32, state: i32, at: i64): void {
  const n = neighbourOf(i);
  n.state = state;
  n.parked = 0;
  if (at < 0) stopTimer(TIMER_ARP, i); else setTimer(TIMER_ARP, i, at);
}

/** Does the entry follow the states of RFC 4861, or an ageing time? */
export function hasStates(n: Neighbour): bool { return isIpv6(n.ip) || nodeOf(l3Of(n.l3).node).kind == NODE_HOST; }

/** How long it is taken to be reachable after it was confirmed at `at`. */
export function lifetimeAt(n: Neighbour, at: i64): i64 {
  if (!hasStates(n)) return nodeOf(l3Of(n.l3).node).arpAgeNs;
  // reachable_time: uniform in [base/2, 3 base/2), base 30 s, of the interface; drawn again every 300 s; the draw in force when it was confirmed
  return 15 * SECOND + <i64>drawBelow(STREAM_REACHABLE, l3Of(n.l3).key, <u32>(at / REDRAW), <u64>(30 * SECOND));
}

/** Asked so many times in vain, the last time now. */
export function askedBefore(i: i32, times: i32): void {
  neighbourOf(i).probes = times;
  enterUntold(i, ARP_INCOMPLETE, now + RETRANS);
}

/** Confirmed by a refresh that was left out: REACHABLE since then, if not by something else later. */
export function confirmedBefore(i: i32): void {
  const n = neighbourOf(i);
  if (n.confirmedAt < now) n.confirmedAt = now;
  n.goodAt = now;
  n.probes = 0;
  enterUntold(i, ARP_REACHABLE, now + lifetimeAt(n, now));
}

export function faultOfOwner(ip: u32): u32 {
  for (let i = 0; i < l3ifs; i++) if (l3Of(i).ip == ip) return nodeOf(l3Of(i).node).faultCause;
  return 0;
}

/** A timer of it would do nothing now: flows confirm the entry, and it runs from when the last of them lets go. */
export function onlyParks(i: i32): bool {
  const n = neighbourOf(i);
  return n.state == ARP_REACHABLE && n.confirms > 0 && hasStates(n);
}
