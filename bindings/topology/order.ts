// The order of a file decides nothing: what is numbered, given out or laid into tables goes by name. srv2 comes before srv10.
// What means an order stays as it is written: lists inside an entry (peers, members, on), scenarios and their steps.

import type { Topology } from "./model.ts";
import type { FileInput, LinkInput } from "./schema/file.ts";
import type { Source } from "./source.ts";

const isDigit = (code: number): boolean => code >= 48 && code <= 57;

/** Past the zeros in front of a number that begins at `at`, but for the last digit. */
function pastZeros(name: string, at: number): number {
  let from = at;
  while (name.charCodeAt(from) === 48 && isDigit(name.charCodeAt(from + 1))) from++;
  return from;
}

function pastDigits(name: string, at: number): number {
  let to = at;
  while (isDigit(name.charCodeAt(to))) to++;
  return to;
}

/** Numbers compare as numbers, the rest sign by sign. Equal but for zeros in front: by the text itself. */
export function compareNames(a: string, b: string): number {
  let [i, j] = [0, 0];
  while (i < a.length && j < b.length) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(j);
    if (!isDigit(x) || !isDigit(y)) {
      if (x !== y) return x - y;
      i++;
      j++;
      continue;
    }
    i = pastZeros(a, i);
    j = pastZeros(b, j);
    const [endA, endB] = [pastDigits(a, i), pastDigits(b, j)];
    if (endA - i !== endB - j) return endA - i - (endB - j);
    for (; i < endA; i++, j++) if (a.charCodeAt(i) !== b.charCodeAt(j)) return a.charCodeAt(i) - b.charCodeAt(j);
  }
  if (i < a.length || j < b.length) return i < a.length ? 1 : -1;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A copy in the order of names; equal names stay as they were. */
export function inNameOrder<T>(list: readonly T[], nameOf: (each: T) => string): T[] {
  const named = list.map((each) => ({ each, name: nameOf(each) }));
  return named.sort((a, b) => compareNames(a.name, b.name)).map(({ each }) => each);
}

function mapInNameOrder<T>(map: Record<string, T>): Record<string, T> {
  return Object.fromEntries(inNameOrder(Object.entries(map), ([key]) => key));
}

/** Parts that are given numbers, ports or addresses while they are read. Networks, nodes and machines are not: of two with one name, the second in the file is the mistake. */
const MAPS = ["lags", "mlag", "bonds", "flows", "demands", "services", "applications"] as const;

/** The file's parts by name. `source` still knows where each stands. */
export function inputInNameOrder(input: FileInput, source: Source): FileInput {
  const sorted: FileInput = { ...input };
  for (const part of MAPS) if (input[part] !== undefined) Object.assign(sorted, { [part]: mapInNameOrder<unknown>(input[part]) });
  if (input.gateways !== undefined) {
    const gateways = Object.entries(input.gateways).map(([name, gateway]) => [name, { ...gateway, routers: mapInNameOrder(gateway.routers) }] as const);
    sorted.gateways = mapInNameOrder(Object.fromEntries(gateways));
  }
  if (input.links !== undefined) {
    const links = inNameOrder([...input.links.entries()], ([, link]) => linkText(link));
    source.renumber(["links"], links.map(([i]) => i));
    sorted.links = links.map(([, link]) => link);
  }
  return sorted;
}

/** Puts a map's entries in the order of their names; the first `kept` stay where they are. */
export function reorder<T>(map: Map<string, T>, kept = 0): void {
  const entries = [...map];
  const sorted = [...entries.slice(0, kept), ...inNameOrder(entries.slice(kept), ([name]) => name)];
  map.clear();
  for (const [name, value] of sorted) map.set(name, value);
}

/** A cable by its ends, a mesh by what it joins; then by what else is said of it. */
function linkText(link: string | LinkInput): string {
  if (typeof link === "string") return link;
  const ends = link.endpoints ?? [link.mesh?.from, link.mesh?.to].flat();
  return `${ends.join(" -- ")} ${JSON.stringify(link)}`;
}

/** The topology as tables are made of it. */
export function topologyInNameOrder(t: Topology): Topology {
  return {
    ...t,
    nodes: inNameOrder(t.nodes, (n) => n.name), ports: inNameOrder(t.ports, (p) => `${p.node}:${p.name}`), links: inNameOrder(t.links, (l) => l.name),
    lags: inNameOrder(t.lags, (l) => l.name), pairs: inNameOrder(t.pairs, (p) => p.name), networks: inNameOrder(t.networks, (n) => n.name),
    vrrps: inNameOrder(t.vrrps, (v) => v.gateway), fhrps: inNameOrder(t.fhrps, (f) => f.gateway), tracks: inNameOrder(t.tracks, (x) => `${x.gateway} ${x.node}`),
    flows: inNameOrder(t.flows, (f) => f.name), services: inNameOrder(t.services, (s) => s.name), vms: inNameOrder(t.vms, (v) => v.name),
    ...(t.boots === undefined ? {} : { boots: inNameOrder(t.boots, (b) => b.server) }),
    ...(t.bootServers === undefined ? {} : { bootServers: inNameOrder(t.bootServers, (name) => name) }),
  };
}

/** What reports list goes as the file has it. */
export function inFileOrder<T extends { where: { line: number; col: number } }>(list: readonly T[]): T[] {
  return [...list].sort((a, b) => a.where.line - b.where.line || a.where.col - b.where.col);
}
