// README.ko.md says what README.md says: the same parts, the same code, which is run as README.md's, and the same places to read on.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";

const root = new URL("../../..", import.meta.url).pathname;
const [en, ko] = ["README.md", "README.ko.md"].map((name) => readFileSync(root + name, "utf8")) as [string, string];

/** Fenced or indented, each as it is. */
function code(text: string): string[] {
  const found: string[] = [];
  let fenced = false;
  let before = "";
  for (const line of text.split("\n")) {
    const own = fenced || line.startsWith("```") || line.startsWith("    ");
    if (own && before === "code") found.push(`${found.pop()}\n${line}`);
    else if (own) found.push(line);
    if (line.startsWith("```")) fenced = !fenced;
    before = own ? "code" : "text";
  }
  return found;
}

test("the code is the same, comments and all", () => {
  assert.ok(code(en).length >= 7);
  assert.deepEqual(code(ko), code(en));
});

test("the parts, their points and what they point to are the same", () => {
  const shape = (text: string): string[] => text.split("\n").flatMap((line) => /^(#+|-)(?= )/.exec(line)?.[0] ?? []);
  const places = (text: string): string[] => [...text.matchAll(/\]\(([^)]+)\)/g)].map((m) => m[1]!).filter((to) => !to.startsWith("README"));
  assert.deepEqual(shape(ko), shape(en));
  assert.deepEqual(places(ko), places(en));
  for (const place of places(ko)) assert.ok(existsSync(root + place), place);
});

test("each leads to the other", () => {
  assert.match(en, /\]\(README\.ko\.md\)/);
  assert.match(ko, /\]\(README\.md\)/);
});
