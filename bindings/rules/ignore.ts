// The ignore file: what is meant to be as it is, with a reason and the day on which the reason is looked at again.

import type { Where } from "../topology/model.ts";
import { didYouMean, sortProblems, type Path, type Problem } from "../topology/problems.ts";
import { SourceFile } from "../topology/source.ts";
import type { Found, Rule } from "./rule.ts";

export interface Ignored {
  rule: string;
  /** Name of the topology file that it is for, without folders; null: of each one beside it */
  file: string | null;
  /** Of the path of keys, or of the name of what has the fault; null: everywhere */
  where: string | null;
  reason: string;
  /** YYYY-MM-DD, the last day; null: never expires */
  until: string | null;
  at: Where;
}

/** A finding that an entry of the ignore file leaves out. */
export type Leaves = (rule: Rule, found: Found, path: string) => Ignored | null;

export interface IgnoreFile { file: string; entries: Ignored[] }

/** Reads an ignore file: a list of entries of `rule`, `reason`, `until`, and may be `where` and `file`. `known`: ids of rules. `of`: the file that is checked. */
export function readIgnore(text: string, file: string, known: readonly string[], of: string): IgnoreFile | { problems: Problem[] } {
  const source = new SourceFile(text, file);
  const reader = new Reader(source, known);
  const entries = source.value === undefined ? [] : reader.list(source.value ?? []);
  return source.problems.length > 0 ? { problems: sortProblems(source.problems) } : { file, entries: entries.filter((entry) => entry.file === null || fits(entry.file, of.replace(/^.*[/\\]/, ""))) };
}

const KEYS = ["rule", "file", "where", "reason", "until"];

class Reader {
  readonly #source: SourceFile;
  readonly #known: readonly string[];

  constructor(source: SourceFile, known: readonly string[]) {
    this.#source = source;
    this.#known = known;
  }

  list(value: unknown): Ignored[] {
    if (!Array.isArray(value)) {
      this.#tell([], "an ignore file is a list of entries: - {rule: lacp/slow-rate, reason: ..., until: 2027-01-31}");
      return [];
    }
    return value.flatMap((entry: unknown, i) => this.#entry(entry, [i]) ?? []);
  }

  #entry(value: unknown, path: Path): Ignored | null {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return this.#tell(path, "an entry has rule, reason, until, and may have where and file");
    const entry = value as Record<string, unknown>;
    for (const key of Object.keys(entry)) if (!KEYS.includes(key)) this.#tell([...path, key], `unknown key "${key}"`, helpOf(key, KEYS));
    const [rule, reason, until] = [this.#text(entry, path, "rule"), this.#text(entry, path, "reason"), this.#text(entry, path, "until")];
    const [where, of] = ["where", "file"].map((key) => (entry[key] === undefined ? null : this.#text(entry, path, key)));
    if (rule !== null && !this.#known.some((id) => fits(rule, id))) this.#tell([...path, "rule"], `there is no rule "${rule}"`, helpOf(rule, this.#known));
    if (until !== null && until !== "never" && !isDay(until)) this.#tell([...path, "until"], `"${until}" is no day`, "until: 2027-01-31, or never");
    if (rule === null || reason === null || until === null) return null;
    return { rule, file: of ?? null, where: where ?? null, reason, until: until === "never" ? null : until, at: this.#source.locate(path) };
  }

  #text(entry: Record<string, unknown>, path: Path, key: string): string | null {
    const value = entry[key];
    if (typeof value === "string" && value.trim() !== "") return value;
    return value === undefined ? this.#tell(path, `the entry lacks "${key}"`) : this.#tell([...path, key], `${key} is a text that is not empty`);
  }

  #tell(path: Path, message: string, help: string | null = null): null {
    this.#source.report("DH_IGNORE", this.#source.locate(path), message, help);
    return null;
  }
}

function helpOf(word: string, known: readonly string[]): string | null {
  const meant = didYouMean(word, [...known]);
  return meant === null ? null : `did you mean "${meant}"?`;
}

/** A day of the calendar, as YYYY-MM-DD. */
export function isDay(text: string): boolean {
  const day = new Date(`${text}T00:00:00Z`);
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(day.valueOf()) && day.toISOString().startsWith(text);
}

export const expired = (entry: Ignored, today: string): boolean => entry.until !== null && entry.until < today;

/** The first entry that has not expired and fits leaves a finding out. `used` gets the entries that did, and those that would have. */
export function leaver(entries: readonly Ignored[], today: string, used: Set<Ignored>): Leaves {
  return (rule, found, path) => {
    const fitting = entries.filter((entry) => fits(entry.rule, rule.id) && (entry.where === null || fits(entry.where, path) || fits(entry.where, found.subject)));
    const first = fitting.find((entry) => !expired(entry, today)) ?? null;
    for (const entry of fitting) if (entry === first || expired(entry, today)) used.add(entry);
    return first;
  };
}

/** `*`: anything, slashes too; `?`: one sign. The two pieces around a star are looked for from left to right: no pattern is slow. */
export function fits(glob: string, text: string): boolean {
  const pieces = glob.split(/\*+/);
  const last = pieces.pop() ?? "";
  if (pieces.length === 0) return text.length === last.length && matches(last, text, 0);
  const [first = "", ...middle] = pieces;
  const end = text.length - last.length;
  if (first.length > end || !matches(first, text, 0) || !matches(last, text, end)) return false;
  let at = first.length;
  for (const piece of middle) {
    while (at + piece.length <= end && !matches(piece, text, at)) at++;
    if (at + piece.length > end) return false;
    at += piece.length;
  }
  return true;
}

const matches = (piece: string, text: string, at: number): boolean => [...piece].every((sign, i) => sign === "?" ? at + i < text.length : sign === text[at + i]);
