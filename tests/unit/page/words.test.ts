// The page says everything in both languages, and no key is said in one of them only.

import assert from "node:assert/strict";
import { test } from "node:test";
import { en } from "../../../web/page/words-en.ts";
import { ko } from "../../../web/page/words-ko.ts";

/** Every place at which something is said, with what is said there. */
function said(of: unknown, at = ""): [string, string][] {
  if (typeof of === "function") return [0, 1, 2, 11].map((n): [string, string] => [`${at}(${n})`, String((of as (n: number) => string)(n))]);
  if (typeof of !== "object" || of === null) return [[at, String(of)]];
  return Object.entries(of).flatMap(([key, value]) => said(value, at === "" ? key : `${at}.${key}`));
}

test("both languages have the same keys", () => {
  assert.deepEqual(said(ko).map(([at]) => at), said(en).map(([at]) => at));
});

test("nothing is left empty, and Korean is Korean", () => {
  /** names that the protocols' own texts spell so in every language */
  const SAME = new Set(["sideA", "sideB", "facts.LACP", "facts.MII", "facts.churn"]);
  const of = new Map(said(en));
  for (const [at, text] of said(ko)) {
    assert.notEqual(text.trim(), "", at);
    if (SAME.has(at)) assert.equal(text, of.get(at), at);
    else assert.match(text, /[가-힣]|\d/, at);
  }
});

test("numbers that a text names are the same in both", () => {
  const of = new Map(said(en));
  const numbers = (text: string): string[] => (text.match(/\d+(\.\d+)?/g) ?? []).sort();
  for (const [at, text] of said(ko)) if (/\d/.test(of.get(at)!) && !at.includes("(1)") && !at.startsWith("speeds")) assert.deepEqual(numbers(text), numbers(of.get(at)!), at);
});
