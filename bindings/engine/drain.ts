// Trace records out of the engine's ring, before they are overwritten.

import { TRACE_BYTES } from "../../assembly/abi.ts";
import type { Trace } from "../trace/records.ts";
import type { EngineExports } from "./exports.ts";

export function drainInto(trace: Trace, engine: EngineExports): void {
  const rows = engine.traceRows() >>> 0;
  const taken = engine.traceTaken() >>> 0;
  const base = engine.traceAt() >>> 0;
  let at = taken % rows;
  let left = (engine.traceTotal() >>> 0) - taken;
  while (left > 0) {
    const n = Math.min(left, rows - at);
    trace.append(new Uint8Array(engine.memory.buffer, base + at * TRACE_BYTES, n * TRACE_BYTES).slice());
    left -= n;
    at = 0;
  }
  engine.drainTrace();
}
