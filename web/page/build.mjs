// Bundles the page into dist/web: files that any host can serve, with the engine and the examples beside them. Part of `npm run build`.

import { copyFileSync, cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { build } from "esbuild";
import { licencesOf } from "../../scripts/licences.mjs";

const here = (name) => new URL(name, import.meta.url).pathname;
const out = here("../../dist/web/");
/** cli-table3 would take colours from a package for terminals; here there are none. */
const noColours = { name: "no-colours", setup(b) {
  b.onResolve({ filter: /^@colors\/colors/ }, ({ path }) => ({ path, namespace: "no-colours" }));
  b.onLoad({ filter: /.*/, namespace: "no-colours" }, () => ({ contents: "module.exports = {};" }));
} };

const shared = { bundle: true, metafile: true, minify: true, format: "esm", target: "es2022", legalComments: "none", charset: "utf8", tsconfigRaw: "{}", logLevel: "warning", outdir: out };

rmSync(out, { recursive: true, force: true });
mkdirSync(`${out}examples`, { recursive: true });
const made = [await build({ ...shared, entryPoints: { page: here("main.tsx") }, splitting: true, jsx: "automatic", jsxImportSource: "preact", chunkNames: "part-[hash]" }),
  await build({ ...shared, entryPoints: { worker: here("worker.ts") }, plugins: [noColours] })];
writeFileSync(`${out}LICENSES.txt`, licencesOf(made.flatMap(({ metafile }) => Object.keys(metafile.inputs)), "The page contains these packages."));
await build({ ...shared, entryPoints: { page: here("style.css") }, target: "chrome123" });
copyFileSync(here("index.html"), `${out}index.html`);
copyFileSync(here("../../build/engine.marked.wasm"), `${out}engine.wasm`);

const examples = here("../../examples/");
const found = readdirSync(examples, { recursive: true }).filter((f) => f.endsWith(".dh.yaml") && !f.endsWith("refused.dh.yaml")).sort();
const first = ["two-site", "dual-homed-server", "mclag-pair"]; // most is to be seen in these
const list = found.map((path) => ({ name: path.replace(/^.*\//, "").replace(".dh.yaml", ""), path })).sort((a, b) => (rank(a) - rank(b)) || (a.name < b.name ? -1 : 1));
function rank({ name }) { const at = first.indexOf(name); return at < 0 ? first.length : at; }
for (const { name, path } of list) copyFileSync(examples + path, `${out}examples/${name}.yaml`);
writeFileSync(`${out}examples/list.json`, JSON.stringify(list.map(({ name }) => ({ name, file: `${name}.yaml` }))));
cpSync(here("tours/files/"), `${out}tours/`, { recursive: true });
