// Rules of the tree that a review would otherwise have to hold: who may import whom, what is banned where, sizes.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { test } from "node:test";

const root = new URL("../../..", import.meta.url).pathname;

function files(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((e) => (e.isDirectory() ? files(join(folder, e.name)) : /\.tsx?$/.test(e.name) ? [join(folder, e.name)] : []));
}

function imports(file: string): string[] {
  const text = readFileSync(join(root, file), "utf8");
  return [...text.matchAll(/^(?:import|export)[^;]*?from "(\.[^"]+)"/gms)].map((m) => normalize(join(dirname(file), m[1]!)));
}

/** folder → folders of the same tree that it may import (besides itself). */
const BINDINGS: Record<string, string[]> = {
  topology: [],
  trace: [],
  engine: ["topology", "trace"],
  analysis: ["topology", "trace", "engine"], // engine: types only, see below
  batch: ["engine", "topology"],
  workers: ["batch", "engine", "topology"],
  library: ["analysis", "batch", "capacity", "engine", "nines", "show", "sweep", "topology", "workers"],
  compare: ["batch", "workers", "capacity", "engine", "nines", "sweep", "topology"],
  capacity: ["batch", "engine", "show", "sweep", "topology", "workers"],
  phases: ["analysis", "batch", "nines", "topology"],
  cluster: ["batch", "engine", "topology"],
  sweep: ["analysis", "batch", "engine", "topology", "workers"],
  expectations: ["analysis", "applications", "topology", "trace"],
  report: ["rules", "compare", "nines", "phases", "show", "capacity", "applications", "expectations", "sweep", "analysis", "topology", "trace", "engine"],
  html: ["report", "analysis", "capacity", "compare", "nines", "phases", "sweep", "topology"],
  applications: ["analysis", "topology"],
  pcap: ["analysis", "engine", "topology", "trace"],
  perfetto: ["report", "analysis", "engine", "trace"],
  matrix: ["topology", "engine", "analysis"],
  show: ["topology", "engine"],
  importers: [],
  init: ["topology"],
  rules: ["topology"],
  exporters: ["topology"],
  nines: ["topology", "batch", "workers", "engine", "analysis", "applications"],
  cli: ["rules", "compare", "cluster", "phases", "capacity", "nines", "topology", "batch", "workers", "engine", "trace", "analysis", "report", "pcap", "importers", "exporters", "sweep", "applications", "expectations", "matrix", "show", "init", "html", "perfetto"],
};

test("bindings import in one direction", () => {
  const wrong: string[] = [];
  for (const file of files("bindings")) {
    const folder = relative("bindings", file).split("/");
    if (folder.length === 1) continue;
    for (const to of imports(file)) {
      const target = relative("bindings", to).split("/");
      if (target[0] === ".." || target.length === 1 || target[0] === folder[0]) continue;
      if (!(BINDINGS[folder[0]!] ?? []).includes(target[0]!)) wrong.push(`${file} imports ${to}`);
    }
  }
  assert.deepEqual(wrong, []);
});

test("analysis and report start no engine: they import its types only", () => {
  const wrong = [...files("bindings/analysis"), ...files("bindings/report")].filter((file) =>
    /^import (?!type)[^;]*from "\.\.\/engine\//m.test(readFileSync(join(root, file), "utf8")));
  assert.deepEqual(wrong, []);
});

test("topology files are judged without WebAssembly", () => {
  const wrong = files("bindings/topology").filter((file) => /WebAssembly|engine\//.test(readFileSync(join(root, file), "utf8")));
  assert.deepEqual(wrong, []);
});

test("protocol machines import no other protocol and not the simulation", () => {
  const wrong: string[] = [];
  for (const protocol of ["lacp", "vrrp", "fhrp", "pxe", "stp", "wire", "core", "collections"]) {
    for (const file of files(`assembly/${protocol}`)) {
      for (const to of imports(file)) {
        const folder = relative("assembly", to).split("/")[0]!;
        const allowed = [protocol, "abi", "core", "wire", "collections"].includes(folder);
        if (!allowed || (protocol === "core" && !["core", "abi"].includes(folder))) wrong.push(`${file} imports ${to}`);
      }
    }
  }
  assert.deepEqual(wrong, []);
});

test("the engine has no clock, no chance and no garbage of its own", () => {
  const banned = [/\bMath\.random\b/, /\bDate\b/, /\bconsole\b/, /\bnew [A-Z]/, /\bMap</, /\bArray</, /: string\b/];
  const wrong = files("assembly").flatMap((file) => {
    const code = readFileSync(join(root, file), "utf8").replace(/\/\/.*$/gm, "").replace(/\/\*[\s\S]*?\*\//g, "");
    return banned.filter((b) => b.test(code)).map((b) => `${file}: ${b}`);
  });
  assert.deepEqual(wrong, []);
});

/** What editors read of the library is read by the page's own, too. */
const SCHEMA = "docs/dualhome-1.schema.json";

test("pages import the library and what they share, nothing of each other; the library imports no page", () => {
  const wrong: string[] = [];
  for (const file of files("web")) {
    const own = file.split("/")[1]!;
    for (const to of imports(file)) {
      const [tree, folder] = to.split("/");
      if (tree === "web" ? folder !== own && folder !== "shared" : tree !== "bindings" && tree !== "assembly" && to !== SCHEMA) wrong.push(`${file} imports ${to}`);
    }
  }
  for (const file of files("bindings")) for (const to of imports(file)) if (to.startsWith("web/")) wrong.push(`${file} imports ${to}`);
  assert.deepEqual(wrong, []);
});

test("in a page text is text: nothing writes markup, and nothing is of Node", () => {
  const banned = [/innerHTML|outerHTML|insertAdjacentHTML|document\.write/, /dangerouslySetInnerHTML/, /\beval\(|new Function\(/, /from "node:/, /\bBuffer\./];
  const wrong = files("web").flatMap((file) => banned.filter((b) => b.test(readFileSync(join(root, file), "utf8"))).map((b) => `${file}: ${b}`));
  assert.deepEqual(wrong, []);
});

test("no file has grown two purposes: 500 lines at most", () => {
  const long = [...files("web"), ...files("assembly"), ...files("bindings"), ...files("tests/unit"), ...files("bench")].filter((f) => readFileSync(join(root, f), "utf8").split("\n").length > 500);
  assert.deepEqual(long, []);
});

test("nothing is left unsaid: no unfinished words in the source", () => {
  const wrong = [...files("assembly"), ...files("bindings")].filter((f) => /\b(TODO|FIXME|XXX|HACK)\b/.test(readFileSync(join(root, f), "utf8")));
  assert.deepEqual(wrong, []);
});
