// A switch or router as its configuration describes it, whatever vendor's it is.

import type { Kind } from "./found.ts";
import type { Line } from "./line.ts";

export interface Group {
  protocol: "vrrp" | "hsrp" | "anycast";
  vlan: number;
  number: number; // of anycast: 0
  version: number | null;
  addresses: string[];
  priority: number | null;
  preempt: boolean | null;
  preemptDelay: string | null;
  interval: string | null; // VRRP
  hello: string | null; // HSRP
  hold: string | null;
  mac: string | null; // anycast
  implementation: "keepalived" | "frr" | null;
  virtualMac: boolean | null;
  /** ports whose line protocol takes from the priority; null: the default */
  tracks: { port: string; decrement: number | null }[];
  /** why the group does not run; null: it does */
  off: string | null;
  at: Line;
}

/** What a port or port-channel carries. */
export interface Layer2 { access: number | null; trunk: number[] | "all" | null; routed: boolean }

export interface Channel {
  name: string; // "Po11", "ae1"
  number: number;
  /** its number in the pair, the same on both; null: it is the switch's own */
  mlagId: number | null;
  peerLink: boolean;
  members: string[];
  mode: "lacp-active" | "lacp-passive" | "static" | null;
  fast: boolean | null;
  minLinks: number | null;
  fallback: { mode?: string; timeout?: string; port?: string } | null;
  /** the LACP system that it shows, where the configuration sets one */
  systemMac: string | null;
  layer2: Layer2;
  description: string | null;
  at: Line;
}

/** One peer of an MC-LAG pair. */
export interface PairHalf {
  /** what the vendor calls it; two halves of one word and domain are a pair */
  word: "vpc" | "mlag" | "mclag";
  domain: string;
  /** addresses over which the peers find each other, where the configuration has them */
  own: string | null;
  peer: string | null;
  rolePriority: number | null;
  /** in the words of a topology file */
  settings: Record<string, unknown>;
  at: Line;
}

/** `subnet`: where the address is not known, one of the network with its length. */
export interface Svi { address: string | null; subnet: string | null; off: boolean; at: Line }
export interface SwitchPort { layer2: Layer2; description: string | null; off: boolean; at: Line }

export interface Switch {
  name: string;
  at: Line;
  kind: Kind | null;
  profile: string;
  /** VLAN interface → its address with the prefix length; off: shut down */
  vlans: Map<number, Svi>;
  ports: Map<string, SwitchPort>;
  /** other names of ports, such as those that LLDP tells */
  aliases: Map<string, string>;
  channels: Map<string, Channel>;
  pair: PairHalf | null;
  groups: Group[];
  stp: { mode: "rstp" | "stp" | "none"; priority: number | null; edge: Set<string>; guard: Set<string> } | null;
  /** VLAN numbers that are made up: another source may know better */
  guessed: Set<number>;
  /** of a Linux router: interface → VLAN */
  linux: Map<string, number>;
  notes: Line[];
  unread: Line[];
}

export function emptySwitch(name: string, profile: string, at: Line): Switch {
  return { name, at, kind: null, profile, vlans: new Map(), ports: new Map(), aliases: new Map(), channels: new Map(), pair: null, groups: [], stp: null, guessed: new Set(), linux: new Map(), notes: [], unread: [] };
}

export const layer2 = (): Layer2 => ({ access: null, trunk: null, routed: false });

/** Made when it is first spoken of. */
export function portOf(sw: Switch, name: string, at: Line): SwitchPort {
  return made(sw.ports, name, () => ({ layer2: layer2(), description: null, off: false, at }));
}
export function sviOf(sw: Switch, vlan: number, at: Line): Svi {
  return made(sw.vlans, vlan, () => ({ address: null, subnet: null, off: false, at }));
}
export function channelOf(sw: Switch, name: string, at: Line): Channel {
  return made(sw.channels, name, () => ({
    name, number: Number(/(\d{1,9})$/.exec(name)?.[1] ?? 0), mlagId: null, peerLink: false, members: [], mode: null, fast: null, minLinks: null, fallback: null,
    systemMac: null, layer2: layer2(), description: null, at,
  }));
}
export function group(protocol: Group["protocol"], vlan: number, number: number, at: Line): Group {
  return {
    protocol, vlan, number, version: null, addresses: [], priority: null, preempt: null, preemptDelay: null, interval: null, hello: null, hold: null, mac: null,
    implementation: null, virtualMac: null, tracks: [], off: null, at,
  };
}

function made<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const value = make();
  map.set(key, value);
  return value;
}

/** "10,20-22" → 10, 20, 21, 22; null: no such list */
export function vlanList(text: string): number[] | null {
  const out = new Set<number>();
  for (const part of text.split(",")) {
    const match = /^(\d{1,4})(?:-(\d{1,4}))?$/.exec(part.trim());
    if (match === null) return null;
    const [from, to] = [Number(match[1]), Number(match[2] ?? match[1])];
    if (from < 1 || to > 4094 || to < from) return null;
    for (let vlan = from; vlan <= to; vlan++) out.add(vlan);
  }
  return [...out];
}

/** "00:1c:73:00:00:99", "001c.7300.0099" → the first form; null: no MAC address */
export function macAddress(text: string): string | null {
  const digits = text.replace(/[.:-]/g, "").toLowerCase();
  return /^[0-9a-f]{12}$/.test(digits) ? digits.replace(/(..)(?!$)/g, "$1:") : null;
}
