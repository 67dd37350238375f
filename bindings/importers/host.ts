// A Linux host as its network configuration describes it, whatever the configuration is written in.

import type { Line } from "./line.ts";

export interface HostBond { name: string; members: string[]; settings: Record<string, unknown>; at: Line }
export interface HostVlan { name: string; link: string; id: number; at: Line }
export interface HostBridge { name: string; members: string[]; at: Line }
export interface HostAddress { on: string; ip: string; length: number; at: Line }
export interface HostGateway { ip: string; on: string; at: Line }

export interface Host {
  name: string;
  at: Line;
  bonds: HostBond[];
  vlans: HostVlan[];
  bridges: HostBridge[];
  addresses: HostAddress[];
  gateways: HostGateway[];
  /** interfaces that ask a DHCP server */
  dhcp: { on: string; at: Line }[];
  /** lines that were not understood, or mean nothing here */
  unread: Line[];
  /** what was understood and left out, and every guess */
  notes: Line[];
}

export function emptyHost(name: string, at: Line): Host {
  return { name, at, bonds: [], vlans: [], bridges: [], addresses: [], gateways: [], dhcp: [], unread: [], notes: [] };
}

const OCTET = "(25[0-5]|2[0-4]\\d|1?\\d?\\d)";
const DOTTED = new RegExp(`^${OCTET}\\.${OCTET}\\.${OCTET}\\.${OCTET}$`);

/** null: no IPv4 address */
export function ipv4(text: string): number | null {
  const match = DOTTED.exec(text);
  return match === null ? null : match.slice(1).reduce((sum, part) => sum * 256 + Number(part), 0);
}
export const dotted = (ip: number): string => [24, 16, 8, 0].map((shift) => Math.floor(ip / 2 ** shift) % 256).join(".");
export const looksIpv6 = (text: string): boolean => /^[0-9a-f:.]*:[0-9a-f:.]*(\/\d{1,3})?$/i.test(text);

/** "10.1.10.7" and 24 → "10.1.10.0/24" */
export function subnetOf(ip: string, length: number): string {
  const size = 2 ** (32 - length);
  return `${dotted(Math.floor((ipv4(ip) ?? 0) / size) * size)}/${length}`;
}

/** "255.255.255.0" → 24; null: no netmask */
export function maskLength(mask: string): number | null {
  const value = ipv4(mask);
  if (value === null) return null;
  const bits = value.toString(2).padStart(32, "0");
  return /^1*0*$/.test(bits) ? bits.replaceAll("0", "").length : null;
}
