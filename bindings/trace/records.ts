// Trace records as plain data. The engine writes 32 bytes each (assembly/abi.ts); ids count from 1.

import { TRACE_BYTES } from "../../assembly/abi.ts";

export interface TraceRecord {
  id: number;
  /** ns on the scenario's clock; negative during bring-up */
  at: bigint;
  /** T_* of assembly/abi.ts */
  kind: number;
  entity: number;
  /** id of the record that caused this one; 0: none */
  cause: number;
  a: number;
  b: number;
  c: number;
}

/** A whole run's trace: the raw bytes, kept as they came, and a reader. */
export class Trace {
  #chunks: Uint8Array[] = [];
  #views: DataView[] = [];
  #firstIds: number[] = [];
  /** id of the last record */
  length: number;
  /** Engine time at which the scenario's clock reads 0: the bring-up before it has negative times. */
  readonly zeroNs: bigint;
  /** Records of the run that came before those that are here. */
  readonly before: number;

  constructor(zeroNs = 0n, before = 0) { this.zeroNs = zeroNs; this.before = before; this.length = before; }

  append(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#chunks.push(bytes);
    this.#views.push(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    this.#firstIds.push(this.length + 1);
    this.length += bytes.length / TRACE_BYTES;
  }

  /** The same records so far; what is appended to one is not in the other. */
  fork(): Trace {
    const copy = new Trace(this.zeroNs, this.before);
    copy.#chunks = [...this.#chunks];
    copy.#views = [...this.#views];
    copy.#firstIds = [...this.#firstIds];
    copy.length = this.length;
    return copy;
  }

  /** The record with this id (the run's first is 1). */
  get(id: number): TraceRecord {
    let i = 0;
    for (let end = this.#firstIds.length; end - i > 1;) {
      const middle = (i + end) >> 1;
      if (this.#firstIds[middle]! > id) end = middle; else i = middle;
    }
    const view = this.#views[i];
    const first = this.#firstIds[i];
    if (view === undefined || first === undefined || id <= this.before || id > this.length) throw new RangeError(`trace record ${id} of ${this.length}`);
    return read(view, (id - first) * TRACE_BYTES, id, this.zeroNs);
  }

  *[Symbol.iterator](): Generator<TraceRecord> {
    let id = this.before + 1;
    for (const view of this.#views) {
      for (let at = 0; at < view.byteLength; at += TRACE_BYTES) yield read(view, at, id++, this.zeroNs);
    }
  }

  /** The records of these kinds, in order. */
  *ofKinds(...kinds: number[]): Generator<TraceRecord> { yield* this.ofKindsAfter(0, ...kinds); }

  /** The same, behind the record with this id. */
  *ofKindsAfter(id: number, ...kinds: number[]): Generator<TraceRecord> {
    for (const [i, view] of this.#views.entries()) {
      if (this.#firstIds[i]! + view.byteLength / TRACE_BYTES <= id + 1) continue;
      const found = kinds.flatMap((kind) => placesOf(view).get(kind) ?? []);
      if (kinds.length > 1) found.sort((a, b) => a - b);
      for (const place of found) if (this.#firstIds[i]! + place > id) yield read(view, place * TRACE_BYTES, this.#firstIds[i]! + place, this.zeroNs);
    }
  }

  /** All bytes in one piece: what two equal runs have in common. `shared`: in memory that threads share. */
  bytes({ shared = false } = {}): Uint8Array {
    const size = (this.length - this.before) * TRACE_BYTES;
    const all = shared ? new Uint8Array(new SharedArrayBuffer(size)) : new Uint8Array(size);
    let at = 0;
    for (const c of this.#chunks) { all.set(c, at); at += c.length; }
    return all;
  }
}

/** Where each kind stands in a piece of a trace. Put together once, for all that share the piece. */
const places = new WeakMap<DataView, Map<number, number[]>>();

function placesOf(view: DataView): Map<number, number[]> {
  let known = places.get(view);
  if (known !== undefined) return known;
  known = new Map();
  for (let place = 0; place * TRACE_BYTES < view.byteLength; place++) {
    const kind = view.getInt32(place * TRACE_BYTES + KIND, true);
    const list = known.get(kind);
    if (list === undefined) known.set(kind, [place]); else list.push(place);
  }
  places.set(view, known);
  return known;
}

const KIND = 8; // where a record says its kind
function read(v: DataView, at: number, id: number, zeroNs: bigint): TraceRecord {
  return {
    id, at: v.getBigInt64(at, true) - zeroNs, kind: v.getInt32(at + KIND, true), entity: v.getInt32(at + 12, true), cause: v.getUint32(at + 16, true),
    a: v.getInt32(at + 20, true), b: v.getInt32(at + 24, true), c: v.getInt32(at + 28, true),
  };
}
