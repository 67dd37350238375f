// What is down is taken apart by proof: a change beside something that cannot meet it, and a state of parts that cannot meet, are simulated all the same,
// both in one run and each at the instants of its own run. Every outage of every flow, service and application is what the runs by themselves gave.

import assert from "node:assert/strict";
import { test, type TestContext as Context } from "node:test";
import fc from "fast-check";
import { twoSites } from "../../../bench/topologies/two-sites.ts";
import { begun, branched, type Begun } from "../../../bindings/analysis/index.ts";
import { outcomes } from "../../../bindings/applications/index.ts";
import { openLab, type Lab, type Plain } from "../../../bindings/batch/index.ts";
import { compileEngine, Session, type SessionSnapshot } from "../../../bindings/engine/index.ts";
import { componentsOf } from "../../../bindings/nines/components.ts";
import { EngineOracle } from "../../../bindings/nines/engine-oracle.ts";
import { ninesQuestion, NINES_DEFAULTS, type NinesOptions } from "../../../bindings/nines/index.ts";
import type { System } from "../../../bindings/nines/model.ts";
import { subjectsOf, type Subject } from "../../../bindings/nines/subjects.ts";
import type { Step, Topology } from "../../../bindings/topology/model.ts";
import { stormCase } from "../../storm/generate.ts";
import { dice, islands } from "../../support/islands.ts";
import { exampleNames, exampleText, topologyOf } from "../../support/topologies.ts";

const wasm = await compileEngine(new URL("../../../build/engine.marked.wasm", import.meta.url));

/** Steps as they were put into a session one after the other, and the last instant to which one was run that had been given steps since it was gone back. */
interface Asked { added: (readonly Step[])[]; untilNs: bigint }

/** What the engine was asked meanwhile. */
async function spied(t: Context, work: () => Promise<unknown>): Promise<Asked> {
  const asked: Asked = { added: [], untilNs: 0n };
  const { add, runTo, restore } = Session.prototype;
  let given = false;
  const mocks = [
    t.mock.method(Session.prototype, "add", function spy(this: Session, steps: readonly Step[]) { given = true; asked.added.push(steps); add.call(this, steps); }),
    t.mock.method(Session.prototype, "restore", function spy(this: Session, from: SessionSnapshot) { given = false; restore.call(this, from); }),
    t.mock.method(Session.prototype, "runTo", function spy(this: Session, untilNs: bigint) { if (given && untilNs > asked.untilNs) asked.untilNs = untilNs; return runTo.call(this, untilNs); }),
  ];
  try { await work(); } finally { for (const m of mocks) m.mock.restore(); }
  return asked;
}

class Bench {
  readonly system: System;
  readonly oracle: EngineOracle;
  readonly #lab: Lab;
  readonly #subjects: Subject[];
  readonly #begun: Begun;

  constructor(lab: Lab) {
    this.#lab = lab;
    this.system = componentsOf(lab.topology, true).system;
    this.#subjects = subjectsOf(lab.topology, true);
    this.oracle = this.fresh();
    this.#begun = begun(lab.fresh().result({ ways: false }));
  }

  static async open(topology: Topology): Promise<Bench> {
    return new Bench(await openLab(ninesQuestion, topology, { ...NINES_DEFAULTS, flows: true } as NinesOptions & Plain, { seed: 1n, wasm }));
  }

  /** Outages of everything in a run with these steps: by name, what is not as when nothing happens. */
  async outages(steps: readonly Step[], untilNs: bigint): Promise<Map<string, string>> {
    const session = this.#lab.fresh();
    session.add(steps);
    await session.runTo(untilNs);
    const run = session.result({ ways: false });
    const lines = branched(run, this.#begun);
    const text = (list: readonly { startNs: bigint; endNs: bigint | null }[]): string => list.map(({ startNs, endNs }) => `${startNs}-${endNs}`).join(" ");
    const all = new Map<string, string>();
    for (const of of ["flows", "services"] as const) session.names[of].forEach((name, i) => { const line = lines.line(of, i)!; all.set(`${of} ${name}`, `${line.firstUpNs} ${text(line.intervals)}`); });
    for (const o of outcomes(run, this.#begun)) all.set(`application ${o.name}`, text(o.outages));
    return all;
  }

  /** A new one remembers nothing. */
  fresh(): EngineOracle { return new EngineOracle(this.#lab, this.#lab.topology, this.system, this.#subjects); }

  /** All in one run, against each by itself. */
  async compare(runs: readonly (readonly Step[])[], untilNs: bigint, what: string): Promise<void> {
    const none = await this.outages([], untilNs);
    const alone: Map<string, string>[] = [];
    for (const steps of runs) alone.push(await this.outages(steps, untilNs));
    const all = await this.outages(runs.flat().sort((x, y) => Number(x.atNs - y.atNs)), untilNs);
    for (const [name, found] of all) {
      const moved = alone.map((own) => own.get(name)!).filter((own) => own !== none.get(name));
      assert.ok(moved.length <= 1, `${what}: ${name} was moved by ${moved.length}`);
      assert.equal(found, moved[0] ?? none.get(name), `${what}: ${name}`);
    }
  }
}

/** Changes beside one other thing, drawn at random: how many cannot meet it. */
async function changes(t: Context, bench: Bench, count: number, seed: number): Promise<number> {
  const { system: { effects }, oracle } = bench;
  const roll = dice(seed);
  let apart = 0;
  for (let k = 0; k < count; k++) {
    const [other, effect] = [roll(effects.length), roll(effects.length)];
    const what = (["fail", "return", "shutdown"] as const)[roll(3)]!;
    if (other === effect || (await oracle.meeting([other], effect, what)).length > 0) continue;
    apart++;
    const standing = (await spied(t, async () => bench.fresh().down([other]))).added[0]!; // then comes its return
    const change = await spied(t, async () => bench.fresh().blips({ state: what === "return" ? [effect] : [], effect, what }));
    const before = what === "return" ? change.added[0]! : [];
    for (const phase of change.added.slice(what === "return" ? 1 : 0)) {
      await bench.compare([standing, [...before, ...phase]], change.untilNs, `${effects[other]!.name} is down, ${what} ${effects[effect]!.name}`);
    }
  }
  return apart;
}

/** States of up to three things: how many fall into parts. */
async function states(t: Context, bench: Bench, count: number, seed: number): Promise<number> {
  const { system: { effects }, oracle } = bench;
  const roll = dice(seed);
  let apart = 0;
  for (let k = 0; k < count; k++) {
    const state = [...new Set([roll(effects.length), roll(effects.length), ...(roll(2) === 0 ? [roll(effects.length)] : [])])].sort((a, b) => a - b);
    const parts = await oracle.parts(state);
    if (parts.length < 2) continue;
    apart++;
    const runs: (readonly Step[])[] = [];
    let untilNs = 0n;
    for (const part of parts) {
      const { added } = await spied(t, () => bench.fresh().stand(part));
      runs.push(part.length === 1 ? added[0]! : added.flat());
      const { settledNs } = await oracle.stand(part);
      if (settledNs > untilNs) untilNs = settledNs;
    }
    await bench.compare(runs, untilNs, parts.map((part) => part.map((e) => effects[e]!.name).join(" and ")).join(", "));
  }
  return apart;
}

const SIZE = Number(process.env["DUALHOME_APART"] ?? 1);

async function check(t: Context, topology: Topology, count: number, seed: number, name: string): Promise<number> {
  const bench = await Bench.open(topology);
  const [apart, fell] = [await changes(t, bench, count, seed), await states(t, bench, count, seed)];
  if (process.env["DUALHOME_VERBOSE"] !== undefined) console.log(`${name}: ${bench.system.effects.length} effects; of ${count} changes ${apart} apart, of ${count} states ${fell}`);
  return apart + fell;
}

test("on random networks of all kinds", async (t) => {
  let apart = 0;
  for (const [i, { topology }] of fc.sample(stormCase, { numRuns: 12 * SIZE, seed: 20261128 }).entries()) apart += await check(t, topology, 12, i, `random ${i}`);
  assert.ok(apart > 0);
});

test("on islands of switches and pairs, with feeds, routers, gateways and a service", async (t) => {
  let apart = 0;
  for (let seed = 1; seed <= 10 * SIZE; seed++) apart += await check(t, topologyOf(islands(seed)), 16, seed, `islands ${seed}`);
  assert.ok(apart > 20 * SIZE, `${apart} apart`);
});

test("on the examples", async (t) => {
  let apart = 0;
  for (const name of exampleNames) {
    const topology = topologyOf(exampleText(name));
    if (topology.flows.length > 0) apart += await check(t, topology, 6 * SIZE, 7, name);
  }
  assert.ok(apart > 0);
});

test("on two sites, where most has nothing to do with most", async (t) => {
  const topology = topologyOf(twoSites(400, "ranges"));
  const apart = await check(t, topology, 20 * SIZE, 3, "two sites");
  assert.ok(apart > 10 * SIZE, `${apart} apart`);
});
