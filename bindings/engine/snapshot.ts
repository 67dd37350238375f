// All of an engine's state: what of its memory is in use, and its mutable globals (exported as `state:N` by scripts/expose-state.mjs).

import { ABI_VERSION, TRACE_BYTES } from "../../assembly/abi.ts";
import { DualhomeError } from "../errors.ts";
import type { EngineExports } from "./exports.ts";
import { clearMarks, eachWritten, joined, marks, marksEnd, pageShape, within, written, type Stretch } from "./marks.ts";
import { BYTES, Pages, ZEROS } from "./pages.ts";
import { buildOf } from "./wasm.ts";

export interface Snapshot {
  abi: number;
  /** hash of the engine's build, hex */
  build: string;
  /** how much of the memory is laid out, and which parts of it are state */
  used: number;
  parts: [from: number, to: number][];
  /** what of it is not zero, in order: tables are as large as the worst case, and mostly empty; of one that follows another, what differs */
  pieces: { at: number; bytes: Uint8Array<ArrayBuffer> }[];
  /** values of the globals, in the order of their numbers */
  globals: (number | bigint)[];
  /** the whole snapshot that this one follows, and where it may differ from it; null: it is whole */
  after: { root: Snapshot; written: Stretch[] } | null;
}

const PIECE = 1 << 16;

/** The snapshot from which an engine's memory differs by what is marked as written, and by nothing else. */
const bases = new WeakMap<EngineExports, Snapshot>();

function setBase(engine: EngineExports, snapshot: Snapshot): void {
  clearMarks(engine);
  bases.set(engine, snapshot);
}

const cells = new WeakMap<EngineExports, WebAssembly.Global[]>();

function globalsOf(engine: EngineExports): WebAssembly.Global[] {
  let found = cells.get(engine);
  if (found === undefined) {
    const all = engine as unknown as Record<string, WebAssembly.Global | undefined>;
    found = [];
    for (let cell = all["state:0"]; cell !== undefined; cell = all[`state:${found.length}`]) found.push(cell);
    cells.set(engine, found);
  }
  return found;
}

/** `whole`: it shares nothing with another one; `follows`: it keeps what was written since the last whole one, however much: for a copy that is soon gone, where that one is gone back to. */
export interface SnapshotHow { whole?: boolean; follows?: boolean }

/** Copies an engine's state: what was written since the last whole copy, if that is little, or else all of it. It goes on undisturbed. */
export function takeSnapshot(engine: EngineExports, { whole = false, follows = false }: SnapshotHow = {}): Snapshot {
  const used = engine.memoryUsed() >>> 0;
  const parts = outsideTheRing(engine, used);
  const kept = (whole ? null : since(engine, parts, follows)) ?? { pieces: notZero(engine, used, parts), after: null };
  const snapshot = { abi: ABI_VERSION, build: buildOf(engine), used, parts, ...kept, globals: globalsOf(engine).map((cell) => cell.value as number | bigint) };
  setBase(engine, snapshot);
  return snapshot;
}

/** One part in so many of the memory is little. */
const LITTLE = 8;

function since(engine: EngineExports, parts: Snapshot["parts"], follows: boolean): Pick<Snapshot, "pieces" | "after"> | null {
  const base = bases.get(engine);
  if (base === undefined || !marks(engine)) return null;
  const root = base.after?.root ?? base;
  const stretches = joined([...base.after?.written ?? [], ...written(engine)]);
  const bytes = stretches.reduce((sum, [from, to]) => sum + to - from, 0);
  if ((bytes * LITTLE > root.used && !follows) || parts.join() !== root.parts.join()) return null;
  const memory = new Uint8Array(engine.memory.buffer);
  return { pieces: within(parts, stretches).map(([from, to]) => ({ at: from, bytes: memory.slice(from, to) })), after: { root, written: stretches } };
}

function notZero(engine: EngineExports, used: number, parts: Snapshot["parts"]): Snapshot["pieces"] {
  const memory = new Uint8Array(engine.memory.buffer, 0, used);
  const empty = emptyIn(memory);
  const pieces: Snapshot["pieces"] = [];
  for (const [from, to] of parts) {
    let start = -1; // of what is not zero
    for (let at = from; at < to; at += PIECE) {
      const zero = empty(at, Math.min(at + PIECE, to));
      if (!zero && start < 0) start = at;
      if (zero && start >= 0) { pieces.push({ at: start, bytes: memory.slice(start, at) }); start = -1; }
    }
    if (start >= 0) pieces.push({ at: start, bytes: memory.slice(start, to) });
  }
  return pieces;
}

/** Puts a state back, into the engine it is from or another instance of the same build. Throws DualhomeError (exit code 3) for another build. */
export function putSnapshot(engine: EngineExports, snapshot: Snapshot): void {
  if (snapshot.abi !== ABI_VERSION || snapshot.build !== buildOf(engine)) {
    const theirs = `ABI ${snapshot.abi}, build ${snapshot.build.slice(0, 12)}`;
    throw new DualhomeError("DH_SNAPSHOT", `the snapshot is of another engine (${theirs}); this one is ABI ${ABI_VERSION}, build ${buildOf(engine).slice(0, 12)}`, 3);
  }
  const missing = snapshot.used - engine.memory.buffer.byteLength;
  if (missing > 0) engine.memory.grow(Math.ceil(missing / 0x10000));
  globalsOf(engine).forEach((cell, i) => { cell.value = snapshot.globals[i]; });
  const root = snapshot.after?.root ?? snapshot;
  const base = bases.get(engine);
  if (base !== undefined && marks(engine) && (base.after?.root ?? base) === root) putBack(engine, root, base.after?.written ?? []);
  else putAll(engine, root);
  const memory = new Uint8Array(engine.memory.buffer);
  if (snapshot !== root) for (const { at, bytes } of snapshot.pieces) memory.set(bytes, at);
  setBase(engine, snapshot);
}

function putAll(engine: EngineExports, { parts, pieces }: Snapshot): void {
  const memory = new Uint8Array(engine.memory.buffer);
  const empty = emptyIn(memory);
  const clear = (from: number, to: number): void => {
    for (let at = from; at < to; at += PIECE) if (!empty(at, Math.min(at + PIECE, to))) memory.fill(0, at, Math.min(at + PIECE, to));
  };
  for (const [from, to] of parts) {
    let next = from;
    for (const { at, bytes } of pieces.filter((piece) => piece.at >= from && piece.at < to)) {
      clear(next, at);
      memory.set(bytes, at);
      next = at + bytes.length;
    }
    clear(next, to);
  }
}

const pagesOf = new WeakMap<Snapshot, Pages>();

/** Only what is marked, and what had been written before that. */
function putBack(engine: EngineExports, root: Snapshot, before: readonly Stretch[]): void {
  const memory = new Uint8Array(engine.memory.buffer);
  const { size, reach } = pageShape(engine);
  let pages = pagesOf.get(root);
  if (pages === undefined) pagesOf.set(root, pages = new Pages(root, size, reach));
  const one = (n: number): void => {
    const kind = pages.kind(n);
    if (kind === BYTES) memory.set(pages.bytes(n), n * size);
    else if (kind === ZEROS) memory.fill(0, n * size, n * size + reach);
    else putStretch(memory, root, [n * size, n * size + reach]);
  };
  for (const [from, to] of before) for (let n = from / size; n * size + reach <= to; n++) one(n); // of whole pages, and as far as the last store of each may reach
  eachWritten(engine, one);
}

function putStretch(memory: Uint8Array<ArrayBuffer>, { parts, pieces }: Snapshot, stretch: Stretch): void {
  let n = 0; // the first piece that ends behind what is looked at
  for (const [from, to] of within(parts, [stretch])) {
    let next = from;
    while (next < to) {
      while (n < pieces.length && pieces[n]!.at + pieces[n]!.bytes.length <= next) n++;
      const { at = to, bytes = null } = pieces[n] ?? {};
      const zeroTo = Math.min(at, to);
      if (zeroTo > next) memory.fill(0, next, zeroTo);
      next = Math.max(next, zeroTo);
      if (bytes === null || next >= to) continue;
      const upTo = Math.min(at + bytes.length, to);
      memory.set(bytes.subarray(next - at, upTo - at), next);
      next = upTo;
    }
  }
}

/** Marks are no state; nor is the ring of trace records when all that is in it has been taken out. */
function outsideTheRing(engine: EngineExports, used: number): Snapshot["parts"] {
  const from = marksEnd(engine);
  if (engine.traceTaken() !== engine.traceTotal()) return [[from, used]];
  const ring = engine.traceAt() >>> 0;
  return [[from, ring], [ring + (engine.traceRows() >>> 0) * TRACE_BYTES, used]];
}

type Compare = { compare(other: Uint8Array, from: number, to: number, ownFrom: number, ownTo: number): number };
const zeros = new Uint8Array(PIECE);

/** Is a part of the memory all zero? Node compares memory as fast as it copies it; elsewhere a loop does, four bytes at a time. What was never touched stays so. */
function emptyIn(memory: Uint8Array<ArrayBuffer>): (from: number, to: number) => boolean {
  const { Buffer } = globalThis as { Buffer?: { from(memory: ArrayBuffer, at: number, length: number): Compare } };
  if (Buffer !== undefined) {
    const view = Buffer.from(memory.buffer, 0, memory.length);
    return (from, to) => view.compare(zeros, 0, to - from, from, to) === 0;
  }
  const words = new Int32Array(memory.buffer);
  return (from, to) => {
    const [first, end] = [(from + 3) >> 2, to >> 2];
    for (let at = from; at < Math.min(first * 4, to); at++) if (memory[at] !== 0) return false;
    for (let at = first; at < end; at++) if (words[at] !== 0) return false;
    for (let at = Math.max(end * 4, from); at < to; at++) if (memory[at] !== 0) return false;
    return true;
  };
}
