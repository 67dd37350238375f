// Interfaces going up and down: routes, VRRP and neighbour entries follow.

import { cause, setCause } from "../core/trace";
import { forgetNeighbours } from "../arp/neighbour";
import { routeMayChange } from "../routing/adjacency";
import { markDirty } from "./dirty";
import { l3Of, running } from "./tables";
import { startVrrps, stopVrrps } from "./vrrp";

export function setL3(l3: i32, up: bool): void {
  const i = l3Of(l3);
  if ((i.up != 0) == up) return;
  const before = cause;
  i.up = up ? 1 : 0;
  i.downCause = cause;
  if (up) startVrrps(l3);
  else { stopVrrps(l3); forgetNeighbours(l3); }
  setCause(before);
  if (i.prefix >= 0) routeMayChange(i.node, i.prefix);
  setCause(before);
  markDirty();
}

export function l3Fired(l3: i32): void { if (running(l3Of(l3).node)) setL3(l3, true); }
