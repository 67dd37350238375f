// What can fail, one at a time: nodes, cables and their directions, cards, and what makes several of them fail together.

import type { Step, Topology } from "../topology/model.ts";

export const FAILURE_KINDS = ["server", "switch", "hang", "link", "one-way", "card", "nic", "peer-link", "risk", "power", "site"] as const;
export type FailureKind = (typeof FAILURE_KINDS)[number];

export interface Failure {
  kind: FailureKind;
  /** as a scenario would name it */
  target: string;
  op: "fail" | "hang" | "silent";
  targets: Step["targets"];
  direction: Step["direction"];
  /** other failures that are this one: a dead port is to both ends what a cut cable is (assembly/events/fault.ts) */
  same: string[];
}

/** Those that take something away which others can see is gone. */
export const CUTS: readonly FailureKind[] = FAILURE_KINDS.filter((kind) => kind !== "hang" && kind !== "one-way");

export interface FailureChoice { kinds?: ReadonlySet<FailureKind> }

/** In an order that the file's order does not change. */
export function singleFailures(t: Topology, choice: FailureChoice = {}): Failure[] {
  const all = [...nodes(t), ...hangs(t), ...links(t), ...oneWays(t), ...cards(t), ...peerLinks(t), ...risks(t), ...feeds(t), ...sites(t)];
  return choice.kinds === undefined ? all : all.filter((f) => choice.kinds!.has(f.kind));
}

/** "leaf1", "hang leaf1", "silent leaf1:Eth1". */
export const failureName = (f: Pick<Failure, "op" | "target">): string => (f.op === "fail" ? f.target : `${f.op} ${f.target}`);

const failure = (kind: FailureKind, target: string, targets: Step["targets"], more: Partial<Failure> = {}): Failure => ({ kind, target, op: "fail", targets, direction: "both", same: [], ...more });
const nodeTargets = (names: readonly string[]): Step["targets"] => names.map((name) => ({ kind: "node", name }));

function nodes(t: Topology): Failure[] { return t.nodes.map((n) => failure(n.kind === "server" ? "server" : "switch", n.name, nodeTargets([n.name]))); }

function hangs(t: Topology): Failure[] { return t.nodes.map((n) => failure("hang", n.name, nodeTargets([n.name]), { op: "hang" })); }

function cables(t: Topology): Topology["links"] {
  const virtual = new Set(t.vms.flatMap((vm) => vm.links)); // no cables
  return t.links.filter((l) => !virtual.has(l.name));
}

function links(t: Topology): Failure[] { return cables(t).map((l) => failure("link", l.name, [{ kind: "link", name: l.name }], { same: [l.a, l.b] })); }

/** What one end sends is lost, and nobody loses carrier. Named by the port that sends, as `silent` does. */
function oneWays(t: Topology): Failure[] {
  return cables(t).flatMap((l) => [[l.a, "a-to-b"], [l.b, "b-to-a"]].map(([port, direction]) =>
    failure("one-way", port!, [{ kind: "link", name: l.name }], { op: "silent", direction: direction as Step["direction"] })));
}

function cards(t: Topology): Failure[] {
  return t.nodes.flatMap((n) => (n.cards ?? []).map((card) =>
    failure(n.kind === "server" ? "nic" : "card", `card/${n.name}/${card.name}`, card.ports.map((port) => ({ kind: "port", name: `${n.name}:${port}` })))));
}

function peerLinks(t: Topology): Failure[] {
  const lags = new Map(t.lags.map((l) => [l.name, l]));
  const cablesOf = new Map<string, number[]>(); // by port, places in t.links
  t.links.forEach((l, i) => { for (const end of [l.a, l.b]) cablesOf.set(end, [...(cablesOf.get(end) ?? []), i]); });
  return t.pairs.map((pair) => {
    const lag = lags.get(pair.peerLinks[0] ?? "");
    const places = new Set((lag?.members ?? []).flatMap((m) => cablesOf.get(`${lag!.node}:${m}`) ?? []));
    const own = [...places].sort((x, y) => x - y).map((i) => t.links[i]!);
    return failure("peer-link", `mlag/${pair.name}/peer-link`, own.map((l) => ({ kind: "link", name: l.name })));
  });
}

function risks(t: Topology): Failure[] {
  const groups = new Map<string, Step["targets"]>();
  for (const l of t.links) for (const risk of l.risk) groups.set(risk, [...(groups.get(risk) ?? []), { kind: "link", name: l.name }]);
  return byName(groups).map(([name, targets]) => failure("risk", `risk/${name}`, targets));
}

/** Who has no other feed dies; nobody may. */
function feeds(t: Topology): Failure[] {
  const names = new Map(t.nodes.flatMap((n) => (n.power ?? []).map((feed) => [feed, nodeTargets(fedBy(t, [feed]))] as const)));
  return byName(names).map(([name, targets]) => failure("power", `power/${name}`, targets));
}

/** The nodes that die with these feeds. */
export function fedBy(t: Topology, feeds: readonly string[]): string[] {
  return t.nodes.filter((n) => n.power !== undefined && n.power.length > 0 && n.power.every((feed) => feeds.includes(feed))).map((n) => n.name);
}

function sites(t: Topology): Failure[] {
  const names = new Map<string, string[]>();
  for (const n of t.nodes) if (n.site !== null) names.set(n.site, [...(names.get(n.site) ?? []), n.name]);
  return byName(names).map(([name, own]) => failure("site", `site/${name}`, nodeTargets(own)));
}

function byName<V>(map: ReadonlyMap<string, V>): [string, V][] { return [...map].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)); }
