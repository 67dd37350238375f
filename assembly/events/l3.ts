// What an interface does with a frame that is for its node: ARP and neighbour discovery are answered and learned from, VRRP goes to its machines,
// and everything else is routed or delivered.

import { FHRP_GLBP, FHRP_HSRP, FRAME_ARP, FRAME_GLBP, FRAME_HSRP, FRAME_ND, FRAME_VRRP, T_PROXY_ARP, VRRP_MASTER, VRRP_WHY_PREEMPT } from "../abi";
import { cause, now, setCause, trace } from "../core/trace";
import { learnNeighbour, sendArpFrom } from "../neighbour/cache";
import { learnAdvertisement, learnSolicitation } from "../neighbour/nd-learn";
import { answer } from "../neighbour/nd-send";
import { deliver } from "../fhrp/vrrp";
import { ND_SOLICITATION } from "../wire/nd";
import { longestMatch } from "../routing/prefixes";
import { connected, hopCount } from "../routing/table";
import { endsHere, fhrpProxyMac, accepts, ownerMac, steadfast } from "../sim/gateway-macs";
import { fhrpArrived } from "./fhrp";
import { Frame, ofRefresh } from "../sim/frames";
import { noteOdd, stirAsked } from "../sim/rest-neighbour";
import { L3if, l3Of, vrrpOf, vrrpPlaceOf } from "../sim/tables";
import { voiceOf, voiceOfVrrp } from "../sim/voice";
import { settleVrrp } from "./vrrp";

/** Proxy ARP (RFC 1027): the MAC that answers for an address that is reached through another interface, or 0. */
function proxyMac(i: L3if, l3: i32, target: u32): u64 {
  if (i.proxyArp == 0) return 0;
  const prefix = longestMatch(target);
  if (prefix < 0 || prefix == i.prefix) return 0;
  if (connected(i.node, prefix) < 0 && hopCount(i.node, prefix) == 0) return 0;
  for (let v = i.firstVrrp, end = i.firstVrrp + i.vrrpCount; v < end; v++) if (vrrpOf(v).state == VRRP_MASTER) return vrrpPlaceOf(v).mac;
  // Choice: of a group only the router that forwards answers, with the virtual MAC, and at once (Linux waits up to 0.8 s).
  return i.vrrpCount > 0 ? 0 : fhrpProxyMac(i);
}

function arpArrived(l3: i32, f: Frame): void {
  const i = l3Of(l3);
  if (i.up == 0) return;
  const asks = f.a == 1 && f.c != f.d;
  let mac = ownerMac(i, f.d, asks ? f.e : 0);
  const proxied = asks && mac == 0;
  const op = f.a; const senderIp = f.c; const senderMac = f.e; const targetIp = f.d;
  if (asks && mac == 0) {
    mac = proxyMac(i, l3, targetIp);
    if (mac != 0) { const before = cause; trace(T_PROXY_ARP, l3, <i32>targetIp, <i32>senderIp, 0); setCause(before); }
  }
  const refresh = proxied ? 0 : f.refresh;
  if (refresh != 0 && mac != 0 && !steadfast(i, targetIp)) noteOdd(refresh);
  learnNeighbour(l3, f, mac != 0);
  // Choice: GLBP's AVG names another's virtual MAC in the message, and does not send by it: bridges would look for it here.
  if (op != 1 || mac == 0 || senderIp == targetIp) return;
  ofRefresh(refresh);
  sendArpFrom(l3, accepts(i, mac) ? mac : i.mac, 2, mac, senderMac, targetIp, senderMac, senderIp);
  ofRefresh(0);
}

/** RFC 4861 7.2.3 to 7.2.5. For the address of a virtual router its Master answers, with the virtual MAC (RFC 5798 6.4.3). */
function ndArrived(l3: i32, f: Frame): void {
  const i = l3Of(l3);
  if (i.up == 0) return;
  if (f.a != ND_SOLICITATION) { learnAdvertisement(l3, f); return; }
  const source = f.c; const target = f.d; const askerMac = f.srcMac; const refresh = f.refresh;
  const mac = ownerMac(i, target, askerMac);
  if (mac == 0) return;
  if (refresh != 0 && !steadfast(i, target)) noteOdd(refresh);
  learnSolicitation(l3, source, f.e);
  ofRefresh(refresh);
  answer(l3, mac, target, source, askerMac);
  ofRefresh(0);
}

function vrrpArrived(l3: i32, f: Frame): void {
  const i = l3Of(l3);
  if (i.up == 0) return;
  const vrid = <u32>f.a; const version = <u32>f.h; const priority = <u32>f.b; const interval = f.g; const sender = f.d; const master = f.i;
  for (let v = i.firstVrrp, end = i.firstVrrp + i.vrrpCount; v < end; v++) {
    const router = vrrpOf(v);
    if (router.vrid != vrid) continue;
    if (vrrpPlaceOf(v).master != master) voiceOf(voiceOfVrrp(v)).changedAt = now;
    vrrpPlaceOf(v).master = master;
    vrrpPlaceOf(v).heardAt = now;
    const was = router.state;
    const why = router.why;
    if (was == VRRP_MASTER) stirAsked(i.bridge); // it may become Backup
    deliver(router, version, priority, interval, sender, now);
    if (router.why == VRRP_WHY_PREEMPT && router.why != why) vrrpPlaceOf(v).lesserCause = cause;
    if (router.state != was) vrrpPlaceOf(v).cause = cause;
    settleVrrp(v);
  }
}

/** A frame for this interface. True: it is not to be forwarded by bridging, even if it was sent to a group. */
export function control(l3: i32, f: Frame): bool {
  switch (f.kind) {
    case FRAME_ARP: {
      const last = f.a == 1 && f.c != f.d && l3Of(l3).up != 0 && endsHere(l3Of(l3), f.d);
      arpArrived(l3, f);
      return last;
    }
    case FRAME_ND: {
      const last = f.a == ND_SOLICITATION && l3Of(l3).up != 0 && endsHere(l3Of(l3), f.d);
      ndArrived(l3, f);
      return last;
    }
    case FRAME_VRRP: vrrpArrived(l3, f); return false;
    case FRAME_HSRP: fhrpArrived(l3, f, FHRP_HSRP); return false;
    case FRAME_GLBP: fhrpArrived(l3, f, FHRP_GLBP); return false;
    default: return false;
  }
}
