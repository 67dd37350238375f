// Transmit hash of the Linux bonding driver: which member carries a frame.
//
// Addresses and ports are kept as the network bytes loaded little-endian, because that is how the driver
// folds them on x86-64 and arm64. docs/hashing.md has the formulas.

import {
  HASH_ENCAP23, HASH_ENCAP34, HASH_LAYER2, HASH_LAYER23, HASH_LAYER34, HASH_VLAN_SRCMAC,
} from "../abi";

/** `encVersion` of a frame that the flow dissector accepts without finding addresses in it (ARP, MPLS, ...). */
export const ENC_NO_ADDRESSES: u32 = 1;

const PROTO_ICMP: u32 = 1;
const PROTO_TCP: u32 = 6;
const PROTO_UDP: u32 = 17;
const PROTO_DCCP: u32 = 33;
const PROTO_ESP: u32 = 50;
const PROTO_AH: u32 = 51;
const PROTO_SCTP: u32 = 132;
const PROTO_UDPLITE: u32 = 136;

const ICMP_ECHO: u32 = 8;
const ICMP6_ECHO: u32 = 128;

/**
 * What the policies look at. The plain fields are what layer2+3 and layer3+4 see; the `enc` fields are what
 * the kernel's flow dissector sees, which encap2+3 and encap3+4 use. They differ for tunnels, extension
 * headers, tags inside the frame and ICMP errors.
 */
@unmanaged
export class FlowKey {
  srcMac: u64; // first byte on the wire is the most significant of 48 bits
  dstMac: u64;
  ethertype: u32; // as in the frame's own header: 0x8100 only when the tag is in the frame
  vlan: u32; // TCI of an offloaded tag, 0 when there is none
  ipVersion: u32; // 0 not IP, 4, 6
  proto: u32;
  ports: u32; // LE(sport_hi sport_lo dport_hi dport_lo), or the ICMP identifier word; 0 when none
  src0: u32; // IPv4: here alone, the other three are 0
  src1: u32;
  src2: u32;
  src3: u32;
  dst0: u32;
  dst1: u32;
  dst2: u32;
  dst3: u32;
  encVersion: u32; // 0 the dissector gives up, ENC_NO_ADDRESSES, 4, 6
  encPorts: u32;
  encSrc0: u32;
  encSrc1: u32;
  encSrc2: u32;
  encSrc3: u32;
  encDst0: u32;
  encDst1: u32;
  encDst2: u32;
  encDst3: u32;
}

export const FLOW_KEY_BYTES: usize = 112; // the fields end at 108; a multiple of 16

// @ts-ignore: decorator
@inline
function fold(hash: u32): u32 {
  hash ^= hash >> 16;
  return hash ^ (hash >> 8);
}

// @ts-ignore: decorator
@inline
function linkTerm(key: FlowKey): u32 {
  return <u32>((key.dstMac ^ key.srcMac) & 0xff) ^ key.ethertype;
}

// @ts-ignore: decorator
@inline
function addressTerm(key: FlowKey): u32 {
  return key.src0 ^ key.src1 ^ key.src2 ^ key.src3 ^ key.dst0 ^ key.dst1 ^ key.dst2 ^ key.dst3;
}

// @ts-ignore: decorator
@inline
function encAddressTerm(key: FlowKey): u32 {
  return key.encSrc0 ^ key.encSrc1 ^ key.encSrc2 ^ key.encSrc3 ^ key.encDst0 ^ key.encDst1 ^ key.encDst2 ^ key.encDst3;
}

/** The 32-bit hash; the member is `usable[hash % usable count]`, in the driver's order of members. */
export function xmitHash(policy: i32, key: FlowKey): u32 {
  switch (policy) {
    case HASH_LAYER34:
      if (key.ipVersion == 0) break;
      return fold(key.ports ^ addressTerm(key)) >> 1;
    case HASH_LAYER23:
      if (key.ipVersion == 0) break;
      return fold(linkTerm(key) ^ addressTerm(key));
    case HASH_ENCAP23: // the outer link term, the inner addresses
      if (key.encVersion == 0) break;
      return fold(linkTerm(key) ^ encAddressTerm(key));
    case HASH_ENCAP34:
      if (key.encVersion == 0) break;
      return fold(key.encPorts ^ encAddressTerm(key)) >> 1;
    case HASH_VLAN_SRCMAC:
      return key.vlan ^ <u32>(key.srcMac >> 24) ^ (<u32>key.srcMac & 0xffffff);
    case HASH_LAYER2:
    default:
      break;
  }
  return linkTerm(key);
}

/** hash mod n for 1..8 members by a multiplication: a division of 32 bits costs ten times as much. */
// @ts-ignore: decorator
@inline
export function memberOf(hash: u32, n: u32): u32 {
  const q = <u32>((<u64>hash + reciprocalBias(n)) * reciprocal(n) >> reciprocalShift(n));
  return hash - q * n;
}

// floor(2^s / n), with h + 1 in place of h where n is no power of two: exact for every 32-bit h, and the product
// stays within 64 bits, which the usual rounded-up constant does not for n = 7.
// @ts-ignore: decorator
@inline
function reciprocal(n: u32): u64 {
  return n == 3 ? 2863311530 : n == 5 ? 3435973836 : n == 6 ? 2863311530 : n == 7 ? 2454267026 : 1;
}

// @ts-ignore: decorator
@inline
function reciprocalShift(n: u32): u64 {
  return n == 1 ? 0 : n == 2 ? 1 : n == 3 ? 33 : n == 4 ? 2 : n == 8 ? 3 : 34;
}

// @ts-ignore: decorator
@inline
function reciprocalBias(n: u32): u64 {
  return n == 3 || n == 5 || n == 6 || n == 7 ? 1 : 0;
}

/** True for the protocols whose first four bytes (AH: bytes 4..7) the driver takes for ports. */
export function hasPorts(proto: u32): bool {
  return proto == PROTO_TCP || proto == PROTO_UDP || proto == PROTO_SCTP || proto == PROTO_DCCP
    || proto == PROTO_UDPLITE || proto == PROTO_ESP || proto == PROTO_AH;
}

/** The ports word of a ping: an identifier of 0 counts as 1, since 0 means that there is none. */
// @ts-ignore: decorator
@inline
export function icmpWord(type: u32, code: u32, id: u32): u32 {
  return type | code << 8 | (id == 0 ? 1 : id) << 16;
}

/**
 * An untagged IPv4 flow that nobody has to dissect. Addresses in host order (10.0.0.1 = 0x0a000001). For ICMP `sport` is
 * the identifier of an echo request; for ESP and AH the SPI is split over the two ports.
 */
export function flowKeyIpv4(
  out: FlowKey, srcMac: u64, dstMac: u64, src: u32, dst: u32, proto: u32, sport: u32, dport: u32,
): void {
  memory.fill(changetype<usize>(out), 0, FLOW_KEY_BYTES);
  out.srcMac = srcMac;
  out.dstMac = dstMac;
  out.ethertype = 0x0800;
  out.ipVersion = 4;
  out.encVersion = 4;
  out.proto = proto;
  let ports: u32 = 0;
  if (hasPorts(proto)) ports = bswap<u32>(sport << 16 | dport & 0xffff);
  else if (proto == PROTO_ICMP) ports = icmpWord(ICMP_ECHO, 0, sport & 0xffff);
  out.ports = ports;
  out.encPorts = ports;
  out.src0 = bswap<u32>(src);
  out.dst0 = bswap<u32>(dst);
  out.encSrc0 = out.src0;
  out.encDst0 = out.dst0;
}

/** The same over IPv6; addresses are their 16 bytes. `echo`: an ICMPv6 echo request with the identifier `sport`. */
export function flowKeyIpv6(
  out: FlowKey, srcMac: u64, dstMac: u64, src: usize, dst: usize, proto: u32, sport: u32, dport: u32, echo: bool,
): void {
  memory.fill(changetype<usize>(out), 0, FLOW_KEY_BYTES);
  out.srcMac = srcMac;
  out.dstMac = dstMac;
  out.ethertype = 0x86dd;
  out.ipVersion = 6;
  out.encVersion = 6;
  out.proto = proto;
  let ports: u32 = 0;
  if (hasPorts(proto)) ports = bswap<u32>(sport << 16 | dport & 0xffff);
  else if (echo) ports = icmpWord(ICMP6_ECHO, 0, sport & 0xffff);
  out.ports = ports;
  out.encPorts = ports;
  const p = changetype<usize>(out);
  memory.copy(p + offsetof<FlowKey>("src0"), src, 16);
  memory.copy(p + offsetof<FlowKey>("dst0"), dst, 16);
  memory.copy(p + offsetof<FlowKey>("encSrc0"), src, 16);
  memory.copy(p + offsetof<FlowKey>("encDst0"), dst, 16);
}
