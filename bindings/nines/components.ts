// What can fail in a topology, as processes: each node and cable in its own ways, peers together (common cause), ducts, feeds, sites, groups,
// people, windows of maintenance. What touches no service is left out.

import { topologyInNameOrder } from "../topology/order.ts";
import type { Link, Node, Topology } from "../topology/model.ts";
import { HOURS_PER_YEAR, spanHours, type FailureKind, type Failures, type Law, type Life } from "../topology/failures.ts";
import { DEFAULTS, FEEDS_BETA, fibreDefault, HUMAN, PEERS_BETA, type Default } from "./defaults.ts";
import { distributionOf } from "./distributions.ts";
import { keysOf } from "./draws.ts";
import type { Effect, Process, System } from "./model.ts";
import { feedSetsOf, peersOf } from "./peers.ts";
import { reachOf, type Reach } from "./reach.ts";

export interface Assumed { what: string; value: string; basis: string; unverified: boolean; uses: number }

export interface Components {
  system: System;
  assumed: Assumed[];
  /** nodes and cables that no service can notice */
  leftOut: { nodes: number; links: number };
}

const NO_FAILURES: Failures = { kinds: [], names: [], peersBeta: null, feedsBeta: null, shared: [], feeds: [], groups: [], maintenance: [], humanPerYear: null, humanMttr: null, crews: null };
const EXPONENTIAL = { kind: "exponential" } as const;

/** `flows`: they are asked about too, not only services and applications. */
export function componentsOf(topology: Topology, flows = false): Components {
  const known = made[flows ? "flows" : "services"];
  let found = known.get(topology);
  if (found === undefined) known.set(topology, found = new Maker(topologyInNameOrder(topology), flows).make());
  return found;
}

/** Each step of a question asks: worked out once a topology. */
const made = { flows: new WeakMap<Topology, Components>(), services: new WeakMap<Topology, Components>() };

/** A share of what hits one member hits all. */
interface Shared { name: string; nodes: string[]; beta: number }

class Maker {
  readonly #t: Topology;
  readonly #f: Failures;
  readonly #reach: Reach;
  readonly #nodes: ReadonlyMap<string, Node>;
  readonly #processes: Process[] = [];
  readonly #effects: Effect[] = [];
  readonly #effectOf = new Map<string, number>();
  readonly #assumed = new Map<string, Assumed>();
  readonly #shared: Shared[];

  constructor(t: Topology, flows: boolean) {
    this.#t = t;
    this.#f = t.failures ?? NO_FAILURES;
    this.#reach = reachOf(t, flows);
    this.#nodes = new Map(t.nodes.map((n) => [n.name, n]));
    const peers = peersOf(t).map(({ name, nodes }) => ({ name, nodes, beta: this.#f.peersBeta ?? this.#assume(PEERS_BETA.share, "common cause, peers", percent(PEERS_BETA.share), PEERS_BETA.basis) }));
    this.#shared = [...peers, ...this.#f.shared].map((s) => ({ ...s, nodes: s.nodes.filter((n) => this.#reach.nodes.has(n)) })).filter((s) => s.nodes.length > 1);
  }

  make(): Components {
    for (const node of this.#t.nodes) if (this.#reach.nodes.has(node.name)) this.#node(node);
    for (const link of this.#t.links) if (this.#reach.links.has(link.name)) this.#link(link);
    for (const shared of this.#shared) this.#commonCause(shared);
    this.#risks();
    this.#feeds();
    this.#cards();
    this.#sites();
    for (const g of this.#f.groups) this.#add(g.name, "group", this.#effect(g.name, g.nodes, g.links), this.#lifeOf(null, g.life));
    this.#people();
    this.#rounds();
    for (const [i, key] of keysOf(this.#processes.map((p) => p.name)).entries()) this.#processes[i]!.key = key;
    const all = this.#t.links.filter((l) => !this.#reach.virtual.has(l.name)).length;
    return {
      system: { processes: this.#processes, effects: this.#effects, crews: this.#f.crews }, assumed: [...this.#assumed.values()],
      leftOut: { nodes: this.#t.nodes.filter((n) => !this.#reach.nodes.has(n.name)).length, links: all - this.#reach.links.size },
    };
  }

  #node(node: Node): void {
    const named = this.#f.names.findLast((n) => n.nodes.includes(node.name));
    if (named !== undefined && named.life === null) return;
    const own = this.#waysOf(node, named?.as ?? null);
    // One life said for a node's name without a way: it fails in this one way.
    const ways = named !== undefined && named.as === null && named.life!.mtbf !== null ? [own.at(-1)!] : own;
    for (const kind of ways) {
      const life = this.#life(kind, named?.life ?? null);
      if (life === null) continue;
      const beta = this.#betaOf(node.name);
      this.#add(node.name, kind, this.#effect(node.name, [node.name], []), { ...life, mtbf: life.mtbf / Math.max(1 - beta, 1e-12) });
    }
  }

  #waysOf(node: Node, as: FailureKind[] | null): FailureKind[] {
    if (as !== null) return as;
    if (node.tier === 0) return ["server-crash", "server-hardware"];
    if (node.kind === "router" || node.tier >= 3) return ["core-hardware"];
    return node.tier === 2 ? ["spine-hardware"] : ["leaf-software", "leaf-hardware"];
  }

  #betaOf(node: string): number {
    return Math.min(1, this.#shared.filter((s) => s.nodes.includes(node)).reduce((sum, s) => sum + s.beta, 0));
  }

  /** The node of a cable's end. */
  #at(end: string): Node | undefined { return this.#nodes.get(end.slice(0, end.indexOf(":"))); }

  #link(link: Link): void {
    const named = this.#f.names.findLast((n) => n.links.includes(link.name));
    if (named !== undefined && named.life === null) return;
    const ends = [link.a, link.b].map((end) => this.#at(end));
    const server = ends.filter((n) => n?.kind === "server").length;
    const long = ends[0]?.site !== ends[1]?.site && ends.every((n) => n?.site != null);
    const own: FailureKind[] = [...new Array<FailureKind>(server).fill("nic"), ...(long && link.risk.length === 0 ? ["fibre" as const] : []), "link-flap", "link"];
    const ways = named?.as ?? (named !== undefined && named.life!.mtbf !== null ? ["link" as const] : own);
    const effect = this.#effect(link.name, [], [link.name]);
    ways.forEach((kind, i) => {
      const life = kind === "fibre" ? this.#fibre(link.delayNs, named?.life ?? null) : this.#life(kind, named?.life ?? null);
      if (life !== null) this.#add(link.name, kind === "nic" && server > 1 ? `nic ${i + 1}` : kind, effect, life);
    });
  }

  /** β of the first member's way to fail, done to all of them. */
  #commonCause({ name, nodes, beta }: Shared): void {
    const first = this.#nodes.get(nodes[0]!)!;
    const named = this.#f.names.findLast((n) => n.nodes.includes(first.name));
    if (beta === 0 || (named !== undefined && named.life === null)) return;
    const effect = this.#effect(`all of ${name}`, nodes, []);
    for (const kind of this.#waysOf(first, named?.as ?? null)) {
      const life = this.#life(kind, named?.life ?? null);
      if (life !== null) this.#add(`all of ${name}`, kind, effect, { ...life, mtbf: life.mtbf / beta });
    }
  }

  /** A duct is as long as its longest cable between sites; inside a building it fails as a cable does. */
  #risks(): void {
    const names = [...new Set(this.#t.links.flatMap((l) => l.risk))].sort();
    for (const name of names) {
      const links = this.#t.links.filter((l) => l.risk.includes(name));
      const siteOf = (end: string): string | null => this.#at(end)?.site ?? null;
      const long = links.filter((l) => siteOf(l.a) !== siteOf(l.b) && siteOf(l.a) !== null && siteOf(l.b) !== null);
      const longest = long.reduce((most, l) => (l.delayNs > most ? l.delayNs : most), 0n);
      const life = long.length > 0 ? this.#fibre(longest, null) : this.#life("link", null);
      if (life !== null) this.#add(`risk/${name}`, long.length > 0 ? "fibre" : "link", this.#effect(`risk/${name}`, [], links.map((l) => l.name)), life);
    }
  }

  /** Feeds that stand in for each other share causes. A node is down when all of its feeds are. */
  #feeds(): void {
    for (const feeds of feedSetsOf(this.#t)) {
      const own = new Map(feeds.map((name) => [name, this.#life("feed", this.#f.feeds.find((f) => f.name === name)?.life ?? null)!]));
      const nodes = (which: readonly string[]): string[] => this.#t.nodes.filter((n) => n.power?.some((f) => which.includes(f))).map((n) => n.name);
      const beta = feeds.length < 2 ? 0 : this.#f.feedsBeta ?? this.#assume(FEEDS_BETA.share, "common cause, feeds", percent(FEEDS_BETA.share), FEEDS_BETA.basis);
      for (const [name, life] of own) this.#add(`power/${name}`, "feed", this.#feedEffect(name, nodes([name])), { ...life, mtbf: life.mtbf / Math.max(1 - beta, 1e-12) });
      if (beta === 0) continue;
      const first = own.get(feeds[0]!)!;
      this.#add(`power/${feeds.join("+")}`, "feed", this.#effect(`power/${feeds.join("+")}`, nodes(feeds), []), { ...first, mtbf: first.mtbf / beta });
    }
  }

  /** Only where the file says how often: there is no default. */
  #cards(): void {
    if (!this.#f.kinds.some((k) => k.kind === "card" && k.life !== null)) return;
    for (const node of this.#t.nodes) {
      for (const card of node.cards ?? []) {
        const ports = new Set(card.ports.map((p) => `${node.name}:${p}`));
        const links = this.#t.links.filter((l) => ports.has(l.a) || ports.has(l.b)).map((l) => l.name);
        this.#add(`card/${node.name}/${card.name}`, "card", this.#effect(`card/${node.name}/${card.name}`, [], links), this.#lifeOf(null, null, "card"));
      }
    }
  }

  #sites(): void {
    for (const name of [...new Set(this.#t.nodes.flatMap((n) => n.site ?? []))].sort()) {
      const life = this.#life("site", null);
      if (life !== null) this.#add(`site/${name}`, "site", this.#effect(`site/${name}`, this.#t.nodes.filter((n) => n.site === name).map((n) => n.name), []), life);
    }
  }

  /** An error hits one of the peers, or all of them with the share of common causes. */
  #people(): void {
    const perYear = this.#f.humanPerYear ?? (this.#shared.length === 0 ? 0 : this.#assume(HUMAN.perYear, "human error, of each set of peers", `${HUMAN.perYear} a year`, HUMAN.basis));
    if (perYear === 0) return;
    const mttr = this.#f.humanMttr ?? (this.#shared.length === 0 ? HUMAN.mttr : this.#assume(HUMAN.mttr, "human error lasts", "45 min", HUMAN.basis));
    for (const { name, nodes, beta } of this.#shared) {
      const events = (share: number) => ({ mtbf: HOURS_PER_YEAR / (perYear * share), mttr, toFailure: EXPONENTIAL, toRepair: EXPONENTIAL, crew: false });
      if (beta < 1) for (const node of nodes) this.#add(node, "human-error", this.#effect(node, [node], []), events((1 - beta) / nodes.length));
      if (beta > 0) this.#add(`all of ${name}`, "human-error", this.#effect(`all of ${name}`, nodes, []), events(beta));
    }
  }

  #rounds(): void {
    for (const [round, { name, nodes, every, length }] of this.#f.maintenance.entries()) {
      for (const [i, node] of nodes.entries()) {
        if (!this.#reach.nodes.has(node)) continue;
        this.#processes.push({
          key: 0, name: `${node}, maintenance ${name}`, cause: node, kind: "maintenance", effect: this.#effect(node, [node], []), crew: false, orderly: true,
          toFailure: distributionOf({ kind: "deterministic" }, every - length), toRepair: distributionOf({ kind: "deterministic" }, length),
          window: { round, every, length, begins: i / nodes.length },
        });
      }
    }
  }

  /** What the file says of the name, else of the kind, else the default. Null: never. */
  #life(kind: FailureKind, own: Life | null): Known | null {
    if (kind === "fibre") return this.#fibre(0n, own);
    return this.#lifeOf(kind === "card" ? null : DEFAULTS[kind], own, kind);
  }

  #fibre(delayNs: bigint, own: Life | null): Known | null {
    const found = fibreDefault(delayNs);
    return this.#lifeOf(found, own, "fibre", `, ${Math.round(found.km)} km`);
  }

  #lifeOf(ours: Default | null, own: Life | null, kind?: FailureKind, detail = ""): Known {
    const said = this.#f.kinds.findLast((k) => k.kind === kind);
    const of = said?.life ?? null;
    const ourOwn: string[] = [];
    const mean = (word: "mtbf" | "mttr", law: "toFailure" | "toRepair"): number => {
      for (const life of [own, of]) {
        const written = life?.[law];
        if (written?.kind === "trace") return written.hours.reduce((a, b) => a + b, 0) / written.hours.length;
        if (life?.[word] != null) return life[word];
      }
      ourOwn.push(`${word} ${spanText(ours![word])}`);
      return ours![word];
    };
    const never = said !== undefined && said.life === null && own?.mtbf == null;
    const life = {
      mtbf: never ? Infinity : mean("mtbf", "toFailure"), mttr: never ? 1 : mean("mttr", "toRepair"),
      toFailure: own?.toFailure ?? of?.toFailure ?? EXPONENTIAL, toRepair: own?.toRepair ?? of?.toRepair ?? EXPONENTIAL, crew: own?.crew ?? of?.crew ?? ours?.crew ?? true,
    };
    if (ourOwn.length > 0) this.#assume(0, `${kind}${detail}`, ourOwn.join(", "), ours!.basis, ours!.unverified);
    return life;
  }

  #assume(value: number, what: string, shown: string, basis: string, unverified = false): number {
    const known = this.#assumed.get(what);
    if (known === undefined) this.#assumed.set(what, { what, value: shown, basis, unverified, uses: 1 }); else known.uses++;
    return value;
  }

  #add(cause: string, kind: string, effect: number, life: Known): void {
    const { nodes, links } = this.#effects[effect]!;
    if (!Number.isFinite(life.mtbf) || nodes.length + links.length === 0) return;
    this.#processes.push({ key: 0, name: `${cause}, ${kind}`, cause, kind, effect, toFailure: distributionOf(life.toFailure, life.mtbf), toRepair: distributionOf(life.toRepair, life.mttr), crew: life.crew, window: null, orderly: false });
  }

  /** Processes that take the same things down share an effect. */
  #effect(name: string, nodes: readonly string[], links: readonly string[]): number {
    return this.#known(`${nodes.join(" ")}|${links.join(" ")}`, { name, nodes: this.#seen(nodes), links: links.filter((l) => this.#reach.links.has(l)), feed: null });
  }

  #feedEffect(name: string, nodes: readonly string[]): number {
    return this.#known(`power/${name}`, { name: `power/${name}`, nodes: this.#seen(nodes), links: [], feed: name });
  }

  #seen(nodes: readonly string[]): string[] {
    return nodes.filter((n) => this.#reach.nodes.has(n) || this.#reach.ends.has(n));
  }

  #known(key: string, effect: Effect): number {
    let at = this.#effectOf.get(key);
    if (at === undefined) { at = this.#effects.push(effect) - 1; this.#effectOf.set(key, at); }
    const known = this.#effects[at]!;
    if (!known.name.split(" or ").includes(effect.name)) known.name += ` or ${effect.name}`; // a site may be what two feeds supply
    return at;
  }
}

interface Known { mtbf: number; mttr: number; toFailure: Law; toRepair: Law; crew: boolean }

const percent = (share: number): string => `${Number((share * 100).toPrecision(3))} %`;

/** 8760 h → "1 y", 0.0833 h → "5 min". */
export function spanText(hours: number): string {
  const text = (value: number, unit: string): string => `${Number(value.toPrecision(3))} ${unit}`;
  if (hours >= HOURS_PER_YEAR) return text(hours / HOURS_PER_YEAR, "y");
  if (hours >= 1) return text(hours, "h");
  if (hours >= spanHours("1m")) return text(hours * 60, "min");
  return text(hours * 3600, "s");
}
