// The procedures of 802.1D-1998 8.6, under their names. `portVector` of a port is its designated root, cost, bridge and port.

import {
  STP_BLOCKING, STP_DISABLED, STP_FORWARDING, STP_LEARNING, STP_LISTENING, STP_ROLE_ALTERNATE, STP_ROLE_DESIGNATED, STP_ROLE_ROOT, STP_ROLE_BACKUP, T_STP_TC,
} from "../abi";
import { trace } from "../core/trace";
import { BPDU_CONFIG, BPDU_TCN, Bpdu, FLAG_TC, FLAG_TCA } from "../wire/bpdu";
import {
  NEVER, SECOND, SEND_CONFIG, SEND_TCN, StpBridge, StpPort, UNIT, becomeRoot, copyVector, msgVector, portOf, portVector, setState, traceRole, takeIfBetter,
} from "./port";
import { traceRoot } from "./selection";

export const HOLD_TIME: i64 = SECOND; // 8.10, table 8-3
const MESSAGE_AGE_INCREMENT: u32 = 256; // one second a hop

export function setClassicState(p: StpPort, state: i32): void {
  setState(p, state, state == STP_LEARNING || state == STP_FORWARDING, state == STP_FORWARDING);
}

export function isDesignated(b: StpBridge, p: StpPort): bool { return p.portBridge == b.id && p.portPort == p.portId; }
export function isDesignatedForSome(b: StpBridge): bool {
  for (let i = 0; i < b.count; i++) { const p = portOf(b, i); if (p.state != STP_DISABLED && isDesignated(b, p)) return true; }
  return false;
}

/** 8.6.1, Transmit configuration BPDU. */
export function transmitConfiguration(b: StpBridge, p: StpPort, now: i64): void {
  if (p.holdAt != NEVER && now < p.holdAt) { p.configPending = true; return; }
  p.configPending = false;
  if (b.rootPort >= 0 && messageAge(b, now) >= b.rootMaxAge) return; // too old to be told on
  p.send = SEND_CONFIG;
  p.holdAt = now + HOLD_TIME;
}

/** The age of what is known of the root, one hop on. */
function messageAge(b: StpBridge, now: i64): u32 {
  if (b.rootPort < 0) return 0;
  const at = portOf(b, b.rootPort).messageAgeAt;
  const left: i64 = at == NEVER ? 0 : at - now;
  const age = <i64>b.rootMaxAge * UNIT - left;
  return <u32>((age > 0 ? age : 0) / UNIT) + MESSAGE_AGE_INCREMENT;
}

export function fill(b: StpBridge, p: StpPort, out: Bpdu, now: i64): void {
  out.type = p.send == SEND_TCN ? BPDU_TCN : BPDU_CONFIG;
  out.root = b.rootRoot; out.cost = b.rootCost; out.bridge = b.id; out.port = p.portId;
  out.messageAge = messageAge(b, now); out.maxAge = b.rootMaxAge; out.helloTime = b.rootHelloTime; out.forwardDelay = b.rootForwardDelay;
  out.flags = (b.topologyChange ? FLAG_TC : 0) | (p.topologyChangeAck ? FLAG_TCA : 0);
  p.topologyChangeAck = false;
}

/** 8.6.2.2: does the message say more than what the port holds? */
export function supersedes(b: StpBridge, p: StpPort): bool {
  if (p.msgRoot != p.portRoot) return p.msgRoot < p.portRoot;
  if (p.msgCost != p.portCost) return p.msgCost < p.portCost;
  if (p.msgBridge != p.portBridge) return p.msgBridge < p.portBridge;
  return p.msgBridge != b.id || p.msgPort <= p.portPort;
}

/** 8.6.2 */
export function recordConfigurationInformation(p: StpPort, now: i64): void {
  copyVector(portVector(p), msgVector(p));
  const left = <i64>p.msgMaxAge - <i64>p.msgMessageAge;
  p.messageAgeAt = now + (left > 0 ? left : 0) * UNIT;
}

/** 8.6.3 */
export function recordConfigurationTimeoutValues(b: StpBridge, p: StpPort): void {
  b.rootMaxAge = p.msgMaxAge; b.rootHelloTime = p.msgHelloTime; b.rootForwardDelay = p.msgForwardDelay;
  b.topologyChange = (p.msgFlags & FLAG_TC) != 0;
  b.fastAgeing = b.topologyChange;
}

/** 8.6.4: on all ports that are designated. */
export function configurationGeneration(b: StpBridge, now: i64): void {
  for (let i = 0; i < b.count; i++) {
    const p = portOf(b, i);
    if (p.state != STP_DISABLED && isDesignated(b, p)) transmitConfiguration(b, p, now);
  }
}

/** 8.6.5 */
export function reply(b: StpBridge, p: StpPort, now: i64): void { transmitConfiguration(b, p, now); }

/** 8.6.6; 8.6.6.2: the root port is looked for once, and each designated port that hears of a better one yields. */
export function transmitTcn(b: StpBridge, now: i64): void {
  if (b.rootPort < 0) return;
  portOf(b, b.rootPort).send = SEND_TCN;
}

/** 8.6.7: root selection, then designated port selection. */
export function configurationUpdate(b: StpBridge): void {
  const hello = b.rootHelloTime; const max = b.rootMaxAge; const delay = b.rootForwardDelay;
  const wasRoot = b.rootPort < 0;
  becomeRoot(b);
  for (let i = 0; i < b.count; i++) considerRoot(b, portOf(b, i), i);
  if (b.rootPort >= 0 && !wasRoot) { b.rootHelloTime = hello; b.rootMaxAge = max; b.rootForwardDelay = delay; }
  for (let i = 0; i < b.count; i++) {
    const p = portOf(b, i);
    if (isDesignated(b, p) || p.portRoot != b.rootRoot || betterHere(b, p)) becomeDesignatedPort(b, p);
  }
  traceRoot(b);
}

/** 8.6.8.3.1. Choice: a port that this bridge itself serves by another one (a backup port) leads nowhere; the clause lets it count until it ages. */
function considerRoot(b: StpBridge, p: StpPort, i: i32): void {
  if (p.state == STP_DISABLED || isDesignated(b, p) || p.portRoot >= b.id || p.portBridge == b.id) return;
  takeIfBetter(b, p, i);
}

/** 8.6.9.3: would this bridge be the better designated bridge for that LAN? */
function betterHere(b: StpBridge, p: StpPort): bool {
  if (b.rootCost != p.portCost) return b.rootCost < p.portCost;
  if (b.id != p.portBridge) return b.id < p.portBridge;
  return p.portId <= p.portPort;
}

/** 8.6.10 */
export function becomeDesignatedPort(b: StpBridge, p: StpPort): void {
  p.portRoot = b.rootRoot; p.portCost = b.rootCost; p.portBridge = b.id; p.portPort = p.portId;
}

/** 8.6.11 */
export function portStateSelection(b: StpBridge, now: i64): void {
  for (let i = 0; i < b.count; i++) {
    const p = portOf(b, i);
    if (p.state == STP_DISABLED) continue;
    if (i == b.rootPort) { p.configPending = false; p.topologyChangeAck = false; makeForwarding(b, p, now); }
    else if (isDesignated(b, p)) { p.messageAgeAt = NEVER; makeForwarding(b, p, now); }
    else { p.configPending = false; p.topologyChangeAck = false; makeBlocking(b, p, now); }
  }
}

/** 8.6.12 */
function makeForwarding(b: StpBridge, p: StpPort, now: i64): void {
  if (p.state != STP_BLOCKING) return;
  setClassicState(p, STP_LISTENING);
  p.forwardDelayAt = now + <i64>b.rootForwardDelay * UNIT;
}

/** 8.6.13 */
function makeBlocking(b: StpBridge, p: StpPort, now: i64): void {
  if (p.state == STP_BLOCKING) return;
  const open = p.state == STP_FORWARDING || p.state == STP_LEARNING;
  setClassicState(p, STP_BLOCKING);
  p.forwardDelayAt = NEVER;
  p.flush = true; // a port that forwards nothing has nothing to have learned
  if (open) topologyChangeDetection(b, now);
}

/** 8.6.14 */
export function topologyChangeDetection(b: StpBridge, now: i64): void {
  const entity = b.rootPort < 0 ? portOf(b, 0).entity : portOf(b, b.rootPort).entity;
  if (!b.topologyChangeDetected) trace(T_STP_TC, entity, 0, 0, 0);
  if (b.rootPort < 0) {
    b.topologyChange = true;
    b.fastAgeing = true;
    b.topologyChangeAt = now + (<i64>b.maxAge + <i64>b.forwardDelay) * UNIT;
  } else if (!b.topologyChangeDetected) {
    transmitTcn(b, now);
    b.tcnAt = now + <i64>b.helloTime * UNIT;
  }
  b.topologyChangeDetected = true;
}

/** 8.6.15 */
export function topologyChangeAcknowledged(b: StpBridge, p: StpPort): void {
  if ((p.msgFlags & FLAG_TCA) == 0) return;
  b.topologyChangeDetected = false;
  b.tcnAt = NEVER;
}

/** 8.6.16 */
export function acknowledgeTopologyChange(b: StpBridge, p: StpPort, now: i64): void {
  p.topologyChangeAck = true;
  transmitConfiguration(b, p, now);
}

/** 8.7.4, 8.8.3: the bridge has found that it is the root. */
export function becomeRootBridge(b: StpBridge, now: i64): void {
  b.rootMaxAge = b.maxAge; b.rootHelloTime = b.helloTime; b.rootForwardDelay = b.forwardDelay;
  topologyChangeDetection(b, now);
  b.tcnAt = NEVER;
  configurationGeneration(b, now);
  b.helloAt = now + <i64>b.helloTime * UNIT;
}

/** The clause has no roles; these are what RSTP calls its ports, for the trace. */
export function showRoles(b: StpBridge): void {
  for (let i = 0; i < b.count; i++) {
    const p = portOf(b, i);
    if (p.state == STP_DISABLED) continue;
    p.role = i == b.rootPort ? STP_ROLE_ROOT : isDesignated(b, p) ? STP_ROLE_DESIGNATED : p.portBridge == b.id ? STP_ROLE_BACKUP : STP_ROLE_ALTERNATE;
    traceRole(p, p.role);
  }
}

