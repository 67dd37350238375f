// Nodes: power on, crash, hang, orderly shutdown.

import { LAG_LACP, NODE_CRASHED, NODE_HOST, NODE_HUNG, NODE_OFF, NODE_UP, T_NODE } from "../abi";
import { NEVER } from "../collections/event-queue";
import { cause, now, setCause, trace } from "../core/trace";
import { startRouting, stopRouting } from "../routing/adjacency";
import { forgetNode } from "../switching/bridge";
import { markDirty } from "../sim/dirty";
import { resignFhrps } from "./fhrp";
import { stirNode } from "../sim/rest";
import { leaveLag, startLag, stopLag } from "./lag";
import { setL3, vlanAlive } from "./l3-state";
import { signalChanged } from "./link";
import { startPeer, stopPeer } from "./mclag";
import { firmwareUp, powered, stopPxe } from "./pxe";
import { Node, SHUT_BY_GUARD, l3Of, lagOf, nodeOf, otherEnd, portOf } from "../sim/tables";
import { TIMER_BOOT, TIMER_L3, setTimer, stopTimer, timerAt } from "../sim/timers";
import { startStp, stopStp } from "./stp";
import { farewell } from "./vrrp";

function enter(index: i32, state: i32): u32 {
  stirNode(index);
  const n = nodeOf(index);
  const record = trace(T_NODE, index, n.state, state, 0);
  n.state = state;
  n.faultCause = state == NODE_UP ? 0 : record;
  markDirty(index);
  return record;
}

function signals(n: Node): void {
  for (let p = n.firstPort, end = n.firstPort + n.portCount; p < end; p++) {
    if (portOf(p).link < 0) continue;
    signalChanged(p);
    signalChanged(otherEnd(p));
  }
}

/** Without power it does not come up, whatever was under way; and it is this that keeps it down. */
function stopBooting(index: i32): void {
  const n = nodeOf(index);
  if (n.state == NODE_UP || n.state == NODE_HUNG || timerAt(TIMER_BOOT, index) == NEVER) return;
  stopTimer(TIMER_BOOT, index);
  if (n.pxe >= 0) stopPxe(n.pxe);
  n.faultCause = cause;
}

/** Loses power: links go dark, all state is lost. */
export function crash(index: i32, state: i32): void {
  const n = nodeOf(index);
  stopBooting(index);
  if (n.state == state || n.state == NODE_CRASHED) return;
  const record = enter(index, state);
  for (let i = n.firstLag, end = n.firstLag + n.lagCount; i < end; i++) { stopLag(i); setCause(record); }
  for (let i = n.firstL3, end = n.firstL3 + n.l3Count; i < end; i++) { stopTimer(TIMER_L3, i); setL3(i, false); setCause(record); }
  if (n.peer >= 0) stopPeer(n.peer);
  if (n.pxe >= 0) stopPxe(n.pxe);
  n.firmware = 0;
  stopRouting(index);
  stopStp(index);
  forgetNode(index);
  signals(n);
  setCause(record);
}

/** The control plane stops; the hardware forwards on with the tables that it has. */
export function hang(index: i32): void { if (nodeOf(index).state == NODE_UP) enter(index, NODE_HUNG); }

export function shutdown(index: i32): void {
  const n = nodeOf(index);
  if (n.state != NODE_UP) { stopBooting(index); return; }
  const before = cause;
  stirNode(index);
  for (let i = n.firstL3, end = n.firstL3 + n.l3Count; i < end; i++) { farewell(i); setCause(before); resignFhrps(i); setCause(before); }
  for (let i = n.firstLag, end = n.firstLag + n.lagCount; i < end; i++) { if (lagOf(i).mode == LAG_LACP) leaveLag(i); setCause(before); }
  crash(index, NODE_OFF);
}

/** Repairs: power on, up after the boot time. A hung node is reloaded: its links drop first. */
export function repair(index: i32): void {
  const n = nodeOf(index);
  if (n.state == NODE_UP) return;
  if (n.state == NODE_HUNG) crash(index, NODE_OFF);
  if (n.pxe >= 0) powered(n.pxe);
  else setTimer(TIMER_BOOT, index, now + n.bootNs);
}

/** What an operator typed on a host is forgotten; a switch has it in its configuration. */
function powerPort(n: Node, port: i32): void {
  const p = portOf(port);
  p.held = 0;
  if (n.kind == NODE_HOST || p.shut == SHUT_BY_GUARD) p.shut = 0;
  p.admin = p.shut == 0 ? 1 : 0;
  p.carrier = 0;
}

export function boot(index: i32): void {
  const n = nodeOf(index);
  const record = enter(index, NODE_UP);
  n.boots += 1;
  for (let p = n.firstPort, end = n.firstPort + n.portCount; p < end; p++) { powerPort(n, p); }
  n.firmware = n.pxe >= 0 ? 1 : 0;
  signals(n);
  if (n.pxe >= 0) { firmwareUp(n.pxe); setCause(record); return; }
  for (let i = n.firstLag, end = n.firstLag + n.lagCount; i < end; i++) { startLag(i); setCause(record); }
  startStp(index);
  setCause(record);
  if (n.peer >= 0) startPeer(n.peer);
  else if (n.kind != NODE_HOST) {
    for (let i = n.firstL3, end = n.firstL3 + n.l3Count; i < end; i++) { if (l3Of(i).bridge >= 0 && vlanAlive(l3Of(i).bridge)) setL3(i, true); setCause(record); }
  }
  startRouting(index);
  setCause(record);
}
