// Which member sends a frame, in the modes that do not hash over all usable members (bond_main.c, bond_alb.c; Windows teaming).
// `spread` only looks; `sent` is told of each frame that really leaves. So a flow's walk moves no counter.

import { BALANCE_PORT, FRAME_ARP, FRAME_LEARN, FRAME_ND, FRAME_PROBE, HASH_LAYER34, HASH_VLAN_SRCMAC, LAG_ALB, LAG_INDEPENDENT, LAG_ROUND_ROBIN, LAG_TLB } from "../abi";
import { bytesOf, isIpv6 } from "../core/address";
import { STREAM_TICK, drawBelow } from "../core/rng";
import { now } from "../core/trace";
import { Frame } from "../sim/frames";
import { Lag, l3Of, lagOf, memberOf, portOf } from "../sim/tables";
import { frameHash, sends } from "./choose";
import { bondMemberOf, optionsOf, ownMacs } from "../sim/bond-tables";

const GROUP_BIT: u64 = 0x010000000000;
const BUCKETS: i32 = 256;
export const BUCKET_BYTES: usize = 24; // member i32, pad i32, bytes i64 in this period, history i64
const REDEAL: i64 = 10000000000; // BOND_TLB_REBALANCE_INTERVAL
const FRAME_LENGTH: i64 = 1000; // loads are counted in frames of this length: frames here have none

/** The member that the first usable one at or behind `start` is, round the list of all members; -1 none. */
function usableFrom(lag: Lag, start: i32): i32 {
  for (let k = 0; k < lag.count; k++) {
    const member = lag.first + (start + k) % lag.count;
    if (sends(lag, member)) return member;
  }
  return -1;
}

/** Index balance-rr begins to look at for the frame number `counter`. */
function roundRobin(index: i32, counter: u32): i32 {
  const lag = lagOf(index);
  const o = optionsOf(index);
  if (o.packetsPerSlave == 0) return <i32>drawBelow(STREAM_TICK, lag.key, 0x10000 + counter, <u64>lag.count);
  return <i32>((o.packetsPerSlave > 1 ? counter / <u32>o.packetsPerSlave : counter) % <u32>lag.count);
}

export function spread(index: i32, f: Frame): i32 {
  const lag = lagOf(index);
  switch (lag.mode) {
    case LAG_ROUND_ROBIN: return usableFrom(lag, roundRobin(index, optionsOf(index).counter + 1)); // counted up, then used
    case LAG_TLB: case LAG_ALB: return balanced(index, lag, f);
    case LAG_INDEPENDENT: return independent(index, lag, f);
    default: return usableFrom(lag, 0);
  }
}

function active(lag: Lag): i32 {
  const member = lag.active < 0 ? -1 : lag.first + lag.active;
  return member >= 0 && sends(lag, member) ? member : -1;
}

function nth(lag: Lag, hash: u32): i32 {
  let n: u32 = 0;
  for (let i = 0; i < lag.count; i++) if (sends(lag, lag.first + i)) n += 1;
  if (n == 0) return -1;
  let k = hash % n;
  for (let i = 0; i < lag.count; i++) {
    if (!sends(lag, lag.first + i)) continue;
    if (k == 0) return lag.first + i;
    k -= 1;
  }
  return -1;
}

function independent(index: i32, lag: Lag, f: Frame): i32 {
  // Broadcasts, ARP and neighbour discovery speak for the team: the primary member.
  if ((f.dstMac & GROUP_BIT) != 0 || f.kind == FRAME_ARP || f.kind == FRAME_ND) return active(lag);
  // A virtual switch port has one member. A host without virtual machines is one such port.
  if (optionsOf(index).balance == BALANCE_PORT) return nth(lag, frameHash(HASH_VLAN_SRCMAC, f));
  return nth(lag, frameHash(HASH_LAYER34, f)); // Dynamic deals flowlets by the same fields
}

function balanced(index: i32, lag: Lag, f: Frame): i32 {
  const o = optionsOf(index);
  const ip = f.kind == FRAME_PROBE && (f.dstMac & GROUP_BIT) == 0;
  if (!ip) return active(lag);
  if (lag.mode == LAG_TLB && o.dynamic == 0) return nth(lag, frameHash(lag.hash, f));
  const dealt = bucketMember(bucketAt(index, lag, f));
  if (dealt >= 0 && sends(lag, lag.first + dealt)) return lag.first + dealt;
  return leastLoaded(lag);
}

function bucketAt(index: i32, lag: Lag, f: Frame): usize {
  const ip = isIpv6(f.d) ? load<u32>(bytesOf(f.d), 12) : f.d; // Choice: of an IPv6 address the last four bytes
  const bucket = lag.mode == LAG_ALB ? (ip ^ (ip >> 8) ^ (ip >> 16) ^ (ip >> 24)) & 0xff : frameHash(lag.hash, f) & 0xff;
  return optionsOf(index).tables + <usize>bucket * BUCKET_BYTES;
}
function bucketMember(at: usize): i32 { return load<i32>(at) - 1; }

/** Most to spare: speed in Mbit/s << 20 less load << 3. Of equals the first. */
function leastLoaded(lag: Lag): i32 {
  let best = -1;
  let most: i64 = i64.MIN_VALUE;
  for (let i = 0; i < lag.count; i++) {
    const member = lag.first + i;
    if (!sends(lag, member)) continue;
    const gap = (<i64>portOf(memberOf(member).port).speed << 20) - (bondMemberOf(member).load << 3);
    if (gap > most) { most = gap; best = member; }
  }
  return best;
}

/** Source address: a member that is not the active one speaks with its own. */
export function dress(lag: Lag, member: i32, f: Frame): void {
  if (!ownMacs(lag) || f.kind == FRAME_LEARN) return;
  if (lag.l3 >= 0 && f.srcMac == l3Of(lag.l3).mac) f.srcMac = bondMemberOf(member).mac;
}

/** A frame leaves by `member`. */
export function sent(index: i32, member: i32, f: Frame): void {
  const lag = lagOf(index);
  const o = optionsOf(index);
  if (lag.mode == LAG_ROUND_ROBIN) { o.counter += 1; return; }
  if (o.tables == 0 || o.dynamic == 0 || f.kind != FRAME_PROBE || (f.dstMac & GROUP_BIT) != 0) return;
  if (now - o.dealtAt >= REDEAL) { redeal(index); o.dealtAt = now; }
  const at = bucketAt(index, lag, f);
  if (bucketMember(at) != member - lag.first) {
    store<i32>(at, member - lag.first + 1);
    bondMemberOf(member).load += load<i64>(at + 16);
  }
  store<i64>(at + 8, load<i64>(at + 8) + FRAME_LENGTH);
}

/** Every ten seconds all buckets are free again, each with what it carried as its expected load. */
function redeal(index: i32): void {
  const lag = lagOf(index);
  for (let i = 0; i < lag.count; i++) bondMemberOf(lag.first + i).load = 0;
  const tables = optionsOf(index).tables;
  for (let b = 0; b < BUCKETS; b++) {
    const at = tables + <usize>b * BUCKET_BYTES;
    if (load<i32>(at) == 0) continue;
    store<i32>(at, 0);
    store<i64>(at + 16, 1 + load<i64>(at + 8) / 10);
    store<i64>(at + 8, 0);
  }
}
export const BUCKET_TABLE: usize = 256 * 24;
