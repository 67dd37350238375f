// Addresses as the engine holds them: one u32, whatever the family. An IPv4 address is its own number. An IPv6 address is a
// handle: 240.0.0.0 + its row in this table, out of the class that no IPv4 host has (RFC 1112 4). Every address of a run is
// known before it begins, so the table is closed. The rows of one subnet are an aligned block, in the order of the
// addresses: a mask tells the subnet, and < the higher of two addresses, as with IPv4 (docs/decisions/0004).
//
//  ├─ 31..24 ─┼─ 23..0 ─┤
//  │ 0xf0     │ row      │ rows 0 to 3: the groups below and ::

import { IPV6_TAG } from "../abi";
import { take } from "./memory";
import { TRAP_BAD_INDEX, trap } from "./trap";

const ADDRESS_BYTES: usize = 16;
const BASE: u32 = <u32>IPV6_TAG << 24;
export const ALL_NODES6: u32 = BASE + 1; // ff02::1
export const ALL_VRRP6: u32 = BASE + 2; // ff02::12, RFC 5798 5.1.2.2
export const ALL_MLD6: u32 = BASE + 3; // ff02::16, RFC 3810 5.2.14

let rowsAt: usize = 0;
let rows: u32 = 0;

export function isIpv6(address: u32): bool { return address >> 24 == <u32>IPV6_TAG; }

export function reserveAddresses(count: i32): void {
  rows = <u32>count;
  rowsAt = take(<usize>count * ADDRESS_BYTES);
  setAddress(1, 0xff02000000000000, 0x01);
  setAddress(2, 0xff02000000000000, 0x12);
  setAddress(3, 0xff02000000000000, 0x16);
}

/** The upper and lower half of an address, first byte most significant. */
export function setAddress(row: i32, high: u64, low: u64): void {
  if (<u32>row >= rows) trap(TRAP_BAD_INDEX, 16);
  store<u64>(rowsAt + <usize>row * ADDRESS_BYTES, bswap<u64>(high));
  store<u64>(rowsAt + <usize>row * ADDRESS_BYTES, bswap<u64>(low), 8);
}

/** The 16 bytes of an IPv6 address, as on the wire. */
export function bytesOf(address: u32): usize { return rowsAt + <usize>(address & 0xffffff) * ADDRESS_BYTES; }

/** RFC 4291 2.7.1: ff02::1:ffXX:XXXX with the low 24 bits of the address. */
export function solicitedNode(address: u32, to: usize): void {
  store<u64>(to, bswap<u64>(0xff02000000000000));
  store<u64>(to, bswap<u64>(0x1ff000000 | <u64>low24(address)), 8);
}
/** RFC 2464 7: 33-33 and the low 32 bits of the group. */
export function solicitedNodeMac(address: u32): u64 { return 0x3333ff000000 | <u64>low24(address); }
function low24(address: u32): u32 { return bswap<u32>(load<u32>(bytesOf(address), 12)) & 0xffffff; }
