// What the engine says of a state or a change is a function of that alone: the order of questions does not matter. Deep states go by their parts.

import assert from "node:assert/strict";
import { test } from "node:test";
import { openLab } from "../../../bindings/batch/lab.ts";
import { compileEngine } from "../../../bindings/engine/index.ts";
import { componentsOf } from "../../../bindings/nines/components.ts";
import { DEPTH, EngineOracle, subsetsOf } from "../../../bindings/nines/engine-oracle.ts";
import { ninesQuestion, NINES_DEFAULTS, type NinesOptions } from "../../../bindings/nines/index.ts";
import { pick, type Change, type State } from "../../../bindings/nines/model.ts";
import { subjectsOf } from "../../../bindings/nines/subjects.ts";
import type { Plain } from "../../../bindings/batch/index.ts";
import { parseTopology, type Topology } from "../../../bindings/topology/index.ts";
import { exampleText } from "../../support/topologies.ts";

function example(name: string): Topology {
  const read = parseTopology(exampleText(name), `${name}.dh.yaml`);
  assert.ok("topology" in read);
  return read.topology;
}

async function oracleOf(topology: Topology): Promise<{ oracle: EngineOracle; effect: (name: string) => number; subjects: string[] }> {
  const lab = await openLab(ninesQuestion, topology, NINES_DEFAULTS as NinesOptions & Plain, { seed: 1n, wasm: await compileEngine() });
  const { system } = componentsOf(topology);
  const subjects = subjectsOf(topology, false);
  const effect = (name: string): number => {
    const found = system.effects.findIndex((e) => e.name.split(" or ").includes(name));
    assert.ok(found >= 0, name);
    return found;
  };
  return { oracle: new EngineOracle(lab, topology, system, subjects), effect, subjects: subjects.map((s) => s.name) };
}

const sorted = (...effects: number[]): State => effects.sort((a, b) => a - b);

test("the same answers in any order", async () => {
  const topology = example("nines");
  const [one, two] = [await oracleOf(topology), await oracleOf(topology)];
  const e = one.effect;
  const states: State[] = [[], [e("m-db")], sorted(e("m-leaf1"), e("m-leaf2")), sorted(e("m-leaf1"), e("power/b")), sorted(e("m-db"), e("s-leaf"))];
  const changes: Change[] = [
    { state: [], effect: e("m-leaf1"), what: "shutdown" }, { state: [], effect: e("m-db"), what: "fail" }, { state: [e("m-db")], effect: e("m-db"), what: "return" },
    { state: [e("m-leaf2")], effect: e("m-db"), what: "fail" },
  ];
  const inTurn = async (who: typeof one, s: State[], c: Change[]) => {
    const all: unknown[] = [];
    for (const x of s) all.push([x, await who.oracle.down(x)]);
    for (const x of c) all.push([x, await who.oracle.blips(x)]);
    return all;
  };
  const forward = await inTurn(one, states, changes);
  const changesFirst = [...await inTurn(two, [], [...changes].reverse()), ...await inTurn(two, [...states].reverse(), [])].reverse();
  assert.deepEqual(changesFirst, forward);
  const named = (state: State): Promise<string[]> => Promise.resolve(one.oracle.down(state)).then((list) => list.map((s) => one.subjects[s]!));
  assert.deepEqual(await named([]), []);
  assert.deepEqual(await named(sorted(e("m-leaf1"), e("power/b"))), ["mail"], "the other leaf hangs on feed b");
  assert.deepEqual(await named(sorted(e("m-db"), e("s-leaf"))), ["shop"]);
});

test("the instant that is drawn is one of all, however it is asked for", async () => {
  const { oracle, effect: e } = await oracleOf(example("nines"));
  const changes: Change[] = [
    { state: [e("m-leaf2")], effect: e("m-db"), what: "fail" }, { state: sorted(e("m-leaf2"), e("m-db")), effect: e("m-db"), what: "return" }, { state: [], effect: e("m-db"), what: "fail" },
    { state: [e("power/a")], effect: e("power/b"), what: "fail" }, { state: [e("core1")], effect: e("m-leaf1"), what: "shutdown" }, { state: [e("m-db")], effect: e("s-leaf"), what: "fail" },
  ];
  for (const change of changes) {
    const all = await oracle.blips(change);
    for (const u of [0.9, 0.1, 0.6, 0.3]) assert.deepEqual(await oracle.drawn(change, u), pick(all, u), JSON.stringify(change));
  }
});

test("a state of more effects than are simulated is down where a part of it is", async () => {
  const { oracle, effect: e, subjects } = await oracleOf(example("nines"));
  const deep = sorted(e("m-mail"), e("s-db"), e("core1"), e("power/a"));
  assert.ok(deep.length > DEPTH);
  assert.deepEqual([...await oracle.down(deep)].map((s) => subjects[s]), ["mail"]);
  assert.equal(subsetsOf(deep, DEPTH).length, 4);
});

test("two-site: leaves that carry no network of those who take part, and what hangs on them, are left out", () => {
  const { system } = componentsOf(example("two-site"));
  const causes = new Set(system.processes.map((p) => p.cause));
  for (const there of ["fra-leaf1", "fra-leaf3", "ams-leaf1", "fra-spine1", "fra-a20", "ams-a20"]) assert.ok(causes.has(there), there);
  for (const not of ["ams-leaf3", "ams-leaf4", "ams-b1", "fra-b10"]) assert.ok(!causes.has(not), not);
});
