// Networks, addresses and gateways of all sources. One address is one machine's, one VLAN one subnet.

import { hostFragment } from "../host-fragment.ts";
import { ipv4, subnetOf } from "../host.ts";
import type { Line } from "../line.ts";
import { channelAt, type Net, type NetNode } from "../net.ts";
import type { SwitchFragment } from "../switch-fragment.ts";
import type { Layer2 } from "../switch.ts";

export interface Network { name: string; vlan: number; subnet: string; at: Line }
export interface ServerPart { network?: string; address?: string; gateway?: string; "prefix-length"?: number }
export interface Networks {
  known: Map<string, Network>;
  byVlan: Map<number, Network>;
  servers: Map<string, ServerPart>;
  /** the bond that is kept of a server, as it configures it */
  bonds: Map<string, { name: string; members: string[]; part: Record<string, unknown>; at: Line }>;
  /** the port or bond that a server's address is on */
  bases: Map<string, string>;
  /** networks of racks of which nothing but the cabling is known */
  racks: Map<string, Network>;
  /** by subnet; and by each larger subnet that has one of them in it */
  exact: Map<string, Network>;
  covered: Map<string, Network>;
  /** who has an address */
  claimed: Map<string, { who: string; at: Line }>;
}

export function joinHosts(net: Net, fragment: SwitchFragment): Networks {
  const hosts = [...net.nodes.values()].flatMap((node) => (node.host !== null && node.kind === "server" ? [node.host] : []));
  const at = (vlan: number): Line => [...net.nodes.values()].flatMap((n) => n.sw?.vlans.get(vlan)?.at ?? [])[0] ?? { file: "", line: 0, text: "" };
  const seeds = Object.entries(fragment.parts.networks).map(([name, n]) => ({ name, ...n, at: at(n.vlan) }));
  const { parts, notes, bases } = hostFragment(hosts, { whole: true, networks: seeds, untaggedOn: (host, base) => untaggedOn(net, host, base) });
  net.notes.push(...notes);
  const networks: Networks = { known: new Map(), byVlan: new Map(), servers: new Map(), bonds: new Map(), bases, racks: new Map(), exact: new Map(), covered: new Map(), claimed: new Map() };
  const renamed = new Map<string, { to: Network; length: number }>();
  const all = new Set([...seeds.map((s) => s.name), ...Object.keys(parts.networks ?? {})]);
  const seedAt = new Map(seeds.map((s) => [s.name, s.at]));
  for (const name of all) addNetwork(net, networks, { at: seedAt.get(name) ?? hosts[0]?.at ?? at(0), ...(parts.networks?.[name] ?? fragment.parts.networks[name])!, name }, renamed);
  claimRouters(net, networks, fragment);
  const bondKeys = new Map(Object.keys(parts.bonds ?? {}).map((key) => [key.split(":")[0]!, key]));
  for (const host of hosts) {
    const { kind: _, ...rest0 } = parts.nodes[host.name]!;
    const part: ServerPart = rest0;
    networks.servers.set(host.name, serverPart(net, networks, host.name, host.addresses.find((a) => a.ip === part.address)?.at ?? host.at, part, renamed));
    const key = bondKeys.get(host.name);
    if (key === undefined) continue;
    const { members, network: __, ...rest } = parts.bonds![key] as { members: string[]; network?: string };
    const name = key.slice(host.name.length + 1);
    networks.bonds.set(host.name, { name, members, part: rest, at: host.bonds.find((b) => b.name === name)?.at ?? host.at });
  }
  return networks;
}

/** A subnet that lies within another one, or around it, is the same network seen with another mask. */
function addNetwork(net: Net, networks: Networks, network: Network, renamed: Map<string, { to: Network; length: number }>): void {
  const [base = "", length = "32"] = network.subnet.split("/");
  const lengths = Array.from({ length: Number(length) }, (_, i) => i + 1);
  const around = lengths.map((l) => networks.exact.get(subnetOf(base, l))).find((n) => n !== undefined);
  const other = around ?? networks.covered.get(subnetOf(base, Number(length)));
  if (other !== undefined) {
    net.conflict(network.at, `the network is ${network.subnet} here and ${other.subnet} elsewhere`, other.at, other.subnet);
    renamed.set(network.name, { to: other, length: Number(length) });
    return;
  }
  let vlan = network.vlan;
  while (networks.byVlan.has(vlan) && networks.byVlan.size < 4094) vlan = vlan % 4094 + 1;
  if (vlan !== network.vlan) net.note(network.at, `${network.subnet} is written as VLAN ${vlan}: ${network.vlan} is ${networks.byVlan.get(network.vlan)!.subnet}`);
  enterNetwork(networks, { ...network, vlan });
}

export function enterNetwork(networks: Networks, network: Network): void {
  const [base = "", length = "32"] = network.subnet.split("/");
  networks.known.set(network.name, network);
  networks.byVlan.set(network.vlan, network);
  networks.exact.set(subnetOf(base, Number(length)), network);
  for (let l = 1; l <= Number(length); l++) networks.covered.set(subnetOf(base, l), network);
}

function serverPart(net: Net, networks: Networks, name: string, at: Line, part: ServerPart, renamed: Map<string, { to: Network; length: number }>): ServerPart {
  if (part.network === undefined) return {};
  const other = renamed.get(part.network);
  const network = other?.to ?? networks.known.get(part.network)!;
  const [base = "", length = "32"] = network.subnet.split("/");
  const out: ServerPart = { ...part, network: network.name };
  const inside = (ip: string | undefined): boolean => ip !== undefined && ipv4(ip) !== null && subnetOf(ip, Number(length)) === subnetOf(base, Number(length));
  if (other !== undefined) out["prefix-length"] = other.length;
  if (out.address !== undefined && !inside(out.address)) { net.note(at, `${out.address} of ${name} is left out: it is not in ${network.subnet}`); delete out.address; }
  if (out.gateway !== "none" && !inside(out.gateway)) out.gateway = "none";
  if (out.address !== undefined && !claim(net, networks, out.address, name, at)) delete out.address;
  return out;
}

/** False: the address is another's, and that is told. */
export function claim(net: Net, networks: Networks, ip: string, who: string, at: Line): boolean {
  const known = networks.claimed.get(ip);
  if (known === undefined) { networks.claimed.set(ip, { who, at }); return true; }
  if (known.who === who) return true;
  net.conflict(at, `${ip} is that of ${who} here and of ${known.who} elsewhere`, known.at, `that of ${known.who}`);
  return false;
}

function claimRouters(net: Net, networks: Networks, fragment: SwitchFragment): void {
  for (const [name, gateway] of Object.entries(fragment.parts.gateways)) {
    const routers = gateway["routers"] as Record<string, { address?: string }>;
    const vips = [gateway["vip"]].flat() as string[];
    const at = Object.keys(routers).map((router) => net.nodes.get(router)?.sw?.groups.find((g) => `vlan${g.vlan}` === gateway["network"])?.at)[0] ?? { file: "", line: 0, text: "" };
    if (!vips.every((vip) => claim(net, networks, vip, `gateway ${name}`, at))) { delete fragment.parts.gateways[name]; continue; }
    for (const [router, own] of Object.entries(routers)) {
      if (own.address !== undefined && !vips.includes(own.address) && !claim(net, networks, own.address, router, at)) delete own.address;
    }
  }
}

/** The VLAN that the far end of an untagged port gives it. */
function untaggedOn(net: Net, host: string, base: string): { vlan: number; at: Line } | null {
  const node = net.nodes.get(host);
  const members = node?.host?.bonds.find((b) => b.name === base)?.members ?? [base];
  for (const member of members) {
    const far = net.far(host, member);
    const sw = far === null ? undefined : net.nodes.get(far.node);
    if (far === null || sw === undefined || sw.sw === null) continue;
    const found = vlanOf(sw, far.port);
    if (found !== null) return found;
  }
  return null;
}

export function vlanOf(node: NetNode, port: string): { vlan: number; at: Line } | null {
  const channel = channelAt(node, port);
  const own = node.sw!.ports.get(port);
  for (const [layer2, at] of [[channel?.layer2, channel?.at], [own?.layer2, own?.at]] as [Layer2 | undefined, Line | undefined][]) {
    const vlan = layer2?.trunk === null && layer2.access !== null ? layer2.access : Array.isArray(layer2?.trunk) && layer2.trunk.length === 1 ? layer2.trunk[0]! : null;
    if (vlan !== null && vlan >= 1 && vlan <= 4094 && at !== undefined) return { vlan, at };
  }
  return null;
}

/** Gateways of the configurations; and a VLAN interface without a virtual router is one router's address. */
export function joinGateways(net: Net, networks: Networks, fragment: SwitchFragment): Record<string, unknown> {
  const out = new Map<string, Record<string, unknown>>();
  for (const [name, gateway] of Object.entries(fragment.parts.gateways)) {
    const network = networks.byVlan.get(Number(/\d+$/.exec(String(gateway["network"]))![0]));
    if (network === undefined || network.name !== gateway["network"]) { net.note(network?.at ?? { file: "", line: 0, text: "" }, `gateway ${name} is left out: its network is`); continue; }
    for (const [router, own] of Object.entries(gateway["routers"] as Record<string, { track?: { port: string }[] }>)) {
      const lost = own.track?.filter((t) => net.cableAt(router, t.port) === null) ?? [];
      if (lost.length === 0) continue;
      for (const t of lost) net.note(net.nodes.get(router)!.sw?.groups.find((g) => g.tracks.some((x) => x.port === t.port))?.at ?? net.nodes.get(router)!.at, `track ${t.port} of ${router}, gateway ${name}, is left out: the port has no cable`);
      own.track = own.track!.filter((t) => !lost.includes(t));
      if (own.track.length === 0) delete own.track;
    }
    out.set(name, gateway);
  }
  for (const node of net.nodes.values()) addStatic(net, networks, node, out);
  return Object.fromEntries(out);
}

function addStatic(net: Net, networks: Networks, node: NetNode, out: Map<string, Record<string, unknown>>): void {
  for (const [vlan, { address, off, at }] of node.sw?.vlans ?? []) {
    const network = networks.byVlan.get(vlan);
    const ip = address?.split("/")[0];
    const routes = [...out.values()].some((g) => g["network"] === network?.name && node.name in (g["routers"] as object));
    if (network === undefined || ip === undefined || off || routes || node.kind === "l2switch") continue;
    const [base = "", length = "32"] = network.subnet.split("/");
    if (node.sw!.pair?.own === ip || subnetOf(ip, Number(length)) !== subnetOf(base, Number(length)) || !claim(net, networks, ip, node.name, at)) continue;
    out.set(out.has(network.name) ? `${network.name}-${node.name}` : network.name, { network: network.name, protocol: "static", vip: ip, routers: { [node.name]: {} } });
  }
}
