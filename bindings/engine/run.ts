// What a run is given, and what it gives.

import type { Scenario, Topology } from "../topology/model.ts";
import type { Trace } from "../trace/records.ts";
import type { Reserves } from "./load.ts";
import type { Names } from "./names.ts";

export interface CapturedFrame {
  at: bigint;
  port: string;
  direction: "sent" | "received";
  bytes: Uint8Array;
}

export interface RunOptions {
  seed?: bigint;
  /** "node:port" names whose control frames are captured as bytes */
  capturePorts?: string[];
  /** really send a frame every so many ns in every flow direction */
  probeNs?: bigint;
  wasm?: WebAssembly.Module | URL;
  debug?: boolean;
  /** simulate every hello, also those that only push deadlines out; the trace is the same */
  everyHello?: boolean;
  /** walk all flows at each change, not only those that it touches; the outages are the same */
  everyWalk?: boolean;
  onProgress?: (p: { nowNs: bigint; untilNs: bigint; events: number }) => void;
  signal?: AbortSignal;
  /** events in one call of the engine */
  slice?: number;
  reserves?: Reserves;
  /** keep what each node goes through (`Session.touched`) */
  touched?: boolean;
  /** room for steps that are put in while it runs, a target each (default 256, and four for each node) */
  spareSteps?: number;
}

/** The way of one direction of a flow when the run ended. */
export interface FlowPath {
  flow: string;
  direction: 0 | 1;
  /** empty: its frames do not arrive */
  hops: { from: string; to: string; routed: boolean; flooded: boolean }[];
}

export interface RunResult {
  paths: FlowPath[];
  trace: Trace;
  names: Names;
  endNs: bigint;
  /** interval of measuring frames; null: none were sent */
  probeNs: bigint | null;
  seed: bigint;
  events: number;
  /** frames of hellos that were left out */
  leftOut: number;
  /** flows that were walked again, each time */
  walks: number;
  frames: CapturedFrame[];
  topology: Topology;
  scenario: Scenario;
  wallMs: number;
  memoryBytes: number;
}
