// The runner of scenario files refuses what proves nothing, and says where a broken expectation stands.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { parseExpectations } from "../../scenarios/support/expect.ts";
import { tryScenario } from "../../scenarios/support/scenario.ts";

const folder = mkdtempSync(join(tmpdir(), "scenario-"));
after(() => rmSync(folder, { recursive: true }));

const one = (text: string) => parseExpectations("x.md", { text, line: 1 })[0]!;

function story(expect: string, field = "faulty"): string {
  const path = join(folder, "story.md");
  writeFileSync(path, [
    "---", "systems: [5]", `field: ${field}`, "uses: bases/bond", "seeds: 1", "---", "# A cable is cut", "",
    "Both ends notice after the time that the driver needs, and what was sent meanwhile is lost on the way.", "",
    "```steps", "10s fail sw1:Eth1--srv1:eth0", "until 20s", "```", "", "```expect", expect, "```", "",
  ].join("\n"));
  return path;
}

test("an expectation without a reason is refused", () => {
  assert.throws(() => one("flow web down for 3s from 10s"), /x\.md:1: without a reason/);
});

test("a reason may stand on the lines below", () => {
  assert.equal(one("flow web down for 3s from 10s\n  # three times\n  # the interval").reason.trim(), "three times the interval");
});

test("words that are left over, and times without a unit, are refused", () => {
  assert.throws(() => one("no outage of web for ever # it never fails"), /x\.md:1: .*left over/);
  assert.throws(() => one("flow web down for 3 from 10s # three seconds"), /is not a duration/);
});

test("a wrong number is reported at its line, with what was observed and the trace around it", async () => {
  const { failures } = await tryScenario(story("flow first forward down for 20ms from 10s # twice too long"));
  assert.ok(failures.length > 0);
  assert.match(failures[0]!, /story\.md:17: flow first forward down for 20ms from 10s/);
  assert.match(failures[0]!, /observed: first down 10\.000 s to 10\.010 s/);
  assert.match(failures[0]!, /\| +#\d+ +10\.000000000s - +fault +fail/);
});

test("a right number passes; an outage that no line expects does not", async () => {
  assert.deepEqual((await tryScenario(story("flow first forward down for 10ms from 10s # loss-detect"))).failures, []);
  const { failures } = await tryScenario(story("flow first may be down for 1s from 15s # something else"));
  assert.match(failures[0]!, /an outage that no line expects: first down 10\.000 s/);
});

test("front matter is checked", async () => {
  await assert.rejects(tryScenario(story("no outage # nothing", "sometimes")), /field: one of normal, faulty, regression/);
});
