// The benches run, in their small size: a bench that no longer compiles or whose arms disagree fails here.

import assert from "node:assert/strict";
import { test } from "node:test";
import { describeCase, spread } from "../../../bench/harness.ts";
import { plot, table } from "../../../bench/report.ts";
import { benches } from "../../../bench/run.ts";

for (const bench of benches) {
  test(`bench ${bench.name}`, async () => {
    const cases = await bench.run({ small: true, say: () => {} });
    assert.ok(cases.length > 0);
    for (const result of cases) {
      assert.ok(result.arms.length > 0, result.name);
      for (const arm of result.arms) {
        assert.ok(arm.rate.median > 0, `${result.name}: ${arm.name}`);
        assert.match(arm.checksum, /^[0-9a-f]{8}$/);
      }
      assert.ok(describeCase(result).length === result.arms.length + 1 + (result.measures?.length ?? 0));
    }
  });
}

test("the table and the picture say every ratio, its range, and whether the bar is met", () => {
  const ratio = { median: 12, low: 9, high: 15 };
  const arm = { name: "engine", rate: ratio, checksum: "0" };
  const results = { b: { machine: {}, cases: [{ name: "c <1>", unit: " x", rounds: 3, arms: [arm], ratios: [{ of: "engine", to: "peer", ratio }, { of: "engine", to: "other", ratio }], bars: [{ to: "peer", least: 20 }] }] } };
  assert.deepEqual(table(results).slice(2), ["b      c <1>  peer            12.0x   9.00..15.0  MISSED (20)", "b      c <1>  other           12.0x   9.00..15.0"]);
  const picture = plot(results);
  assert.match(picture, /b: c &lt;1> \| peer/);
  assert.equal(picture.match(/<rect x=/g)?.length, 2);
});

test("medians and ranges", () => {
  assert.deepEqual(spread([3, 1, 2]), { median: 2, low: 1, high: 3 });
  assert.deepEqual(spread([4, 1, 2, 3]), { median: 2.5, low: 1, high: 4 });
});
