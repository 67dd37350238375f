// Which pages of an engine's memory were written to: its stores mark them (scripts/mark-pages.mjs). Nothing in JavaScript writes to an engine's memory but what
// puts snapshots back.

import type { EngineExports } from "./exports.ts";

interface Marked { "mark:bits"?: WebAssembly.Global; "mark:spill"?: WebAssembly.Global }

export type Stretch = readonly [from: number, to: number];

/** Does this build mark pages? */
export const marks = (engine: EngineExports): boolean => (engine as Marked)["mark:bits"] !== undefined;

/** First byte behind the marks; what a build without them has there is in use. */
export const marksEnd = (engine: EngineExports): number => (marks(engine) ? 2 ** (32 - (engine as unknown as Required<Marked>)["mark:bits"].value) : 0);

/** Nothing was written from here on. */
export function clearMarks(engine: EngineExports): void { if (marks(engine)) pagesOf(engine).fill(0); }

/** Stretches of the memory that were written to since, in order. */
export function* written(engine: EngineExports): Generator<Stretch> {
  const { "mark:bits": bits, "mark:spill": spill } = engine as unknown as Required<Marked>;
  const bytes = pagesOf(engine);
  for (let page = bytes.indexOf(1); page >= 0;) {
    let end = page + 1;
    while (bytes[end] === 1) end++;
    yield [page * 2 ** bits.value, end * 2 ** bits.value + (spill.value as number)]; // a store marks the page of its first byte
    page = bytes.indexOf(1, end);
  }
}

/** The same, page by page. */
export function eachWritten(engine: EngineExports, visit: (page: number) => void): void {
  const bytes = pagesOf(engine);
  for (let page = bytes.indexOf(1); page >= 0; page = bytes.indexOf(1, page + 1)) do visit(page++); while (bytes[page] === 1);
}

/** Bytes of a page, and how far from its beginning what marks it may have been written. */
export function pageShape(engine: EngineExports): { size: number; reach: number } {
  const { "mark:bits": bits, "mark:spill": spill } = engine as unknown as Required<Marked>;
  return { size: 2 ** bits.value, reach: 2 ** bits.value + (spill.value as number) };
}

/** A byte for each page. Node looks through a Buffer many times as fast as through an array of bytes. */
function pagesOf(engine: EngineExports): Uint8Array<ArrayBuffer> {
  const count = Math.ceil((engine.memoryUsed() >>> 0) / 2 ** (engine as unknown as Required<Marked>)["mark:bits"].value);
  const { Buffer } = globalThis as { Buffer?: { from(memory: ArrayBuffer, at: number, length: number): Uint8Array<ArrayBuffer> } };
  return Buffer === undefined ? new Uint8Array(engine.memory.buffer, 0, count) : Buffer.from(engine.memory.buffer, 0, count);
}

/** In order, none of which touches another. */
export function joined(stretches: Stretch[]): Stretch[] {
  const found: [number, number][] = [];
  for (const [from, to] of stretches.sort((a, b) => a[0] - b[0])) {
    const last = found.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to); else found.push([from, to]);
  }
  return found;
}

/** What of the stretches lies in these parts of the memory. Both are in order. */
export function within(parts: readonly Stretch[], stretches: readonly Stretch[]): Stretch[] {
  return stretches.flatMap(([from, to]) => parts.flatMap((part): Stretch[] => {
    const [start, end] = [Math.max(from, part[0]), Math.min(to, part[1])];
    return start < end ? [[start, end]] : [];
  }));
}
