// The benches run, in their small size: a bench that no longer compiles or whose arms disagree fails here.

import assert from "node:assert/strict";
import { test } from "node:test";
import { describeCase, spread } from "../../bench/harness.ts";
import { benches } from "../../bench/run.ts";

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

test("medians and ranges", () => {
  assert.deepEqual(spread([3, 1, 2]), { median: 2, low: 1, high: 3 });
  assert.deepEqual(spread([4, 1, 2, 3]), { median: 2.5, low: 1, high: 4 });
});
