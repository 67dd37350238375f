// Minimal cut sets: the smallest sets of nodes and cables without which no way is left to a service. Found on the graph of what can forward; the
// simulation says what protocols make of each (`crossCheck`).

import type { Topology } from "../topology/model.ts";
import { Forwarding } from "./forwarding.ts";
import type { SweepRow } from "./rows.ts";

export interface CutSets {
  subject: "service" | "flow";
  name: string;
  /** who asks, and of a flow both ends: without them there is nothing to lose */
  own: string[];
  /** sets of one, of two, of three; each in the order of its names */
  sets: string[][];
  /** sets of up to so many were all looked for */
  order: number;
}

/** Switches from which on sets of three are not looked for: it would take minutes. */
const MANY_SWITCHES = 300;
const ORDER_MAX = 3;
/** A file without services: its flows, so many of them. */
const FLOWS_MAX = 100;

/** A standby whose decision takes longer than a failure is watched does not count: nobody waits for it here. */
export function cutSets(t: Topology, watchedNs: bigint): CutSets[] {
  const graph = new Forwarding(t);
  const order = t.nodes.filter((n) => n.kind !== "server").length > MANY_SWITCHES ? ORDER_MAX - 1 : ORDER_MAX;
  const ends = new Map(t.flows.map((f) => [f.name, [f.from, f.to] as const]));
  if (t.services.length === 0) return t.flows.slice(0, FLOWS_MAX).map((f) => ({ subject: "flow", name: f.name, own: [f.from, f.to], sets: cutsOf(graph, [[f.from, f.to]], [f.from, f.to], order), order }));
  return t.services.map((s) => {
    const standby = s.standby !== null && s.decisionNs + BigInt(s.fall) * s.checkIntervalNs < watchedNs ? ends.get(s.standby) : undefined;
    return { subject: "service", name: s.name, own: [s.client], sets: cutsOf(graph, [ends.get(s.primary)!, ...(standby === undefined ? [] : [standby])], [s.client], order), order };
  });
}

/**
 * Every cut must hit any way that is left; so a way is looked for, and each of its elements taken away in turn, but for what is `own`.
 */
function cutsOf(graph: Forwarding, ways: readonly (readonly [string, string])[], own: readonly string[], order: number): string[][] {
  const spared = new Set(own.map((name) => graph.element(name)!));
  const found: number[][] = [];
  const seen = new Set<string>();
  const look = (missing: readonly number[]): void => {
    const key = missing.join();
    if (seen.has(key)) return;
    seen.add(key);
    const gone = new Set(missing);
    const way = ways.map(([from, to]) => graph.way(from, to, gone)).find((each) => each !== null);
    if (way === undefined) { found.push([...missing]); return; }
    if (way === null || missing.length === order) return;
    for (const element of way) if (!spared.has(element)) look([...missing, element].sort((a, b) => a - b));
  };
  look([]);
  const minimal: number[][] = [];
  for (const set of found.sort((a, b) => a.length - b.length)) if (!minimal.some((less) => less.every((element) => set.includes(element)))) minimal.push(set);
  return minimal.map((set) => set.map((element) => graph.elements[element]!).sort()).sort((a, b) => a.length - b.length || (a.join() < b.join() ? -1 : 1));
}

/** Where the graph and the simulation differ about what one failure, or two, take down. */
export interface CrossCheck {
  name: string;
  /** both say so */
  agreed: number;
  /** no way is left, and the simulation found it up: a mistake in one of them */
  graphOnly: string[][];
  /** a way is left, and the protocols do not take it */
  simulationOnly: string[][];
}

/** `lost`: by what failed (names in order), who did not come back. */
export function crossCheck(cuts: readonly CutSets[], lost: ReadonlyMap<string, readonly string[]>, order: 1 | 2): CrossCheck[] {
  const lostBy = new Map<string, string[]>(); // who did not come back, and after which failures
  for (const [key, names] of lost) for (const name of new Set(names)) {
    const keys = lostBy.get(name);
    if (keys === undefined) lostBy.set(name, [key]); else keys.push(key);
  }
  return cuts.map(({ name, sets, own }) => {
    const small = sets.filter((set) => set.length === order);
    const less = sets.filter((set) => set.length < order);
    const keys = new Set(small.map(keyOf));
    const simulationOnly = (lostBy.get(name) ?? []).filter((key) => !keys.has(key)).map((key) => key.split(KEY)).filter((set) => !set.some((element) => own.includes(element))).filter((set) => !less.some((cut) => cut.every((element) => set.includes(element))));
    const graphOnly = small.filter((set) => lost.has(keyOf(set)) && !lost.get(keyOf(set))!.includes(name));
    return { name, agreed: small.length - graphOnly.length, graphOnly, simulationOnly };
  });
}

const KEY = "\n";
const keyOf = (set: readonly string[]): string => [...set].sort().join(KEY);

const lostIn = (row: SweepRow): string[] => row.hits.filter((h) => h.failureNs === null).map((h) => h.name);

/** Of single failures: nodes that fail and cables that are cut. */
export function lostAlone(rows: readonly SweepRow[]): Map<string, readonly string[]> {
  return new Map(rows.filter((row) => row.op === "fail" && ["server", "switch", "link"].includes(row.kind)).map((row) => [row.target, lostIn(row)]));
}

/** Of pairs, by `target`: of what fails, not of what hangs or is silent, nor of groups. */
export function lostTogether(rows: readonly SweepRow[]): Map<string, readonly string[]> {
  return new Map(rows.map((row) => [row.target.split(" + "), row] as const).filter(([names]) => names.every((name) => !/[ /]/.test(name) || name.includes("--"))).map(([names, row]) => [keyOf(names), lostIn(row)]));
}
