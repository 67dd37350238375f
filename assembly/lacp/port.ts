// The records of 802.3ad clause 43: one LacpPort a member, one LacpGroup a port-channel or bond (variables: 43.4.8).
//
// A group's members lie side by side from `first`, LACP_PORT_BYTES apart. An aggregator is named by the
// member that owns it: each Linux member owns one, a switch's port-channel has one, owned by member 0.
// All times are absolute ns; a Linux group's deadlines lie on its tick grid (timing.ts).

import { LACP_ACTIVITY, LACP_AGGREGATION, LACP_SYNCHRONIZATION, LACP_TIMEOUT, T_LACP_SELECTED, T_MEMBER } from "../abi";
import { trace } from "../core/trace";
import { LACPDU_HALF } from "../wire/lacpdu";

@unmanaged export class LacpPort {
  // What a hello that changes nothing touches: two cache lines.
  // timers: deadlines; which one runs follows from the state
  currentWhileAt: i64;
  periodicAt: i64;
  churnAt: i64; // NEVER when not running; both churn machines share it, they start together
  // transmit limit: the last three frames (standard)
  sentAt: i64;
  sentBefore: i64;
  sentThird: i64;
  port: i32; // engine port index: the entity of trace records; set by the owner of the memory, as `number`, `priority`, `claim` and `speedMbps`
  cause: u32; // trace record that explains this port's next record; a dropped frame's reason may be put here
  usableByte: u8; // output: 1 collecting | 2 distributing
  toldByte: u8; // what the owner has made of `usable`; not read here
  forcedByte: u8; // opened by fallback, bits as `usable`; not read here
  muxStateByte: u8;
  selectedByte: u8;
  ntt: bool; // need to transmit
  sendPdu: bool; // output: fillPdu(), send, and clear it
  gone: bool; // released from the bond: its machines do not run, its aggregator is nobody's
  // what the port says of itself, and believes of its partner: laid out as an LACPDU is, which is filled and compared whole
  actorSystem: u64; // the group's
  actorSystemPriority: u32; // the group's
  key: u32; // operational key
  priority: u32;
  number: u32; // Port ID: number and priority
  actorState: u32;
  rxStateByte: u8;
  periodicStateByte: u8;
  periodicRateByte: u8; // last state but PERIODIC_TX: what the trace tells
  begin: bool; // input: BEGIN is asserted until the machines have seen it
  partnerSystem: u64;
  partnerSystemPriority: u32;
  partnerKey: u32;
  partnerPortPriority: u32;
  partnerPort: u32;
  partnerState: u32;
  enabled: bool; // input: link operational; by setEnabled()
  lacpEnabled: bool; // input: full duplex and a known speed
  churned: bool; // churn detection has to start again
  readyN: bool; // wait_while ran out
  // the rest
  waitWhileAt: i64; // NEVER unless the mux machine is WAITING
  firstTick: i64; // Linux: the tick of the first machine pass
  claim: u32; // number in the port's name: who falls back first
  speedMbps: u32;
  actorChurns: u32; // Actor Churned Count
  partnerChurns: u32;
  aggregator: i32; // member index of the aggregator's owner; -1 none
  // the aggregator this member owns (Linux)
  aggregatorKey: u32;
  aggregatorPartner: u64;
  aggregatorPartnerKey: u32;
  aggregatorPartnerPriority: u32;
  aggregatorId: u32; // its number as Linux shows it
  indexByte: u8; // position in the group
  actorChurnByte: u8; // 0 monitoring, 1 none, 2 churned
  partnerChurnByte: u8;
  ready: bool; // all members of the aggregator have readyN

  // small numbers, kept as bytes
  get usable(): i32 { return this.usableByte; } set usable(value: i32) { this.usableByte = <u8>value; }
  get told(): i32 { return this.toldByte; } set told(value: i32) { this.toldByte = <u8>value; }
  get forced(): i32 { return this.forcedByte; } set forced(value: i32) { this.forcedByte = <u8>value; }
  get muxState(): i32 { return this.muxStateByte; } set muxState(value: i32) { this.muxStateByte = <u8>value; }
  get selected(): i32 { return this.selectedByte; } set selected(value: i32) { this.selectedByte = <u8>value; }
  get rxState(): i32 { return this.rxStateByte; } set rxState(value: i32) { this.rxStateByte = <u8>value; }
  get periodicState(): i32 { return this.periodicStateByte; } set periodicState(value: i32) { this.periodicStateByte = <u8>value; }
  get periodicRate(): i32 { return this.periodicRateByte; } set periodicRate(value: i32) { this.periodicRateByte = <u8>value; }
  get index(): i32 { return this.indexByte; } set index(value: i32) { this.indexByte = <u8>value; }
  get actorChurn(): i32 { return this.actorChurnByte; } set actorChurn(value: i32) { this.actorChurnByte = <u8>value; }
  get partnerChurn(): i32 { return this.partnerChurnByte; } set partnerChurn(value: i32) { this.partnerChurnByte = <u8>value; }
}

@unmanaged export class LacpGroup {
  // what a hello touches: one cache line
  clock: i64; // instant of the last call
  changedAt: i64; // when something happened last that was more than a hello
  tick: i64; // Linux: index of the last tick that is over
  tickNs: i64; // Linux: the driver's tick, 100 ms as configured, 104 to 110 ms on a real kernel
  first: usize; // address of member 0
  node: i32; // whose it is; not read here
  lag: i32; // entity of trace records
  count: i32; // members
  cause: u32; // last record that concerned the group as a whole
  linux: bool;
  running: bool; // between begin() and leave() or freeze()
  dirty: bool; // an input or a change since the last pass that left all at rest
  resting: bool; // hellos are left out (rest.ts)
  active: bool; // LACP_Activity
  fast: bool; // LACP_Timeout: ask for a frame each second
  fallsBack: bool; // a fallback machine looks at it (fallback.ts); not read here
  carrier: bool; // output
  open: bool; // standard: enough members are attached, they may be in sync
  holdOff: bool; // Linux: the first aggregator selection waits for the first tick
  independent: bool; // independent control of collecting and distributing
  individualOk: bool; // standard: one member without an aggregatable partner may forward
  // configuration
  tickPhaseNs: i64; // Linux: the grid is tickPhaseNs + k * tickNs
  system: u64; // MAC address, 48 bits
  systemPriority: u32;
  key: u32; // Linux: bits 6 and up are the user key, the rest is made from the speed
  minLinks: i32;
  maxBundle: i32; // active members at most; 0 no limit
  adSelect: i32; // AD_*
  // state
  activeAggregator: i32; // output: member index of its owner; -1 none
  tracedAggregator: i32;
  aggregatorIds: u16; // Linux: how many aggregators have had a number
  keepsSync: bool; // an older Linux: the partner's Sync bit outlives the link (ad_rx_machine, AD_RX_PORT_DISABLED)
  // hellos left out (rest.ts)
  restAt: i64; // when it went to rest
  restTick: i64; // `tick` then
}

/** Strides: whole cache lines. */
export const LACP_PORT_BYTES: usize = (offsetof<LacpPort>() + 63) & ~63;
export const LACP_GROUP_BYTES: usize = (offsetof<LacpGroup>() + 63) & ~63;
if (LACP_PORT_BYTES != 192 || LACP_GROUP_BYTES != 128) ERROR("a LACP port is three cache lines, a group two");
if (offsetof<LacpPort>("actorSystem") != 64 || offsetof<LacpPort>("partnerSystem") != 64 + LACPDU_HALF) ERROR("a LACP port does not hold an LACPDU");

export const NEVER: i64 = i64.MAX_VALUE;

export function groupAt(p: usize): LacpGroup { return changetype<LacpGroup>(p); }
export function portAt(p: usize): LacpPort { return changetype<LacpPort>(p); }
export function member(g: LacpGroup, i: i32): LacpPort { return changetype<LacpPort>(g.first + <usize>i * LACP_PORT_BYTES); }

export function has(state: u32, bits: u32): bool { return (state & bits) == bits; }

/** Actor_Admin_Port_State. */
export function actorAdminState(g: LacpGroup): u32 {
  return (g.active ? LACP_ACTIVITY : 0) | (g.fast ? LACP_TIMEOUT : 0) | LACP_AGGREGATION;
}

// Partner_Admin: what is believed of a partner that says nothing. In the standard it is in sync, so that a
// defaulted member can come up alone; in Linux it is not, and the aggregator code opens the data path instead.
const LINUX_PARTNER_SYSTEM_PRIORITY: u32 = 65535;
const LINUX_PARTNER_KEY: u32 = 1;
const LINUX_PARTNER_PORT_PRIORITY: u32 = 255;
const LINUX_PARTNER_PORT: u32 = 1;

export function adminSystemPriority(g: LacpGroup): u32 { return g.linux ? LINUX_PARTNER_SYSTEM_PRIORITY : 0; }
export function adminKey(g: LacpGroup): u32 { return g.linux ? LINUX_PARTNER_KEY : 0; }
export function adminPortPriority(g: LacpGroup): u32 { return g.linux ? LINUX_PARTNER_PORT_PRIORITY : 0; }
export function adminPort(g: LacpGroup): u32 { return g.linux ? LINUX_PARTNER_PORT : 0; }
export function adminState(g: LacpGroup): u32 { return g.linux ? 0 : LACP_SYNCHRONIZATION; }

/** Operational key. Linux: bit 0 full duplex, bits 1-5 a code of the speed, bits 6-15 the user's key. */
export function operationalKey(g: LacpGroup, p: LacpPort): u32 {
  if (!g.linux) return g.key;
  const user = g.key & 0xffc0;
  const speed = p.enabled ? speedCode(p.speedMbps) : 0;
  return speed == 0 ? user : user | (speed << 1) | 1; // an unknown speed comes with an unknown duplex
}

export function speedCode(mbps: u32): u32 {
  switch (mbps) {
    case 1: return 1;
    case 10: return 2;
    case 100: return 3;
    case 1000: return 4;
    case 2500: return 5;
    case 5000: return 6;
    case 10000: return 7;
    case 14000: return 8;
    case 20000: return 9;
    case 25000: return 10;
    case 40000: return 11;
    case 50000: return 12;
    case 56000: return 13;
    case 100000: return 14;
    case 200000: return 15;
    case 400000: return 16;
    case 800000: return 17;
    default: return 0;
  }
}

/** Changes Selected and tells. */
export function setSelected(g: LacpGroup, p: LacpPort, value: i32): bool {
  if (p.selected == value) return false;
  const old = p.selected;
  p.selected = <u8>value;
  trace(T_LACP_SELECTED, p.port, old, value, p.aggregator < 0 ? -1 : member(g, p.aggregator).port);
  return true;
}

/** Changes what the member may carry and tells. */
export function setUsable(p: LacpPort, bits: i32): bool {
  if (p.usable == bits) return false;
  const old = p.usable;
  p.usable = <u8>bits;
  trace(T_MEMBER, p.port, old, bits, 0);
  return true;
}

export function comparePortIds(priority: u32, number: u32, otherPriority: u32, otherNumber: u32): i32 {
  if (priority != otherPriority) return priority < otherPriority ? -1 : 1;
  if (number != otherNumber) return number < otherNumber ? -1 : 1;
  return 0;
}
