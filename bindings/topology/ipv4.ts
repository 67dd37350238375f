// IPv4 addresses as unsigned 32-bit numbers.

export interface Subnet { base: number; prefix: number }

const DOTTED = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;

export function parseIp(text: string): number | null {
  const match = DOTTED.exec(text);
  if (match === null) return null;
  const bytes = match.slice(1).map(Number);
  if (bytes.some((byte) => byte > 255)) return null;
  return bytes.reduce((sum, byte) => sum * 256 + byte, 0);
}

export const formatIp = (ip: number): string => [24, 16, 8, 0].map((shift) => (ip >>> shift) & 255).join(".");

/** "10.1.10.0/24" or "10.1.10.1/24" → the subnet and the address itself. */
export function parsePrefix(text: string): { ip: number; subnet: Subnet } | null {
  const [address = "", bits = "", more] = text.split("/");
  const ip = parseIp(address);
  const prefix = /^\d{1,2}$/.test(bits) ? Number(bits) : 33;
  if (ip === null || prefix > 32 || more !== undefined) return null;
  return { ip, subnet: { base: (ip & mask(prefix)) >>> 0, prefix } };
}

export const mask = (prefix: number): number => (prefix === 0 ? 0 : (0xffffffff << (32 - prefix)) >>> 0);
export const contains = (subnet: Subnet, ip: number): boolean => ((ip & mask(subnet.prefix)) >>> 0) === subnet.base;
export const formatSubnet = (subnet: Subnet): string => `${formatIp(subnet.base)}/${subnet.prefix}`;

/** First and last address that a host may have: not the network's own, not broadcast (RFC 3021 for /31). */
export function hostRange(subnet: Subnet): [number, number] {
  const last = subnet.base + 2 ** (32 - subnet.prefix) - 1;
  return subnet.prefix >= 31 ? [subnet.base, last] : [subnet.base + 1, last - 1];
}
