// RFC 3810 5.2, Multicast Listener Report, version 2: to ff02::16 with a Router Alert (RFC 2711) in a hop-by-hop header.
//
//  0             8              16                        36
//  ├ hop-by-hop ─┼ 143, records ┼ type, group ┼ type, group …┤ 20 bytes a record without sources

import { ETHERNET_HEADER, put16be, put32be, putEthernetHeader } from "./ethernet";
import { ETHERTYPE_IPV6, IPV6_PAYLOAD, putIpv6Header, sealIcmp6 } from "./ipv6";

export const MLD_MAC: u64 = 0x333300000016;
const HOP_BY_HOP: u32 = 0;
const HOP_BY_HOP_BYTES: usize = 8;
const REPORT: u32 = 143;
const RECORD: usize = 20;
const TO_EXCLUDE: u32 = 4; // from nothing to all sources: joins

/** Where the group of a record stands in the frame: to be written before `encodeJoins`. */
export function groupAt(out: usize, record: i32): usize { return out + IPV6_PAYLOAD + HOP_BY_HOP_BYTES + 8 + <usize>record * RECORD + 4; }

/** Writes the rest of the frame; returns its length. */
export function encodeJoins(out: usize, srcMac: u64, src: usize, dst: usize, records: i32): i32 {
  const hop = out + IPV6_PAYLOAD;
  put32be(hop, 0x3a000502); // next is ICMPv6; Router Alert, 2 bytes: MLD
  put32be(hop + 4, 0x00000100); // PadN
  const p = hop + HOP_BY_HOP_BYTES;
  put16be(p, REPORT << 8);
  put32be(p + 4, <u32>records);
  for (let i = 0; i < records; i++) put32be(groupAt(out, i) - 4, TO_EXCLUDE << 24);
  const bytes = 8 + <u32>records * <u32>RECORD;
  sealIcmp6(p, src, dst, bytes);
  putEthernetHeader(out, MLD_MAC, srcMac, ETHERTYPE_IPV6);
  putIpv6Header(out + ETHERNET_HEADER, 0, HOP_BY_HOP, 1, src, dst, bytes + <u32>HOP_BY_HOP_BYTES);
  return <i32>(IPV6_PAYLOAD + HOP_BY_HOP_BYTES) + <i32>bytes;
}
