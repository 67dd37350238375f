// Which two failures can meet, by proof (docs/sweep.md). A failure's reach: the nodes to which anything happened in its run that did not happen in
// the run without it. Two failures whose reaches neither meet nor are joined by a cable, and of which neither moves a flow or service that
// depends on the other's reach, do together what each does alone.

import type { Session } from "../engine/index.ts";
import type { Topology } from "../topology/model.ts";
import { Bits } from "./bits.ts";
import { fedBy, type Failure } from "./failures.ts";

/** The run in which nothing fails: what nodes and flows go through, and the nodes by which each flow's walks ever led. */
export interface Quiet { touched: ReturnType<Session["touched"]>; ways: Bits[] }

export async function quietRun(session: Session, untilNs: bigint): Promise<Quiet> {
  session.startTouched();
  await session.runTo(untilNs);
  return { touched: session.touched(), ways: session.wayNodes().map((bytes) => Bits.ofBytes(bytes)) };
}

/** Of a failure's run: nodes, and flows, that went through something else than in the quiet run. */
export interface Reach { nodes: Bits; flows: Bits }

export function reachOf(session: Session, quiet: Quiet): Reach {
  const { nodes, flows } = session.touched();
  const other = (own: BigUint64Array, theirs: BigUint64Array): Bits => {
    const bits = new Bits(own.length);
    own.forEach((sum, i) => { if (sum !== theirs[i]) bits.add(i); });
    return bits;
  };
  return { nodes: other(nodes, quiet.touched.nodes), flows: other(flows, quiet.touched.flows) };
}

/** What stands and falls together: a flow, or all flows of a service or an application. Numbers by flow, in the topology's order. */
export function subjectsOf(t: Topology): { subjectOf: number[]; count: number } {
  const numbers = new Map<string, number>();
  const subjectOf = t.flows.map((f) => {
    const key = f.service === null ? `flow ${f.name}` : `service ${f.service}`;
    if (!numbers.has(key)) numbers.set(key, numbers.size);
    return numbers.get(key)!;
  });
  return { subjectOf, count: numbers.size };
}

/** What of a failure decides whom it can meet. */
export interface Surroundings {
  /** its reach; peers of an MC-LAG pair, which share tables, count as one */
  reach: Bits;
  /** and all that a cable joins to it */
  near: Bits;
  /** flows, services and applications that depend on any of its reach, */
  subjects: Bits;
  /** and those of them whose frames it leads elsewhere, or loses */
  moved: Bits;
}

/** Nodes and flows in the topology's order. */
export class Locality {
  readonly #nodes: number;
  readonly #neighbours: number[][];
  readonly #twins: [number, number][];
  readonly #ways: readonly Bits[]; // of subjects

  constructor(t: Topology, ways: readonly Bits[]) {
    const place = new Map(t.nodes.map((n, i) => [n.name, i]));
    this.#nodes = t.nodes.length;
    this.#ways = ways;
    this.#neighbours = t.nodes.map(() => []);
    for (const { a, b } of t.links) {
      const [x, y] = [a, b].map((end) => place.get(end.slice(0, end.indexOf(":")))!) as [number, number];
      this.#neighbours[x]!.push(y);
      this.#neighbours[y]!.push(x);
    }
    this.#twins = t.pairs.map(({ peers }) => peers.map((name) => place.get(name)!) as [number, number]);
  }

  around(nodes: readonly number[], moved: readonly number[]): Surroundings {
    const reach = Bits.of(this.#nodes, nodes);
    for (const [a, b] of this.#twins) if (reach.has(a) || reach.has(b)) { reach.add(a); reach.add(b); }
    const near = new Bits(reach.words.slice());
    for (const node of reach.members()) for (const next of this.#neighbours[node]!) near.add(next);
    const subjects = new Bits(this.#ways.length);
    this.#ways.forEach((way, i) => { if (way.meets(reach)) subjects.add(i); });
    return { reach, near, subjects, moved: Bits.of(this.#ways.length, moved) };
  }
}

export const mayMeet = (a: Surroundings, b: Surroundings): boolean => a.near.meets(b.reach) || a.moved.meets(b.subjects) || b.moved.meets(a.subjects);

/** Two feeds together take down more than each: who has both. */
export function shareFeeds(t: Topology, a: Failure, b: Failure): boolean {
  if (a.kind !== "power" || b.kind !== "power") return false;
  return fedBy(t, [feedOf(a), feedOf(b)]).length > new Set([...a.targets, ...b.targets].map((x) => x.name)).size;
}

const feedOf = (f: Failure): string => f.target.slice("power/".length);

/** Failures that happen together, as what fails: of two feeds also who has no third one. */
export function together(t: Topology, failures: readonly Failure[]): Failure[] {
  const feeds = failures.filter((f) => f.kind === "power");
  if (feeds.length < 2) return [...failures];
  const dead = fedBy(t, feeds.map(feedOf)).map((name) => ({ kind: "node" as const, name }));
  return [...failures.filter((f) => f.kind !== "power"), { ...feeds[0]!, target: `power/${feeds.map(feedOf).join("+")}`, targets: dead }];
}
