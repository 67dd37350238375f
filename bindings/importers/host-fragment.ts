// Linux hosts as parts of a topology file: networks, nodes, bonds. A server has one address there, on its bond or on its port.

import { type Host, type HostAddress, type HostBond, subnetOf } from "./host.ts";
import type { Line } from "./line.ts";

export interface Parts { networks?: Record<string, { vlan: number; subnet: string }>; nodes: Record<string, Record<string, unknown>>; bonds?: Record<string, Record<string, unknown>> }
export interface HostFragment { parts: Parts; notes: Line[]; /** the interface that a host's address is on, below bridges and VLANs */ bases: Map<string, string> }
/** What is known of networks from elsewhere. */
export interface Known {
  /** a whole file is made: what a host lacks is found elsewhere, or guessed */
  whole: boolean;
  networks: { name: string; vlan: number; subnet: string; at: Line }[];
  /** the VLAN that the switch gives to an untagged port of a host */
  untaggedOn(host: string, base: string): { vlan: number; at: Line } | null;
}

/** Where an address really is: below bridges and VLAN interfaces. */
interface Place { base: string; vlan: number | null; through: string[] }
interface Chosen { host: Host; address: HostAddress; place: Place }

/** A port without a tag does not say its VLAN: such networks are numbered from here. */
const UNTAGGED_FROM = 1001;

export function hostFragment(hosts: readonly Host[], known: Known = { whole: false, networks: [], untaggedOn: () => null }): HostFragment {
  const notes = hosts.flatMap((h) => h.notes);
  const chosen = hosts.map((host) => choose(host, notes, known.whole));
  const networks = new Networks(notes, known);
  for (const c of chosen) if (c?.place.vlan != null) networks.tagged(c);
  for (const c of chosen) if (c?.place.vlan === null) networks.untagged(c);
  const parts: Parts = { nodes: {} };
  const bonds: Record<string, Record<string, unknown>> = {};
  hosts.forEach((host, i) => {
    const c = chosen[i] ?? null;
    const network = c === null ? null : networks.nameOf(c);
    parts.nodes[host.name] = node(host, c, network, notes);
    for (const bond of bondsOf(host, c, notes)) bonds[`${host.name}:${bond.name}`] = { members: bond.members, ...bond.settings, ...(network === null ? {} : { network }) };
  });
  if (networks.size > 0) parts.networks = networks.parts();
  if (Object.keys(bonds).length > 0) parts.bonds = bonds;
  return { parts, notes, bases: new Map(chosen.flatMap((c) => (c === null ? [] : [[c.host.name, c.place.base] as const]))) };
}

/** Networks first: that is how one reads them. */
export function ordered(parts: Parts): Record<string, unknown> {
  return Object.fromEntries((["networks", "nodes", "bonds"] as const).flatMap((key) => (parts[key] === undefined ? [] : [[key, parts[key]]])));
}

/** The address that the default route goes by, else the first. */
function choose(host: Host, notes: Line[], whole: boolean): Chosen | null {
  const reached = new Map<number, Set<string>>(); // prefix length → subnets with a gateway in them
  const inside = (a: HostAddress): boolean => {
    const subnets = reached.get(a.length) ?? new Set(host.gateways.map((g) => subnetOf(g.ip, a.length)));
    reached.set(a.length, subnets);
    return subnets.has(subnetOf(a.ip, a.length));
  };
  const address = host.addresses.find(inside) ?? host.addresses[0];
  if (address === undefined) {
    const why = host.dhcp.length > 0 ? `${host.dhcp.map((d) => d.on).join(", ")} asks DHCP` : "no IPv4 address is configured";
    if (!whole) notes.push({ ...(host.dhcp[0]?.at ?? host.at), text: `${host.name} is in no network: ${why}; give the node one (network: NAME)` });
    return null;
  }
  const why = inside(address) ? "the default route goes by it" : "it is the first";
  for (const other of host.addresses) {
    if (other !== address) notes.push({ ...other.at, text: `${other.ip}/${other.length} on ${other.on} is left out: a server has one address here, and ${address.ip} is kept (${why})` });
  }
  for (const d of host.dhcp) notes.push({ ...d.at, text: `${d.on} asks DHCP: what it is given is not in the file, and is left out` });
  const place = placeOf(host, address.on);
  for (const name of place.through) {
    notes.push({ ...(host.bridges.find((b) => b.name === name)?.at ?? address.at), text: `a guess: ${name} is a bridge; its address is taken as that of ${place.base}, and nothing else is behind it` });
  }
  return { host, address, place };
}

function placeOf(host: Host, on: string): Place {
  const place: Place = { base: on, vlan: null, through: [] };
  const seen = new Set<string>();
  while (!seen.has(place.base)) {
    seen.add(place.base);
    const vlan = host.vlans.find((v) => v.name === place.base);
    const bridge = host.bridges.find((b) => b.name === place.base);
    if (vlan !== undefined) { if (vlan.id > 0) place.vlan ??= vlan.id; place.base = vlan.link; } // VLAN 0: a priority and no VLAN
    else if (bridge !== undefined && bridge.members.length > 0) { place.through.push(bridge.name); place.base = bridge.members[0]!; }
  }
  return place;
}

function bondsOf(host: Host, chosen: Chosen | null, notes: Line[]): HostBond[] {
  const full = host.bonds.filter((bond) => {
    if (bond.members.length > 0) return true;
    notes.push({ ...bond.at, text: `${bond.name} is left out: it has no members` });
    return false;
  });
  const kept = full.find((b) => b.name === chosen?.place.base) ?? (chosen === null ? full[0] : undefined);
  for (const bond of full) {
    if (bond !== kept) notes.push({ ...bond.at, text: `${bond.name} is left out: a server has one network here, ${chosen === null ? `and ${kept!.name} comes first` : `and ${chosen.address.ip} is on ${chosen.place.base}`}` });
  }
  return kept === undefined ? [] : [kept];
}

function node(host: Host, c: Chosen | null, network: string | null, notes: Line[]): Record<string, unknown> {
  if (c === null || network === null) return { kind: "server" };
  const subnet = subnetOf(c.address.ip, c.address.length);
  const gateway = host.gateways.find((g) => subnetOf(g.ip, c.address.length) === subnet);
  for (const other of host.gateways) if (other !== gateway) notes.push({ ...other.at, text: `gateway ${other.ip} is left out: ${gateway === undefined ? `it is not in ${subnet}` : `a server has one, and ${gateway.ip} is kept`}` });
  return { kind: "server", network, address: c.address.ip, gateway: gateway?.ip ?? "none" };
}

/** One network a subnet. Its VLAN is that of a host which tags it; where none does, a guess. */
class Networks {
  readonly #bySubnet = new Map<string, { name: string; vlan: number; at: Line }>();
  readonly #vlans = new Map<number, string>();
  readonly #notes: Line[];
  readonly #known: Known;
  #next = UNTAGGED_FROM;
  constructor(notes: Line[], known: Known) {
    this.#notes = notes;
    this.#known = known;
    for (const { name, vlan, subnet, at } of known.networks) this.#add(subnet, name, vlan, at);
  }
  get size(): number { return this.#bySubnet.size; }

  #add(subnet: string, name: string, vlan: number, at: Line): void {
    this.#bySubnet.set(subnet, { name, vlan, at });
    if (!this.#vlans.has(vlan)) this.#vlans.set(vlan, subnet);
  }

  tagged(c: Chosen): void {
    const subnet = subnetOf(c.address.ip, c.address.length);
    const vlan = c.place.vlan!;
    const known = this.#bySubnet.get(subnet);
    if (known !== undefined) {
      const elsewhere = known.at.file === "" ? "on another host" : `elsewhere (${known.at.file}:${known.at.line})`;
      if (known.vlan !== vlan) this.#notes.push({ ...c.address.at, text: `${this.#conflict()}${subnet} is VLAN ${vlan} here and VLAN ${known.vlan} ${elsewhere}: ${known.vlan} is kept` });
      return;
    }
    const twin = this.#vlans.get(vlan);
    if (twin !== undefined) this.#notes.push({ ...c.address.at, text: `${this.#conflict()}VLAN ${vlan} is ${subnet} here and ${twin} on another host: one of them has to be given another number, or a site` });
    this.#add(subnet, twin === undefined ? `vlan${vlan}` : `vlan${vlan}-${subnet.split("/")[0]!.replaceAll(".", "-")}`, vlan, this.#known.whole ? c.address.at : NOWHERE);
  }

  untagged(c: Chosen): void {
    const subnet = subnetOf(c.address.ip, c.address.length);
    const known = this.#bySubnet.get(subnet);
    const port = known === undefined ? this.#known.untaggedOn(c.host.name, c.place.base) : null;
    const told = port !== null && !this.#vlans.has(port.vlan) ? port : null;
    if (known === undefined && told === null) while (this.#vlans.has(this.#next)) this.#next += 1;
    const vlan = known?.vlan ?? told?.vlan ?? this.#next;
    const from = known !== undefined ? (known.at.file === "" ? "another host's in this subnet" : `that of this subnet (${known.at.file}:${known.at.line})`)
      : told !== null ? `that of the switch's port (${told.at.file}:${told.at.line})` : "an untagged port does not say its number";
    this.#notes.push({ ...c.address.at, text: `a guess: ${subnet} is VLAN ${vlan}: ${from}` });
    if (known === undefined) this.#add(subnet, told === null ? `net-${subnet.split("/")[0]!.replaceAll(".", "-")}` : `vlan${vlan}`, vlan, this.#known.whole ? c.address.at : NOWHERE);
  }

  #conflict(): string { return this.#known.whole ? "a conflict: " : ""; }

  nameOf(c: Chosen): string { return this.#bySubnet.get(subnetOf(c.address.ip, c.address.length))!.name; }
  parts(): Record<string, { vlan: number; subnet: string }> { return Object.fromEntries([...this.#bySubnet].map(([subnet, { name, vlan }]) => [name, { vlan, subnet }])); }
}

const NOWHERE: Line = { file: "", line: 0, text: "" };
