// Frames for the hash tests, built byte by byte. Checksums stay zero: no hash looks at them.

import { isIPv6 } from "node:net";

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
