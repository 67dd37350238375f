// Door of the engine folder: run a scenario, or hold an instance yourself.

export { runScenario } from "./simulation.ts";
export { bringUpNs } from "./steps.ts";
export { Session, type Moment, type SessionSnapshot, type Touched } from "./session.ts";
export type { Trial, Tuple, Way } from "./trial.ts";
export { nameKey } from "./names.ts";
export { Indices } from "./indices.ts";
export { posted, received, type PostedSnapshot } from "./posted.ts";
export { takeSnapshot, putSnapshot, type Snapshot } from "./snapshot.ts";
export type { CapturedFrame, FlowPath, RunOptions, RunResult } from "./run.ts";
export { compile } from "./compile.ts";
export { load, ROUTING } from "./load.ts";
export type { FlatTables } from "./flat.ts";
export type { EngineExports } from "./exports.ts";
export type { Names } from "./names.ts";
export { buildOfModule, compileEngine, instantiateEngine, wasmUrl, debugWasmUrl, markedWasmUrl } from "./wasm.ts";
export { standing } from "./instance.ts";
export type { Instance, InstanceOptions } from "./instance.ts";
