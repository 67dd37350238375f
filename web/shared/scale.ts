// Time across the page. After each step it is a logarithm of what has passed since: microseconds and minutes are both seen.

import type { Timeline } from "../../bindings/html/data.ts";

export interface Panel { from: number; to: number; title: string; log: boolean }
export interface Tick { at: number; label: string }

/** What a log scale begins with. */
const FIRST = 1_000;
/** More of them side by side would be too narrow to read. */
const PANELS_MAX = 4;

const DECADES: readonly [number, string][] = [
  [1e3, "1 µs"], [1e4, "10 µs"], [1e5, "100 µs"], [1e6, "1 ms"], [1e7, "10 ms"], [1e8, "100 ms"], [1e9, "1 s"], [1e10, "10 s"], [1e11, "100 s"], [1e12, "1000 s"], [1e13, "10⁴ s"], [1e14, "10⁵ s"], [1e15, "10⁶ s"],
];

/** A panel for each instant at which something is done. */
export function panelsOf({ steps, endNs, startNs }: Timeline): Panel[] {
  const instants = [...new Set(steps.map((s) => s.at))].filter((at) => at < endNs);
  if (instants.length === 0) return [{ from: startNs, to: endNs, title: "the run", log: false }];
  return instants.map((from, i) => ({ from, to: instants[i + 1] ?? endNs, title: steps.filter((s) => s.at === from).map((s) => s.text).join(", "), log: true }));
}

export const whole = ({ startNs, endNs }: Timeline): Panel => ({ from: startNs, to: Math.max(endNs, startNs + 1), title: "the whole run", log: false });

/** Which are shown to begin with: all, side by side, when they are few. */
export function shownFirst(panels: readonly Panel[], width: number): "all" | 0 { return panels.length <= Math.min(PANELS_MAX, Math.max(1, Math.floor(width / 280))) ? "all" : 0; }

/** 0 to 1, for an instant within the panel. */
export function place({ from, to, log }: Panel, at: number): number {
  const passed = Math.min(Math.max(at, from), to) - from;
  if (!log) return passed / Math.max(1, to - from);
  return passed <= FIRST ? 0 : Math.log10(passed / FIRST) / Math.log10(Math.max(FIRST * 10, to - from) / FIRST);
}

/** The other way round: which instant lies at this part of the panel. */
export function instantAt(panel: Panel, part: number): number {
  if (!panel.log) return Math.round(panel.from + part * (panel.to - panel.from));
  let [low, high] = [panel.from, panel.to];
  for (let i = 0; i < 60; i++) { const middle = (low + high) / 2; if (place(panel, middle) < part) low = middle; else high = middle; }
  return Math.round(high);
}

/** As many as find room. */
export function ticksOf(panel: Panel, width: number): Tick[] {
  const room = Math.max(1, Math.floor(width / 58));
  if (!panel.log) {
    const step = niceStep((panel.to - panel.from) / Math.min(room, 10));
    const ticks: Tick[] = [];
    for (let at = Math.ceil(panel.from / step) * step; at <= panel.to; at += step) ticks.push({ at, label: `${Number((at / 1e9).toPrecision(6))} s` });
    return ticks;
  }
  const fit = DECADES.filter(([passed]) => passed <= panel.to - panel.from);
  const every = [1, 3, 6].find((n) => fit.length / n <= room) ?? 9;
  return fit.filter((_, i) => i % every === 0).map(([passed, label]) => ({ at: panel.from + passed, label: `+${label}` }));
}

function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(rough, 1)));
  return power * ([1, 2, 5, 10].find((n) => n * power >= rough) ?? 10);
}
