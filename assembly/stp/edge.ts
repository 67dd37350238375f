// 802.1D-2004 17.25, Bridge Detection machine: a port where no bridge is heard is an edge of the network.

import { StpPort } from "./port";

export const NOT_EDGE: i32 = 0;
export const EDGE: i32 = 1;

export function run(p: StpPort, now: i64): bool {
  if (p.begin) return p.adminEdge ? enter(p, EDGE) : enter(p, NOT_EDGE);
  if (p.edgeState == EDGE) return ((!p.portEnabled && !p.adminEdge) || !p.operEdge) && enter(p, NOT_EDGE);
  const silent = now >= p.edgeDelayAt && p.autoEdge && p.sendRstp && p.proposing;
  return ((!p.portEnabled && p.adminEdge) || silent) && enter(p, EDGE);
}

function enter(p: StpPort, state: i32): bool {
  p.edgeState = state;
  p.operEdge = state == EDGE;
  return true;
}
