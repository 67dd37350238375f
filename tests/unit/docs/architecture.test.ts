// The drawing of docs/ARCHITECTURE.md is true: every folder is in it, every arrow is an import that there is, every import goes against arrows.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { describe, test } from "node:test";
import { edgesOf, filesOf, foldersOf, importsOf, root, textOf } from "../../support/directions.ts";

interface Box { tree: string; folders: string[] }

const text = textOf("docs/ARCHITECTURE.md");
const [, drawing = ""] = /```mermaid\n([^]*?)```/.exec(text) ?? [];
const boxes = new Map<string, Box>();
const arrows: [from: string, to: string][] = [];
let tree = "";
for (const line of drawing.split("\n")) {
  const [, opened] = /^ *subgraph (\w+)\[/.exec(line) ?? [];
  if (opened !== undefined) { tree = opened; continue; }
  const [, name, folders] = /^ *(\w+)\["[^"]*<br\/>([^"]*)"\]$/.exec(line) ?? [];
  if (name !== undefined) boxes.set(name, { tree, folders: folders!.split(", ") });
  const [, from, to] = /^ *(\w+) --> (\w+)$/.exec(line) ?? [];
  if (from !== undefined) arrows.push([from, to!]);
}

/** "bindings/topology" → its box */
const boxOf = new Map<string, string>([...boxes].flatMap(([name, box]) => box.folders.map((folder) => [`${box.tree}/${folder}`, name] as const)));

/** Every import between folders: importer, imported. */
const imports: [importer: string, imported: string][] = [
  ...["assembly", "bindings"].flatMap((each) => [...edgesOf(each).keys()].map((edge): [string, string] => { const [a, b] = edge.split(" "); return [`${each}/${a}`, `${each}/${b}`]; })),
  ...filesOf("web").flatMap((file) => importsOf(file).flatMap(({ path }): [string, string][] => (/^bindings\/\w+\//.test(path) ? [[two(file), two(path)]] : []))),
];
function two(path: string): string { return path.split("/").slice(0, 2).join("/"); }

function leads(from: string, to: string): boolean {
  return arrows.some(([a, b]) => a === from && (b === to || leads(b, to)));
}

describe("the drawing", () => {
  test("has boxes and arrows", () => {
    assert.ok(boxes.size > 5 && arrows.length > 5, drawing);
    for (const name of arrows.flat()) assert.ok(boxes.has(name), `${name} is no box`);
  });

  test("every folder is in it once, and is there", () => {
    const drawn = [...boxes.values()].flatMap((box) => box.folders.map((folder) => `${box.tree}/${folder}`)).sort();
    assert.deepEqual(drawn, ["assembly", "bindings", "web"].flatMap((each) => foldersOf(each).map((folder) => `${each}/${folder}`)).sort());
  });

  test("no arrow leads back", () => {
    for (const name of boxes.keys()) assert.ok(!leads(name, name), `${name} leads to itself`);
  });

  test("every import goes against arrows", () => {
    const wrong = imports.filter(([importer, imported]) => boxOf.get(importer) !== boxOf.get(imported) && !leads(boxOf.get(imported)!, boxOf.get(importer)!));
    assert.deepEqual(wrong.map(([importer, imported]) => `${importer} imports ${imported}`), []);
  });

  test("every arrow is an import that there is", () => {
    const real = new Set(imports.map(([importer, imported]) => `${boxOf.get(imported)} ${boxOf.get(importer)}`));
    assert.deepEqual(arrows.filter(([from, to]) => !real.has(`${from} ${to}`)), []);
  });
});

test("what the text names is there", () => {
  const named = [...text.matchAll(/`((?:assembly|bindings|web|tests|scripts|bench|docs|examples)\/[\w./-]*)`/g)].map((m) => m[1]!);
  assert.ok(named.length > 10);
  assert.deepEqual(named.filter((path) => !existsSync(root + path)), []);
});
