// The names that a file has given, by what they are names of. The file may be unfinished: whatever is not as it should be is passed over.

import { expandRange, splitLink, splitPort } from "../../../bindings/topology/ranges.ts";

export interface Names {
  servers: string[]; switches: string[]; hypervisors: string[]; vms: string[]; sites: string[]; networks: string[]; pairs: string[]; gateways: string[];
  flows: string[]; services: string[]; risks: string[]; feeds: string[]; cards: string[]; bonds: string[];
  /** of a node */
  ports: Map<string, string[]>;
  /** a:P--b:Q */
  cables: string[];
}

const RANGE_MAX = 512;
const map = (of: unknown): [string, Record<string, unknown>][] => (typeof of === "object" && of !== null && !Array.isArray(of) ? Object.entries(of).map(([k, v]) => [k, typeof v === "object" && v !== null ? v as Record<string, unknown> : {}]) : []);
const list = (of: unknown): string[] => (typeof of === "string" ? [of] : Array.isArray(of) ? of.filter((each) => typeof each === "string") : []);
const unique = (of: readonly string[]): string[] => [...new Set(of)];

/** srv1..4 is four names; of a great many the first. */
export function expanded(name: string): string[] {
  if (name.includes("\uE000")) return [];
  try {
    return expandRange(name).slice(0, RANGE_MAX);
  } catch {
    return [];
  }
}

export function namesOf(document: unknown): Names {
  const file = (typeof document === "object" && document !== null ? document : {}) as Record<string, unknown>;
  const keys = (part: string): string[] => unique(map(file[part]).flatMap(([name]) => expanded(name)));
  const nodes = map(file["nodes"]).flatMap(([name, of]) => expanded(name).map((each) => ({ name: each, kind: of["kind"], of })));
  const named = (fits: (kind: unknown) => boolean): string[] => nodes.filter(({ kind }) => fits(kind)).map(({ name }) => name);
  const ports = new Map<string, string[]>();
  const cables: string[] = [];
  const port = (node: string, name: string): void => { const has = ports.get(node) ?? []; if (!has.includes(name)) has.push(name); ports.set(node, has); };
  for (const link of Array.isArray(file["links"]) ? file["links"] as unknown[] : []) {
    const ends = typeof link === "string" ? splitLink(link) ?? [] : list((link as { endpoints?: unknown } | null)?.endpoints);
    const [a, b] = ends.map(expanded);
    if (a === undefined || b === undefined || a.length !== b.length) continue;
    a.forEach((end, i) => {
      for (const each of [end, b[i]!]) { const of = splitPort(each); if (of !== null) port(...of); }
      if (end.includes(":") && b[i]!.includes(":")) cables.push(`${end}--${b[i]!}`);
    });
  }
  for (const [, pair] of map(file["mlag"])) {
    const given = pair["peer-link"];
    const of = list(Array.isArray(given) || typeof given === "string" ? given : (given as { ports?: unknown } | undefined)?.ports).flatMap(expanded);
    for (const peer of list(pair["peers"])) for (const each of of) port(peer, each);
  }
  const bonds = keys("bonds");
  for (const [key, bond] of map(file["bonds"])) for (const each of expanded(key)) {
    const [node = "", name = ""] = each.split(":");
    for (const member of list(bond["members"]).flatMap(expanded)) port(node, member);
    if (name !== "") port(node, name);
  }
  for (const key of keys("lags")) { const [node = "", name = ""] = key.split(":"); if (name !== "") port(node, name); }
  return {
    servers: named((k) => k === "server"), switches: named((k) => k !== "server" && k !== "hypervisor"), hypervisors: named((k) => k === "hypervisor"), vms: keys("vms"), sites: keys("sites"), networks: keys("networks"),
    pairs: keys("mlag"), gateways: keys("gateways"), flows: keys("flows"), services: unique([...keys("services"), ...keys("applications")]), bonds,
    risks: unique((Array.isArray(file["links"]) ? file["links"] as unknown[] : []).flatMap((l) => list((l as { risk?: unknown } | null)?.risk))),
    feeds: unique(nodes.flatMap(({ of }) => list(of["power"]))), cards: nodes.flatMap(({ name, of }) => map(of["cards"]).map(([card]) => `${name}/${card}`)),
    ports, cables,
  };
}
