// What a whole snapshot has of each page, looked up once: a question goes back to it thousands of times, and should leave nothing behind for the garbage collector.

import type { Snapshot } from "./snapshot.ts";

/** Bytes to copy; zeros; or a border runs through it (of a part that is state, or of what is not zero). */
export type Page = Uint8Array<ArrayBuffer> | "zeros" | "border";

export class Pages {
  readonly #snapshot: Snapshot;
  readonly #size: number;
  readonly #reach: number;
  readonly #known: Page[] = [];

  /** `size`: of a page; `reach`: bytes from its beginning that a store marked with it may have written to. */
  constructor(snapshot: Snapshot, size: number, reach: number) { [this.#snapshot, this.#size, this.#reach] = [snapshot, size, reach]; }

  at(page: number): Page { return this.#known[page] ??= this.#look(page * this.#size, page * this.#size + this.#reach); }

  #look(from: number, to: number): Page {
    const { parts, pieces } = this.#snapshot;
    if (!parts.some((part) => part[0] <= from && to <= part[1])) return "border";
    const [piece, ...more] = pieces.filter(({ at, bytes }) => at < to && from < at + bytes.length);
    if (piece === undefined) return "zeros";
    const { at, bytes } = piece;
    if (more.length > 0 || from < at || to > at + bytes.length) return "border";
    const own = bytes.subarray(from - at, to - at);
    return own.buffer instanceof ArrayBuffer ? own : own.slice(); // memory that is shared is copied word by word
  }
}
