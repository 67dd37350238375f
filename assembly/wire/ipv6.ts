// RFC 8200 3, the IPv6 header, and the pseudo-header of 8.1. Addresses are pointers to their 16 bytes.

import { ETHERNET_HEADER, internetChecksum, put16be, put32be, putEthernetHeader } from "./ethernet";

export const ETHERTYPE_IPV6: u32 = 0x86dd;
export const IPV6_HEADER: usize = 40;
export const IPV6_PAYLOAD: usize = ETHERNET_HEADER + IPV6_HEADER; // where it begins in a frame
const ICMPV6: u32 = 58;

/** `bytes` is the length of what follows the header. */
export function putIpv6Header(at: usize, trafficClass: u32, nextHeader: u32, hopLimit: u32, src: usize, dst: usize, bytes: u32): void {
  put32be(at, 0x60000000 | trafficClass << 20);
  put16be(at + 4, bytes);
  put16be(at + 6, nextHeader << 8 | hopLimit);
  memory.copy(at + 8, src, 16);
  memory.copy(at + 24, dst, 16);
}

/** What the pseudo-header adds to a checksum. */
export function pseudoHeader6Sum(src: usize, dst: usize, nextHeader: u32, bytes: u32): u32 {
  let sum = nextHeader + bytes;
  for (let i: usize = 0; i < 16; i += 2) sum += <u32>bswap<u16>(load<u16>(src + i)) + <u32>bswap<u16>(load<u16>(dst + i));
  return sum;
}

/** RFC 4443 2.3: the checksum of an ICMPv6 message that is written, but for its own field. */
export function sealIcmp6(at: usize, src: usize, dst: usize, bytes: u32): void {
  put16be(at + 2, 0);
  put16be(at + 2, internetChecksum(at, <usize>bytes, pseudoHeader6Sum(src, dst, ICMPV6, bytes)));
}

/** A whole ICMPv6 frame but for its message, which stands behind the header already; returns its length. */
export function finishIcmp6(out: usize, dstMac: u64, srcMac: u64, hopLimit: u32, src: usize, dst: usize, bytes: u32): i32 {
  putEthernetHeader(out, dstMac, srcMac, ETHERTYPE_IPV6);
  putIpv6Header(out + ETHERNET_HEADER, 0, ICMPV6, hopLimit, src, dst, bytes);
  sealIcmp6(out + IPV6_PAYLOAD, src, dst, bytes);
  return <i32>(IPV6_PAYLOAD + <usize>bytes);
}
