// 802.1D-2004 17.31, Topology Change machine. Only a port that begins to forward is a change: nothing can have been
// learned behind a port that was closed, and what was learned on a port that goes is forgotten with it.

import { STP_ROLE_DESIGNATED, STP_ROLE_ROOT, T_STP_TC } from "../abi";
import { trace } from "../core/trace";
import { SECOND, StpBridge, StpPort, UNIT, helloTime, portOf } from "./port";

export const INACTIVE: i32 = 0;
export const LEARNING: i32 = 1;
export const ACTIVE: i32 = 2;

export function run(b: StpBridge, p: StpPort, now: i64): bool {
  if (p.begin) return toInactive(p);
  const active = p.role == STP_ROLE_ROOT || p.role == STP_ROLE_DESIGNATED;
  switch (p.changeState) {
    case INACTIVE:
      if (!p.learn) return false;
      p.changeState = LEARNING;
      return forget(p) || true;
    case LEARNING:
      if (active && p.forward && !p.operEdge) return detected(b, p, now);
      if (forget(p)) return true;
      return !active && !p.learn && !p.learning && toInactive(p);
    default:
      if (!active || p.operEdge) { p.changeState = LEARNING; return forget(p) || true; }
      return heard(b, p, now);
  }
}

function toInactive(p: StpPort): bool {
  const was = p.changeState;
  p.changeState = INACTIVE;
  p.flush = true;
  p.tcAt = 0;
  p.tcAck = false;
  return was != INACTIVE;
}

/** LEARNING: what came before the port forwards concerns it not. */
function forget(p: StpPort): bool {
  if (!p.rcvdTc && !p.rcvdTcn && !p.rcvdTcAck && !p.tcProp) return false;
  p.rcvdTc = false; p.rcvdTcn = false; p.rcvdTcAck = false; p.tcProp = false;
  return true;
}

function detected(b: StpBridge, p: StpPort, now: i64): bool {
  p.cause = trace(T_STP_TC, p.entity, 0, 0, 0);
  newTcWhile(b, p, now);
  setTcPropTree(b, p);
  p.newInfo = true;
  p.changeState = ACTIVE;
  return true;
}

/** ACTIVE: NOTIFIED_TCN, NOTIFIED_TC, PROPAGATING and ACKNOWLEDGED are passed through at once. */
function heard(b: StpBridge, p: StpPort, now: i64): bool {
  if (p.rcvdTcn || p.rcvdTc) {
    if (now >= p.tcAt) p.cause = trace(T_STP_TC, p.entity, 1, 0, 0);
    if (p.rcvdTcn) newTcWhile(b, p, now);
    p.rcvdTcn = false; p.rcvdTc = false;
    if (p.role == STP_ROLE_DESIGNATED) p.tcAck = true;
    setTcPropTree(b, p);
    return true;
  }
  if (p.tcProp && !p.operEdge) {
    newTcWhile(b, p, now);
    p.flush = true;
    p.tcProp = false;
    return true;
  }
  if (p.rcvdTcAck) { p.tcAt = 0; p.rcvdTcAck = false; return true; }
  return false;
}

/** 17.21.7 */
function newTcWhile(b: StpBridge, p: StpPort, now: i64): void {
  if (now < p.tcAt) return;
  if (p.sendRstp) { p.tcAt = now + helloTime(p) + SECOND; p.newInfo = true; }
  else p.tcAt = now + (<i64>b.rootMaxAge + <i64>b.rootForwardDelay) * UNIT;
}

/** 17.21.18 */
function setTcPropTree(b: StpBridge, p: StpPort): void {
  for (let i = 0; i < b.count; i++) {
    const other = portOf(b, i);
    if (changetype<usize>(other) != changetype<usize>(p)) other.tcProp = true;
  }
}
