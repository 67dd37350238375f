// One JSON object a run. Every time and length is {"ms": number, "ns": "exact digits"}: ms to read and to filter by, ns to compute with.

import { boots } from "../analysis/index.ts";
import { bootsJson } from "./boots.ts";
import type { Link, Outage, SubjectStatistics, Worst } from "../analysis/index.ts";
import type { Outcome } from "../applications/index.ts";
import type { Judged } from "../expectations/index.ts";
import type { Run } from "../analysis/run.ts";
import { passes, type ReportInput } from "./input.ts";

export const FORMAT_VERSION = 1;

export interface JsonTime { ms: number; ns: string }

export function json(input: ReportInput): string { return `${JSON.stringify(report(input), null, 2)}\n`; }

export function report(input: ReportInput): Record<string, unknown> {
  const { run, findings } = input;
  return {
    format: FORMAT_VERSION, dualhome: input.version, file: input.file, topology: run.topology.name, scenario: run.scenario.name,
    seed: run.seed.toString(), end: jsonTime(run.endNs), pass: passes(input),
    budgets: findings.budgets,
    expectations: input.expectations.map(expectationJson),
    subjects: findings.subjects.map((s) => subject(s, run)),
    notReady: findings.notReady.map((n) => ({ subject: n.subject, name: n.name, firstUp: orNull(n.firstUpNs), reason: n.key, words: n.words, place: n.place })),
    steps: findings.steps.map((s) => ({
      step: s.step, text: s.text, at: orNull(s.atNs), phase: s.phase,
      explanations: s.explanations.map((e) => ({ names: e.names, ...outage(e.outage, run) })),
    })),
    outages: findings.outages.map((o) => outage(o, run)),
    applications: input.applications.map(application),
    security: findings.security,
    probes: findings.probes,
    storms: findings.storms.map((s) => ({
      vlan: s.vlan, node: s.node, port: s.port, start: jsonTime(s.startNs), end: orNull(s.endNs), copies: s.copies, after: orNull(s.afterNs),
      framesPerMs: s.framesPerMs, doubling: orNull(s.doublingNs),
    })),
    boots: bootsJson(boots(run)),
    assumed: run.topology.assumptions,
    events: run.events, records: run.trace.length,
  };
}

function application(o: Outcome): Record<string, unknown> {
  const span = (i: { startNs: bigint; endNs: bigint | null }) => ({ start: jsonTime(i.startNs), end: orNull(i.endNs) });
  return {
    name: o.name, kind: o.kind, kept: o.kept, maxOutage: orNull(o.maxOutageNs), rto: orNull(o.rtoNs), rpo: orNull(o.rpoNs),
    events: o.events.map((e) => ({ at: jsonTime(e.atNs), what: e.what })), served: o.served.map((s) => ({ from: jsonTime(s.fromNs), share: s.share })),
    outages: o.outages.map(span), splitBrain: o.splitBrain.map(span),
  };
}

export function jsonTime(ns: bigint): JsonTime { return { ms: Number(ns) / 1e6, ns: ns.toString() }; }
function orNull(ns: bigint | null): JsonTime | null { return ns === null ? null : jsonTime(ns); }

export function outage(o: Outage, run: Run): Record<string, unknown> {
  const { down, up, keptDown } = o.why;
  return {
    subject: o.subject, name: o.name, ends: o.ends, direction: o.direction === null ? null : o.direction === 0 ? "forward" : "back",
    start: jsonTime(o.startNs), end: orNull(o.endNs), length: jsonTime(o.lengthNs), open: o.endNs === null,
    step: o.step, stepText: o.step === null ? null : (run.names.steps[o.step] ?? null), phase: o.phase, attribution: o.attribution,
    reasons: o.reasons.map((r) => ({ at: jsonTime(r.atNs), direction: r.direction === 0 ? "forward" : "back", reason: r.key, words: r.words, place: r.place })),
    why: {
      down: down.map(link), up: up.map(link),
      keptDown: keptDown === null ? null : { length: jsonTime(keptDown.lengthNs), from: jsonTime(keptDown.fromNs), until: jsonTime(keptDown.untilNs), endedBy: link(keptDown.endedBy) },
    },
  };
}

function link(l: Link): Record<string, unknown> { return { id: l.id, at: jsonTime(l.atNs), delta: jsonTime(l.deltaNs), text: l.text }; }

export function expectationJson(e: Judged): Record<string, unknown> {
  return {
    kept: e.kept, expected: e.text, observed: e.observed, at: jsonTime(e.atNs), before: e.before, since: jsonTime(e.sinceNs), step: e.step, stepText: e.stepText,
    line: e.where.line, col: e.where.col, why: e.why.map(link),
  };
}

function subject(s: SubjectStatistics, run: Run): Record<string, unknown> {
  const worst = (w: Worst | null): unknown => (w === null ? null : { length: jsonTime(w.lengthNs), open: w.open, step: w.step, stepText: w.step === null ? null : (run.names.steps[w.step] ?? null) });
  return { subject: s.subject, name: s.name, outages: s.outages, total: jsonTime(s.totalNs), worst: worst(s.worst), worstFailure: worst(s.failure), worstReturn: worst(s.return), maxOutage: orNull(s.maxOutageNs), kept: s.kept };
}
