// Configurations of real machines and plans of cabling, as a topology file or as parts of one.

import { stringify } from "yaml";
import { FORMATS, formatNamed, type Format, type Source } from "./formats.ts";
import { together, type Found } from "./found.ts";
import { hostFragment, ordered } from "./host-fragment.ts";
import { IMPORT_BYTES_MAX, oneLine, pathOf, wrongFile, type Line } from "./line.ts";
import { written } from "./net.ts";
import { network } from "./network/index.ts";
import { defined, switchFragment } from "./switch-fragment.ts";

export type { Line } from "./line.ts";
export type { Format, Source } from "./formats.ts";
export { IMPORT_BYTES_MAX, TOO_LARGE } from "./line.ts";
export { FORMATS, formatNamed, pathOf };

export interface Imported {
  /** parts of a topology file, or all of one */
  parts: Record<string, unknown>;
  readonly yaml: string;
  /** lines that were not understood */
  unread: Line[];
  /** what was understood and yet left out, every guess, and every conflict between sources */
  notes: Line[];
}
/** Files of one format. */
export interface Group { format: Format; files: readonly Source[] }

/** Lines that say something. */
const linesOf = (text: string): number => text.split(/\r\n|\n|\r/).filter((line) => /^\ufeff?\s*[^\s#!;]/.test(line)).length;

/** What a format finds in its files. One of which no line is understood is not of the format: nothing is made of its name alone. */
function readGroup({ format, files }: Group): Found {
  const empty = files.filter(({ text }) => text.length <= IMPORT_BYTES_MAX && linesOf(text) === 0);
  if (empty.length > 0) throw wrongFile(empty.map(({ name, text }) => ({ file: pathOf(name), line: 1, col: 1, text: `the file ${/\S/.test(text) ? "holds nothing but comments" : "is empty"}: nothing of ${format.name} is in it` })));
  const all = format.read(files);
  const foreign = files.flatMap(({ name, text }) => {
    const file = pathOf(name);
    const lines = linesOf(text);
    return all.unread.filter((line) => line.file === file).length >= lines ? [{ file, line: 1, col: 1, text: `none of its lines is one of ${format.name}` }] : [];
  });
  if (foreign.length > 0) throw wrongFile(foreign);
  if (files[0] !== undefined && [all.devices, all.switches, all.hosts, all.cables].every((list) => list.length === 0)) {
    throw wrongFile([{ file: pathOf(files[0].name), line: 1, col: 1, text: `nothing of ${format.name} is in it` }]);
  }
  return all;
}

/** What the files of one format say, as parts of a topology file. Throws DualhomeError with exit code 2 for files that are none. */
export function importParts(group: Group): Imported {
  const { files } = group;
  const all = readGroup(group);
  const hosts = hostFragment(all.hosts);
  const switches = switchFragment(all.switches);
  const { nodes, bonds, networks } = hosts.parts;
  const merged = {
    networks: { ...switches.parts.networks, ...networks }, nodes: { ...devices(all), ...nodes }, links: all.cables.map((c) => `${written(c.a)} -- ${written(c.b)}`),
    bonds: bonds ?? {}, gateways: switches.parts.gateways, mlag: switches.parts.mlag, lags: switches.parts.lags,
  };
  const parts = all.hosts.length > 0 && all.switches.length === 0 && all.cables.length === 0 ? ordered(hosts.parts) : Object.fromEntries(Object.entries(merged).filter(([, part]) => Object.keys(part).length > 0));
  return result(parts, inOrder([...all.notes, ...hosts.notes, ...switches.notes], files), inOrder(all.unread, files));
}

/** What all files say together, as a whole topology file. */
export function importWhole(groups: readonly Group[], name: string): Imported {
  const all = together(groups.map(readGroup));
  const { file, notes } = network(all, name);
  const files = groups.flatMap((group) => group.files);
  return result(file, inOrder(notes, files), inOrder(all.unread, files));
}

const of = (name: string) => (files: readonly Source[]): Imported => importParts({ format: formatNamed(name)!, files });
export const importNxos = of("nxos");
export const importNetplan = of("netplan");
export const importIfcfg = of("ifcfg");
export const importNetworkd = of("networkd");

function devices(all: Found): Record<string, unknown> {
  return Object.fromEntries(all.devices.map((d) => [d.name, defined({ kind: d.kind ?? "leaf", profile: d.profile })]));
}

function result(parts: Record<string, unknown>, notes: Line[], unread: Line[]): Imported {
  return { parts, unread, notes, get yaml(): string { return Object.keys(parts).length === 0 ? "" : stringify(parts, { collectionStyle: "any", lineWidth: 120, aliasDuplicateObjects: false }); } };
}

/** By the order of the files, then by line. */
function inOrder(lines: readonly Line[], files: readonly Source[]): Line[] {
  const order = new Map(files.map((f, i) => [pathOf(f.name), i]));
  const place = (line: Line): number => order.get(line.file) ?? order.size;
  return lines.map((line) => ({ ...line, text: oneLine(line.text) })).sort((a, b) => place(a) - place(b) || a.line - b.line);
}
