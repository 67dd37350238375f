// Configurations of real machines, as parts of a topology file.

import { stringify } from "yaml";
import { hostFragment, ordered } from "./host-fragment.ts";
import type { Host } from "./host.ts";
import { readIfcfg } from "./ifcfg.ts";
import { hostFile, pathOf, wrongFile, type HostFile, type Line } from "./line.ts";
import { readNetplan } from "./netplan.ts";
import { readNetworkd } from "./networkd.ts";
import { readNxos } from "./nxos.ts";
import { nxosFragment } from "./nxos-fragment.ts";

export type { Line } from "./line.ts";

export interface Imported {
  /** parts of a topology file */
  parts: Record<string, unknown>;
  yaml: string;
  /** lines that were not understood */
  unread: Line[];
  /** what was understood and yet left out, and every guess */
  notes: Line[];
}

export interface Source { name: string; text: string }

/** One configuration a switch. */
export function importNxos(files: readonly Source[]): Imported {
  const configs = files.map(({ name, text }) => readNxos(text, name));
  const { parts, notes } = nxosFragment(configs);
  return { parts, yaml: yamlOf(parts), unread: configs.flatMap((c) => c.unread), notes };
}

/** netplan files of one host or many. A name may be HOST=FILE. Throws DualhomeError with exit code 2 for files that are none. */
export function importNetplan(files: readonly Source[]): Imported {
  const everyHostHas = /^(\d\d?-.*|netplan|netcfg|config|network|interfaces)$/i;
  return imported(files.map(({ name, text }) => hostFile(name, text, everyHostHas, new Set(["etc", "netplan"]))), readNetplan);
}

/** ifcfg files of one host or many, a folder a host; /etc/sysconfig/network may be among them. */
export function importIfcfg(files: readonly Source[]): Imported {
  const folders = new Set(["etc", "sysconfig", "network-scripts"]);
  return imported(files.map(({ name, text }) => hostFile(name, text, /^/, folders)), readIfcfg);
}

/** systemd-networkd's .netdev and .network files, a folder a host. */
export function importNetworkd(files: readonly Source[]): Imported {
  const folders = new Set(["etc", "systemd", "network", "lib", "usr", "run"]);
  return imported(files.map(({ name, text }) => hostFile(name, text, /^/, folders)), readNetworkd);
}

/** The path of an argument: FILE, or HOST=FILE. */
export { pathOf };

function imported(files: readonly HostFile[], read: (files: readonly HostFile[]) => Host[]): Imported {
  const hosts = read(files);
  const twins = hosts.filter((host, i) => hosts.findIndex((h) => h.name === host.name) !== i);
  if (twins.length > 0) throw wrongFile(twins.map(({ name, at }) => ({ file: at.file, line: at.line, col: 1, text: `there is another host "${name}": HOST=FILE gives one of them another name` })));
  const { parts, notes } = hostFragment(hosts);
  const order = files.map((f) => f.name);
  const inOrder = (lines: readonly Line[]): Line[] => [...lines].sort((a, b) => order.indexOf(a.file) - order.indexOf(b.file) || a.line - b.line);
  return { parts: ordered(parts), yaml: yamlOf(ordered(parts)), unread: inOrder(hosts.flatMap((h) => h.unread)), notes: inOrder(notes) };
}

function yamlOf(parts: Record<string, unknown>): string {
  return Object.keys(parts).length === 0 ? "" : stringify(parts, { collectionStyle: "any", lineWidth: 120 });
}
