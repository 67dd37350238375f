// VRRP routers in the simulation: when they start and stop, and what they send.

import { FRAME_VRRP, VRRP_INITIALIZE, VRRP_MASTER, VRRP_WHY_PREEMPT } from "../abi";
import { isIpv6 } from "../core/address";
import { now, cause, setCause } from "../core/trace";
import { announceAs } from "../neighbour/cache";
import { join } from "../neighbour/nd-send";
import { VRRP6_GROUP_MAC, VRRP_GROUP_MAC } from "../wire/vrrp";
import { crash, fault, nextDeadline, run, shutdown, startup } from "../fhrp/vrrp";
import { markDirty } from "../sim/dirty";
import { isPast } from "../collections/event-queue";
import { makeFrame } from "../sim/frames";
import { stirAsked } from "../sim/rest-neighbour";
import { mayRestVoice, restingVoice, stirDomain } from "../sim/rest-voices";
import { sendOut } from "../switching/l3-out";
import { l3Of, running, vipOf, vrrpOf, vrrpPlaceOf } from "../sim/tables";
import { TIMER_VRRP, followDeadline, stopTimer } from "../sim/timers";
import { silence, voiceOf, voiceOfVrrp } from "../sim/voice";


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
  markDirty(i.node);
}
/** Orderly: a master says farewell with priority 0. */
export function farewell(l3: i32): void {
  const i = l3Of(l3);
  stirDomain(i.bridge);
  for (let v = i.firstVrrp, end = i.firstVrrp + i.vrrpCount; v < end; v++) { shutdown(vrrpOf(v), now); settleVrrp(v); }
}

export function vrrpFired(v: i32): void {
  const router = vrrpOf(v);
  const place = vrrpPlaceOf(v);
  if (router.masterDownAt <= now && place.master >= 0) {
    const blamed = silence(voiceOfVrrp(place.master), place.heardAt, place.l3);
    if (blamed != 0) setCause(blamed);
    // It spoke, and said less than before: on account of what happened there, or of what happened here, whichever was last.
    else if (router.why == VRRP_WHY_PREEMPT && place.lesserCause > place.cause) setCause(place.lesserCause);
  }
  const was = router.state;
  if (router.masterDownAt <= now) stirAsked(l3Of(place.l3).bridge); // it becomes Master
  run(router, now);
  if (router.state != was) place.cause = cause;
  settleVrrp(v);
  if (!isPast()) mayRestVoice(voiceOfVrrp(v));
}

export function settleVrrp(v: i32): void {
  const router = vrrpOf(v);
  const place = vrrpPlaceOf(v);
  const before = cause;
  const became = router.state != place.seen;
  if (became) { place.seen = router.state; voiceOf(voiceOfVrrp(v)).changedAt = now; markDirty(l3Of(place.l3).node); }
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
    markDirty(l3Of(place.l3).node);
  }
  if (restingVoice(voiceOfVrrp(v))) return; // an advertisement that was on its way when it lay down
  followDeadline(TIMER_VRRP, v, nextDeadline(router), now);
}
