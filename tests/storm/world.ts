// What invariants ask of a case: its run, and runs that differ from it in one thing.

import * as abi from "../../assembly/abi.ts";
import { runScenario, type RunOptions, type RunResult } from "../../bindings/engine/index.ts";
import type { Scenario, Topology } from "../../bindings/topology/model.ts";
import type { StormCase } from "./case.ts";

export class World {
  readonly of: StormCase;
  readonly wasm: WebAssembly.Module;
  #whole: Promise<RunResult> | null = null;

  constructor(of: StormCase, wasm: WebAssembly.Module) { [this.of, this.wasm] = [of, wasm]; }

  /** The case as it is. */
  whole(): Promise<RunResult> { return this.#whole ??= this.run(); }

  run(options: RunOptions = {}, scenario: Scenario = this.of.scenario, topology: Topology = this.of.topology): Promise<RunResult> {
    return runScenario(topology, scenario, { seed: this.of.seed, wasm: this.wasm, ...options });
  }
}

/** What a kind's last record up to an instant says, by entity. */
export function lastValues(run: Pick<RunResult, "trace">, kind: number, atNs: bigint): Map<number, number> {
  const values = new Map<number, number>();
  for (const r of run.trace.ofKinds(kind)) if (r.at <= atNs) values.set(r.entity, r.b);
  return values;
}

export interface FlowState { flow: string; up: boolean; drop: number }

/** Flows as they are at an instant; up: both ways. */
export function flowsAt(run: Pick<RunResult, "trace" | "names">, atNs: bigint): FlowState[] {
  const drops = new Map<number, number>(); // direction → why it is down; 0: up
  for (const r of run.trace.ofKinds(abi.T_FLOW_DOWN, abi.T_FLOW_UP)) if (r.at <= atNs) drops.set(r.entity, r.kind === abi.T_FLOW_UP ? 0 : r.a);
  return run.names.flows.map((flow, i) => {
    const ways = [drops.get(i * 2), drops.get(i * 2 + 1)];
    return { flow, up: ways.every((drop) => drop === 0), drop: ways.find((drop) => drop !== undefined && drop !== 0) ?? 0 };
  });
}
