// What a configuration or a plan of cabling says, whatever it is written in. A file knows of some of these things only.

import type { Host } from "./host.ts";
import type { Line } from "./line.ts";
import type { Switch } from "./switch.ts";

export type Kind = "server" | "leaf" | "tor" | "spine" | "core" | "l2switch" | "router" | "hypervisor";

export interface End { node: string; port: string }
export interface Cable { a: End; b: End; at: Line }
/** Something with ports. null: the file does not say */
export interface Device { name: string; kind: Kind | null; profile: string | null; at: Line }

export interface Found {
  devices: Device[];
  cables: Cable[];
  hosts: Host[];
  switches: Switch[];
  /** what was understood and left out, and every guess */
  notes: Line[];
  /** lines that were not understood, or mean nothing here */
  unread: Line[];
}

export function found(parts: Partial<Found> = {}): Found {
  return { devices: [], cables: [], hosts: [], switches: [], notes: [], unread: [], ...parts };
}

export function together(list: readonly Found[]): Found {
  return {
    devices: list.flatMap((f) => f.devices), cables: list.flatMap((f) => f.cables), hosts: list.flatMap((f) => f.hosts), switches: list.flatMap((f) => f.switches),
    notes: list.flatMap((f) => f.notes), unread: list.flatMap((f) => f.unread),
  };
}
