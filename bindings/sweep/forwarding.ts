// By what frames can get from one server to another, as a graph: cables that carry their VLAN, the routers of it, and routes that go up, at most
// once across, and down (docs/decisions/0003). What protocols make of it, and for how long, is not in it.

import type { Topology } from "../topology/model.ts";

/** One way out of a vertex, and the cable that it takes, if it takes one. */
interface Edge { to: number; cable: number }

const PHASES = 3; // of a routed way: still up, across done, down

/** Nodes and cables are numbered together: elements that may be missing. */
export class Forwarding {
  readonly elements: string[] = [];
  readonly #number = new Map<string, number>();
  readonly #vertices = new Map<string, number>();
  readonly #verticesOf = new Map<number, number[]>(); // of a node
  readonly #node: number[] = []; // of a vertex, as an element
  readonly #edges: Edge[][] = [];
  readonly #virtual: ReadonlySet<string>;

  constructor(t: Topology) {
    this.#virtual = new Set(t.vms.flatMap((vm) => vm.links));
    const nodes = new Map(t.nodes.map((n) => [n.name, n]));
    const ports = new Map(t.ports.map((p) => [`${p.node}:${p.name}`, p]));
    const vlansOf = new Map<string, Set<number>>(); // of a router, and of a server: where it has an address
    for (const a of t.addresses) if (a.vlan !== 0) vlansOf.set(a.node, (vlansOf.get(a.node) ?? new Set()).add(a.vlan));
    for (const n of t.nodes) this.#element(n.name);
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
        this.#edges[this.#at(n.name, `v${vlan}`)]!.push({ to: this.#at(n.name, "r0"), cable: -1 });
        for (let phase = 0; phase < PHASES; phase++) this.#edges[this.#at(n.name, `r${phase}`)]!.push({ to: this.#at(n.name, `v${vlan}`), cable: -1 });
      }
    }
    this.#servers = new Set(t.nodes.flatMap((n) => (n.kind === "server" ? [this.#element(n.name)] : [])));
  }

  readonly #servers: ReadonlySet<number>;

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

  #join(a: number, b: number, cable: number): void {
    this.#edges[a]!.push({ to: b, cable });
    this.#edges[b]!.push({ to: a, cable });
  }

  #route(a: string, b: string, tierA: number, tierB: number, cable: number): void {
    for (const [from, to, up] of [[a, b, tierB - tierA], [b, a, tierA - tierB]] as const) {
      if (up > 0) this.#edges[this.#at(from, "r0")]!.push({ to: this.#at(to, "r0"), cable });
      else if (up === 0) this.#edges[this.#at(from, "r0")]!.push({ to: this.#at(to, "r1"), cable });
      else for (let phase = 0; phase < PHASES; phase++) this.#edges[this.#at(from, `r${phase}`)]!.push({ to: this.#at(to, "r2"), cable });
    }
  }

  /** A shortest way without the elements that are missing, as the elements by which it goes; null: there is none. */
  way(from: string, to: string, missing: ReadonlySet<number>): number[] | null {
    const [start, end] = [this.#element(from), this.#element(to)];
    if (missing.has(start) || missing.has(end)) return null;
    const came = new Map<number, { before: number; cable: number }>();
    let front = this.#verticesOf.get(start) ?? [];
    for (const v of front) came.set(v, { before: -1, cable: -1 });
    while (front.length > 0) {
      const next: number[] = [];
      for (const v of front) {
        for (const { to: w, cable } of this.#edges[v]!) {
          const node = this.#node[w]!;
          if (came.has(w) || missing.has(cable) || missing.has(node) || (this.#servers.has(node) && node !== end)) continue;
          came.set(w, { before: v, cable });
          if (node === end) return this.#back(w, came);
          next.push(w);
        }
      }
      front = next;
    }
    return null;
  }

  #back(end: number, came: ReadonlyMap<number, { before: number; cable: number }>): number[] {
    const found = new Set<number>();
    for (let v = end; v >= 0;) {
      const { before, cable } = came.get(v)!;
      found.add(this.#node[v]!);
      if (cable >= 0) found.add(cable);
      v = before;
    }
    return [...found];
  }
}
