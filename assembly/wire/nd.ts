// RFC 4861 4.3 and 4.4, Neighbour Solicitation and Advertisement, with the option of 4.6.1.
//
//  0      1      2          4          8              24     25      26        32
//  ├ type ┼ code ┼ checksum ┼ R S O 0… ┼─ target ─────┼ 1, 2 ┼ 1 (x8) ┼─ MAC ──┤ option: source of 135, target of 136

import { put16be, put32be, putMac } from "./ethernet";
import { IPV6_PAYLOAD, finishIcmp6 } from "./ipv6";

export const ND_SOLICITATION = 135;
export const ND_ADVERTISEMENT = 136;
export const NA_ROUTER: u32 = 0x80000000;
export const NA_SOLICITED: u32 = 0x40000000;
export const NA_OVERRIDE: u32 = 0x20000000;

const HOP_LIMIT: u32 = 255; // 7.1: what comes with less was routed here
const MESSAGE: u32 = 24;
const OPTION: u32 = 8;

/** Writes a whole frame; returns its length. `mac` 0: without the option, as in unicast probes. */
export function encodeNd(out: usize, dstMac: u64, srcMac: u64, src: usize, dst: usize, type: i32, flags: u32, target: usize, mac: u64): i32 {
  const p = out + IPV6_PAYLOAD;
  put16be(p, <u32>type << 8);
  put32be(p + 4, flags);
  memory.copy(p + 8, target, 16);
  if (mac == 0) return finishIcmp6(out, dstMac, srcMac, HOP_LIMIT, src, dst, MESSAGE);
  put16be(p + 24, (type == ND_SOLICITATION ? 0x100 : 0x200) | 1);
  putMac(p + 26, mac);
  return finishIcmp6(out, dstMac, srcMac, HOP_LIMIT, src, dst, MESSAGE + OPTION);
}
