// The engine, found and compiled once, and everything that is asked of it.

import { capacity, type CapacityResult, type CapacityRun } from "../capacity/index.ts";
import { compileEngine, markedWasmUrl, type RunOptions } from "../engine/index.ts";
import { nines, type NinesAsked, type NinesResult } from "../nines/index.ts";
import { sweep, type SweepResult, type SweepRow, type SweepSettings } from "../sweep/index.ts";
import type { Asked } from "../batch/index.ts";
import { DualhomeError } from "../errors.ts";
import type { Topology } from "../topology/model.ts";
import { Simulation } from "./simulation.ts";

export interface CreateOptions {
  /** The engine: compiled, its bytes, or where it is. Left out: the file of the package, which Node and bundlers find by themselves. */
  module?: WebAssembly.Module | BufferSource | URL;
}

export interface SimulationOptions extends Pick<RunOptions, "seed" | "probeNs" | "capturePorts" | "everyHello" | "reserves" | "spareSteps"> {
  /** a scenario of the topology, by name; left out: nothing happens but what is done */
  scenario?: string;
}

/** Holds a compiled engine and no state: simulations and questions do not know of each other. */
export class Dualhome {
  readonly module: WebAssembly.Module;

  constructor(module: WebAssembly.Module) { this.module = module; }

  /** A network that is switched on at the first run, and has settled when the clock stands at 0. */
  async simulation(topology: Topology, { scenario, ...options }: SimulationOptions = {}): Promise<Simulation> {
    const found = scenario === undefined ? undefined : topology.scenarios.find((each) => each.name === scenario);
    if (scenario !== undefined && found === undefined) throw new DualhomeError("DH_SCENARIO", `${topology.name} has no scenario "${scenario}"; there are ${topology.scenarios.map((each) => each.name).join(", ") || "none"}`, 2);
    return Simulation.open(topology, found, { ...options, wasm: this.module });
  }

  /** Every single failure and its repair: rows as they are ready, or all with `result()`. */
  sweep(topology: Topology, settings: Omit<SweepSettings, "wasm"> = {}): Asked<SweepRow, SweepResult> { return sweep(topology, { ...settings, wasm: this.module }); }

  /** What each cable carries, whole and after failures. */
  capacity(topology: Topology, settings: Omit<CapacityRun, "wasm"> = {}): Promise<CapacityResult> { return capacity(topology, { ...settings, wasm: this.module }); }

  /** Availability of each service, and what causes the rest. */
  nines(topology: Topology, settings: Omit<NinesAsked, "wasm"> = {}): Promise<NinesResult> { return nines(topology, { ...settings, wasm: this.module }); }
}

/** Compiles the engine. Throws DualhomeError DH_WASM when it is not where it should be, or is none. */
export async function create({ module = markedWasmUrl }: CreateOptions = {}): Promise<Dualhome> {
  try {
    return new Dualhome(await compileEngine(module));
  } catch (thrown) {
    if (thrown instanceof DualhomeError) throw thrown;
    throw new DualhomeError("DH_WASM", `the engine does not load: ${thrown instanceof Error ? thrown.message : String(thrown)}`, 3);
  }
}
