// The library's sweep: rows in order, as they are ready.

import type { Asked, AskOptions, Plain } from "../batch/index.ts";
import type { Topology } from "../topology/model.ts";
import { askWorkers } from "../workers/index.ts";
import type { FailureKind } from "./failures.ts";
import { question, type SweepOptions, type SweepResult } from "./question.ts";
import type { SweepRow } from "./rows.ts";
import type { SweepTimes } from "./times.ts";

export interface SweepSettings extends Pick<AskOptions, "seed" | "signal" | "onProgress" | "workers" | "hire" | "wasm"> {
  /** what may fail; default: everything */
  kinds?: Iterable<FailureKind>;
  times?: SweepTimes;
}

/**
 * Every single failure and its repair. An AsyncIterable of rows, one a failure, in order; `result()` is all of them.
 * Throws AbortError when `signal` asks for it.
 */
export function sweep(topology: Topology, settings: SweepSettings = {}): Asked<SweepRow, SweepResult> {
  const { kinds, times, ...run } = settings;
  return askWorkers(question, topology, optionsOf(kinds, times), run) as Asked<SweepRow, SweepResult>;
}

export function optionsOf(kinds?: Iterable<FailureKind>, times?: SweepTimes, reach = false): SweepOptions & Plain {
  const digits = times === undefined ? null : { failNs: String(times.failNs), repairNs: String(times.repairNs), untilNs: String(times.untilNs) };
  return { kinds: kinds === undefined ? null : [...kinds], times: digits, reach };
}
