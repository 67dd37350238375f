// A text in plain YAML, and where its parts stand: the fast way of a file that has no mistakes. A caller that finds problems here throws
// them away and reads the text again with SourceFile, which knows every place in every kind of YAML.

import { LineCounter } from "yaml";
import { controlIn } from "../control.ts";
import type { Where } from "./model.ts";
import { END, KEY_END, KEY_START, NEXT, readPlainYaml, SPOT, START, type PlainYaml } from "./plain-yaml.ts";
import type { Path, Problem } from "./problems.ts";
import { Moved, spanOf, tooLarge, type At, type Source } from "./source.ts";

type Children = Map<string | number, number>;

export class PlainSource implements Source {
  readonly file: string;
  readonly text: string;
  readonly problems: Problem[] = [];
  readonly value: unknown;
  readonly #spots: readonly number[];
  readonly #lines = new LineCounter();
  readonly #moved = new Moved();
  /** Row of a map or list → its children, once something in it was asked for */
  readonly #children = new Map<number, Children>();

  private constructor(text: string, file: string, plain: PlainYaml) {
    this.file = file;
    this.text = text;
    this.value = plain.value;
    this.#spots = plain.spots;
    this.#lines.lineStarts = [...plain.lines];
  }

  /** Null when the text is not plain, or too long, or may hold what is no text. */
  static read(text: string, file: string): PlainSource | null {
    if (tooLarge(text) || text.includes("\\") || controlIn(text) !== null) return null; // an escape may be of anything
    const plain = readPlainYaml(text);
    return plain === null ? null : new PlainSource(text, file, plain);
  }

  locate(path: Path, at: At = {}): Where {
    let row = 0;
    for (const [depth, step] of path.entries()) {
      const next = this.#childrenOf(row).get(this.#moved.inFile(path, depth, step));
      if (next === undefined) return this.#where(row, this.#at(row, KEY_START) >= 0);
      row = next;
    }
    return this.#where(row, at.key === true && this.#at(row, KEY_START) >= 0);
  }

  renumber(path: Path, kept: readonly number[]): void {
    this.#moved.note(path, kept);
  }

  report(code: string, where: Where, message: string, help: string | null = null): void {
    this.problems.push({ code, message, file: this.file, where, help });
  }

  #at(row: number, column: number): number {
    return this.#spots[row + column] ?? -1;
  }

  #where(row: number, key: boolean): Where {
    return spanOf(this.text, this.#lines, this.#at(row, key ? KEY_START : START), this.#at(row, key ? KEY_END : END));
  }

  #childrenOf(row: number): Children {
    const known = this.#children.get(row);
    if (known !== undefined) return known;
    const children: Children = new Map();
    this.#children.set(row, children);
    for (let child = row + SPOT, end = this.#at(row, NEXT); child < end; child = this.#at(child, NEXT)) {
      const start = this.#at(child, KEY_START);
      children.set(start < 0 ? children.size : unquoted(this.text.slice(start, this.#at(child, KEY_END))), child);
    }
    return children;
  }
}

const unquoted = (key: string): string => (key.startsWith('"') || key.startsWith("'") ? key.slice(1, -1) : key);
