// What GLBP asks for to rest, besides its election: each forwarder number is forwarded by one router, which all others hear, or by nobody
// and known to nobody; every router has its number. Redirect and timeout run on: a company rests until then.

import { FORWARDER_ACTIVE, FORWARDER_DISABLED, FORWARDER_LISTEN } from "../abi";
import { NEVER } from "../collections/event-queue";
import { now } from "../core/trace";
import { FORWARDERS, activeBits, forwarderMac, forwarderOf, nextDeadline } from "../fhrp/glbp";
import { fhrpOf, glbpOf, hsrpOf } from "./fhrp-tables";
import { hsrpDue } from "./rest-hsrp";
import { l3Of, running } from "./tables";
import { rowVoiced, voiceOf } from "./voice";

/** Would it go on doing what it does? Both are voices: the ring of its group is gone through. */
export function glbpFits(v: i32, avg: i32): bool {
  const g = glbpOf(rowVoiced(v));
  if (g.up == 0 || g.sendHello != 0 || g.moved != 0 || g.answered != 0) return false;
  let numbered = false;
  for (let n = 0; n < FORWARDERS; n++) {
    const f = forwarderOf(g, n);
    if (f.owner != forwarderOf(glbpOf(rowVoiced(avg)), n).owner || f.preemptAt != NEVER) return false;
    if (f.owner == g.ip) numbered = true;
    if (!(f.state == FORWARDER_ACTIVE ? activeOf(v, n) == v : f.state == FORWARDER_DISABLED ? activeOf(v, n) < 0 : hears(v, n))) return false;
  }
  return numbered; // one that has none asks for it each time that it hears the AVG
}

function hears(v: i32, n: i32): bool {
  const f = forwarderOf(glbpOf(rowVoiced(v)), n);
  const by = activeOf(v, n);
  if (f.state != FORWARDER_LISTEN || by < 0) return false;
  const other = glbpOf(rowVoiced(by));
  const every = hsrpOf(rowVoiced(by)).helloNs;
  return f.activeIp == other.ip && f.from == by && f.weight == other.weight && f.gaveUp == 0 && now - f.heardAt <= every * 5 / 4 && f.holdAt > now + every;
}

/** The router of the group that forwards for a number: -1 none, -2 more than one. */
function activeOf(v: i32, n: i32): i32 {
  let found = -1;
  let w = v;
  do {
    if (speaks(w) && forwarderOf(glbpOf(rowVoiced(w)), n).state == FORWARDER_ACTIVE) found = found == -1 ? w : -2;
    w = voiceOf(w).next;
  } while (w != v);
  return found;
}
function speaks(v: i32): bool { const i = l3Of(fhrpOf(rowVoiced(v)).l3); return i.up != 0 && running(i.node); }

/** One hello from each virtual MAC that is forwarded for; from the interface's own, if for none. */
export function glbpMacAt(k: i32, n: i32): u64 {
  const bits = activeBits(glbpOf(k));
  if ((bits & (1 << n)) != 0) return forwarderMac(fhrpOf(k).group, n);
  return bits == 0 && n == 0 ? l3Of(fhrpOf(k).l3).mac : 0;
}

export function glbpMoveOn(k: i32, far: bool): void {
  const g = glbpOf(k);
  for (let n = 0; n < FORWARDERS; n++) if (far && forwarderOf(g, n).state == FORWARDER_LISTEN) forwarderOf(g, n).holdAt = NEVER;
}
export function glbpDue(k: i32): i64 { return min(hsrpDue(k), nextDeadline(glbpOf(k))); }
/** The next instant at which redirect or timeout ends. */
export function glbpTurn(k: i32): i64 {
  let at = NEVER;
  for (let n = 0; n < FORWARDERS; n++) {
    const f = forwarderOf(glbpOf(k), n);
    if (f.state != FORWARDER_DISABLED) at = min(at, min(f.redirectAt, f.timeoutAt));
  }
  return at;
}
