// 802.1D-2004 17.28, Port Role Selection machine: one for the bridge. Who is the root, and what each port is for.

import { STP_ROLE_ALTERNATE, STP_ROLE_BACKUP, STP_ROLE_DESIGNATED, STP_ROLE_DISABLED, STP_ROLE_ROOT, T_STP_ROOT } from "../abi";
import { trace } from "../core/trace";
import {
  INFO_AGED, INFO_DISABLED, INFO_RECEIVED, StpBridge, StpPort, Times, addressOf, ageNextHop, becomeRoot, compareVectors, copyTimes, designatedTimes,
  designatedVector, portOf, portTimes, portVector, rootTimes, sameTimes, takeIfBetter,
} from "./port";

export function run(b: StpBridge): bool {
  let wanted = false;
  for (let i = 0; i < b.count; i++) if (portOf(b, i).reselect) wanted = true;
  if (!wanted) return false;
  for (let i = 0; i < b.count; i++) portOf(b, i).reselect = false; // clearReselectTree
  updtRolesTree(b);
  for (let i = 0; i < b.count; i++) portOf(b, i).selected = true; // setSelectedTree: nothing asks for a new selection in between
  return true;
}

/** 17.21.25 */
function updtRolesTree(b: StpBridge): void {
  becomeRoot(b);
  for (let i = 0; i < b.count; i++) considerRoot(b, portOf(b, i), i);
  if (b.rootPort >= 0) {
    copyTimes(rootTimes(b), portTimes(portOf(b, b.rootPort)));
    b.rootMessageAge = ageNextHop(b.rootMessageAge);
  }
  for (let i = 0; i < b.count; i++) {
    const p = portOf(b, i);
    p.designatedRoot = b.rootRoot; p.designatedCost = b.rootCost; p.designatedBridge = b.id; p.designatedPort = p.portId;
    copyTimes(designatedTimes(p), rootTimes(b));
    p.designatedHelloTime = b.helloTime;
    chooseRole(b, p, i);
  }
  traceRoot(b);
}

/** Is the root path through this port better than the best so far? What this bridge itself said leads nowhere. */
function considerRoot(b: StpBridge, p: StpPort, i: i32): void {
  if (p.infoIs != INFO_RECEIVED || addressOf(p.portBridge) == addressOf(b.id)) return;
  takeIfBetter(b, p, i);
}

function chooseRole(b: StpBridge, p: StpPort, i: i32): void {
  if (p.infoIs == INFO_DISABLED) { p.selectedRole = STP_ROLE_DISABLED; return; }
  if (p.infoIs == INFO_AGED) { p.selectedRole = STP_ROLE_DESIGNATED; p.updtInfo = true; return; }
  const order = compareVectors(designatedVector(p), portVector(p));
  if (p.infoIs != INFO_RECEIVED) {
    p.selectedRole = STP_ROLE_DESIGNATED;
    if (order != 0 || !timesAgree(p)) p.updtInfo = true;
    return;
  }
  if (i == b.rootPort) { p.selectedRole = STP_ROLE_ROOT; p.updtInfo = false; return; }
  if (order < 0) { p.selectedRole = STP_ROLE_DESIGNATED; p.updtInfo = true; return; }
  p.selectedRole = addressOf(p.portBridge) == addressOf(b.id) ? STP_ROLE_BACKUP : STP_ROLE_ALTERNATE;
  p.updtInfo = false;
}

function timesAgree(p: StpPort): bool { const a: Times = designatedTimes(p); return sameTimes(a, portTimes(p)); }

export function traceRoot(b: StpBridge): void {
  if (b.tracedRoot == b.rootRoot && b.tracedCost == b.rootCost && b.tracedPort == b.rootPort) return;
  b.tracedRoot = b.rootRoot; b.tracedCost = b.rootCost; b.tracedPort = b.rootPort;
  trace(T_STP_ROOT, b.node, <i32>b.rootRoot, <i32>b.rootCost, b.rootPort < 0 ? -1 : portOf(b, b.rootPort).entity);
}
