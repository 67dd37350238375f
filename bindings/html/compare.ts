// The page of two designs: what was measured of both, the outages of each after the same failures, what is not in both, and the verdict where one was asked for.

import type { Comparison, Effect, Verdict } from "../compare/index.ts";
import { changes, DIFFERENT_S, failureName, gap, KEPT, labels, lines as measures } from "../report/compare.ts";
import { plural } from "../report/index.ts";
import { PAGE_VERSION, type Cell, type Line, type Page, type Table, type Tone } from "./data.ts";
import { drawing, type Strength } from "./drawing.ts";
import { filled, NONE } from "./tables.ts";

/** `verdicts`: of diff; null: of compare, which judges nothing. */
export function comparePage(c: Comparison, verdicts: readonly Verdict[] | null, version: string): Page {
  const [a, b] = labels(c.a.file, c.b.file);
  const rows = pairs(c);
  const [longer, shorter] = [rows.filter((r) => r.tone === "bad").length, rows.filter((r) => r.tone === "good").length];
  const bad = (verdicts ?? []).filter((v) => v.reasons.length > 0);
  const said = longer + shorter === 0 ? "no outage differs by more than 100 ms" : `of the second, ${plural(longer, "outage is", "outages are")} longer and ${shorter} shorter by more than 100 ms`;
  return {
    format: PAGE_VERSION, command: verdicts === null ? "compare" : "diff", title: `${a} and ${b}`, about: `${c.a.file}, then ${c.b.file}`, version, pass: verdicts === null ? null : bad.length === 0,
    verdict: verdicts === null ? `${said[0]!.toUpperCase()}${said.slice(1)}` : bad.length === 0 ? `Passed: the second is no worse; ${said}` : `Failed: the second is worse: ${bad.map((v) => v.asked.kind).join(", ")}; ${said}`,
    lines: [...(verdicts ?? []).map(verdictLine), ...changes(c).map((text): Line => ({ tone: "plain", text }))],
    drawing: drawing(c.b.topology, { strong: "its failure takes something down for longer than in the first", weak: "not in the first, or elsewhere there", of: marks(c, rows) }),
    timeline: null, intervals: null, tables: filled([measured(c, a, b), outages(rows, a, b), ...(verdicts === null ? [] : [reasons(c, verdicts)])]), details: [], chains: [], events: null,
  };
}

function verdictLine(v: Verdict): Line {
  const text = `${v.asked.kind}: ${v.reasons.length > 0 ? plural(v.reasons.length, "reason") : v.moot ?? KEPT[v.asked.kind]}`;
  return { tone: v.reasons.length > 0 ? "bad" : v.moot !== null ? "plain" : "good", text };
}

function measured(c: Comparison, a: string, b: string): Table {
  const rows = measures(c);
  return {
    id: "measures", title: "What was measured", note: "Red: the second is worse; green: it is better.", columns: [{ head: "measure", kind: "text" }, { head: a, kind: "text" }, { head: b, kind: "text" }, { head: "change", kind: "text" }],
    rows: rows.map((r) => [r.measure, r.a, r.b, r.change]), tones: rows.map((r): Tone => (r.better === null ? "plain" : r.better === "b" ? "good" : "bad")), sort: -1,
  };
}

interface Row { failure: string; second: string | null; who: string; a: Effect; b: Effect; change: number; tone: Tone }

/** Every outage of either, the largest difference first. */
function pairs({ failures }: Comparison): Row[] {
  return failures.flatMap((pair) => pair.subjects.map(({ name, a, b }): Row => {
    const change = gap(a, b);
    return { failure: failureName(pair), second: pair.b, who: name, a, b, change, tone: change <= DIFFERENT_S ? "plain" : isLonger(b, a) ? "bad" : "good" };
  })).sort((x, y) => y.change - x.change);
}

const lengthOf = (e: Effect): number => (e.absent || e.own ? 0 : e.ns === null ? Infinity : Number(e.ns));
const isLonger = (a: Effect, b: Effect): boolean => lengthOf(a) > lengthOf(b);

function outages(rows: readonly Row[], a: string, b: string): Table {
  const cell = (e: Effect): Cell => (e.absent ? null : e.own ? "its server" : e.ns === null ? "stays down" : Number(e.ns));
  return {
    id: "outages", title: "Outages of both", note: rows.length === 0 ? NONE : "After the same failure, and its return: the longer of the two. Red: longer in the second by more than 100 ms; green: shorter.",
    columns: [{ head: "what fails", kind: "text" }, { head: "who is down", kind: "text" }, { head: `in ${a}`, kind: "ns" }, { head: `in ${b}`, kind: "ns" }], rows: rows.map((r) => [r.failure, r.who, cell(r.a), cell(r.b)]), tones: rows.map((r) => r.tone), sort: -1,
  };
}

function reasons(c: Comparison, verdicts: readonly Verdict[]): Table {
  const all = verdicts.flatMap((v) => v.reasons);
  return {
    id: "reasons", title: "Reasons", note: "", columns: [{ head: "reason", kind: "text" }, { head: "what", kind: "text" }, { head: "place", kind: "text" }],
    rows: all.map((r) => [r.kind, r.text, r.where === null ? c.b.file : `${c.b.file}:${r.where.line}:${r.where.col}`]), tones: all.map(() => "bad"), sort: -1,
  };
}

function* marks({ matching: { added, moved } }: Comparison, rows: readonly Row[]): Generator<[string, Strength, string]> {
  for (const name of added) yield [name, 1, "not in the first"];
  for (const { name, from, to } of moved) for (const part of [name, to]) yield [part, 1, `was ${from}`];
  for (const r of rows) if (r.tone === "bad" && r.second !== null) yield [r.second.replace(/^(hang|silent) /, ""), 2, `${r.who} is down for longer when it fails`];
}
