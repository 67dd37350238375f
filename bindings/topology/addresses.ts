// Who has which address; the next free one of a network.

import type { Draft } from "./draft.ts";
import { contains, formatIp, hostRange, isIpv6, parseIp, parsePrefix, type Subnet } from "./ip.ts";
import type { Network } from "./model.ts";
import type { Path } from "./problems.ts";
import type { At } from "./source.ts";

/** In a subnet of 64 addresses or more, servers begin here: what comes before is for gateways. */
const SERVERS_FROM = 11n;

export class AddressBook {
  readonly #draft: Draft;
  readonly #owner = new Map<bigint, string>();
  readonly #next = new Map<string, bigint>();

  constructor(draft: Draft) {
    this.#draft = draft;
  }

  /** "10.1.10.5" or "10.1.10.5/24", checked to be a host's address of the network. */
  read(text: string, network: Network, path: Path, outside: "DH_ADDRESS_OUTSIDE" | "DH_GATEWAY_OUTSIDE", offset = 0): bigint | null {
    const parsed = text.includes("/") ? parsePrefix(text) : null;
    const first = parsed?.ip ?? parseIp(text);
    if (first === null || (text.includes("/") && parsed === null)) {
      this.#draft.report("DH_ADDRESS", path, `"${text}" is not an address such as 10.1.10.5 or fd00:10::5`);
      return null;
    }
    const ip = first + BigInt(offset);
    const subnet = subnetOf(network);
    if (subnet === null) {
      if (network.subnet === null && !this.#draft.excused(".subnet")) this.#draft.report("DH_ADDRESS", path, `network ${network.name} has no subnet, so it has no addresses`);
      return null;
    }
    const [low, high] = hostRange(subnet);
    if (isIpv6(ip) !== (subnet.bits === 128)) this.#draft.report(outside, path, `${formatIp(ip)} is ${family(isIpv6(ip))}, network ${network.name} is ${family(subnet.bits === 128)} (${network.subnet})`);
    else if (!contains(subnet, ip)) this.#draft.report(outside, path, `${formatIp(ip)} is outside network ${network.name} (${network.subnet})`);
    else if (ip < low || ip > high) this.#draft.report(outside, path, `${formatIp(ip)} is not a host's address in network ${network.name} (${network.subnet})`);
    else if (parsed !== null && parsed.subnet.prefix !== subnet.prefix) this.#draft.report("DH_ADDRESS", path, `/${parsed.subnet.prefix} does not fit network ${network.name} (${network.subnet})`);
    else return ip;
    return null;
  }

  claim(ip: bigint, owner: string, path: Path, at: At = {}): boolean {
    const other = this.#owner.get(ip);
    if (other === undefined) return this.#owner.set(ip, owner) !== undefined;
    this.#draft.report("DH_ADDRESS_TWICE", path, `${formatIp(ip)} is already the address of ${other}`, null, at);
    return false;
  }

  /** The next free address; null, with a problem, when the subnet is full. */
  give(network: Network, owner: string, forServer: boolean, path: Path): bigint | null {
    const subnet = subnetOf(network);
    if (subnet === null) return null;
    const [low, high] = hostRange(subnet);
    const key = `${network.name} ${forServer}`;
    let ip = this.#next.get(key) ?? low + (forServer && high - low >= 61n ? SERVERS_FROM - 1n : 0n);
    while (ip <= high && this.#owner.has(ip)) ip++;
    this.#next.set(key, ip + 1n);
    if (ip > high) {
      this.#draft.report("DH_SUBNET_FULL", path, `network ${network.name} (${network.subnet}) has no address left for ${owner}`, null, { key: true });
      return null;
    }
    this.#owner.set(ip, owner);
    return ip;
  }
}

/** A network is asked for its subnet once for each of its servers. */
const subnets = new WeakMap<Network, Subnet | null>();

export function subnetOf(network: Network): Subnet | null {
  const known = subnets.get(network);
  if (known !== undefined) return known;
  const subnet = network.subnet === null ? null : (parsePrefix(network.subnet)?.subnet ?? null);
  subnets.set(network, subnet);
  return subnet;
}

export const inIpv6 = (network: Network): boolean => subnetOf(network)?.bits === 128;
const family = (six: boolean): string => (six ? "IPv6" : "IPv4");
