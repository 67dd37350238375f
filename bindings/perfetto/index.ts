// A run as Trace Event JSON, which ui.perfetto.dev and chrome://tracing open: a process a node or group, a track a machine, a slice a state,
// an arrow from each cause to each effect. Written piece by piece: no string is larger than one event.

import type { Link, Outage, Run } from "../analysis/index.ts";
import { duration, time } from "../report/index.ts";
import type { TraceRecord } from "../trace/records.ts";
import { OUTAGES, processes, SCENARIO, slicer, STEPS, type Slice } from "./machines.ts";

export interface About { file: string; seed: string; version: string }

const SECOND_NS = 1_000_000_000n;

export function* traceEvents(run: Run, outages: readonly Outage[], about: About): Generator<string> {
  const writer = new Writer(run, outages);
  const said = {
    wrote: `dualhome ${about.version}`, file: about.file, topology: run.topology.name, scenario: run.scenario.name, seed: about.seed,
    clock: `0 of the scenario's clock is at ${writer.shiftNs / SECOND_NS} s: bring-up comes before it`,
  };
  yield `{"displayTimeUnit":"ns","otherData":${JSON.stringify(said)},"traceEvents":[\n`;
  let first = true;
  for (const event of writer.events()) {
    yield first ? event : `,\n${event}`;
    first = false;
  }
  yield "\n]}\n";
}

interface Track { process: string; name: string; pid: number; tid: number; open: boolean }

class Writer {
  /** Stamps are not negative: bring-up is before the scenario's 0. Whole seconds, so that times stay readable. */
  readonly shiftNs: bigint;
  readonly #run: Run;
  readonly #outages: readonly Outage[];
  readonly #slice: (r: TraceRecord) => Slice;
  readonly #tracks: ReadonlyMap<string, Track>;
  readonly #effects: Effects;

  constructor(run: Run, outages: readonly Outage[]) {
    this.#run = run;
    this.#outages = outages;
    this.#slice = slicer(run);
    const firstNs = run.trace.length > run.trace.before ? run.trace.get(run.trace.before + 1).at : 0n;
    this.shiftNs = firstNs < 0n ? ((-firstNs + SECOND_NS - 1n) / SECOND_NS) * SECOND_NS : 0n;
    this.#effects = new Effects(run);
    this.#tracks = this.#lay();
  }

  *events(): Generator<string> {
    yield* this.#named();
    for (const [i, step] of this.#run.scenario.steps.entries()) yield this.#step(step.atNs, this.#run.names.steps[i] ?? step.op);
    for (const outage of this.#outages) yield this.#outage(outage);
    let lastNs = this.#run.endNs;
    for (const record of this.#run.trace) {
      yield* this.#record(record);
      lastNs = record.at > lastNs ? record.at : lastNs;
    }
    for (const track of this.#tracks.values()) if (track.open) yield this.#event("E", track, lastNs);
  }

  /** All tracks, in the order in which they are shown. */
  #lay(): Map<string, Track> {
    const found = new Map<string, Set<string>>(processes(this.#run).map((name) => [name, new Set()]));
    const add = (process: string, name: string): void => { (found.get(process) ?? found.set(process, new Set()).get(process)!).add(name); };
    for (const o of this.#outages) add(OUTAGES, outageTrack(o));
    if (this.#run.scenario.steps.length > 0) add(SCENARIO, STEPS);
    for (const record of this.#run.trace) {
      const { process, track } = this.#slice(record);
      add(process, track);
    }
    const tracks = new Map<string, Track>();
    let pid = 0;
    for (const [process, names] of found) {
      if (names.size === 0) continue;
      pid++;
      for (const name of [...names].sort(byName)) tracks.set(keyOf(process, name), { process, name, pid, tid: tracks.size + 1, open: false });
    }
    return tracks;
  }

  *#named(): Generator<string> {
    let pid = 0;
    for (const track of this.#tracks.values()) {
      if (track.pid !== pid) {
        pid = track.pid;
        yield meta("process_name", track, { name: track.process });
        yield meta("process_sort_index", track, { sort_index: pid });
      }
      yield meta("thread_name", track, { name: track.name });
      yield meta("thread_sort_index", track, { sort_index: track.tid });
    }
  }

  *#record(r: TraceRecord): Generator<string> {
    const slice = this.#slice(r);
    const track = this.#track(slice.process, slice.track);
    if (track.open) yield this.#event("E", track, r.at);
    const cause = this.#effects.causeOf(r);
    yield this.#event("B", track, r.at, { name: slice.name, cat: slice.words.protocol, args: { what: slice.words.sentence, at: time(r.at), record: r.id, ...(cause > 0 ? { because: cause } : {}) } });
    if (cause > 0) yield this.#event("f", track, r.at, { name: "cause", cat: "cause", id: r.id, bp: "e" });
    for (const effect of this.#effects.of(r.id)) yield this.#event("s", track, r.at, { name: "cause", cat: "cause", id: effect });
    track.open = slice.lasts;
    if (!slice.lasts) yield this.#event("E", track, r.at);
  }

  #step(atNs: bigint, name: string): string {
    return this.#event("i", this.#track(SCENARIO, STEPS), atNs, { s: "g", name, cat: "step", args: { at: time(atNs) } });
  }

  #outage(o: Outage): string {
    const { down, up, keptDown } = o.why;
    const args = {
      from: time(o.startNs), until: o.endNs === null ? "still down at the end" : time(o.endNs), length: duration(o.lengthNs), between: o.ends,
      ...(o.step === null ? {} : { step: this.#run.names.steps[o.step] ?? "" }),
      reasons: o.reasons.map((r) => `${time(r.atNs)} ${r.words}${r.place === null ? "" : ` at ${r.place}`}`),
      down: down.map(told), up: up.map(told), ...(keptDown === null ? {} : { keptDown: `${duration(keptDown.lengthNs)} until ${keptDown.endedBy.text}` }),
    };
    return this.#event("X", this.#track(OUTAGES, outageTrack(o)), o.startNs, { dur: o.lengthNs, name: o.endNs === null ? "down until the end" : "down", cat: "outage", args });
  }

  #track(process: string, name: string): Track { return this.#tracks.get(keyOf(process, name))!; }

  #event(ph: string, track: Track, atNs: bigint, rest: Record<string, unknown> & { dur?: bigint } = {}): string {
    const { dur, ...more } = rest;
    const words = JSON.stringify(more);
    return `{"ph":"${ph}","pid":${track.pid},"tid":${track.tid},"ts":${microseconds(atNs + this.shiftNs)}${dur === undefined ? "" : `,"dur":${microseconds(dur)}`}${words === "{}" ? "" : `,${words.slice(1, -1)}`}}`;
  }
}

/** What each record brought about: lists of ids, laid end to end. */
class Effects {
  readonly #before: number;
  readonly #first: Uint32Array; // of a record: where its list begins
  readonly #ids: Uint32Array;

  constructor({ trace }: Run) {
    this.#before = trace.before;
    const count = trace.length - trace.before;
    this.#first = new Uint32Array(count + 2);
    let arrows = 0;
    for (const r of trace) {
      const cause = this.causeOf(r);
      if (cause > 0) { this.#first[cause - this.#before + 1]!++; arrows++; }
    }
    for (let i = 1; i < this.#first.length; i++) this.#first[i]! += this.#first[i - 1]!;
    this.#ids = new Uint32Array(arrows);
    const next = this.#first.slice();
    for (const r of trace) {
      const cause = this.causeOf(r);
      if (cause > 0) this.#ids[next[cause - this.#before]!++] = r.id;
    }
  }

  /** 0: none that is here. */
  causeOf(r: TraceRecord): number { return r.cause > this.#before && r.cause < r.id ? r.cause : 0; }

  of(id: number): Uint32Array { return this.#ids.subarray(this.#first[id - this.#before], this.#first[id - this.#before + 1]); }
}

const outageTrack = (o: Outage): string => `${o.subject === "service" ? "service " : ""}${o.name}${o.direction === null ? "" : o.direction === 0 ? " forward" : " back"}`;
const keyOf = (process: string, name: string): string => `${process}\n${name}`;
const told = (l: Link): string => `${time(l.atNs)} ${l.text}`;
const meta = (name: string, { pid, tid }: Track, args: Record<string, unknown>): string => JSON.stringify({ ph: "M", pid, tid, name, args });

/** Exact: nanoseconds stand behind the point. */
function microseconds(ns: bigint): string {
  const rest = ns % 1000n;
  return rest === 0n ? String(ns / 1000n) : `${ns / 1000n}.${String(rest).padStart(3, "0")}`;
}

/** Eth2 before Eth10, whatever the machine's language is. */
function byName(a: string, b: string): number {
  const [x, y] = [a, b].map((name) => name.replace(/\d+/g, (digits) => digits.padStart(9, "0")));
  return x! < y! ? -1 : x! > y! ? 1 : 0;
}
