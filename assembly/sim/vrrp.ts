// VRRP routers in the simulation: when they start and stop, and what they send.

import { FRAME_VRRP, VRRP_INITIALIZE, VRRP_MASTER } from "../abi";
import { isIpv6 } from "../core/address";
import { now, cause, setCause } from "../core/trace";
import { announceAs } from "../arp/neighbour";
import { join } from "../nd/send";
import { VRRP6_GROUP_MAC, VRRP_GROUP_MAC } from "../wire/vrrp";
import { crash, fault, nextDeadline, run, shutdown, startup } from "../vrrp/vrrp";
import { markDirty } from "./dirty";
import { makeFrame } from "./frames";
import { sendOut } from "./l3-out";
import { BRIDGE_LAG, VrrpPlace, bridgeOf, bridgePortOf, l3Of, lagOf, nodeOf, portOf, running, vipOf, vrrpOf, vrrpPlaceOf } from "./tables";
import { TIMER_VRRP, followDeadline, stopTimer } from "./timers";


export function startVrrps(l3: i32): void {
  const i = l3Of(l3);
  const before = cause;
  for (let v = i.firstVrrp, end = i.firstVrrp + i.vrrpCount; v < end; v++) { startup(vrrpOf(v), now); vrrpPlaceOf(v).cause = cause; settleVrrp(v); setCause(before); }
}
/** The interface is gone, or the node with it: nothing is said, or what is said is not heard. */
export function stopVrrps(l3: i32): void {
  const i = l3Of(l3);
  const before = cause;
  const dead = !running(i.node);
  for (let v = i.firstVrrp, end = i.firstVrrp + i.vrrpCount; v < end; v++) {
    if (dead) {
      if (vrrpOf(v).state != VRRP_INITIALIZE) crash(vrrpOf(v));
      stopTimer(TIMER_VRRP, v);
    } else {
      fault(vrrpOf(v), now);
      settleVrrp(v);
    }
    setCause(before);
  }
  markDirty();
}
/** Orderly: a master says farewell with priority 0. */
export function farewell(l3: i32): void {
  const i = l3Of(l3);
  for (let v = i.firstVrrp, end = i.firstVrrp + i.vrrpCount; v < end; v++) { shutdown(vrrpOf(v), now); settleVrrp(v); }
}

/**
 * Why the master is not heard any more: its node, its interface, what swallowed its advertisements since the last one that came,
 * or the newest of the ports here that are down. 0 when none of these is known.
 */
function silence(place: VrrpPlace): u32 {
  const master = vrrpPlaceOf(place.master);
  const there = l3Of(master.l3);
  const node = nodeOf(there.node);
  if (node.faultCause != 0) return node.faultCause;
  if (there.up == 0) return there.downCause;
  if (master.lostCause != 0 && master.lostAt >= place.heardAt) return master.lostCause;
  return newestDown(l3Of(place.l3).bridge);
}

function newestDown(bridge: i32): u32 {
  let newest: u32 = 0;
  if (bridge < 0) return 0;
  const b = bridgeOf(bridge);
  for (let k = b.first, end = b.first + b.count; k < end; k++) {
    const bp = bridgePortOf(k);
    const lag = (bp & BRIDGE_LAG) != 0 ? lagOf(bp & ~BRIDGE_LAG) : null;
    const down = lag !== null ? lag.up == 0 : portOf(bp).carrier == 0;
    const why = lag !== null ? lag.cause : portOf(bp).cause;
    if (down && why > newest) newest = why;
  }
  return newest;
}

export function vrrpFired(v: i32): void {
  const router = vrrpOf(v);
  const place = vrrpPlaceOf(v);
  if (router.masterDownAt <= now && place.master >= 0) {
    const blamed = silence(place);
    if (blamed != 0) setCause(blamed);
  }
  const was = router.state;
  run(router, now);
  if (router.state != was) place.cause = cause;
  settleVrrp(v);
}

export function settleVrrp(v: i32): void {
  const router = vrrpOf(v);
  const place = vrrpPlaceOf(v);
  const before = cause;
  const became = router.state != place.seen;
  if (became) { place.seen = router.state; markDirty(); }
  if (router.sendAdvert >= 0) {
    const f = makeFrame(FRAME_VRRP, l3Of(place.l3).node, place.mac, isIpv6(router.primaryIp) ? VRRP6_GROUP_MAC : VRRP_GROUP_MAC);
    f.a = <i32>router.vrid; f.b = router.sendAdvert; f.d = router.primaryIp; f.g = router.intervalNs; f.h = <i32>router.version; f.i = v;
    router.sendAdvert = -1;
    sendOut(place.l3, f);
    setCause(before);
  }
  if (became && router.state == VRRP_MASTER && isIpv6(router.primaryIp)) { join(place.l3, v); setCause(before); }
  if (router.sendGarp > 0) {
    const count = router.sendGarp;
    router.sendGarp = 0;
    for (let k = 0; k < place.vipCount; k++) { announceAs(place.l3, place.mac, vipOf(place.firstVip + k), count); setCause(before); }
    markDirty();
  }
  followDeadline(TIMER_VRRP, v, nextDeadline(router), now);
}
