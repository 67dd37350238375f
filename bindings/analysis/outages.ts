// Outages: who was down, from when to when, because of which scenario event, and why.

import * as abi from "../../assembly/abi.ts";
import type { TraceRecord } from "../trace/records.ts";
import { chainOf, faultOf, linksOf, longestWait, type Link, type Wait } from "./causes.ts";
import { describer, dropPlace, type Describe } from "./describe.ts";
import { firstStepNs, type Run } from "./run.ts";
import { Steps, type Attribution } from "./steps.ts";
import { everDown, timelines, type Branch, type Interval, type LineKind, type Timeline, type Timelines } from "./timeline.ts";
import { dropKey, dropWords, nameAt } from "./words.ts";

export type SubjectKind = "direction" | "flow" | "service";
export type Phase = "failure" | "return";

export interface Reason {
  id: number; // of its record
  atNs: bigint;
  direction: 0 | 1; // of the flow
  drop: number; // DROP_*
  key: string; // "no-member"
  words: string;
  place: string | null; // "leaf1:Eth1", "leaf1"
}

export interface Why {
  /** from the scenario event to the loss */
  down: Link[];
  /** from the scenario event to the recovery; empty when still down */
  up: Link[];
  keptDown: Wait | null;
}

export interface Outage {
  subject: SubjectKind;
  index: number; // flow or service
  direction: 0 | 1 | null; // 0 from → to, 1 to → from
  name: string; // of the flow or service
  ends: string; // "srv1 → srv2"; "srv1 ↔ srv2" when a flow was down both ways
  startNs: bigint;
  endNs: bigint | null; // null: still down when the run ended
  lengthNs: bigint; // until the run's end when still down
  step: number | null; // index into scenario.steps
  attribution: Attribution["attribution"];
  phase: Phase | null;
  reasons: Reason[];
  why: Why;
}

/** Every outage that begins or lasts after the scenario's first event, by start, then services, flows, directions. */
export function outages(run: Run, t: Timelines | Branch = timelines(run), of: readonly SubjectKind[] = ["service", "flow", "direction"]): Outage[] {
  const maker = new OutageMaker(run);
  const found: Outage[] = [];
  for (const subject of of) maker.every(found, everDown(t, LINES[subject]), subject);
  return found.sort((x, y) => (x.startNs < y.startNs ? -1 : x.startNs > y.startNs ? 1 : 0));
}

const LINES: Record<SubjectKind, LineKind> = { service: "services", flow: "flows", direction: "directions" };

class OutageMaker {
  #run: Run;
  #warmNs: bigint;
  #describe: Describe;
  #steps: Steps;
  readonly #ends: ReadonlyMap<string, [string, string]>;

  constructor(run: Run) {
    this.#run = run;
    this.#warmNs = firstStepNs(run);
    this.#describe = describer(run.names, run.topology);
    this.#steps = new Steps(run);
    this.#ends = endsByName(run);
  }

  every(found: Outage[], lines: readonly (readonly [number, Timeline])[], subject: SubjectKind): void {
    for (const [i, { intervals }] of lines) {
      for (let k = 0; k < intervals.length; k++) {
        const { endNs } = intervals[k]!;
        if (endNs !== null && endNs <= this.#warmNs) continue;
        found.push(subject === "direction" ? this.#one(intervals[k]!, subject, i >> 1, (i & 1) as 0 | 1) : this.#one(intervals[k]!, subject, i, null));
      }
    }
  }

  #one(interval: Interval, subject: SubjectKind, index: number, direction: 0 | 1 | null): Outage {
    const { names, endNs } = this.#run;
    const name = nameAt(subject === "service" ? names.services : names.flows, index);
    const downChain = chainOf(this.#run.trace, interval.downId);
    const root = this.#steps.attribute(faultOf(downChain), interval.startNs);
    let why: Why | null = null; // put in words when somebody asks
    const told = (): Why => this.#why(interval, downChain);
    const reasons = interval.reasonIds.map((id) => this.#reason(this.#run.trace.get(id), interval.startNs));
    return {
      subject, index, direction, name, ends: this.#endsOf(subject, name, direction ?? onlyDirection(reasons)),
      startNs: interval.startNs, endNs: interval.endNs, lengthNs: (interval.endNs ?? endNs) - interval.startNs,
      ...root,
      reasons,
      get why() { return why ??= told(); },
    };
  }

  #why(interval: Interval, downChain: TraceRecord[]): Why {
    const down = linksOf(downChain, this.#describe);
    const up = interval.upId === null ? [] : linksOf(chainOf(this.#run.trace, interval.upId), this.#describe);
    return { down, up, keptDown: longestWait(up, interval.startNs) };
  }

  #reason(r: TraceRecord, startNs: bigint): Reason {
    const atNs = r.at < startNs ? startNs : r.at; // a service sent to a flow that was already down
    return { id: r.id, atNs, direction: (r.entity & 1) as 0 | 1, drop: r.a, key: dropKey(r.a), words: dropWords(r.a), place: dropPlace(r, this.#run.names) };
  }

  #endsOf(subject: SubjectKind, name: string, direction: 0 | 1 | null): string {
    const [from, to] = this.#ends.get(subject === "service" ? `service ${name}` : name) ?? ["?", "?"];
    if (subject === "service") return `${from} → ${to}`;
    if (direction === null) return `${from} ↔ ${to}`;
    return direction === 0 ? `${from} → ${to}` : `${to} → ${from}`;
  }
}

function onlyDirection(reasons: Reason[]): 0 | 1 | null {
  const first = reasons[0]?.direction ?? null;
  return reasons.every((r) => r.direction === first) ? first : null;
}

const endsOf = new WeakMap<Run["topology"], Map<string, [string, string]>>();

/** Put together once for a topology: many runs may be analysed. */
function endsByName(run: Run): ReadonlyMap<string, [string, string]> {
  const known = endsOf.get(run.topology);
  if (known !== undefined) return known;
  const ends = new Map<string, [string, string]>();
  endsOf.set(run.topology, ends);
  for (const f of run.topology.flows) ends.set(f.name, [f.from, f.to]);
  for (const s of run.topology.services) ends.set(`service ${s.name}`, [s.client, s.name]);
  return ends;
}

/** A flow that was not up when the scenario began: what it shows afterwards is no failover. */
export interface NotReady {
  subject: "flow" | "service";
  name: string;
  firstUpNs: bigint | null; // null: never came up
  drop: number;
  key: string;
  words: string;
  place: string | null;
}

export function notReady(run: Run, t: Timelines = timelines(run)): NotReady[] {
  const warmNs = firstStepNs(run);
  const late = (line: Timeline): boolean => line.firstUpNs === null || line.firstUpNs > warmNs;
  const entry = (subject: "flow" | "service", name: string, line: Timeline, reasonId: number): NotReady => {
    const r = reasonId > 0 ? run.trace.get(reasonId) : null;
    const drop = r?.a ?? abi.DROP_NONE;
    return { subject, name, firstUpNs: line.firstUpNs, drop, key: dropKey(drop), words: dropWords(drop), place: r === null ? null : dropPlace(r, run.names) };
  };
  const flows = t.flows.flatMap((line, i) => (late(line) ? [entry("flow", nameAt(run.names.flows, i), line, Math.max(t.lastDownIds[i * 2] ?? 0, t.lastDownIds[i * 2 + 1] ?? 0))] : []));
  const services = t.services.flatMap((line, i) => (late(line) ? [entry("service", nameAt(run.names.services, i), line, 0)] : []));
  return [...services, ...flows];
}
