// What an interface does with a frame that is for its node: ARP is answered and learned from, VRRP goes to its machines,
// and everything else is routed or delivered.

import { FRAME_ARP, FRAME_VRRP, VRRP_MASTER } from "../abi";
import { cause, now } from "../core/trace";
import { learnNeighbour, sendArp } from "../arp/neighbour";
import { deliver } from "../vrrp/vrrp";
import { Frame } from "./frames";
import { L3if, l3Of, nodeOf, vipOf, vrrpOf, vrrpPlaceOf } from "./tables";
import { settleVrrp } from "./vrrp";

/** Does the interface take frames sent to this MAC address? */
export function accepts(i: L3if, mac: u64): bool {
  if (mac == i.mac || (i.peerMac != 0 && mac == i.peerMac)) return true;
  for (let v = i.firstVrrp, end = i.firstVrrp + i.vrrpCount; v < end; v++) {
    const place = vrrpPlaceOf(v);
    if (place.mac == mac && (vrrpOf(v).state == VRRP_MASTER || place.both != 0)) return true;
  }
  return false;
}

/** The MAC that answers for an address here, or 0. */
function ownerMac(i: L3if, ip: u32): u64 {
  if (ip == i.ip) return i.mac;
  for (let v = i.firstVrrp, end = i.firstVrrp + i.vrrpCount; v < end; v++) {
    if (vrrpOf(v).state != VRRP_MASTER) continue;
    const place = vrrpPlaceOf(v);
    for (let k = 0; k < place.vipCount; k++) if (vipOf(place.firstVip + k) == ip) return place.mac;
  }
  return 0;
}

export function arpArrived(l3: i32, f: Frame): void {
  const i = l3Of(l3);
  if (i.up == 0) return;
  const mac = ownerMac(i, f.d);
  const op = f.a; const senderIp = f.c; const senderMac = f.e; const targetIp = f.d;
  learnNeighbour(l3, f, mac != 0);
  if (op == 1 && mac != 0 && senderIp != targetIp) sendArp(l3, 2, mac, senderMac, targetIp, senderMac, senderIp);
}

export function vrrpArrived(l3: i32, f: Frame): void {
  const i = l3Of(l3);
  if (i.up == 0) return;
  const vrid = <u32>f.a; const version = <u32>f.h; const priority = <u32>f.b; const interval = f.g; const sender = f.d; const origin = f.origin;
  for (let v = i.firstVrrp, end = i.firstVrrp + i.vrrpCount; v < end; v++) {
    const router = vrrpOf(v);
    if (router.vrid != vrid) continue;
    vrrpPlaceOf(v).lossNode = origin;
    nodeOf(origin).lossCause = 0;
    const was = router.state;
    deliver(router, version, priority, interval, sender, now);
    if (router.state != was) vrrpPlaceOf(v).cause = cause;
    settleVrrp(v);
  }
}

/** A frame for this interface that is not to be forwarded by bridging. */
export function control(l3: i32, f: Frame): void {
  if (f.kind == FRAME_ARP) arpArrived(l3, f);
  else if (f.kind == FRAME_VRRP) vrrpArrived(l3, f);
}
