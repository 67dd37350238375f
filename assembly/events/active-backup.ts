// Linux bonding mode 1 (bond_main.c, bond_find_best_slave, bond_choose_primary_or_current, bond_change_active_slave):
// one member carries everything; modes 5 and 6 and Windows choose theirs alike. primary and primary_reselect decide who; a change is told to the switch by gratuitous ARP.

import { LAG_ACTIVE_BACKUP, LAG_ALB, LAG_TLB, MII_BACK, MII_UP, RESELECT_ALWAYS, RESELECT_BETTER, T_BOND_ACTIVE } from "../abi";
import { forgetNeighbours } from "../sim/neighbour-tables";
import { cause, now, setCause, trace } from "../core/trace";
import { setUsable } from "./lag";
import { stirLag } from "../sim/rest";
import { Lag, lagOf, memberOf, portOf } from "../sim/tables";
import { markDirty } from "../sim/dirty";
import { notifyPeers, teachSwitch } from "./notify";
import { bondMemberOf, monitorsArp, moveMac } from "../sim/bond-tables";
import { rlbSwapped } from "../bond/rlb";

function isUp(lag: Lag, i: i32): bool { return i >= 0 && memberOf(lag.first + i).mii == MII_UP; }
function speed(lag: Lag, i: i32): u32 { return portOf(memberOf(lag.first + i).port).speed; }

/** The member that should be active, or -1. A member in FAIL keeps its place until its downdelay is over. */
function best(lag: Lag): i32 {
  const current = lag.active;
  const holds = current >= 0 && (isUp(lag, current) || memberOf(lag.first + current).mii == 1);
  if (isUp(lag, lag.primary)) {
    if (lag.reselect == RESELECT_ALWAYS || !holds) return lag.primary;
    if (lag.reselect == RESELECT_BETTER && speed(lag, lag.primary) > speed(lag, current)) return lag.primary;
  }
  if (holds) return current;
  let soonest = -1;
  for (let i = 0; i < lag.count; i++) {
    const m = memberOf(lag.first + i);
    if (m.mii == MII_UP) return i;
    if (m.mii == MII_BACK && (soonest < 0 || m.stepAt < memberOf(lag.first + soonest).stepAt)) soonest = i;
  }
  return soonest;
}

export function chooseActive(index: i32): void { use(index, best(lagOf(index))); }

/** An operator's choice: holds until the member fails, or a primary is preferred. */
export function activate(index: i32, chosen: i32): void {
  if (isUp(lagOf(index), chosen)) use(index, chosen);
}

/** What explains the state of a member: the ARP monitor's finding, else its carrier. */
function stateCause(lag: Lag, index: i32, i: i32): u32 {
  const found = monitorsArp(lag, index) ? bondMemberOf(lag.first + i).foundAt : 0;
  return found != 0 ? found : portOf(memberOf(lag.first + i).port).cause;
}

function use(index: i32, chosen: i32): void {
  const lag = lagOf(index);
  if (chosen == lag.active) return;
  stirLag(index);
  const old = lag.active;
  const before = cause;
  const reason = old >= 0 && memberOf(lag.first + old).mii != MII_UP ? stateCause(lag, index, old)
    : chosen >= 0 ? stateCause(lag, index, chosen) : before;
  setCause(reason);
  lag.active = chosen;
  lag.cause = trace(T_BOND_ACTIVE, index, old >= 0 ? memberOf(lag.first + old).port : -1, chosen >= 0 ? memberOf(lag.first + chosen).port : -1, 0);
  const record = lag.cause;
  // First the new one, then the old: the bond keeps its carrier, and its neighbour entries, while one takes over from the other.
  if (chosen >= 0) {
    if (memberOf(lag.first + chosen).mii == MII_BACK) memberOf(lag.first + chosen).mii = MII_UP;
    bondMemberOf(lag.first + chosen).upSince = now; // the ARP monitor gives it two intervals
    setUsable(lag.first + chosen, 3);
    setCause(record);
  }
  // In modes 5 and 6 a member that is not the active one sends all the same.
  if (old >= 0) setUsable(lag.first + old, lag.mode != LAG_ACTIVE_BACKUP && memberOf(lag.first + old).mii == MII_UP ? 2 : 0);
  setCause(record);
  if (chosen >= 0) {
    if (moveMac(index, old, chosen)) forgetNeighbours(lag.l3); // NETDEV_CHANGEADDR, neigh_changeaddr
    if (lag.mode == LAG_TLB || lag.mode == LAG_ALB) teachSwitch(index); else notifyPeers(index);
    if (lag.mode == LAG_ALB && old >= 0) rlbSwapped(index);
  }
  setCause(record);
  markDirty(lag.node);
}
