// What the worker does for the page: one run, or two on one clock. Calls are done one after the other, in the order in which they came.

import { describer } from "../../bindings/analysis/index.ts";
import { stepName } from "../../bindings/topology/guests.ts";
import { formatDuration, parseDuration } from "../../bindings/duration.ts";
import { indexTargets, stepOf, type TargetIndex } from "../../bindings/topology/step.ts";
import type { FaultOp, Step, Topology } from "../../bindings/topology/model.ts";
import { parseTopology } from "../../bindings/topology/parse.ts";
import { flowDetail, inspect, reach } from "./inspect.ts";
import type { Both, EventRow, FlowDetail, Inspection, Lane, Lanes, Opened, Problem, Reached, Scene, Settings, StepRow, StepText } from "./messages.ts";
import { recordsFrames, sceneOf } from "./scene.ts";
import { PageSession } from "./session.ts";
import { withSettings } from "./settings.ts";
import { Viewer } from "./view.ts";

export type Side = "a" | "b";

interface Stage { page: PageSession; viewer: Viewer; index: TargetIndex }

const MS = 1_000_000n;
const DAYS_30 = 30n * 86_400n * 1_000n * MS;
const ns = (of: number): bigint => { const at = BigInt(Math.max(0, Math.round(of))); return at > DAYS_30 ? DAYS_30 : at; };

export class Lab {
  readonly #wasm: WebAssembly.Module | URL;
  #scene: Scene | null = null;
  #topology: Topology | null = null;
  #a: Stage | null = null;
  #b: Stage | null = null;
  #last: Promise<unknown> = Promise.resolve();
  #stop = false;

  constructor(wasm: WebAssembly.Module | URL) { this.#wasm = wasm; }

  /** What the editor underlines. */
  check(text: string, fileName: string): Problem[] {
    const parsed = parseTopology(text, fileName);
    return "problems" in parsed ? parsed.problems.map(({ where, message, help }) => ({ line: where.line, col: where.col, message, ...(help === null ? {} : { hint: help }), severity: "error" as const })) : [];
  }

  open(text: string, fileName: string, settings: Settings = {}): Promise<Opened> {
    return this.#next(async () => {
      const parsed = parseTopology(text, fileName);
      if ("problems" in parsed) return { problems: this.check(text, fileName) };
      this.#topology = parsed.topology;
      this.#scene = sceneOf(parsed.topology, fileName);
      this.#b = null;
      this.#a = await this.#stage(settings);
      return { scene: this.#scene, view: this.#view(this.#a) };
    });
  }

  /** Both go on to this instant. */
  advance(toNs: number): Promise<Both> { return this.#to(ns(toNs)); }
  seek(toNs: number): Promise<Both> { return this.#to(ns(toNs)); }
  /** Ends a long way early; where it is then, it is. */
  stop(): void { this.#stop = true; }

  next(limitNs: number): Promise<Both> {
    return this.#next(async () => {
      const { a, b } = this.#stages();
      if (b === null) return this.#both(!(await a.page.nextEvent(ns(limitNs))));
      const from = a.page.nowNs;
      const [inA, inB] = [await a.page.nextEvent(ns(limitNs)), await b.page.nextEvent(ns(limitNs))];
      const at = inA && inB ? (a.page.nowNs < b.page.nowNs ? a.page.nowNs : b.page.nowNs) : inA ? a.page.nowNs : inB ? b.page.nowNs : from;
      await Promise.all([a.page.seek(at), b.page.seek(at)]);
      return this.#both(!inA && !inB);
    });
  }

  previous(): Promise<Both> {
    return this.#next(async () => {
      const { a, b } = this.#stages();
      const from = a.page.nowNs;
      const found = [a, ...(b === null ? [] : [b])].map(async ({ page }) => ((await page.previousEvent()) ? page.nowNs : 0n));
      const at = (await Promise.all(found)).reduce((x, y) => (x > y ? x : y), 0n);
      await this.#all(at);
      return this.#both(at === from);
    });
  }

  /** Something is done now. Between whole milliseconds: at the next one. */
  act(op: FaultOp, target: string, side: Side | "both", much = ""): Promise<Both> {
    return this.#next(async () => {
      const { a, b } = this.#stages();
      const at = (a.page.nowNs + MS - 1n) / MS * MS;
      for (const stage of side === "both" ? [a, b] : [side === "a" ? a : b]) {
        if (stage === null) continue;
        const step = stepOf(stage.index, op, `${target}${much === "" ? "" : `=${much}`}@${formatDuration(at)}`);
        await stage.page.setSteps([...stage.page.steps, step]);
      }
      await this.#all(at);
      return this.#both(false);
    });
  }

  /** Other steps, as words; `scenario NAME`: those of the file. Throws a RangeError that says what is wrong. */
  setSteps(list: readonly StepText[], side: Side = "a"): Promise<Both> {
    return this.#next(async () => {
      const stage = this.#side(side);
      const steps = list.flatMap(({ at, text }): Step[] => this.#stepsOf(stage, at, text));
      await stage.page.setSteps(steps);
      return this.#both(false);
    });
  }

  /** One more, at any instant. */
  addStep({ at, text }: StepText, side: Side): Promise<Both> {
    return this.#next(async () => {
      const stage = this.#side(side);
      await stage.page.setSteps([...stage.page.steps, ...this.#stepsOf(stage, at, text)]);
      return this.#both(false);
    });
  }

  removeStep(place: number, side: Side): Promise<Both> {
    return this.#next(async () => {
      const { page } = this.#side(side);
      await page.setSteps(page.steps.filter((_, i) => i !== place));
      return this.#both(false);
    });
  }

  /** The run goes on in two ways: B stands where A stands. */
  fork(): Promise<Both> {
    return this.#next(async () => {
      const { a } = this.#stages();
      this.#b = { page: a.page.fork(), viewer: a.viewer, index: a.index };
      return this.#both(false);
    });
  }

  /** B is the same network with other settings, and the steps of A. */
  compare(settings: Settings): Promise<Both> {
    return this.#next(async () => {
      const { a } = this.#stages();
      const b = await this.#stage(settings);
      await b.page.setSteps(a.page.steps);
      await b.page.seek(a.page.nowNs);
      this.#b = b;
      return this.#both(false);
    });
  }

  dropB(): Promise<Both> { return this.#next(async () => { this.#b = null; return this.#both(false); }); }

  lanes(): Promise<Lanes> {
    return this.#next(async () => {
      const { a, b } = this.#stages();
      const [of, other] = [lanesOf(a.page), b === null ? null : lanesOf(b.page)];
      return { a: of.lanes, b: other?.lanes ?? null, downA: of.downNs, downB: other?.downNs ?? null, stepsA: rows(a.page), stepsB: b === null ? null : rows(b.page) };
    });
  }

  inspect(target: string, side: Side, open: readonly string[] | null): Promise<Inspection> { return this.#next(async () => inspect(this.#side(side).page, this.#scene!, target, open)); }
  flow(name: string, side: Side): Promise<FlowDetail> { return this.#next(async () => flowDetail(this.#side(side).page, this.#scene!, name)); }
  reach(server: string, side: Side): Promise<Reached[]> { return this.#next(() => reach(this.#side(side).page, server)); }

  /** What happened last, newest first. */
  events(most: number, side: Side): Promise<EventRow[]> {
    return this.#next(async () => {
      const { page } = this.#side(side);
      const { trace, names, topology } = page.result();
      const describe = describer(names, topology);
      const found: EventRow[] = [];
      for (let id = trace.length; id > trace.before && found.length < most; id--) {
        const record = trace.get(id);
        if (record.at < 0n) break;
        const { node, protocol, sentence } = describe(record);
        found.push({ id, atNs: Number(record.at), node, protocol, text: sentence });
      }
      return found;
    });
  }

  /** All records so far, as bytes: what two equal runs have in common. */
  trace(side: Side = "a"): Promise<Uint8Array> { return this.#next(async () => this.#side(side).page.result().trace.bytes()); }

  async #stage(settings: Settings): Promise<Stage> {
    const topology = withSettings(this.#topology!, settings);
    const page = await PageSession.open(topology, { wasm: this.#wasm, seed: BigInt(settings.seed ?? 1), frames: recordsFrames(topology), onProgress: () => !this.#stop });
    return { page, viewer: new Viewer(topology, this.#scene!, page.names), index: indexTargets(topology) };
  }

  #stepsOf({ page, index }: Stage, at: string, text: string): Step[] {
    const [, word = "", rest = ""] = /^(\S+)\s+(.*)$/s.exec(text.trim()) ?? [];
    if (word === "scenario") {
      const scenario = page.topology.scenarios.find((s) => s.name === rest);
      if (scenario === undefined) throw new RangeError(`the file has no scenario "${rest}"`);
      const from = parseDuration(at);
      const steps = scenario.steps.map((s) => ({ ...s, atNs: s.atNs + from }));
      if (from === 0n) for (const s of steps) origins.set(s, rest);
      return steps;
    }
    if (!OPS.has(word as FaultOp)) throw new RangeError(`"${text}": "${word}" is no operation`);
    return [stepOf(index, word as FaultOp, `${rest}@${at}`)];
  }

  #to(to: bigint): Promise<Both> {
    return this.#next(async () => {
      await this.#all(to);
      return this.#both(this.#stages().a.page.nowNs !== to);
    });
  }

  async #all(to: bigint): Promise<void> {
    const { a, b } = this.#stages();
    await a.page.seek(to);
    await b?.page.seek(a.page.nowNs);
  }

  #both(stopped: boolean): Both {
    const { a, b } = this.#stages();
    return { a: this.#view(a), b: b === null ? null : this.#view(b), stopped };
  }

  #view = ({ page, viewer }: Stage): Both["a"] => viewer.view(page.picture, page.nowNs, page.takeFrames());

  #stages(): { a: Stage; b: Stage | null } {
    if (this.#a === null) throw new Error("no file is open");
    return { a: this.#a, b: this.#b };
  }

  #side(side: Side): Stage {
    const { a, b } = this.#stages();
    return side === "b" && b !== null ? b : a;
  }

  #next<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(() => { this.#stop = false; return work(); });
    this.#last = done.catch(() => {});
    return done;
  }
}

const OPS = new Set<FaultOp>(["fail", "repair", "hang", "silent", "carrier", "loss", "slow", "shutdown", "down", "up", "release", "enslave", "nothing"]);

/** Steps of the file may say more than an operation and a target. */
const origins = new WeakMap<Step, string>();

const muchOf = ({ op, perMillion, delayNs }: Step): string => (op === "loss" ? `${perMillion / 10_000}%` : op === "slow" ? formatDuration(delayNs ?? 0n) : "");

function rows(page: PageSession): StepRow[] {
  return page.steps.map((s) => ({ atNs: Number(s.atNs), op: s.op, target: s.target, much: muchOf(s), text: stepName(s), scenario: origins.get(s) ?? null }));
}

/** Those to which something happened since the first step, or that are down now. */
function lanesOf(page: PageSession): { lanes: Lane[]; downNs: number } {
  const { names } = page;
  const lines = page.lines();
  const first = page.steps[0]?.atNs ?? 0n;
  const found: Lane[] = [];
  let downNs = 0;
  for (const [kind, of, list] of [["service", names.services, lines.services], ["flow", names.flows, lines.flows]] as const) {
    list.forEach((line, i) => {
      const spans = line.intervals.filter((o) => o.endNs === null || o.endNs > first).map((o): Lane["spans"][number] => [Number(o.startNs), o.endNs === null ? null : Number(o.endNs)]);
      if (spans.length > 0) found.push({ kind, name: of[i] ?? "", spans });
      for (const [from, to] of spans) downNs += (to ?? Number(page.nowNs)) - from;
    });
  }
  return { lanes: found, downNs };
}
