// Rules of the tree that a review would otherwise have to hold: who may import whom, what is banned where, sizes.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ASSEMBLY, BINDINGS, TREES, edgesIn, edgesOf, filesOf, foldersOf, importsOf, textOf } from "../../support/directions.ts";

const codeOf = (file: string): string => textOf(file).replace(/\/\/.*$/gm, "").replace(/\/\*[\s\S]*?\*\//g, "");

for (const [tree, table] of [["assembly", ASSEMBLY], ["bindings", BINDINGS]] as const) {
  test(`${tree}: each folder is in the table, and imports what the table says`, () => {
    assert.deepEqual(Object.keys(table).sort(), foldersOf(tree));
    const said = new Set(edgesIn(table));
    const real = edgesOf(tree);
    assert.deepEqual([...real].filter(([edge]) => !said.has(edge)).map(([edge, file]) => `${edge}: ${file}`), [], "not allowed: tests/support/directions.ts");
    assert.deepEqual([...said].filter((edge) => !real.has(edge)), [], "allowed, and nobody does: take it out of tests/support/directions.ts");
  });
}

for (const [tree, table] of [["assembly", ASSEMBLY], ["bindings", BINDINGS]] as const) {
  test(`${tree}: no folders import in a circle`, () => {
    const above = new Map<string, Set<string>>();
    const below = (folder: string, from: readonly string[]): Set<string> => {
      assert.ok(!from.includes(folder), `${[...from, folder].join(" > ")}`);
      const known = above.get(folder) ?? new Set(table[folder]!.flatMap((each) => [each, ...below(each, [...from, folder])]));
      above.set(folder, known);
      return known;
    };
    for (const folder of Object.keys(table)) below(folder, []);
  });
}

for (const tree of ["bindings", "web", "bench", "scripts"]) {
  test(`${tree}: no files import in a circle`, () => {
    const all = new Set(filesOf(tree));
    const done = new Set<string>();
    const visit = (file: string, from: readonly string[]): void => {
      assert.ok(!from.includes(file), [...from.slice(from.indexOf(file)), file].join(" > "));
      if (done.has(file)) return;
      for (const { path, types } of importsOf(file)) if (!types && all.has(path)) visit(path, [...from, file]);
      done.add(file);
    };
    for (const file of all) visit(file, []);
  });
}

test("trees import in one direction", () => {
  const wrong: string[] = [];
  for (const [tree, allowed] of Object.entries(TREES)) {
    for (const file of filesOf(tree)) {
      for (const { path } of importsOf(file)) if (![tree, ...allowed].some((each) => path.startsWith(`${each}/`))) wrong.push(`${file} imports ${path}`);
    }
  }
  assert.deepEqual(wrong, []);
});

test("of the engine's sources TypeScript reads the numbers alone", () => {
  const wrong = ["bindings", "web", "bench", "tests"].flatMap(filesOf).filter((file) => !file.startsWith("tests/assembly/"))
    .flatMap((file) => importsOf(file).filter(({ path }) => path.startsWith("assembly/") && !/^assembly\/abi(-state)?\.ts$/.test(path)).map(({ path }) => `${file} imports ${path}`));
  assert.deepEqual(wrong, []);
});

test("what is not worked out by the engine shares no code with it: references import types only", () => {
  const wrong = filesOf("tests/reference").flatMap((file) => importsOf(file).filter(({ path, types }) => !types && !path.startsWith("tests/reference/")).map(({ path }) => `${file} imports ${path}`));
  assert.deepEqual(wrong, []);
});

test("analysis and report start no engine: they import its types only", () => {
  const wrong = ["bindings/analysis", "bindings/report"].flatMap(filesOf).filter((file) => importsOf(file).some(({ path, types }) => !types && path.startsWith("bindings/engine/")));
  assert.deepEqual(wrong, []);
});

test("topology files are judged without WebAssembly", () => {
  const wrong = filesOf("bindings/topology").filter((file) => /WebAssembly|engine\//.test(textOf(file)));
  assert.deepEqual(wrong, []);
});

test("the engine has no clock, no chance and no garbage of its own", () => {
  const banned = [/\bMath\.random\b/, /\bDate\b/, /\bconsole\b/, /\bnew [A-Z]/, /\bMap</, /\bArray</, /: string\b/];
  const wrong = filesOf("assembly").flatMap((file) => banned.filter((b) => b.test(codeOf(file))).map((b) => `${file}: ${b}`));
  assert.deepEqual(wrong, []);
});

test("the library prints nothing: the command line's streams are given to it", () => {
  const wrong = filesOf("bindings").filter((file) => /\bconsole\./.test(codeOf(file)));
  assert.deepEqual(wrong, []);
});

/** What editors read of the library is read by the page's own, too. */
const SCHEMA = "docs/dualhome-1.schema.json";

test("pages import the library and what they share, nothing of each other", () => {
  const wrong = filesOf("web").flatMap((file) => {
    const own = file.split("/").slice(0, 2).join("/");
    return importsOf(file).filter(({ path }) => (path.startsWith("web/") ? !path.startsWith(`${own}/`) && !path.startsWith("web/shared/") : path.startsWith("docs/") && path !== SCHEMA)).map(({ path }) => `${file} imports ${path}`);
  });
  assert.deepEqual(wrong, []);
});

test("in a page text is text: nothing writes markup, and nothing is of Node", () => {
  const banned = [/innerHTML|outerHTML|insertAdjacentHTML|document\.write/, /dangerouslySetInnerHTML/, /\beval\(|new Function\(/, /from "node:/, /\bBuffer\./];
  const wrong = filesOf("web").filter((file) => !file.endsWith("build.mjs")).flatMap((file) => banned.filter((b) => b.test(textOf(file))).map((b) => `${file}: ${b}`));
  assert.deepEqual(wrong, []);
});

const ALL = ["assembly", "bindings", "web", "scripts", "bench", "tests"];

test("no file has grown two purposes: 500 lines at most", () => {
  assert.deepEqual(ALL.flatMap(filesOf).filter((file) => textOf(file).split("\n").length > 500), []);
});

test("nothing is left unsaid: no unfinished words, no test that runs alone", () => {
  const banned = [/\b(TO[D]O|FIX[M]E|X[X]X|HA[C]K)\b/, /\bdebugger;/, /\b(test|it|describe)\.only\(/];
  // tests/run.ts: node:test's own word for a test that may fail, looked for in its output
  const wrong = ALL.flatMap(filesOf).filter((file) => file !== "tests/run.ts").flatMap((file) => banned.filter((b) => b.test(textOf(file))).map((b) => `${file}: ${b}`));
  assert.deepEqual(wrong, []);
});

test("a unit test lies in the folder of its subject", () => {
  assert.deepEqual(filesOf("tests/unit").filter((file) => file.split("/").length === 3), []);
});
