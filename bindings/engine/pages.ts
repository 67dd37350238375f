// What a whole snapshot has of each page, looked up once: a question goes back to it thousands of times, and should leave nothing behind for the garbage collector.

import type { Snapshot } from "./snapshot.ts";

/** A page is bytes to copy, or zeros; or a border runs through it (of a part that is state, or of what is not zero). */
export const BYTES = 1;
export const ZEROS = 2;
export const BORDER = 3;
type Kind = typeof BYTES | typeof ZEROS | typeof BORDER;

export class Pages {
  readonly #snapshot: Snapshot;
  readonly #size: number;
  readonly #reach: number;
  readonly #kinds: Uint8Array; // 0: not looked up yet
  readonly #bytes: Uint8Array<ArrayBuffer>[] = [];

  /** `size`: of a page; `reach`: bytes from its beginning that a store marked with it may have written to. */
  constructor(snapshot: Snapshot, size: number, reach: number) { [this.#snapshot, this.#size, this.#reach, this.#kinds] = [snapshot, size, reach, new Uint8Array(Math.ceil(snapshot.used / size))]; }

  kind(page: number): Kind {
    const known = this.#kinds[page];
    return known === 0 || known === undefined ? this.#kinds[page] = this.#look(page) : known as Kind;
  }

  /** Of a page of this kind. */
  bytes(page: number): Uint8Array<ArrayBuffer> { return this.#bytes[page]!; }

  #look(page: number): Kind {
    const { parts, pieces } = this.#snapshot;
    const from = page * this.#size;
    const to = from + this.#reach;
    if (!parts.some((part) => part[0] <= from && to <= part[1])) return BORDER;
    const [piece, ...more] = pieces.filter(({ at, bytes }) => at < to && from < at + bytes.length);
    if (piece === undefined) return ZEROS;
    const { at, bytes } = piece;
    if (more.length > 0 || from < at || to > at + bytes.length) return BORDER;
    const own = bytes.subarray(from - at, to - at);
    this.#bytes[page] = own.buffer instanceof ArrayBuffer ? own : own.slice(); // memory that is shared is copied word by word
    return BYTES;
  }
}
