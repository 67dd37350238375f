// RFC 5798 5 (version 3) and RFC 3768 5 (version 2), the VRRP packet over IPv4, and over IPv6 (version 3 only).
//
//  0       1       2       3       4              6          8
//  ├ver type┼─ VRID ─┼priority┼ count ┼ v2: auth, seconds ┼ checksum ┼ addresses, v2: 8 bytes of authentication
//                                     ┼ v3: 0, 12 bits cs ┼

import {
  ETHERNET_HEADER, ETHERTYPE_IPV4, IPV4_HEADER, internetChecksum, pad, pseudoHeaderSum, put16be, put32be, putEthernetHeader, putIpv4Header,
} from "./ethernet";
import { bytesOf, ALL_VRRP6 } from "../core/address";
import { ETHERTYPE_IPV6, IPV6_PAYLOAD, pseudoHeader6Sum, putIpv6Header } from "./ipv6";

export const VRRP_PROTOCOL: u32 = 112;
export const VRRP_GROUP: u32 = 0xe0000012; // 224.0.0.18
export const VRRP_GROUP_MAC: u64 = 0x01005e000012;
export const VRRP6_GROUP_MAC: u64 = 0x333300000012; // ff02::12

const TTL: u32 = 255; // 5.1.1.3: what comes with less was routed here
const TOS: u32 = 0xc0; // Choice: not in the RFC; keepalived, FRR and the recordings: precedence internetwork control
const SECOND: i64 = 1000000000;
const CENTISECOND: i64 = 10000000;

/** 7.3: 00-00-5E-00-01-{VRID}, over IPv6 00-00-5E-00-02-{VRID}. */
export function virtualMac(vrid: u32): u64 { return 0x00005e000100 | <u64>(vrid & 0xff); }
export function virtualMac6(vrid: u32): u64 { return 0x00005e000200 | <u64>(vrid & 0xff); }

/**
 * Writes a whole frame; returns its length. `vips`: u32[vipCount], host order. `pseudoHeader`: version 3 only,
 * checksum as in RFC 5798 (RFC 9568: over the message alone; each side discards the other's).
 */
export function encodeVrrp(
  out: usize, srcMac: u64, srcIp: u32, version: u32, vrid: u32, priority: u32, intervalNs: i64, vips: usize, vipCount: i32, pseudoHeader: bool,
): i32 {
  const p = out + ETHERNET_HEADER + IPV4_HEADER;
  const addresses: u32 = 8 + (<u32>vipCount << 2);
  const bytes = version == 2 ? addresses + 8 : addresses;
  put16be(p, (version << 12) | 0x100 | vrid);
  put16be(p + 2, (priority << 8) | <u32>vipCount);
  // Version 2 has whole seconds in the low byte, after authentication type 0: both versions are one 16-bit number.
  put16be(p + 4, version == 2 ? <u32>(intervalNs / SECOND) & 0xff : <u32>(intervalNs / CENTISECOND) & 0xfff);
  put16be(p + 6, 0);
  for (let i = 0; i < vipCount; i++) put32be(p + 8 + (<usize>i << 2), load<u32>(vips + (<usize>i << 2)));
  if (version == 2) store<u64>(p + <usize>addresses, 0);
  const initial = version == 3 && pseudoHeader ? pseudoHeaderSum(srcIp, VRRP_GROUP, VRRP_PROTOCOL, bytes) : 0;
  put16be(p + 6, internetChecksum(p, <usize>bytes, initial));
  putEthernetHeader(out, VRRP_GROUP_MAC, srcMac, ETHERTYPE_IPV4);
  putIpv4Header(out + ETHERNET_HEADER, TOS, TTL, VRRP_PROTOCOL, srcIp, VRRP_GROUP, bytes);
  return pad(out, <i32>(ETHERNET_HEADER + IPV4_HEADER) + <i32>bytes);
}

/** Over IPv6. `src` and `vips` are handles; the first of these is the link-local one (5.2.9). 5.2.8: the checksum has the pseudo-header. */
export function encodeVrrp6(out: usize, srcMac: u64, src: u32, vrid: u32, priority: u32, intervalNs: i64, vips: usize, vipCount: i32): i32 {
  const p = out + IPV6_PAYLOAD;
  const bytes: u32 = 8 + (<u32>vipCount << 4);
  put16be(p, 0x3100 | vrid);
  put16be(p + 2, (priority << 8) | <u32>vipCount);
  put16be(p + 4, <u32>(intervalNs / CENTISECOND) & 0xfff);
  put16be(p + 6, 0);
  for (let i = 0; i < vipCount; i++) memory.copy(p + 8 + (<usize>i << 4), bytesOf(load<u32>(vips + (<usize>i << 2))), 16);
  put16be(p + 6, internetChecksum(p, <usize>bytes, pseudoHeader6Sum(bytesOf(src), bytesOf(ALL_VRRP6), VRRP_PROTOCOL, bytes)));
  putEthernetHeader(out, VRRP6_GROUP_MAC, srcMac, ETHERTYPE_IPV6);
  putIpv6Header(out + ETHERNET_HEADER, TOS, VRRP_PROTOCOL, TTL, bytesOf(src), bytesOf(ALL_VRRP6), bytes);
  return <i32>IPV6_PAYLOAD + <i32>bytes;
}
