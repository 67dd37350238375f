// Finding, compiling and instantiating the engine, in Node, workers and browsers.

import { DualhomeError } from "../errors.ts";
import { builtin } from "../platform.ts";
import type { EngineExports } from "./exports.ts";

/** build/engine.wasm beside the sources, dist/build/engine.wasm beside the compiled library. */
export const wasmUrl: URL = new URL("../../build/engine.wasm", import.meta.url);
/** The same engine, which marks the pages that it writes to (scripts/mark-pages.mjs): some tenths slower, but going back to a snapshot takes no longer than what happened since. */
export const markedWasmUrl: URL = new URL("../../build/engine.marked.wasm", import.meta.url);
/** For tests: bundlers, which take every address that they can read, do not see it. */
export const debugWasmUrl: URL = new URL(wasmUrl.href.replace("engine.wasm", "engine.debug.wasm"));

export async function compileEngine(source: URL | BufferSource | WebAssembly.Module = wasmUrl): Promise<WebAssembly.Module> {
  if (source instanceof WebAssembly.Module) return source;
  if (!(source instanceof URL)) return WebAssembly.compile(source);
  if (source.protocol === "file:") {
    const fs = builtin<{ readFileSync(path: URL): Uint8Array<ArrayBuffer> }>("node:fs");
    if (fs !== undefined) return WebAssembly.compile(fs.readFileSync(source));
  }
  const response = await fetch(source);
  if (!response.ok) throw new DualhomeError("DH_WASM", `${source.href}: HTTP ${response.status}; is the engine served beside the library?`, 3);
  return WebAssembly.compile(await response.arrayBuffer());
}

const builds = new WeakMap<EngineExports, string>();

/** It imports nothing: what it does not export it cannot touch. Where it stops by itself it has recorded why (traps.ts). */
export function instantiateEngine(module: WebAssembly.Module): EngineExports {
  const engine = new WebAssembly.Instance(module, {}).exports as unknown as EngineExports;
  builds.set(engine, buildOfModule(module));
  return engine;
}

export function buildOfModule(module: WebAssembly.Module): string {
  const [hash] = WebAssembly.Module.customSections(module, "dualhome.hash");
  return Array.from(new Uint8Array(hash ?? new ArrayBuffer(0)), (b) => b.toString(16).padStart(2, "0")).join("");
}

/** Hash of the build that an engine is an instance of, hex. */
export function buildOf(engine: EngineExports): string { return builds.get(engine) ?? ""; }
