// A network is left as soon as nothing is pending: boots are waited for where somebody boots, decisions where a service waits for one.

import assert from "node:assert/strict";
import { test } from "node:test";
import { twoSites } from "../../../bench/topologies/two-sites.ts";
import { openLab, type Plain } from "../../../bindings/batch/index.ts";
import { compileEngine, Session } from "../../../bindings/engine/index.ts";
import { componentsOf } from "../../../bindings/nines/components.ts";
import { EngineOracle } from "../../../bindings/nines/engine-oracle.ts";
import { ninesQuestion, NINES_DEFAULTS, type NinesOptions } from "../../../bindings/nines/index.ts";
import { settlingOf } from "../../../bindings/nines/settle.ts";
import { subjectsOf } from "../../../bindings/nines/subjects.ts";
import { parseTopology, type Topology } from "../../../bindings/topology/index.ts";

const DECISION = 15n * 60_000_000_000n;
const HOUR = 3600;

function small(): Topology {
  const read = parseTopology(twoSites(80, "ranges"), "small.dh.yaml");
  assert.ok("topology" in read);
  return read.topology;
}

test("only a service that waits for a decision is given the time of one; only what boots that of a boot", async (t) => {
  const topology = small();
  const { protocolsNs, bootsNs, decisionsNs } = settlingOf(topology);
  assert.equal(decisionsNs, DECISION);
  assert.equal(bootsNs, topology.nodes.reduce((most, n) => (n.bootNs > most ? n.bootNs : most), 0n));
  const ends: bigint[] = []; // of sessions in which something happens
  const { add, restore, runTo } = Session.prototype;
  let given = false;
  t.mock.method(Session.prototype, "add", function spy(this: Session, steps: Parameters<typeof add>[0]) { given = true; add.call(this, steps); });
  t.mock.method(Session.prototype, "restore", function spy(this: Session, from: Parameters<typeof restore>[0]) { given = false; restore.call(this, from); });
  t.mock.method(Session.prototype, "runTo", function spy(this: Session, untilNs: bigint) { if (given) ends.push(untilNs - this.nowNs); return runTo.call(this, untilNs); });
  const lab = await openLab(ninesQuestion, topology, NINES_DEFAULTS as NinesOptions & Plain, { seed: 1n, wasm: await compileEngine() });
  const { system } = componentsOf(topology);
  const oracle = new EngineOracle(lab, topology, system, subjectsOf(topology, false));
  const effect = (name: string): number => system.effects.findIndex((e) => e.name.split(" or ").includes(name));
  const longest = async (name: string, what: "fail" | "return" = "fail"): Promise<bigint> => {
    ends.length = 0;
    await oracle.blips({ state: what === "fail" ? [] : [effect(name)], effect: effect(name), what });
    return ends.reduce((a, b) => (b > a ? b : a), 0n);
  };
  const HELLO = 30_000_000_000n;
  assert.equal(await longest("fra-r001-leaf1"), HELLO + protocolsNs, "a leaf of a pair fails: nobody boots, nobody decides");
  assert.equal(await longest("fra-r001-leaf1", "return"), HELLO + protocolsNs + bootsNs, "it boots");
  assert.equal(await longest("fra-r001-srv06"), DECISION, "a service's only server at its site fails: the standby waits for the decision, after the protocols");
  assert.ok(await longest("risk/duct-north") < DECISION, "the other duct carries it");
  // What the decision ends is a change-over of as long as it takes, and no outage that lasts.
  assert.deepEqual(await oracle.down([effect("fra-r001-srv06")]), []);
  const phases = await oracle.blips({ state: [], effect: effect("fra-r001-srv06"), what: "fail" });
  assert.ok(phases.length > 0 && phases.every((list) => list.some(({ to }) => to * HOUR >= Number(DECISION) / 1e9)));
});

test("a copy that follows keeps no more than what was written, however much that is, and is gone back to", async () => {
  const topology = small();
  const session = await Session.open(topology, { name: "x", untilNs: 0n, steps: [], where: { line: 1, col: 1, length: 1 } }, { wasm: await compileEngine(new URL("../../../build/engine.marked.wasm", import.meta.url)) });
  await session.runTo(120_000_000_000n);
  const first = session.snapshot({ whole: true });
  await session.runTo(1_600_000_000_000n); // neighbours age
  const second = session.snapshot({ follows: true });
  assert.equal(second.engine.after?.root, first.engine);
  await session.runTo(1_700_000_000_000n);
  const events = session.result().events;
  for (const from of [first, second]) {
    session.restore(from);
    await session.runTo(1_700_000_000_000n);
    assert.equal(session.result().events, events);
  }
});
