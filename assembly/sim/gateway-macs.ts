// Which MAC addresses an interface takes frames to, and which of them answers for an IP address: its own, and those of the virtual routers and groups
// that it speaks for.

import { FHRP_GLBP, FRAME_ARP, FRAME_ND, VRRP_MASTER, FHRP_ANYCAST, FORWARDER_ACTIVE, HSRP_ACTIVE } from "../abi";
import { ND_SOLICITATION } from "../wire/nd";
import { Frame } from "./frames";
import { L3if, vipOf, vrrpOf, vrrpPlaceOf } from "./tables";
import { FORWARDERS, GlbpRouter, choose, forwarderMac, forwarderOf } from "../fhrp/glbp";
import { Fhrp, fhrpOf, glbpOf, hsrpOf } from "./fhrp-tables";

/** Does the interface take frames sent to this MAC address? */
export function accepts(i: L3if, mac: u64): bool {
  if (mac == i.mac || (i.peerMac != 0 && mac == i.peerMac)) return true;
  for (let v = i.firstVrrp, end = i.firstVrrp + i.vrrpCount; v < end; v++) {
    const place = vrrpPlaceOf(v);
    if (place.mac == mac && (vrrpOf(v).state == VRRP_MASTER || place.both != 0)) return true;
  }
  return fhrpAccepts(i, mac);
}

/**
 * Is a unicast frame to a MAC that the interface accepts for its own control plane? A gateway that also routes for its peer
 * (peer-gateway, all-active) does not answer for it: an ARP reply to the peer, or a question to the virtual MAC that the
 * active router has to answer, is bridged on.
 */
export function isOurs(i: L3if, f: Frame): bool {
  if (f.dstMac == i.mac) return true;
  return ((f.kind == FRAME_ARP && f.a == 1) || (f.kind == FRAME_ND && f.a == ND_SOLICITATION)) && ownerMac(i, f.d, 0) != 0;
}

/** The MAC that answers for an address here, or 0. `host`: who asks, 0 when nobody asks. */
export function ownerMac(i: L3if, ip: u32, host: u64): u64 {
  if (ip == i.ip || (ip == i.linkLocal && ip != 0)) return i.mac;
  for (let v = i.firstVrrp, end = i.firstVrrp + i.vrrpCount; v < end; v++) {
    if (vrrpOf(v).state != VRRP_MASTER) continue;
    const place = vrrpPlaceOf(v);
    for (let k = 0; k < place.vipCount; k++) if (vipOf(place.firstVip + k) == ip) return place.mac;
  }
  return fhrpMac(i, ip, host);
}

/** Does nobody but the interface itself, or a VRRP router, answer for the address? HSRP, GLBP and anycast groups may answer otherwise next time. */
export function steadfast(i: L3if, ip: u32): bool {
  if (ip == i.ip || (ip == i.linkLocal && ip != 0)) return true;
  for (let v = i.firstVrrp, end = i.firstVrrp + i.vrrpCount; v < end; v++) {
    if (vrrpOf(v).state != VRRP_MASTER) continue;
    const place = vrrpPlaceOf(v);
    for (let k = 0; k < place.vipCount; k++) if (vipOf(place.firstVip + k) == ip) return true;
  }
  return false;
}

// --- HSRP, GLBP, anycast gateways -------------------------------------------------------------------

/** Does a group of the interface take frames sent to this MAC? */
export function fhrpAccepts(i: L3if, mac: u64): bool {
  for (let k = i.firstFhrp, end = i.firstFhrp + i.fhrpCount; k < end; k++) {
    const f = fhrpOf(k);
    if (f.kind == FHRP_GLBP) {
      for (let n = 0; n < FORWARDERS; n++) if (mac == forwarderMac(f.group, n)) return forwarderOf(glbpOf(k), n).state == FORWARDER_ACTIVE || f.both != 0;
    } else if (f.mac == mac) return f.kind == FHRP_ANYCAST || f.both != 0 || hsrpOf(k).state == HSRP_ACTIVE;
  }
  return false;
}

/** The virtual MAC that answers for an address here, 0 for none. `host`: who asks, 0 when nobody asks. */
export function fhrpMac(i: L3if, ip: u32, host: u64): u64 {
  for (let k = i.firstFhrp, end = i.firstFhrp + i.fhrpCount; k < end; k++) {
    const f = fhrpOf(k);
    if (f.kind != FHRP_ANYCAST && hsrpOf(k).state != HSRP_ACTIVE) continue;
    if (has(f, ip)) return f.kind == FHRP_GLBP ? glbpMac(f.group, glbpOf(k), host) : f.mac;
  }
  return 0;
}

function has(f: Fhrp, ip: u32): bool {
  for (let v = 0; v < f.vipCount; v++) if (vipOf(f.firstVip + v) == ip) return true;
  return false;
}

function glbpMac(group: i32, g: GlbpRouter, host: u64): u64 {
  if (host == 0) return forwarderMac(group, 0);
  const n = choose(g, host);
  return n < 0 ? 0 : forwarderMac(group, n);
}

/** An anycast address is answered by the first router that hears the question; it goes no further. */
export function endsHere(i: L3if, ip: u32): bool {
  for (let k = i.firstFhrp, end = i.firstFhrp + i.fhrpCount; k < end; k++) if (fhrpOf(k).kind == FHRP_ANYCAST && has(fhrpOf(k), ip)) return true;
  return false;
}

/** In whose name proxy ARP answers: the active group's virtual MAC, the interface's own where there is no group, 0 for a group that is not active. */
export function fhrpProxyMac(i: L3if): u64 {
  if (i.fhrpCount == 0) return i.mac;
  for (let k = i.firstFhrp, end = i.firstFhrp + i.fhrpCount; k < end; k++) {
    const f = fhrpOf(k);
    if (f.kind == FHRP_ANYCAST) return f.mac;
    if (hsrpOf(k).state == HSRP_ACTIVE) return f.kind == FHRP_GLBP ? forwarderMac(f.group, 0) : f.mac;
  }
  return 0;
}
