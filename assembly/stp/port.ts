// The records of spanning tree: one StpPort a bridge port, one StpBridge a bridge (802.1D-2004 17.18, 17.19; 802.1D-1998 8.5).
//
// A bridge's ports lie side by side from `first`, STP_PORT_BYTES apart. Timers are deadlines in absolute ns instead of counters
// of whole seconds: `xxxAt` in the future is "xxx != 0", and NEVER a timer that its state reloads at every tick.
//
// A priority vector is four fields side by side: root, bridge, cost, port; `Vector` maps any of them.

import { STP_RSTP, T_STP_ROLE, T_STP_STATE, STP_ROLE_DISABLED } from "../abi";
import { trace } from "../core/trace";

export const NEVER: i64 = i64.MAX_VALUE;
export const SECOND: i64 = 1000000000;
export const UNIT: i64 = 3906250; // ns in 1/256 s: times in BPDUs

@unmanaged export class Vector { root: u64; bridge: u64; cost: u32; port: u32; }
@unmanaged export class Times { messageAge: u32; maxAge: u32; helloTime: u32; forwardDelay: u32; } // 1/256 s

@unmanaged export class StpPort {
  // configuration
  entity: i32; // bridge port: the entity of trace records
  portId: u32; // priority 4 bits, number 12 bits
  cost: u32; // PortPathCost
  adminEdge: bool; autoEdge: bool; pointToPoint: bool;
  // inputs
  portEnabled: bool; // by setEnabled()
  // outputs
  send: i32; // SEND_*: fillBpdu(), send, and clear it
  flush: bool; // forget what was learned here, and clear it
  forwarding: bool; learning: bool;
  told: i32; // what the owner has made of them; not read here
  cause: u32; // last record about this port
  lossNode: i32; // who was heard here last; not read here
  // states
  receiveState: i32; infoState: i32; roleState: i32; changeState: i32; migrationState: i32; edgeState: i32;
  state: i32; // STP_DISCARDING ...: what the trace tells
  role: i32; selectedRole: i32; tracedRole: i32;
  infoIs: i32; rcvdInfo: i32;
  // variables (17.19)
  agree: bool; agreed: bool; disputed: bool; forward: bool; learn: bool; mcheck: bool; newInfo: bool; operEdge: bool;
  proposed: bool; proposing: bool; rcvdBpdu: bool; rcvdMsg: bool; rcvdRstp: bool; rcvdStp: bool;
  rcvdTc: bool; rcvdTcAck: bool; rcvdTcn: bool; reRoot: bool; reselect: bool; selected: bool; sendRstp: bool;
  sync: bool; synced: bool; tcAck: bool; tcProp: bool; updtInfo: bool; begin: bool;
  txCount: i32;
  txSecondAt: i64; // since when the current count has stood: it falls by one a second
  // vectors and times
  portRoot: u64; portBridge: u64; portCost: u32; portPort: u32;
  designatedRoot: u64; designatedBridge: u64; designatedCost: u32; designatedPort: u32;
  msgRoot: u64; msgBridge: u64; msgCost: u32; msgPort: u32;
  portMessageAge: u32; portMaxAge: u32; portHelloTime: u32; portForwardDelay: u32;
  designatedMessageAge: u32; designatedMaxAge: u32; designatedHelloTime: u32; designatedForwardDelay: u32;
  msgMessageAge: u32; msgMaxAge: u32; msgHelloTime: u32; msgForwardDelay: u32;
  msgType: u32; msgFlags: u32;
  // timers
  edgeDelayAt: i64; fdAt: i64; helloAt: i64; mdelayAt: i64; rbAt: i64; rcvdInfoAt: i64; rrAt: i64; tcAt: i64;
  // 802.1D-1998 8.5.5
  messageAgeAt: i64; forwardDelayAt: i64; holdAt: i64;
  configPending: bool; topologyChangeAck: bool;
}

@unmanaged export class StpBridge {
  // configuration
  first: usize; // address of port 0
  id: u64; // BridgeIdentifier
  count: i32; // ports
  mode: i32; // STP_RSTP, STP_CLASSIC
  node: i32; // entity of trace records
  twin: i32; // MC-LAG: the other node that this bridge is made of, -1; not read here
  maxAge: u32; helloTime: u32; forwardDelay: u32; // BridgeTimes, 1/256 s
  // outputs
  fastAgeing: bool; // 802.1D-1998 8.6.14: the MAC table ages in Forward Delay
  toldAgeing: bool; // what the owner has made of it; not read here
  running: bool;
  // what the machines share
  cause: u32; // last record that concerned the bridge
  clock: i64; // instant of the last call
  rootPort: i32; // index, -1: this bridge is the root
  rootRoot: u64; rootBridge: u64; rootCost: u32; rootPortId: u32; // rootPriority
  rootMessageAge: u32; rootMaxAge: u32; rootHelloTime: u32; rootForwardDelay: u32; // rootTimes
  tracedRoot: u64; tracedCost: u32; tracedPort: i32;
  // 802.1D-1998 8.5.3
  topologyChangeDetected: bool; topologyChange: bool;
  helloAt: i64; tcnAt: i64; topologyChangeAt: i64;
}

export const STP_PORT_BYTES: usize = (offsetof<StpPort>() + 15) & ~15;
export const STP_BRIDGE_BYTES: usize = (offsetof<StpBridge>() + 15) & ~15;

export const SEND_NONE: i32 = 0;
export const SEND_RST: i32 = 1;
export const SEND_CONFIG: i32 = 2;
export const SEND_TCN: i32 = 3;

export const INFO_DISABLED: i32 = 0;
export const INFO_AGED: i32 = 1;
export const INFO_MINE: i32 = 2;
export const INFO_RECEIVED: i32 = 3;

export const MIGRATE_TIME: i64 = 3 * SECOND; // table 17-1
export const TX_HOLD_COUNT: i32 = 6;

export function bridgeAt(at: usize): StpBridge { return changetype<StpBridge>(at); }
export function portAt(at: usize): StpPort { return changetype<StpPort>(at); }
export function portOf(b: StpBridge, i: i32): StpPort { return changetype<StpPort>(b.first + <usize>i * STP_PORT_BYTES); }
export function isRstp(b: StpBridge): bool { return b.mode == STP_RSTP; } // rstpVersion, 17.20.11

export function portVector(p: StpPort): Vector { return changetype<Vector>(changetype<usize>(p) + offsetof<StpPort>("portRoot")); }
export function designatedVector(p: StpPort): Vector { return changetype<Vector>(changetype<usize>(p) + offsetof<StpPort>("designatedRoot")); }
export function msgVector(p: StpPort): Vector { return changetype<Vector>(changetype<usize>(p) + offsetof<StpPort>("msgRoot")); }
export function portTimes(p: StpPort): Times { return changetype<Times>(changetype<usize>(p) + offsetof<StpPort>("portMessageAge")); }
export function designatedTimes(p: StpPort): Times { return changetype<Times>(changetype<usize>(p) + offsetof<StpPort>("designatedMessageAge")); }
export function msgTimes(p: StpPort): Times { return changetype<Times>(changetype<usize>(p) + offsetof<StpPort>("msgMessageAge")); }
export function rootTimes(b: StpBridge): Times { return changetype<Times>(changetype<usize>(b) + offsetof<StpBridge>("rootMessageAge")); }

export function copyVector(to: Vector, from: Vector): void { memory.copy(changetype<usize>(to), changetype<usize>(from), offsetof<Vector>()); }
export function copyTimes(to: Times, from: Times): void { memory.copy(changetype<usize>(to), changetype<usize>(from), offsetof<Times>()); }
export function sameTimes(a: Times, b: Times): bool {
  return a.messageAge == b.messageAge && a.maxAge == b.maxAge && a.helloTime == b.helloTime && a.forwardDelay == b.forwardDelay;
}

/** 17.5: the lower vector is the better. -1 when `a` is better, 0 the same, 1 worse. */
export function compareVectors(a: Vector, b: Vector): i32 {
  if (a.root != b.root) return a.root < b.root ? -1 : 1;
  if (a.cost != b.cost) return a.cost < b.cost ? -1 : 1;
  if (a.bridge != b.bridge) return a.bridge < b.bridge ? -1 : 1;
  if (a.port != b.port) return a.port < b.port ? -1 : 1;
  return 0;
}

export function addressOf(bridgeId: u64): u64 { return bridgeId & 0xffffffffffff; }

// 17.20: parameters that the machines ask for, in ns.
export function fwdDelay(p: StpPort): i64 { return <i64>p.designatedForwardDelay * UNIT; }
export function helloTime(p: StpPort): i64 { return <i64>p.designatedHelloTime * UNIT; }
export function maxAge(p: StpPort): i64 { return <i64>p.designatedMaxAge * UNIT; }
/** 17.20.5: a partner that speaks RSTP answers within a hello; only with others must all of Forward Delay pass. */
export function forwardDelay(p: StpPort): i64 { return p.sendRstp ? helloTime(p) : fwdDelay(p); }
export function edgeDelay(p: StpPort): i64 { return p.pointToPoint ? MIGRATE_TIME : maxAge(p); }

/** 17.21.23, 17.21.25: Message Age one hop on, a second more and rounded to whole seconds. */
export function ageNextHop(age: u32): u32 { return (age + 256 + 128) & ~255; }

/** Tells a change of the port's role. */
export function traceRole(p: StpPort, role: i32): void {
  if (p.tracedRole == role) return;
  p.cause = trace(T_STP_ROLE, p.entity, p.tracedRole, role, 0);
  p.tracedRole = role;
}

/** Changes the state that is told, and the two switches behind it. */
export function setState(p: StpPort, state: i32, learning: bool, forwarding: bool): void {
  p.learning = learning; p.forwarding = forwarding;
  if (p.state == state) return;
  const old = p.state;
  p.state = state;
  p.cause = trace(T_STP_STATE, p.entity, old, state, 0);
}

/** The bridge's own times and the vector of a root. */
export function becomeRoot(b: StpBridge): void {
  b.rootPort = -1;
  b.rootRoot = b.id; b.rootBridge = b.id; b.rootCost = 0; b.rootPortId = 0;
  b.rootMessageAge = 0; b.rootMaxAge = b.maxAge; b.rootHelloTime = b.helloTime; b.rootForwardDelay = b.forwardDelay;
}

/** Nothing of what a run leaves behind: configuration and inputs stay. */
export function clearPort(p: StpPort): void {
  const from = offsetof<StpPort>("receiveState");
  memory.fill(changetype<usize>(p) + from, 0, offsetof<StpPort>() - from);
  p.send = SEND_NONE; p.flush = false; p.forwarding = false; p.learning = false;
  p.role = STP_ROLE_DISABLED; p.selectedRole = STP_ROLE_DISABLED; p.tracedRole = STP_ROLE_DISABLED;
  p.edgeDelayAt = NEVER; p.fdAt = NEVER; p.helloAt = 0; p.mdelayAt = NEVER; p.rbAt = 0; p.rcvdInfoAt = 0; p.rrAt = 0; p.tcAt = 0;
  p.messageAgeAt = NEVER; p.forwardDelayAt = NEVER; p.holdAt = NEVER;
}

/** The root path through this port becomes the bridge's if it is better: root, cost, bridge, its port, own port; lower wins. */
export function takeIfBetter(b: StpBridge, p: StpPort, i: i32): void {
  const cost = p.portCost + p.cost;
  if (p.portRoot != b.rootRoot) { if (p.portRoot > b.rootRoot) return; }
  else if (cost != b.rootCost) { if (cost > b.rootCost) return; }
  else if (p.portBridge != b.rootBridge) { if (p.portBridge > b.rootBridge) return; }
  else if (p.portPort != b.rootPortId) { if (p.portPort > b.rootPortId) return; }
  else if (b.rootPort >= 0 && p.portId > portOf(b, b.rootPort).portId) return;
  b.rootRoot = p.portRoot; b.rootCost = cost; b.rootBridge = p.portBridge; b.rootPortId = p.portPort;
  b.rootPort = i;
}
