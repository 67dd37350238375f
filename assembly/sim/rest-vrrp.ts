// What VRRP asks for to rest: a Master that sends nothing but advertisements, Backups that hear it and would not preempt.

import { VRRP_BACKUP, VRRP_MASTER } from "../abi";
import { NEVER } from "../collections/event-queue";
import { now } from "../core/trace";
import { nextDeadline } from "../fhrp/vrrp";
import { vrrpOf, vrrpPlaceOf } from "./tables";

export function vrrpLeads(v: i32): bool { return vrrpOf(v).state == VRRP_MASTER; }

/** Would it go on doing what it does? */
export function vrrpFits(v: i32, master: i32): bool {
  const own = vrrpOf(v);
  if (v == master) return own.garpAt == NEVER && own.garpLowerAt == NEVER;
  const place = vrrpPlaceOf(v);
  const other = vrrpOf(master);
  return own.state == VRRP_BACKUP && place.master == master && own.masterIp == other.primaryIp && (other.priority >= own.priority || !own.preempt)
    && now - place.heardAt <= other.intervalNs + other.intervalNs / 4 && own.version == other.version;
}

export function vrrpMac(v: i32): u64 { return vrrpLeads(v) ? vrrpPlaceOf(v).mac : 0; }

/** `far`: until an advertisement is made up for, the Master's silence is not known. */
export function vrrpMoveOn(v: i32, span: i64, far: bool): void {
  const router = vrrpOf(v);
  if (router.adverAt != NEVER) router.adverAt += span;
  if (far && router.state == VRRP_BACKUP) router.masterDownAt = NEVER;
}
export function vrrpDue(v: i32): i64 { return nextDeadline(vrrpOf(v)); }
