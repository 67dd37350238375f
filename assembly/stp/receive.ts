// 802.1D-2004 17.23, Port Receive machine.

import { FLAG_ROLE } from "../wire/bpdu";
import { BPDU_RST } from "../wire/bpdu";
import { MIGRATE_TIME, NEVER, StpPort } from "./port";

export const DISCARD: i32 = 0;
export const RECEIVE: i32 = 1;

export function run(p: StpPort, now: i64): bool {
  if (p.begin || (!p.portEnabled && (p.rcvdBpdu || p.receiveState != DISCARD || p.edgeDelayAt != NEVER))) return toDiscard(p);
  if (!p.portEnabled) return false;
  if (p.edgeDelayAt == NEVER) p.edgeDelayAt = now + MIGRATE_TIME; // DISCARD has held it at MigrateTime until now
  return p.rcvdBpdu && !p.rcvdMsg && toReceive(p, now);
}

function toDiscard(p: StpPort): bool {
  p.receiveState = DISCARD;
  p.rcvdBpdu = false; p.rcvdRstp = false; p.rcvdStp = false; p.rcvdMsg = false;
  p.edgeDelayAt = NEVER;
  return true;
}

function toReceive(p: StpPort, now: i64): bool {
  p.receiveState = RECEIVE;
  updtBPDUVersion(p);
  p.operEdge = false; p.rcvdBpdu = false; p.rcvdMsg = true;
  p.edgeDelayAt = now + MIGRATE_TIME;
  return true;
}

/** 17.21.22 */
function updtBPDUVersion(p: StpPort): void {
  if (p.msgType == BPDU_RST) p.rcvdRstp = true;
  else p.rcvdStp = true;
}

/** The role that the sender's port has; a Configuration BPDU comes from designated ports only. */
export function messageRole(p: StpPort): u32 { return p.msgType == BPDU_RST ? p.msgFlags & FLAG_ROLE : FLAG_ROLE; }
