// What an analysis reads: a finished run as plain data. A RunResult of the engine is one.

import type { Names } from "../engine/names.ts";
import type { Scenario, Topology } from "../topology/model.ts";
import type { Trace } from "../trace/records.ts";

export interface Run {
  trace: Trace;
  names: Names;
  endNs: bigint;
  /** interval of measuring frames; null: none were sent */
  probeNs: bigint | null;
  topology: Topology;
  scenario: Scenario;
}

/** The scenario's first event; with no event, the end: nothing but what is down at the end counts. */
export function firstStepNs(run: Run): bigint {
  let first = run.endNs;
  for (const s of run.scenario.steps) if (s.atNs < first) first = s.atNs;
  return first;
}
