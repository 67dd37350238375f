// What results.json holds, as one table and as one picture. The picture is SVG written here: bars on a logarithmic axis need no library, and
// the ones that would fit bring a canvas, a browser or a few megabytes of dependencies with them.

import type { CaseResult, Spread } from "./harness.ts";

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

export function table(results: Record<string, Recorded>): string[] {
  const rows = ratioRows(results).map((row) => [row.bench, row.name, row.to, `${times(row.ratio.median)}x`, `${times(row.ratio.low)}..${times(row.ratio.high)}`, verdict(row)]);
  const head = ["bench", "case", "engine against", "median", "range", "bar"];
  const widths = head.map((word, i) => Math.max(word.length, ...rows.map((row) => (row[i] ?? "").length)));
  const line = (cells: string[]): string => cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join("  ").trimEnd();
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)];
}

const ROW = 22;
const LEFT = 520;
const WIDTH = 420;
const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/** A bar from 1 to the median of each ratio, a line over its range, a mark where the bar to be met stands. */
export function plot(results: Record<string, Recorded>): string {
  const rows = ratioRows(results);
  const values = rows.flatMap(({ ratio, least }) => [ratio.low, ratio.high, least ?? 1]).filter((value) => value > 0);
  const low = Math.min(-1, Math.floor(Math.log10(Math.min(1, ...values))));
  const high = Math.max(1, Math.ceil(Math.log10(Math.max(1, ...values))));
  const x = (value: number): number => LEFT + ((Math.log10(value) - low) / (high - low)) * WIDTH;
  const height = rows.length * ROW + 60;
  const decades = Array.from({ length: high - low + 1 }, (_, i) => 10 ** (low + i));
  const axis = decades.map((value) => `<line x1="${x(value).toFixed(1)}" y1="30" x2="${x(value).toFixed(1)}" y2="${height - 20}" stroke="${value === 1 ? "#444" : "#ddd"}"/><text x="${x(value).toFixed(1)}" y="24" text-anchor="middle">${value}x</text>`);
  const bars = rows.map((row, i) => barOf(row, 40 + i * ROW, x));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${LEFT + WIDTH + 100}" height="${height}" font-family="sans-serif" font-size="12">`,
    `<title>Speed of the engine against its baselines and peers</title>`, `<rect width="100%" height="100%" fill="white"/>`, ...axis, ...bars, "</svg>", "",
  ].join("\n");
}

function barOf({ bench, name, to, ratio, least }: Row, y: number, x: (value: number) => number): string {
  const from = Math.min(x(1), x(ratio.median));
  const length = Math.abs(x(ratio.median) - x(1));
  const missed = least !== null && ratio.median < least;
  const label = `${bench}: ${name.length > 44 ? `${name.slice(0, 43)}…` : name} | ${to}`;
  const mark = least === null ? "" : `<line x1="${x(least).toFixed(1)}" y1="${y - 2}" x2="${x(least).toFixed(1)}" y2="${y + 16}" stroke="#c00" stroke-width="2"/>`;
  return [
    `<text x="${LEFT - 8}" y="${y + 11}" text-anchor="end">${escaped(label)}</text>`,
    `<rect x="${from.toFixed(1)}" y="${y}" width="${length.toFixed(1)}" height="14" fill="${missed ? "#d98880" : ratio.median >= 1 ? "#5b8db8" : "#b0b8c0"}"/>`,
    `<line x1="${x(ratio.low).toFixed(1)}" y1="${y + 7}" x2="${x(ratio.high).toFixed(1)}" y2="${y + 7}" stroke="#222"/>`, mark,
    `<text x="${(Math.max(x(ratio.high), x(ratio.median), x(1)) + 6).toFixed(1)}" y="${y + 11}">${times(ratio.median)}x</text>`,
  ].join("");
}
