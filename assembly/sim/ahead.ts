// What the timers of the next milliseconds will touch is loaded before they are due, all at once: a processor waits for many lines of memory
// together, but for one after the other when each is found by the one before. So the way from a group to its partner's is gone in steps, each
// of them for all groups. Nothing is changed here: it can be left out.

import { NEAR_MAX, forgetNear, nearCount, nearId, rankOf } from "../collections/event-queue";
import { take } from "../core/memory";
import { LacpPort, member } from "../lacp/port";
import { groupOf, lacpPortOf, linkOf, otherEnd, portOf } from "./tables";
import { lacpOfTimer } from "./timers";

let groupsAt: usize = 0; // i32[NEAR_MAX]
let portsAt: usize = 0; // i32[NEAR_MAX]: of their members, then those at the other ends of their cables
export function reserveAhead(): void { groupsAt = take(<usize>NEAR_MAX << 2); portsAt = take(<usize>NEAR_MAX << 2); }

/** Keeps the loads from being optimised away. */
export let touched: i32 = 0;

// @ts-ignore: decorator
@inline function touch(value: i32): void { touched += value; }
// @ts-ignore: decorator
@inline function get(list: usize, i: i32): i32 { return load<i32>(list + (<usize>i << 2)); }
// @ts-ignore: decorator
@inline function set(list: usize, i: i32, value: i32): void { store<i32>(list + (<usize>i << 2), value); }

export function lookAhead(): void {
  const ports = portsOf(groupsNear());
  for (let i = 0; i < ports; i++) touch(portOf(get(portsAt, i)).link);
  for (let i = 0; i < ports; i++) touch(linkOf(max(portOf(get(portsAt, i)).link, 0)).a);
  for (let i = 0; i < ports; i++) {
    const port = get(portsAt, i);
    const far = portOf(port).link < 0 ? port : otherEnd(port);
    set(portsAt, i, far);
    touch(portOf(far).group);
  }
  for (let i = 0; i < ports; i++) {
    const far = portOf(get(portsAt, i));
    if (far.group >= 0) touch(groupOf(far.group).count + touchPort(lacpPortOf(far.member)));
  }
  forgetNear();
}

function groupsNear(): i32 {
  let groups = 0;
  for (let i: u32 = 0; i < nearCount; i++) {
    const group = lacpOfTimer(nearId(i));
    touch(<i32>rankOf(nearId(i)));
    if (group < 0) continue;
    touch(groupOf(group).count);
    set(groupsAt, groups++, group);
  }
  return groups;
}

function portsOf(groups: i32): i32 {
  let ports = 0;
  for (let i = 0; i < groups; i++) {
    const g = groupOf(get(groupsAt, i));
    for (let k = 0; k < g.count && ports < <i32>NEAR_MAX; k++) {
      touch(touchPort(member(g, k)));
      set(portsAt, ports++, member(g, k).port);
    }
  }
  return ports;
}

/** Both of its lines. */
// @ts-ignore: decorator
@inline function touchPort(p: LacpPort): i32 { return p.port + p.rxState; }
