// What of one design is what of the other: by name. A part with another name and the same place is told as renamed, a cable between the
// same nodes at other ports as moved; both then stand for each other.

import type { Link, Node, Topology } from "../topology/model.ts";

export interface Matching {
  /** nodes, cables and ports of these: first design → second */
  nodes: Map<string, string>;
  links: Map<string, string>;
  ports: Map<string, string>;
  renamed: [before: string, after: string][];
  moved: { name: string; from: string; to: string }[];
  removed: string[];
  added: string[];
}

const nodeOf = (port: string): string => port.slice(0, port.indexOf(":"));

export function match(a: Topology, b: Topology): Matching {
  const names = new Set(b.nodes.map((n) => n.name));
  const nodes = new Map(a.nodes.filter((n) => names.has(n.name)).map((n) => [n.name, n.name]));
  const renamed = findRenamed(a, b, nodes);
  const found = matchLinks(a, b, nodes);
  const sites = new Map(b.nodes.map((n) => [n.name, n.site]));
  const left = (list: readonly { name: string }[], known: ReadonlySet<string>): string[] => list.map((each) => each.name).filter((name) => !known.has(name));
  const [nodesOfB, linksOfB] = [new Set(nodes.values()), new Set(found.links.values())];
  return {
    nodes, links: found.links, ports: portsOf(a, b, nodes, found.links), renamed,
    moved: [
      ...a.nodes.flatMap(({ name, site }) => { const now = sites.get(nodes.get(name) ?? ""); return now === undefined || now === site ? [] : [{ name, from: site ?? "no site", to: now ?? "no site" }]; }),
      ...found.moved,
    ],
    removed: [...left(a.nodes, new Set(nodes.keys())), ...left(cables(a), new Set(found.links.keys()))], added: [...left(b.nodes, nodesOfB), ...left(cables(b), linksOfB)],
  };
}

export function cables(t: Topology): Link[] {
  const virtual = new Set(t.vms.flatMap((vm) => vm.links));
  return t.links.filter((l) => !virtual.has(l.name));
}

/** Nodes of one name less, and one more, of the same kind and with the same neighbours: found in rounds, for neighbours may be renamed too. */
function findRenamed(a: Topology, b: Topology, nodes: Map<string, string>): [string, string][] {
  const renamed: [string, string][] = [];
  for (;;) {
    const taken = new Set(nodes.values());
    const before = places(a, a.nodes.filter((n) => !nodes.has(n.name)), (name) => nodes.get(name));
    const after = places(b, b.nodes.filter((n) => !taken.has(n.name)), (name) => (taken.has(name) ? name : undefined));
    const pairs = [...before].flatMap(([place, from]): [string, string][] => { const to = after.get(place); return from === null || to == null ? [] : [[from, to]]; });
    if (pairs.length === 0) return renamed;
    for (const [from, to] of pairs) nodes.set(from, to);
    renamed.push(...pairs);
  }
}

/** Place → the one node that stands there; null: several do. */
function places(t: Topology, open: readonly Node[], known: (name: string) => string | undefined): Map<string, string | null> {
  const beside = new Map<string, string[]>();
  for (const { a, b } of t.links) {
    const [x, y] = [nodeOf(a), nodeOf(b)];
    beside.set(x, [...(beside.get(x) ?? []), y]);
    beside.set(y, [...(beside.get(y) ?? []), x]);
  }
  const found = new Map<string, string | null>();
  for (const { name, kind, tier } of open) {
    const neighbours = (beside.get(name) ?? []).map((n) => known(n) ?? "?").sort();
    if (neighbours.every((n) => n === "?")) continue; // nothing to know it by
    const place = `${kind} ${tier} ${neighbours.join(" ")}`;
    found.set(place, found.has(place) ? null : name);
  }
  return found;
}

function matchLinks(a: Topology, b: Topology, nodes: ReadonlyMap<string, string>): { links: Map<string, string>; moved: Matching["moved"] } {
  const ends = (link: Link, name: (node: string) => string): { exact: string; between: string } => {
    const ports = [link.a, link.b].map((port) => `${name(nodeOf(port))}${port.slice(port.indexOf(":"))}`).sort();
    return { exact: ports.join("--"), between: ports.map(nodeOf).join("--") };
  };
  const open = new Map(cables(b).map((link) => [link.name, ends(link, (n) => n)]));
  const byPorts = new Map([...open].map(([name, { exact }]) => [exact, name]));
  const links = new Map<string, string>();
  const rest: Link[] = [];
  for (const link of cables(a)) {
    const same = byPorts.get(ends(link, (n) => nodes.get(n) ?? n).exact);
    if (same === undefined) { rest.push(link); continue; }
    links.set(link.name, same);
    open.delete(same);
  }
  const between = new Map<string, string[]>();
  for (const [name, each] of open) between.set(each.between, [...(between.get(each.between) ?? []), name]);
  const moved = rest.flatMap((link): Matching["moved"] => {
    const to = between.get(ends(link, (n) => nodes.get(n) ?? n).between)?.shift();
    if (to === undefined) return [];
    links.set(link.name, to);
    return [{ name: `a cable of ${[link.a, link.b].map(nodeOf).join(" and ")}`, from: link.name, to }];
  });
  return { links, moved };
}

function portsOf(a: Topology, b: Topology, nodes: ReadonlyMap<string, string>, links: ReadonlyMap<string, string>): Map<string, string> {
  const byName = new Map(b.links.map((link) => [link.name, link]));
  return new Map(a.links.flatMap((link) => {
    const now = byName.get(links.get(link.name) ?? "");
    if (now === undefined) return [];
    const turned = nodes.get(nodeOf(link.a)) !== nodeOf(now.a);
    return [[link.a, turned ? now.b : now.a], [link.b, turned ? now.a : now.b]] as const;
  }));
}

/** What a failure of the first design is called in the second; null: there is none. */
export function failureIn({ nodes, links, ports }: Matching, failure: string): string | null {
  const [, op = "", target = ""] = /^(hang |silent )?(.*)$/.exec(failure)!;
  const named = targetIn(nodes, links, ports, target);
  return named === null ? null : op + named;
}

function targetIn(nodes: ReadonlyMap<string, string>, links: ReadonlyMap<string, string>, ports: ReadonlyMap<string, string>, target: string): string | null {
  if (target.includes("--")) return links.get(target) ?? null;
  const card = /^card\/([^/]+)\/(.*)$/.exec(target);
  if (card !== null) { const node = nodes.get(card[1]!); return node === undefined ? null : `card/${node}/${card[2]}`; }
  if (target.includes("/")) return target; // of a name that is the same
  return (target.includes(":") ? ports.get(target) : nodes.get(target)) ?? null;
}
