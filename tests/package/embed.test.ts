// The packed package, installed and used in every way that docs/api.md names: each says what the sources say here.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { build } from "vite";
import webpack from "webpack";
import * as sources from "../../bindings/index.ts";
import { answers } from "./consumer.js";
import { installed, noBrowser, root, seenInBrowser, type Project } from "../support/packed.ts";

const example = join(root, "examples/two-site/two-site.dh.yaml");
const run = promisify(execFile);

const PAGE = `<!doctype html><meta charset="utf-8"><title>page</title><body><script type="module" src="./main.js"></script>`;
const say = (from: string, more = ""): string => `import * as dualhome from "${from}";
import { answers } from "./consumer.js";
const text = await (await fetch("./example.yaml")).text();
const said = await answers(dualhome, text).catch((error) => String(error));
${more}
document.body.textContent = JSON.stringify(said);
document.documentElement.dataset.ready = "";
`;

describe("the package", { concurrency: false }, () => {
  let project: Project;
  let expected: unknown;

  before(async () => {
    project = await installed();
    copyFileSync(new URL("consumer.js", import.meta.url), join(project.folder, "consumer.js"));
    expected = await answers(sources, readFileSync(example, "utf8"));
  });
  after(() => project.remove());

  async function node(name: string, code: string): Promise<unknown> {
    writeFileSync(join(project.folder, name), code);
    const { stdout, stderr } = await run(process.execPath, [name, example], { cwd: project.folder, maxBuffer: 1 << 26 });
    assert.doesNotMatch(stderr, /(?<!Experimental)Warning/, stderr);
    return JSON.parse(stdout);
  }

  function site(name: string, main: string): string {
    const folder = join(project.folder, name);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "index.html"), PAGE);
    writeFileSync(join(folder, "main.js"), main);
    copyFileSync(join(project.folder, "consumer.js"), join(folder, "consumer.js"));
    return folder;
  }

  test("something was asked", () => {
    assert.deepEqual(Object.keys(expected as object).length > 1, true);
    assert.match(JSON.stringify(expected), /"trace":"[0-9a-f]{64}","outages":\["/);
  });

  test("Node, a module: importing it adds no global", async () => {
    const said = await node("module.mjs", `import { readFileSync } from "node:fs";
      const before = new Set(Reflect.ownKeys(globalThis));
      const dualhome = await import("dualhome");
      const more = Reflect.ownKeys(globalThis).filter((key) => !before.has(key) && !String(key).startsWith("__zod_")); // zod keeps its settings there
      const { answers } = await import("./consumer.js");
      console.log(JSON.stringify({ more, said: await answers(dualhome, readFileSync(process.argv[2], "utf8")) }));`);
    assert.deepEqual(said, { more: [], said: expected });
  });

  test("Node, CommonJS", async () => {
    const said = await node("common.cjs", `const dualhome = require("dualhome");
      const { answers } = require("./consumer.js");
      answers(dualhome, require("node:fs").readFileSync(process.argv[2], "utf8")).then((said) => console.log(JSON.stringify(said)));`);
    assert.deepEqual(said, expected);
  });

  test("Node, worker_threads; its workers' sweep is that of one thread", async () => {
    const said = await node("thread.mjs", `import { readFileSync } from "node:fs";
      import { isMainThread, parentPort, Worker } from "node:worker_threads";
      import * as dualhome from "dualhome";
      import { answers } from "./consumer.js";
      const text = readFileSync(process.argv[2] ?? "", "utf8");
      if (isMainThread) new Worker(new URL(import.meta.url), { argv: [process.argv[2]] }).on("message", (said) => console.log(JSON.stringify(said)));
      else {
        const engine = await dualhome.create();
        const sweep = async (workers) => JSON.stringify(await engine.sweep(dualhome.readTopology(text), { kinds: ["peer-link", "link"], workers }).result());
        parentPort.postMessage({ same: await sweep(0) === await sweep(2), said: await answers(dualhome, text) });
      }`);
    assert.deepEqual(said, { same: true, said: expected });
  });

  test("the command", async () => {
    const { stdout } = await run(join(project.folder, "node_modules/.bin/dualhome"), ["check", example], { cwd: project.folder }).catch((ended: { stdout: string; code: number }) => ended);
    assert.match(stdout, /two-site/);
  });

  test("Vite", { skip: noBrowser }, async () => {
    const folder = site("vite", say("dualhome"));
    await build({ root: folder, base: "./", configFile: false, logLevel: "error", build: { outDir: "out", target: "es2022" } });
    copyFileSync(example, join(folder, "out/example.yaml"));
    assert.deepEqual(await seenInBrowser(join(folder, "out")), { said: expected, wrong: [] });
  });

  test("webpack", { skip: noBrowser }, async () => {
    const folder = site("webpack", say("dualhome"));
    const out = join(folder, "out");
    const stats = await new Promise<webpack.Stats>((resolve, reject) => {
      webpack({ context: folder, mode: "production", entry: "./main.js", output: { path: out, filename: "main.js" }, performance: false, optimization: { minimize: false } }, (error, done) => (error === null && done !== undefined ? resolve(done) : reject(error)));
    });
    assert.deepEqual(stats.toJson({ all: false, errors: true, warnings: true }), { errors: [], warnings: [] });
    copyFileSync(join(folder, "index.html"), join(out, "index.html"));
    copyFileSync(example, join(out, "example.yaml"));
    assert.deepEqual(await seenInBrowser(out), { said: expected, wrong: [] });
  });

  test("a plain page, and workers that it hires", { skip: noBrowser }, async () => {
    const folder = site("plain", say("./dualhome/dualhome.js", `
      const engine = await dualhome.create();
      const hire = dualhome.hireWeb(() => new Worker("./dualhome/worker.js", { type: "module" }));
      const sweep = async (how) => JSON.stringify(await engine.sweep(dualhome.readTopology(text), { kinds: ["peer-link"], ...how }).result());
      said.same = await sweep({ workers: 0 }) === await sweep({ hire, workers: 2 });`));
    mkdirSync(join(folder, "dualhome"));
    for (const name of ["dualhome.js", "worker.js", "engine.wasm", "engine.marked.wasm"]) copyFileSync(join(project.folder, "node_modules/dualhome/dist/browser", name), join(folder, "dualhome", name));
    copyFileSync(example, join(folder, "example.yaml"));
    assert.deepEqual(await seenInBrowser(folder), { said: { ...(expected as object), same: true }, wrong: [] });
  });
});
