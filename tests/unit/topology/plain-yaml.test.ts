// The fast reader of plain YAML against the library: what it reads has the same value, at the same places; what it declines is the library's.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { twoSites } from "../../../bench/topologies/two-sites.ts";
import { PlainSource } from "../../../bindings/topology/plain-source.ts";
import { readPlainYaml } from "../../../bindings/topology/plain-yaml.ts";
import type { Path } from "../../../bindings/topology/problems.ts";
import { SourceFile } from "../../../bindings/topology/source.ts";

const root = new URL("../../..", import.meta.url).pathname;

function topologies(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? topologies(path) : path.endsWith(".yaml") ? [readFileSync(join(root, path), "utf8")] : [];
  });
}

function paths(value: unknown, at: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [at];
  return [at, ...Object.entries(value).flatMap(([key, inner]) => paths(inner, [...at, Array.isArray(value) ? Number(key) : key]))];
}

/** False when the reader declined. */
function agrees(text: string): boolean {
  const plain = PlainSource.read(text, "t");
  if (plain === null) return false;
  const full = new SourceFile(text, "t");
  assert.deepEqual(full.problems, [], `the library finds mistakes in:\n${text}`);
  assert.deepEqual(plain.value, full.value, `another value of:\n${text}`);
  for (const path of paths(full.value)) {
    assert.deepEqual(plain.locate(path, { key: true }), full.locate(path, { key: true }), `the key of ${path.join(".")} in:\n${text}`);
    const written = path.length > 0 && path.reduce<unknown>((value, step) => (value as Record<string | number, unknown>)[step], full.value) !== null;
    if (written) assert.deepEqual(plain.locate(path), full.locate(path), `the value of ${path.join(".")} in:\n${text}`);
  }
  return true;
}

test("the files of the examples and of the scenarios, and generated ones", () => {
  const texts = [...topologies("examples"), ...topologies("tests/scenarios"), twoSites(80, "explicit"), twoSites(80, "ranges")];
  assert.ok(texts.filter(agrees).length >= texts.length - 3);
});

const READ = [
  "a: 1", "a: {b: 1, c: [x, y,], d: []}\n", "a:\n  b: c # d\n  # e\n\n  f: g\n", "a:\n- b\n- c: d\n  e: f\nh: 'i'\n", '"a b": "c d"\n', "a: b:c\n", "a: x y  \n", "a:\nb: c\n",
  "a: [{b: c}, # d\n  {e: f}]\n", "- a\n- b\n", "[a, b]\n", "a: null\nb: true\nc: 10\nd: 1.5\ne: 10.0.0.0/24\nf: 4ms\n", "null: a\ntrue: b\n10: c\n", "a: {b:c}\n".replace("{b:c}", "{b: c}"),
  "a: ['b','c']\n", "  a: b\n  c: d\n", "  - a\n  - b\n",
  "a", "- a: b # c\n- d\n", "a:\n    - b: c\n      d: e\n    -   f\n",
];
const DECLINED = [
  "", "a: &x b\nc: *x\n", "a: !t b\n", "a: |\n  b\n", "a: b\n  c\n", "a: \"b\\n\"\n", "a: 'b''c'\n", "a: 010\n", "a: 1e3\n", "a: -1\n", "a: ~\n", "a: .5\n", "<<: {a: b}\n", "---\na: b\n", "a: b\n...\n",
  "a: b\na: c\n", "a: {b}\n", "a: {b: }\n", "a: [b: c]\n", "a: [b\nc]\n", "a:\tb\n", "a: b\r\n", "? a\n: b\n", "a: b: c\n", "a: [b\n", "a: {b: c} d\n", "__proto__: a\n", "- - a\n", "a: @b\n", "a : b\n", "{a: b}: c\n",
  "a: \"b\"c\n", "a:\n  b: c\n d: e\n", "a:\n - b\n  - c\n", "a: [b,,c]\n", "  a: b\nc: d\n", "  - a\n- b\n", "  a\nb\n", "- a\n-b\n", "-a\n- b\n", "- a\n-bc\n", "-bc\n", "a:\n-bc\n", "a:\n  - b\n  -cd: e\n", "a:\n- b\n-c\n", "a: ['b''c']\n", "a: ['b'',c']\n", "a: #b\n  - c\n c\n", "a: 'b\n",
];

for (const text of READ) test(`reads ${JSON.stringify(text)}`, () => assert.ok(agrees(text)));
for (const text of DECLINED) test(`declines ${JSON.stringify(text)}`, () => assert.equal(readPlainYaml(text), null));

test("files with something changed: read as the library does, or declined", () => {
  const base = twoSites(80, "ranges").split("\n").filter((line, i) => i % 3 === 0 || !line.startsWith("  ")).join("\n") + "\nx:\n  - a: b # c\n    d: [e, {f: g}]\n";
  const bits = fc.constantFrom(" ", "\n", ":", ": ", "- ", "#", " #", ",", "[", "]", "{", "}", "'", '"', "a", "1", "\n  ", "~", "&a", "*a", "|", "?", "!");
  fc.assert(fc.property(fc.array(fc.tuple(fc.nat(base.length), fc.nat(3), bits), { minLength: 1, maxLength: 3 }), (changes) => {
    let text = base;
    for (const [at, drop, put] of changes) text = text.slice(0, at) + put + text.slice(at + drop);
    agrees(text);
  }), { numRuns: 60 });
  fc.assert(fc.property(fc.array(bits, { maxLength: 14 }), (parts) => { agrees(parts.join("")); }), { numRuns: 3000 });
  fc.assert(fc.property(fc.array(fc.constantFrom("a", "b: c", "d:", "\n", "\n  ", "\n- ", "\n  - ", "{", "}", "[", "]", ", ", "e", " # f", "'g'", "10"), { maxLength: 12 }), (parts) => { agrees(parts.join("")); }), { numRuns: 5000 });
});
