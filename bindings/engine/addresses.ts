// Addresses as the engine holds them (assembly/core/address.ts): IPv4 as its number, IPv6 as a handle. Each IPv6 subnet has an aligned
// block of rows, with its addresses in their order, so that masks and comparisons mean what they mean for IPv4.

import { IPV6_ROWS_KNOWN, IPV6_TAG } from "../../assembly/abi.ts";
import { DualhomeError } from "../errors.ts";
import { formatIp, formatSubnet, isIpv6, isLinkLocal, linkLocalOf, parseIp, subnetAt } from "../topology/ip.ts";
import type { Topology } from "../topology/model.ts";

const ROWS_MAX = 1 << 24;
const ROW_BITS = 24;
const HANDLE_BASE = IPV6_TAG * 2 ** ROW_BITS;
const LINK_LOCAL_LENGTH = 64;

interface Block { first: number; bits: number }

export class AddressTable {
  /** by row; null: nobody's (the known groups, and what is left over of a block) */
  readonly rows: (bigint | null)[] = Array.from({ length: IPV6_ROWS_KNOWN }, () => null);
  readonly #row = new Map<bigint, number>();
  readonly #blocks = new Map<string, Block>();

  /** `macs`: of the interfaces with an IPv6 address, in whose link-local addresses it speaks. */
  constructor(topology: Topology, macs: readonly bigint[]) {
    const subnets = new Map<string, Set<bigint>>();
    const add = (ip: bigint, length: number): void => {
      const key = keyOf(ip, length);
      subnets.set(key, (subnets.get(key) ?? new Set()).add(ip));
    };
    const lengthOf = new Map<number, number>();
    for (const a of topology.addresses) {
      if (!isIpv6Text(a.ip)) continue;
      lengthOf.set(a.vlan, a.prefix);
      add(read(a.ip), a.prefix);
    }
    const others = [...topology.addresses.map((a) => ({ vlan: a.vlan, ips: a.gateway === null ? [] : [a.gateway] })), ...[...topology.vrrps, ...topology.fhrps].map((g) => ({ vlan: g.vlan, ips: g.vips }))];
    for (const { vlan, ips } of others) {
      for (const ip of ips.filter(isIpv6Text).map(read)) add(ip, isLinkLocal(ip) ? LINK_LOCAL_LENGTH : (lengthOf.get(vlan) ?? LINK_LOCAL_LENGTH));
    }
    for (const mac of macs) add(linkLocalOf(mac), LINK_LOCAL_LENGTH);
    for (const [key, ips] of subnets) this.#lay(key, [...ips].sort((a, b) => (a < b ? -1 : 1)));
  }

  #lay(key: string, ips: readonly bigint[]): void {
    const bits = Math.ceil(Math.log2(ips.length));
    const first = Math.ceil(this.rows.length / 2 ** bits) * 2 ** bits;
    if (first + 2 ** bits > ROWS_MAX) throw new DualhomeError("DH_INTERNAL", `more than ${ROWS_MAX} IPv6 addresses`, 3);
    while (this.rows.length < first + 2 ** bits) this.rows.push(null);
    for (const [i, ip] of ips.entries()) {
      this.rows[first + i] = ip;
      this.#row.set(ip, first + i);
    }
    this.#blocks.set(key, { first, bits });
  }

  /** What the engine calls this address. */
  engine(text: string): number { return this.handle(read(text)); }

  handle(ip: bigint): number {
    if (!isIpv6(ip)) return Number(ip);
    const row = this.#row.get(ip);
    if (row === undefined) throw new DualhomeError("DH_INTERNAL", `address ${formatIp(ip)} is used but not known`, 3);
    return HANDLE_BASE + row;
  }

  /** The length of an address's subnet as the engine masks. */
  length(text: string, length: number): number { return isIpv6Text(text) ? this.subnet(text, length).length : length; }

  /** The subnet of an address: its base and length as the engine masks, and as it is written. */
  subnet(text: string, length: number): { base: number; length: number; text: string } {
    const ip = read(text);
    const subnet = subnetAt(ip, length);
    if (!isIpv6(ip)) return { base: Number(subnet.base), length, text: formatSubnet(subnet) };
    const block = this.#blocks.get(keyOf(ip, length));
    if (block === undefined) throw new DualhomeError("DH_INTERNAL", `subnet ${formatSubnet(subnet)} is used but not known`, 3);
    return { base: HANDLE_BASE + block.first, length: 32 - block.bits, text: formatSubnet(subnet) };
  }
}

const isIpv6Text = (text: string): boolean => text.includes(":");
const keyOf = (ip: bigint, length: number): string => formatSubnet(subnetAt(ip, length));

function read(text: string): bigint {
  const ip = parseIp(text.split("/")[0] ?? "");
  if (ip === null) throw new DualhomeError("DH_INTERNAL", `"${text}" is no address`, 3);
  return ip;
}
