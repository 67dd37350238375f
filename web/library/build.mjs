// The library as one file for a plain page, and another for its workers: dist/browser, with the engine and the licences beside them. Part of `npm run build`.

import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { build } from "esbuild";
import { licencesOf } from "../../scripts/licences.mjs";

const here = (name) => new URL(name, import.meta.url).pathname;
const out = here("../../dist/browser/");

/** The engine lies beside the one file, not two folders away. */
const engineBeside = { name: "engine-beside", setup(b) {
  b.onLoad({ filter: /bindings\/engine\/wasm\.ts$/ }, ({ path }) => ({ contents: readFileSync(path, "utf8").replaceAll("../../build/", "./"), loader: "ts" }));
} };

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const { metafile } = await build({
  entryPoints: { dualhome: here("../../bindings/index.ts"), worker: here("../../bindings/library/worker.ts") }, outdir: out, plugins: [engineBeside], metafile: true,
  bundle: true, minify: true, platform: "browser", format: "esm", target: "es2022", legalComments: "none", charset: "utf8", tsconfigRaw: "{}", logLevel: "warning",
});
for (const name of ["engine.wasm", "engine.marked.wasm"]) copyFileSync(here(`../../build/${name}`), out + name);
writeFileSync(`${out}LICENSES.txt`, licencesOf(Object.keys(metafile.inputs), "These files contain the packages below."));
writeFileSync(`${out}dualhome.d.ts`, 'export * from "../bindings/index.js";\n');
