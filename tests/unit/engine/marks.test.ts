// The build that marks the pages that it writes to: going back to a snapshot copies those alone, and nothing else differs from it. On random small networks.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ask, openLab, type Plain } from "../../../bindings/batch/index.ts";
import { compileEngine, markedWasmUrl, Session, type SessionSnapshot } from "../../../bindings/engine/index.ts";
import { optionsOf, sweepQuestion, type Failure, type SweepOptions } from "../../../bindings/sweep/index.ts";
import type { Step, Topology } from "../../../bindings/topology/model.ts";
import { randomCase } from "../../support/random-networks.ts";
import { SECOND, topologyOf } from "../../support/topologies.ts";

const [plain, marked] = await Promise.all([compileEngine(), compileEngine(markedWasmUrl)]);
const CASES = Number(process.env["DUALHOME_CASES"] ?? 12);
const property = (seed: number) => ({ numRuns: CASES, seed });
const quiet = { name: "quiet", untilNs: 0n, steps: [], where: { line: 1, col: 1, length: 1 } };

/** Of all that is state, byte for byte, whatever it is cut into. */
function same(one: SessionSnapshot, other: SessionSnapshot): void {
  assert.deepEqual(one.engine.parts, other.engine.parts);
  assert.deepEqual(one.engine.globals, other.engine.globals);
  assert.deepEqual(one.engine.pieces.map((p) => p.at), other.engine.pieces.map((p) => p.at));
  one.engine.pieces.forEach((piece, i) => assert.ok(Buffer.from(piece.bytes).equals(other.engine.pieces[i]!.bytes), `the piece at ${piece.at} differs`));
}

test("after going back memory is that of the snapshot, byte for byte, whatever happened in between", async () => {
  await fc.assert(fc.asyncProperty(randomCase, async ({ text, seed }) => {
    const topology = topologyOf(text);
    const session = await Session.open(topology, quiet, { seed, wasm: marked });
    await session.runTo(10n * SECOND);
    const at = session.snapshot();
    for (const steps of [topology.scenarios[0]!.steps, stepsOfAll(topology)]) {
      session.add(steps.map((step) => ({ ...step, atNs: step.atNs < 11n * SECOND ? 11n * SECOND : step.atNs })));
      await session.runTo(90n * SECOND);
      const [one, two] = [topology.nodes.find((n) => n.kind === "server")!.name, topology.nodes.findLast((n) => n.kind === "server")!.name];
      if (one !== two) session.tryFlows([{ from: one, to: two, protocol: "tcp", sport: 1, dport: 2 }]);
      session.restore(at);
      assert.equal(session.nowNs, at.nowNs);
      same(session.snapshot({ whole: true }), at); // takes the place of `at` as what memory differs from,
      session.restore(at); // so all of it is put back
      await session.runTo(30n * SECOND);
      session.restore(at); // and here what was written
      same(session.snapshot({ whole: true }), at);
      session.restore(at);
    }
  }), property(1));
});

function stepsOfAll(topology: Topology): Step[] {
  const failures = sweepQuestion.plan(topology, optionsOf()) as readonly Failure[];
  return failures.slice(0, 20).map(({ op, target, targets, direction }) => ({ atNs: 12n * SECOND, op, target, targets, direction, perMillion: 0, where: quiet.where }));
}

test("a snapshot that is not the last one is put back, too, and one of the other build", async () => {
  await fc.assert(fc.asyncProperty(randomCase, async ({ text, seed }) => {
    const topology = topologyOf(text);
    const session = await Session.open(topology, quiet, { seed, wasm: marked });
    await session.runTo(10n * SECOND);
    const early = session.snapshot();
    session.add(stepsOfAll(topology));
    await session.runTo(20n * SECOND);
    const late = session.snapshot();
    await session.runTo(25n * SECOND);
    const later = session.snapshot();
    if (late.engine.after !== null) shared += 1;
    assert.ok(later.engine.after === null || later.engine.after.root === (late.engine.after?.root ?? late.engine));
    await session.runTo(40n * SECOND);
    const whole = session.result().trace.bytes();
    for (const from of [late, early, later, late, late, later, early]) {
      session.restore(from);
      if (from === early) session.add(stepsOfAll(topology));
      await session.runTo(40n * SECOND);
      assert.ok(Buffer.from(session.result().trace.bytes()).equals(whole));
    }
    session.restore(late);
    same(session.snapshot({ whole: true }), wholeOf(session, late));
    const other = await Session.open(topology, quiet, { seed, wasm: plain });
    other.restore(late);
    await other.runTo(40n * SECOND);
    assert.ok(Buffer.from(other.result().trace.bytes()).equals(whole));
    session.restore(other.snapshot());
    session.restore(late);
    await session.runTo(40n * SECOND);
    assert.ok(Buffer.from(session.result().trace.bytes()).equals(whole));
  }), property(2));
  assert.ok(shared > 0, "none shared anything with the one before");
});
let shared = 0;

/** The same state by way of an engine that was never anywhere else. */
function wholeOf(session: Session, from: SessionSnapshot): SessionSnapshot { return session.branch(from).snapshot({ whole: true }); }

const times = { failNs: 10n * SECOND, repairNs: 40n * SECOND, untilNs: 100n * SECOND };

test("a sweep's rows are those of each failure alone, in a network of its own, by the other build", async () => {
  await fc.assert(fc.asyncProperty(randomCase, fc.nat(), async ({ text, seed }, start) => {
    const topology = topologyOf(text);
    const options = optionsOf(undefined, times) as SweepOptions & Plain;
    const rows: unknown[] = [];
    for await (const row of ask(sweepQuestion, topology, options, { seed, wasm: marked })) rows.push(row);
    const plan = sweepQuestion.plan(topology, options) as readonly Failure[];
    assert.equal(rows.length, plan.length);
    for (let k = 0; k < ALONE; k++) {
      const i = (start + k * 7) % plan.length;
      const lab = await openLab(sweepQuestion, topology, options, { seed, wasm: plain });
      assert.equal(JSON.stringify(await sweepQuestion.answer(lab, plan[i]!, options, i)), JSON.stringify(rows[i]), plan[i]!.target);
    }
  }), property(3));
});
const ALONE = 4;
