// Some of a sweep's failures in one process and one thread, with the built library. Prints the seconds from the plan to the last row.
// usage: node --import tsx bench/sweep-child.ts SERVERS EVERY

import { library, parsed } from "./sweep-library.ts";

const [servers = 1_000, every = 1] = process.argv.slice(2).map(Number);
const built = await library();
const topology = parsed(built, servers);
const wasm = await built.compileEngine(built.markedWasmUrl);
const start = performance.now();
await built.askWorkers(built.sampled, topology, Object.assign(built.optionsOf(), { every }), { workers: 0, wasm }).result();
console.log((performance.now() - start) / 1000);
