// Bridge protocol data units (802.1D-2004 9.3, 802.1D-1998 9.3): the record that the machines read, and its bytes. An 802.3
// frame with a length and LLC, not an EtherType. Times are in units of 1/256 s, as on the wire.
//
//  0            14      17     19     20    21     22     30    34       42    44    46    48    50    52
//  ├─ 802.3 ────┼ LLC ──┼ 0000 ┼ vers ┼ type ┼ flags ┼ root ┼ cost ┼ bridge ┼ port ┼ age ┼ max ┼ hello ┼ delay ┼ 0 (RST) ┤

import { pad, put16be, put32be, putMac } from "./ethernet";

@unmanaged export class Bpdu {
  root: u64; // priority in the upper 16 bits, MAC address below
  bridge: u64;
  cost: u32; port: u32;
  type: u32; flags: u32; // BPDU_*, FLAG_*
  messageAge: u32; maxAge: u32; helloTime: u32; forwardDelay: u32;
}

export const BPDU_CONFIG: u32 = 0;
export const BPDU_RST: u32 = 0x02;
export const BPDU_TCN: u32 = 0x80;

export const FLAG_TC: u32 = 0x01;
export const FLAG_PROPOSAL: u32 = 0x02;
export const FLAG_ROLE: u32 = 0x0c;
export const FLAG_LEARNING: u32 = 0x10;
export const FLAG_FORWARDING: u32 = 0x20;
export const FLAG_AGREEMENT: u32 = 0x40;
export const FLAG_TCA: u32 = 0x80;

// The role bits, in place.
export const FLAG_ROLE_ALTERNATE: u32 = 0x04; // or backup
export const FLAG_ROLE_ROOT: u32 = 0x08;
export const FLAG_ROLE_DESIGNATED: u32 = 0x0c;

export const BRIDGE_GROUP: u64 = 0x0180c2000000; // no bridge forwards it
if (offsetof<Bpdu>() > 64) ERROR("a Bpdu does not fit the body of a frame");

export function bpduAt(at: usize): Bpdu { return changetype<Bpdu>(at); }

const LLC: usize = 14;
const BODY: usize = 17;

/** Writes the frame at `out`. Returns its length without the check sequence. */
export function encodeBpdu(b: Bpdu, sourceMac: u64, out: usize): i32 {
  const bytes: u32 = b.type == BPDU_TCN ? 4 : b.type == BPDU_RST ? 36 : 35;
  putMac(out, BRIDGE_GROUP);
  putMac(out + 6, sourceMac);
  put16be(out + 12, bytes + 3);
  store<u8>(out + LLC, 0x42); store<u8>(out + LLC, 0x42, 1); store<u8>(out + LLC, 0x03, 2);
  put16be(out + BODY, 0);
  store<u8>(out + BODY, b.type == BPDU_RST ? 2 : 0, 2);
  store<u8>(out + BODY, <u8>b.type, 3);
  if (b.type != BPDU_TCN) {
    store<u8>(out + BODY, <u8>b.flags, 4);
    putBridge(out + BODY + 5, b.root);
    put32be(out + BODY + 13, b.cost);
    putBridge(out + BODY + 17, b.bridge);
    put16be(out + BODY + 25, b.port);
    put16be(out + BODY + 27, b.messageAge); put16be(out + BODY + 29, b.maxAge);
    put16be(out + BODY + 31, b.helloTime); put16be(out + BODY + 33, b.forwardDelay);
    if (b.type == BPDU_RST) store<u8>(out + BODY, 0, 35); // Version 1 Length
  }
  return pad(out, <i32>(BODY + <usize>bytes));
}

function putBridge(at: usize, id: u64): void {
  put16be(at, <u32>(id >> 48));
  putMac(at + 2, id & 0xffffffffffff);
}
