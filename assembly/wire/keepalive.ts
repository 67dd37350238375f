// The keepalive between the peers of an MC-LAG: RFC 768, UDP over IPv4.
// Choice: port 3200 is that of vPC; no vendor has published the contents, so these are our own: a mark and a sequence number.

import {
  ETHERNET_HEADER, ETHERTYPE_IPV4, IPV4_HEADER, internetChecksum, pad, pseudoHeaderSum, put16be, put32be, putEthernetHeader, putIpv4Header,
} from "./ethernet";

export const UDP_PROTOCOL: u32 = 17;
export const KEEPALIVE_PORT: u32 = 3200;

const MARK: u32 = 0x64686b61; // "dhka"
const UDP_HEADER: usize = 8;
const PAYLOAD: usize = 8;
const TOS: u32 = 0xc0; // Choice: like other control traffic
const TTL: u32 = 64;

/** Writes a whole frame; returns its length. */
export function encodeKeepalive(out: usize, dstMac: u64, srcMac: u64, srcIp: u32, dstIp: u32, sequence: u32): i32 {
  const p = out + ETHERNET_HEADER + IPV4_HEADER;
  const bytes = UDP_HEADER + PAYLOAD;
  put16be(p, KEEPALIVE_PORT);
  put16be(p + 2, KEEPALIVE_PORT);
  put16be(p + 4, <u32>bytes);
  put16be(p + 6, 0);
  put32be(p + 8, MARK);
  put32be(p + 12, sequence);
  const checksum = internetChecksum(p, bytes, pseudoHeaderSum(srcIp, dstIp, UDP_PROTOCOL, <u32>bytes));
  put16be(p + 6, checksum == 0 ? 0xffff : checksum); // zero means "no checksum"
  putEthernetHeader(out, dstMac, srcMac, ETHERTYPE_IPV4);
  putIpv4Header(out + ETHERNET_HEADER, TOS, TTL, UDP_PROTOCOL, srcIp, dstIp, <u32>bytes);
  return pad(out, <i32>(ETHERNET_HEADER + IPV4_HEADER + bytes));
}
