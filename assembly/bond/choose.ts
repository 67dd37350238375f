// Which member of a lag carries a frame: usable[hash mod n], usable members in order of configuration.
// Linux takes a member without carrier out of that list at once, in 802.3ad and balance-xor: the driver's list is made anew at
// every notice of the device layer, not at the next poll (recorded: ten cut cables, no datagram lost; docs/bonding.md).
// Hosts use the Linux bonding hash. Switches use the same fields, mixed with a seed of the switch: their real
// functions are not published, and equal ones on two tiers would polarise.

import { FRAME_ARP, FRAME_MLD, FRAME_ND, FRAME_PROBE, FRAME_VRRP, LAG_ACTIVE_BACKUP, LAG_LACP, LAG_STATIC } from "../abi";
import { spread } from "./spread";
import { FLOW_KEY_BYTES, FlowKey, flowKeyIpv4, flowKeyIpv6, xmitHash } from "./xmit-hash";
import { ALL_VRRP6, bytesOf, isIpv6, solicitedNode } from "../core/address";
import { take } from "../core/memory";
import { Frame } from "../sim/frames";
import { Lag, lagOf, memberOf, nodeOf, portOf } from "../sim/tables";

let keyAt: usize = 0;
export function reserveChoose(): void { keyAt = take(FLOW_KEY_BYTES); }

export function frameHash(policy: i32, f: Frame): u32 {
  const key = changetype<FlowKey>(keyAt);
  memory.fill(keyAt, 0, FLOW_KEY_BYTES);
  const ip = f.kind == FRAME_PROBE || f.kind == FRAME_VRRP || f.kind == FRAME_ND || f.kind == FRAME_MLD;
  if (ip && isIpv6(f.d)) ipv6Key(key, f);
  else if (f.kind == FRAME_PROBE) flowKeyIpv4(key, f.srcMac, f.dstMac, f.c, f.d, <u32>f.h, <u32>f.i >> 16, <u32>f.i & 0xffff);
  else if (f.kind == FRAME_VRRP) flowKeyIpv4(key, f.srcMac, f.dstMac, f.d, 0xe0000012, 112, 0, 0);
  else { key.srcMac = f.srcMac; key.dstMac = f.dstMac; key.ethertype = f.kind == FRAME_ARP ? 0x0806 : 0x88b5; }
  key.vlan = f.vlan;
  return xmitHash(policy, key);
}

const group = memory.data(16);
const ICMPV6: u32 = 58;
function ipv6Key(key: FlowKey, f: Frame): void {
  const ports = <u32>f.i;
  if (f.kind == FRAME_PROBE) flowKeyIpv6(key, f.srcMac, f.dstMac, bytesOf(f.c), bytesOf(f.d), f.h == 1 ? ICMPV6 : <u32>f.h, ports >> 16, ports & 0xffff, f.h == 1);
  else if (f.kind == FRAME_VRRP) flowKeyIpv6(key, f.srcMac, f.dstMac, bytesOf(f.d), bytesOf(ALL_VRRP6), 112, 0, 0, false);
  else if (f.kind == FRAME_MLD) flowKeyIpv6(key, f.srcMac, f.dstMac, bytesOf(f.c), bytesOf(f.d), ICMPV6, 0, 0, false);
  else {
    if (f.kind == FRAME_ND && f.g == 0) solicitedNode(f.d, group);
    flowKeyIpv6(key, f.srcMac, f.dstMac, bytesOf(f.c), f.g == 0 ? group : bytesOf(<u32>f.g), ICMPV6, 0, 0, false);
  }
}

export function seeded(hash: u32, seed: u32): u32 {
  let h = hash ^ seed;
  h = (h ^ (h >> 16)) * 0x7feb352d;
  h = (h ^ (h >> 15)) * 0x846ca68b;
  return h ^ (h >> 16);
}

/** Does the bundle send by this member? */
export function sends(lag: Lag, member: i32): bool {
  const m = memberOf(member);
  return (m.usable & 2) != 0 && lag.closed == 0 && (lag.linux == 0 || portOf(m.port).carrier != 0);
}

/** Member (table index) that sends the frame, or -1. */
export function chooseMember(index: i32, f: Frame): i32 {
  const lag = lagOf(index);
  if (lag.mode == LAG_ACTIVE_BACKUP) {
    if (lag.active < 0 || lag.closed != 0) return -1;
    return (memberOf(lag.first + lag.active).usable & 2) != 0 ? lag.first + lag.active : -1;
  }
  if (lag.usable == 0) return -1;
  if (lag.mode != LAG_STATIC && lag.mode != LAG_LACP) return spread(index, f);
  let n = lag.usable;
  if (lag.linux != 0) {
    n = 0;
    for (let i = 0; i < lag.count; i++) if (sends(lag, lag.first + i)) n += 1;
    if (n == 0) return -1;
  }
  let k: u32 = 0;
  if (n > 1) {
    const h = frameHash(lag.hash, f);
    k = (lag.linux != 0 ? h : seeded(h, nodeOf(lag.node).ecmpSeed)) % <u32>n;
  }
  for (let i = 0; i < lag.count; i++) {
    if (!sends(lag, lag.first + i)) continue;
    if (k == 0) return lag.first + i;
    k -= 1;
  }
  return -1;
}
