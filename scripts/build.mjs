// npm run build: all that is made, in this order, or only the steps that are named: npm run build -- engine web
//   build/  what comes out of the sources and stands beside them: the engine, the report's script and style
//   dist/   what is published: the library for Node with what it takes out of build/, the library for browsers, the page

import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, rmSync } from "node:fs";

const root = new URL("../", import.meta.url).pathname;

const STEPS = {
  engine() {
    for (const target of ["release", "debug"]) node("node_modules/assemblyscript/bin/asc.js", "assembly/index.ts", "--target", target);
    node("scripts/expose-state.mjs", "build/engine.wasm", "build/engine.debug.wasm");
    node("scripts/mark-pages.mjs", "build/engine.wasm", "build/engine.marked.wasm");
  },
  web() {
    for (const part of ["report", "page", "library"]) node(`web/${part}/build.mjs`);
  },
  library() {
    for (const folder of ["assembly", "bindings"]) rmSync(`${root}dist/${folder}`, { recursive: true, force: true });
    node("node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json");
    mkdirSync(`${root}dist/build`, { recursive: true });
    for (const file of ["engine.wasm", "engine.debug.wasm", "engine.marked.wasm", "report.js", "report.css"]) copyFileSync(`${root}build/${file}`, `${root}dist/build/${file}`);
  },
};

function node(...args) {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !Object.hasOwn(STEPS, name));
if (unknown.length > 0) {
  process.stderr.write(`no step is named ${unknown.join(", ")}; there are ${Object.keys(STEPS).join(", ")}\n`);
  process.exit(2);
}
for (const [name, step] of Object.entries(STEPS)) if (asked.length === 0 || asked.includes(name)) step();
