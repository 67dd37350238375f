// IEEE 802.3 frames and what all their contents share. Network order; a MAC address is a u64 whose low 48 bits
// hold it, first byte most significant; an IPv4 address is a u32 in host order.

export const ETHERTYPE_IPV4: u32 = 0x0800;
export const ETHERTYPE_ARP: u32 = 0x0806;
export const BROADCAST: u64 = 0xffffffffffff;

export const ETHERNET_HEADER: usize = 14;
export const IPV4_HEADER: usize = 20;
export const UDP_HEADER: usize = 8;
const UDP: u32 = 17;
export const FRAME_MIN: i32 = 60; // without the check sequence

export function put16be(at: usize, value: u32): void { store<u16>(at, bswap<u16>(<u16>value)); }
export function put32be(at: usize, value: u32): void { store<u32>(at, bswap<u32>(value)); }
export function putMac(at: usize, mac: u64): void { put16be(at, <u32>(mac >> 32)); put32be(at + 2, <u32>mac); }

/** RFC 1071: one's complement of the one's complement sum. `initial`: 16-bit words already added (a pseudo-header). */
export function internetChecksum(at: usize, bytes: usize, initial: u32): u32 {
  let sum: u64 = initial;
  const even = bytes & ~1;
  for (let i: usize = 0; i < even; i += 2) sum += bswap<u16>(load<u16>(at + i));
  if (even != bytes) sum += <u64>load<u8>(at + even) << 8; // as if a zero byte followed
  while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
  return <u32>sum ^ 0xffff;
}

/** What the IPv4 pseudo-header adds to a checksum. */
export function pseudoHeaderSum(src: u32, dst: u32, protocol: u32, bytes: u32): u32 {
  return (src >> 16) + (src & 0xffff) + (dst >> 16) + (dst & 0xffff) + protocol + bytes;
}

export function putEthernetHeader(out: usize, dstMac: u64, srcMac: u64, etherType: u32): void {
  putMac(out, dstMac);
  putMac(out + 6, srcMac);
  put16be(out + 12, etherType);
}

/** RFC 791 3.1, no options, no fragments. `bytes` is the length of what follows the header. */
export function putIpv4Header(at: usize, tos: u32, ttl: u32, protocol: u32, src: u32, dst: u32, bytes: u32): void {
  put16be(at, 0x4500 | tos);
  put16be(at + 2, <u32>IPV4_HEADER + bytes);
  put32be(at + 4, 0); // identification, flags, offset
  put16be(at + 8, (ttl << 8) | protocol);
  put16be(at + 10, 0);
  put32be(at + 12, src);
  put32be(at + 16, dst);
  put16be(at + 10, internetChecksum(at, IPV4_HEADER, 0));
}

/** A whole UDP datagram over IPv4 to its own port, whose `bytes` of payload are written already; returns the frame's length. */
export function finishUdp(out: usize, dstMac: u64, srcMac: u64, tos: u32, ttl: u32, src: u32, dst: u32, port: u32, bytes: u32): i32 {
  const udp = out + ETHERNET_HEADER + IPV4_HEADER;
  const length = bytes + <u32>UDP_HEADER;
  put16be(udp, port); put16be(udp + 2, port); put16be(udp + 4, length); put16be(udp + 6, 0);
  put16be(udp + 6, internetChecksum(udp, <usize>length, pseudoHeaderSum(src, dst, UDP, length)));
  putEthernetHeader(out, dstMac, srcMac, ETHERTYPE_IPV4);
  putIpv4Header(out + ETHERNET_HEADER, tos, ttl, UDP, src, dst, length);
  return pad(out, <i32>(ETHERNET_HEADER + IPV4_HEADER) + <i32>length);
}

/** Zeroes the rest of a short frame; returns the length on the wire. */
export function pad(out: usize, bytes: i32): i32 {
  if (bytes >= FRAME_MIN) return bytes;
  memory.fill(out + <usize>bytes, 0, <usize>(FRAME_MIN - bytes));
  return FRAME_MIN;
}
