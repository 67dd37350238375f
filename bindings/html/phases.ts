// The page of steps at many instants: how long each flow and service was down, as a spread; and how it depends on when it began.

import type { Distribution, PhasesCaseResult, PhasesResult, Stretch } from "../phases/index.ts";
import { duration, plural } from "../report/index.ts";
import { PAGE_VERSION, type Cell, type Page, type Part, type Table } from "./data.ts";
import { Details } from "./details.ts";
import { drawing, type Strength } from "./drawing.ts";
import type { Asked } from "./sweep.ts";
import { filled, NONE } from "./tables.ts";

/** Lines of the plot for each case; the table has all. */
const SPREADS_MAX = 40;

interface Row { of: PhasesCaseResult; d: Distribution }

export function phasesPage(result: PhasesResult, { file, seed, version, topology }: Asked): Page {
  const details = new Details();
  const { cases, options: { runs, windowNs, forNs } } = result;
  const rows = cases.flatMap((of) => of.distributions.map((d): Row => ({ of, d })));
  const place = new Map(rows.map((row) => [row.d, details.add({ title: `${row.d.name}: ${row.of.name}`, parts: parts(row, Number(windowNs), Number(forNs)) })]));
  const worst = rows.reduce<Row | null>((most, row) => (most === null || (row.d.longest ?? Infinity) > (most.d.longest ?? Infinity) ? row : most), null);
  const shown = cases.flatMap((of) => of.distributions.slice(0, SPREADS_MAX).map((d): Row => ({ of, d })));
  return {
    format: PAGE_VERSION, command: "phases", title: `${result.name}: the same failure at many instants`, version, pass: null,
    about: `${file}, seed ${seed}, ${plural(runs, "run")} of each case, begun within ${duration(BigInt(windowNs))}, each seen for ${duration(BigInt(forNs))}`,
    verdict: worst === null ? "Nothing was down" : `The longest outage: ${worst.d.name}, ${worst.d.longest === null ? `still down after ${duration(BigInt(forNs))}` : duration(BigInt(worst.d.longest))}, ${worst.of.name}`,
    lines: cases.filter((c) => c.distributions.length === 0).map((c) => ({ tone: "plain", text: `${c.name}: nothing was down` })),
    drawing: topology === null ? null : drawing(topology, { strong: "what the cases do something to", weak: "ends of what was down", of: marks(result, topology) }), timeline: null, intervals: null,
    ...(shown.length === 0 ? {} : { spreads: {
      title: "How long it was down", note: "Of the runs in which it was down: the line from the shortest to the longest, the box from the median to what 90 of 100 do not exceed, the stroke what 99 do not. Choose a name for its lengths, and how they depend on when it began.",
      rows: shown.map(({ of, d }) => ({ group: of.name, name: d.name, least: d.shortest, p50: d.p50, p90: d.p90, p99: d.p99, most: d.longest, text: words(d), detail: place.get(d)! })),
    } }),
    tables: filled([table(rows, place)]), details: details.list, chains: [], events: null,
  };
}

const length = (ns: number | null): string => (ns === null ? "still down" : duration(BigInt(ns)));
const words = (d: Distribution): string => `${length(d.shortest)} to ${length(d.longest)}, median ${length(d.p50)}, 90 % ${length(d.p90)}, 99 % ${length(d.p99)}`;

function table(rows: readonly Row[], place: ReadonlyMap<Distribution, number>): Table {
  const cell = (ns: number | null): Cell => ns ?? "still down";
  return {
    id: "spreads-table", title: "Lengths", note: rows.length === 0 ? NONE : "Of the runs in which it was down, the longest outage of each; the mean is of those that ended.",
    columns: [
      { head: "flow or service", kind: "text" }, { head: "case", kind: "text" }, { head: "down in", kind: "share" }, { head: "least", kind: "ns" }, { head: "median", kind: "ns" }, { head: "90 %", kind: "ns" }, { head: "99 %", kind: "ns" },
      { head: "most", kind: "ns" }, { head: "mean", kind: "ns" }, { head: "worst at", kind: "ns" },
    ],
    rows: rows.map(({ of, d }) => [d.name, of.name, d.hit / of.runs, cell(d.shortest), cell(d.p50), cell(d.p90), cell(d.p99), cell(d.longest), d.mean, d.worstAt]),
    tones: rows.map(({ d }) => (d.stuck > 0 ? "bad" : "plain")), details: rows.map(({ d }) => place.get(d)!), sort: 7,
  };
}

function parts({ of, d }: Row, windowNs: number, forNs: number): Part[] {
  const list: Part[] = [{ kind: "facts", rows: [["down in", `${d.hit} of ${plural(of.runs, "run")}`], ["lengths", words(d)], ...(d.stuck > 0 ? [["still down at the end", `${d.stuck} of them, after ${duration(BigInt(forNs))}`] as [string, string]] : []), ["the longest began at", duration(BigInt(d.worstAt))]] }];
  if (d.longest !== null || d.histogram.length > 0) list.push({ kind: "bars", title: "Runs by how long it was down", rows: d.histogram.map((h) => ({ name: h.fromNs === h.toNs ? length(h.fromNs) : `${length(h.fromNs)} to ${length(h.toNs)}`, share: h.runs / d.hit, text: plural(h.runs, "run") })) });
  list.push({ kind: "stretches", title: "By when in the window it began", windowNs, mostNs: d.stuck > 0 ? forNs : Math.max(1, ...d.byPhase.map((s) => s.most ?? 0)), rows: d.byPhase.map((s) => ({ least: s.least, most: s.most, bad: s.stuck > 0, text: stretchWords(s) })) });
  return list;
}

function stretchWords(s: Stretch): string {
  const when = `${duration(BigInt(Math.round(s.fromNs)))} to ${duration(BigInt(Math.round(s.toNs)))}`;
  if (s.runs === 0) return `${when}: ${s.all === 0 ? "no run" : "not down"}`;
  const lengths = s.least === null ? "" : s.least === s.most ? `, ${length(s.least)}` : `, ${length(s.least)} to ${length(s.most)}`;
  return `${when}: down in ${s.runs} of ${plural(s.all, "run")}${lengths}${s.stuck === 0 ? "" : `, ${s.stuck} still down`}`;
}

/** Steps name what they are done to; flows have ends. */
function* marks({ cases, options }: PhasesResult, topology: NonNullable<Asked["topology"]>): Generator<[string, Strength, string]> {
  for (const c of options.cases) for (const step of c.steps) for (const t of step.targets) yield [t.name, 2, c.name];
  const ends = new Map(topology.flows.map((f) => [f.name, [f.from, f.to]]));
  for (const c of cases) for (const d of c.distributions) for (const end of ends.get(d.name) ?? []) yield [end, 1, `${d.name} was down`];
}
