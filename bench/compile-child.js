// One topology file to an engine that is ready to run, in a process of its own, with the built library: what `dualhome run` does before
// its first event. Prints one line of JSON: milliseconds of each phase, peak memory, sizes. usage: node bench/compile-child.js FILE

import { readFileSync } from "node:fs";
import { compile } from "../dist/bindings/engine/compile.js";
import { load } from "../dist/bindings/engine/load.js";
import { compileEngine, instantiateEngine } from "../dist/bindings/engine/wasm.js";
import { expand } from "../dist/bindings/topology/index.js";
import { PlainSource } from "../dist/bindings/topology/plain-source.js";
import { readShape } from "../dist/bindings/topology/shape.js";
import { SourceFile } from "../dist/bindings/topology/source.js";

/** @type {Record<string, number>} */
const phases = { start: performance.now() };
let last = performance.now();
/** @param {string} name */
function lap(name) {
  const now = performance.now();
  phases[name] = now - last;
  last = now;
}

const file = process.argv[2] ?? "";
const text = readFileSync(file, "utf8");
lap("read");
const source = PlainSource.read(text, file) ?? new SourceFile(text, file);
lap("yaml");
const { input, removed } = readShape(source);
if (input === null) throw new Error(`${file} has mistakes of shape`);
lap("shape");
const topology = expand(input, source, removed);
if (source.problems.length > 0) throw new Error(`${file}: ${source.problems[0]?.message}`);
lap("expand");
const tables = compile(topology);
lap("compile");
const engine = instantiateEngine(await compileEngine());
lap("wasm");
load(engine, tables, { seed: 1n, steps: [], probes: null, capture: false });
lap("load");

const { user, system } = process.cpuUsage();
console.log(JSON.stringify({
  phases, wallMs: performance.now(), cpuMs: (user + system) / 1000, peakBytes: process.resourceUsage().maxRSS * 1024, engineBytes: engine.memory.buffer.byteLength,
  nodes: topology.nodes.length, links: topology.links.length, bundles: topology.lags.length, routers: topology.vrrps.length, flows: topology.flows.length, frames: engine.frames(),
}));
