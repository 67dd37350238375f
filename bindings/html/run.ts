// The page of a run: verdict, the network with what was hit, tracks, outages with their chains of causes, load before and after.

import * as abi from "../../assembly/abi.ts";
import type { Link, Outage } from "../analysis/index.ts";
import type { LinkLoad } from "../analysis/load.ts";
import { duration, passes, plural, time, type ReportInput } from "../report/index.ts";
import { PAGE_VERSION, type Cell, type Line, type Page, type Part, type Table, type Tone } from "./data.ts";
import { Details } from "./details.ts";
import { drawing, type Strength } from "./drawing.ts";
import { eventsOf, EVENTS_MAX } from "./events.ts";
import { filled, NONE } from "./tables.ts";
import { timeline } from "./timeline.ts";

/** What cables carry before the first step, and once the failures have settled. */
export interface Loads { before: LinkLoad[]; after: LinkLoad[]; /** null: at the end */ repairNs: bigint | null }

export function runPage(input: ReportInput, loads: Loads | null, eventsMax = EVENTS_MAX): Page {
  const { run, findings } = input;
  const outages = findings.outages.filter((o) => o.subject !== "direction");
  const details = new Details();
  const last = (links: readonly Link[]): number => links.at(-1)?.id ?? 0;
  const told = eventsOf(run, [...outages.flatMap((o) => [last(o.why.down), last(o.why.up)]), ...input.expectations.map((e) => last(e.why))].filter((id) => id > 0), eventsMax);
  const placeOf = new Map(outages.map((o) => [o, details.add({ title: titleOf(o), parts: outageParts(o, (links) => told.indexOf.get(last(links)) ?? -1) })]));
  const pass = passes(input);
  return {
    format: PAGE_VERSION, command: "run", title: `${run.topology.name}: ${run.scenario.name}`, about: `${input.file}, seed ${run.seed}, until ${time(run.endNs)}`, version: input.version,
    pass, verdict: verdictOf(input, outages, pass), lines: linesOf(input),
    drawing: drawing(run.topology, { strong: "failed or set in the scenario", weak: "took part in an outage", of: marks(input, outages) }),
    timeline: timeline(run, outages, (o) => placeOf.get(o) ?? -1), intervals: null,
    tables: filled([outageTable(outages, placeOf), subjectTable(input), ...(loads === null ? [] : [loadTable(loads)]), ...applications(input), ...expectations(input, details, (links) => told.indexOf.get(last(links)) ?? -1), assumed(input)]),
    details: details.list, chains: details.chains, events: told.events,
  };
}

const titleOf = (o: Outage): string => `${o.subject === "service" ? "service " : ""}${o.name}: ${o.endNs === null ? "still down at the end" : `down ${duration(o.lengthNs)}`}`;

function outageParts(o: Outage, indexOf: (links: readonly Link[]) => number): Part[] {
  const { down, up, keptDown } = o.why;
  const facts: [string, string][] = [["between", o.ends], ["from", time(o.startNs)], ["until", o.endNs === null ? "the end, and longer" : time(o.endNs)]];
  for (const r of o.reasons) facts.push([`at ${time(r.atNs)}`, `${r.direction === 0 ? "forward" : "back"}: ${r.words}${r.place === null ? "" : ` at ${r.place}`}`]);
  if (o.attribution === "time") facts.push(["in doubt", "nothing links it to its step but time"]);
  if (o.attribution === "repaired") facts.push(["in doubt", "its chain begins with a failure that was repaired by then"]);
  if (keptDown !== null) facts.push(["what kept it down", `${duration(keptDown.lengthNs)} until ${keptDown.endedBy.text}`]);
  const parts: Part[] = [{ kind: "facts", rows: facts }];
  if (down.length > 0) parts.push({ kind: "walk", title: "Down, because", event: indexOf(down) });
  if (up.length > 0) parts.push({ kind: "walk", title: "Back up, because", event: indexOf(up), known: indexOf(down) });
  return parts;
}

function verdictOf({ findings, expectations }: ReportInput, outages: readonly Outage[], pass: boolean): string {
  const { kept, broken } = findings.budgets;
  const wrong = expectations.filter((e) => !e.kept).length;
  const said = [
    broken > 0 ? `${plural(broken, "budget")} broken, ${kept} kept` : kept > 0 ? `${plural(kept, "budget")} kept` : "no max-outage budget to judge by",
    ...(wrong > 0 ? [`${plural(wrong, "expectation")} not met`] : []), ...(findings.storms.length > 0 ? [plural(findings.storms.length, "forwarding loop")] : []),
    `${plural(outages.length, "outage")}`, ...(findings.stillDown > 0 ? [`${findings.stillDown} still down at the end`] : []),
  ];
  return `${pass ? "Passed" : "Failed"}: ${said.join(", ")}`;
}

const LINES_MAX = 12;

function linesOf({ findings }: ReportInput): Line[] {
  const lines: Line[] = findings.subjects.filter((s) => s.kept === false).map((s) => ({
    tone: "bad" as Tone, text: `${s.subject} ${s.name}: ${s.worst === null ? "never came up" : `down ${duration(s.worst.lengthNs)}${s.worst.open ? " and still down" : ""}`}, where ${duration(s.maxOutageNs ?? 0n)} are allowed`,
  }));
  for (const s of findings.storms) lines.push({ tone: "bad", text: `forwarding loop in VLAN ${s.vlan} by ${s.port} at ${time(s.startNs)}` });
  for (const n of findings.notReady) lines.push({ tone: "warn", text: `${n.subject} ${n.name} ${n.firstUpNs === null ? `never came up: ${n.words}` : `came up only at ${time(n.firstUpNs)}, after the first step`}` });
  for (const f of findings.security) lines.push({ tone: "warn", text: `${f.node} ${f.place}: ${f.words}` });
  const rest = lines.length - LINES_MAX;
  return rest <= 0 ? lines : [...lines.slice(0, LINES_MAX), { tone: "plain", text: `and ${rest} more, in the tables below` }];
}

/** Kinds whose entity is a port, or a bundle: their cables took part. */
const OF_PORTS = new Set([abi.T_CARRIER, abi.T_MII, abi.T_LACP_RX, abi.T_LACP_SELECTED, abi.T_LACP_MUX, abi.T_MEMBER, abi.T_ADJACENCY]);
const OF_LAGS = new Set([abi.T_AGGREGATOR, abi.T_LAG, abi.T_MLAG_SUSPEND]);

function* marks({ run }: ReportInput, outages: readonly Outage[]): Generator<[string, Strength, string]> {
  for (const s of run.scenario.steps) {
    const words = run.names.steps[run.scenario.steps.indexOf(s)] ?? s.op;
    for (const t of s.targets) yield [t.name, 2, words];
  }
  const seen = new Set<number>();
  const ends = new Map(run.topology.flows.map((f) => [f.name, [f.from, f.to]]));
  for (const o of outages) {
    for (const end of ends.get(o.name) ?? []) yield [end, 1, `${o.name} was down`];
    for (const r of o.reasons) if (r.place !== null) yield [r.place, 1, r.words];
    for (const link of [...o.why.down, ...o.why.up]) {
      if (seen.has(link.id) || !(OF_PORTS.has(link.kind) || OF_LAGS.has(link.kind))) continue;
      seen.add(link.id);
      const { entity } = run.trace.get(link.id);
      yield [(OF_PORTS.has(link.kind) ? run.names.ports : run.names.lags)[entity] ?? "", 1, link.text];
    }
  }
}

const down = (o: { lengthNs: bigint; open: boolean } | null): Cell => (o === null ? null : Number(o.lengthNs));

function outageTable(outages: readonly Outage[], placeOf: ReadonlyMap<Outage, number>): Table {
  return {
    id: "outages", title: "Outages", note: outages.length === 0 ? NONE : "Choose one to read how it came to it, and what ended it.",
    columns: [{ head: "who", kind: "text" }, { head: "kind", kind: "text" }, { head: "between", kind: "text" }, { head: "from", kind: "at" }, { head: "down", kind: "ns" }, { head: "because of", kind: "text" }, { head: "reason", kind: "text" }, { head: "at the end", kind: "text" }],
    rows: outages.map((o) => [o.name, o.subject, o.ends, Number(o.startNs), Number(o.lengthNs), o.why.down[0]?.text ?? null, o.reasons[0]?.words ?? null, o.endNs === null ? "still down" : null]),
    details: outages.map((o) => placeOf.get(o) ?? -1), tones: outages.map((o) => (o.endNs === null ? "bad" : "plain")), sort: 4,
  };
}

function subjectTable({ findings }: ReportInput): Table {
  return {
    id: "budgets", title: "Services and flows", note: "",
    columns: [{ head: "who", kind: "text" }, { head: "kind", kind: "text" }, { head: "budget", kind: "text" }, { head: "max-outage", kind: "ns" }, { head: "worst, failure", kind: "ns" }, { head: "worst, return", kind: "ns" }, { head: "outages", kind: "number" }, { head: "down in all", kind: "ns" }],
    rows: findings.subjects.map((s) => [s.name, s.subject, s.kept === null ? null : s.kept ? "kept" : "broken", s.maxOutageNs === null ? null : Number(s.maxOutageNs), down(s.failure), down(s.return), s.outages, Number(s.totalNs)]),
    tones: findings.subjects.map((s) => (s.kept === null ? "plain" : s.kept ? "good" : "bad")), sort: 7,
  };
}

function loadTable({ before, after, repairNs }: Loads): Table {
  const then = new Map(after.map((l) => [l.from, l]));
  const rows = before.map((l) => ({ l, then: then.get(l.from)?.mbps ?? 0 })).filter(({ l, then: mbps }) => l.mbps > 0 || mbps > 0);
  const share = (mbps: number, of: number): number => (of === 0 ? 0 : mbps / of);
  return {
    id: "load", title: "Load of cables, before and after", note: `Before the first step, and ${repairNs === null ? "at the end" : `just before the first repair, at ${time(repairNs)}`}: each direction, of flows with a rate, on the ways that they really take.`,
    columns: [{ head: "from", kind: "text" }, { head: "to", kind: "text" }, { head: "carries", kind: "mbps" }, { head: "before", kind: "share" }, { head: "after", kind: "share" }, { head: "change", kind: "mbps" }],
    rows: rows.map(({ l, then: mbps }) => [l.from, l.to, l.capacityMbps, share(l.mbps, l.capacityMbps), share(mbps, l.capacityMbps), mbps - l.mbps]),
    tones: rows.map(({ l, then: mbps }) => (mbps > l.capacityMbps ? "bad" : "plain")), sort: 4,
  };
}

function applications({ applications: list }: ReportInput): Table[] {
  if (list.length === 0) return [];
  const ns = (at: bigint | null): Cell => (at === null ? null : Number(at));
  return [{
    id: "applications", title: "Applications", note: "",
    columns: [{ head: "application", kind: "text" }, { head: "kind", kind: "text" }, { head: "budget", kind: "text" }, { head: "outages", kind: "number" }, { head: "back after", kind: "ns" }, { head: "writes lost", kind: "ns" }, { head: "split brains", kind: "number" }],
    rows: list.map((a) => [a.name, a.kind, a.kept === null ? null : a.kept ? "kept" : "broken", a.outages.length, ns(a.rtoNs), ns(a.rpoNs), a.splitBrain.length]),
    tones: list.map((a) => (a.kept === null ? "plain" : a.kept ? "good" : "bad")),
  }];
}

function expectations({ expectations: list }: ReportInput, details: Details, indexOf: (links: readonly Link[]) => number): Table[] {
  if (list.length === 0) return [];
  return [{
    id: "expectations", title: "Expectations", note: "",
    columns: [{ head: "", kind: "text" }, { head: "expected", kind: "text" }, { head: "seen", kind: "text" }, { head: "at", kind: "at" }, { head: "line", kind: "number" }],
    rows: list.map((e) => [e.kept ? "met" : "not met", e.text, e.observed, Number(e.atNs), e.where.line]), tones: list.map((e) => (e.kept ? "good" : "bad")),
    details: list.map((e) => (e.why.length === 0 ? -1 : details.add({ title: e.text, parts: [{ kind: "facts", rows: [["seen", e.observed ?? "nothing"]] }, { kind: "walk", title: "How it came to it", event: indexOf(e.why) }] }))),
  }];
}

function assumed({ run }: ReportInput): Table {
  return {
    id: "assumed", title: "Assumed: not in the file", note: "Values of the devices' profiles.", columns: [{ head: "what", kind: "text" }, { head: "value", kind: "text" }, { head: "source", kind: "text" }],
    rows: run.topology.assumptions.map((a) => [a.what, a.value, a.source]),
  };
}
