// IPv4 addresses as unsigned 32-bit numbers in host order.

import { DualhomeError } from "../errors.ts";

export function parseIpv4(text: string): number {
  const parts = (text.split("/")[0] ?? "").split(".").map(Number);
  if (parts.length !== 4 || parts.some((p) => !Number.isInteger(p) || p < 0 || p > 255)) {
    throw new DualhomeError("DH_INTERNAL", `"${text}" is no IPv4 address`, 3);
  }
  return parts.reduce((all, part) => all * 256 + part, 0);
}

export function formatIpv4(ip: number): string {
  return [24, 16, 8, 0].map((shift) => (ip >>> shift) & 255).join(".");
}

/** The network that an address lies in. */
export function prefixOf(ip: number, length: number): { network: number; text: string } {
  const mask = length === 0 ? 0 : (0xffffffff << (32 - length)) >>> 0;
  const network = (ip & mask) >>> 0;
  return { network, text: `${formatIpv4(network)}/${length}` };
}
