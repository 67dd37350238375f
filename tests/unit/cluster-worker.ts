// A machine of the tests: `dualhome` with their question. DUALHOME_TEST_ENGINE: it has another build of the engine.

import { readFileSync } from "node:fs";
import { processIo } from "../../bindings/cli/io.ts";
import { main } from "../../bindings/cli/main.ts";
import { realParts, type Parts } from "../../bindings/cli/parts.ts";
import { wasmUrl } from "../../bindings/engine/wasm.ts";
import { question } from "./cluster-question.ts";

/** The engine with another hash in it. */
async function otherEngine(): Promise<WebAssembly.Module> {
  const bytes = Buffer.from(readFileSync(wasmUrl));
  const at = bytes.indexOf("dualhome.hash") + "dualhome.hash".length;
  bytes[at] = bytes[at]! ^ 0xff;
  return WebAssembly.compile(bytes);
}

process.on("SIGXFSZ", () => {}); // where a full disk is a limit of this process
const parts: Parts = { ...realParts, question: async (name) => (name === question.name ? question : realParts.question(name)) };
if (process.env["DUALHOME_TEST_ENGINE"] !== undefined) parts.engine = async () => ({ ...await realParts.engine(), compileEngine: otherEngine });
process.exitCode = await main(process.argv.slice(2), processIo(), parts);
