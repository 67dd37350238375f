// What the timers of the next milliseconds will touch is loaded before they are due, all at once: a processor waits for many lines of memory
// together, but for one after the other when each is found by the one before. Nothing is changed here, so it can be left out.

import { forgetNear, nearCount, nearId, rankOf } from "../collections/event-queue";
import { member } from "../lacp/port";
import { groupOf, lacpPortOf, linkOf, portOf } from "./tables";
import { lacpOfTimer } from "./timers";

/** Keeps the loads from being optimised away. */
export let touched: i32 = 0;

export function lookAhead(): void {
  let sum = 0;
  for (let i: u32 = 0; i < nearCount; i++) {
    const group = lacpOfTimer(nearId(i));
    if (group < 0) continue;
    const g = groupOf(group);
    sum += <i32>rankOf(nearId(i));
    for (let k = 0; k < g.count; k++) {
      const p = member(g, k);
      const port = portOf(p.port);
      sum += p.rxState;
      if (port.link < 0) continue;
      const link = linkOf(port.link);
      const far = portOf(port.end == 0 ? link.b : link.a);
      if (far.group < 0) continue;
      sum += groupOf(far.group).count + lacpPortOf(far.member).rxState + <i32>lacpPortOf(far.member).cause;
    }
  }
  touched = sum;
  forgetNear();
}
