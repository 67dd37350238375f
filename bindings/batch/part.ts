// Parts: the rows of some chunks as a file that says what they are an answer to, and how parts become a whole again.
// First line the header, then a line a chunk, then a sum over all that.

import { controlIn } from "../control.ts";
import { crc32 } from "../crc32.ts";
import { DualhomeError } from "../errors.ts";
import { canonical } from "./hash.ts";
import type { Identity, Job } from "./job.ts";
import type { Plain } from "./question.ts";

export const PART_FORMAT = 2;

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
  const text = `${[header, ...chunks].map((line) => JSON.stringify(line)).join("\n")}\n`;
  return `${text}#${sumOf(text)}\n`;
}

const sumOf = (text: string): string => crc32(new TextEncoder().encode(text));
const SUM = /#([0-9a-f]{8})\n$/;

const six = (n: number): string => String(n).padStart(6, "0");

/** `name`: the question's and the job's, "sweep-ab12cd34"; chunks from, to, both there. */
export function partName(name: string, first: number, last: number): string { return `${name}-${six(first)}-${six(last)}.part`; }

/** Throws DH_PART_BROKEN for what is no part, or not a whole one. What a row holds is looked at by who reads it. */
export function readPart(text: string, name: string): Part {
  const broken = (why: string): DualhomeError => new DualhomeError("DH_PART_BROKEN", `${name}: ${why}`, 2);
  const header = json(text.slice(0, Math.max(0, text.indexOf("\n")))) as PartHeader | null | undefined;
  if (typeof header !== "object" || header === null || !Object.hasOwn(header, "part")) throw broken("not a part, or cut off");
  if (header.part !== PART_FORMAT) throw broken(`a part of format ${canonical(header.part)}; this version reads ${PART_FORMAT}`);
  const sum = SUM.exec(text);
  const signed = text.slice(0, sum?.index ?? 0);
  if (sum === null || sumOf(signed) !== sum[1]) throw broken("damaged, or cut off: its sum is not that of what is in it");
  if (/\\u00[01]/.test(signed) || controlIn(signed) !== null) throw broken("its texts hold control characters");
  const chunks = signed.trimEnd().split("\n").slice(1).map(json) as Plain[][];
  if (!isHeader(header)) throw broken("its first line does not say what the part is of");
  if (chunks.length !== header.to - header.from) throw broken(`says chunks ${header.from} to ${header.to - 1} and has ${chunks.length}`);
  const whole = chunks.every((rows, i) => Array.isArray(rows) && rows.length === Math.min(header.chunk, header.items - (header.from + i) * header.chunk));
  if (!whole) throw broken("a chunk lacks rows");
  return { name, header, chunks };
}

function json(text: string): unknown {
  try { return JSON.parse(text) as unknown; } catch { return undefined; }
}

function isHeader({ question, version, options, topology, seed, engine, items, chunk, about, file, from, to }: PartHeader): boolean {
  const whole = [version, items, chunk, from, to].every((n) => Number.isSafeInteger(n) && n >= 0);
  const words = [question, topology, seed, engine, file].every((text) => typeof text === "string") && /^\d{1,20}$/.test(seed);
  return whole && words && options !== undefined && about !== undefined && chunk > 0 && from < to && to <= Math.ceil(items / chunk);
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
  if (chunks.size < count) throw new DualhomeError("DH_PART_MISSING", `parts are missing: chunks ${missing([...chunks.keys()], count)} of ${count}`, 2);
  return { header, rows: Array.from({ length: count }, (_, n) => chunks.get(n)!).flat() };
}

/** What is not among the numbers below `count`, in words. `count` is what a file says: nothing is made for each. */
function missing(known: number[], count: number): string {
  const gaps: [number, number][] = [];
  let next = 0;
  for (const n of [...known.sort((a, b) => a - b), count]) {
    if (n > next) gaps.push([next, n - 1]);
    next = n + 1;
  }
  return inWords(gaps);
}

/** Ascending numbers as words: "3, 5 to 9, 12". */
export function stretches(numbers: readonly number[]): string {
  const found: [number, number][] = [];
  for (const n of numbers) {
    const last = found.at(-1);
    if (last !== undefined && last[1] === n - 1) last[1] = n; else found.push([n, n]);
  }
  return inWords(found);
}

const inWords = (stretched: readonly (readonly [number, number])[]): string => stretched.map(([a, b]) => (a === b ? `${a}` : `${a} to ${b}`)).join(", ");
