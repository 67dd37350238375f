// When a flow direction, a flow or a service was down: intervals out of the trace, in one pass.

import * as abi from "../../assembly/abi.ts";
import type { TraceRecord } from "../trace/records.ts";
import type { Run } from "./run.ts";

/** From the record that took it down to the record that brought it back. */
export interface Interval {
  startNs: bigint;
  endNs: bigint | null; // null: still down when the run ended
  downId: number;
  upId: number | null;
  /** T_FLOW_DOWN records that say why, in order: the reason may change while it lasts. */
  reasonIds: number[];
}

/** One thing that is up or down. Down from the start; the first up ends its bring-up and is no outage. */
export class Timeline {
  firstUpNs: bigint | null = null;
  intervals: Interval[] = [];
  #open: Interval | null = null;

  set(up: boolean, record: TraceRecord, reasonId: number): void {
    if (up) this.#up(record);
    else if (this.firstUpNs !== null) this.#down(record, reasonId);
  }

  /** Goes on by itself from here. */
  fork(): Timeline {
    const copy = new Timeline();
    copy.firstUpNs = this.firstUpNs;
    copy.intervals = this.intervals.map((interval) => ({ ...interval, reasonIds: [...interval.reasonIds] }));
    if (this.#open !== null) copy.#open = copy.intervals.at(-1)!;
    return copy;
  }

  isUp(): boolean { return this.firstUpNs !== null && this.#open === null; }

  #up(record: TraceRecord): void {
    this.firstUpNs ??= record.at;
    const open = this.#open;
    if (open === null) return;
    this.#open = null;
    open.endNs = record.at;
    open.upId = record.id;
    if (open.endNs === open.startNs) this.intervals.pop(); // down for no time: nothing was lost
  }

  #down(record: TraceRecord, reasonId: number): void {
    const open = this.#open ?? this.#reopened(record.at);
    if (open !== null) {
      if (reasonId > 0 && open.reasonIds.at(-1) !== reasonId) open.reasonIds.push(reasonId);
      return;
    }
    this.#open = { startNs: record.at, endNs: null, downId: record.id, upId: null, reasonIds: reasonId > 0 ? [reasonId] : [] };
    this.intervals.push(this.#open);
  }

  /** Hands out the outages that ended before `atNs`, and forgets them. */
  take(atNs: bigint): Interval[] {
    const first = this.intervals.findIndex((i) => i.endNs === null || i.endNs >= atNs);
    return this.intervals.splice(0, first < 0 ? this.intervals.length : first);
  }

  /** Up and down again in one instant is one outage. */
  #reopened(at: bigint): Interval | null {
    const last = this.intervals.at(-1);
    if (last === undefined || last.endNs !== at) return null;
    last.endNs = null;
    last.upId = null;
    this.#open = last;
    return last;
  }
}

export interface Timelines {
  directions: Timeline[]; // flow * 2 + direction
  flows: Timeline[];
  services: Timeline[];
  /** why each direction is down at the end or was last: T_FLOW_DOWN id, 0 none */
  lastDownIds: number[];
}

export type LineKind = "directions" | "flows" | "services";

/** How far a run had come: what many runs that branch from there have in common. */
export interface Begun { records: number; timelines: Timelines; services: ServiceChoices }

export function begun(run: Run): Begun {
  const flowCount = run.names.flows.length;
  const timelines: Timelines = {
    directions: Array.from({ length: flowCount * 2 }, () => new Timeline()),
    flows: Array.from({ length: flowCount }, () => new Timeline()),
    services: run.names.services.map(() => new Timeline()),
    lastDownIds: new Array<number>(flowCount * 2).fill(0),
  };
  const state = { records: 0, timelines, services: new ServiceChoices(run) };
  goOn(new Whole(timelines), state.services, run, 0);
  return { ...state, records: run.trace.length };
}

export function timelines(run: Run): Timelines { return begun(run).timelines; }

/** The run branched where `from` had come to: only what came after is looked at, and only what something happened to is its own. */
export function branched(run: Run, from: Begun): Branch {
  const branch = new Branch(from);
  goOn(branch, from.services.fork(), run, from.records);
  return branch;
}

/** The run has come further: for one that is read piece by piece (Session.takeTrace). */
export function readOn(state: Begun, run: Run): void {
  goOn(new Whole(state.timelines), state.services, run, state.records);
  state.records = run.trace.length;
}

function goOn(lines: Lines, services: ServiceChoices, run: Run, after: number): void {
  for (const r of run.trace.ofKindsAfter(after, abi.T_FLOW_DOWN, abi.T_FLOW_UP, abi.T_SERVICE)) {
    if (r.kind !== abi.T_SERVICE) flowRecord(lines, services, r);
    else { services.choose(r.entity, r.b); setService(lines, services, r.entity, r); }
  }
}

/** Timelines that are read and written, by their index. */
interface Lines {
  line(of: LineKind, i: number): Timeline | undefined;
  /** The same, to be written to. */
  own(of: LineKind, i: number): Timeline | undefined;
  /** id of the T_FLOW_DOWN that says why a direction is down, or was last; 0: none */
  lastDown(direction: number): number;
  wentDown(direction: number, id: number): void;
}

class Whole implements Lines {
  readonly #t: Timelines;

  constructor(t: Timelines) { this.#t = t; }

  line(of: LineKind, i: number): Timeline | undefined { return this.#t[of][i]; }
  own(of: LineKind, i: number): Timeline | undefined { return this.#t[of][i]; }
  lastDown(direction: number): number { return this.#t.lastDownIds[direction] ?? 0; }
  wentDown(direction: number, id: number): void { this.#t.lastDownIds[direction] = id; }
}

/** Of thousands of lines a failure moves a few: the others are those of the run that it branched from. */
export class Branch implements Lines {
  readonly #from: Begun;
  readonly #own = { directions: new Map<number, Timeline>(), flows: new Map<number, Timeline>(), services: new Map<number, Timeline>() };
  readonly #lastDown = new Map<number, number>();

  constructor(from: Begun) { this.#from = from; }

  line(of: LineKind, i: number): Timeline | undefined { return this.#own[of].get(i) ?? this.#from.timelines[of][i]; }

  own(of: LineKind, i: number): Timeline | undefined {
    const known = this.#own[of].get(i);
    if (known !== undefined) return known;
    const copy = this.#from.timelines[of][i]?.fork();
    if (copy !== undefined) this.#own[of].set(i, copy);
    return copy;
  }

  lastDown(direction: number): number { return this.#lastDown.get(direction) ?? this.#from.timelines.lastDownIds[direction] ?? 0; }
  wentDown(direction: number, id: number): void { this.#lastDown.set(direction, id); }

  /** Those that were ever down, by index. */
  everDown(of: LineKind): [number, Timeline][] {
    const places = new Set([...downBefore(this.#from, of), ...this.#own[of].keys()]);
    return [...places].sort((a, b) => a - b).map((i) => [i, this.line(of, i)!]);
  }
}

export function everDown(t: Timelines | Branch, of: LineKind): [number, Timeline][] {
  return t instanceof Branch ? t.everDown(of) : t[of].flatMap((line, i): [number, Timeline][] => (line.intervals.length === 0 ? [] : [[i, line]]));
}

const known = new WeakMap<Begun, { records: number; directions: number[]; flows: number[]; services: number[] }>();

/** Looked up once for all that branch from there. */
function downBefore(from: Begun, of: LineKind): readonly number[] {
  let found = known.get(from);
  if (found?.records !== from.records) {
    const places = (kind: LineKind): number[] => everDown(from.timelines, kind).map(([i]) => i);
    known.set(from, found = { records: from.records, directions: places("directions"), flows: places("flows"), services: places("services") });
  }
  return found[of];
}

function flowRecord(lines: Lines, services: ServiceChoices, r: TraceRecord): void {
  const flow = r.entity >> 1;
  const up = r.kind === abi.T_FLOW_UP;
  if (!up) lines.wentDown(r.entity, r.id);
  lines.own("directions", r.entity)?.set(up, r, up ? 0 : r.id);
  lines.own("flows", flow)?.set(flowIsUp(lines, flow), r, reasonOf(lines, flow));
  for (const service of services.chosenBy(flow)) setService(lines, services, service, r);
}

function setService(lines: Lines, services: ServiceChoices, service: number, r: TraceRecord): void {
  const flow = services.flowOf(service);
  if (flow >= 0) lines.own("services", service)?.set(flowIsUp(lines, flow), r, reasonOf(lines, flow));
}

function flowIsUp(lines: Lines, flow: number): boolean {
  return (lines.line("directions", flow * 2)?.isUp() ?? false) && (lines.line("directions", flow * 2 + 1)?.isUp() ?? false);
}

/** The newest reason of a direction that is down; 0 when both are up. */
function reasonOf(lines: Lines, flow: number): number {
  let newest = 0;
  for (const d of [flow * 2, flow * 2 + 1]) {
    if (lines.line("directions", d)?.isUp() === false) newest = Math.max(newest, lines.lastDown(d));
  }
  return newest;
}

/** Which flow stands for a service now: its primary until a T_SERVICE record says otherwise. */
class ServiceChoices {
  #flows: [number, number][]; // service → primary flow, standby flow; -1 none
  #choices = new Map<number, number>(); // of those that are not their first one
  #byFlow = new Map<number, number[]>();

  constructor(run: Run | ServiceChoices) {
    if (run instanceof ServiceChoices) {
      [this.#flows, this.#choices, this.#byFlow] = [run.#flows, new Map(run.#choices), run.#byFlow];
      return;
    }
    const flowIndex = new Map(run.names.flows.map((name, index) => [name, index] as const));
    const byName = new Map(run.topology.services.map((s) => [s.name, s] as const));
    this.#flows = run.names.services.map((name) => {
      const s = byName.get(name);
      return [flowIndex.get(s?.primary ?? "") ?? -1, flowIndex.get(s?.standby ?? "") ?? -1];
    });
    this.#flows.forEach((pair, service) => {
      for (const flow of pair) this.#byFlow.set(flow, [...(this.#byFlow.get(flow) ?? []), service]);
    });
  }

  fork(): ServiceChoices { return new ServiceChoices(this); }
  choose(service: number, choice: number): void { this.#choices.set(service, choice); }
  flowOf(service: number): number { return this.#flows[service]?.[this.#choices.get(service) === 1 ? 1 : 0] ?? -1; }
  chosenBy(flow: number): number[] { return (this.#byFlow.get(flow) ?? []).filter((s) => this.flowOf(s) === flow); }
}
