// A YAML text, its plain value, and where in the text each part of the value stands.
// Positions are looked up only when asked for; a map is indexed the first time that something in it is.

import { isAlias, isCollection, isMap, isPair, isScalar, isSeq, LineCounter, parseDocument, visit } from "yaml";
import type { Document, Node as YamlNode, Pair as YamlPair, ParsedNode, YAMLMap } from "yaml";
import { controlIn } from "../control.ts";
import { tooDeep } from "../yaml-depth.ts";
import { yamlValueWords, yamlWords } from "../yaml-words.ts";
import type { Where } from "./model.ts";
import { otherText, type Other } from "./other-kinds.ts";
import type { Path, Problem } from "./problems.ts";

export const FILE_BYTES_MAX = 64 * 1024 * 1024;
export const FILE_TOO_LARGE = `the file is larger than ${FILE_BYTES_MAX / 1024 / 1024} MiB`;
/** A letter is three bytes at most: of most texts the bytes need not be counted. */
export function tooLarge(text: string): boolean {
  return text.length > FILE_BYTES_MAX || (text.length > FILE_BYTES_MAX / 3 && new TextEncoder().encode(text).length > FILE_BYTES_MAX);
}

const FIRST: Where = { line: 1, col: 1, length: 1 };
const ALIASES_MAX = 1_000;
const TOO_DEEP = "nested too deeply";

export interface At {
  /** Point at the key rather than at its value */
  key?: boolean;
  /** Point at this part of the text */
  part?: string;
}

/** A text read as YAML: its plain value, the places of its parts, and what was found wrong so far. */
export interface Source {
  readonly file: string;
  readonly text: string;
  readonly problems: Problem[];
  /** The plain value; undefined when the text could not be read at all */
  readonly value: unknown;
  /** Where the value at `path` stands, or the nearest part of the file that encloses it. */
  locate(path: Path, at?: At): Where;
  /** Entries were taken out of the list at `path`: entry i of what is left was entry kept[i] before. */
  renumber(path: Path, kept: readonly number[]): void;
  report(code: string, where: Where, message: string, help?: string | null): void;
}

type Found = { key: YamlNode | null; value: YamlNode | null };
type Entry = YamlPair<unknown, unknown>;

/** Which entry of the file each entry of a list was, after some were taken out or all were put in another order. */
export class Moved {
  readonly #lists = new Map<string, readonly number[]>();

  note(path: Path, kept: readonly number[]): void {
    const key = path.join("\n");
    const before = this.#lists.get(key);
    this.#lists.set(key, before === undefined ? kept : kept.map((i) => before[i] ?? i));
  }

  /** The step of `path` at `depth`, as the file numbers it. */
  inFile(path: Path, depth: number, step: string | number): string | number {
    if (typeof step !== "number" || this.#lists.size === 0) return step;
    return this.#lists.get(path.slice(0, depth).join("\n"))?.[step] ?? step;
  }
}

export class SourceFile implements Source {
  readonly file: string;
  readonly text: string;
  readonly problems: Problem[] = [];
  readonly value: unknown;
  readonly #lines = new LineCounter();
  readonly #index = new WeakMap<YAMLMap, Map<string, Entry>>();
  readonly #moved = new Moved();
  readonly #doc: Document.Parsed<ParsedNode> | null;

  constructor(text: string, file: string) {
    this.file = file;
    this.text = text;
    this.#doc = this.#parse();
    this.value = this.#doc === null ? undefined : this.#plain(this.#doc);
  }

  locate(path: Path, at: At = {}): Where {
    let found: Found = { key: null, value: this.#doc?.contents ?? null };
    for (const [depth, written] of path.entries()) {
      const step = this.#moved.inFile(path, depth, written);
      const next = this.#child(found.value, step);
      if (next === null) return this.#where(found.key ?? found.value, at);
      found = next;
    }
    const keyed = at.key === true && found.key !== null;
    return this.#where(keyed ? found.key : (found.value ?? found.key), at);
  }

  renumber(path: Path, kept: readonly number[]): void {
    this.#moved.note(path, kept);
  }

  report(code: string, where: Where, message: string, help: string | null = null): void {
    this.problems.push({ code, message, file: this.file, where, help });
  }

  /** Which part of the file stands at "line:col": keys, entries of lists, and values that have no key of their own. */
  paths(): Map<string, Path> {
    const found = new Map<string, Path>();
    const note = (node: YamlNode | null, path: Path): void => {
      const { line, col } = this.#where(node, {});
      const place = `${line}:${col}`;
      if (!found.has(place)) found.set(place, path);
    };
    const walk = (node: YamlNode | null, path: Path): void => {
      if (isMap(node)) {
        for (const pair of node.items) {
          const inner = [...path, isScalar(pair.key) ? String(pair.key.value) : String(pair.key)];
          note(pair.key as YamlNode | null, inner);
          if (isScalar(pair.value) || (isCollection(pair.value) && pair.value.flow === true)) note(pair.value as YamlNode, inner); // others begin with their first child
          walk(pair.value as YamlNode | null, inner);
        }
      } else if (isSeq(node)) {
        for (const [i, item] of node.items.entries()) {
          note(item as YamlNode | null, [...path, i]);
          walk(item as YamlNode | null, [...path, i]);
        }
      }
    };
    walk(this.#doc?.contents ?? null, []);
    return found;
  }

  #parse(): Document.Parsed<ParsedNode> | null {
    if (tooLarge(this.text)) {
      this.report("DH_FILE_SIZE", FIRST, FILE_TOO_LARGE);
      return null;
    }
    const deep = tooDeep(this.text);
    if (deep !== null) {
      this.report("DH_YAML", spanAt(this.text, deep), TOO_DEEP);
      return null;
    }
    let [doc, other]: [Document.Parsed<ParsedNode> | null, Other | null] = [null, null];
    try {
      doc = parseDocument(this.text, { version: "1.2", merge: true, stringKeys: true, uniqueKeys: false, lineCounter: this.#lines, prettyErrors: false, logLevel: "error" });
      if (doc.errors.length > 0 || doc.warnings.length > 0 || this.text.includes("\0")) other = otherText(this.text);
      if (other === null) this.#reportDuplicates(doc);
    } catch (error) {
      this.report("DH_YAML", FIRST, `not readable as YAML${error instanceof RangeError ? `: ${TOO_DEEP}` : ""}`);
      return null;
    }
    if (other !== null) {
      this.report("DH_NOT_TOPOLOGY", FIRST, ...other);
      return null;
    }
    const [first] = [...doc.errors, ...doc.warnings]; // what follows the first error of syntax is mostly its echo
    if (first === undefined) return this.#reportControls(doc) ? null : doc;
    const [from, to] = [meaningful(this.text, first.pos[0]), first.code === "MULTIPLE_DOCS" ? first.pos[0] + 1 : first.pos[1]];
    const { message, help } = yamlWords(first, this.text, unclosedAt(doc, first.pos[0]));
    this.report("DH_YAML", this.#span(from, to), message, help);
    return null;
  }

  /** What is no text would reach terminals with every message that names it: nothing more is said of the file then. */
  #reportControls(doc: Document.Parsed<ParsedNode>): boolean {
    const before = this.problems.length;
    if (!this.text.includes("\\") && controlIn(this.text) === null) return false;
    visit(doc, {
      Scalar: (_key, scalar) => {
        const control = typeof scalar.value === "string" ? controlIn(scalar.value) : null;
        if (control !== null) this.report("DH_CONTROL", this.#where(scalar as YamlNode, {}), `a text holds the control character ${control}`, "names and texts are written with letters alone");
      },
    });
    return this.problems.length > before;
  }

  /** The library's own check compares each key with all before it: minutes for a large map. */
  #reportDuplicates(doc: Document.Parsed<ParsedNode>): void {
    visit(doc, {
      Map: (_key, map) => {
        const seen = new Set<string>();
        for (const { key } of map.items) {
          const name = isScalar(key) ? String(key.value) : null;
          if (name === null || name === "<<") continue;
          if (seen.has(name)) this.report("DH_DUPLICATE_NAME", this.#where(key as YamlNode, {}), `"${name}" is already there: a name is given once`);
          seen.add(name);
        }
      },
    });
  }

  #plain(doc: Document.Parsed<ParsedNode>): unknown {
    try {
      return doc.toJS({ maxAliasCount: ALIASES_MAX });
    } catch (error) {
      const bomb = error instanceof ReferenceError && error.message.includes("Excessive");
      const where = this.#badAlias(doc, bomb);
      if (bomb) this.report("DH_ALIAS_BOMB", where, "aliases of aliases stand for more than a file can mean", "write it out, or use ranges such as srv1..40");
      else {
        const { message, help } = yamlValueWords(error);
        this.report("DH_YAML", where, message, help);
      }
      return undefined;
    }
  }

  /** The first alias; or the first that stands for nothing, or what << cannot merge. */
  #badAlias(doc: Document.Parsed<ParsedNode>, any: boolean): Where {
    const anchors = new Map<string, unknown>();
    let first: unknown = null;
    const meant = (node: unknown): unknown => (isAlias(node) ? anchors.get(node.source) : node);
    visit(doc, {
      Value: (_key, node) => { if (node.anchor !== undefined) anchors.set(node.anchor, node); },
      Alias: (_key, alias) => {
        if (!any && anchors.has(alias.source)) return undefined;
        first = alias;
        return visit.BREAK;
      },
      Pair: (_key, { key, value }) => {
        if (any || !isScalar(key) || key.value !== "<<") return undefined;
        const from = meant(value);
        const wrong = isSeq(from) ? from.items.find((item) => !isMap(meant(item))) : isMap(from) ? undefined : (value ?? key);
        if (wrong === undefined) return undefined;
        first = wrong;
        return visit.BREAK;
      },
    });
    return this.#where(first as YamlNode | null, {});
  }

  #child(parent: YamlNode | null, step: string | number): Found | null {
    const node = this.#resolve(parent);
    if (isSeq(node)) {
      const item = node.items[Number(step)];
      return item === undefined || isPair(item) ? null : { key: null, value: item as YamlNode };
    }
    if (!isMap(node)) return null;
    const pair = this.#entries(node).get(String(step));
    return pair === undefined ? null : { key: pair.key as YamlNode | null, value: pair.value as YamlNode | null };
  }

  /** Key → entry, with what `<<` merges in behind what is written. */
  #entries(map: YAMLMap): Map<string, Entry> {
    const known = this.#index.get(map);
    if (known !== undefined) return known;
    const entries = new Map<string, Entry>();
    this.#index.set(map, entries);
    for (const pair of map.items) {
      const key = isScalar(pair.key) ? String(pair.key.value) : String(pair.key);
      if (key !== "<<") entries.set(key, pair);
    }
    for (const pair of map.items) {
      if (!isScalar(pair.key) || pair.key.value !== "<<") continue;
      const value = this.#resolve(pair.value as YamlNode | null);
      for (const merged of isSeq(value) ? value.items : [value]) {
        const source = this.#resolve(merged as YamlNode | null);
        if (!isMap(source)) continue;
        for (const [name, entry] of this.#entries(source)) if (!entries.has(name)) entries.set(name, entry);
      }
    }
    return entries;
  }

  #resolve(node: YamlNode | null): YamlNode | null {
    return isAlias(node) && this.#doc !== null ? (node.resolve(this.#doc) ?? null) : node;
  }

  #where(node: YamlNode | null, at: At): Where {
    const range = node?.range;
    if (range === null || range === undefined) return FIRST;
    const [start, end] = range;
    if (at.part !== undefined && at.part !== "") {
      const found = this.text.slice(start, end).indexOf(at.part);
      if (found >= 0) return this.#span(start + found, start + found + at.part.length);
    }
    return this.#span(start, end);
  }

  #span(start: number, end: number): Where {
    return spanOf(this.text, this.#lines, start, end);
  }
}

/** Where the innermost bracket or quote begins that is open at `at`. */
function unclosedAt(doc: Document.Parsed<ParsedNode>, at: number): number | null {
  let begun: number | null = null;
  visit(doc, { Node: (_key, node) => {
    const open = (isCollection(node) && node.flow === true) || (isScalar(node) && (node.type === "QUOTE_DOUBLE" || node.type === "QUOTE_SINGLE"));
    if (open && node.range != null && node.range[0] < at && node.range[1] >= at) begun = Math.max(begun ?? 0, node.range[0]);
  } });
  return begun;
}

/** What is missing at the end of the file is missing behind the last thing that is there: blank lines and comments show nothing. */
function meaningful(text: string, at: number): number {
  const nothing = /^\s*(?:#.*)?$/;
  if (text[at] === "#") return at; // what is wrong is that it is no comment
  if (!text.slice(at).split(/\r?\n/).every((line) => nothing.test(line))) return at;
  const lines = text.slice(0, at).split("\n");
  while (lines.length > 0 && nothing.test(lines.at(-1) ?? "")) lines.pop();
  return Math.max(0, lines.join("\n").trimEnd().length - 1);
}

/** One sign of a text that has no line counter yet. */
function spanAt(text: string, at: number): Where {
  const before = text.slice(0, at).split("\n");
  return { line: before.length, col: before.at(-1)!.length + 1, length: 1 };
}

/** Up to the end of the line: a caret line underlines one line only. */
export function spanOf(text: string, lines: LineCounter, start: number, end: number): Where {
  const { line, col } = lines.linePos(start);
  const first = text.slice(start, Math.min(end, start + 400)).split(/[\r\n]/, 1)[0] ?? "";
  return { line: Math.max(1, line), col: Math.max(1, col), length: Math.max(1, first.trimEnd().length) };
}
