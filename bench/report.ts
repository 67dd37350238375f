// What results.json holds, as one table and as one picture. The picture is SVG written here: bars on a logarithmic axis need no library, and
// the ones that would fit bring a canvas, a browser or a few megabytes of dependencies with them.

import { plain, type CaseResult, type Measure, type Spread } from "./harness.ts";

export interface Recorded { machine: Record<string, string | number>; cases: CaseResult[] }

interface Row { bench: string; name: string; to: string; ratio: Spread; least: number | null }

/** Every ratio that was measured: the first arm of a case against another one. */
export function ratioRows(results: Record<string, Recorded>): Row[] {
  return Object.entries(results).flatMap(([bench, { cases }]) => cases.flatMap((each) => each.ratios.map(({ to, ratio }) => ({
    bench, name: each.name, to, ratio, least: each.bars?.find((bar) => bar.to === to)?.least ?? null,
  }))));
}

const times = (value: number): string => (value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2));
const verdict = ({ ratio, least }: Row): string => (least === null ? "" : `${ratio.median >= least ? "met" : "MISSED"} (${least})`);

/** What is no ratio, and has a bar: at most so many milliseconds or bytes. */
function measureRows(results: Record<string, Recorded>): string[][] {
  const row = (bench: string, name: string, { name: what, unit, value, most = 0 }: Measure): string[] =>
    [bench, name, what, `${plain(value.median)} ${unit}`, `${plain(value.low)}..${plain(value.high)}`, `${value.median <= most ? "met" : "MISSED"} (${most} ${unit})`];
  return Object.entries(results).flatMap(([bench, { cases }]) => cases.flatMap(({ name, measures = [] }) =>
    measures.filter(({ most }) => most !== undefined).map((each) => row(bench, name, each))));
}

export function table(results: Record<string, Recorded>): string[] {
  const ratios = ratioRows(results).map((row) => [row.bench, row.name, row.to, `${times(row.ratio.median)}x`, `${times(row.ratio.low)}..${times(row.ratio.high)}`, verdict(row)]);
  const rows = [...ratios, ...measureRows(results)];
  const head = ["bench", "case", "engine against", "median", "range", "bar"];
  const widths = head.map((word, i) => Math.max(word.length, ...rows.map((row) => (row[i] ?? "").length)));
  const line = (cells: string[]): string => cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join("  ").trimEnd();
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)];
}

const ROW = 22;
const LEFT = 520;
const WIDTH = 420;
const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/** A bar of a picture: how long, over which range it was measured, a mark where a bar to be met stands. */
export interface Bar { label: string; value: Spread; text: string; mark: number | null; colour: string }

/** A bar from 1 to the median of each ratio, a line over its range, a mark where the bar to be met stands. */
export function plot(results: Record<string, Recorded>): string {
  const rows = ratioRows(results).map((row): Bar => {
    const { bench, name, to, ratio, least } = row;
    const missed = least !== null && ratio.median < least;
    return { label: `${bench}: ${name.length > 44 ? `${name.slice(0, 43)}…` : name} | ${to}`, value: ratio, text: `${times(ratio.median)}x`, mark: least, colour: missed ? "#d98880" : ratio.median >= 1 ? "#5b8db8" : "#b0b8c0" };
  });
  return bars("Speed of the engine against its baselines and peers", "x", rows);
}

/** Bars from 1 on one logarithmic axis. */
export function bars(title: string, unit: string, rows: readonly Bar[]): string {
  const values = rows.flatMap(({ value, mark }) => [value.low, value.high, mark ?? 1]).filter((value) => value > 0);
  const low = Math.min(-1, Math.floor(Math.log10(Math.min(1, ...values))));
  const high = Math.max(1, Math.ceil(Math.log10(Math.max(1, ...values))));
  const x = (value: number): number => LEFT + ((Math.log10(value) - low) / (high - low)) * WIDTH;
  const height = rows.length * ROW + 60;
  const decades = Array.from({ length: high - low + 1 }, (_, i) => 10 ** (low + i));
  const axis = decades.map((value) => `<line x1="${x(value).toFixed(1)}" y1="30" x2="${x(value).toFixed(1)}" y2="${height - 20}" stroke="${value === 1 ? "#444" : "#ddd"}"/><text x="${x(value).toFixed(1)}" y="24" text-anchor="middle">${value}${unit}</text>`);
  const right = Math.max(100, ...rows.map(({ text }) => 8 * text.length));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${LEFT + WIDTH + right}" height="${height}" font-family="sans-serif" font-size="12">`,
    `<title>${escaped(title)}</title>`, `<rect width="100%" height="100%" fill="white"/>`, ...axis, ...rows.map((row, i) => barOf(row, 40 + i * ROW, x)), "</svg>", "",
  ].join("\n");
}

function barOf({ label, value, text, mark, colour }: Bar, y: number, x: (value: number) => number): string {
  const from = Math.min(x(1), x(value.median));
  const length = Math.abs(x(value.median) - x(1));
  const at = mark === null ? "" : `<line x1="${x(mark).toFixed(1)}" y1="${y - 2}" x2="${x(mark).toFixed(1)}" y2="${y + 16}" stroke="#c00" stroke-width="2"/>`;
  return [
    `<text x="${LEFT - 8}" y="${y + 11}" text-anchor="end">${escaped(label)}</text>`,
    `<rect x="${from.toFixed(1)}" y="${y}" width="${length.toFixed(1)}" height="14" fill="${colour}"/>`,
    `<line x1="${x(value.low).toFixed(1)}" y1="${y + 7}" x2="${x(value.high).toFixed(1)}" y2="${y + 7}" stroke="#222"/>`, at,
    `<text x="${(Math.max(x(value.high), x(value.median), x(1)) + 6).toFixed(1)}" y="${y + 11}">${escaped(text)}</text>`,
  ].join("");
}
