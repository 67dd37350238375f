// docs/systems.md says what is there: everything that it names exists, tests are among those that the suite runs, and a row
// that has no scenario says so.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { globSync } from "../../support/glob.ts";

const root = new URL("../../..", import.meta.url).pathname;
const ROWS = 24;

interface Row { number: number; name: string; source: string; example: string; tests: string; leftOut: string }

const rows: Row[] = readFileSync(`${root}docs/systems.md`, "utf8").split("\n").filter((line) => /^\| \d/.test(line)).map((line) => {
  const [, number = "", name = "", source = "", example = "", tests = "", leftOut = ""] = line.split("|").map((cell) => cell.trim());
  return { number: Number(number), name, source, example, tests, leftOut };
});
const named = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map((m) => m[1]!);

test("there is a row for each system", () => {
  assert.deepEqual(rows.map((r) => r.number), Array.from({ length: ROWS }, (_, i) => i + 1));
});

for (const row of rows) {
  test(`row ${row.number}, ${row.name}: what it names exists and its tests are run`, () => {
    const paths = [...named(row.source), ...named(row.example), ...named(row.tests)];
    assert.deepEqual(paths.filter((path) => !existsSync(root + path)), []);
    for (const example of named(row.example)) assert.ok(existsSync(`${root}${example}/${example.split("/").at(-1)}.dh.yaml`), `${example} has no topology`);
    assert.ok(named(row.tests).length > 0, "no test");
    for (const path of named(row.tests)) {
      // What tests/run.ts runs: node:test files, as-pect specs, and the folders of scenarios.
      assert.match(path, /^tests\/(unit\/[^/]+|real)\/[^/]+\.test\.ts$|^tests\/assembly\/[^/]+\.spec\.ts$|^tests\/scenarios\/[^/]+$/);
      if (path.startsWith("tests/scenarios/")) assert.ok(globSync([root + path], ".md").length > 0, `${path} has no scenario`);
    }
    assert.notEqual(row.leftOut, "", "what is left out is said, or that nothing is");
  });
}

test("a system without a scenario is said to have none", () => {
  const counts = new Map<number, number>();
  for (const file of globSync([`${root}tests/scenarios`], ".md")) {
    const systems = /^systems:\s*\[([^\]]*)\]/m.exec(readFileSync(file, "utf8"))?.[1] ?? "";
    for (const n of systems.split(",").map(Number)) counts.set(n, (counts.get(n) ?? 0) + 1);
  }
  const without = rows.filter((r) => (counts.get(r.number) ?? 0) === 0);
  const silent = without.filter((r) => !/no scenario/.test(r.leftOut)).map((r) => r.number);
  assert.deepEqual(silent, []);
});
