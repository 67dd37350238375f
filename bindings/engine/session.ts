// A run that is held in the hand: run to an instant, put steps in, copy all of its state, go back to a copy, go on from it twice.

import { CAPTURE_BYTES, CAPTURE_HEADER, PATH_FLOODED, PATH_PORT, PATH_ROUTED, STOP_TIME } from "../../assembly/abi.ts";
import { DualhomeError } from "../errors.ts";
import { stepName, withGuests } from "../topology/guests.ts";
import type { Scenario, Step, Topology } from "../topology/model.ts";
import { Trace } from "../trace/records.ts";
import { compile } from "./compile.ts";
import { drainInto } from "./drain.ts";
import type { EngineExports } from "./exports.ts";
import type { FlatTables } from "./flat.ts";
import { load, type FlatStep } from "./load.ts";
import type { CapturedFrame, FlowPath, RunOptions, RunResult } from "./run.ts";
import type { Names } from "./names.ts";
import { putSnapshot, takeSnapshot, type Snapshot, type SnapshotHow } from "./snapshot.ts";
import { bringUpNs, flatten } from "./steps.ts";
import { engineFault } from "./traps.ts";
import { Trials, type Trial, type Tuple } from "./trial.ts";
import { compileEngine, debugWasmUrl, instantiateEngine, wasmUrl } from "./wasm.ts";

/** Events in one call of the engine: some milliseconds. */
const SLICE = 1 << 17;
/** Steps that may be put in while it runs, unless the options say: some, and all nodes four times. */
const SPARE_STEPS = 256;
const SPARE_A_NODE = 4;

export interface SessionSnapshot {
  engine: Snapshot;
  trace: Trace;
  frames: CapturedFrame[];
  steps: Step[];
  nowNs: bigint;
}

/** Numbers of 64 bits, each as two halves. */
export interface Touched {
  /** of each node, then of each part of those that only route */
  sums: Uint32Array;
  /** of each flow: the results of its walks */
  flows: Uint32Array;
  /** of each node that only routes: it, and from when to when there was news to work through, in ns; 0: none */
  news: Float64Array;
}

/** An instance of the engine that stands still at an instant: until its session is asked for another one. */
export interface Moment {
  engine: EngineExports;
  tables: FlatTables;
  topology: Topology;
  /** engine time of the instant */
  engineNs: bigint;
}

interface Parts { module: WebAssembly.Module; topology: Topology; scenario: Scenario; tables: FlatTables; options: RunOptions; zeroNs: bigint; far?: ReadonlyMap<number, number>; routers?: readonly number[] }

export class Session {
  trace: Trace;
  frames: CapturedFrame[] = [];
  /** where the scenario's clock stands; before the first `runTo`, the start of the bring-up */
  nowNs: bigint;
  readonly #engine: EngineExports;
  readonly #parts: Parts;
  #steps: Step[];
  #wallMs = 0;
  #fault: DualhomeError | null = null; // it stopped in the middle of an event: nothing goes on from there
  #trials: Trials | null = null;
  #awake: Moment | null = null; // of this instant, once it was asked for
  #looker: Session | null = null; // the copy that is looked at: the same one each time, of which only what differs is written

  private constructor(parts: Parts) {
    this.#parts = parts;
    this.#engine = instantiateEngine(parts.module);
    this.#steps = [...parts.scenario.steps];
    this.trace = new Trace(parts.zeroNs);
    this.nowNs = -parts.zeroNs;
  }

  /**
   * Loads a topology; nothing has run yet. Throws DualhomeError with exit code 3 when the engine cannot hold it.
   * With `from`, it stands where that copy stands, which a session of the same topology and options made, in whatever thread; null: there is none.
   */
  static async open(topology: Topology, scenario: Scenario, options: RunOptions = {}, from?: Promise<SessionSnapshot | null>): Promise<Session> {
    const started = performance.now();
    const module = await compileEngine(options.wasm ?? (options.debug === true ? debugWasmUrl : wasmUrl));
    const tables = compile(topology, { watched: new Set(options.capturePorts ?? []) });
    const session = new Session({ module, topology, scenario, tables, options, zeroNs: bringUpNs(topology) });
    const copy = await from ?? null;
    if (copy === null) session.#load(); else session.restore(copy);
    session.#wallMs = performance.now() - started;
    return session;
  }

  #load(): void {
    const { tables, topology, scenario, options, zeroNs } = this.#parts;
    const probes = options.probeNs === undefined ? null : { intervalNs: options.probeNs, fromNs: zeroNs };
    const steps = withGuests(topology, scenario.steps).flatMap((step) => flatten(step, tables, zeroNs));
    const capture = (options.capturePorts ?? []).length > 0;
    this.#guard(() => load(this.#engine, tables, { seed: options.seed ?? 1n, steps, spareSteps: options.spareSteps ?? SPARE_STEPS + SPARE_A_NODE * topology.nodes.length, probes, zeroNs, capture, everyHello: options.everyHello === true, everyWalk: options.everyWalk === true, reserves: options.reserves ?? {}, touched: options.touched === true }));
  }

  /** Runs to an instant of the scenario's clock, in slices, so that the host stays responsive. Throws AbortError when `signal` asks for it. */
  async runTo(untilNs: bigint, options: Pick<RunOptions, "onProgress" | "signal" | "slice"> = {}): Promise<void> {
    for await (const _ of this.slices(untilNs, options)) { /* only to get there */ }
  }

  /** The same, and its reader has a turn after each slice. However it ends, early or by a fault, what was traced until then is there, and `nowNs` says where it stands. */
  async *slices(untilNs: bigint, { onProgress, signal, slice }: Pick<RunOptions, "onProgress" | "signal" | "slice"> = {}): AsyncGenerator<void> {
    for (;;) {
      const started = performance.now();
      const there = this.#slice(untilNs, slice ?? SLICE);
      this.#wallMs += performance.now() - started;
      yield;
      if (there) return;
      if (signal?.aborted === true) throw new DOMException("the run was stopped", "AbortError");
      onProgress?.({ nowNs: this.nowNs, untilNs, events: this.#engine.events() });
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
  }

  #slice(untilNs: bigint, events: number): boolean {
    try {
      return this.#going(() => this.#engine.run(this.#parts.zeroNs + untilNs, events)) === STOP_TIME;
    } finally {
      this.nowNs = this.#engine.clock() - this.#parts.zeroNs;
      this.#drain();
    }
  }

  /** Throws the fault that it stopped with: half an event is no state to go on from, or to copy. A snapshot of before may be gone back to. */
  #whole(): void { if (this.#fault !== null) throw this.#fault; }

  /** Puts steps in, all or none. Throws RangeError for one whose time is past, DualhomeError for a target that is not there, and where there is no room (DH_STEPS). */
  add(steps: readonly Step[]): void {
    this.#whole();
    const late = steps.find((step) => step.atNs < this.nowNs);
    if (late !== undefined) throw new RangeError(`${stepName(late)}: its time is past`);
    const { topology, tables, zeroNs } = this.#parts;
    const key = (s: Step): string => `${s.atNs} ${s.op} ${s.target}`;
    const before = this.#steps;
    const fresh = topology.vms.length === 0 ? steps : followed();
    const flat: FlatStep[] = fresh.flatMap((step) => flatten(step, tables, zeroNs));
    const room = this.#engine.stepsLeft();
    if (flat.length > room) throw new DualhomeError("DH_STEPS", `there is room for ${room} more steps, a target each, and ${flat.length} are put in: open the simulation with more spareSteps`, 2);
    this.#guard(() => { for (const s of flat) this.#engine.addStep(s.atNs, s.op, s.kind, s.target, s.value); });
    this.#steps = [...before, ...steps];

    function followed(): Step[] {
      const known = new Set(withGuests(topology, before).map(key));
      const own = new Set(steps);
      return withGuests(topology, [...before, ...steps]).filter((s) => own.has(s) || !known.has(key(s)));
    }
  }

  /**
   * Hands out the records since the last call, or the start, and forgets them, with the frames and the steps that are done: for a run that is longer
   * than memory. Its result tells of what comes from here on; virtual machines and their hypervisors' steps are not told apart any more.
   */
  takeTrace(): Trace {
    const taken = this.trace;
    this.trace = new Trace(taken.zeroNs, taken.length);
    this.frames = [];
    this.#steps = this.#steps.filter((step) => step.atNs > this.nowNs);
    return taken;
  }

  /** A copy of the state, which may share with the last whole one what has not changed since; `whole`: it shares nothing; `follows`: however much has changed. */
  snapshot(how: SnapshotHow = {}): SessionSnapshot {
    this.#whole();
    return { engine: takeSnapshot(this.#engine, how), trace: this.trace.fork(), frames: [...this.frames], steps: [...this.#steps], nowNs: this.nowNs };
  }

  /** Back to a copy of this session's state, or of another one of the same topology and options. */
  restore(from: SessionSnapshot): void {
    putSnapshot(this.#engine, from.engine);
    this.#fault = null;
    this.#awake = null;
    this.trace = from.trace.fork();
    this.frames = [...from.frames];
    this.#steps = [...from.steps];
    this.nowNs = from.nowNs;
  }

  /** Another session that stands where this one, or the copy, stands. */
  branch(from: SessionSnapshot = this.snapshot()): Session {
    const twin = new Session(this.#parts);
    twin.restore(from);
    return twin;
  }

  /** What state is read from (bindings/show): a copy in which the hellos that were left out have been made up for. After a fault: the tables as they were then. */
  moment(): Moment {
    const { tables, topology, zeroNs } = this.#parts;
    const engineNs = zeroNs + this.nowNs;
    if (this.#fault !== null) return { engine: this.#engine, tables, topology, engineNs };
    if (this.#awake === null) {
      const twin = this.#looker ??= new Session(this.#parts);
      twin.restore(this.snapshot());
      const engine = twin.#engine;
      this.#guard(() => {
        engine.wake(engineNs);
        while (engine.run(engineNs, SLICE) !== STOP_TIME) { engine.drainTrace(); engine.drainCapture(); }
      });
      this.#awake = { engine, tables, topology, engineNs };
    }
    return this.#awake;
  }

  /** What flows that are not in the topology would meet now. They teach as their frames would, so asking changes the run. */
  tryFlows(tuples: readonly Tuple[]): Trial[] {
    const found = this.#going(() => (this.#trials ??= new Trials(this.#engine, this.#parts.tables)).walk(tuples));
    this.#drain();
    return found;
  }

  /** Names of what indices stand for. */
  get names(): Names { return this.#parts.tables.names; }

  /** With `touched`: sums are zero from here on. */
  startTouched(): void { this.#engine.startTouched(); }

  /** What went on since `startTouched`, as numbers that are the same in two runs where the same went on. */
  touched(): Touched {
    const e = this.#engine;
    const { buffer } = e.memory;
    const halves = (at: number, count: number): Uint32Array => new Uint32Array(buffer, at >>> 0, 2 * count).slice();
    const { names } = this.#parts.tables;
    const routers = this.#routers();
    const news = new Float64Array(3 * routers.length);
    routers.forEach((node, i) => news.set([node, ...[...new BigInt64Array(buffer, e.newsAt(node) >>> 0, 2)].map(Number)], 3 * i));
    return { sums: halves(e.touchedAt(), e.touchedSums()), flows: halves(e.flowsTouchedAt(), names.flows.length), news };
  }

  /** Nodes that only route: they have parts that are told apart (assembly/sim/touched.ts). */
  #routers(): readonly number[] { return this.#parts.routers ??= this.#parts.tables.nodes.flatMap((_, node) => (this.#engine.partsOf(node) === 0 ? [] : [node])); }

  /** What is at the ends of each cable, and which parts of a router read each other, two numbers each; of each router: it, its first part, and the one behind its last. Numbers as of `touched().sums`. */
  parts(): { joined: number[]; spans: number[] } {
    const { links, ports, prefixes } = this.#parts.tables;
    const e = this.#engine;
    const portCounts = new Map<number, number>();
    for (const { node } of ports) portCounts.set(node, (portCounts.get(node) ?? 0) + 1);
    const spans = this.#routers().flatMap((node) => [node, e.partsOf(node), e.partsOf(node) + portCounts.get(node)! + prefixes.length + 2]);
    const cables = links.flatMap(({ a, b }) => [e.partOfPort(a), e.partOfPort(b)]);
    return { joined: [...cables, ...spans.flatMap((end, i) => (i % 3 === 2 ? [end - 2, end - 1] : []))], spans };
  }

  /** What happened so far, for analysis and reports. Without `ways`, `paths` is empty: copying them is much of what a short run costs. */
  result({ ways: wanted = true }: { ways?: boolean } = {}): RunResult {
    const { topology, tables, options, scenario } = this.#parts;
    const steps = [...this.#steps];
    const ways = wanted ? this.#ways() : () => [];
    let paths: FlowPath[] | null = null; // put in words when somebody asks: most do not
    return {
      get paths() { return paths ??= ways(); },
      trace: this.trace, names: { ...tables.names, steps: steps.map(stepName) }, endNs: this.nowNs, probeNs: options.probeNs ?? null, seed: options.seed ?? 1n,
      events: this.#engine.events(), leftOut: this.#engine.hellosLeftOut(), walks: this.#engine.walks(), frames: this.frames, topology, scenario: { ...scenario, steps, untilNs: this.nowNs }, wallMs: this.#wallMs, memoryBytes: this.#engine.memory.buffer.byteLength,
    };
  }

  /** Work that changes the network: a trap leaves it in the middle of an event. */
  #going<T>(work: () => T): T {
    this.#whole();
    this.#awake = null;
    try { return work(); } catch (thrown) {
      throw this.#fault = engineFault(this.#engine, thrown, this.#engine.clock() - this.#parts.zeroNs);
    }
  }

  /** Any trap inside becomes an error that says which table or rule. */
  #guard<T>(work: () => T): T {
    try { return work(); } catch (thrown) {
      if (thrown instanceof DualhomeError) throw thrown;
      throw engineFault(this.#engine, thrown);
    }
  }

  #drain(): void {
    drainInto(this.trace, this.#engine);
    this.#drainFrames();
  }

  /** Copies the ways of all flows as they are now; what is returned puts them in words. */
  #ways(): () => FlowPath[] {
    const { links, names: { flows, ports } } = this.#parts.tables;
    const base = this.#engine.flowWayAt(0, 0) >>> 0;
    const bytes = (this.#engine.flowWayAt(1, 0) >>> 0) - base; // of a flow: both directions
    const view = new DataView(this.#engine.memory.buffer.slice(base, base + flows.length * bytes));
    return () => {
      const far = this.#parts.far ??= new Map(links.flatMap((l) => [[l.a, l.b], [l.b, l.a]]));
      const hopsAt = (at: number): FlowPath["hops"] => Array.from({ length: view.getInt32(at, true) }, (_, k) => {
        const hop = view.getInt32(at + 4 + 4 * k, true);
        const port = hop & PATH_PORT;
        return { from: ports[port]!, to: ports[far.get(port) ?? port]!, routed: (hop & PATH_ROUTED) !== 0, flooded: (hop & PATH_FLOODED) !== 0 };
      });
      return flows.flatMap((flow, i) => ([0, 1] as const).map((direction) => ({ flow, direction, hops: hopsAt(i * bytes + (direction * bytes) / 2) })));
    };
  }

  #drainFrames(): void {
    const e = this.#engine;
    const base = e.captureAt() >>> 0;
    const view = new DataView(e.memory.buffer);
    for (let i = 0, n = e.captured() >>> 0; i < n; i++) {
      const p = base + i * CAPTURE_BYTES;
      const length = view.getInt32(p + 16, true);
      this.frames.push({
        at: view.getBigInt64(p, true) - this.#parts.zeroNs, port: this.#parts.tables.names.ports[view.getInt32(p + 8, true)]!, direction: view.getInt32(p + 12, true) === 0 ? "sent" : "received",
        bytes: new Uint8Array(e.memory.buffer, p + CAPTURE_HEADER, length).slice(),
      });
    }
    e.drainCapture();
  }
}
