// The YAML that topology files are mostly written in, read in one pass: block and flow maps and lists, scalars on one line, comments.
// Null for everything else (anchors, aliases, merges, tags, escapes, text over several lines, numbers of odd shapes) and for whatever is
// no YAML: the library reads that, and says what is wrong with it. What is read here is read as the library does
// (tests/unit/topology/plain-yaml.test.ts holds the two together), some twenty times as fast.

/** A row for each node, parents before children: where its key begins and ends (-1 without one), its value, and the row after its last descendant. */
export const SPOT = 5;
export const KEY_START = 0;
export const KEY_END = 1;
export const START = 2;
export const END = 3;
export const NEXT = 4;

export interface PlainYaml {
  value: unknown;
  spots: readonly number[];
  /** Offset of each line */
  lines: readonly number[];
}

export function readPlainYaml(text: string): PlainYaml | null {
  if (ODD.test(text)) return null;
  const reader = new Reader(text);
  try {
    const value = reader.document();
    return { value, spots: reader.spots, lines: reader.lines };
  } catch (thrown) {
    if (thrown === DECLINED) return null;
    throw thrown;
  }
}

const DECLINED = new Error("not plain");
function decline(): never { throw DECLINED; }

/** Tabs, carriage returns, other controls, byte order mark, Unicode's line ends. */
const ODD = /[\x00-\x09\x0b-\x1f\x7f\x85\u2028\u2029\ufeff]/;
const DEPTH_MAX = 50;
const KEY_MAX = 1000; // the library refuses from 1024
const [LF, SPACE, QUOTE, HASH, APOSTROPHE, COMMA, DASH, COLON] = [10, 32, 34, 35, 39, 44, 45, 58] as const;
const [OPEN_LIST, CLOSE_LIST, OPEN_MAP, CLOSE_MAP] = [91, 93, 123, 125] as const;
const isFlowSign = (c: number): boolean => c === COMMA || c === OPEN_LIST || c === CLOSE_LIST || c === OPEN_MAP || c === CLOSE_MAP;

/** Signs that a scalar without quotes does not begin with, or that make the library look twice: ~ is null, + . - begin numbers, < a merge. */
const NOT_FIRST = new Set([..."-?:,[]{}#&*!|>'\"%@`~+.<="].map((sign) => sign.charCodeAt(0)));
const WHOLE = /^(?:0|[1-9][0-9]{0,14})$/;
const FRACTION = /^[0-9]{1,9}\.[0-9]{1,6}$/;
const NUMBER_LIKE = /^(?:[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+|[0-9]+\.[0-9]*|[0-9]+(?:\.[0-9]*)?[eE][-+]?[0-9]+)$/;
const WORDS = new Map<string, unknown>([
  ...["null", "Null", "NULL"].map((word) => [word, null] as const),
  ...["true", "True", "TRUE"].map((word) => [word, true] as const),
  ...["false", "False", "FALSE"].map((word) => [word, false] as const),
]);

/** What a scalar without quotes means in YAML's core schema. */
function meaning(text: string): unknown {
  const first = text.charCodeAt(0);
  if (first >= 48 && first <= 57) {
    if (WHOLE.test(text)) return Number(text);
    if (FRACTION.test(text)) return Number.parseFloat(text);
    return NUMBER_LIKE.test(text) ? decline() : text;
  }
  const word = text.length <= 5 ? WORDS.get(text) : undefined;
  return word === undefined ? text : word;
}

class Reader {
  readonly spots: number[] = [];
  readonly lines: number[] = [0];
  readonly #text: string;
  #at = 0;
  #lineStart = 0;
  /** Of what #contentOnNextLine stopped at: its column, -1 at the end */
  #indent = -1;
  #depth = 0;
  #scalarEnd = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): unknown {
    this.#nextContent();
    if (this.#indent < 0) decline();
    const row = this.#open(-1, -1);
    const value = this.#blockNode(-1, row);
    if (this.#indent >= 0) decline();
    this.#close(row);
    return value;
  }

  #char(): number {
    return this.#at < this.#text.length ? this.#text.charCodeAt(this.#at) : -1;
  }

  #skipSpaces(): void {
    while (this.#text.charCodeAt(this.#at) === SPACE) this.#at++;
  }

  /** Past a line's end. */
  #newLine(): void {
    this.#at++;
    this.lines.push(this.#at);
    this.#lineStart = this.#at;
  }

  /** Past a comment, up to the line's end. */
  #skipComment(): void {
    const before = this.#text.charCodeAt(this.#at - 1);
    if (this.#at > this.#lineStart && before !== SPACE) decline();
    const end = this.#text.indexOf("\n", this.#at);
    this.#at = end < 0 ? this.#text.length : end;
  }

  /** From the end of what stands in a line to the next line that says something. */
  #nextContent(): void {
    const from = this.#lineStart;
    const fresh = this.#at === from;
    for (;;) {
      this.#skipSpaces();
      const c = this.#char();
      if (c === HASH) this.#skipComment();
      else if (c === LF) this.#newLine();
      else if (c < 0) {
        this.#indent = -1;
        return;
      } else if (this.#lineStart === from && !fresh) decline();
      else {
        this.#indent = this.#at - this.#lineStart;
        return;
      }
    }
  }

  #open(keyStart: number, keyEnd: number): number {
    return this.spots.push(keyStart, keyEnd, this.#at, this.#at, 0) - SPOT;
  }

  #close(row: number): void {
    this.spots[row + NEXT] = this.spots.length;
  }

  /** A node in block style that begins here, inside what stands at column `outer`. Leaves #at at the next content. */
  #blockNode(outer: number, row: number): unknown {
    if (++this.#depth > DEPTH_MAX) decline();
    this.spots[row + START] = this.#at;
    const value = this.#blockNodeAt(outer, row);
    this.#depth--;
    return value;
  }

  #blockNodeAt(outer: number, row: number): unknown {
    const column = this.#at - this.#lineStart;
    const c = this.#char();
    if (c === DASH) return this.#blockList(column, row);
    if (c === OPEN_MAP || c === OPEN_LIST) {
      const value = this.#flowNode(outer, row);
      this.#nextContent();
      return value;
    }
    const quoted = c === QUOTE || c === APOSTROPHE;
    const from = this.#at;
    const text = quoted ? this.#quoted() : this.#plain(false);
    if (this.#char() === COLON) {
      this.#at = from;
      return this.#blockMap(column, row);
    }
    this.spots[row + END] = this.#scalarEnd;
    this.#nextContent();
    return quoted ? text : meaning(text);
  }

  #blockMap(column: number, row: number): Record<string, unknown> {
    const map: Record<string, unknown> = {};
    do {
      const start = this.#at;
      const key = this.#key(map, false);
      const child = this.#open(start, this.#scalarEnd);
      map[key] = this.#blockValue(column, child);
      this.#close(child);
      this.spots[row + END] = this.#at;
    } while (this.#indent === column);
    if (this.#indent > column) decline();
    return map;
  }

  /** What follows a key's colon: on this line, or deeper on the next ones; a list may stand as deep as its key. */
  #blockValue(column: number, row: number): unknown {
    this.#skipSpaces();
    const c = this.#char();
    if (c !== LF && c !== HASH && c >= 0) return this.#scalarOrFlow(column, row);
    this.#nextContent();
    if (this.#indent > column || (this.#indent === column && this.#char() === DASH)) return this.#blockNode(column, row);
    return null;
  }

  /** A value on its key's line is no block collection. */
  #scalarOrFlow(column: number, row: number): unknown {
    const c = this.#char();
    this.spots[row + START] = this.#at;
    let value: unknown;
    if (c === OPEN_MAP || c === OPEN_LIST) value = this.#flowNode(column, row);
    else {
      value = c === QUOTE || c === APOSTROPHE ? this.#quoted() : meaning(this.#plain(false));
      if (this.#char() === COLON) decline();
      this.spots[row + END] = this.#scalarEnd;
    }
    this.#nextContent();
    return value;
  }

  #blockList(column: number, row: number): unknown[] {
    const list: unknown[] = [];
    do {
      if (this.#char() !== DASH || this.#text.charCodeAt(this.#at + 1) !== SPACE) decline();
      this.#at += 2;
      this.#skipSpaces();
      const c = this.#char();
      if (c === LF || c === HASH || c === DASH || c < 0) decline();
      const child = this.#open(-1, -1);
      list.push(this.#blockNode(column, child));
      this.#close(child);
      this.spots[row + END] = this.#at;
    } while (this.#indent === column && this.#char() === DASH);
    if (this.#indent > column) decline();
    return list;
  }

  /** A key and its colon. */
  #key(map: Record<string, unknown>, flow: boolean): string {
    const c = this.#char();
    const from = this.#at;
    const key = c === QUOTE || c === APOSTROPHE ? this.#quoted() : this.#plain(flow);
    if (this.#char() !== COLON || this.#scalarEnd !== this.#at || this.#at - from > KEY_MAX) decline();
    const after = this.#text.charCodeAt(++this.#at);
    if (after !== SPACE && (flow || (after !== LF && this.#at < this.#text.length))) decline();
    if (key === "__proto__" || Object.hasOwn(map, key)) decline();
    return key;
  }

  #flowNode(outer: number, row: number): unknown {
    const c = this.#char();
    this.spots[row + START] = this.#at;
    if (c !== OPEN_MAP && c !== OPEN_LIST) {
      const value = c === QUOTE || c === APOSTROPHE ? this.#quoted() : meaning(this.#plain(true));
      this.spots[row + END] = this.#scalarEnd;
      return value;
    }
    if (++this.#depth > DEPTH_MAX) decline();
    this.#at++;
    const value = c === OPEN_MAP ? this.#flowMap(outer) : this.#flowList(outer);
    this.#depth--;
    this.spots[row + END] = this.#at;
    return value;
  }

  #flowMap(outer: number): Record<string, unknown> {
    const map: Record<string, unknown> = {};
    this.#flowGap(outer);
    while (this.#char() !== CLOSE_MAP) {
      const start = this.#at;
      const key = this.#key(map, true);
      const child = this.#open(start, this.#scalarEnd);
      this.#flowGap(outer);
      map[key] = this.#flowNode(outer, child);
      this.#close(child);
      this.#flowComma(outer, CLOSE_MAP);
    }
    this.#at++;
    return map;
  }

  #flowList(outer: number): unknown[] {
    const list: unknown[] = [];
    this.#flowGap(outer);
    while (this.#char() !== CLOSE_LIST) {
      const child = this.#open(-1, -1);
      list.push(this.#flowNode(outer, child));
      this.#close(child);
      this.#flowComma(outer, CLOSE_LIST);
    }
    this.#at++;
    return list;
  }

  /** After an entry: a comma, or the end. */
  #flowComma(outer: number, end: number): void {
    this.#flowGap(outer);
    const c = this.#char();
    if (c === COMMA) {
      this.#at++;
      this.#flowGap(outer);
    } else if (c !== end) decline();
  }

  /** Spaces, comments and lines' ends inside brackets; what follows stands deeper than what the brackets belong to. */
  #flowGap(outer: number): void {
    const from = this.#lineStart;
    for (;;) {
      this.#skipSpaces();
      const c = this.#char();
      if (c === HASH) this.#skipComment();
      else if (c === LF) this.#newLine();
      else break;
    }
    if (this.#lineStart !== from && this.#at - this.#lineStart <= outer) decline();
  }

  /** A scalar without quotes; stops at its end, or at the colon after it. Sets #scalarEnd. */
  #plain(flow: boolean): string {
    const text = this.#text;
    const from = this.#at;
    if (from >= text.length || NOT_FIRST.has(text.charCodeAt(from))) decline();
    let at = from;
    let end = from; // after the last sign that is no space
    for (; at < text.length; at++) {
      const c = text.charCodeAt(at);
      if (c === SPACE) continue;
      if (c === LF || (flow && isFlowSign(c)) || (c === HASH && text.charCodeAt(at - 1) === SPACE)) break;
      if (c === COLON) {
        const after = at + 1 < text.length ? text.charCodeAt(at + 1) : LF;
        if (after === SPACE || after === LF || (flow && isFlowSign(after))) break;
      }
      end = at + 1;
    }
    this.#at = at;
    this.#scalarEnd = end;
    return text.slice(from, end);
  }

  /** A scalar in quotes, without escapes, on one line. Sets #scalarEnd. */
  #quoted(): string {
    const text = this.#text;
    const sign = text.charCodeAt(this.#at);
    const from = this.#at + 1;
    let at = from;
    for (;; at++) {
      const c = at < text.length ? text.charCodeAt(at) : LF;
      if (c === sign) break;
      if (c === LF || (sign === QUOTE && c === 92)) decline();
    }
    if (sign === APOSTROPHE && text.charCodeAt(at + 1) === APOSTROPHE) decline();
    this.#at = at + 1;
    this.#scalarEnd = this.#at;
    return text.slice(from, at);
  }
}
