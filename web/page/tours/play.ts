// Where a tour stands after one of its steps, and what is said there.

import { formatDuration, parseDuration } from "../../../bindings/duration.ts";
import type { Language } from "../words.ts";
import type { Expectation, Said, Tour, TourPoint, TourStep } from "./types.ts";

/** place: from 0; each step stands on all before it. */
export function pointOf(tour: Tour, place: number): TourPoint {
  const point: TourPoint = { steps: [], at: "0s", select: null };
  let now = 0n;
  for (const action of tour.steps.slice(0, place + 1).flatMap((step) => step.do ?? [])) {
    if ("run" in action) now += parseDuration(action.run);
    else if ("seek" in action) now = parseDuration(action.seek);
    else if ("select" in action) point.select = action.select;
    else point.steps.push({ at: formatDuration(now), text: action.step });
  }
  return { ...point, at: formatDuration(now) };
}

/** 73.9 ms, 2.74 s: as exact as one reads. */
export function spoken(ms: number, language: Language): string {
  const [value, unit] = ms < 1000 ? [ms, "ms"] : [ms / 1000, language === "ko" ? "초" : "s"];
  const number = new Intl.NumberFormat("en", { maximumFractionDigits: ms < 1 ? 3 : ms < 1000 ? 1 : 2 }).format(value);
  return unit === "초" ? `${number}초` : `${number} ${unit}`;
}

function valueOf(of: Expectation | undefined, language: Language): string | null {
  if (of === undefined) return null;
  if ("down" in of) return spoken(of.ms, language);
  if ("event" in of) return spoken(of.atMs, language);
  return "hops" in of ? String(of.is) : null;
}

export const saidIn = (said: Said, language: Language): string => said[language];

/** With its values put in. */
export function sayOf(step: TourStep, language: Language): string {
  return step.say[language].replace(/\{(\d)\}/g, (_, n: string) => {
    const value = valueOf(step.expect?.[Number(n) - 1], language);
    if (value === null) throw new RangeError(`"${step.say.en}": {${n}} has no value`);
    return value;
  });
}
