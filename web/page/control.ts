// What the page knows and does, apart from how it looks: one file, one or two runs, a clock that runs or stands.

import { parseDuration } from "../../bindings/duration.ts";
import type { FaultOp } from "../../bindings/topology/model.ts";
import type { Both, EventRow, FlowDetail, Inspection, Lanes, Problem, Reached, Scene, Settings, StepText, View } from "./messages.ts";
import type { Hit } from "./plan.ts";
import type { RemoteLab } from "./remote.ts";
import { asTexts } from "./step-texts.ts";
import type { Words } from "./words.ts";

export type Side = "a" | "b";
type Tool = "cut" | "look";
/** hit: null for what is not on the drawing. */
export interface Chosen { target: string; hit: Hit | null }

export interface State {
  text: string;
  fileName: string;
  problems: Problem[];
  scene: Scene | null;
  a: View | null;
  b: View | null;
  lanes: Lanes | null;
  playing: boolean;
  speed: number; // simulated seconds a second
  untilNs: number;
  busy: boolean;
  side: Side;
  tool: Tool;
  chosen: Chosen | null;
  inspection: Inspection | null;
  /** tables of the node that are open; null: nobody has chosen */
  tables: string[] | null;
  reached: { server: string; list: Reached[] } | null;
  flow: FlowDetail | null;
  events: EventRow[];
  settings: Settings;
  /** null: B is a fork, or is not there */
  compared: Settings | null;
  message: string;
  bad: boolean;
}

const SECOND = 1e9;
const HOUR = 3600 * SECOND;
/** What is read besides the drawing is read so often while it plays, in ms. */
const READ_EVERY = 250;
/** And what is read from a copy of the engine so often. */
const LOOK_EVERY = 700;
/** Beyond, tables are read only while it stands. */
const LIVE_NODES_MAX = 300;
const EVENTS_SHOWN = 120;

export class Control {
  readonly lab: RemoteLab;
  state: State = {
    text: "", fileName: "", problems: [], scene: null, a: null, b: null, lanes: null, playing: false, speed: 1, untilNs: 60 * SECOND, busy: false, side: "a", tool: "cut", chosen: null, inspection: null, tables: null, reached: null,
    flow: null, events: [], settings: {}, compared: null, message: "", bad: false,
  };
  /** frames on cables: when they began, on the browser's clock */
  readonly dots: { link: number; fromA: boolean; kind: string; start: number }[] = [];
  readonly #listeners = new Set<() => void>();
  #playedAt = 0;
  #turn = 0;
  #until = Infinity; // where playing ends by itself
  #readAt = 0;
  #lookedAt = 0;
  #wanted: number | null = null; // where scrubbing leads
  #opening = 0;

  /** how long drawing took, and when, in ms: the last of them */
  readonly drawings: { at: number; ms: number }[] = [];

  words: Words;

  constructor(lab: RemoteLab, words: Words) { [this.lab, this.words] = [lab, words]; }

  drawn(ms: number): void {
    this.drawings.push({ at: performance.now(), ms });
    if (this.drawings.length > DRAWINGS_MAX) this.drawings.splice(0, DRAWINGS_MAX / 2);
  }

  subscribe(listener: () => void): () => void { this.#listeners.add(listener); return () => this.#listeners.delete(listener); }

  set(part: Partial<State>): void {
    this.state = { ...this.state, ...part };
    for (const listener of this.#listeners) listener();
  }

  say(message: string, bad = false): void { this.set({ message, bad }); }

  /** Opens a text; where it has mistakes the last good network stays. */
  async open(text: string, fileName: string, { settings = this.state.settings, keep = false }: { settings?: Settings; keep?: boolean } = {}): Promise<boolean> {
    const turn = ++this.#opening;
    const old = this.state;
    this.set({ text, fileName, busy: true, playing: false });
    return this.#try(async () => {
      const opened = await this.lab.open(text, fileName, settings);
      if (turn !== this.#opening) return false;
      if ("problems" in opened) { this.set({ problems: opened.problems, busy: false }); return false; }
      this.dots.length = 0;
      this.set({ problems: [], scene: opened.scene, a: opened.view, b: null, compared: null, settings, busy: false, chosen: null, inspection: null, flow: null, reached: null, side: "a", untilNs: 60 * SECOND, events: [], message: "", bad: false });
      if (keep && old.lanes !== null) {
        const steps = asTexts(old.lanes.stepsA, opened.scene.scenarios);
        await this.#try(async () => { this.#show(await this.lab.setSteps(steps)); this.#show(await this.lab.seek(old.a?.ns ?? 0)); return true; });
      }
      await this.read();
      return true;
    });
  }

  play(on = !this.state.playing): void {
    if (this.state.scene === null) return;
    if (!on) this.#until = Infinity;
    this.set({ playing: on });
    this.#playedAt = performance.now();
    if (on) void this.#go(); else void this.read();
  }

  /** Plays up to an instant, at so many times real time, and stands there; at once where somebody stops it. */
  async playTo(ns: number, speed: number): Promise<void> {
    this.set({ speed });
    this.#until = ns;
    this.play(true);
    await new Promise<void>((resolve) => { const off = this.subscribe(() => { if (!this.state.playing) { off(); resolve(); } }); });
  }

  async #go(): Promise<void> {
    const turn = ++this.#turn; // of two that were begun, the first ends
    const mine = (): boolean => this.state.playing && turn === this.#turn;
    while (mine() && this.state.a !== null) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
      if (!mine() || this.#wanted !== null) { this.#playedAt = performance.now(); continue; }
      const now = performance.now();
      const passed = Math.min(now - this.#playedAt, 250) / 1000;
      this.#playedAt = now;
      const to = Math.min(this.state.a.ns + passed * this.state.speed * SECOND, this.#until);
      if (!(await this.#try(async () => { this.#show(await this.lab.advance(to)); return true; }))) return this.play(false);
      if (this.state.a.ns >= this.#until) return this.play(false);
      if (performance.now() - this.#readAt > READ_EVERY) await this.read();
    }
  }

  /** The latest wish counts: a pointer that is dragged asks faster than is answered. */
  async seek(ns: number): Promise<void> {
    const busy = this.#wanted !== null;
    this.#wanted = Math.max(0, ns);
    if (busy) return;
    while (this.#wanted !== null) {
      const to: number = this.#wanted;
      await this.#try(async () => { this.#show(await this.lab.seek(to)); return true; });
      if (this.#wanted === to) this.#wanted = null;
    }
    await this.read();
  }

  /** "10s"; throws a RangeError for what is no time. */
  seekText(at: string): Promise<void> { return this.seek(Number(parseDuration(at))); }

  async next(): Promise<void> { await this.#change(() => this.lab.next(HOUR), (both) => (both.stopped ? this.words.nothingMore : "")); }
  async previous(): Promise<void> { await this.#change(() => this.lab.previous(), (both) => (both.stopped ? this.words.nothingBefore : "")); }

  async act(op: FaultOp, target: string, much = ""): Promise<void> {
    await this.#change(() => this.lab.act(op, target, this.state.b === null ? "a" : this.state.compared === null ? this.state.side : "both", much), () => `${this.words.ops[op] ?? op} ${target}`);
  }

  /** What a click does: what is whole fails, what has failed is repaired. */
  async toggle(chosen: Chosen): Promise<void> {
    await this.act(this.failed(chosen.target) ? "repair" : "fail", chosen.target);
  }

  /** By the last step that named it. */
  failed(target: string): boolean {
    const { lanes, side, a } = this.state;
    const steps = (side === "b" ? lanes?.stepsB : lanes?.stepsA) ?? [];
    const last = steps.filter((s) => s.target === target && s.atNs <= (a?.ns ?? 0)).at(-1);
    return last !== undefined && last.op !== "repair" && last.op !== "up" && last.op !== "enslave";
  }

  async addStep(step: StepText, side: Side): Promise<void> { await this.#change(() => this.lab.addStep(step, side), () => step.text); }
  async removeStep(place: number, side: Side): Promise<void> { await this.#change(() => this.lab.removeStep(place, side)); }
  async setSteps(steps: readonly StepText[], side: Side = "a"): Promise<void> { await this.#change(() => this.lab.setSteps(steps, side)); }
  async fork(): Promise<void> { this.set({ compared: null }); await this.#change(() => this.lab.fork()); this.set({ side: "b" }); }
  async compare(settings: Settings): Promise<void> { this.set({ busy: true }); await this.#change(() => this.lab.compare(settings)); this.set({ compared: this.state.b === null ? null : settings, busy: false, side: "b" }); }
  async dropB(): Promise<void> { this.set({ side: "a", compared: null }); await this.#change(() => this.lab.dropB()); }

  choose(chosen: Chosen | null): void {
    this.set({ chosen, inspection: null, flow: null, reached: null });
    void this.read();
  }

  openTables(tables: string[]): void {
    this.set({ tables });
    void this.read();
  }

  async chooseFlow(name: string | null): Promise<void> {
    if (name === null) return this.set({ flow: null });
    await this.#try(async () => { this.set({ flow: await this.lab.flow(name, this.state.side) }); return true; });
  }

  async reach(server: string): Promise<void> {
    await this.#try(async () => { this.set({ reached: { server, list: await this.lab.reach(server, this.state.side) } }); return true; });
  }

  /** What stands beside the drawing. */
  async read(): Promise<void> {
    this.#readAt = performance.now();
    await this.#try(async () => {
      const { side, scene } = this.state;
      if (scene === null) return true;
      const [lanes, events] = await Promise.all([this.lab.lanes(), this.lab.events(EVENTS_SHOWN, side)]);
      const last = [...lanes.stepsA, ...(lanes.stepsB ?? [])].reduce((most, s) => Math.max(most, s.atNs), 0);
      this.set({ lanes, events, untilNs: Math.max(this.state.untilNs, last * ROOM) });
      const { chosen, flow, playing } = this.state;
      if (playing && (scene.drawing.nodes.length > LIVE_NODES_MAX || performance.now() - this.#lookedAt < LOOK_EVERY)) return true;
      this.#lookedAt = performance.now();
      if (flow !== null) this.set({ flow: await this.lab.flow(flow.name, side) });
      if (chosen !== null) {
        const inspection = await this.lab.inspect(chosen.target, side, this.state.tables);
        if (this.state.chosen === chosen) this.set({ inspection });
      }
      return true;
    });
  }

  #show({ a, b }: Both): void {
    const before = this.state.a?.ns ?? a.ns;
    const { untilNs, speed, playing, side } = this.state;
    this.set({ a, b, untilNs: a.ns > untilNs * 0.98 ? Math.max(untilNs * 1.5, a.ns * 1.2) : untilNs });
    const now = performance.now();
    const shown = side === "b" && b !== null ? b : a;
    if (!playing || speed <= FRAMES_SPEED_MAX) {
      // While it stands those of the last instants alone are of interest: the way there was in no time.
      const recent = playing ? shown.frames : shown.frames.filter((f) => f.atNs > shown.ns - STANDING_NS);
      for (const f of recent.slice(-DOTS_MAX)) this.dots.push({ link: f.link, fromA: f.fromA, kind: f.kind, start: now + (playing ? Math.max(0, (f.atNs - before) / SECOND / speed) * 1000 : 0) });
      this.dots.splice(0, Math.max(0, this.dots.length - DOTS_MAX));
    }
  }

  async #change(work: () => Promise<Both>, said: (both: Both) => string = () => ""): Promise<void> {
    await this.#try(async () => {
      const both = await work();
      this.#show(both);
      const message = said(both);
      if (message !== "") this.set({ message, bad: false });
      await this.read();
      return true;
    });
  }

  /** What goes wrong is said, and nothing more. */
  async #try(work: () => Promise<boolean>): Promise<boolean> {
    try {
      return await work();
    } catch (e) {
      this.set({ message: e instanceof Error ? e.message : String(e), bad: true, busy: false });
      return false;
    }
  }
}

const FRAMES_SPEED_MAX = 1;
const DOTS_MAX = 200;
const STANDING_NS = 2e6;
/** Of the axis, beyond the last step. */
const ROOM = 1.15;
const DRAWINGS_MAX = 2_000;
