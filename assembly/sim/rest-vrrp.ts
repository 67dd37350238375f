// VRRP routers at rest: a Master that its Backups hear, in a domain in which nothing changes. Routers of one group and domain rest and
// wake together: a company, a ring through `next`. While they rest, the MAC table rows that the Master's frames keep fresh are held.

import { VRRP_BACKUP, VRRP_INITIALIZE, VRRP_MASTER } from "../abi";
import { NO_ROW, fdbKeep, fdbKey, fdbPeek, fdbSeenAt } from "../collections/fdb";
import { NEVER, isPast } from "../collections/event-queue";
import { watchAgeing } from "../flow/ageing";
import { take } from "../core/memory";
import { now, setCause } from "../core/trace";
import { VrrpRouter, nextDeadline } from "../vrrp/vrrp";
import { domainOf, domainQuiet, nextBridge } from "./domain";
import { wakeAsked } from "./rest-neighbour";
import { countLeftOut, everyHello } from "./rest-rules";
import { goBack, makeUp } from "./run";
import { VrrpPlace, bridgeOf, l3Of, nodeOf, running, vrrpOf, vrrpPlaceOf, vrrps } from "./tables";
import { TIMER_VRRP, setTimer, stopTimer } from "./timers";

/** Who keeps company with whom; room for the rows that each holds. Before the engine's memory is sealed. */
export function formVrrpCompanies(): void {
  for (let v = vrrps - 1; v >= 0; v--) {
    const at = bridgeOfVrrp(v);
    vrrpPlaceOf(v).next = v;
    vrrpPlaceOf(v).nextInDomain = at < 0 ? -1 : domainOf(at).vrrps;
    if (at >= 0) domainOf(at).vrrps = v;
  }
  for (let v = 0; v < vrrps; v++) {
    const at = bridgeOfVrrp(v);
    if (at < 0) continue;
    let count = 1;
    for (let i = nextBridge(at); i != at; i = nextBridge(i)) count += 1;
    vrrpPlaceOf(v).held = take(<usize>count << 4); // row, and when it was last seen
    for (let w = vrrpPlaceOf(v).nextInDomain; w >= 0; w = vrrpPlaceOf(w).nextInDomain) if (vrrpOf(v).vrid == vrrpOf(w).vrid) { addAfter(v, w); break; }
  }
}
function addAfter(v: i32, w: i32): void {
  const after = vrrpPlaceOf(v).next;
  vrrpPlaceOf(v).next = vrrpPlaceOf(w).next;
  vrrpPlaceOf(w).next = after;
}
function bridgeOfVrrp(v: i32): i32 { return l3Of(vrrpPlaceOf(v).l3).bridge; }

export function restingVrrp(v: i32): bool { return vrrpPlaceOf(v).restAt != 0; }

function alive(v: i32): bool {
  const i = l3Of(vrrpPlaceOf(v).l3);
  return i.up != 0 && running(i.node) && vrrpOf(v).state != VRRP_INITIALIZE;
}

/** A Master has spoken: does its company only say and hear hellos? Then it rests from now on. */
export function mayRestVrrp(master: i32): void {
  const router = vrrpOf(master);
  const at = bridgeOfVrrp(master);
  if (everyHello || at < 0 || router.state != VRRP_MASTER || router.garpAt != NEVER || router.garpLowerAt != NEVER) return;
  const domain = domainOf(at);
  const window = 3 * router.intervalNs;
  if (domain.unfit != 0 || now - domain.changedAt < window || now - vrrpPlaceOf(master).changedAt < window) return;
  for (let v = vrrpPlaceOf(master).next; v != master; v = vrrpPlaceOf(v).next) if (alive(v) && !follows(v, master, window)) return;
  if (!domainQuiet(at)) return;
  lieDown(master, at);
  domain.resting += 1;
}

/** Is it a Backup that hears this Master, and would go on doing nothing but that? */
function follows(v: i32, master: i32, window: i64): bool {
  const place = vrrpPlaceOf(v);
  const own = vrrpOf(v);
  const other = vrrpOf(master);
  return own.state == VRRP_BACKUP && place.master == master && own.masterIp == other.primaryIp && (other.priority >= own.priority || !own.preempt)
    && now - place.heardAt <= other.intervalNs + other.intervalNs / 4 && now - place.changedAt >= window && own.version == other.version;
}

function lieDown(master: i32, at: i32): void {
  let v = master;
  do {
    vrrpPlaceOf(v).restAt = now;
    vrrpPlaceOf(v).heldCount = 0;
    stopTimer(TIMER_VRRP, v);
    v = vrrpPlaceOf(v).next;
  } while (v != master);
  const place = vrrpPlaceOf(master);
  const fresh = now - vrrpOf(master).intervalNs * 3 / 2;
  let i = at;
  do {
    const b = bridgeOf(i);
    const row = fdbPeek(b.node, fdbKey(b.vlan, place.mac));
    if (row != NO_ROW && fdbSeenAt(row) > fresh) {
      store<i32>(place.held + (<usize>place.heldCount << 4), row);
      store<i64>(place.held + (<usize>place.heldCount << 4), fdbSeenAt(row), 8);
      place.heldCount += 1;
      fdbKeep(row, 1, 0);
    }
    i = nextBridge(i);
  } while (i != at);
}

/** Wakes the company: the Master's clock goes on by whole intervals, its last advertisements are simulated. */
export function wakeVrrp(any: i32): void {
  let master = any;
  while (vrrpOf(master).state != VRRP_MASTER || !alive(master)) master = vrrpPlaceOf(master).next;
  const place = vrrpPlaceOf(master);
  const router = vrrpOf(master);
  const since = place.restAt;
  const quanta = max((now - router.adverAt) / router.intervalNs - 2, 0); // three or two are made up for
  domainOf(bridgeOfVrrp(master)).resting -= 1;
  for (let k = 0; k < place.heldCount; k++) fdbKeep(load<i32>(place.held + (<usize>k << 4)), -1, load<i64>(place.held + (<usize>k << 4), 8) + quanta * router.intervalNs);
  countLeftOut(<u64>quanta);
  goBack(since);
  router.adverAt += quanta * router.intervalNs;
  let v = master;
  do {
    vrrpPlaceOf(v).restAt = 0;
    if (alive(v)) rise(v, vrrpOf(v), quanta > 0 && v != master);
    v = vrrpPlaceOf(v).next;
  } while (v != master);
  makeUp();
  for (let k = 0; k < place.heldCount; k++) watchAgeing(load<i32>(place.held + (<usize>k << 4)));
  place.heldCount = 0;
}

/** `deaf`: until an advertisement is made up for, the Master's silence is not known. */
function rise(v: i32, router: VrrpRouter, deaf: bool): void {
  if (deaf) router.masterDownAt = NEVER;
  setCause(vrrpPlaceOf(v).cause);
  const at = nextDeadline(router);
  if (at != NEVER) setTimer(TIMER_VRRP, v, at);
}

/** Something in the bridge's domain is about to change. */
export function stirDomain(bridge: i32): void {
  if (bridge < 0 || isPast()) return;
  const domain = domainOf(bridge);
  domain.changedAt = now;
  wakeAsked(domain);
  for (let v = domain.vrrps; v >= 0 && domain.resting > 0; v = vrrpPlaceOf(v).nextInDomain) if (restingVrrp(v)) wakeVrrp(v);
}
export function stirDomains(node: i32): void {
  const n = nodeOf(node);
  for (let b = n.firstBridge, end = n.firstBridge + n.bridgeCount; b < end; b++) stirDomain(b);
}
