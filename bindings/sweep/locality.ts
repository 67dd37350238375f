// Which two failures can meet, by proof (docs/sweep.md). A failure's reach: the nodes to which anything happened in its run that did not happen in
// the run without it. Two failures whose reaches neither meet nor are joined by a cable, and of which neither moves a flow or service that
// depends on the other's reach, do together what each does alone.

import type { Session } from "../engine/index.ts";
import type { Topology } from "../topology/model.ts";
import { Bits } from "./bits.ts";
import { fedBy, type Failure } from "./failures.ts";

/** The run in which nothing fails. */
export interface Quiet {
  touched: ReturnType<Session["touched"]>;
  nodes: number;
  /** nodes that any walk of a flow led by, flow by flow */
  ways: Bits[];
  flows: readonly string[];
  neighbours: readonly (readonly [number, number])[];
  twins: readonly (readonly [number, number])[];
}

export async function quietRun(session: Session, untilNs: bigint): Promise<Quiet> {
  session.startTouched();
  await session.runTo(untilNs);
  const { nodes, flows, neighbours, twins } = session.joined();
  return { touched: session.touched(), nodes: nodes.length, ways: session.wayNodes().map((bytes) => Bits.ofBytes(bytes)), flows, neighbours, twins };
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

export class Locality {
  readonly #quiet: Quiet;
  readonly #neighbours: number[][];
  readonly #subjects: Bits[]; // nodes of each
  readonly #subjectOf: number[]; // by flow

  constructor(t: Topology, quiet: Quiet) {
    this.#quiet = quiet;
    this.#neighbours = Array.from({ length: quiet.nodes }, () => []);
    for (const [a, b] of quiet.neighbours) { this.#neighbours[a]!.push(b); this.#neighbours[b]!.push(a); }
    const groups = new Map<string, Bits>(); // the flows of a service or an application stand and fall together
    const groupOf = new Map(t.flows.map((f) => [f.name, f.service === null ? `flow ${f.name}` : `service ${f.service}`]));
    quiet.flows.forEach((name, i) => {
      const key = groupOf.get(name) ?? `flow ${name}`;
      const bits = groups.get(key) ?? new Bits(quiet.nodes);
      for (const node of quiet.ways[i]!.members()) if (node < quiet.nodes) bits.add(node);
      groups.set(key, bits);
    });
    this.#subjects = [...groups.values()];
    const places = new Map([...groups.keys()].map((key, i) => [key, i]));
    this.#subjectOf = quiet.flows.map((name) => places.get(groupOf.get(name) ?? `flow ${name}`)!);
  }

  around({ nodes, flows }: Reach): Surroundings {
    const reach = new Bits(nodes.words.slice());
    for (const [node, twin] of this.#quiet.twins) if (nodes.has(node)) reach.add(twin);
    const near = new Bits(reach.words.slice());
    for (const node of reach.members()) for (const next of this.#neighbours[node]!) near.add(next);
    const subjects = new Bits(this.#subjects.length);
    this.#subjects.forEach((nodes, i) => { if (nodes.meets(reach)) subjects.add(i); });
    const moved = new Bits(this.#subjects.length);
    for (const flow of flows.members()) moved.add(this.#subjectOf[flow]!);
    return { reach, near, subjects, moved };
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
