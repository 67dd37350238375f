// Door of the nines folder: availability and downtime of each service, how sure that is, and what causes it.

import type { Plain, Progress } from "../batch/index.ts";
import type { Topology } from "../topology/model.ts";
import { askWorkers } from "../workers/index.ts";
import type { NinesResult } from "./finish.ts";
import { NINES_DEFAULTS, type Method, type NinesOptions } from "./defaults-asked.ts";
import { question } from "./question.ts";

export { MINUTES_PER_YEAR, type Bin, type Cause, type Minutes, type NinesResult, type NinesSubject } from "./finish.ts";
export { spanText, type Assumed } from "./components.ts";
export { NINES_DEFAULTS, type Method, type NinesOptions } from "./defaults-asked.ts";
export { question as ninesQuestion } from "./question.ts";

export interface NinesAsked {
  /** of one run; default 10 */
  years?: number;
  /** default 1000; of importance sampling, each has 64 cycles */
  runs?: number;
  method?: Method;
  seed?: bigint;
  /** flows too, where the file has services */
  flows?: boolean;
  /** states that the exact solver may ask the engine about */
  asks?: number;
  workers?: number;
  signal?: AbortSignal;
  onProgress?: (progress: Progress) => void;
  wasm?: WebAssembly.Module;
}

/** Availability of every service of a topology. Throws DualhomeError (exit code 2) where the method does not fit. */
export function nines(topology: Topology, asked: NinesAsked = {}): Promise<NinesResult> {
  const { seed, workers, signal, onProgress, wasm, ...own } = asked;
  const run = Object.fromEntries(Object.entries({ seed, workers, signal, onProgress, wasm }).filter(([, value]) => value !== undefined));
  const options = { ...NINES_DEFAULTS, ...Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined)) } as NinesOptions & Plain;
  return askWorkers(question, topology, options, run).result();
}
