// A chain of causes, one line a link: when, how long after the one before, what.

import type { Link } from "../analysis/index.ts";
import { duration, time } from "./format.ts";
import type { Paint } from "./paint.ts";

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

/** A line that begins with words in colour, wrapped under itself. */
export function hanging(head: string, painted: string, rest: string, indent: number, width: number): string {
  const [first = "", ...more] = wrapped(`${head}${rest}`, Math.max(width - indent, 24));
  const lines = first.startsWith(head) ? [`${painted}${first.slice(head.length)}`, ...more] : [first, ...more];
  return lines.map((line, i) => `${" ".repeat(i === 0 ? indent - 2 : indent)}${line}`).join("\n");
}

/** Lines of whole words. */
export function wrapped(words: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of words.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
