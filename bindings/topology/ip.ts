// IP addresses as one number, whatever the family: below 2^32 it is IPv4, from there on IPv6. Nothing is lost by that, for ::/96
// has no host's address (RFC 4291 2.5.5.1: deprecated; 2.5.2 and 2.5.3: :: and ::1).

export interface Subnet { base: bigint; prefix: number; bits: 32 | 128 }

const V4 = 1n << 32n;
export const isIpv6 = (ip: bigint): boolean => ip >= V4;
const bitsOf = (ip: bigint): 32 | 128 => (isIpv6(ip) ? 128 : 32);

const DOTTED = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;
const GROUP = /^[0-9a-fA-F]{1,4}$/;
const GROUPS = 8;

export function parseIp(text: string): bigint | null {
  return text.includes(":") ? parseIpv6(text) : parseIpv4(text);
}

function parseIpv4(text: string): bigint | null {
  const match = DOTTED.exec(text);
  if (match === null) return null;
  let ip = 0;
  for (let i = 1; i <= 4; i++) {
    const byte = Number(match[i]);
    if (byte > 255) return null;
    ip = ip * 256 + byte;
  }
  return BigInt(ip);
}

/** RFC 4291 2.2, forms 1 and 2. */
function parseIpv6(text: string): bigint | null {
  const [head = "", tail, more] = text.split("::");
  if (more !== undefined) return null;
  const groups = (part: string): string[] => (part === "" ? [] : part.split(":"));
  const [high, low] = [groups(head), groups(tail ?? "")];
  const gap = GROUPS - high.length - low.length;
  if (tail === undefined ? gap !== 0 : gap < 1) return null;
  const all = [...high, ...Array.from({ length: gap }, () => "0"), ...low];
  if (!all.every((group) => GROUP.test(group))) return null;
  const ip = all.reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n);
  return isIpv6(ip) ? ip : null;
}

export const formatIp = (ip: bigint): string => (isIpv6(ip) ? formatIpv6(ip) : formatIpv4(Number(ip)));

const formatIpv4 = (ip: number): string => `${ip >>> 24}.${(ip >>> 16) & 255}.${(ip >>> 8) & 255}.${ip & 255}`;

/** RFC 5952 4: lower case, no leading zeros, :: for the longest run of zero groups, the first of equals. */
function formatIpv6(ip: bigint): string {
  const groups = Array.from({ length: GROUPS }, (_, i) => ((ip >> BigInt(16 * (GROUPS - 1 - i))) & 0xffffn).toString(16));
  let [from, length] = [0, 0];
  for (let i = 0; i < GROUPS; i++) {
    let end = i;
    while (groups[end] === "0") end++;
    if (end - i > length) [from, length] = [i, end - i];
  }
  if (length < 2) return groups.join(":");
  return `${groups.slice(0, from).join(":")}::${groups.slice(from + length).join(":")}`;
}

/** "10.1.10.0/24" or "10.1.10.1/24" → the subnet and the address itself. */
export function parsePrefix(text: string): { ip: bigint; subnet: Subnet } | null {
  const [address = "", length = "", more] = text.split("/");
  const ip = address === "::" ? null : parseIp(address);
  if (ip === null || !/^\d{1,3}$/.test(length) || more !== undefined) return null;
  const [bits, prefix] = [bitsOf(ip), Number(length)];
  return prefix > bits ? null : { ip, subnet: subnetAt(ip, prefix) };
}

/** The subnet of this length that an address lies in. */
export function subnetAt(ip: bigint, prefix: number): Subnet {
  const bits = bitsOf(ip);
  const hosts = BigInt(bits - prefix);
  return { base: (ip >> hosts) << hosts, prefix, bits };
}

export const contains = (subnet: Subnet, ip: bigint): boolean => bitsOf(ip) === subnet.bits && subnetAt(ip, subnet.prefix).base === subnet.base;
export const formatSubnet = (subnet: Subnet): string => `${formatIp(subnet.base)}/${subnet.prefix}`;

/**
 * First and last address that a host may have: not the network's own, not broadcast (RFC 3021 for /31). IPv6 has no broadcast; its
 * first address is that of all routers (RFC 4291 2.6.1; RFC 6164 for /127).
 */
export function hostRange(subnet: Subnet): [bigint, bigint] {
  const last = subnet.base + (1n << BigInt(subnet.bits - subnet.prefix)) - 1n;
  if (subnet.bits - subnet.prefix <= 1) return [subnet.base, last];
  return [subnet.base + 1n, subnet.bits === 128 ? last : last - 1n];
}

const LINK_LOCAL: Subnet = { base: 0xfe80n << 112n, prefix: 10, bits: 128 };
export const isLinkLocal = (ip: bigint): boolean => contains(LINK_LOCAL, ip);

/** RFC 4291 2.5.1 and appendix A, RFC 4862 5.3: fe80::/64 and the modified EUI-64 of a MAC address. */
export function linkLocalOf(mac: bigint): bigint {
  const high = (mac >> 24n) ^ 0x020000n;
  return LINK_LOCAL.base | (high << 40n) | 0xfffe000000n | (mac & 0xffffffn);
}
