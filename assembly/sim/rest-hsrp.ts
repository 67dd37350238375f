// What HSRP asks for to rest, and the election of GLBP, which is the same: one active router, at most one standby router that hears it, all others
// listening to both; nobody who would preempt.

import { HSRP_ACTIVE, HSRP_LISTEN, HSRP_STANDBY } from "../abi";
import { NEVER } from "../collections/event-queue";
import { now } from "../core/trace";
import { HsrpRouter, nextDeadline } from "../fhrp/hsrp";
import { fhrpOf, hsrpOf } from "./fhrp-tables";
import { l3Of } from "./tables";
import { voiceOfFhrp } from "./voice";

export function hsrpLeads(k: i32): bool { return hsrpOf(k).state == HSRP_ACTIVE; }
export function hsrpSeconds(k: i32): bool { return hsrpOf(k).state == HSRP_STANDBY; }

/** Would it go on doing what it does? `standby`: -1 for none. */
export function hsrpFits(k: i32, active: i32, standby: i32): bool {
  const own = hsrpOf(k);
  if (own.holdNs < 2 * own.helloNs) return false; // a hello that is late would end it
  if (k == active) return own.activeAt == NEVER && (standby < 0 ? own.standbyAt == NEVER : hearsStandby(own, hsrpOf(standby)));
  const other = hsrpOf(active);
  if (own.activeIp != other.ip || own.activeFrom != voiceOfFhrp(active) || !lately(own.activeAt, other)) return false;
  if (own.preempt && !outranks(other, own)) return false;
  if (k == standby) return own.standbyAt == NEVER;
  return own.state == HSRP_LISTEN && standby >= 0 && outranks(hsrpOf(standby), own) && hearsStandby(own, hsrpOf(standby));
}
function hearsStandby(own: HsrpRouter, standby: HsrpRouter): bool { return own.standbyIp == standby.ip && lately(own.standbyAt, standby); }
/** A timer that the other router's hellos push out: was it pushed out with the last one that was due? */
function lately(at: i64, by: HsrpRouter): bool { return at != NEVER && at - now >= by.holdNs - by.helloNs * 5 / 4; }
function outranks(a: HsrpRouter, b: HsrpRouter): bool { return a.priority > b.priority || (a.priority == b.priority && a.ip > b.ip); }

/** The address that its hello comes from; 0: it says none. */
export function hsrpMac(k: i32): u64 { return hsrpLeads(k) ? fhrpOf(k).mac : hsrpSeconds(k) ? l3Of(fhrpOf(k).l3).mac : 0; }

/** `far`: who was heard when is not known until a hello is made up for. */
export function hsrpMoveOn(k: i32, span: i64, far: bool): void {
  const r = hsrpOf(k);
  if (r.helloAt != NEVER) r.helloAt += span;
  if (far) { r.activeAt = NEVER; r.standbyAt = NEVER; }
}
export function hsrpDue(k: i32): i64 { return nextDeadline(hsrpOf(k)); }
