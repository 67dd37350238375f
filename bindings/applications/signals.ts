// What an application sees of the network: each of its flows up or down, at each instant of a run.

import { branched, timelines, type Begun, type Timeline } from "../analysis/timeline.ts";
import { NODE_UP, T_NODE } from "../../assembly/abi.ts";
import type { Run } from "../analysis/run.ts";
import { flowName } from "../topology/application.ts";

interface Death { startNs: bigint; endNs: bigint | null }

export class Signals {
  readonly endNs: bigint;
  readonly #flow: (i: number) => Timeline | undefined;
  readonly #index: ReadonlyMap<string, number>;
  readonly #deaths: Deaths;

  /** `from`: the run branched there, so that only what came after is read. */
  constructor(run: Run, from?: Begun) {
    this.endNs = run.endNs;
    this.#index = placesOf(run.names.flows);
    if (from === undefined) {
      const { flows } = timelines(run);
      this.#flow = (i) => flows[i];
      this.#deaths = new Deaths(run, 0, null);
    } else {
      const lines = branched(run, from);
      this.#flow = (i) => lines.line("flows", i);
      this.#deaths = new Deaths(run, from.records, deathsBefore(run, from));
    }
  }

  /** Does the server run? */
  alive(server: string, at: bigint): boolean { return !this.#deaths.of(server).some((i) => i.startNs <= at && (i.endNs === null || i.endNs > at)); }

  /** Do frames pass both ways between the two at this instant? */
  up(application: string, from: string, to: string, at: bigint): boolean {
    if (from === to) return true;
    const line = this.#line(application, from, to);
    if (line === undefined || line.firstUpNs === null || line.firstUpNs > at) return false;
    return !line.intervals.some((i) => i.startNs <= at && (i.endNs === null || i.endNs > at));
  }

  /** Instants at which one of the flows changes, from 0 to the end, in order. */
  changes(application: string, flows: readonly (readonly [string, string])[]): bigint[] {
    const all = new Set<bigint>([0n]);
    for (const [from, to] of flows) {
      for (const i of this.#line(application, from, to)?.intervals ?? []) {
        all.add(i.startNs);
        if (i.endNs !== null) all.add(i.endNs);
      }
    }
    for (const node of new Set(flows.flat())) for (const i of this.#deaths.of(node)) { all.add(i.startNs); if (i.endNs !== null) all.add(i.endNs); }
    return [...all].filter((t) => t >= 0n && t <= this.endNs).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  }

  #line(application: string, from: string, to: string) {
    const i = this.#index.get(flowName(application, from, to)) ?? this.#index.get(flowName(application, to, from));
    return i === undefined ? undefined : this.#flow(i);
  }
}

/** When each node was down. */
class Deaths {
  readonly #own = new Map<string, Death[]>();
  readonly #before: Deaths | null;

  /** Of the records behind `after`, up to `last`; what was before them is what another one says. */
  constructor(run: Run, after: number, before: Deaths | null, last = run.trace.length) {
    this.#before = before;
    for (const r of run.trace.ofKindsAfter(after, T_NODE)) {
      if (r.id > last) break;
      this.#node(run.names.nodes[r.entity] ?? "", r.b === NODE_UP, r.at);
    }
  }

  of(name: string): readonly Death[] { return this.#own.get(name) ?? this.#before?.of(name) ?? []; }

  #node(name: string, up: boolean, at: bigint): void {
    let list = this.#own.get(name);
    if (list === undefined) this.#own.set(name, list = (this.#before?.of(name) ?? []).map((death) => ({ ...death })));
    const open = list.at(-1);
    if (!up && (open === undefined || open.endNs !== null)) list.push({ startNs: at, endNs: null });
    else if (up && open !== undefined) open.endNs ??= at;
  }
}

const before = new WeakMap<Begun, { records: number; deaths: Deaths }>();

/** Read once for all runs that branch from there. */
function deathsBefore(run: Run, from: Begun): Deaths {
  let known = before.get(from);
  if (known?.records !== from.records) before.set(from, known = { records: from.records, deaths: new Deaths(run, 0, null, from.records) });
  return known.deaths;
}

const places = new WeakMap<readonly string[], Map<string, number>>();

/** Many runs of one network have the same names. */
function placesOf(names: readonly string[]): Map<string, number> {
  let known = places.get(names);
  if (known === undefined) places.set(names, known = new Map(names.map((name, i) => [name, i])));
  return known;
}
