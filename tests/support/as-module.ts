// Compiles an entry of tests/assembly by itself and loads it: its tests and benches need neither the engine nor a build.

import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

/** A coverage run has its own sources. */
const root = process.env["DUALHOME_ASSEMBLY_ROOT"] ?? fileURLToPath(new URL("../..", import.meta.url));
const compiled = new Map<string, Promise<WebAssembly.Module>>();

async function compile(entry: string): Promise<WebAssembly.Module> {
  let binary: Uint8Array | undefined;
  const messages: string[] = [];
  const { error } = await asc.main(
    [`tests/assembly/${entry}`, "--outFile", "entry.wasm", "-O3", "--converge", "--runtime", "stub", "--enable", "simd", "--uncheckedBehavior", "always", "--baseDir", root],
    {
      writeFile: (name, contents) => {
        if (name.endsWith(".wasm")) binary = contents as Uint8Array;
      },
      stderr: { write: (chunk: unknown) => { messages.push(String(chunk)); } },
    },
  );
  if (error || !binary) throw new Error(`${entry} does not compile:\n${messages.join("")}`);
  return WebAssembly.compile(binary as BufferSource);
}

/** A new instance; a given entry is compiled once. */
export async function loadEntry<Exports>(entry: string): Promise<Exports> {
  let module = compiled.get(entry);
  if (module === undefined) compiled.set(entry, module = compile(entry));
  const abort = (): never => { throw new Error(`${entry} stopped`); };
  return (await WebAssembly.instantiate(await module, { env: { abort } })).exports as Exports;
}
