// Bundles the page's script and style into build/, from where bindings/html takes them. Part of `npm run build`.

import { writeFileSync } from "node:fs";
import { build } from "esbuild";
import { licenceOf } from "../../scripts/licences.mjs";

const here = (name) => new URL(name, import.meta.url).pathname;
const licence = licenceOf("preact").replace(/\*\//g, "");

/** What would end the element that it stands in is never in a script; here it is made sure. */
const inline = (text) => { if (/<\/(script|style)|<!--/i.test(text)) throw new Error("the bundle would end its element"); return text; };

const { outputFiles } = await build({
  entryPoints: [here("main.tsx")], bundle: true, write: false, minify: true, format: "iife", target: "es2022", jsx: "automatic", jsxImportSource: "preact", legalComments: "none", charset: "ascii",
  banner: { js: `/* Contains Preact.\n${licence}\n*/` }, tsconfigRaw: "{}",
});
writeFileSync(here("../../build/report.js"), inline(outputFiles[0].text));
const css = await build({ entryPoints: [here("style.css")], write: false, minify: true, bundle: true, target: "chrome123" });
writeFileSync(here("../../build/report.css"), inline(css.outputFiles[0].text));
