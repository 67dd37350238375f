// What the steps expected: a broken one with its place in the file, what was so instead and how it came to that; a kept one in a line.

import type { Judged } from "../expectations/index.ts";
import { chain } from "./chain.ts";
import { plural, time } from "./format.ts";
import type { ReportInput } from "./input.ts";
import type { Paint } from "./paint.ts";
import { wrapped } from "./wrap.ts";

export function expectationsPart({ expectations, file }: ReportInput, paint: Paint, width: number): string {
  if (expectations.length === 0) return "";
  return [paint("bold", "Expectations"), ...expectations.flatMap((e) => one(e, file, paint, width))].join("\n");
}

function one(e: Judged, file: string, paint: Paint, width: number): string[] {
  const head = `${time(e.atNs)}${e.before ? ", before the next step" : ""}: ${e.text}`;
  if (e.kept) return [`  ${paint("green", "✓")} ${head}`];
  const why = e.why.length === 0 ? [] : ["    because", ...chain(e.why, paint, width)];
  const place = `    ${paint("dim", `${file}:${e.where.line}:${e.where.col}`)}${e.stepText === null ? "" : ` after ${e.stepText}`}`;
  const observed = wrapped(e.observed ?? "", Math.max(width - 10, 24)).map((line, i) => `    ${i === 0 ? "was:" : "    "} ${paint("red", line)}`);
  return [`  ${paint("red", "✗")} ${head}`, place, ...observed, ...why];
}

/** A line of the summary; empty when nothing was expected. */
export function expectationsVerdict({ expectations }: ReportInput, paint: Paint): string {
  const broken = expectations.filter((e) => !e.kept).length;
  const kept = expectations.length - broken;
  if (expectations.length === 0) return "";
  return broken > 0 ? paint("red", `✗ ${plural(broken, "expectation")} broken, ${kept} kept`) : paint("green", `✓ ${plural(kept, "expectation")} kept`);
}
