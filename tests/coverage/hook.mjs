// --import of every process and worker of a coverage run: where an engine of build/ is compiled, its instrumented twin is; what it says that it went through is written
// to a file of its own when the process ends, and so is how many milliseconds a test took. Nothing of the product knows.

import { readFileSync, writeFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { isMainThread, parentPort, threadId, Worker } from "node:worker_threads";

const OUT = new URL("../../build/coverage/", import.meta.url);
const HASH = "dualhome.hash";
const words = [];
let written = "";

const { compile, instantiate, Module, Instance } = WebAssembly;
const importsOf = Module.imports;

/** The twin has the hash of the build that it stands for: snapshots and shards are refused where they would be. */
function twinOf(bytes) {
  const given = Buffer.from(bytes.buffer ?? bytes, bytes.byteOffset ?? 0, bytes.byteLength);
  const at = given.lastIndexOf(HASH);
  if (at < 0 || given.includes("coverage")) return bytes;
  const twin = readFileSync(new URL(given.includes("mark:bits") ? "engine.marked.wasm" : "engine.wasm", OUT));
  const from = at + HASH.length;
  given.copy(twin, twin.lastIndexOf(HASH) + HASH.length, from, from + 32);
  return twin;
}

/** The words that a module marks, besides what it is given. */
function withWords(module, imports) {
  const names = importsOf(module).filter((i) => i.module === "coverage").map((i) => i.name);
  if (names.length === 0) return imports;
  for (const name of names) words[name] ??= new WebAssembly.Global({ value: "i64", mutable: true }, 0n);
  return { ...imports, coverage: words };
}

WebAssembly.compile = (bytes) => compile(twinOf(bytes));
WebAssembly.Module = new Proxy(Module, { construct: (_, [bytes]) => new Module(twinOf(bytes)) });
Module.imports = (module) => importsOf(module).filter((i) => i.module !== "coverage"); // the engine imports nothing
WebAssembly.Instance = new Proxy(Instance, { construct: (_, [module, imports]) => new Instance(module, withWords(module, imports)) });
WebAssembly.instantiate = async (given, imports) => {
  if (given instanceof Module) return instantiate(given, withWords(given, imports));
  const module = await compile(twinOf(given));
  return { module, instance: await instantiate(module, withWords(module, imports)) };
};

/** A worker that is given as text runs no --import: each begins with this module. */
process.getBuiltinModule("node:worker_threads").Worker = class extends Worker {
  constructor(what, options) {
    const then = options?.eval === true ? what : `return import(${JSON.stringify(String(what))});`;
    super(`import(${JSON.stringify(import.meta.url)}).then(() => { ${then} })`, { ...options, eval: true });
  }
};
syncBuiltinESMExports();

function write() {
  const hits = Array.from(words, (word) => String(word?.value ?? 0n)).join(" ");
  if (hits === written) return;
  writeFileSync(new URL(`hits/${process.pid}-${threadId}`, OUT), written = hits);
}

process.on("exit", () => {
  write();
  const test = /\btests\/.*\.test\.ts$/.exec(process.argv[1] ?? "")?.[0];
  if (test !== undefined && isMainThread) writeFileSync(new URL(`took/${test.replaceAll("/", "+")}`, OUT), String(Math.round(1000 * process.uptime())));
});
if (!isMainThread) { // which may be ended from outside at any time, but not before it has answered
  const post = parentPort.postMessage;
  parentPort.postMessage = function (...args) { write(); post.apply(this, args); };
}
