// What a bond has beyond a plain lag: settings of single modes, the MAC that each member speaks with, and what its monitors
// remember. Rows stand beside those of the lag and member tables, so that lags without these cost nothing.

import { LAG_ACTIVE_BACKUP, LAG_ALB, LAG_INDEPENDENT, LAG_TLB, T_BOND_MAC } from "../abi";
import { take } from "../core/memory";
import { trace, now } from "../core/trace";
import { Lag, l3Of, lagOf, maxLags, maxMembers, memberOf, portOf } from "./tables";

const TARGETS: i32 = 16; // arp_ip_target

@unmanaged export class BondOptions {
  packetsPerSlave: i32; // 0: at random
  failOverMac: i32;
  balance: i32; // Windows
  dynamic: i32; // tlb_dynamic_lb
  notifyNs: i64; // peer_notif_delay
  learnNs: i64; // lp_interval
  arpNs: i64; // arp_interval, 0: off
  validate: i32; missedMax: i32; allTargets: i32; targets: i32;
  // state
  counter: u32; // frames numbered by balance-rr
  notifyLeft: i32; // gratuitous ARPs still to send
  arpSlave: i32; // current_arp_slave: member index in the lag, -1
  dealtAt: i64; // balance-tlb: last re-dealing
  tables: usize; // balance-tlb and balance-alb: buckets, then clients
  target0: u32; target1: u32; target2: u32; target3: u32; target4: u32; target5: u32; target6: u32; target7: u32;
  target8: u32; target9: u32; target10: u32; target11: u32; target12: u32; target13: u32; target14: u32; target15: u32;
}

@unmanaged export class BondMember {
  mac: u64; // that it speaks with now
  lastTx: i64; lastRx: i64; upSince: i64; // ARP monitor
  load: i64; // balance-tlb: bytes a second dealt to it
  failures: u32; // Link Failure Count
  heardAt: u32; foundAt: u32; // ARP monitor: the last record when it last heard, and that of its last finding
  proposed: u32; // scratch of the ARP monitor's look: MII state
}

let optionsAt: usize = 0; let membersAt: usize = 0; let heardAt: usize = 0;
export function reserveBonds(): void {
  optionsAt = take(<usize>maxLags * offsetof<BondOptions>());
  membersAt = take(<usize>maxMembers * offsetof<BondMember>());
  heardAt = 0;
}
export function optionsOf(lag: i32): BondOptions { return changetype<BondOptions>(optionsAt + <usize>lag * offsetof<BondOptions>()); }
export function bondMemberOf(member: i32): BondMember { return changetype<BondMember>(membersAt + <usize>member * offsetof<BondMember>()); }
/** Rows for what each member heard of each target, when a bond wants all of them. */
export function reserveHeard(): void { if (heardAt == 0) heardAt = take(<usize>(maxMembers * TARGETS) << 3); }
function heardOf(member: i32, target: i32): usize { return heardAt + (<usize>(member * TARGETS + target) << 3); }
export function targetHeard(member: i32, target: i32): i64 { return load<i64>(heardOf(member, target)); }
export function setTargetHeard(member: i32, target: i32, at: i64): void { if (heardAt != 0) store<i64>(heardOf(member, target), at); }

export function addTarget(lag: i32, ip: u32): void {
  const o = optionsOf(lag);
  if (o.targets >= TARGETS) return;
  store<u32>(changetype<usize>(o) + offsetof<BondOptions>("target0") + (<usize>o.targets << 2), ip);
  o.targets += 1;
}
export function targetOf(o: BondOptions, i: i32): u32 { return load<u32>(changetype<usize>(o) + offsetof<BondOptions>("target0") + (<usize>i << 2)); }

/** Is one member the active one, by which broadcasts come in? */
export function hasActive(lag: Lag): bool { return lag.mode == LAG_ACTIVE_BACKUP || ownMacs(lag); }
/** Does every member speak with a MAC of its own? */
export function ownMacs(lag: Lag): bool { return lag.mode == LAG_TLB || lag.mode == LAG_ALB || lag.mode == LAG_INDEPENDENT; }
export function monitorsArp(lag: Lag, index: i32): bool { return lag.linux != 0 && optionsOf(index).arpNs > 0; }

/** The addresses at power on: the first member has the bond's. */
export function ownAddresses(index: i32): void {
  const lag = lagOf(index);
  for (let i = 0; i < lag.count; i++) bondMemberOf(lag.first + i).mac = portOf(memberOf(lag.first + i).port).mac;
  if (lag.l3 >= 0 && lag.count > 0 && lag.linux != 0) l3Of(lag.l3).mac = bondMemberOf(lag.first).mac;
}

/** Does a host take frames to this address that come in by this port? Hardware filters by the member's own address. */
export function takesMac(port: i32, l3: i32, mac: u64): bool {
  const p = portOf(port);
  if (p.lag < 0 || !ownMacs(lagOf(p.lag))) return mac == l3Of(l3).mac;
  return mac == bondMemberOf(p.member).mac;
}

/** The active member changes: whose address is the bond's now? `old`, `chosen`: indices in the lag, -1 none. True: the bond has another address. */
export function moveMac(index: i32, old: i32, chosen: i32): bool {
  const lag = lagOf(index);
  if (chosen < 0 || lag.l3 < 0) return false;
  const own = l3Of(lag.l3).mac;
  const to = bondMemberOf(lag.first + chosen);
  const bond = l3Of(lag.l3);
  if (ownMacs(lag) || optionsOf(index).failOverMac == 2) { // swapped with whoever has it
    if (to.mac == bond.mac) return false;
    for (let i = 0; i < lag.count; i++) {
      const m = bondMemberOf(lag.first + i);
      if (m.mac == bond.mac) { m.mac = to.mac; break; }
    }
    to.mac = bond.mac;
  } else if (lag.mode == LAG_ACTIVE_BACKUP && optionsOf(index).failOverMac == 1) {
    if (bond.mac == to.mac) return false;
    bond.mac = to.mac;
  } else return false;
  trace(T_BOND_MAC, index, memberOf(lag.first + chosen).port, <i32>bond.mac, 0);
  return bond.mac != own;
}

/** A frame leaves by a member of a bond with the ARP monitor. */
export function monitorSent(member: i32): void { bondMemberOf(member).lastTx = now; }
