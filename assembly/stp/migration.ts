// 802.1D-2004 17.24, Port Protocol Migration machine: which of the two protocols is spoken on this port.

import { MIGRATE_TIME, NEVER, StpBridge, StpPort, isRstp } from "./port";

export const CHECKING_RSTP: i32 = 0;
export const SELECTING_STP: i32 = 1;
export const SENSING: i32 = 2;

export function run(b: StpBridge, p: StpPort, now: i64): bool {
  if (p.begin) return toChecking(b, p);
  if (p.migrationState == CHECKING_RSTP) {
    if (!p.portEnabled) return p.mdelayAt != NEVER && toChecking(b, p);
    if (p.mdelayAt == NEVER) p.mdelayAt = now + MIGRATE_TIME; // a disabled port has held it at MigrateTime
    return now >= p.mdelayAt && toSensing(p);
  }
  if (p.migrationState == SELECTING_STP) return (now >= p.mdelayAt || !p.portEnabled || p.mcheck) && toSensing(p);
  if (!p.portEnabled || p.mcheck || (isRstp(b) && !p.sendRstp && p.rcvdRstp)) return toChecking(b, p);
  return p.sendRstp && p.rcvdStp && toSelecting(p, now);
}

function toChecking(b: StpBridge, p: StpPort): bool {
  p.migrationState = CHECKING_RSTP;
  p.mcheck = false;
  p.sendRstp = isRstp(b);
  p.mdelayAt = NEVER;
  return true;
}

function toSelecting(p: StpPort, now: i64): bool {
  p.migrationState = SELECTING_STP;
  p.sendRstp = false;
  p.mdelayAt = now + MIGRATE_TIME;
  return true;
}

function toSensing(p: StpPort): bool {
  p.migrationState = SENSING;
  p.rcvdRstp = false; p.rcvdStp = false;
  return true;
}
