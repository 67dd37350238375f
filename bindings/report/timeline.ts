// A run drawn in text: a row for each service, flow, bundle and gateway to which something happened. Time is a logarithm of what has passed
// since the step before, so that microseconds and minutes are both seen; a part of the width for each instant at which something is done.

import { tracks, type Outage, type Run, type Span, type Track } from "../analysis/index.ts";
import { time } from "./format.ts";
import type { Paint } from "./style.ts";

/** `ascii`: for terminals that have no other characters. */
export interface DrawOptions { paint: Paint; width: number; ascii?: boolean; rowsMax?: number; /** how the lines begin */ indent?: string }

interface Panel { from: number; to: number; title: string; log: boolean; columns: number }
interface Glyphs { good: string; warn: string; bad: string; none: string; rule: string; cut: string }

const UNICODE: Glyphs = { good: "─", warn: "▒", bad: "█", none: " ", rule: "│", cut: "…" };
const ASCII: Glyphs = { good: "-", warn: "=", bad: "#", none: " ", rule: "|", cut: "." };
const NAME_MAX = 24;
const PANEL_MIN = 13; // columns
const BANDS_MAX = 4;
const ROWS_MAX = 12; // of services or flows
const FIRST_NS = 1_000; // what a logarithm begins with
const LABEL_GAP = 2;

/** Empty when nothing happened to anything. */
export function drawTimeline(run: Run, outages: readonly Outage[], options: DrawOptions): string[] {
  const { paint, width, ascii = false, rowsMax = ROWS_MAX, indent = "  " } = options;
  const all = tracks(run, outages);
  const rows = chosen(all.tracks, rowsMax);
  if (rows.length === 0) return [];
  const glyphs = ascii ? ASCII : UNICODE;
  const nameWidth = Math.min(NAME_MAX, Math.max(...rows.map((t) => [...labelOf(t)].length)));
  const bands = bandsOf(all, width - indent.length - nameWidth - 1);
  const blank = `${indent}${" ".repeat(nameWidth)} `;
  const lines = bands.flatMap((panels) => [
    ...heads(panels, glyphs).map((line) => paint("dim", `${blank}${line}`.trimEnd())),
    ...rows.filter((t) => bands.length === 1 || changes(t, panels[0]!.from, panels.at(-1)!.to))
      .map((t) => `${indent}${cut(labelOf(t), nameWidth, glyphs).padEnd(nameWidth)} ${panels.map((p) => paint("dim", glyphs.rule) + bar(t.spans, p, glyphs, paint)).join("")}`),
  ]);
  const left = all.tracks.length - rows.length;
  const rest = [...(left > 0 ? [`${left} more`] : []), ...all.still.map(({ group, count }) => `${group.toLowerCase()} without a change: ${count}`)];
  return [...lines, paint("dim", `${indent}${legend(rows, glyphs)}${rest.length === 0 ? "" : `; ${rest.join(", ")}`}`)];
}

/** Of each group those that were down for longest, in the order of the run. What carries flows gets half as many rows as they. */
function chosen(all: readonly Track[], rowsMax: number): Track[] {
  const groups = new Map<string, Track[]>();
  for (const track of all) groups.set(track.group, [...(groups.get(track.group) ?? []), track]);
  return [...groups].flatMap(([name, group]) => {
    const badness = (t: Track): number => t.spans.reduce((sum, s) => sum + (s.tone === "bad" ? s.to - s.from : 0), 0);
    const most = name === "Services" || name === "Flows" ? rowsMax : Math.ceil(rowsMax / 2);
    const kept = new Set(group.toSorted((a, b) => badness(b) - badness(a)).slice(0, most));
    return group.filter((t) => kept.has(t));
  });
}

/** Down at some time, or another state than before. */
function changes(t: Track, from: number, to: number): boolean {
  return t.spans.some((s) => s.from < to && s.to > from && (s.tone === "bad" || s.from > from));
}

const labelOf = (t: Track): string => (t.group === "Services" ? `service ${t.name}` : t.name);
const cut = (name: string, width: number, glyphs: Glyphs): string => ([...name].length <= width ? name : `${[...name].slice(0, width - 1).join("")}${glyphs.cut}`);

/** Panels side by side, as many as there is room for, and the others below. Too many: one for the whole run. */
function bandsOf({ steps, startNs, endNs }: { steps: readonly { at: number; text: string }[]; startNs: number; endNs: number }, room: number): Panel[][] {
  const instants = [...new Set(steps.map((s) => s.at))].filter((at) => at < endNs);
  const beside = Math.min(instants.length, Math.floor(room / (PANEL_MIN + 1)));
  if (beside < 1 || instants.length > beside * BANDS_MAX) return [[{ from: startNs, to: Math.max(endNs, startNs + 1), title: "the whole run", log: false, columns: room - 1 }]];
  const inBand = Math.ceil(instants.length / Math.ceil(instants.length / beside));
  const panels = instants.map((from, i): Panel => ({ from, to: instants[i + 1] ?? endNs, title: steps.filter((s) => s.at === from).map((s) => s.text).join(", "), log: true, columns: Math.floor(room / inBand) - 1 }));
  return Array.from({ length: Math.ceil(panels.length / inBand) }, (_, i) => panels.slice(i * inBand, (i + 1) * inBand));
}

/** The instant at which a column begins. */
function edge({ from, to, log, columns }: Panel, column: number): number {
  if (column === 0) return from;
  const part = column / columns;
  return from + (log && to - from > FIRST_NS ? FIRST_NS * ((to - from) / FIRST_NS) ** part : (to - from) * part);
}

const WORSE: Record<Span["tone"], number> = { good: 1, warn: 2, bad: 3 };

/** Each column is the worst that is in it: nothing is too short to be seen. */
function bar(spans: readonly Span[], panel: Panel, glyphs: Glyphs, paint: Paint): string {
  const tones = Array.from({ length: panel.columns }, (_, column): Span["tone"] | "none" => {
    const [from, to] = [edge(panel, column), edge(panel, column + 1)];
    let tone: Span["tone"] | "none" = "none";
    for (const s of spans) if (s.from < to && s.to > from && (tone === "none" || WORSE[s.tone] > WORSE[tone])) tone = s.tone;
    return tone;
  });
  let text = "";
  for (let i = 0; i < tones.length;) {
    let end = i;
    while (tones[end] === tones[i]) end++;
    const tone = tones[i]!;
    const run = glyphs[tone].repeat(end - i);
    text += tone === "bad" ? paint("red", run) : tone === "warn" ? paint("yellow", run) : tone === "good" ? paint("dim", run) : run;
    i = end;
  }
  return text;
}

/** What is done, when, and a scale. */
function heads(panels: readonly Panel[], glyphs: Glyphs): string[] {
  const row = (of: (p: Panel) => string): string => panels.map((p) => `${glyphs.rule}${of(p)}`).join("");
  const words = (text: string, p: Panel): string => cut(text, p.columns - 1, glyphs).padEnd(p.columns);
  return [row((p) => words(p.title, p)), row((p) => words(time(BigInt(p.from)), p)), row(scale)];
}

const DECADES: readonly [number, string][] = [
  [1e3, "1us"], [1e4, "10us"], [1e5, "100us"], [1e6, "1ms"], [1e7, "10ms"], [1e8, "100ms"], [1e9, "1s"], [1e10, "10s"], [1e11, "100s"], [1e12, "1000s"], [1e13, "10^4s"], [1e14, "10^5s"], [1e15, "10^6s"],
];

/** Labels stand where their instant is; as many as find room. */
function scale(panel: Panel): string {
  const { from, to, columns, log } = panel;
  const span = to - from;
  const marks: [number, string][] = log
    ? DECADES.filter(([passed]) => passed > FIRST_NS && passed <= span).map(([passed, label]) => [Math.log(passed / FIRST_NS) / Math.log(span / FIRST_NS), `+${label}`])
    : [[0.25, ""], [0.5, ""], [0.75, ""]].map(([part]) => [part as number, time(BigInt(Math.round(from + span * (part as number)))).replace(/(\.\d)\d* s/, "$1s")]);
  const longest = Math.max(0, ...marks.map(([, label]) => label.length));
  const every = [1, 3, 6].find((n) => (columns / Math.max(1, marks.length)) * n >= longest + LABEL_GAP) ?? 9;
  const cells = Array.from({ length: columns }, () => " ");
  marks.filter((_, i) => (marks.length - 1 - i) % every === 0).forEach(([part, label]) => {
    const at = Math.min(Math.floor(part * columns), columns - label.length);
    if (at >= 0 && cells.slice(Math.max(0, at - 1), at + label.length + 1).every((c) => c === " ")) [...label].forEach((c, i) => { cells[at + i] = c; });
  });
  return cells.join("");
}

function legend(rows: readonly Track[], glyphs: Glyphs): string {
  const tones = new Set(rows.flatMap((t) => t.spans.map((s) => s.tone)));
  return [`${glyphs.bad} down, or no gateway`, ...(tones.has("warn") ? [`${glyphs.warn} members missing, or two gateways`] : []), ...(tones.has("good") ? [`${glyphs.good} as it should be`] : [])].join("  ");
}
