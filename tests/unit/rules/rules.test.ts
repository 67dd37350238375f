// What holds for all rules of `dualhome check`: their words, their pages, their proofs.

import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { RULES } from "../../../bindings/rules/index.ts";
import { pages } from "../../../bindings/rules/pages.ts";

const root = new URL("../../../", import.meta.url).pathname;

test("each rule says what, why and how, and its id is its own", () => {
  assert.equal(new Set(RULES.map((rule) => rule.id)).size, RULES.length);
  for (const rule of RULES) {
    assert.match(rule.id, /^[a-z]+\/[a-z0-9]+(-[a-z0-9]+)*$/, rule.id);
    assert.match(rule.title, /^[A-Z].*[^.]$/, rule.id);
    for (const words of [rule.why, rule.mend]) assert.match(words, /^[A-Z`].*\.$/s, rule.id);
    assert.notEqual(rule.example.faulty, rule.example.mended, rule.id);
    assert.ok(rule.systems.length > 0 && rule.systems.every((n) => n >= 1 && n <= 24), rule.id);
  }
});

test("docs/rules is what the rules say: npm run rules", () => {
  const wanted = pages();
  const there = readdirSync(`${root}docs/rules`, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".md")).sort();
  assert.deepEqual(there, [...wanted.keys()].sort());
  for (const [name, text] of wanted) assert.equal(readFileSync(`${root}docs/rules/${name}`, "utf8"), text, name);
});

test("each rule has a proof, with a run where it speaks of an effect", () => {
  const tests = readdirSync(`${root}tests/unit/rules`).filter((name) => name.endsWith(".test.ts")).map((name) => readFileSync(`${root}tests/unit/rules/${name}`, "utf8")).join("\n");
  assert.ok(existsSync(`${root}tests/support/rules.ts`));
  for (const rule of RULES) {
    const [, proof] = tests.split(`rule: "${rule.id}",`);
    assert.ok(proof !== undefined, `${rule.id} has no proof`);
    if (rule.effect !== null) assert.match(proof.split('rule: "')[0]!, /\beffect: /, `${rule.id} has no run`);
  }
});
