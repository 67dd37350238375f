// A session's copy as what can be posted to other threads: its memory is shared where that is allowed, and copied where it is not.

import type { Step } from "../topology/model.ts";
import { Trace } from "../trace/records.ts";
import type { CapturedFrame } from "./run.ts";
import type { SessionSnapshot } from "./session.ts";
import type { Snapshot } from "./snapshot.ts";

export interface PostedSnapshot {
  engine: Snapshot;
  trace: { zeroNs: bigint; before: number; bytes: Uint8Array };
  frames: CapturedFrame[];
  steps: Step[];
  nowNs: bigint;
}

/** Null: it follows another copy, which would have to be posted, too. */
export function posted({ engine, trace, frames, steps, nowNs }: SessionSnapshot): PostedSnapshot | null {
  if (engine.after !== null) return null;
  const pieces = engine.pieces.map(({ at, bytes }) => ({ at, bytes: shared(bytes) }));
  return { engine: { ...engine, pieces }, trace: { zeroNs: trace.zeroNs, before: trace.before, bytes: trace.bytes({ shared: SHARES }) }, frames, steps, nowNs };
}

export function received({ engine, trace: { zeroNs, before, bytes }, frames, steps, nowNs }: PostedSnapshot): SessionSnapshot {
  const trace = new Trace(zeroNs, before);
  trace.append(bytes);
  return { engine, trace, frames, steps, nowNs };
}

/** A browser has no shared memory unless the page is isolated from others. */
const SHARES = typeof SharedArrayBuffer !== "undefined";

/** Nobody writes to it any more. */
function shared(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  if (!SHARES) return bytes as Uint8Array<ArrayBuffer>;
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.length));
  copy.set(bytes);
  return copy as unknown as Uint8Array<ArrayBuffer>; // read as any other
}
