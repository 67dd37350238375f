// RFC 826, Ethernet Address Resolution Protocol, for IPv4 over Ethernet.

import { ETHERNET_HEADER, ETHERTYPE_ARP, pad, put16be, put32be, putEthernetHeader, putMac } from "./ethernet";

export const ARP_REQUEST = 1;
export const ARP_REPLY = 2;

/** Writes a whole frame; returns its length. */
export function encodeArp(
  out: usize, dstMac: u64, srcMac: u64, op: i32, senderMac: u64, senderIp: u32, targetMac: u64, targetIp: u32,
): i32 {
  putEthernetHeader(out, dstMac, srcMac, ETHERTYPE_ARP);
  const p = out + ETHERNET_HEADER;
  put32be(p, 0x00010800); // hardware Ethernet, protocol IPv4
  put16be(p + 4, 0x0604); // lengths of their addresses
  put16be(p + 6, <u32>op);
  putMac(p + 8, senderMac);
  put32be(p + 14, senderIp);
  putMac(p + 18, targetMac);
  put32be(p + 24, targetIp);
  return pad(out, <i32>ETHERNET_HEADER + 28);
}
