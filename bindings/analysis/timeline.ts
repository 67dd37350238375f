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
  goOn(new Lines(timelines, null), state.services, run, 0);
  return { ...state, records: run.trace.length };
}

/** `from`: the run branched there, so that only what came after is looked at. */
export function timelines(run: Run, from?: Begun): Timelines {
  if (from === undefined) return begun(run).timelines;
  const { directions, flows, services, lastDownIds } = from.timelines;
  const copy: Timelines = { directions: [...directions], flows: [...flows], services: [...services], lastDownIds: [...lastDownIds] };
  goOn(new Lines(copy, from.timelines), from.services.fork(), run, from.records);
  return copy;
}

/** The run has come further: for one that is read piece by piece (Session.takeTrace). */
export function readOn(state: Begun, run: Run): void {
  goOn(new Lines(state.timelines, null), state.services, run, state.records);
  state.records = run.trace.length;
}

function goOn(lines: Lines, services: ServiceChoices, run: Run, after: number): void {
  for (const r of run.trace.ofKindsAfter(after, abi.T_FLOW_DOWN, abi.T_FLOW_UP, abi.T_SERVICE)) {
    if (r.kind !== abi.T_SERVICE) flowRecord(lines, services, r);
    else { services.choose(r.entity, r.b); setService(lines, services, r.entity, r); }
  }
}

/** Timelines that are written to; those shared with other runs are copied first. */
class Lines {
  readonly t: Timelines;
  readonly #shared: Timelines | null;

  constructor(t: Timelines, shared: Timelines | null) { [this.t, this.#shared] = [t, shared]; }

  own(of: "directions" | "flows" | "services", i: number): Timeline | undefined {
    const line = this.t[of][i];
    if (line === undefined || this.#shared === null || this.#shared[of][i] !== line) return line;
    return this.t[of][i] = line.fork();
  }
}

function flowRecord(lines: Lines, services: ServiceChoices, r: TraceRecord): void {
  const { t } = lines;
  const flow = r.entity >> 1;
  const up = r.kind === abi.T_FLOW_UP;
  if (!up) t.lastDownIds[r.entity] = r.id;
  lines.own("directions", r.entity)?.set(up, r, up ? 0 : r.id);
  lines.own("flows", flow)?.set(flowIsUp(t, flow), r, reasonOf(t, flow));
  for (const service of services.chosenBy(flow)) setService(lines, services, service, r);
}

function setService(lines: Lines, services: ServiceChoices, service: number, r: TraceRecord): void {
  const { t } = lines;
  const flow = services.flowOf(service);
  if (flow >= 0) lines.own("services", service)?.set(flowIsUp(t, flow), r, reasonOf(t, flow));
}

function flowIsUp(t: Timelines, flow: number): boolean {
  return (t.directions[flow * 2]?.isUp() ?? false) && (t.directions[flow * 2 + 1]?.isUp() ?? false);
}

/** The newest reason of a direction that is down; 0 when both are up. */
function reasonOf(t: Timelines, flow: number): number {
  let newest = 0;
  for (const d of [flow * 2, flow * 2 + 1]) {
    if (t.directions[d]?.isUp() === false) newest = Math.max(newest, t.lastDownIds[d] ?? 0);
  }
  return newest;
}

/** Which flow stands for a service now: its primary until a T_SERVICE record says otherwise. */
class ServiceChoices {
  #flows: [number, number][]; // service → primary flow, standby flow; -1 none
  #choices: number[];
  #byFlow = new Map<number, number[]>();

  constructor(run: Run | ServiceChoices) {
    if (run instanceof ServiceChoices) {
      [this.#flows, this.#choices, this.#byFlow] = [run.#flows, [...run.#choices], run.#byFlow];
      return;
    }
    const flowIndex = new Map(run.names.flows.map((name, index) => [name, index] as const));
    const byName = new Map(run.topology.services.map((s) => [s.name, s] as const));
    this.#flows = run.names.services.map((name) => {
      const s = byName.get(name);
      return [flowIndex.get(s?.primary ?? "") ?? -1, flowIndex.get(s?.standby ?? "") ?? -1];
    });
    this.#choices = this.#flows.map(() => 0);
    this.#flows.forEach((pair, service) => {
      for (const flow of pair) this.#byFlow.set(flow, [...(this.#byFlow.get(flow) ?? []), service]);
    });
  }

  fork(): ServiceChoices { return new ServiceChoices(this); }
  choose(service: number, choice: number): void { this.#choices[service] = choice; }
  flowOf(service: number): number { return this.#flows[service]?.[this.#choices[service] === 1 ? 1 : 0] ?? -1; }
  chosenBy(flow: number): number[] { return (this.#byFlow.get(flow) ?? []).filter((s) => this.flowOf(s) === flow); }
}
