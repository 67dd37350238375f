// A topology run to an instant, and the instance of the engine left standing there, so that its state can be read.

import { STOP_TIME } from "../../assembly/abi.ts";
import type { Scenario, Topology } from "../topology/model.ts";
import { Trace } from "../trace/records.ts";
import { compile } from "./compile.ts";
import { drainInto } from "./drain.ts";
import type { EngineExports } from "./exports.ts";
import type { FlatTables } from "./flat.ts";
import { load } from "./load.ts";
import { bringUpNs, flatten } from "./steps.ts";
import { engineFault } from "./traps.ts";
import { compileEngine, instantiateEngine, wasmUrl } from "./wasm.ts";

export interface Instance {
  engine: EngineExports;
  tables: FlatTables;
  topology: Topology;
  /** engine time at which the scenario's clock stands at 0 */
  zeroNs: bigint;
  /** what has happened so far */
  trace: Trace;
  /** Runs on to an instant of the scenario's clock. */
  advance(toNs: bigint): void;
}

export interface InstanceOptions {
  seed?: bigint;
  probes?: { intervalNs: bigint; broadcasts: boolean };
  wasm?: WebAssembly.Module | URL;
}

const SLICE = 1 << 16;

export async function standing(topology: Topology, scenario: Scenario | null, options: InstanceOptions = {}): Promise<Instance> {
  const engine = instantiateEngine(await compileEngine(options.wasm ?? wasmUrl));
  const tables = compile(topology);
  const zeroNs = bringUpNs(topology);
  const trace = new Trace(zeroNs);
  const steps = (scenario?.steps ?? []).flatMap((step) => flatten(step, tables, zeroNs));
  const guard = <T>(work: () => T): T => {
    try { return work(); } catch (thrown) { throw engineFault(engine, thrown); }
  };
  const probes = options.probes === undefined ? null : { ...options.probes, fromNs: zeroNs };
  guard(() => load(engine, tables, { seed: options.seed ?? 1n, steps, probes, capture: false }));
  const advance = (toNs: bigint): void => guard(() => {
    while (engine.run(zeroNs + toNs, SLICE) !== STOP_TIME) drainInto(trace, engine);
    drainInto(trace, engine);
  });
  return { engine, tables, topology, zeroNs, trace, advance };
}
