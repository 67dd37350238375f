// What an application sees of the network: each of its flows up or down, at each instant of a run.

import { timelines, type Timelines } from "../analysis/timeline.ts";
import { NODE_UP, T_NODE } from "../../assembly/abi.ts";
import type { Run } from "../analysis/run.ts";
import { flowName } from "../topology/application.ts";

export class Signals {
  readonly endNs: bigint;
  #lines: Timelines;
  #index: Map<string, number>;
  #dead = new Map<string, { startNs: bigint; endNs: bigint | null }[]>();

  constructor(run: Run) {
    this.endNs = run.endNs;
    this.#lines = timelines(run);
    this.#index = new Map(run.names.flows.map((name, i) => [name, i]));
    for (const r of run.trace.ofKinds(T_NODE)) this.#node(run.names.nodes[r.entity] ?? "", r.b === NODE_UP, r.at);
  }

  #node(name: string, up: boolean, at: bigint): void {
    const list = this.#dead.get(name) ?? [];
    this.#dead.set(name, list);
    const open = list.at(-1);
    if (!up && (open === undefined || open.endNs !== null)) list.push({ startNs: at, endNs: null });
    else if (up && open !== undefined) open.endNs ??= at;
  }

  /** Does the server run? */
  alive(server: string, at: bigint): boolean { return !(this.#dead.get(server) ?? []).some((i) => i.startNs <= at && (i.endNs === null || i.endNs > at)); }

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
    for (const node of new Set(flows.flat())) for (const i of this.#dead.get(node) ?? []) { all.add(i.startNs); if (i.endNs !== null) all.add(i.endNs); }
    return [...all].filter((t) => t >= 0n && t <= this.endNs).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  }

  #line(application: string, from: string, to: string) {
    const i = this.#index.get(flowName(application, from, to)) ?? this.#index.get(flowName(application, to, from));
    return i === undefined ? undefined : this.#lines.flows[i];
  }
}
