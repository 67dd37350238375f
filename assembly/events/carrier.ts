// What a change of carrier means to each layer above the port.

import { FLUSH_CARRIER } from "../abi";
import { cause, setCause } from "../core/trace";
import { memberCarrier } from "./lag";
import { setL3, vlansFollow } from "./l3-state";
import { portOf } from "../sim/tables";
import { followTracks } from "./fhrp-track";
import { flushPort } from "../switching/bridge";
import { stpLinkChanged } from "./stp";
import { adjacencyCarrier } from "../routing/adjacency";

/** `alive`: the control plane runs (a hung node's hardware still flushes). */
export function carrierChanged(port: i32, present: bool, alive: bool): void {
  const p = portOf(port);
  const before = cause;
  if (p.lag >= 0) { if (alive) memberCarrier(port, present); }
  else if (!present) flushPort(port, FLUSH_CARRIER);
  setCause(before);
  if (alive) followTracks(p.node);
  setCause(before);
  if (p.l3 >= 0 && alive) setL3(p.l3, present);
  setCause(before);
  if (p.lag < 0 && p.l3 < 0 && alive) vlansFollow(port);
  setCause(before);
  if (p.lag < 0 && alive) stpLinkChanged(port);
  setCause(before);
  if (p.routed != 0 && alive) adjacencyCarrier(port, present);
  setCause(before);
}
