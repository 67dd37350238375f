// A chain of causes, one line a link: when, how long after the one before, what.

import type { Link } from "../analysis/index.ts";
import { duration, time } from "./format.ts";
import type { Paint } from "./paint.ts";
import { wrapped } from "./wrap.ts";

const TIME_WIDTH = 14;
const DELTA_WIDTH = 12;

export function chain(links: Link[], paint: Paint, width: number): string[] {
  const timeWidth = Math.max(TIME_WIDTH, ...links.map((l) => time(l.atNs).length));
  const indent = 4 + timeWidth + 2 + DELTA_WIDTH + 2;
  return links.map((l) => {
    const columns = `    ${paint("dim", time(l.atNs).padStart(timeWidth))}  ${`+${duration(l.deltaNs)}`.padStart(DELTA_WIDTH)}  `;
    return columns + wrapped(l.text, Math.max(width - indent, 24)).join(`\n${" ".repeat(indent)}`);
  });
}
