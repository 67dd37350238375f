// Every error of the YAML library is told in our words, at its place. ▸ marks the place and is not part of the text.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { describe, test } from "node:test";
import { parseDocument } from "yaml";
import { FORMATS } from "../../../bindings/importers/formats.ts";
import { parseTopology, type Problem } from "../../../bindings/topology/index.ts";

const LONG = "k".repeat(1100);

/** The library's code, a text, what is said, and what of the help. */
const CASES: [string, string, string, RegExp?][] = [
  ["ALIAS_PROPS", "a: &x\nb: &y ▸*x\n", "an alias has no anchor and no tag of its own"],
  ["BAD_ALIAS", "a: ▸*\n", "a & or * without a name behind it", /in quotes/],
  ["BAD_ALIAS", "a: ▸&\n", "a & or * without a name behind it"],
  ["BAD_ALIAS", "a: &x 1\nb: *x▸:\n", "the name of this anchor or alias ends with a colon"],
  ["BAD_ALIAS", "a: &x▸: 1\n", "the name of this anchor or alias ends with a colon"],
  ["BAD_COLLECTION_TYPE", "a: ▸!!omap {a: 1}\n", "the tag !!omap is of another kind of value"],
  ["BAD_DIRECTIVE", "▸%FOO bar\n---\na: 1\n", "a directive that cannot be read", /begins? with %/],
  ["BAD_DIRECTIVE", "%YAML ▸3\n---\na: 1\n", "a directive that cannot be read"],
  ["BAD_DQ_ESCAPE", 'a: "▸\\q"\n', "\\q is no escape", /single quotes/],
  ["BAD_INDENT", "a: {b: ▸1\n", "a } is missing here: what it closes begins in line 1", /deeper/],
  ["BAD_INDENT", "a:\n  b: 1\n▸ c: 2\n", "this key stands in another column than the keys before it", /one column/],
  ["BAD_INDENT", "- - a\n ▸- b\n", "this entry stands in another column than the entries before it"],
  ["BAD_INDENT", "a: [▸}\n", "a ] is missing here: what it closes begins in line 1"],
  ["BAD_PROP_ORDER", "&x ▸? a\n", "? stands before the sign that it belongs behind"],
  ["BAD_SCALAR_START", "a: ▸@x\n", "a text cannot begin with @", /in quotes/],
  ["BAD_SCALAR_START", "a: ▸%x\n", "a text cannot begin with %"],
  ["BLOCK_AS_IMPLICIT_KEY", "a: ▸b: c\n", "a second key in one line", /a line of its own/],
  ["BLOCK_AS_IMPLICIT_KEY", "a:\n  c: 1\n▸  - b\n", "a list stands where a key is wanted"],
  ["BLOCK_IN_FLOW", "a: {b: ▸1 c: 2}\n", "inside brackets stands a map or a list without brackets", /comma missing/],
  ["KEY_OVER_1024_CHARS", `▸${LONG}: 1\n`, "a key is longer than 1024 characters"],
  ["MISSING_CHAR", "a: |\n    \n  ▸x\n", "the empty lines before this text stand deeper than the text", /deeper than its key/],
  ["MISSING_CHAR", "a: |\n▸x\n", "a key without a colon", /key: value/],
  ["MISSING_CHAR", "▸&x - a\n", "a list stands in one line with its anchor or tag"],
  ["MISSING_CHAR", 'b: 1\na: "▸x\n', 'a text is not closed: a " is missing: what it closes begins in line 2'],
  ["MISSING_CHAR", "a: '▸x\n", "a text is not closed: a ' is missing: what it closes begins in line 1"],
  ["MISSING_CHAR", "{a: {b: 1▸}\n", "a } is missing here: what it closes begins in line 1"],
  ["MISSING_CHAR", '{"a"▸b: 1}', "a comma or a colon is missing before this"],
  ["MISSING_CHAR", "a: ['b' ? ▸c]", "a comma is missing before this"],
  ["MISSING_CHAR", 'a: "x"▸#c\n', "a space is missing before #"],
  ["MISSING_CHAR", "a: &x▸[1]\n", "a space is missing behind an anchor or a tag"],
  ["MISSING_CHAR", "%YAML 1.2\n▸a: 1\n", 'the line "---" is missing here'],
  ["MISSING_CHAR", "--- ▸a: 1\n", 'a map or a list stands in one line with "---"'],
  ["MULTILINE_IMPLICIT_KEY", "▸a\nb: 1\n", "this goes over several lines until its colon, and a key stands in one", /colon or a comma missing/],
  ["MULTILINE_IMPLICIT_KEY", "a: 1\n▸- b\n", "a list stands where a key is wanted"],
  ["MULTIPLE_ANCHORS", "a: &x ▸&y 1\n", "two anchors at one value"],
  ["MULTIPLE_DOCS", "a: 1\n▸---\nb: 2\n", "a second document begins here: a file is one topology"],
  ["MULTIPLE_TAGS", "a: !a ▸!b 1\n", "two tags at one value"],
  ["NON_STRING_KEY", "a: 1\n▸[b]: 1\n", "a key is a text, and this is none", /in quotes/],
  ["NON_STRING_KEY", "a: &x 1\n▸*x : 1\n", "a key is a text, and this is none"],
  ["TAB_AS_INDENT", "a:\n▸\tb: 1\n", "a tab indents this line", /spaces alone/],
  ["TAG_RESOLVE_FAILED", "a: ▸!foo 1\n", "the tag !foo means nothing here"],
  ["TAG_RESOLVE_FAILED", "a: ▸!<x 1\n", "the tag !<x means nothing here"],
  ["TAG_RESOLVE_FAILED", "a: ▸!!int x\n", "the tag !!int means nothing here"],
  ["UNEXPECTED_TOKEN", "a: [▸,]\n", "a comma without a value before it"],
  ["UNEXPECTED_TOKEN", "a: [1,▸,2]\n", "a comma without a value before it"],
  ["UNEXPECTED_TOKEN", "a: [1]▸]\n", "] closes nothing", /opening bracket/],
  ["UNEXPECTED_TOKEN", 'a: "x" ▸y\n', "this does not belong to what stands before it, which has ended"],
  ["UNEXPECTED_TOKEN", "a: | ▸x\n  y\n", "x does not belong here"],
  ["UNEXPECTED_TOKEN", "a: >1▸x\n  b\n", "behind | or > stands a text"],
  ["UNEXPECTED_TOKEN", "a: ▸- b\n", "a list stands in one line with its key", /brackets/],
  ["UNEXPECTED_TOKEN", "a: {'b': 'c' ▸'d': 1}", "'d' does not belong here"],
];

/** Codes that no text of a topology brings out, and why. */
const UNREACHED: Record<string, string> = {
  DUPLICATE_KEY: "one key twice is found here (DH_DUPLICATE_NAME), and not by the library, which takes minutes for a large map",
  IMPOSSIBLE: "the library says it of its own mistakes",
  RESOURCE_EXHAUSTION: "what nests so deeply is refused before it is read (bindings/yaml-depth.ts)",
};

const OPTIONS = { version: "1.2", merge: true, stringKeys: true, uniqueKeys: false, prettyErrors: false, logLevel: "error" } as const;
const problemsOf = (text: string): Problem[] => {
  const read = parseTopology(text, "t.dh.yaml");
  return "problems" in read ? read.problems : [];
};
const placeOf = (marked: string): string => {
  const before = marked.slice(0, marked.indexOf("▸")).split("\n");
  return `${before.length}:${before.at(-1)!.length + 1}`;
};

for (const [code, marked, message, help] of CASES) {
  test(`${code} ${JSON.stringify(marked.length > 60 ? `${marked.slice(0, 50)}...` : marked)}`, () => {
    const text = marked.replace("▸", "");
    const { errors, warnings } = parseDocument(text, OPTIONS);
    const [first] = [...errors, ...warnings];
    assert.equal(first?.code, code, "what the library finds");
    const problems = problemsOf(text);
    assert.deepEqual(problems.map((problem) => [problem.code, problem.message, `${problem.where.line}:${problem.where.col}`]), [["DH_YAML", message, placeOf(marked)]]);
    assert.ok(!`${problems[0]!.message} ${problems[0]!.help}`.includes(first.message));
    if (help !== undefined) assert.match(problems[0]!.help ?? "", help);
  });
}

test("every code of the library has its text above, or its reason", () => {
  const types = readFileSync(createRequire(import.meta.url).resolve("yaml").replace(/index\.js$/, "errors.d.ts"), "utf8");
  const codes = [...types.matchAll(/'([A-Z][A-Z0-9_]+)'/g)].map(([, code]) => code!);
  assert.ok(codes.length > 20);
  const told = new Set([...CASES.map(([code]) => code), ...Object.keys(UNREACHED)]);
  assert.deepEqual([...new Set(codes)].filter((code) => !told.has(code)), []);
});

describe("what is found when values are made", () => {
  const VALUES: [string, string, RegExp][] = [
    ["dualhome: 1\na: &x 1\nb: *x\nc: ▸*y\nd: *x\n", "there is no anchor &y before this alias", /in quotes/],
    ["dualhome: 1\na: ▸*y\nb: &y 1\n", "there is no anchor &y before this alias", /in quotes/],
    ["dualhome: 1\na: &x 1\nb: {<<: ▸*x}\n", "<< merges maps, and this is none", /alias of a map/],
    ["dualhome: 1\na: &x {c: 1}\nb: {<<: [*x, ▸2]}\n", "<< merges maps, and this is none", /alias of a map/],
    [`dualhome: 1\na: ▸*${"y".repeat(50)}\n`, `there is no anchor &${"y".repeat(37)}... before this alias`, /in quotes/],
  ];
  for (const [marked, message, help] of VALUES) {
    test(JSON.stringify(marked), () => {
      const [problem, ...more] = problemsOf(marked.replace("▸", ""));
      assert.deepEqual([problem?.code, problem?.message, `${problem?.where.line}:${problem?.where.col}`, more.length], ["DH_YAML", message, placeOf(marked), 0]);
      assert.match(problem?.help ?? "", help);
    });
  }

  test("many aliases before the wrong one are no matter of time", () => {
    const begun = performance.now();
    const [problem] = problemsOf(`dualhome: 1\na: &x 1\nb: [${"*x, ".repeat(900)}]\n${"c: &y 1\n".repeat(20_000)}d: *z\n`);
    assert.ok(problem !== undefined);
    assert.ok(performance.now() - begun < 20_000);
  });
});

test("imported YAML is told in the same words", () => {
  for (const name of ["netplan", "containerlab", "netlab"]) {
    const format = FORMATS.find((each) => each.name === name)!;
    assert.throws(() => format.read([{ name: "a.yaml", text: "a:\n\tb: 1\n" }]), (e: Error) => {
      assert.match(e.message, /^a\.yaml:2:1: a tab indents this line \(YAML is indented with spaces alone\)/, name);
      return true;
    });
  }
});
