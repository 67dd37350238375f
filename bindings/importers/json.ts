// JSON (RFC 8259) as a tree that knows its places. JSON.parse tells neither where a value stands nor how deep it may go.

import { DEPTH_MAX, short, Tree } from "./tree.ts";

export interface JsonProblem { at: number; problem: string }

export function readJson(text: string): Tree | JsonProblem {
  const reader = new Reader(text);
  try {
    const tree = reader.value("", 0);
    reader.blanks();
    return reader.at < text.length ? { at: reader.at, problem: "something stands behind the end of the JSON value" } : tree;
  } catch (e) {
    if (e instanceof Wrong) return { at: e.at, problem: e.message };
    throw e;
  }
}

class Wrong extends Error {
  readonly at: number;
  constructor(at: number, message: string) {
    super(message);
    this.at = at;
  }
}

const BLANK = /[ \t\r\n\ufeff]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;

class Reader {
  readonly #text: string;
  at = 0;
  constructor(text: string) { this.#text = text; }

  blanks(): void { this.#match(BLANK); }

  value(path: string, depth: number): Tree {
    this.blanks();
    const at = this.at;
    if (depth > DEPTH_MAX) throw new Wrong(at, "nested too deeply");
    const first = this.#text[at];
    if (first === "{") return this.#object(path, depth);
    if (first === "[") return this.#array(path, depth);
    if (first === '"') return new Tree("scalar", at, path, this.#string());
    const word = this.#match(WORD) ?? this.#match(NUMBER);
    if (word === null || word === "") throw new Wrong(at, first === undefined ? "the JSON ends too early" : "a JSON value is wanted here");
    return word === "null" ? new Tree("empty", at, path) : new Tree("scalar", at, path, word);
  }

  #object(path: string, depth: number): Tree {
    const out = new Tree("map", this.at, path);
    this.at += 1;
    for (this.blanks(); this.#text[this.at] !== "}"; this.blanks()) {
      if (out.entries.size > 0) this.#expect(",");
      this.blanks();
      const keyAt = this.at;
      if (this.#text[keyAt] !== '"') throw new Wrong(keyAt, keyAt >= this.#text.length ? "the JSON ends too early" : "a key in quotes is wanted here");
      const key = this.#string();
      if (out.entries.has(key)) throw new Wrong(keyAt, `"${short(key)}" is given twice`);
      this.blanks();
      this.#expect(":");
      out.entries.set(key, this.value(path === "" ? key : `${path}.${key}`, depth + 1));
    }
    this.at += 1;
    return out;
  }

  #array(path: string, depth: number): Tree {
    const out = new Tree("list", this.at, path);
    this.at += 1;
    for (this.blanks(); this.#text[this.at] !== "]"; this.blanks()) {
      if (out.items.length > 0) this.#expect(",");
      out.items.push(this.value(`${path}[${out.items.length}]`, depth + 1));
    }
    this.at += 1;
    return out;
  }

  #string(): string {
    const from = this.at;
    let end = from + 1;
    while (end < this.#text.length && this.#text[end] !== '"') end += this.#text[end] === "\\" ? 2 : 1;
    try {
      const value = JSON.parse(this.#text.slice(from, end + 1)) as string;
      this.at = end + 1;
      return value;
    } catch {
      throw new Wrong(from, "a text that does not end, has a control character in it, or a \\ that means nothing");
    }
  }

  #expect(sign: string): void {
    if (this.#text[this.at] !== sign) throw new Wrong(this.at, this.at >= this.#text.length ? "the JSON ends too early" : `"${sign}" is wanted here`);
    this.at += 1;
  }

  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.#text);
    if (match === null) return null;
    this.at += match[0].length;
    return match[0];
  }
}
