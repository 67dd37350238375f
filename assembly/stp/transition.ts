// 802.1D-2004 17.29, Port Role Transitions machine: from one role to another without a loop at any time.

import { STP_ROLE_BACKUP, STP_ROLE_DESIGNATED, STP_ROLE_DISABLED, STP_ROLE_ROOT } from "../abi";
import {
  NEVER, StpBridge, StpPort, edgeDelay, forwardDelay, fwdDelay, helloTime, isRstp, maxAge, portOf, traceRole,
} from "./port";

// roleState: which of the states that hold a timer at its value the port is in
export const BLOCKING: i32 = 0; // BLOCK_PORT, DISABLE_PORT: waits until the port state machine has followed
export const SETTLED: i32 = 1; // DISABLED_PORT, ROOT_PORT, DESIGNATED_PORT, ALTERNATE_PORT

export function run(b: StpBridge, p: StpPort, now: i64): bool {
  if (p.begin) return initPort(p);
  if (!p.selected || p.updtInfo) return false;
  if (p.role != p.selectedRole) return changeRole(p, now);
  switch (p.role) {
    case STP_ROLE_DISABLED: return disabled(p);
    case STP_ROLE_ROOT: return root(b, p, now);
    case STP_ROLE_DESIGNATED: return designated(p, now);
    default: return alternate(b, p);
  }
}

function initPort(p: StpPort): bool {
  p.role = STP_ROLE_DISABLED; p.roleState = BLOCKING;
  p.learn = false; p.forward = false;
  p.synced = false; p.sync = true; p.reRoot = true;
  p.rrAt = NEVER; p.fdAt = NEVER; p.rbAt = 0;
  return true;
}

/** What the old role's state kept reloading starts to run; then the new role's entry. */
function changeRole(p: StpPort, now: i64): bool {
  if (p.rrAt == NEVER) p.rrAt = now + fwdDelay(p); // recent root
  if (p.rbAt == NEVER) p.rbAt = now + 2 * helloTime(p); // recent backup
  if (p.fdAt == NEVER) p.fdAt = now + (p.role == STP_ROLE_DISABLED ? maxAge(p) : forwardDelay(p));
  p.role = p.selectedRole;
  traceRole(p, p.role);
  p.roleState = SETTLED;
  if (p.role == STP_ROLE_ROOT) p.rrAt = NEVER;
  else if (p.role != STP_ROLE_DESIGNATED) { p.roleState = BLOCKING; p.learn = false; p.forward = false; }
  return true;
}

function disabled(p: StpPort): bool {
  if (p.roleState == BLOCKING && (p.learning || p.forwarding)) return false;
  if (p.roleState == SETTLED && !p.sync && !p.reRoot && p.synced) return false;
  p.roleState = SETTLED;
  p.fdAt = NEVER; p.rrAt = 0;
  p.synced = true; p.sync = false; p.reRoot = false;
  return true;
}

// --- root port (figure 17-19) -----------------------------------------------------------------------

function root(b: StpBridge, p: StpPort, now: i64): bool {
  if (p.proposed && !p.agree) { setSyncTree(b); p.proposed = false; return true; }
  if ((!p.agree && allSynced(b)) || (p.proposed && p.agree)) { p.proposed = false; p.sync = false; p.agree = true; p.newInfo = true; return true; }
  if (!p.forward && !p.reRoot) { setReRootTree(b); return true; }
  if (p.reRoot && p.forward) { p.reRoot = false; return true; }
  const ready = now >= p.fdAt || (isRstp(b) && now >= p.rbAt && reRooted(b, p, now));
  if (ready && !p.learn) { p.fdAt = now + forwardDelay(p); p.learn = true; return true; }
  if (ready && p.learn && !p.forward) { p.fdAt = 0; p.forward = true; return true; }
  return false;
}

/** 17.20.3 */
function allSynced(b: StpBridge): bool {
  for (let i = 0; i < b.count; i++) {
    const p = portOf(b, i);
    if (!p.selected || p.role != p.selectedRole || p.updtInfo) return false;
    if (p.role != STP_ROLE_ROOT && !p.synced) return false;
  }
  return true;
}
/** 17.20.10: no other port was root port until just now. */
function reRooted(b: StpBridge, p: StpPort, now: i64): bool {
  for (let i = 0; i < b.count; i++) {
    const other = portOf(b, i);
    if (changetype<usize>(other) != changetype<usize>(p) && now < other.rrAt) return false;
  }
  return true;
}
function setSyncTree(b: StpBridge): void { for (let i = 0; i < b.count; i++) portOf(b, i).sync = true; }
function setReRootTree(b: StpBridge): void { for (let i = 0; i < b.count; i++) portOf(b, i).reRoot = true; }

// --- designated port (figure 17-20) ------------------------------------------------------------------

function designated(p: StpPort, now: i64): bool {
  if (!p.forward && !p.agreed && !p.proposing && !p.operEdge) {
    p.proposing = true; p.edgeDelayAt = now + edgeDelay(p); p.newInfo = true;
    return true;
  }
  if ((!p.learning && !p.forwarding && !p.synced) || (p.agreed && !p.synced) || (p.operEdge && !p.synced) || (p.sync && p.synced)) {
    p.rrAt = 0; p.synced = true; p.sync = false;
    return true;
  }
  const recentRoot = now < p.rrAt;
  if (!recentRoot && p.reRoot) { p.reRoot = false; return true; }
  if (((p.sync && !p.synced) || (p.reRoot && recentRoot) || p.disputed) && !p.operEdge && (p.learn || p.forward)) {
    p.learn = false; p.forward = false; p.disputed = false; p.fdAt = now + forwardDelay(p);
    return true;
  }
  const ready = (now >= p.fdAt || p.agreed || p.operEdge) && (!recentRoot || !p.reRoot) && !p.sync;
  if (ready && !p.learn) { p.learn = true; p.fdAt = now + forwardDelay(p); return true; }
  if (ready && p.learn && !p.forward) { p.forward = true; p.fdAt = 0; p.agreed = p.sendRstp; return true; }
  return false;
}

// --- alternate and backup port (figure 17-21) ---------------------------------------------------------

function alternate(b: StpBridge, p: StpPort): bool {
  if (p.roleState == BLOCKING) {
    if (p.learning || p.forwarding) return false;
    p.roleState = SETTLED;
    return alternatePort(p);
  }
  if (p.proposed && !p.agree) { setSyncTree(b); p.proposed = false; return true; }
  if ((!p.agree && allSynced(b)) || (p.proposed && p.agree)) { p.proposed = false; p.agree = true; p.newInfo = true; return true; }
  if (p.sync || p.reRoot || !p.synced) return alternatePort(p);
  return false;
}

function alternatePort(p: StpPort): bool {
  p.fdAt = NEVER; p.rrAt = 0;
  p.synced = true; p.sync = false; p.reRoot = false;
  if (p.role == STP_ROLE_BACKUP) p.rbAt = NEVER;
  return true;
}
