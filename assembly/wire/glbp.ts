// GLBP's hello over UDP port 3222 with TTL 255, as Wireshark's dissector reads it, which was written without a document (docs/first-hop.md):
// what it calls unknown is zero here. Coup and resignation have no known form.
//
//  version 1 ┼ 0 ┼ group 2 ┼ 0 2 ┼ sender's MAC 6
//  TLV 1, 28 bytes: 0 ┼ state ┼ 0 ┼ priority ┼ 0 2 ┼ hello ms 4 ┼ hold ms 4 ┼ redirect s 2 ┼ timeout s 2 ┼ 0 2 ┼ 1 IPv4 ┼ 4 ┼ address 4
//  TLV 2, 20 bytes, one a forwarder: number ┼ state ┼ 0 ┼ priority ┼ weighting ┼ 0 7 ┼ virtual MAC 6

import { ETHERNET_HEADER, IPV4_HEADER, UDP_HEADER, finishUdp, put16be, put32be, putMac } from "./ethernet";

const PORT: u32 = 3222;
const TTL: u32 = 255;
const TOS: u32 = 0xc0; // Choice: internetwork control, as for VRRP
const GROUP: u32 = 0xe0000066; // 224.0.0.102
const GROUP_MAC: u64 = 0x01005e000066;
const SECOND: i64 = 1000000000;
const MS: i64 = 1000000;
const HEADER: usize = 12;
const HELLO: usize = 28;
const FORWARDER: usize = 20;
const OWNER: u32 = 167; // seen of owners; unverified for the others
const OTHER: u32 = 135;
const LISTEN: u32 = 4;
const ACTIVE: u32 = 0x20;

const START: usize = ETHERNET_HEADER + IPV4_HEADER + UDP_HEADER;

/** The forwarder TLV number `index`: to be written before `encodeGlbp`. `number` counts from 1. */
export function putForwarder(out: usize, index: i32, number: i32, active: bool, owns: bool, weight: u32, mac: u64): void {
  const p = out + START + HEADER + HELLO + <usize>index * FORWARDER;
  memory.fill(p, 0, FORWARDER);
  put16be(p, 0x0214);
  put16be(p + 2, <u32>number << 8 | (active ? ACTIVE : LISTEN));
  put16be(p + 4, owns ? OWNER : OTHER);
  store<u8>(p + 6, <u8>min<u32>(255, weight));
  putMac(p + 14, mac);
}

/** Writes the rest of the frame; returns its length. `state` is that of abi.ts: Listen 4, Speak 8, Standby 16, Active 32. */
export function encodeGlbp(
  out: usize, srcMac: u64, sender: u64, srcIp: u32, group: u32, state: u32, priority: u32, helloNs: i64, holdNs: i64, redirectNs: i64, timeoutNs: i64, vip: u32, forwarders: i32,
): i32 {
  const p = out + START;
  memory.fill(p, 0, HEADER + HELLO);
  put32be(p, 0x01000000 | group & 0x3ff);
  putMac(p + 6, sender);
  const h = p + HEADER;
  put16be(h, 0x011c);
  store<u8>(h + 3, <u8>(<u32>1 << state));
  store<u8>(h + 5, <u8>priority);
  put32be(h + 8, <u32>(helloNs / MS)); put32be(h + 12, <u32>(holdNs / MS));
  put16be(h + 16, <u32>(redirectNs / SECOND)); put16be(h + 18, <u32>(timeoutNs / SECOND));
  put16be(h + 22, 0x0104);
  put32be(h + 24, vip);
  return finishUdp(out, GROUP_MAC, srcMac, TOS, TTL, srcIp, GROUP, PORT, <u32>(HEADER + HELLO + <usize>forwarders * FORWARDER));
}
