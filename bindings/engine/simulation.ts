// One run of one scenario: load, advance in bounded slices, collect trace and captures.

import {
  CAPTURE_BYTES, CAPTURE_HEADER, FAULT_CARRIER, FAULT_FAIL, FAULT_HANG, FAULT_LOSS, FAULT_NOTHING, FAULT_REPAIR, FAULT_SHUTDOWN, FAULT_SILENT, PATH_FLOODED, PATH_PORT, PATH_ROUTED, STOP_TIME,
  TARGET_LINK, TARGET_NODE, TARGET_PORT, TRACE_BYTES,
} from "../../assembly/abi.ts";
import { DualhomeError } from "../errors.ts";
import { stepName, withGuests } from "../topology/guests.ts";
import type { FaultOp, Scenario, Step, Topology } from "../topology/model.ts";
import { Trace } from "../trace/records.ts";
import { compile } from "./compile.ts";
import type { EngineExports } from "./exports.ts";
import type { FlatTables } from "./flat.ts";
import { load } from "./load.ts";
import type { FlatStep, Reserves } from "./load.ts";
import type { Names } from "./names.ts";
import { engineFault } from "./traps.ts";
import { compileEngine, debugWasmUrl, instantiateEngine, wasmUrl } from "./wasm.ts";

export interface CapturedFrame {
  at: bigint;
  port: string;
  direction: "sent" | "received";
  bytes: Uint8Array;
}

export interface RunOptions {
  seed?: bigint;
  /** "node:port" names whose control frames are captured as bytes */
  capturePorts?: string[];
  /** really send a frame every so many ns in every flow direction */
  probeNs?: bigint;
  wasm?: WebAssembly.Module | URL;
  debug?: boolean;
  onProgress?: (p: { nowNs: bigint; untilNs: bigint; events: number }) => void;
  signal?: AbortSignal;
  /** events in one call of the engine */
  slice?: number;
  reserves?: Reserves;
}

/** The way of one direction of a flow when the run ended. */
export interface FlowPath {
  flow: string;
  direction: 0 | 1;
  /** empty: its frames do not arrive */
  hops: { from: string; to: string; routed: boolean; flooded: boolean }[];
}

export interface RunResult {
  paths: FlowPath[];
  trace: Trace;
  names: Names;
  endNs: bigint;
  /** interval of measuring frames; null: none were sent */
  probeNs: bigint | null;
  seed: bigint;
  events: number;
  frames: CapturedFrame[];
  topology: Topology;
  scenario: Scenario;
  wallMs: number;
  memoryBytes: number;
}

const OPS: Record<FaultOp, number> = {
  fail: FAULT_FAIL, repair: FAULT_REPAIR, hang: FAULT_HANG, silent: FAULT_SILENT, carrier: FAULT_CARRIER, loss: FAULT_LOSS, shutdown: FAULT_SHUTDOWN, nothing: FAULT_NOTHING,
};
const DIRECTIONS = { "a-to-b": 1, "b-to-a": 2, both: 3 } as const;
/** Events in one call of the engine: some milliseconds. */
const SLICE = 1 << 17;

/**
 * Runs a scenario of a topology. Bring-up happens before the scenario's clock starts: trace times are negative there.
 * Throws DualhomeError with exit code 3 when the engine stops by itself, AbortError when `signal` asks for it.
 */
export async function runScenario(topology: Topology, scenario: Scenario, options: RunOptions = {}): Promise<RunResult> {
  const started = performance.now();
  const source = options.wasm ?? (options.debug === true ? debugWasmUrl : wasmUrl);
  const engine = instantiateEngine(await compileEngine(source));
  const seed = options.seed ?? 1n;
  const tables = compile(topology, { watched: new Set(options.capturePorts ?? []) });
  tables.names.steps = scenario.steps.map(stepName);
  const zeroNs = bringUpNs(topology);
  const steps = withGuests(topology, scenario.steps).flatMap((step) => flatten(step, tables, zeroNs));
  const probes = options.probeNs === undefined ? null : { intervalNs: options.probeNs, fromNs: zeroNs };
  const run = new Run(engine, tables, zeroNs);
  run.guard(() => load(engine, tables, { seed, steps, probes, zeroNs, capture: (options.capturePorts ?? []).length > 0, reserves: options.reserves ?? {} }));
  await run.advance(zeroNs + scenario.untilNs, options);
  return {
    trace: run.trace, paths: run.paths(), names: tables.names, endNs: scenario.untilNs, probeNs: options.probeNs ?? null, seed, events: engine.events(), frames: run.frames, topology, scenario,
    wallMs: performance.now() - started, memoryBytes: engine.memory.buffer.byteLength,
  };
}

/** Long enough for every delay restore, LACP and the first ARPs: the scenario starts on a settled network. */
export function bringUpNs(topology: Topology): bigint {
  const delays = topology.pairs.map((p) => p.delayRestoreNs);
  const bonds = topology.lags.map((l) => l.updelayNs);
  // A group that heard nobody elects after two hold times; GLBP's forwarders after a hello more.
  const elections = topology.fhrps.map((f) => 3n * f.holdNs);
  const longest = [...delays, ...bonds, ...elections].reduce((a, b) => (a > b ? a : b), 0n);
  // Classic spanning tree may have to give up what it believed first: Max Age and twice Forward Delay.
  const trees = topology.nodes.map((n) => (n.stp?.mode === "stp" ? n.stp.maxAgeNs + 2n * n.stp.forwardDelayNs : 0n));
  return longest + 60_000_000_000n + trees.reduce((a, b) => (a > b ? a : b), 0n);
}

export function flatten(step: Step, tables: FlatTables, zeroNs: bigint): FlatStep[] {
  return step.targets.map(({ kind, name }) => {
    const list = kind === "node" ? tables.names.nodes : kind === "link" ? tables.names.links : tables.names.ports;
    const target = list.indexOf(name);
    if (target < 0) throw new DualhomeError("DH_TARGET", `there is no ${kind} "${name}"`, 2);
    const value = step.op === "loss" ? step.perMillion : step.op === "silent" || step.op === "carrier" ? DIRECTIONS[step.direction] : 0;
    // "a-to-b" of a lost carrier: the signal from a does not reach b, so that end b loses it.
    const masked = step.op === "carrier" && kind === "link" && value !== 3 ? 3 - value : value;
    return { atNs: zeroNs + step.atNs, op: OPS[step.op], kind: kind === "node" ? TARGET_NODE : kind === "link" ? TARGET_LINK : TARGET_PORT, target, value: masked };
  });
}

class Run {
  readonly trace: Trace;
  readonly frames: CapturedFrame[] = [];
  readonly #engine: EngineExports;
  readonly #tables: FlatTables;
  readonly #zeroNs: bigint;

  constructor(engine: EngineExports, tables: FlatTables, zeroNs: bigint) {
    this.#engine = engine;
    this.#tables = tables;
    this.#zeroNs = zeroNs;
    this.trace = new Trace(zeroNs);
  }

  /** Any trap inside becomes an error that says which table or rule. */
  guard<T>(work: () => T): T {
    try { return work(); } catch (thrown) {
      if (thrown instanceof DualhomeError) throw thrown;
      throw engineFault(this.#engine, thrown);
    }
  }

  async advance(until: bigint, options: RunOptions): Promise<void> {
    const { onProgress, signal } = options;
    for (;;) {
      const stop = this.guard(() => this.#engine.run(until, options.slice ?? SLICE));
      this.#drain();
      if (stop === STOP_TIME) return;
      if (signal?.aborted === true) throw new DOMException("the run was stopped", "AbortError");
      if (onProgress !== undefined) {
        const last = this.trace.length > 0 ? this.trace.get(this.trace.length).at : 0n;
        onProgress({ nowNs: last, untilNs: until - this.#zeroNs, events: this.#engine.events() });
      }
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
  }

  #drain(): void {
    const e = this.#engine;
    const rows = e.traceRows() >>> 0;
    const total = e.traceTotal() >>> 0;
    let at = (e.traceTaken() >>> 0) % rows;
    let left = total - (e.traceTaken() >>> 0);
    const base = e.traceAt() >>> 0;
    while (left > 0) {
      const n = Math.min(left, rows - at);
      this.trace.append(new Uint8Array(e.memory.buffer, base + at * TRACE_BYTES, n * TRACE_BYTES).slice());
      left -= n;
      at = 0;
    }
    e.drainTrace();
    this.#drainFrames();
  }

  paths(): FlowPath[] {
    const view = new DataView(this.#engine.memory.buffer);
    const ports = this.#tables.names.ports;
    const far = new Map(this.#tables.links.flatMap((l) => [[l.a, l.b], [l.b, l.a]]));
    const wayOf = (flow: number, direction: 0 | 1): FlowPath["hops"] => {
      const at = this.#engine.flowWayAt(flow, direction) >>> 0;
      return Array.from({ length: view.getInt32(at, true) }, (_, k) => {
        const hop = view.getInt32(at + 4 + 4 * k, true);
        const port = hop & PATH_PORT;
        return { from: ports[port]!, to: ports[far.get(port) ?? port]!, routed: (hop & PATH_ROUTED) !== 0, flooded: (hop & PATH_FLOODED) !== 0 };
      });
    };
    return this.#tables.names.flows.flatMap((flow, i) => ([0, 1] as const).map((direction) => ({ flow, direction, hops: wayOf(i, direction) })));
  }

  #drainFrames(): void {
    const e = this.#engine;
    const base = e.captureAt() >>> 0;
    const view = new DataView(e.memory.buffer);
    for (let i = 0, n = e.captured() >>> 0; i < n; i++) {
      const p = base + i * CAPTURE_BYTES;
      const length = view.getInt32(p + 16, true);
      this.frames.push({
        at: view.getBigInt64(p, true) - this.#zeroNs, port: this.#tables.names.ports[view.getInt32(p + 8, true)]!, direction: view.getInt32(p + 12, true) === 0 ? "sent" : "received",
        bytes: new Uint8Array(e.memory.buffer, p + CAPTURE_HEADER, length).slice(),
      });
    }
    e.drainCapture();
  }
}
