// RFC 2281 5.1, the HSRP message (version 1), and version 2 as Wireshark's dissector reads it (no document is public).
// Both over UDP port 1985 with TTL 1.
//
// 1:  version 0 ┼ op ┼ state ┼ hello s ┼ hold s ┼ priority ┼ group ┼ 0 ┼ 8 bytes "cisco" ┼ virtual address
// 2:  TLV 1, 40 bytes: version 2 ┼ op ┼ state ┼ IP version ┼ group 2 ┼ identifier 6 ┼ priority 4 ┼ hello ms 4 ┼ hold ms 4 ┼ address 16
//     TLV 3, 8 bytes: "cisco"

import { HSRP_INITIAL, HSRP_LEARN } from "../abi";
import { ETHERNET_HEADER, IPV4_HEADER, UDP_HEADER, finishUdp, put16be, put32be, putMac } from "./ethernet";

const PORT: u32 = 1985;
const TTL: u32 = 1;
const TOS: u32 = 0xc0; // Choice: internetwork control, as for VRRP
const SECOND: i64 = 1000000000;
const MS: i64 = 1000000;
const ALL_ROUTERS: u32 = 0xe0000002; // 224.0.0.2
const HSRP2_GROUP: u32 = 0xe0000066; // 224.0.0.102
const CISCO_LOW: u32 = 0x63697363; // "cisc"

/** 0000.0c07.acGG, 0000.0c9f.fGGG */
export function hsrpMac(version: u32, group: u32): u64 {
  return version == 1 ? 0x00000c07ac00 | <u64>(group & 0xff) : 0x00000c9ff000 | <u64>(group & 0xfff);
}

/** 5.1: Initial 0, Learn 1, Listen 2, Speak 4, Standby 8, Active 16. */
function state1(state: u32): u32 { return state == HSRP_INITIAL ? 0 : state == HSRP_LEARN ? 1 : <u32>1 << (state - 1); }
/** Version 2 counts: Init 1, Learn 2, Listen 3, Speak 4, Standby 5, Active 6. */
function state2(state: u32): u32 { return state + 1; }

function putAuthentication(at: usize): void { put32be(at, CISCO_LOW); put32be(at + 4, 0x6f000000); }

/** Writes a whole frame; returns its length. States and opcodes are those of abi.ts. */
export function encodeHsrp1(out: usize, srcMac: u64, srcIp: u32, op: u32, state: u32, priority: u32, group: u32, helloNs: i64, holdNs: i64, vip: u32): i32 {
  const p = out + ETHERNET_HEADER + IPV4_HEADER + UDP_HEADER;
  put16be(p, op);
  put16be(p + 2, (state1(state) << 8) | <u32>(helloNs / SECOND) & 0xff);
  put16be(p + 4, (<u32>(holdNs / SECOND) & 0xff) << 8 | priority & 0xff);
  put16be(p + 6, (group & 0xff) << 8);
  putAuthentication(p + 8);
  put32be(p + 16, vip);
  return finishUdp(out, 0x01005e000002, srcMac, TOS, TTL, srcIp, ALL_ROUTERS, PORT, 20);
}

/** `identifier`: the MAC address of the interface. */
export function encodeHsrp2(
  out: usize, srcMac: u64, identifier: u64, srcIp: u32, op: u32, state: u32, priority: u32, group: u32, helloNs: i64, holdNs: i64, vip: u32,
): i32 {
  const p = out + ETHERNET_HEADER + IPV4_HEADER + UDP_HEADER;
  put16be(p, 0x0128); // TLV 1, 40 bytes
  put16be(p + 2, 0x0200 | op);
  put16be(p + 4, (state2(state) << 8) | 4);
  put16be(p + 6, group & 0xfff);
  putMac(p + 8, identifier);
  put32be(p + 14, priority);
  put32be(p + 18, <u32>(helloNs / MS));
  put32be(p + 22, <u32>(holdNs / MS));
  memory.fill(p + 26, 0, 16);
  put32be(p + 26, vip); // an IPv4 address stands first
  put16be(p + 42, 0x0308);
  putAuthentication(p + 44);
  return finishUdp(out, 0x01005e000066, srcMac, TOS, TTL, srcIp, HSRP2_GROUP, PORT, 52);
}
