// A lag went up or down, or its members changed: who needs to know.

import { cause, setCause } from "../core/trace";
import { PEER_LEG, pointAtLeg, tell } from "../switching/pair-sync";
import { BRIDGE_LAG, lagOf, nodeOf } from "../sim/tables";
import { peerLinkLag } from "./mclag";
import { markLag } from "../sim/dirty";
import { stpLinkChanged } from "./stp";
import { setL3 } from "./l3-state";

/** `upDown`: not only the number of members. */
export function lagChanged(index: i32, upDown: bool): void {
  const lag = lagOf(index);
  const before = cause;
  markLag(lag.node, index);
  if (!upDown) return;
  if (lag.peerLink >= 0) peerLinkLag(lag.peerLink);
  else if (lag.mlagId != 0) {
    if (lag.up != 0) pointAtLeg(index);
    tell(nodeOf(lag.node).peer, PEER_LEG, lag.mlagId, 0, lag.up);
  }
  setCause(before);
  stpLinkChanged(BRIDGE_LAG | index);
  if (lag.l3 >= 0) setL3(lag.l3, lag.up != 0);
  setCause(before);
}
