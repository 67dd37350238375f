// STP: the operation of 802.1D-1998 8.7, as events that call the procedures of 8.6 (classic-procedures.ts).

import { STP_BLOCKING, STP_DISABLED, STP_FORWARDING, STP_LEARNING, STP_LISTENING, STP_ROLE_DISABLED } from "../abi";
import { BPDU_TCN } from "../wire/bpdu";
import {
  acknowledgeTopologyChange, becomeDesignatedPort, becomeRootBridge, configurationUpdate, configurationGeneration, isDesignated,
  isDesignatedForSome, portStateSelection, recordConfigurationInformation, recordConfigurationTimeoutValues, reply, setClassicState, showRoles, supersedes,
  topologyChangeAcknowledged, topologyChangeDetection, transmitConfiguration, transmitTcn,
} from "./classic-procedures";
import { NEVER, StpBridge, StpPort, UNIT, becomeRoot, portOf, traceRole } from "./port";

/** 8.8.1, Initialization. */
export function begin(b: StpBridge, now: i64): void {
  becomeRoot(b);
  b.topologyChangeDetected = false; b.topologyChange = false; b.fastAgeing = false;
  b.tcnAt = NEVER; b.topologyChangeAt = NEVER;
  for (let i = 0; i < b.count; i++) {
    const p = portOf(b, i);
    p.state = STP_DISABLED;
    becomeDesignatedPort(b, p);
    p.helloAt = NEVER;
    if (p.portEnabled) initializePort(b, p);
  }
  portStateSelection(b, now);
  configurationGeneration(b, now);
  b.helloAt = now + <i64>b.helloTime * UNIT;
  showRoles(b);
}

function initializePort(b: StpBridge, p: StpPort): void {
  becomeDesignatedPort(b, p);
  setClassicState(p, STP_BLOCKING);
  p.topologyChangeAck = false; p.configPending = false;
  p.messageAgeAt = NEVER; p.forwardDelayAt = NEVER; p.holdAt = NEVER;
}

/** 8.8.2 and 8.8.3 */
export function setEnabled(b: StpBridge, p: StpPort, enabled: bool, now: i64): void {
  if (enabled) {
    initializePort(b, p);
    portStateSelection(b, now);
    // A port that is known to lead to hosts only forwards at once, and is no topology change (an extension that every vendor has).
    if (p.adminEdge && p.state == STP_LISTENING) { p.operEdge = true; p.forwardDelayAt = NEVER; setClassicState(p, STP_FORWARDING); }
    showRoles(b);
    return;
  }
  const wasRoot = b.rootPort < 0;
  const open = p.state == STP_FORWARDING || p.state == STP_LEARNING;
  const edge = p.operEdge;
  becomeDesignatedPort(b, p);
  setClassicState(p, STP_DISABLED);
  p.topologyChangeAck = false; p.configPending = false; p.operEdge = false;
  p.messageAgeAt = NEVER; p.forwardDelayAt = NEVER; p.holdAt = NEVER;
  p.role = STP_ROLE_DISABLED;
  traceRole(p, STP_ROLE_DISABLED);
  reconfigure(b, now, wasRoot);
  // Choice: 8.6.14 names the port that is blocked; one that is lost is a change as well, stations behind it may be reached another way.
  if (open && !edge) topologyChangeDetection(b, now);
}

function reconfigure(b: StpBridge, now: i64, wasRoot: bool): void {
  configurationUpdate(b);
  portStateSelection(b, now);
  if (b.rootPort < 0 && !wasRoot) becomeRootBridge(b, now);
  showRoles(b);
}

/** 8.7.1 to 8.7.4 */
export function deliver(b: StpBridge, p: StpPort, now: i64): void {
  if (p.state == STP_DISABLED) return;
  p.operEdge = false; // a bridge is heard
  if (p.msgType == BPDU_TCN) {
    if (!isDesignated(b, p)) return;
    topologyChangeDetection(b, now);
    acknowledgeTopologyChange(b, p, now);
    return;
  }
  const wasRoot = b.rootPort < 0;
  if (supersedes(b, p)) {
    recordConfigurationInformation(p, now);
    configurationUpdate(b);
    portStateSelection(b, now);
    if (b.rootPort >= 0 && wasRoot) {
      b.helloAt = NEVER;
      if (b.topologyChangeDetected) { b.topologyChangeAt = NEVER; transmitTcn(b, now); b.tcnAt = now + <i64>b.helloTime * UNIT; }
    }
    if (b.rootPort >= 0 && portOf(b, b.rootPort).entity == p.entity) {
      recordConfigurationTimeoutValues(b, p);
      configurationGeneration(b, now);
      topologyChangeAcknowledged(b, p);
    }
    showRoles(b);
  } else if (isDesignated(b, p)) reply(b, p, now);
}

export function run(b: StpBridge, now: i64): void {
  if (now >= b.helloAt) { configurationGeneration(b, now); b.helloAt = now + <i64>b.helloTime * UNIT; } // 8.7.3
  for (let i = 0; i < b.count; i++) if (now >= portOf(b, i).messageAgeAt) messageAgeExpired(b, portOf(b, i), now); // 8.7.4
  for (let i = 0; i < b.count; i++) if (now >= portOf(b, i).forwardDelayAt) forwardDelayExpired(b, portOf(b, i), now); // 8.7.5
  if (now >= b.tcnAt) { transmitTcn(b, now); b.tcnAt = now + <i64>b.helloTime * UNIT; } // 8.7.6
  if (now >= b.topologyChangeAt) { b.topologyChangeDetected = false; b.topologyChange = false; b.topologyChangeAt = NEVER; b.fastAgeing = false; } // 8.7.7
  for (let i = 0; i < b.count; i++) {
    const p = portOf(b, i);
    if (now < p.holdAt) continue;
    p.holdAt = NEVER;
    if (p.configPending) transmitConfiguration(b, p, now); // 8.7.8
  }
}

function messageAgeExpired(b: StpBridge, p: StpPort, now: i64): void {
  p.messageAgeAt = NEVER;
  const wasRoot = b.rootPort < 0;
  becomeDesignatedPort(b, p);
  reconfigure(b, now, wasRoot);
}

function forwardDelayExpired(b: StpBridge, p: StpPort, now: i64): void {
  p.forwardDelayAt = NEVER;
  if (p.state == STP_LISTENING) {
    setClassicState(p, STP_LEARNING);
    p.forwardDelayAt = now + <i64>b.rootForwardDelay * UNIT;
  } else if (p.state == STP_LEARNING) {
    setClassicState(p, STP_FORWARDING);
    if (isDesignatedForSome(b)) topologyChangeDetection(b, now);
  }
}

export function nextDeadline(b: StpBridge): i64 {
  let at = min(b.helloAt, min(b.tcnAt, b.topologyChangeAt));
  for (let i = 0; i < b.count; i++) {
    const p = portOf(b, i);
    at = min(at, min(p.messageAgeAt, min(p.forwardDelayAt, p.configPending ? p.holdAt : NEVER)));
  }
  return at;
}

export function lost(p: StpPort, now: i64): bool { return now >= p.messageAgeAt; }
