// The network whole, after each single failure, and after pairs of them: each settled by simulation from one warm copy that has seen all
// traffic, which is then placed anew. Rows of a question (bindings/batch): each is a function of the topology, the seed and what fails.

import type { Items, Lab, Plain, Question } from "../batch/index.ts";
import type { Session, SessionSnapshot } from "../engine/index.ts";
import { CUTS, failureName, singleFailures, type Failure, type FailureKind } from "../sweep/index.ts";
import type { Step, Topology } from "../topology/model.ts";
import { aboutOf, type About } from "./about.ts";
import { groupsOf, type Group } from "./balance.ts";
import { directionsOf, nodeOfPort } from "./cables.ts";
import { inPairs, pairAt } from "./pairs.ts";
import { capacities, overloadLossMbps, place, type State } from "./place.ts";
import { resultOf, type CapacityResult } from "./result.ts";
import { trafficOf, type Traffic } from "./traffic.ts";

/** `kinds`: of single failures, null: all. `limit`, `oversubscription`: what is a finding; a share, a ratio. */
export type CapacityOptions = { failures: 0 | 1 | 2; kinds: FailureKind[] | null; limit: number; oversubscription: number | null };

export type Row = {
  /** a pair of failures that do not meet: each cable's load is that after one of the two */
  apart?: true;
  /** port and Mbit/s: of the whole network all, of a failure those that it changes */
  loads: [port: number, mbps: number][];
  offered: number;
  delivered: number;
  lost: number;
  gone: number;
  overload: number;
  flooded: number;
  restless: boolean;
  lostOf: [source: number, mbps: number][];
  /** of the whole network */
  groups?: Group[];
  /** of the whole network: what the tightest cable on the ways of each source's flows can carry, and its port */
  tightest?: [port: number, mbps: number][];
};

/** After a failure: slow LACP, hold times and neighbour probes are over. */
const SETTLED_NS = 120_000_000_000n;
const NOWHERE = { line: 0, col: 0, length: 0 };

type Item = { fail: Failure[] };

export const question: Question<CapacityOptions, Item, Row, CapacityResult> = {
  name: "capacity", version: 1, module: import.meta.url, chunk: 8,
  warm: (t) => ({ run: { spareSteps: Math.max(256, t.nodes.length + t.links.length) } }),
  plan: planOf,
  about: (t, options) => aboutOf(t, failuresOf(t, options)) as unknown as Plain,
  answer,
  finish: (rows, options, about) => resultOf(rows, options, about as unknown as About),
};

export function failuresOf(t: Topology, { failures, kinds }: CapacityOptions): Failure[] {
  return failures === 0 ? [] : singleFailures(t, { kinds: new Set(kinds ?? CUTS) });
}

/** Nothing fails; each failure; with two failures, each pair of them, the later one of the list second. */
function planOf(t: Topology, options: CapacityOptions): Items<Item> {
  const singles = failuresOf(t, options);
  const both = options.failures === 2 ? singles.filter((f) => inPairs(f.kind)) : [];
  const first = 1 + singles.length;
  return {
    length: first + (both.length * (both.length - 1)) / 2,
    at(index) {
      if (index === 0) return { fail: [] };
      if (index < first) return { fail: [singles[index - 1]!] };
      const [i, j] = pairAt(index - first, both.length);
      return { fail: [both[i]!, both[j]!] };
    },
  };
}

/** What a worker knows of its topology, and the copies that it goes on from. */
interface Bench { topology: Topology; traffic: Traffic; capacity: Float64Array; whole: State; warm: SessionSnapshot; reached: Map<string, Set<string>>; after: { name: string; at: SessionSnapshot } | null }

async function openBench(lab: Lab): Promise<Bench> {
  const { topology } = lab;
  const traffic = trafficOf(topology, lab.seed);
  const session = lab.fresh();
  const whole = await place(session, traffic, new Set());
  return { topology, traffic, whole, capacity: capacities(session.names.ports, directionsOf(topology)), warm: session.snapshot(), reached: new Map(), after: null };
}

async function answer(lab: Lab, { fail }: Item): Promise<Row> {
  const bench = await lab.once("bench", () => openBench(lab));
  const session = lab.fresh();
  session.restore(bench.warm);
  const [first, second] = fail;
  if (first === undefined) {
    return { ...rowOf(bench, bench.whole, null, new Set()), groups: groupsOf(bench.topology, session, bench.traffic, bench.whole), tightest: tightestOf(bench) };
  }
  if (second === undefined) return rowOf(bench, await failed(bench, session, [first]), bench.whole, deadOf(fail));
  if (within(first, second) || within(second, first) || !meet(await reach(bench, session, first), await reach(bench, session, second))) return apart();
  if (bench.after?.name !== failureName(first)) {
    session.restore(bench.warm);
    await settle(session, first);
    bench.after = { name: failureName(first), at: session.snapshot() };
  }
  session.restore(bench.after.at);
  return rowOf(bench, await failed(bench, session, [first, second]), bench.whole, deadOf(fail));
}

const apart = (): Row => ({ apart: true, loads: [], offered: 0, delivered: 0, lost: 0, gone: 0, overload: 0, flooded: 0, restless: false, lostOf: [] });

const deadOf = (failures: readonly Failure[]): Set<string> => new Set(failures.flatMap((f) => f.targets).filter((x) => x.kind === "node").map((x) => x.name));

/** The last of the failures happens now; those before it have. */
async function failed(bench: Bench, session: Session, failures: readonly Failure[]): Promise<State> {
  await settle(session, failures.at(-1)!);
  return place(session, bench.traffic, deadOf(failures));
}

async function settle(session: Session, failure: Failure): Promise<void> {
  const { op, target, targets, direction } = failure;
  const step: Step = { atNs: session.nowNs + 1n, op, target, targets, direction, perMillion: 0, where: NOWHERE };
  if (targets.length > 0) session.add([step]);
  await session.runTo(session.nowNs + SETTLED_NS);
}

/** To a bit a second: what a sum's rounding leaves is no load. */
const round = (mbps: number): number => Math.round(mbps * 1e6) / 1e6;

/** `than`: only loads that differ from it. */
function rowOf(bench: Bench, state: State, than: State | null, dead: ReadonlySet<string>): Row {
  const loads: Row["loads"] = [];
  state.mbps.forEach((mbps, port) => { if (round(mbps) !== (than === null ? 0 : round(than.mbps[port]!))) loads.push([port, round(mbps)]); });
  return {
    loads, offered: round(state.offeredMbps), delivered: round(state.deliveredMbps), lost: round(state.lostMbps), gone: round(state.goneMbps),
    overload: round(overloadLossMbps(bench.traffic, state, bench.capacity, dead)), flooded: state.flooded, restless: state.restless,
    lostOf: state.lostOf.flatMap((mbps, source): Row["lostOf"] => (round(mbps) === 0 ? [] : [[source, round(mbps)]])),
  };
}

function tightestOf(bench: Bench): [number, number][] {
  const found: [number, number][] = bench.traffic.sources.map(() => [-1, 0]);
  bench.traffic.flows.forEach(({ source, mbps, backMbps }, i) => {
    const { forth, back } = bench.whole.trials[i]!;
    const ways = [...(mbps > 0 ? forth : []), ...(backMbps > 0 ? back : [])].filter((way) => way.share === 1); // what is dealt frame by frame is on no one member
    for (const port of ways.flatMap((way) => way.ports)) if (found[source]![0] < 0 || bench.capacity[port]! < found[source]![1]) found[source] = [port, bench.capacity[port]!];
  });
  return found;
}

/** Cables that a failure takes away, and directions whose load it changes. */
async function reach(bench: Bench, session: Session, failure: Failure): Promise<Set<string>> {
  const known = bench.reached.get(failureName(failure));
  if (known !== undefined) return known;
  session.restore(bench.warm);
  const state = await failed(bench, session, [failure]);
  const reached = new Set<string>();
  session.names.ports.forEach((port, i) => { if (round(state.mbps[i]!) !== round(bench.whole.mbps[i]!)) reached.add(port); });
  const nodes = deadOf([failure]);
  const names = new Set(failure.targets.filter((x) => x.kind !== "node").map((x) => x.name)); // cables and ports
  for (const { name, a, b } of bench.topology.links) if (names.has(name) || [a, b].some((end) => names.has(end) || nodes.has(nodeOfPort(end)))) reached.add(a).add(b);
  bench.reached.set(failureName(failure), reached);
  return reached;
}

function meet(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  const [small, large] = a.size < b.size ? [a, b] : [b, a];
  for (const port of small) if (large.has(port)) return true;
  return false;
}

/** Everything that the one takes away, the other does, too. */
function within(part: Failure, all: Failure): boolean {
  const names = new Set(all.targets.map((x) => `${x.kind} ${x.name}`));
  const nodes = deadOf([all]);
  return part.targets.every((x) => names.has(`${x.kind} ${x.name}`) || (x.kind !== "node" && x.name.split("--").some((end) => nodes.has(nodeOfPort(end)))));
}
