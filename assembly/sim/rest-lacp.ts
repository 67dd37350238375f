// LACP groups at rest. Groups whose members are cabled to each other rest and wake together: a company, a ring through `next`.

import { DROP_NONE, NODE_UP, PERIODIC_NONE, RX_CURRENT } from "../abi";
import { take } from "../core/memory";
import { now, setCause } from "../core/trace";
import { nextDeadline } from "../lacp/lacp";
import { LacpGroup, LacpPort, NEVER, member } from "../lacp/port";
import { hellosNs, lieDown, moveOn, nextTurn, quantumNs, said, settled } from "../lacp/rest";
import { deaf, obstacle } from "./frames";
import { countLeftOut, everyHello, isClear } from "./rest-rules";
import { goBack, makeUp } from "./past";
import { groupOf, groups, lacpPortOf, linkOf, links, maxGroups, nodeOf, otherEnd, portOf } from "./tables";
import { TIMER_LACP, setTimer, stopTimer } from "./timers";

const SECOND: i64 = 1000000000;

let nextAt: usize = 0; // i32 a group: the next one of its company
export function reserveRestLacp(): void { nextAt = take(<usize>maxGroups << 2); }
function next(group: i32): i32 { return load<i32>(nextAt + (<usize>group << 2)); }
function setNext(group: i32, to: i32): void { store<i32>(nextAt + (<usize>group << 2), to); }

/** Cabling is fixed: who keeps company with whom is known when a run begins. */
export function formCompanies(): void {
  for (let g = 0; g < groups; g++) setNext(g, g);
  for (let l = 0; l < links; l++) {
    const a = portOf(linkOf(l).a).group;
    const b = portOf(linkOf(l).b).group;
    if (a < 0 || b < 0 || together(a, b)) continue;
    const after = next(a); // two rings that swap their successors are one
    setNext(a, next(b));
    setNext(b, after);
  }
}
function together(a: i32, b: i32): bool {
  let g = next(a);
  while (g != a && g != b) g = next(g);
  return g == b;
}

/** The cable changes: its groups do not lie down before what is under way has arrived and been answered, or missed. */
export function disturbLacp(link: i32): void {
  const until = now + linkOf(link).delayNs;
  disturb(portOf(linkOf(link).a).group, until);
  disturb(portOf(linkOf(link).b).group, until);
}
function disturb(group: i32, until: i64): void { if (group >= 0) groupOf(group).changedAt = max(groupOf(group).changedAt, until); }

export function restingLacp(group: i32): bool { return groupOf(group).resting; }

/** Does the group speak and listen? */
function alive(g: LacpGroup): bool { return g.running && nodeOf(g.node).state == NODE_UP && nodeOf(g.node).firmware == 0; }

/** A timer of the group has fired and is done with: does its company only say hello? Then it rests from now on. */
export function mayRest(group: i32): void {
  if (everyHello || now - groupOf(group).changedAt < 6 * SECOND) return; // most often: too early
  const window = 2 * span(group, true);
  let g = group;
  do {
    if (!quiet(groupOf(g), window)) return;
    g = next(g);
  } while (g != group);
  do {
    lieDown(groupOf(g), now);
    const turn = alive(groupOf(g)) ? nextTurn(groupOf(g)) : NEVER;
    if (turn == NEVER) stopTimer(TIMER_LACP, g);
    else setTimer(TIMER_LACP, g, max(turn, now));
    g = next(g);
  } while (g != group);
}

/**
 * In this time each member of the company has been heard once: what is made up for makes its partners' clocks right. `whole`: a whole
 * quantum, in which each has said hello and been heard whatever its rate.
 */
function span(group: i32, whole: bool): i64 {
  let longest: i64 = 0;
  let g = group;
  do {
    const at = groupOf(g);
    if (alive(at)) longest = max(longest, whole ? quantumNs(at) : hellosNs(at));
    g = next(g);
  } while (g != group);
  return longest + SECOND;
}

function quiet(g: LacpGroup, window: i64): bool {
  if (!alive(g)) return true; // its partners have to have noticed
  if (now - g.changedAt < window || !settled(g)) return false;
  for (let i = 0; i < g.count; i++) if (!matched(member(g, i))) return false;
  return true;
}

/** Is what the member believes of its partner what its cable brings in? */
function matched(p: LacpPort): bool {
  const port = portOf(p.port);
  if (port.link < 0) return true;
  if (!isClear(port.link)) return false;
  if (!p.enabled) return true;
  return (p.rxState == RX_CURRENT) == hears(p, otherEnd(p.port));
}

function hears(p: LacpPort, far: i32): bool {
  const other = portOf(far);
  if (other.group < 0 || !alive(groupOf(other.group))) return false;
  const q = lacpPortOf(other.member);
  return q.enabled && q.lacpEnabled && q.periodicState != PERIODIC_NONE && obstacle(far) == DROP_NONE && deaf(p.port) == DROP_NONE;
}

/** Wakes the company: each group's clocks go on by whole quanta, what is left of the time is simulated. */
export function wakeLacp(group: i32): void {
  const tail = span(group, false);
  const present = now;
  const since = groupOf(group).restAt;
  const far = present - since > 4 * tail;
  goBack(since);
  let g = group;
  do {
    const at = groupOf(g);
    at.resting = false;
    stopTimer(TIMER_LACP, g);
    if (alive(at)) {
      const quanta = far ? (present - since - tail) / quantumNs(at) : 0;
      moveOn(at, quanta);
      countLeftOut(said(at, quanta));
      setCause(at.cause);
      setTimer(TIMER_LACP, g, max(nextDeadline(at), since));
    }
    g = next(g);
  } while (g != group);
  makeUp();
}
