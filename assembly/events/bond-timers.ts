// A bond's timer has run out: three timers a bond, each of one part.

import { lagOf, running } from "../sim/tables";
import { setCause } from "../core/trace";
import { arpMonitorFired } from "./arp-monitor";
import { noticesFired } from "./notify";
import { PART_ARP, PART_RLB, rlbTell } from "../bond/rlb";

export function bondFired(timer: i32): void {
  const index = timer / 3;
  const part = timer % 3;
  if (!running(lagOf(index).node)) return;
  setCause(lagOf(index).cause);
  if (part == PART_RLB) rlbTell(index);
  else if (part == PART_ARP) arpMonitorFired(index);
  else noticesFired(index);
}
