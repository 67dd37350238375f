// Interfaces going up and down: routes, VRRP and neighbour entries follow.

import { cause, setCause } from "../core/trace";
import { forgetNeighbours } from "../sim/neighbour-tables";
import { routeMayChange } from "../routing/adjacency";
import { markDirty } from "../sim/dirty";
import { startFhrps, stopFhrps } from "./fhrp";
import { BRIDGE_LAG, bridgeOf, bridgePortOf, l3Of, nodeOf, portOf, running } from "../sim/tables";
import { followTracks } from "./fhrp-track";
import { stirAskedBy } from "../sim/rest-neighbour";
import { stirDomain } from "../sim/rest-voices";
import { startVrrps, stopVrrps } from "./vrrp";

export function setL3(l3: i32, up: bool): void {
  const i = l3Of(l3);
  if ((i.up != 0) == up) return;
  const before = cause;
  stirDomain(i.bridge);
  stirAskedBy(l3);
  i.up = up ? 1 : 0;
  i.downCause = cause;
  if (up) { followTracks(i.node); startVrrps(l3); startFhrps(l3); }
  else { stopVrrps(l3); stopFhrps(l3); forgetNeighbours(l3); }
  setCause(before);
  if (i.prefix >= 0) routeMayChange(i.node, i.prefix);
  setCause(before);
  markDirty(i.node);
}

/** A VLAN interface is up while a port of its VLAN has carrier. Aggregates, and VLANs without a port, keep it up. */
export function vlanAlive(bridge: i32): bool {
  const b = bridgeOf(bridge);
  for (let k = b.first, end = b.first + b.count; k < end; k++) {
    const member = bridgePortOf(k);
    if ((member & BRIDGE_LAG) != 0 || portOf(member).carrier != 0) return true;
  }
  return b.count == 0;
}

/** A bridged port got or lost carrier. Peers of a pair raise their interfaces themselves; the peer-link carries every VLAN. */
export function vlansFollow(port: i32): void {
  const n = nodeOf(portOf(port).node);
  if (n.peer >= 0) return;
  const before = cause;
  for (let b = n.firstBridge, end = n.firstBridge + n.bridgeCount; b < end; b++) {
    if (bridgeOf(b).l3 >= 0 && hasPort(b, port)) setL3(bridgeOf(b).l3, vlanAlive(b));
    setCause(before);
  }
}
function hasPort(bridge: i32, port: i32): bool {
  const b = bridgeOf(bridge);
  for (let k = b.first, end = b.first + b.count; k < end; k++) if (bridgePortOf(k) == port) return true;
  return false;
}

export function l3Fired(l3: i32): void { if (running(l3Of(l3).node)) setL3(l3, true); }
