// A chain of causes, one line a link: when, how long after the one before, what.

import type { Link } from "../analysis/index.ts";
import { duration, time } from "./format.ts";
import type { Paint } from "./paint.ts";

const CHAIN_INDENT = 4 + 14 + 2 + 12 + 2;

export function chain(links: Link[], paint: Paint, width: number): string[] {
  return links.map((l) => {
    const columns = `    ${paint("dim", time(l.atNs).padStart(14))}  ${`+${duration(l.deltaNs)}`.padStart(12)}  `;
    return columns + wrapped(l.text, Math.max(width - CHAIN_INDENT, 24)).join(`\n${" ".repeat(CHAIN_INDENT)}`);
  });
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
