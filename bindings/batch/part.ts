// Parts: the rows of some chunks as a file that says what they are an answer to, and how parts become a whole again.
// First line the header, then a line a chunk.

import { DualhomeError } from "../errors.ts";
import { canonical } from "./hash.ts";
import type { Identity, Job } from "./job.ts";
import type { Plain } from "./question.ts";

export const PART_FORMAT = 1;

export interface PartHeader extends Identity {
  part: number; // PART_FORMAT
  about: Plain;
  /** the topology's file, as it was named; for reports, no part of the identity */
  file: string;
  from: number; // chunks
  to: number; // behind the last
}

export interface Part { name: string; header: PartHeader; chunks: readonly (readonly Plain[])[] }

export function partText({ identity, about }: Pick<Job, "identity" | "about">, file: string, from: number, chunks: readonly (readonly Plain[])[]): string {
  const header: PartHeader = { part: PART_FORMAT, ...identity, about, file, from, to: from + chunks.length };
  return `${[header, ...chunks].map((line) => JSON.stringify(line)).join("\n")}\n`;
}

const six = (n: number): string => String(n).padStart(6, "0");

/** `name`: the question's and the job's, "sweep-ab12cd34"; chunks from, to, both there. */
export function partName(name: string, first: number, last: number): string { return `${name}-${six(first)}-${six(last)}.part`; }

/** Throws DH_PART_BROKEN for what is no part, or not a whole one. */
export function readPart(text: string, name: string): Part {
  const broken = (why: string): DualhomeError => new DualhomeError("DH_PART_BROKEN", `${name}: ${why}`, 2);
  let lines: unknown[];
  try {
    lines = text.trimEnd().split("\n").map((line) => JSON.parse(line) as unknown);
  } catch {
    throw broken("not a part, or cut off");
  }
  const [header, ...chunks] = lines as [PartHeader, ...Plain[][]];
  if (typeof header !== "object" || header === null || typeof header.question !== "string") throw broken("not a part");
  if (header.part !== PART_FORMAT) throw broken(`a part of format ${header.part}; this version reads ${PART_FORMAT}`);
  if (chunks.length !== header.to - header.from) throw broken(`says chunks ${header.from} to ${header.to - 1} and has ${chunks.length}`);
  const whole = chunks.every((rows, i) => Array.isArray(rows) && rows.length === Math.min(header.chunk, header.items - (header.from + i) * header.chunk));
  if (!whole) throw broken("a chunk lacks rows");
  return { name, header, chunks };
}

const IDENTITY: readonly (keyof Identity)[] = ["question", "version", "options", "topology", "seed", "engine", "items", "chunk"];

/** What of a part's identity is another one's; null: nothing. */
export function foreign(identity: Identity, other: Identity): keyof Identity | null {
  return IDENTITY.find((key) => canonical(identity[key]) !== canonical(other[key])) ?? null;
}

/** Rows of chunks out of parts that fit together. Throws DH_PART_FOREIGN and DH_PART_CONFLICT. */
export function gather(parts: readonly Part[], identity: Identity, of = "this question"): Map<number, readonly Plain[]> {
  const chunks = new Map<number, { rows: readonly Plain[]; name: string }>();
  for (const part of parts) {
    const odd = foreign(identity, part.header);
    if (odd !== null) throw new DualhomeError("DH_PART_FOREIGN", `${part.name} is not a part of ${of}: another ${WORDS[odd]} (${short(part.header[odd])}, not ${short(identity[odd])})`, 2);
    part.chunks.forEach((rows, i) => {
      const n = part.header.from + i;
      const before = chunks.get(n);
      if (before !== undefined && canonical(before.rows) !== canonical(rows)) throw new DualhomeError("DH_PART_CONFLICT", `${part.name} and ${before.name} differ in chunk ${n}`, 2);
      chunks.set(n, before ?? { rows, name: part.name });
    });
  }
  return new Map([...chunks].map(([n, { rows }]) => [n, rows]));
}

const WORDS: Record<keyof Identity, string> = {
  question: "question", version: "version of the question", options: "options", topology: "topology", seed: "seed", engine: "build of the engine", items: "number of items", chunk: "size of chunks",
};
const SHORT = 40;
const short = (value: Plain): string => { const text = canonical(value).replace(/^"(\w{12})\w{40,}"$/, "$1"); return text.length > SHORT ? `${text.slice(0, SHORT)}..` : text; };

export interface Merged { header: PartHeader; rows: Plain[] }

/** The whole out of its parts. Throws DH_PART_MISSING, too, which says what is missing. */
export function merge(parts: readonly Part[]): Merged {
  const [first] = parts;
  if (first === undefined) throw new DualhomeError("DH_PART_MISSING", "no parts were given", 2);
  const { header } = first;
  const chunks = gather(parts, header, `what ${first.name} is a part of`);
  const count = Math.ceil(header.items / header.chunk);
  const gaps = missing(chunks, count);
  if (gaps.length > 0) throw new DualhomeError("DH_PART_MISSING", `parts are missing: chunks ${stretches(gaps)} of ${count}`, 2);
  return { header, rows: Array.from({ length: count }, (_, n) => chunks.get(n)!).flat() };
}

function missing(chunks: ReadonlyMap<number, unknown>, count: number): number[] { return Array.from({ length: count }, (_, n) => n).filter((n) => !chunks.has(n)); }

/** Ascending numbers as words: "3, 5 to 9, 12". */
export function stretches(numbers: readonly number[]): string {
  const found: [number, number][] = [];
  for (const n of numbers) {
    const last = found.at(-1);
    if (last !== undefined && last[1] === n - 1) last[1] = n; else found.push([n, n]);
  }
  return found.map(([a, b]) => (a === b ? `${a}` : `${a} to ${b}`)).join(", ");
}
