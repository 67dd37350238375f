// From the bytes of a frame to its FlowKey, as the bonding driver and the kernel's flow dissector read them.
//
// There are two readings. layer2+3 and layer3+4 look at one IP header straight behind the Ethernet header, and into the
// packet that an ICMP error quotes. The encap policies hand the frame to the flow dissector, which descends tags, tunnels and
// extension headers, but not into ICMP errors. Where the dissector gives up, the policy falls back to the Ethernet header.
// Frames are read as the kernel reads those that the host itself sends.

import { ENC_NO_ADDRESSES, FLOW_KEY_BYTES, FlowKey, hasPorts, icmpWord } from "./xmit-hash";

const ETHERNET: i32 = 14;
const MAX_HEADERS: i32 = 15; // the kernel stops after so many and takes what it has
const MAX_TAGS: i32 = 7;

const ETH_IPV4: u32 = 0x0800;
const ETH_ARP: u32 = 0x0806;
const ETH_TEB: u32 = 0x6558; // Ethernet inside GRE
const ETH_RARP: u32 = 0x8035;
const ETH_VLAN: u32 = 0x8100;
const ETH_IPV6: u32 = 0x86dd;
const ETH_MPLS: u32 = 0x8847;
const ETH_MPLS_MULTICAST: u32 = 0x8848;
const ETH_PPPOE: u32 = 0x8864;
const ETH_PPP: u32 = 0x880b; // PPP inside GRE version 1
const ETH_QINQ: u32 = 0x88a8;
const ETH_PTP: u32 = 0x88f7;
const ETH_PRP: u32 = 0x88fb;
const ETH_FCOE: u32 = 0x8906;
const ETH_HSR: u32 = 0x892f;

const FCOE_HEADER: i32 = 38;
const PTP_HEADER: i32 = 34;

const PROTO_HOP: u32 = 0;
const PROTO_ICMP: u32 = 1;
const PROTO_IPIP: u32 = 4;
const PROTO_IPV6: u32 = 41;
const PROTO_ROUTING: u32 = 43;
const PROTO_FRAGMENT: u32 = 44;
const PROTO_GRE: u32 = 47;
const PROTO_AH: u32 = 51;
const PROTO_ICMPV6: u32 = 58;
const PROTO_DESTINATION: u32 = 60;
const PROTO_MPLS: u32 = 137;
const NO_PROTO: u32 = 0xffff; // a fragment: what follows the header is not looked at

const GRE_CHECKSUM: u32 = 0x8000;
const GRE_ROUTING: u32 = 0x4000;
const GRE_KEY: u32 = 0x2000;
const GRE_SEQUENCE: u32 = 0x1000;
const GRE_ACK: u32 = 0x0080;
const GRE_VERSION: u32 = 0x0007;

// Where the dissector stands: the frame and the next header. Set once a frame; the walk is not re-entered.
let base: usize = 0;
let end: i32 = 0;
let at: i32 = 0;
let ethertype: u32 = 0;
let protocol: u32 = 0;

const GOOD = 0; // done, keep what was found
const BAD = 1; // malformed or unknown: the frame counts as not dissected
const NEXT_ETHERTYPE = 2;
const NEXT_PROTOCOL = 3;
const LAST = 4; // a transport header: take its ports and stop

/** Fills `out` from the frame at `frame`. `vlan` is the TCI of an offloaded tag; the frame itself does not hold it. */
export function dissect(frame: usize, length: i32, vlan: i32, out: FlowKey): void {
  memory.fill(changetype<usize>(out), 0, FLOW_KEY_BYTES);
  out.vlan = <u32>vlan & 0xffff;
  if (length < ETHERNET) return;
  base = frame;
  end = length;
  out.dstMac = bswap<u64>(load<u64>(frame)) >> 16;
  out.srcMac = bswap<u64>(load<u64>(frame, 4)) & 0xffffffffffff;
  out.ethertype = be16(12);
  readPlain(out);
  readNested(out);
}

// @ts-ignore: decorator
@inline
function be16(offset: i32): u32 {
  return <u32>bswap<u16>(load<u16>(base + <usize>offset));
}

// @ts-ignore: decorator
@inline
function byte(offset: i32): u32 {
  return <u32>load<u8>(base + <usize>offset);
}

// @ts-ignore: decorator
@inline
function has(offset: i32, bytes: i32): bool {
  return offset + bytes <= end;
}

// --- what layer2+3 and layer3+4 see ----------------------------------------------------------------

function readPlain(out: FlowKey): void {
  at = ETHERNET;
  if (!plainHeader(out)) return;
  const proto = out.proto;
  if (proto != PROTO_ICMP && proto != PROTO_ICMPV6) return;
  const header = at;
  if (!has(header, 8)) return;
  const type = byte(header);
  out.ports = icmpIdentity(header);
  if (!isIcmpError(proto, type)) return;
  // The flow that caused the error: its addresses and ports, so that the error travels where the flow does.
  at = header + 8;
  if (!plainHeader(out)) out.ipVersion = 0;
  out.proto = proto;
}

/** One IP header at `at`; moves `at` behind it. False when there is none. */
function plainHeader(out: FlowKey): bool {
  let proto: u32 = NO_PROTO;
  if (out.ethertype == ETH_IPV4) {
    if (!has(at, 20)) return false;
    const p = base + <usize>at;
    out.ipVersion = 4;
    out.src0 = load<u32>(p, 12);
    out.dst0 = load<u32>(p, 16);
    if (!isFragment(at)) proto = byte(at + 9);
    at += <i32>(byte(at) & 15) << 2;
  } else if (out.ethertype == ETH_IPV6) {
    if (!has(at, 40)) return false;
    out.ipVersion = 6;
    memory.copy(offsetof<FlowKey>("src0") + changetype<usize>(out), base + <usize>at + 8, 32);
    proto = byte(at + 6);
    at += 40;
  } else {
    return false;
  }
  out.proto = proto;
  out.ports = portsAt(at, proto);
  return true;
}

// @ts-ignore: decorator
@inline
function isFragment(header: i32): bool {
  return (be16(header + 6) & 0x3fff) != 0; // "more fragments" or an offset
}

function portsAt(offset: i32, proto: u32): u32 {
  if (!hasPorts(proto)) return 0;
  if (proto == PROTO_AH) offset += 4; // the SPI
  return has(offset, 4) ? load<u32>(base + <usize>offset) : 0;
}

/** The ports word of an ICMP message: 0 unless it has an identifier. One list for both versions, as in the kernel. */
function icmpIdentity(header: i32): u32 {
  const type = byte(header);
  if (type == 0 || type == 8 || type == 13 || type == 14 || type == 128 || type == 129) {
    return icmpWord(type, byte(header + 1), be16(header + 4));
  }
  return 0;
}

function isIcmpError(proto: u32, type: u32): bool {
  if (proto == PROTO_ICMPV6) return type >= 1 && type <= 4;
  return type == 3 || type == 4 || type == 5 || type == 11 || type == 12;
}

// --- what the flow dissector sees ------------------------------------------------------------------

function readNested(out: FlowKey): void {
  ethertype = out.ethertype;
  at = networkHeader();
  let result = NEXT_ETHERTYPE;
  let headers = 0;
  let icmp: u32 = 0;
  while (true) {
    if (result == NEXT_ETHERTYPE) result = nestedEthertype(out);
    if (result == NEXT_PROTOCOL) {
      result = nestedProtocol();
      if (result == LAST) {
        if (protocol == PROTO_ICMP || protocol == PROTO_ICMPV6) icmp = has(at, 8) ? icmpIdentity(at) : 0;
        out.encPorts = icmp != 0 ? icmp : portsAt(at, protocol);
        result = GOOD;
      }
    }
    if (result == BAD) {
      out.encVersion = 0;
      return;
    }
    if (result == GOOD) break;
    if (++headers > MAX_HEADERS) {
      if (result == NEXT_PROTOCOL) out.encPorts = portsAt(at, protocol);
      break;
    }
  }
  if (out.encVersion == 0) out.encVersion = ENC_NO_ADDRESSES;
}

/**
 * Where the sender says that the network header is: behind the tags in the frame. The dissector still believes that it is
 * about to read a tag, so it takes the first four bytes of the packet for one, and mostly gives up: captured on 6.1.
 */
function networkHeader(): i32 {
  let offset = ETHERNET;
  let type = ethertype;
  for (let tags = 0; type == ETH_VLAN || type == ETH_QINQ; tags++) {
    if (tags == MAX_TAGS || !has(offset, 4)) return ETHERNET;
    type = be16(offset + 2);
    offset += 4;
  }
  return offset;
}

function nestedEthertype(out: FlowKey): i32 {
  switch (ethertype) {
    case ETH_IPV4:
      return nestedIpv4(out);
    case ETH_IPV6:
      return nestedIpv6(out);
    case ETH_VLAN:
    case ETH_QINQ:
      if (!has(at, 4)) return BAD;
      ethertype = be16(at + 2);
      at += 4;
      return NEXT_ETHERTYPE;
    case ETH_PPPOE:
      return nestedPppoe();
    case ETH_PRP:
    case ETH_HSR:
      if (!has(at, 6)) return BAD;
      ethertype = be16(at + 4);
      at += 6;
      return NEXT_ETHERTYPE;
    case ETH_ARP: // known, and nothing in them that the bonding driver asks for: addresses stay as they were
    case ETH_RARP:
    case ETH_MPLS:
    case ETH_MPLS_MULTICAST:
      return GOOD;
    case ETH_FCOE:
      return has(at, FCOE_HEADER) ? GOOD : BAD;
    case ETH_PTP:
      return has(at, PTP_HEADER) ? GOOD : BAD;
    default:
      return BAD;
  }
}

function nestedIpv4(out: FlowKey): i32 {
  if (!has(at, 20)) return BAD;
  const words = <i32>(byte(at) & 15);
  if (words < 5) return BAD;
  const p = base + <usize>at;
  memory.fill(offsetof<FlowKey>("encSrc0") + changetype<usize>(out), 0, 32); // an outer IPv6 header's
  out.encVersion = 4;
  out.encSrc0 = load<u32>(p, 12);
  out.encDst0 = load<u32>(p, 16);
  protocol = byte(at + 9);
  const fragment = isFragment(at);
  at += words << 2;
  return fragment ? GOOD : NEXT_PROTOCOL;
}

function nestedIpv6(out: FlowKey): i32 {
  if (!has(at, 40)) return BAD;
  out.encVersion = 6;
  memory.copy(offsetof<FlowKey>("encSrc0") + changetype<usize>(out), base + <usize>at + 8, 32);
  protocol = byte(at + 6);
  at += 40;
  return NEXT_PROTOCOL;
}

function nestedPppoe(): i32 {
  if (!has(at, 8)) return BAD;
  if (be16(at) != 0x1100) return BAD; // version 1, type 1, session data
  let ppp = be16(at + 6);
  at += 8;
  if (ppp & 0x0100) { // protocol field compressed to one byte
    ppp >>= 8;
    at -= 1;
  }
  if (ppp == 0x0021) ethertype = ETH_IPV4;
  else if (ppp == 0x0057) ethertype = ETH_IPV6;
  else if (ppp == 0x0281) ethertype = ETH_MPLS;
  else if (ppp == 0x0283) ethertype = ETH_MPLS_MULTICAST;
  else return (ppp & 0x0101) == 0x0001 ? GOOD : BAD;
  return NEXT_ETHERTYPE;
}

function nestedProtocol(): i32 {
  switch (protocol) {
    case PROTO_GRE:
      return nestedGre();
    case PROTO_IPIP:
      ethertype = ETH_IPV4;
      return NEXT_ETHERTYPE;
    case PROTO_IPV6:
      ethertype = ETH_IPV6;
      return NEXT_ETHERTYPE;
    case PROTO_MPLS:
      ethertype = ETH_MPLS;
      return NEXT_ETHERTYPE;
    case PROTO_HOP:
    case PROTO_ROUTING:
    case PROTO_DESTINATION:
      if (ethertype != ETH_IPV6) return LAST;
      if (!has(at, 2)) return BAD;
      protocol = byte(at);
      at += <i32>(byte(at + 1) + 1) << 3;
      return NEXT_PROTOCOL;
    case PROTO_FRAGMENT:
      if (ethertype != ETH_IPV6) return LAST;
      return has(at, 8) ? GOOD : BAD; // no ports, the first fragment too
    default:
      return LAST;
  }
}

function nestedGre(): i32 {
  if (!has(at, 4)) return BAD;
  const flags = be16(at);
  const version = flags & GRE_VERSION;
  const payload = be16(at + 2);
  if (flags & GRE_ROUTING || version > 1) return GOOD;
  if (version == 1 && !(payload == ETH_PPP && flags & GRE_KEY)) return GOOD;
  let next = at + 4;
  if (flags & GRE_CHECKSUM) next += 4;
  if (flags & GRE_KEY) {
    if (!has(next, 4)) return BAD;
    next += 4;
  }
  if (flags & GRE_SEQUENCE) next += 4;
  ethertype = payload;
  if (version == 0) {
    if (payload == ETH_TEB) {
      if (!has(next, ETHERNET)) return BAD;
      ethertype = be16(next + 12);
      next += ETHERNET;
    }
  } else {
    if (flags & GRE_ACK) next += 4;
    if (!has(next, 4)) return BAD;
    const ppp = be16(next + 2);
    if (ppp == 0x0021) ethertype = ETH_IPV4;
    else if (ppp == 0x0057) ethertype = ETH_IPV6;
    next += 4;
  }
  at = next;
  return NEXT_ETHERTYPE;
}
