// The library's front door: what a program that embeds dualhome asks for first.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, describe, test } from "node:test";
import { create, DualhomeError, outages, readTopology, runScenario, Simulation, TopologyError, type Dualhome, type SimulationEvent, type Topology } from "../../../bindings/index.ts";
import type { EngineExports } from "../../../bindings/engine/exports.ts";
import { wasmUrl } from "../../../bindings/engine/index.ts";
import { engineFault } from "../../../bindings/engine/traps.ts";

const file = new URL("../../../examples/two-site/two-site.dh.yaml", import.meta.url);
const small = `dualhome: 1
name: pair
networks: {v: {vlan: 10, subnet: 10.0.0.0/24}}
nodes:
  sw1: {kind: leaf, profile: standard}
  a: {kind: server, network: v}
  b: {kind: server, network: v}
links: [sw1:Eth1 -- a:eth0, sw1:Eth2 -- b:eth0]
flows:
  web: {from: a, to: b, protocol: tcp, dport: 443}
scenarios:
  cut: [{at: 10s, fail: "sw1:Eth1--a:eth0"}, {at: 20s, repair: "sw1:Eth1--a:eth0"}]
`;
const code = (wanted: string, exit: number) => (thrown: unknown): boolean => thrown instanceof DualhomeError && thrown.code === wanted && thrown.exitCode === exit;

describe("create", () => {
  let engine: Dualhome;
  let pair: Topology;
  before(async () => { engine = await create(); pair = readTopology(small, "pair.dh.yaml"); });

  test("from nothing, bytes, a compiled module, an address", async () => {
    const bytes = readFileSync(wasmUrl);
    const runs = await Promise.all([undefined, bytes, new WebAssembly.Module(bytes), wasmUrl].map(async (module) => {
      const simulation = await (await create(module === undefined ? {} : { module })).simulation(pair, { scenario: "cut" });
      await simulation.runTo("30s");
      return Buffer.from(simulation.traceBytes()).toString("hex");
    }));
    assert.equal(new Set(runs).size, 1);
    assert.ok(runs[0]!.length > 0);
  });

  test("bytes that are no engine", async () => {
    await assert.rejects(create({ module: new Uint8Array([1, 2, 3]) }), code("DH_WASM", 3));
    await assert.rejects(create({ module: new URL("file:///nowhere/engine.wasm") }), code("DH_WASM", 3));
  });

  test("mistakes of a topology have codes and places", () => {
    assert.throws(() => readTopology(small.replace("sw1:Eth2 -- b:eth0", "sw9:Eth2 -- b:eth0"), "pair.dh.yaml"), (thrown) => {
      assert.ok(thrown instanceof TopologyError && thrown.code === "DH_TOPOLOGY" && thrown.exitCode === 2);
      const [problem] = thrown.problems;
      assert.deepEqual([problem!.file, problem!.where.line], ["pair.dh.yaml", 8]);
      assert.match(problem!.code, /^DH_/);
      assert.match(thrown.message, /^pair\.dh\.yaml:8:\d+: error DH_/);
      return true;
    });
  });

  test("fail and repair by hand are the scenario", async () => {
    const whole = await runScenario(pair, pair.scenarios[0]!);
    using simulation = await engine.simulation(pair);
    simulation.fail("sw1:Eth1--a:eth0", "10s");
    await simulation.runTo("15s");
    assert.equal(simulation.outages().filter((o) => o.subject === "flow" && o.endNs === null).length, 1);
    simulation.repair("sw1:Eth1--a:eth0", 20_000_000_000n);
    await simulation.runTo(whole.endNs);
    const short = (of: ReturnType<typeof outages>): unknown => of.map(({ name, startNs, endNs }) => ({ name, startNs, endNs }));
    assert.deepEqual(short(simulation.outages()), short(outages(whole)));
    assert.deepEqual(Buffer.from(simulation.traceBytes()), Buffer.from(whole.trace.bytes()));
  });

  test("events come in order while it runs, and are plain data", async () => {
    const simulation = await engine.simulation(pair, { scenario: "cut" });
    const events: SimulationEvent[] = [];
    for await (const event of simulation.run("30s")) events.push(event);
    assert.deepEqual(events.map((e) => e.id), events.map((_, i) => i + 1));
    assert.deepEqual(structuredClone(events), events);
    assert.ok(events.some((e) => e.atNs === 10_000_000_000n && e.kind === "fault" && e.cause === null), "the fault is told");
    assert.equal(simulation.nowNs, 30_000_000_000n);
    assert.deepEqual(structuredClone(simulation.outages()).length, simulation.outages().length, "outages can be posted");
  });

  test("stopped on its way: what was traced stays, state can be read, and it goes on to the same end", async () => {
    const big = readTopology(readFileSync(file, "utf8"), "two-site.dh.yaml");
    const scenario = big.scenarios[0]!;
    const straight = await engine.simulation(big, { scenario: scenario.name, everyHello: true });
    await straight.runTo(scenario.untilNs);
    const simulation = await engine.simulation(big, { scenario: scenario.name, everyHello: true });
    const stop = new AbortController();
    const seen: bigint[] = [];
    await assert.rejects(simulation.runTo(scenario.untilNs, { slice: 1000, signal: stop.signal, onProgress: ({ nowNs }) => { seen.push(nowNs); if (seen.length === 3) stop.abort(); } }), { name: "AbortError" });
    assert.equal(seen.length, 3);
    assert.ok(simulation.nowNs >= seen[2]! && simulation.nowNs < scenario.untilNs);
    const node = big.nodes[0]!.name;
    assert.equal(simulation.nodeState(node), "up");
    assert.ok(simulation.traceBytes().length > 0);
    for await (const event of simulation.run(scenario.untilNs, { slice: 1000 })) if (event.id > 0) break; // and by a reader that has enough
    await simulation.runTo(scenario.untilNs);
    assert.deepEqual(Buffer.from(simulation.traceBytes()), Buffer.from(straight.traceBytes()));
  });

  test("back to a snapshot, and two ways on from it", async () => {
    const simulation = await engine.simulation(pair);
    await simulation.runTo("5s");
    const warm = simulation.snapshot();
    const twin = simulation.branch(warm);
    simulation.fail("a");
    await simulation.runTo("20s");
    await twin.runTo("20s");
    assert.ok(simulation.outages().length > 0);
    assert.equal(twin.outages().length, 0);
    simulation.restore(warm);
    assert.equal(simulation.nowNs, 5_000_000_000n);
    assert.equal(simulation.outages().length, 0);
    assert.equal(simulation.nodeState("a"), "up");
  });

  test("what cannot be is said with a code", async () => {
    const simulation = await engine.simulation(pair);
    await simulation.runTo("5s");
    assert.throws(() => simulation.fail("sw7"), code("DH_STEP", 2));
    assert.throws(() => simulation.fail("sw1", "4s"), code("DH_STEP", 2));
    assert.throws(() => simulation.fail("sw1", "soon"), code("DH_DURATION", 2));
    assert.throws(() => simulation.step("loss", "sw1:Eth1"), code("DH_STEP", 2));
    await assert.rejects(async () => simulation.runTo("1s"), code("DH_PAST", 2));
    await assert.rejects(async () => { for await (const _ of simulation.run("1s")) { /* none */ } }, code("DH_PAST", 2));
    await assert.rejects(engine.simulation(pair, { scenario: "cuts" }), code("DH_SCENARIO", 2));
    await assert.rejects(engine.simulation(pair, { reserves: { traceRows: 1 << 27 } }), code("DH_RESERVES", 2));
    assert.throws(() => simulation.show("sw2", "mac"), code("DH_NODE", 2));
  });

  test("disposed of", async () => {
    const simulation = await engine.simulation(pair);
    await simulation.runTo("1s");
    const kept = simulation.snapshot();
    simulation.dispose();
    simulation.dispose();
    for (const call of [() => simulation.outages(), () => simulation.fail("a"), () => simulation.show("a", "arp"), () => simulation.nowNs]) assert.throws(call, code("DH_DISPOSED", 2));
    const other = await engine.simulation(pair);
    other.restore(kept);
    assert.equal(other.nowNs, 1_000_000_000n);
  });

  test("sweep, capacity and nines", async () => {
    const rows = [];
    for await (const row of engine.sweep(pair, { workers: 0, kinds: ["switch", "link"] })) rows.push(row);
    const { rows: all } = await engine.sweep(pair, { workers: 0, kinds: ["switch", "link"] }).result();
    assert.ok(rows.length >= pair.links.length);
    assert.deepEqual(rows, all);
    await assert.rejects(engine.capacity(pair), code("DH_RATE", 2));
    const { subjects } = await engine.nines(pair, { runs: 8, years: 1, workers: 0, flows: true });
    assert.equal(subjects.length, 1);
  });
});

describe("when the engine gives up", () => {
  const faults = [
    { what: "the MAC table is full", reserves: { fdbRows: 1 }, words: /the MAC table is full \(1 rows\)/ },
    { what: "the ARP table is full", reserves: { arpRows: 0 }, words: /the ARP table is full/ },
    { what: "too many frames", reserves: { frameRows: 1 }, words: /frames in flight/ },
    { what: "the trace is full", reserves: { traceRows: 2 }, words: /trace ring/ },
    { what: "memory is at its maximum", reserves: { traceRows: 1 << 25, fdbRows: 1 << 25, arpRows: 1 << 25, frameRows: 1 << 25 }, words: /out of memory/ },
  ];
  for (const { what, reserves, words } of faults) {
    test(`${what}: an error in words, and what came before can be read`, async () => {
      const engine = await create();
      const pair = readTopology(small);
      let simulation;
      await assert.rejects(async () => {
        simulation = await engine.simulation(pair, { reserves });
        await simulation.runTo("10s");
      }, (thrown) => {
        assert.ok(code("DH_ENGINE", 3)(thrown), String(thrown));
        assert.match((thrown as Error).message, words);
        assert.doesNotMatch((thrown as Error).message, /unreachable|RuntimeError|wasm/);
        return true;
      });
      if (simulation === undefined) return; // it never began
      const stopped = simulation as Simulation;
      assert.ok(stopped.nowNs < 10_000_000_000n);
      assert.ok(Array.isArray(stopped.outages()));
      assert.ok(["off", "booting", "up"].includes(stopped.nodeState("a")), "its state can be read");
      assert.ok(Array.isArray(stopped.show("sw1", "mac")));
      const length = stopped.traceBytes().length;
      await assert.rejects(stopped.runTo("20s"), code("DH_ENGINE", 3), "half an event is nothing to go on from");
      for (const call of [() => stopped.fail("a", "30s"), () => stopped.snapshot(), () => stopped.branch()]) assert.throws(call, code("DH_ENGINE", 3));
      assert.equal(stopped.traceBytes().length, length);
    });
  }

  test("a snapshot of before the fault is gone back to", async () => {
    const engine = await create();
    const design = readTopology(readFileSync(new URL("../../../examples/mclag-pair/mclag-pair.dh.yaml", import.meta.url), "utf8"));
    const cramped = await engine.simulation(design, { scenario: "default", reserves: { arpRows: 20 }, everyHello: true });
    await cramped.runTo("1s");
    const warm = cramped.snapshot();
    await assert.rejects(cramped.runTo("180s"), code("DH_ENGINE", 3));
    assert.ok(cramped.nowNs > 30_000_000_000n, "it is a fault of later: the leaf has returned");
    assert.ok(cramped.show("leaf1", "mac").length > 0);
    cramped.restore(warm);
    assert.equal(cramped.nowNs, 1_000_000_000n);
    await cramped.runTo("30s");
    assert.equal(cramped.nodeState("srv1"), "up");
  });

  test("what WebAssembly says is put in words", () => {
    for (const [thrown, words] of [[new WebAssembly.RuntimeError("unreachable"), /a check failed/], [new WebAssembly.RuntimeError("memory access out of bounds"), /beyond the end of its table/], [new RangeError("Maximum call stack size exceeded"), /calls without end/]] as const) {
      const { message, exitCode } = engineFault({ trapCode: () => 0, trapDetail: () => 0 } as EngineExports, thrown, 1_500_000_000n);
      assert.match(message, /^the engine stopped at 1\.500 s: /);
      assert.match(message, words);
      assert.match(message, /please report it/);
      assert.doesNotMatch(message, /unreachable|out of bounds|call stack/);
      assert.equal(exitCode, 3);
    }
  });

  test("steps: a site's worth fits, and where there is no room none is put in", async () => {
    const engine = await create();
    const pair = readTopology(small);
    const simulation = await engine.simulation(pair, { spareSteps: 3 });
    await simulation.runTo("1s");
    for (const at of ["2s", "3s", "4s"]) simulation.fail("a", at);
    assert.throws(() => simulation.fail("a", "5s"), (e) => code("DH_STEPS", 2)(e) && /room for 0 more steps/.test((e as Error).message));
    await simulation.runTo("10s");
    assert.equal(simulation.result().scenario.steps.length, 3);
    for (const spareSteps of [-1, 0.5, Number.NaN, 1e12]) await assert.rejects(engine.simulation(pair, { spareSteps }), code("DH_RESERVES", 2));
  });
});
