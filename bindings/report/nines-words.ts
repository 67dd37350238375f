// Availability and downtime in words and digits: never more of these than what is known bears.

import { MINUTES_PER_YEAR, type Minutes, type NinesSubject } from "../nines/index.ts";

const UNITS: readonly [string, number][] = [["d", 1440], ["h", 60], ["min", 1], ["s", 1 / 60], ["ms", 1 / 60_000]];

/** A solved answer is as good as what it was solved from: judgement, to two digits. */
const SOLVED = 0.05;

/** A bound is one digit or two. */
const BOUND = 0.1;

/** How far off the mean may be. */
export const halfWidth = ({ mean, low, high }: Minutes): number => Math.max((high - low) / 2, high === low ? mean * SOLVED : 0, mean * SOLVED);

/** The unit in which it is one or more. */
function unitOf(minutes: number): readonly [string, number] {
  return UNITS.find(([, size]) => minutes >= size * (size === 1440 ? 2 : size === 60 ? 2 : 1)) ?? UNITS.at(-1)!;
}

/** Decimals that an error bears: its first digit is the last that is shown. */
const decimalsOf = (error: number): number => (error > 0 ? Math.max(0, -Math.floor(Math.log10(error))) : 0);

/** "35 min": of a mean that may be off by `half`. */
export function spent(minutes: number, half: number): string {
  if (minutes <= 0) return "none";
  const [unit, size] = unitOf(minutes);
  const decimals = Math.min(3, decimalsOf(half / size));
  const step = half / size >= 10 ? 10 ** Math.floor(Math.log10(half / size)) : 1;
  const value = step > 1 ? Math.round(minutes / size / step) * step : minutes / size;
  return `${value.toFixed(decimals)} ${unit}`;
}

export function downWords(down: Minutes): string {
  return down.mean > 0 ? spent(down.mean, halfWidth(down)) : `less than ${spent(down.high, down.high * BOUND)}`;
}

export function intervalWords({ down, by }: NinesSubject): string {
  if (by === "exact") return down.high - down.low > down.mean * 0.005 ? `at most ${spent(down.high, halfWidth(down))}` : "solved";
  return `${down.low > 0 ? spent(down.low, halfWidth(down)) : "0"} to ${spent(down.high, halfWidth(down))}`;
}

/** "99.9933 %". */
export function availabilityWords(down: Minutes): string {
  const half = halfWidth(down);
  const share = (minutes: number): number => 100 * (minutes / MINUTES_PER_YEAR);
  if (down.mean <= 0 || half >= down.mean) return `over ${(100 - ceiling(share(down.high), decimalsOf(share(down.high)))).toFixed(decimalsOf(share(down.high)))} %`;
  const decimals = decimalsOf(share(half));
  return `${(100 - share(down.mean)).toFixed(decimals)} %`;
}

const ceiling = (x: number, decimals: number): number => Math.ceil(x * 10 ** decimals - 1e-9) / 10 ** decimals;

/** "4.2", "4.1 to 4.4", "over 5.2". */
export function ninesWords({ down, by }: NinesSubject): string {
  const of = (minutes: number): string => (-Math.log10(minutes / MINUTES_PER_YEAR)).toFixed(1);
  if (down.mean <= 0 || down.low <= 0) return `over ${of(down.high)}`;
  return by === "exact" || of(down.low) === of(down.high) ? of(down.mean) : `${of(down.high)} to ${of(down.low)}`;
}

export const shareWords = (share: number): string => (share >= 0.095 ? `${Math.round(share * 100)} %` : share >= 0.001 ? `${(share * 100).toFixed(1)} %` : "< 0.1 %");

/** How often, in words: "3.2 a year", "once in 15 years". */
export function oftenWords(perYear: number): string {
  if (perYear >= 0.95) return `${Number(perYear.toPrecision(2))} a year`;
  return `once in ${Number((1 / perYear).toPrecision(2))} years`;
}

export const outagesWords = (perYear: number | null): string => (perYear === null ? "–" : perYear === 0 ? "none" : oftenWords(perYear));
