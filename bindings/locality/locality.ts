// Which two failures can meet, by proof (docs/sweep.md). A failure's reach: the nodes, and parts of nodes that only route, to which anything happened
// in its run that did not happen in the run without it. Two failures whose reaches neither meet nor are joined by a cable, that move no flow, service or
// application together, and whose news of routes is never under way at one router at the same time, do together what each does alone.

import type { Session, Touched } from "../engine/index.ts";
import type { Topology } from "../topology/model.ts";

/** Of a failure's run: what went through something else than in the run without it, by number (`Session.touched`). */
export interface Reach {
  touched: number[];
  /** flows, services and applications (`subjectsOf`) whose frames it led elsewhere, or lost */
  moved: number[];
  /** of each router that only routes: it, and from when to when there was news to work through, in ns */
  news: number[];
}

/** `quiet`: the run without it, to the same instant. `subjectOf`: by flow, as the engine numbers them. */
export function reachOf(own: Touched, quiet: Touched, subjectOf: readonly number[]): Reach {
  const news: number[] = [];
  for (let i = 0; i < own.news.length; i += 3) {
    const [node, from, to] = own.news.subarray(i, i + 3) as unknown as [number, number, number];
    if (from !== quiet.news[i + 1] || to !== quiet.news[i + 2]) news.push(node, from, to);
  }
  return { touched: others(own.sums, quiet.sums), moved: inOrder(others(own.flows, quiet.flows).map((flow) => subjectOf[flow]!)), news };
}

/** Which of the sums are not those of the other run: numbers of 64 bits, each as two halves. */
function others(own: Uint32Array, theirs: Uint32Array): number[] {
  const found: number[] = [];
  for (let i = 0; i < own.length; i += 2) if (own[i] !== theirs[i] || own[i + 1] !== theirs[i + 1]) found.push(i >> 1);
  return found;
}

const inOrder = (numbers: Iterable<number>): number[] => [...new Set(numbers)].sort((a, b) => a - b);

/** What stands and falls together: a flow, or all flows of a service or an application. Numbers by flow, in the order of `names`. */
export function subjectsOf(t: Topology, names: readonly string[]): number[] {
  const numbers = new Map<string, number>();
  const subjectOf = new Map(t.flows.map((f) => {
    const key = f.service === null ? `flow ${f.name}` : `service ${f.service}`;
    if (!numbers.has(key)) numbers.set(key, numbers.size);
    return [f.name, numbers.get(key)!] as const;
  }));
  return names.map((name) => subjectOf.get(name)!);
}

/** What is joined to what, as plain data: numbers as in `Reach`. */
export interface Joins {
  /** what is at both ends of a cable, in turn; and the parts of one router that read each other */
  joined: number[];
  /** of a node that only routes: it, its first part, and the one behind its last */
  spans: number[];
  /** peers of an MC-LAG pair, in turn: they share tables, and count as one */
  twins: number[];
}

export function joinsOf(t: Topology, session: Session): Joins {
  const { joined, spans } = session.parts();
  const place = new Map(session.names.nodes.map((name, i) => [name, i]));
  const twins = t.pairs.flatMap(({ peers }) => peers.map((name) => place.get(name)!));
  return { joined, spans, twins };
}

/** What of a failure decides whom it can meet; numbers in order. */
export interface Surroundings {
  reach: readonly number[];
  /** and all that is joined to it */
  near: readonly number[];
  moved: readonly number[];
  news: readonly number[];
}

export class Locality {
  readonly #joined = new Map<number, number[]>();
  readonly #map: Joins;

  constructor(map: Joins) {
    this.#map = map;
    const join = (a: number, b: number): void => { const list = this.#joined.get(a); if (list === undefined) this.#joined.set(a, [b]); else list.push(b); };
    for (let i = 0; i < map.joined.length; i += 2) {
      join(map.joined[i]!, map.joined[i + 1]!);
      join(map.joined[i + 1]!, map.joined[i]!);
    }
  }

  around({ touched, moved, news }: Reach): Surroundings {
    const reach = new Set(touched);
    const { twins, spans } = this.#map;
    for (let i = 0; i < twins.length; i += 2) if (reach.has(twins[i]!) || reach.has(twins[i + 1]!)) { reach.add(twins[i]!); reach.add(twins[i + 1]!); }
    for (let i = 0; i < spans.length; i += 3) if (reach.has(spans[i]!)) for (let part = spans[i + 1]!; part < spans[i + 2]!; part++) reach.add(part);
    const near = new Set(reach);
    for (const one of reach) for (const next of this.#joined.get(one) ?? []) near.add(next);
    return { reach: inOrder(reach), near: inOrder(near), moved, news };
  }
}

export const mayMeet = (a: Surroundings, b: Surroundings): boolean => meet(a.near, b.reach) || meet(a.moved, b.moved) || newsMeet(a.news, b.news);

/** Have they a number in common? Both are in order. */
function meet(a: readonly number[], b: readonly number[]): boolean {
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    if (a[i] === b[j]) return true;
    if (a[i]! < b[j]!) i++; else j++;
  }
  return false;
}

/** News that is worked through at one router at the same time may be told in one go. */
function newsMeet(a: readonly number[], b: readonly number[]): boolean {
  for (let i = 0; i < a.length; i += 3) for (let j = 0; j < b.length; j += 3) if (a[i] === b[j] && a[i + 1]! <= b[j + 2]! && b[j + 1]! <= a[i + 2]!) return true;
  return false;
}
