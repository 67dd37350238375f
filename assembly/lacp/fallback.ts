// LACP fallback of a port-channel: what a switch does for a partner that says nothing, such as a server without an
// operating system. A machine beside those of the clause; vendors agree on its shape and differ in the rest (docs/pxe.md):
//
//   NORMAL --(all members with a link DEFAULTED, for `timeoutNs` since link-up or the last LACPDU)--> FALLBACK(set of members)
//   FALLBACK --(any LACPDU, or no link left)--> NORMAL
//
// Pure: it looks at the group's members and says in `set` which of them the owner is to open.

import { FALLBACK_BYPASS, FALLBACK_EDGE_PORT, FALLBACK_INDIVIDUAL, FALLBACK_NONE, RX_DEFAULTED } from "../abi";
import { LacpGroup, LacpPort, NEVER, comparePortIds, member } from "./port";

export const FALLBACK_NORMAL: i32 = 0;
export const FALLBACK_ENTERED: i32 = 1;

@unmanaged export class Fallback {
  // configuration
  rule: i32; // FALLBACK_*
  port: i32; // member index that the configuration names, -1: by port priority
  timeoutNs: i64;
  // input: the other peer of an MC-LAG pair has the better claim
  yields: bool;
  // state
  state: i32;
  linked: bool; // some member has a link
  sinceAt: i64; // link-up, or the last LACPDU
  dueAt: i64; // when run() has to be called although nothing happens, NEVER when not
  set: u64; // output: members that are open, one bit each
}

export const FALLBACK_BYTES: usize = (offsetof<Fallback>() + 15) & ~15;

export function reset(f: Fallback): void {
  f.state = FALLBACK_NORMAL; f.linked = false; f.yields = false; f.dueAt = NEVER; f.set = 0;
}

/** Do members that fall back forward each by itself, as ports of the bridge? Otherwise as members of the port-channel. */
export function alone(f: Fallback): bool {
  // Choice: with all members open in bypass, answers leave by the member on which the address was heard. Sources are silent.
  return f.rule == FALLBACK_INDIVIDUAL || f.rule == FALLBACK_EDGE_PORT || f.rule == FALLBACK_BYPASS;
}

/** An LACPDU came in by any member. */
export function heard(f: Fallback, now: i64): void {
  f.sinceAt = now;
  f.state = FALLBACK_NORMAL;
  f.set = 0;
}

/** Looks at the members. True: the set of open members has changed. */
export function run(f: Fallback, g: LacpGroup, now: i64): bool {
  if (f.rule == FALLBACK_NONE) return false;
  const before = f.set;
  follow(f, g, now);
  f.dueAt = NEVER;
  if (f.state == FALLBACK_NORMAL && f.linked && silent(g)) {
    const due = f.sinceAt + f.timeoutNs;
    if (now >= due) f.state = FALLBACK_ENTERED;
    else f.dueAt = due;
  }
  f.set = f.state == FALLBACK_ENTERED && !f.yields ? choose(f, g) : 0;
  return f.set != before;
}

/** Choice: the time runs from the first link of the port-channel; a second one that comes up later does not start it anew. */
function follow(f: Fallback, g: LacpGroup, now: i64): void {
  let linked = false;
  for (let i = 0; i < g.count; i++) if (member(g, i).enabled) linked = true;
  if (linked && !f.linked) f.sinceAt = now;
  if (!linked) f.state = FALLBACK_NORMAL;
  f.linked = linked;
}

/** No member with a link knows a partner. One that is EXPIRED still listens, so it is waited for. */
function silent(g: LacpGroup): bool {
  for (let i = 0; i < g.count; i++) if (member(g, i).enabled && member(g, i).rxState != RX_DEFAULTED) return false;
  return true;
}

function choose(f: Fallback, g: LacpGroup): u64 {
  if (alone(f)) return everyLinked(g);
  if (f.port >= 0) return member(g, f.port).enabled ? (<u64>1) << <u64>f.port : 0;
  const best = bestOf(f, g);
  return best < 0 ? 0 : (<u64>1) << <u64>best;
}

function everyLinked(g: LacpGroup): u64 {
  let set: u64 = 0;
  for (let i = 0; i < g.count; i++) if (member(g, i).enabled) set |= (<u64>1) << <u64>i;
  return set;
}

/** The member with a claim: the named one, else the lowest port priority, then the lowest number in its name; -1 for none. */
export function bestOf(f: Fallback, g: LacpGroup): i32 {
  if (f.port >= 0) return member(g, f.port).enabled ? f.port : -1;
  let best = -1;
  for (let i = 0; i < g.count; i++) {
    if (member(g, i).enabled && (best < 0 || compareClaims(member(g, i), member(g, best)) < 0)) best = i;
  }
  return best;
}

export function compareClaims(a: LacpPort, b: LacpPort): i32 {
  return comparePortIds(a.priority, a.claim, b.priority, b.claim);
}
