// One design measured: what it is made of and costs, what each single failure does to its flows and services, what its cables carry.

import type { Plain, Question } from "../batch/index.ts";
import { CAPACITY_DEFAULT, capacityQuestion, trafficSources, type CapacityResult } from "../capacity/index.ts";
import { compileEngine, markedWasmUrl } from "../engine/index.ts";
import { DualhomeError } from "../errors.ts";
import { NINES_DEFAULTS, ninesQuestion, type NinesOptions, type NinesResult } from "../nines/index.ts";
import { CUTS, failureName, notUpIn, optionsOf as sweepOptions, sweepQuestion, type FailureKind, type SweepResult, type SweepRow } from "../sweep/index.ts";
import type { Topology, Where } from "../topology/model.ts";
import { askWorkers } from "../workers/index.ts";
import { cables } from "./match.ts";
import { longer } from "./order.ts";

export interface Parts {
  /** "servers" → 40 */
  counts: Record<string, number>;
  /** null: nothing has a price */
  cost: number | null;
  currency: string | null;
  /** parts without a price, while others have one */
  unpriced: number;
}

/** The longest outage of something, and which failure it is of. ns null: does not come back by itself. */
export interface Longest { ns: bigint | null; name: string; failure: string }

/** What a failure does: ns of the longest outages, null for what does not come back. */
export interface FailureRow { failure: string; spof: readonly string[]; hits: Hit[] }
export interface Hit { name: string; failureNs: bigint | null; returnNs: bigint | null }

export interface Design {
  file: string;
  topology: Topology;
  parts: Parts;
  rows: FailureRow[];
  /** flows and services that were not up before anything failed: of them the rows say nothing */
  notUp: readonly string[];
  /** failures that take something down for good */
  spofs: string[];
  onFailure: Longest | null;
  onReturn: Longest | null;
  /** flows and services with a budget that some failure breaks, and those with one */
  broken: string[];
  budgets: number;
  /** null: nothing is offered */
  capacity: CapacityResult | null;
  /** null: not asked, or nothing is watched */
  nines: NinesResult | null;
}

export interface MeasureOptions {
  seed?: bigint;
  kinds?: ReadonlySet<FailureKind>;
  workers?: number;
  /** how much of the year each service is there, too: takes longer than all else */
  nines?: boolean;
  signal?: AbortSignal;
  /** `what`: failures, or states of capacity */
  onProgress?: (file: string, what: string, done: number, total: number) => void;
}

/** What is asked of each design, and the answers: null is what has none, or what is not put together here (a shard). */
export interface Answers { swept: SweepResult | null; load: CapacityResult | null; nines: NinesResult | null }

/** Asks a big question of a design; `what`: what is counted while it is answered. */
export type AskBig = <O extends Plain, I, R extends Plain, A>(question: Question<O, I, R, A>, topology: Topology, options: O, what: string) => Promise<A | null>;

export async function measure(topology: Topology, file: string, options: MeasureOptions = {}): Promise<Design> {
  const { seed, signal, workers, onProgress } = options;
  const run = { ...(seed === undefined ? {} : { seed }), ...(signal === undefined ? {} : { signal }), ...(workers === undefined ? {} : { workers }), wasm: await compileEngine(markedWasmUrl) };
  const ask: AskBig = (question, of, asked, what) => askWorkers(question, of, asked, { ...run, onProgress: ({ done, total }) => onProgress?.(file, what, done, total) }).result();
  return designOf(topology, file, await answersOf(topology, options, ask));
}

export async function answersOf(topology: Topology, { kinds, nines }: Pick<MeasureOptions, "kinds" | "nines">, ask: AskBig): Promise<Answers> {
  const swept = await ask(sweepQuestion, topology, sweepOptions(kinds), "failures");
  const cuts = CUTS.filter((kind) => kinds?.has(kind) !== false);
  const offered = trafficSources(topology).length > 0;
  const load = offered ? await ask(capacityQuestion, topology, { ...CAPACITY_DEFAULT, kinds: cuts }, "states") : null;
  return { swept, load, nines: nines !== true || topology.flows.length === 0 ? null : await availability(topology, ask) };
}

export function designOf(topology: Topology, file: string, { swept, load, nines }: Answers): Design {
  const rows = swept!.rows.map(rowOf);
  const budgets = budgetsOf(topology);
  return {
    file, topology, parts: partsOf(topology), rows, notUp: notUpIn(swept!.rows), spofs: rows.filter((r) => r.spof.length > 0).map((r) => r.failure),
    onFailure: longest(rows, (hit) => hit.failureNs), onReturn: longest(rows, (hit) => hit.returnNs), broken: brokenIn(rows, budgets), budgets: budgets.size, capacity: load, nines,
  };
}

/** The exact solution where there is one; otherwise so many runs. */
const RUNS = 200;

async function availability(topology: Topology, ask: AskBig): Promise<NinesResult | null> {
  const asked = (more: Partial<NinesOptions>) => ask(ninesQuestion, topology, { ...NINES_DEFAULTS, ...more } as NinesOptions & Plain, "states of availability");
  try {
    return await asked({ method: "exact" });
  } catch (e) {
    if (!(e instanceof DualhomeError) || e.code !== "DH_NINES_METHOD") throw e;
    return asked({ runs: RUNS });
  }
}

function rowOf(row: SweepRow): FailureRow {
  const ns = (span: string | null): bigint | null => (span === null ? null : BigInt(span));
  return { failure: failureName(row), spof: row.spof, hits: row.hits.map(({ name, failureNs, returnNs }) => ({ name, failureNs: ns(failureNs), returnNs: ns(returnNs) })) };
}

const KINDS = ["hypervisors", "leaves", "spines", "core switches"];

export function partsOf(t: Topology): Parts {
  const counts: Record<string, number> = {};
  const guests = new Set(t.vms.map((vm) => vm.name)); // no hardware
  const nodes = t.nodes.filter((n) => !guests.has(n.name));
  for (const n of nodes) {
    const kind = n.kind === "server" ? "servers" : n.kind === "router" ? "routers" : (KINDS[n.tier] ?? `switches of tier ${n.tier}`);
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  const lines = cables(t).length;
  counts["cables"] = lines;
  const priced = nodes.filter((n) => n.cost !== undefined);
  const cable = t.costs?.cable ?? null;
  if (priced.length === 0 && cable === null) return { counts, cost: null, currency: null, unpriced: 0 };
  const cost = priced.reduce((sum, n) => sum + n.cost!, 0) + lines * (cable ?? 0);
  return { counts, cost, currency: t.costs?.currency ?? null, unpriced: nodes.length - priced.length + (cable === null ? lines : 0) };
}

function longest(rows: readonly FailureRow[], of: (hit: Hit) => bigint | null): Longest | null {
  let found: Longest | null = null;
  for (const row of rows) {
    for (const hit of row.hits) {
      if (hit.failureNs === null && !row.spof.includes(hit.name)) continue; // its own server has failed
      const ns = of(hit);
      if (ns === 0n || (found !== null && !longer(ns, found.ns))) continue;
      found = { ns, name: hit.name, failure: row.failure };
    }
  }
  return found;
}

export function budgetsOf(t: Topology): Map<string, bigint> {
  const all = [...t.flows.filter((f) => f.role === "flow"), ...t.services];
  return new Map(all.flatMap((each) => (each.maxOutageNs === null ? [] : [[each.name, each.maxOutageNs] as const])));
}

function brokenIn(rows: readonly FailureRow[], budgets: ReadonlyMap<string, bigint>): string[] {
  const broken = new Set<string>();
  for (const row of rows) {
    for (const hit of row.hits) {
      const budget = budgets.get(hit.name);
      if (budget === undefined || (hit.failureNs === null && !row.spof.includes(hit.name))) continue;
      if (longer(hit.failureNs, budget) || longer(hit.returnNs, budget)) broken.add(hit.name);
    }
  }
  return [...broken];
}

/** Where what fails stands in the file. */
export function placeOf(t: Topology, failure: string): Where | null {
  const target = failure.replace(/^(hang|silent) /, "");
  const node = t.nodes.find((n) => n.name === (/^card\/([^/]+)/.exec(target)?.[1] ?? target));
  const pair = /^mlag\/([^/]+)\//.exec(target)?.[1];
  return node?.where ?? t.links.find((l) => l.name === target || l.a === target || l.b === target)?.where ?? t.pairs.find((p) => p.name === pair)?.where ?? null;
}
