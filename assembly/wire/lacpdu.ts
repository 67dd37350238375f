// The LACPDU: the record the machines read, and its 124 bytes on the wire (128 with the FCS).
//
//  0            14     18 ─ actor, 15 ─ 33   38 ─ partner, 15 ─ 53   58           72          124
//  ├─ Ethernet ─┼ 1, 1 ┼ prio mac key prio port state ┼ the same ────┼ max delay ─┼ terminator ─┤

@unmanaged export class Lacpdu {
  actorSystem: u64; // 48-bit MAC address
  actorSystemPriority: u32;
  actorKey: u32;
  actorPortPriority: u32;
  actorPort: u32;
  actorState: u32;
  actorPad: u32; // holds anything
  partnerSystem: u64;
  partnerSystemPriority: u32;
  partnerKey: u32;
  partnerPortPriority: u32;
  partnerPort: u32;
  partnerState: u32;
  partnerPad: u32;
}

/** What is said of one end: two vectors, the last four bytes of which mean nothing. */
export const LACPDU_HALF: usize = offsetof<Lacpdu>("partnerSystem");
export const LACPDU_BYTES: usize = 64; // stride of a record in memory
if (offsetof<Lacpdu>() != 64 || LACPDU_HALF != 32) ERROR("a Lacpdu is not two halves of two vectors");

export const LACPDU_WIRE_BYTES: i32 = 124; // without FCS
const SLOW_PROTOCOLS: u64 = 0x0180c2000002; // link-local: no bridge forwards it
const ETHERTYPE: u32 = 0x8809;

export function lacpduAt(at: usize): Lacpdu { return changetype<Lacpdu>(at); }

/** Writes the frame at `out`. `sourceMac` is the sending port's own address, not the aggregate's. Returns 124. */
export function encodeLacpdu(pdu: Lacpdu, sourceMac: u64, out: usize): i32 {
  memory.fill(out, 0, <usize>LACPDU_WIRE_BYTES);
  putMac(out, SLOW_PROTOCOLS);
  putMac(out + 6, sourceMac);
  put16(out + 12, ETHERTYPE);
  store<u8>(out, 1, 14); // subtype LACP
  store<u8>(out, 1, 15); // version
  store<u8>(out, 1, 16); // TLV actor
  store<u8>(out, 20, 17);
  putInfo(out + 18, pdu.actorSystemPriority, pdu.actorSystem, pdu.actorKey, pdu.actorPortPriority, pdu.actorPort, pdu.actorState);
  store<u8>(out, 2, 36); // TLV partner
  store<u8>(out, 20, 37);
  putInfo(out + 38, pdu.partnerSystemPriority, pdu.partnerSystem, pdu.partnerKey, pdu.partnerPortPriority, pdu.partnerPort,
    pdu.partnerState);
  store<u8>(out, 3, 56); // TLV collector, maximum delay 0
  store<u8>(out, 16, 57);
  return LACPDU_WIRE_BYTES; // terminator: type 0, length 0, already there
}

function putInfo(at: usize, systemPriority: u32, system: u64, key: u32, portPriority: u32, port: u32, state: u32): void {
  put16(at, systemPriority);
  putMac(at + 2, system);
  put16(at + 8, key);
  put16(at + 10, portPriority);
  put16(at + 12, port);
  store<u8>(at, <u8>state, 14);
}

function put16(at: usize, value: u32): void { store<u16>(at, bswap<u16>(<u16>value)); }

function putMac(at: usize, mac: u64): void {
  put16(at, <u32>(mac >> 32) & 0xffff);
  store<u32>(at, bswap<u32>(<u32>mac), 2);
}
