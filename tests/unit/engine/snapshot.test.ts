// A copied state goes on as the run it was copied from would have: byte for byte.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Session, debugWasmUrl, runScenario } from "../../../bindings/engine/index.ts";
import { loadTopology } from "../../../bindings/topology/index.ts";
import type { Scenario, Step } from "../../../bindings/topology/model.ts";

const SECOND = 1_000_000_000n;
const parsed = await loadTopology(new URL("../../../examples/two-site/two-site.dh.yaml", import.meta.url).pathname);
assert.ok("topology" in parsed);
const topology = parsed.topology;
const given = topology.scenarios[0]!;

function node(op: "fail" | "repair", name: string, atNs: bigint): Step {
  return { atNs, op, target: name, targets: [{ kind: "node", name }], direction: "both", perMillion: 0, where: { line: 1, col: 1, length: 1 } };
}
const quiet: Scenario = { name: "quiet", untilNs: 0n, steps: [], where: { line: 1, col: 1, length: 1 } };
const [first, second] = topology.nodes.filter((n) => n.name.includes("leaf")).map((n) => n.name);

test("a copy goes on as the run does, and so does the run that was copied", async () => {
  const whole = await runScenario(topology, given);
  const session = await Session.open(topology, given);
  await session.runTo(given.untilNs / 3n);
  const copy = session.snapshot();
  const branch = session.branch();
  await session.runTo(given.untilNs);
  await branch.runTo(given.untilNs);
  assert.deepEqual(session.result().trace.bytes(), whole.trace.bytes());
  assert.deepEqual(branch.result().trace.bytes(), whole.trace.bytes());
  session.restore(copy);
  assert.equal(session.nowNs, given.untilNs / 3n);
  await session.runTo(given.untilNs);
  assert.deepEqual(session.result().trace.bytes(), whole.trace.bytes());
  assert.equal(session.result().events, whole.events);
});

test("each branch is the run that has its steps from the start", async () => {
  const warm = await Session.open(topology, quiet);
  await warm.runTo(5n * SECOND);
  const at = warm.snapshot();
  for (const name of [first!, second!]) {
    const steps = [node("fail", name, 10n * SECOND), node("repair", name, 60n * SECOND)];
    const branch = warm.branch(at);
    branch.add(steps);
    await branch.runTo(300n * SECOND);
    const fresh = await runScenario(topology, { ...quiet, steps, untilNs: 300n * SECOND });
    assert.deepEqual(branch.result().trace.bytes(), fresh.trace.bytes());
  }
});

test("what cannot be put in or back is refused with a name", async () => {
  const session = await Session.open(topology, quiet);
  await session.runTo(SECOND);
  assert.throws(() => session.add([node("fail", first!, 0n)]), /its time is past/);
  const many = Array.from({ length: 3000 }, () => ({ ...node("fail", first!, 2n * SECOND), op: "nothing" as const }));
  assert.throws(() => session.add(many), { code: "DH_STEPS", exitCode: 2, message: /room for \d+ more steps, a target each, and 3000 are put in/ });
  const other = await Session.open(topology, quiet, { wasm: debugWasmUrl });
  assert.throws(() => other.restore(session.snapshot()), { code: "DH_SNAPSHOT", message: /another engine/ });
  const twin = await Session.open(topology, quiet);
  const old = twin.snapshot();
  assert.throws(() => twin.restore({ ...old, engine: { ...old.engine, abi: 0 } }), { code: "DH_SNAPSHOT" });
});
