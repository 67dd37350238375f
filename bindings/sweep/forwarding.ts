// By what frames can get from one server to another, as a graph: cables that carry their VLAN, the routers of it, and routes that go up, at most
// once across, and down (docs/decisions/0003). What protocols make of it, and for how long, is not in it.

import type { Topology } from "../topology/model.ts";

/** A step from a vertex, or to it, and the cable that it takes, if it takes one. */
interface Edge { other: number; cable: number }

const PHASES = 3; // of a routed way: still up, across done, down

/** Nodes and cables are numbered together: elements that may be missing. */
export class Forwarding {
  readonly elements: string[] = [];
  readonly #number = new Map<string, number>();
  readonly #vertices = new Map<string, number>();
  readonly #verticesOf = new Map<number, number[]>(); // of a node
  readonly #node: number[] = []; // of a vertex, as an element
  /** Out of a vertex to others of switches, and into one of a server: a way ends at a server or does not come by it, so that of thousands only one is looked at. */
  readonly #edges: Edge[][] = [];
  readonly #into = new Map<number, Edge[]>();
  readonly #servers: ReadonlySet<number>;
  #search: Search | null = null;
  readonly #virtual: ReadonlySet<string>;

  constructor(t: Topology) {
    this.#virtual = new Set(t.vms.flatMap((vm) => vm.links));
    const nodes = new Map(t.nodes.map((n) => [n.name, n]));
    const ports = new Map(t.ports.map((p) => [`${p.node}:${p.name}`, p]));
    const vlansOf = new Map<string, Set<number>>(); // of a router, and of a server: where it has an address
    for (const a of t.addresses) if (a.vlan !== 0) vlansOf.set(a.node, (vlansOf.get(a.node) ?? new Set()).add(a.vlan));
    for (const n of t.nodes) this.#element(n.name);
    this.#servers = new Set(t.nodes.flatMap((n) => (n.kind === "server" ? [this.#element(n.name)] : [])));
    for (const { name, a, b } of t.links) {
      const [p, q] = [ports.get(a), ports.get(b)];
      if (p === undefined || q === undefined) continue;
      const cable = this.#virtual.has(name) ? -1 : this.#element(name);
      if (p.mode === "routed" && q.mode === "routed") { this.#route(p.node, q.node, nodes.get(p.node)!.tier, nodes.get(q.node)!.tier, cable); continue; }
      const carried = (end: typeof p): Iterable<number> => (nodes.get(end.node)!.kind === "server" ? (vlansOf.get(end.node) ?? []) : end.vlans);
      const theirs = new Set(carried(q));
      for (const vlan of carried(p)) if (theirs.has(vlan)) this.#join(this.#at(p.node, `v${vlan}`), this.#at(q.node, `v${vlan}`), cable);
    }
    for (const n of t.nodes) {
      if (n.kind === "server") continue;
      for (const vlan of vlansOf.get(n.name) ?? []) {
        this.#lead(this.#at(n.name, `v${vlan}`), this.#at(n.name, "r0"), -1);
        for (let phase = 0; phase < PHASES; phase++) this.#lead(this.#at(n.name, `r${phase}`), this.#at(n.name, `v${vlan}`), -1);
      }
    }
  }

  element(name: string): number | undefined { return this.#number.get(name); }

  #element(name: string): number {
    let number = this.#number.get(name);
    if (number === undefined) this.#number.set(name, number = this.elements.push(name) - 1);
    return number;
  }

  #at(node: string, plane: string): number {
    const key = `${node} ${plane}`;
    let vertex = this.#vertices.get(key);
    if (vertex === undefined) {
      this.#vertices.set(key, vertex = this.#node.push(this.#element(node)) - 1);
      this.#edges.push([]);
      this.#verticesOf.set(this.#element(node), [...(this.#verticesOf.get(this.#element(node)) ?? []), vertex]);
    }
    return vertex;
  }

  #lead(from: number, to: number, cable: number): void {
    if (!this.#servers.has(this.#node[to]!)) { this.#edges[from]!.push({ other: to, cable }); return; }
    const into = this.#into.get(to);
    if (into === undefined) this.#into.set(to, [{ other: from, cable }]); else into.push({ other: from, cable });
  }

  #join(a: number, b: number, cable: number): void {
    this.#lead(a, b, cable);
    this.#lead(b, a, cable);
  }

  #route(a: string, b: string, tierA: number, tierB: number, cable: number): void {
    for (const [from, to, up] of [[a, b, tierB - tierA], [b, a, tierA - tierB]] as const) {
      if (up > 0) this.#lead(this.#at(from, "r0"), this.#at(to, "r0"), cable);
      else if (up === 0) this.#lead(this.#at(from, "r0"), this.#at(to, "r1"), cable);
      else for (let phase = 0; phase < PHASES; phase++) this.#lead(this.#at(from, `r${phase}`), this.#at(to, "r2"), cable);
    }
  }

  /** A way without the elements that are missing, by as few steps as can be, as the elements by which it goes; null: there is none. */
  way(from: string, to: string, missing: ReadonlySet<number>): number[] | null {
    const [start, end] = [this.#element(from), this.#element(to)];
    if (missing.has(start) || missing.has(end)) return null;
    const search = this.#search ??= new Search(this.#node.length);
    search.begin();
    const last = this.#lastSteps(end, missing);
    let front = this.#verticesOf.get(start) ?? [];
    for (const v of front) search.reach(v, -1, -1);
    while (front.length > 0) {
      const next: number[] = [];
      for (const v of front) {
        const cable = last.get(v);
        if (cable !== undefined) return this.#back(v, search, cable < 0 ? [end] : [end, cable]);
        for (const { other: w, cable: by } of this.#edges[v]!) {
          if (search.reached(w) || missing.has(by) || missing.has(this.#node[w]!)) continue;
          search.reach(w, v, by);
          next.push(w);
        }
      }
      front = next;
    }
    return null;
  }

  /** From which vertices it is one step to a node, and by which cable; of a switch, its own vertices and no cable. */
  #lastSteps(end: number, missing: ReadonlySet<number>): Map<number, number> {
    const own = this.#verticesOf.get(end) ?? [];
    if (!this.#servers.has(end)) return new Map(own.map((v) => [v, -1]));
    return new Map(own.flatMap((v) => (this.#into.get(v) ?? []).filter(({ cable }) => !missing.has(cable)).map(({ other, cable }) => [other, cable] as const)));
  }

  #back(from: number, search: Search, end: readonly number[]): number[] {
    const found = new Set(end);
    for (let v = from; v >= 0; v = search.before[v]!) {
      found.add(this.#node[v]!);
      if (search.cable[v]! >= 0) found.add(search.cable[v]!);
    }
    return [...found];
  }
}

/** By which step each vertex was reached. One for all searches: a new one only counts on. */
class Search {
  readonly before: Int32Array;
  readonly cable: Int32Array;
  readonly #when: Int32Array;
  #now = 0;

  constructor(vertices: number) { [this.before, this.cable, this.#when] = [new Int32Array(vertices), new Int32Array(vertices), new Int32Array(vertices)]; }

  begin(): void { this.#now += 1; }
  reached(v: number): boolean { return this.#when[v] === this.#now; }
  reach(v: number, before: number, cable: number): void {
    this.#when[v] = this.#now;
    this.before[v] = before;
    this.cable[v] = cable;
  }
}
