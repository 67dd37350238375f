// A run that is played: forward, back, with steps put in and taken out anywhere, and on from here in two ways. It is at every instant what
// `dualhome run` is with the same steps, byte for byte: a step is put in 1 ns before its time, and what came after is run again.

import { begun, readOn, type Begun, type Run } from "../../bindings/analysis/index.ts";
import { Session, type CapturedFrame, type Names, type RunResult, type SessionSnapshot } from "../../bindings/engine/index.ts";
import type { Scenario, Step, Topology } from "../../bindings/topology/model.ts";
import { Past, type Kept } from "./past.ts";
import { Picture } from "./picture.ts";

export interface PageOptions {
  wasm: WebAssembly.Module | URL;
  seed?: bigint;
  /** record control frames: every hello is simulated then, so that it is for small networks */
  frames?: boolean;
  /** memory for going back, in MiB */
  budgetMib?: number;
  /** called while it runs on; when it answers false the run stops where it is */
  onProgress?(nowNs: bigint): boolean;
}

const MS = 1_000_000n;
const SECOND = 1_000n * MS;
const BUDGET_MIB = 192;
/** Going back may cost so much running again, in ms. */
const AGAIN_MS = 120;
const KEEP_EVERY = 30n * SECOND;
const PARTS = 64n;
const WHERE = { line: 1, col: 1, length: 1 };
const QUIET: Scenario = { name: "page", untilNs: 0n, steps: [], where: WHERE };

interface State { session: Session; past: Past; picture: Picture; steps: Step[] }

export class PageSession {
  readonly topology: Topology;
  readonly #options: PageOptions;
  readonly #session: Session;
  readonly #past: Past;
  /** Guests follow their host: what comes of a step depends on those after it, so that all are given at the start. */
  readonly #upFront: boolean;
  #picture: Picture;
  #steps: Step[];
  #lines: Begun | null = null;
  #ranMs = 0; // since the last copy
  #frames: CapturedFrame[] = [];

  private constructor(topology: Topology, options: PageOptions, { session, past, picture, steps }: State) {
    [this.topology, this.#options, this.#session, this.#past, this.#picture, this.#steps] = [topology, options, session, past, picture, steps];
    this.#upFront = topology.vms.length > 0;
  }

  /** The network at 0 s, when it has settled. */
  static async open(topology: Topology, options: PageOptions): Promise<PageSession> {
    const capturePorts = options.frames === true ? topology.ports.map((p) => `${p.node}:${p.name}`) : [];
    const spareSteps = 4096 + 4 * topology.nodes.length;
    const session = await Session.open(topology, QUIET, { wasm: options.wasm, seed: options.seed ?? 1n, capturePorts, spareSteps });
    const page = new PageSession(topology, options, { session, past: new Past(options.budgetMib ?? BUDGET_MIB), picture: new Picture(session.names), steps: [] });
    await session.runTo(-1n);
    session.frames = [];
    page.#picture.catchUp(session.trace);
    page.#keep();
    await page.#forward(0n);
    return page;
  }

  get nowNs(): bigint { return this.#session.nowNs; }
  get names(): Names { return this.#session.names; }
  get picture(): Picture { return this.#picture; }
  get steps(): readonly Step[] { return this.#steps; }
  get kept(): { count: number; bytes: number } { return { count: this.#past.count, bytes: this.#past.bytes }; }
  /** what a node shows is read from it (bindings/show); it is for reading only */
  get session(): Session { return this.#session; }

  /** What happened so far, for analysis: the same as of a run that ends here. */
  result({ ways = false } = {}): RunResult { return this.#session.result({ ways }); }

  /** When each flow and service was down. */
  lines(): Begun["timelines"] {
    const run: Run = this.result();
    if (this.#lines === null || this.#lines.records > run.trace.length) this.#lines = begun(run);
    else readOn(this.#lines, run);
    return this.#lines.timelines;
  }

  /** Frames that were recorded since they were last taken. */
  takeFrames(): CapturedFrame[] { return this.#frames.splice(0); }

  /** To any instant from 0 s on. */
  async seek(toNs: bigint): Promise<void> {
    const to = toNs < 0n ? 0n : toNs;
    const from = this.#past.before(to);
    if (to < this.nowNs || from.at.nowNs > this.nowNs) this.#restore(from);
    await this.#forward(to);
  }

  /** To the next instant at which something happens; false, and where it was, when nothing does within the limit. */
  async nextEvent(limitNs: bigint): Promise<boolean> {
    const [start, before] = [this.nowNs, this.#session.trace.length];
    this.#keep();
    for (let window = MS; ; window *= 4n) {
      const last = window >= limitNs;
      await this.#forward(start + (last ? limitNs : window));
      if (this.#session.trace.length > before) {
        await this.seek(this.#session.trace.get(before + 1).at);
        return true;
      }
      if (last || this.nowNs < start + window) { await this.seek(start); return false; }
    }
  }

  /** To the last instant before this one at which something happened. */
  async previousEvent(): Promise<boolean> {
    const { trace } = this.#session;
    for (let id = trace.length; id > trace.before; id--) {
      const { at } = trace.get(id);
      if (at < 0n) break;
      if (at < this.nowNs) { await this.seek(at); return true; }
    }
    return false;
  }

  /** Other steps; everything is then as if they had been there from the start. Throws what is wrong with one, and changes nothing. */
  async setSteps(steps: readonly Step[]): Promise<void> {
    const early = steps.find((s) => s.atNs < 0n);
    if (early !== undefined) throw new RangeError(`${early.op} ${early.target}: nothing can be done before 0 s`);
    const sorted = [...steps].sort((a, b) => (a.atNs < b.atNs ? -1 : a.atNs > b.atNs ? 1 : 0));
    const same = sorted.findIndex((s, i) => s !== this.#steps[i]);
    const first = same >= 0 ? sorted[same]!.atNs : null;
    const gone = this.#steps[same >= 0 ? same : sorted.length]?.atNs ?? null;
    const changed = first === null ? gone : gone === null || first < gone ? first : gone;
    if (changed === null) return;
    const now = this.nowNs;
    const before = this.#steps;
    try {
      this.#steps = sorted;
      await this.#again(this.#upFront ? 0n : changed, now);
    } catch (e) {
      this.#steps = before;
      await this.#again(this.#upFront ? 0n : changed, now);
      throw e;
    }
  }

  /** The run goes on in two ways from here. */
  fork(): PageSession {
    return new PageSession(this.topology, this.#options, { session: this.#session.branch(), past: this.#past.fork(), picture: this.#picture.copy(this.names), steps: [...this.#steps] });
  }

  async #again(fromNs: bigint, toNs: bigint): Promise<void> {
    this.#past.forget(fromNs);
    if (!this.#upFront && this.nowNs < fromNs) return;
    this.#restore(this.#past.before(toNs));
    await this.#forward(toNs);
  }

  /** Runs on. At rest the engine has been given the steps up to now and none after. */
  async #forward(toNs: bigint): Promise<void> {
    while (this.nowNs < toNs) {
      const next = this.#upFront ? undefined : this.#steps.find((s) => s.atNs > this.nowNs);
      if (next === undefined || next.atNs > toNs) { if (!(await this.#stretch(toNs))) return; continue; }
      if (!(await this.#stretch(next.atNs - 1n))) return;
      this.#keep();
      this.#session.add(this.#steps.filter((s) => s.atNs === next.atNs));
      await this.#run(next.atNs);
    }
  }

  /** In parts, with copies on the way. False: it was stopped. */
  async #stretch(toNs: bigint): Promise<boolean> {
    while (this.nowNs < toNs) {
      const left = toNs - this.nowNs;
      const part = left / PARTS > SECOND ? left / PARTS : SECOND;
      await this.#run(left < part ? toNs : this.nowNs + part);
      if (this.#ranMs > AGAIN_MS || this.nowNs - this.#past.before(this.nowNs).at.nowNs > KEEP_EVERY) this.#keep();
      if (this.nowNs < toNs && this.#options.onProgress?.(this.nowNs) === false) return false;
    }
    return true;
  }

  async #run(toNs: bigint): Promise<void> {
    const started = performance.now();
    await this.#session.runTo(toNs);
    this.#ranMs += performance.now() - started;
    this.#picture.catchUp(this.#session.trace);
    this.#frames = this.#session.frames.length > 0 ? [...this.#frames, ...this.#session.frames].slice(-FRAMES_MAX) : this.#frames;
    this.#session.frames = [];
  }

  #keep(): void {
    const copy: SessionSnapshot = this.#session.snapshot();
    this.#past.keep(copy, this.#picture.copy(this.names));
    this.#ranMs = 0;
  }

  #restore({ at, picture }: Kept): void {
    this.#session.restore(at);
    this.#picture = picture.copy(this.names);
    this.#lines = null;
    this.#frames = [];
    this.#ranMs = 0;
    if (this.#upFront && at.nowNs < 0n) this.#session.add(this.#steps);
  }
}

const FRAMES_MAX = 5_000;
