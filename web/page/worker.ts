// The page's worker: the engine, and what is read from it.

import { expose, transfer } from "comlink";
import { Lab } from "./lab.ts";

/** The engine that marks what it writes to: going back is as quick as what happened since. Not compiled as it comes: some hosts call it by a wrong type. */
const engine = fetch("engine.wasm").then(async (response) => {
  if (!response.ok) throw new Error(`engine.wasm: HTTP ${response.status}`);
  return WebAssembly.compile(await response.arrayBuffer());
});

class Remote {
  readonly #lab = engine.then((module) => new Lab(module));

  async call(method: string, args: unknown[]): Promise<unknown> {
    const lab = await this.#lab as unknown as Record<string, (...of: unknown[]) => unknown>;
    if (!METHODS.has(method)) throw new Error(`no method "${method}"`);
    try {
      const value = await lab[method]!(...args);
      return value instanceof Uint8Array ? transfer(value, [value.buffer]) : value;
    } catch (e) {
      // Of an error only its words survive the way.
      throw new Error(e instanceof Error ? e.message : String(e));
    }
  }
}

const METHODS = new Set(["check", "open", "advance", "seek", "stop", "next", "previous", "act", "setSteps", "addStep", "removeStep", "fork", "compare", "dropB", "lanes", "inspect", "flow", "reach", "events", "trace"]);

expose(new Remote());
