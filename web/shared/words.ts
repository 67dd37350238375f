// Numbers as people read them.

import type { Kind } from "../../bindings/html/data.ts";

/** "3.000 s", "200.000 ms", "12.345 µs", "17 ns": as the terminal's report has it, digits dropped and never rounded up. */
export function duration(ns: number): string {
  const size = Math.abs(ns);
  const of = (unit: number): string => (Math.trunc(ns / (unit / 1000)) / 1000).toFixed(3);
  if (size >= 1e9 || size === 0) return `${of(1e9)} s`;
  if (size >= 1e6) return `${of(1e6)} ms`;
  if (size >= 1e3) return `${of(1e3)} µs`;
  return `${ns} ns`;
}

/** A point in time: "13.00025 s". */
export function instant(ns: number): string { return `${(ns / 1e9).toFixed(9).replace(/0{1,6}$/, "")} s`; }

export function rate(mbps: number): string {
  if (Math.abs(mbps) >= 1000) return `${Number((mbps / 1000).toFixed(2))} Gbit/s`;
  return `${Number(mbps.toFixed(1))} Mbit/s`;
}

export function percent(share: number): string { return share === 0 ? "0 %" : share < 0.001 ? "< 0.1 %" : `${(share * 100).toFixed(1)} %`; }

export function count(n: number, one: string, many = `${one}s`): string { return `${n.toLocaleString("en-US").replaceAll(",", " ")} ${n === 1 ? one : many}`; }

const WORDS: Record<Kind, (n: number) => string> = { text: String, number: (n) => n.toLocaleString("en-US").replaceAll(",", " "), ns: duration, at: instant, share: percent, mbps: rate };

export function cellText(kind: Kind, value: string | number | null): string { return value === null ? "" : typeof value === "string" ? value : WORDS[kind](value); }
