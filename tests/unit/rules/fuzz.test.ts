// No topology makes a rule throw, each finding stands inside the text, and comments above move lines and nothing else.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { findings, readDesign, type Finding } from "../../../bindings/rules/index.ts";
import { exampleNames, exampleText } from "../../support/topologies.ts";

const texts = exampleNames.map(exampleText);
const WORDS = ["0s", "1ms", "90s", "fast", "slow", "static", "layer2", "802.3ad", "active-backup", "true", "false", "off", "1", "2", "255", "10G", "mgmt", "[]", "{}"];
const scalar = /(?<=[:[,] ?)[A-Za-z0-9./+-]+/g;

function found(text: string): Finding[] | null {
  const read = readDesign(text, "t.dh.yaml");
  return "problems" in read ? null : findings(read.design);
}

/** Swaps the n-th value of a text for another. */
function swapped(text: string, n: number, value: string): string {
  const all = [...text.matchAll(scalar)];
  const match = all[n % all.length]!;
  return text.slice(0, match.index) + value + text.slice(match.index + match[0].length);
}

test("values swapped, lines taken out: findings stand inside the text, and are the same below a comment", () => {
  let read = 0;
  fc.assert(fc.property(fc.constantFrom(...texts), fc.array(fc.tuple(fc.nat(), fc.constantFrom(...WORDS)), { maxLength: 2 }), fc.option(fc.nat()), (text, swaps, line) => {
    const lines = swaps.reduce((before, [n, value]) => swapped(before, n, value), text).split("\n");
    if (line !== null) lines.splice(line % lines.length, 1);
    const changed = lines.join("\n");
    const list = found(changed);
    if (list === null) return;
    read++;
    for (const { rule, at, seen } of list) {
      assert.ok(at.line >= 1 && at.line <= lines.length && at.col >= 1 && at.col <= lines[at.line - 1]!.length + 1, `${rule.id} at ${at.line}:${at.col}`);
      assert.doesNotMatch(seen, /undefined|NaN|\[object/, rule.id);
    }
    const below = found(`# comment\n${changed}`)!;
    assert.deepEqual(below.map((each) => [each.fingerprint, each.at.line - 1, each.seen]), list.map((each) => [each.fingerprint, each.at.line, each.seen]));
  }), { numRuns: 500, seed: 1 });
  assert.ok(read > 60, `${read} of 500 were read`);
});

test("no two findings of a file have one fingerprint", () => {
  for (const text of texts) {
    const prints = found(text)!.map((each) => each.fingerprint);
    assert.equal(new Set(prints).size, prints.length);
  }
});
