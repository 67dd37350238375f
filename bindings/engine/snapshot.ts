// All of an engine's state: what of its memory is in use, and its mutable globals (exported as `state:N` by assembly/expose-state.mjs).

import { ABI_VERSION } from "../../assembly/abi.ts";
import { DualhomeError } from "../errors.ts";
import type { EngineExports } from "./exports.ts";
import { buildOf } from "./wasm.ts";

export interface Snapshot {
  abi: number;
  /** hash of the engine's build, hex */
  build: string;
  memory: Uint8Array<ArrayBuffer>;
  /** values of the globals, in the order of their numbers */
  globals: (number | bigint)[];
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

/** Copies an engine's state. It goes on undisturbed. */
export function takeSnapshot(engine: EngineExports): Snapshot {
  return {
    abi: ABI_VERSION, build: buildOf(engine), globals: globalsOf(engine).map((cell) => cell.value as number | bigint),
    memory: new Uint8Array(engine.memory.buffer, 0, engine.memoryUsed() >>> 0).slice(),
  };
}

/** Puts a state back, into the engine it is from or another instance of the same build. Throws DualhomeError (exit code 3) for another build. */
export function putSnapshot(engine: EngineExports, snapshot: Snapshot): void {
  if (snapshot.abi !== ABI_VERSION || snapshot.build !== buildOf(engine)) {
    const theirs = `ABI ${snapshot.abi}, build ${snapshot.build.slice(0, 12)}`;
    throw new DualhomeError("DH_SNAPSHOT", `the snapshot is of another engine (${theirs}); this one is ABI ${ABI_VERSION}, build ${buildOf(engine).slice(0, 12)}`, 3);
  }
  const missing = snapshot.memory.length - engine.memory.buffer.byteLength;
  if (missing > 0) engine.memory.grow(Math.ceil(missing / 0x10000));
  new Uint8Array(engine.memory.buffer).set(snapshot.memory);
  globalsOf(engine).forEach((cell, i) => { cell.value = snapshot.globals[i]; });
}
