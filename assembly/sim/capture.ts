// Captures: the real bytes of control frames on watched ports, in a ring that the host drains.

import {
  CAPTURE_BYTES, CAPTURE_HEADER, FRAME_ARP, FRAME_BPDU, FRAME_GLBP, FRAME_HSRP, FRAME_KEEPALIVE, FRAME_LACPDU, FRAME_MLD, FRAME_ND, FRAME_VRRP, HSRP_HELLO,
} from "../abi";
import { bytesOf, isIpv6, solicitedNode } from "../core/address";
import { take } from "../core/memory";
import { now } from "../core/trace";
import { encodeArp } from "../wire/arp";
import { encodeHsrp1, encodeHsrp2 } from "../wire/hsrp";
import { bpduAt, encodeBpdu } from "../wire/bpdu";
import { encodeKeepalive } from "../wire/keepalive";
import { Lacpdu, encodeLacpdu } from "../wire/lacpdu";
import { encodeJoins, groupAt } from "../wire/mld";
import { encodeNd } from "../wire/nd";
import { encodeVrrp, encodeVrrp6 } from "../wire/vrrp";
import { FORWARDERS, forwarderMac } from "../fhrp/glbp";
import { encodeGlbp, putForwarder } from "../wire/glbp";
import { fhrpOf, glbpOf } from "./fhrp-tables";
import { FRAME_BODY, Frame } from "./frames";
import { l3Of, vipAddress, vipOf, vrrpPlaceOf } from "./tables";

let base: usize = 0;
let capacity: u32 = 0;
let written: u32 = 0;

export function reserveCapture(records: u32): void { capacity = records; base = take(<usize>records * CAPTURE_BYTES); }
export function captureAt(): usize { return base; }
export function captured(): u32 { return written; }
export function drainCapture(): void { written = 0; }
export function captureNearlyFull(): bool { return capacity > 0 && written + 2048 > capacity; }

export function capture(port: i32, direction: i32, frame: Frame): void {
  if (written >= capacity) return;
  const p = base + <usize>written * CAPTURE_BYTES;
  const length = encode(frame, p + CAPTURE_HEADER);
  if (length == 0) return;
  store<i64>(p, now); store<i32>(p, port, 8); store<i32>(p, direction, 12); store<i32>(p, length, 16); store<i32>(p, frame.kind, 20);
  written += 1;
}

const group = memory.data(16);
function encode(f: Frame, out: usize): i32 {
  switch (f.kind) {
    case FRAME_LACPDU: return encodeLacpdu(changetype<Lacpdu>(changetype<usize>(f) + FRAME_BODY), f.srcMac, out);
    case FRAME_ARP: return encodeArp(out, f.dstMac, f.srcMac, f.a, f.e, f.c, f.f, f.d);
    case FRAME_VRRP: {
      const place = vrrpPlaceOf(f.i);
      if (isIpv6(f.d)) return encodeVrrp6(out, f.srcMac, f.d, <u32>f.a, <u32>f.b, f.g, vipAddress(place.firstVip), place.vipCount);
      return encodeVrrp(out, f.srcMac, f.d, <u32>f.h, <u32>f.a, <u32>f.b, f.g, vipAddress(place.firstVip), place.vipCount, true);
    }
    case FRAME_ND: {
      if (f.g == 0) solicitedNode(f.d, group);
      return encodeNd(out, f.dstMac, f.srcMac, bytesOf(f.c), f.g == 0 ? group : bytesOf(<u32>f.g), f.a, <u32>f.b, bytesOf(f.d), f.e);
    }
    case FRAME_MLD: {
      const place = vrrpPlaceOf(f.i);
      for (let k = 0; k < place.vipCount; k++) solicitedNode(vipOf(place.firstVip + k), groupAt(out, k));
      return encodeJoins(out, f.srcMac, bytesOf(f.c), bytesOf(f.d), place.vipCount);
    }
    case FRAME_HSRP: {
      const version = <i32>f.f;
      const vip = load<u32>(vipAddress(fhrpOf(f.i).firstVip));
      return version == 1
        ? encodeHsrp1(out, f.srcMac, f.d, <u32>f.b, <u32>f.h, f.c, <u32>f.a, <i64>f.e, f.g, vip)
        : encodeHsrp2(out, f.srcMac, l3Of(fhrpOf(f.i).l3).mac, f.d, <u32>f.b, <u32>f.h, f.c, <u32>f.a, <i64>f.e, f.g, vip);
    }
    case FRAME_GLBP: return f.b == HSRP_HELLO ? encodeGlbpHello(f, out) : 0;
    case FRAME_KEEPALIVE: return encodeKeepalive(out, f.dstMac, f.srcMac, f.c, f.d, <u32>f.a);
    case FRAME_BPDU: return encodeBpdu(bpduAt(changetype<usize>(f) + FRAME_BODY), f.srcMac, out);
    default: return 0;
  }
}

function encodeGlbpHello(f: Frame, out: usize): i32 {
  const fhrp = fhrpOf(f.i);
  const g = glbpOf(f.i);
  let count = 0;
  for (let k = 0; k < FORWARDERS; k++) {
    const owner = <u32>((k < 2 ? f.body0 : f.body1) >> (<u64>(k & 1) << 5));
    if (owner == 0) continue;
    putForwarder(out, count++, k + 1, (f.body2 >> <u64>k & 1) != 0, owner == f.d, <u32>(f.body2 >> 32), forwarderMac(f.a, k));
  }
  return encodeGlbp(out, f.srcMac, l3Of(fhrp.l3).mac, f.d, <u32>f.a, <u32>f.h, f.c, <i64>f.e, f.g, g.redirectNs, g.timeoutNs, vipOf(fhrp.firstVip), count);
}
