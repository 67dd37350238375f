// Frames for the hash tests, built byte by byte. Checksums stay zero: no hash looks at them.

import { isIPv6 } from "node:net";
import type { Ip, Packet, Payload } from "../reference/hash.ts";

export function macBytes(mac: string): number[] {
  return mac.split(":").map((part) => parseInt(part, 16));
}

export function addressBytes(address: string): number[] {
  return isIPv6(address) ? ipv6Bytes(address) : address.split(".").map(Number);
}

function ipv6Bytes(address: string): number[] {
  const [head = "", tail] = address.split("::");
  const words = (part: string): number[] => (part === "" ? [] : part.split(":")).flatMap((word) => {
    if (!word.includes(".")) return [parseInt(word, 16)];
    const [a = 0, b = 0, c = 0, d = 0] = word.split(".").map(Number);
    return [a << 8 | b, c << 8 | d];
  });
  const front = words(head);
  const back = tail === undefined ? [] : words(tail);
  const middle = Array.from({ length: 8 - front.length - back.length }, () => 0);
  return [...front, ...middle, ...back].flatMap((word) => [word >> 8, word & 255]);
}

export function u16(value: number): number[] {
  return [value >> 8 & 255, value & 255];
}

export function ethernet(dst: number[], src: number[], ethertype: number, payload: number[]): number[] {
  return [...dst, ...src, ...u16(ethertype), ...payload];
}

export interface Ipv4Options {
  /** The flags and offset word. */
  fragment?: number;
  /** Option bytes, a multiple of four. */
  options?: number[];
}

export function ipv4(src: number[], dst: number[], proto: number, payload: number[], more: Ipv4Options = {}): number[] {
  const options = more.options ?? [];
  const total = 20 + options.length + payload.length;
  return [0x40 | 5 + options.length / 4, 0, ...u16(total), 0x42, 0x42, ...u16(more.fragment ?? 0), 64, proto, 0, 0,
    ...src, ...dst, ...options, ...payload];
}

export function ipv6(src: number[], dst: number[], nextHeader: number, payload: number[]): number[] {
  return [0x60, 0, 0, 0, ...u16(payload.length), nextHeader, 64, ...src, ...dst, ...payload];
}

/** The start of any transport header with ports: TCP's length, so that every protocol finds what it wants. */
export function transport(sport: number, dport: number): number[] {
  return [...u16(sport), ...u16(dport), 0, 0, 0, 1, 0, 0, 0, 0, 0x50, 2, 0x20, 0, 0, 0, 0, 0];
}

export interface Flow {
  srcMac: string;
  dstMac: string;
  src: string;
  dst: string;
  proto: number;
  sport: number;
  dport: number;
}

export function flowFrame(flow: Flow): Uint8Array {
  const src = addressBytes(flow.src);
  const dst = addressBytes(flow.dst);
  const inner = transport(flow.sport, flow.dport);
  const six = src.length === 16;
  const packet = six ? ipv6(src, dst, flow.proto, inner) : ipv4(src, dst, flow.proto, inner);
  return Uint8Array.from(ethernet(macBytes(flow.dstMac), macBytes(flow.srcMac), six ? 0x86dd : 0x0800, packet));
}

// --- whole packets of the reference's description --------------------------------------------------

const quotes = [0, 0, 0, 0];

function extend(extensions: number[], proto: number, payload: number[]): { first: number; bytes: number[] } {
  let first = proto;
  let bytes = payload;
  for (const kind of [...extensions].reverse()) {
    // Every other kind twice as long as the least, so that the length byte matters.
    const header = kind === 60 ? [first, 1, 1, 12, ...Array.from({ length: 12 }, () => 0)] : [first, 0, 0, 0, 0, 0, 0, 0];
    bytes = [...header, ...bytes];
    first = kind;
  }
  return { first, bytes };
}

function greHeader(gre: { key: boolean; checksum: boolean; sequence: boolean }, ethertype: number): number[] {
  const flags = (gre.checksum ? 0x8000 : 0) | (gre.key ? 0x2000 : 0) | (gre.sequence ? 0x1000 : 0);
  const words = [gre.checksum, gre.key, gre.sequence].filter(Boolean).flatMap(() => [1, 2, 3, 4]);
  return [...u16(flags), ...u16(ethertype), ...words];
}

function encodePayload(payload: Payload, version: 4 | 6): { proto: number; bytes: number[] } {
  const etherOf = (ip: Ip): number => (ip.version === 4 ? 0x0800 : 0x86dd);
  const icmp = version === 4 ? 1 : 58;
  switch (payload.kind) {
    case "ports": return { proto: payload.proto, bytes: transport(payload.sport, payload.dport) };
    case "spi": {
      const spi = [...u16(Math.floor(payload.spi / 65536)), ...u16(payload.spi % 65536)];
      return { proto: payload.proto, bytes: payload.proto === 51 ? [6, 4, 0, 0, ...spi, 9, 9, 9, 9] : [...spi, 9, 9, 9, 9] };
    }
    case "icmp": return { proto: icmp, bytes: [payload.type, payload.code, 0, 0, ...u16(payload.id), 0, 1] };
    case "icmp-error":
      return { proto: icmp, bytes: [payload.type, payload.code, 0, 0, ...quotes, ...encodeIp(payload.quoted)] };
    case "ip": return { proto: payload.inner.version === 4 ? 4 : 41, bytes: encodeIp(payload.inner) };
    case "mpls": return { proto: 137, bytes: [0, 0, 0x11, 64, ...encodeIp(payload.inner)] };
    case "gre": {
      const inner = encodeIp(payload.inner);
      const type = etherOf(payload.inner);
      if (!payload.ethernet) return { proto: 47, bytes: [...greHeader(payload, type), ...inner] };
      const frame = ethernet([2, 0, 0, 0, 0, 7], [2, 0, 0, 0, 0, 9], type, inner);
      return { proto: 47, bytes: [...greHeader(payload, 0x6558), ...frame] };
    }
    case "other": return { proto: payload.proto, bytes: [1, 2, 3, 4, 5, 6, 7, 8] };
  }
}

function encodeIp(ip: Ip): number[] {
  const { proto, bytes } = encodePayload(ip.payload, ip.version);
  if (ip.version === 4) return ipv4(ip.src, ip.dst, proto, bytes, ip.fragment ? { fragment: 0x2000 } : {});
  const extended = extend(ip.extensions, proto, bytes);
  return ipv6(ip.src, ip.dst, extended.first, extended.bytes);
}

export function packetFrame(packet: Packet): Uint8Array {
  const { body } = packet;
  let ethertype = "version" in body ? (body.version === 4 ? 0x0800 : 0x86dd) : body.ethertype;
  let bytes = "version" in body ? encodeIp(body) : Array.from({ length: 46 }, () => 0);
  for (const tag of [...packet.tags].reverse()) {
    bytes = [...u16(tag.tci), ...u16(ethertype), ...bytes];
    ethertype = tag.tpid;
  }
  return Uint8Array.from(ethernet(packet.dstMac, packet.srcMac, ethertype, bytes));
}
