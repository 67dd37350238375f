// Storms read from a trace that is written by hand: each is found, measured and over by records of its own.

import assert from "node:assert/strict";
import { test } from "node:test";
import * as abi from "../../../assembly/abi.ts";
import { storms } from "../../../bindings/analysis/storms.ts";
import { ms, run, TraceMaker } from "./fixture.ts";

test("the end of a VLAN's loop ends its storm, not another's, and the first end counts", () => {
  const t = new TraceMaker();
  t.add(1000, abi.T_STORM, 0, 0, abi.STORM_FOUND, 10, 0);
  t.add(2000, abi.T_STORM, 1, 0, abi.STORM_FOUND, 20, (1 << 28) | 1);
  t.add(3000, abi.T_STORM, 0, 0, abi.STORM_OVER, 20);
  t.add(4000, abi.T_STORM, 0, 0, abi.STORM_FOUND, 20, -1);
  t.add(5000, abi.T_STORM, 0, 0, abi.STORM_OVER, 20);
  assert.deepEqual(storms(run(t)).map((s) => [s.vlan, s.node, s.port, s.startNs, s.endNs]), [
    [10, "leaf1", "leaf1:Eth1", ms(1000), null], [20, "leaf2", "leaf1:Po11", ms(2000), ms(3000)], [20, "leaf1", "itself", ms(4000), ms(5000)],
  ]);
});

test("measures are of the storm that was found first; the growth closes them", () => {
  const t = new TraceMaker();
  t.add(500, abi.T_STORM, 0, 0, abi.STORM_COPIES, 7, 7); // of no storm
  t.add(1000, abi.T_STORM, 0, 0, abi.STORM_FOUND, 10, 0);
  t.add(1001, abi.T_STORM, 0, 0, abi.STORM_FOUND, 20, 0);
  t.add(1002, abi.T_STORM, 0, 0, abi.STORM_COPIES, 1000, 90);
  t.add(1003, abi.T_STORM, 0, 0, abi.STORM_GROWTH, 700, 80);
  t.add(1004, abi.T_STORM, 0, 0, abi.STORM_COPIES, 5, 5); // measured already
  assert.deepEqual(storms(run(t)).map((s) => [s.copies, s.afterNs, s.framesPerMs, s.doublingNs]), [[1000, 90_000n, 700, 80n], [null, null, null, null]], "90 µs and 80 ns");
});
