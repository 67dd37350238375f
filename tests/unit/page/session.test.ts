// What is played in the page is what `run` says: whatever way was taken there, with scrubbing back, steps put in late, and forks.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { markedWasmUrl, runScenario, wasmUrl } from "../../../bindings/engine/index.ts";
import { indexTargets, stepOf } from "../../../bindings/topology/step.ts";
import { loadTopology } from "../../../bindings/topology/index.ts";
import type { Step, Topology } from "../../../bindings/topology/model.ts";
import { Picture } from "../../../web/page/picture.ts";
import { reach } from "../../../web/page/inspect.ts";
import { LINK, NODE } from "../../../web/page/messages.ts";
import { sceneOf } from "../../../web/page/scene.ts";
import { PageSession, type PageOptions } from "../../../web/page/session.ts";
import { readSettings, withSettings } from "../../../web/page/settings.ts";
import { asTexts } from "../../../web/page/step-texts.ts";
import { Viewer } from "../../../web/page/view.ts";

const SECOND = 1_000_000_000n;

async function example(name: string): Promise<Topology> {
  const parsed = await loadTopology(new URL(`../../../examples/${name}/${name}.dh.yaml`, import.meta.url).pathname);
  assert.ok("topology" in parsed);
  return parsed.topology;
}

const [small, sites, guests] = [await example("dual-homed-server"), await example("two-site"), await example("virtual-machines")];

async function run(topology: Topology, steps: Step[], untilNs: bigint): Promise<Uint8Array> {
  return (await runScenario(topology, { name: "whole", untilNs, steps, where: { line: 1, col: 1, length: 1 } })).trace.bytes();
}

/** Also: what is drawn is what all records together say. */
async function same(page: PageSession, what: string): Promise<void> {
  const { trace } = page.result();
  assert.deepEqual(trace.bytes(), await run(page.topology, [...page.steps], page.nowNs), what);
  const picture = new Picture(page.names);
  picture.catchUp(trace);
  assert.deepEqual(page.picture, picture, `${what}: picture`);
}

const step = (topology: Topology, op: Step["op"], text: string): Step => stepOf(indexTargets(topology), op, text);
const open = (topology: Topology, options: Partial<PageOptions> = {}): Promise<PageSession> => PageSession.open(topology, { wasm: markedWasmUrl, ...options });

test("forward, back, and steps put in and taken out anywhere are the run that has them from the start", async () => {
  const page = await open(sites);
  assert.equal(page.nowNs, 0n);
  await page.seek(12n * SECOND);
  await same(page, "nothing done");
  const hang = step(sites, "hang", "fra-leaf1@12s");
  await page.setSteps([hang]);
  await same(page, "at the instant of a step");
  await page.seek(40n * SECOND);
  await same(page, "on from it");
  await page.seek(11n * SECOND);
  await same(page, "back before it");
  await page.seek(40n * SECOND);
  await same(page, "and on again");
  const repair = step(sites, "repair", "fra-leaf1@25s");
  const cut = step(sites, "fail", "fra-spine1@12s");
  await page.setSteps([hang, repair, cut]);
  await same(page, "two steps put into the past, one at the same instant");
  await page.setSteps([repair, cut]);
  await same(page, "one taken out");
  await page.setSteps([]);
  await same(page, "all taken out");
});

test("a fork goes its own way, and neither disturbs the other", async () => {
  const page = await open(small);
  await page.seek(5n * SECOND);
  const twin = page.fork();
  await twin.setSteps([step(small, "fail", "sw1:Eth1--srv1:eth0@5s")]);
  await page.seek(20n * SECOND);
  await twin.seek(20n * SECOND);
  await same(page, "one");
  await same(twin, "the other");
  await twin.seek(2n * SECOND);
  await same(twin, "the other, back before the fork");
  await page.seek(21n * SECOND);
  await same(page, "one, on");
});

test("guests follow their host, also when a later step changes what comes of an earlier one", async () => {
  const page = await open(guests);
  const host = guests.vms[0]!.on[0]!;
  const fail = step(guests, "fail", `${host}@5s`);
  const repair = step(guests, "repair", `${host}@10s`);
  await page.setSteps([fail, repair]);
  await page.seek(12n * SECOND);
  await same(page, "repaired");
  await page.setSteps([fail, repair, step(guests, "fail", `${host}@11s`)]);
  await same(page, "failed again before its guests had started");
  await page.seek(200n * SECOND);
  await same(page, "and on");
  await page.seek(3n * SECOND);
  await same(page, "back");
});

test("step by step: each instant at which something happens, and the same ones back", async () => {
  const page = await open(small);
  await page.setSteps([step(small, "silent", "sw1:Eth1--srv1:eth0@1s")]);
  const instants: bigint[] = [];
  while (instants.length < 12 && await page.nextEvent(60n * SECOND)) {
    instants.push(page.nowNs);
    await same(page, `event at ${page.nowNs}`);
  }
  assert.equal(instants[0], SECOND);
  const whole = await runScenario(small, { name: "whole", untilNs: 120n * SECOND, steps: [...page.steps], where: { line: 1, col: 1, length: 1 } });
  const told = [...new Set([...whole.trace].map((r) => r.at).filter((at) => at > 0n))];
  assert.deepEqual(instants, told.slice(0, 12));
  for (const at of instants.slice(0, -1).reverse()) {
    assert.ok(await page.previousEvent());
    assert.equal(page.nowNs, at);
  }
});

test("whatever is done, in whatever order, it is the run with the steps that are left", async () => {
  const targets = ["sw1", "srv1", "sw1:Eth1--srv1:eth0", "sw1:Eth2--srv1:eth1", "srv1:eth0"];
  const deed = fc.oneof(
    fc.record({ do: fc.constant("seek" as const), ms: fc.integer({ min: 0, max: 40_000 }) }), fc.record({ do: fc.constantFrom("next" as const, "previous" as const, "fork" as const) }),
    fc.record({ do: fc.constant("step" as const), ms: fc.integer({ min: 0, max: 40_000 }), op: fc.constantFrom("fail" as const, "repair" as const), target: fc.constantFrom(...targets) }),
    fc.record({ do: fc.constant("remove" as const), at: fc.nat(5) }),
  );
  const start = await open(small, { budgetMib: 8 });
  await fc.assert(fc.asyncProperty(fc.array(deed, { minLength: 3, maxLength: 14 }), async (deeds) => {
    let page = start.fork();
    const others: PageSession[] = [];
    for (const d of deeds) {
      if (d.do === "seek") await page.seek(BigInt(d.ms) * 1_000_000n);
      else if (d.do === "next") await page.nextEvent(20n * SECOND);
      else if (d.do === "previous") await page.previousEvent();
      else if (d.do === "step") await page.setSteps([...page.steps, step(small, d.op, `${d.target}@${d.ms}ms`)]);
      else if (d.do === "remove") await page.setSteps(page.steps.filter((_, i) => i !== d.at));
      else { others.push(page); page = page.fork(); }
    }
    for (const each of [page, ...others]) await same(each, "what is left");
  }), { numRuns: 25 });
});

test("nothing to come: where it was, and it says so", async () => {
  const page = await open(small);
  await page.seek(30n * SECOND);
  assert.equal(await page.nextEvent(SECOND), false);
  assert.equal(page.nowNs, 30n * SECOND);
  await same(page, "as before");
});

test("with little memory fewer copies are kept, and nothing else changes; frames may be recorded, with the engine that marks nothing", async () => {
  const page = await open(sites, { budgetMib: 2 });
  await page.setSteps([step(sites, "fail", "fra-leaf1@100s"), step(sites, "repair", "fra-leaf1@300s")]);
  await page.seek(600n * SECOND);
  await same(page, "at the end");
  await page.seek(150n * SECOND);
  await same(page, "back");
  assert.ok(page.kept.bytes < 8 << 20, `${page.kept.count} copies, ${page.kept.bytes} bytes`);
  const recorded = await open(small, { frames: true, wasm: wasmUrl });
  await recorded.setSteps([step(small, "fail", "sw1:Eth1--srv1:eth0@1s")]);
  await recorded.seek(5n * SECOND);
  await same(recorded, "recorded");
  assert.ok(recorded.takeFrames().length > 10);
  assert.equal(recorded.takeFrames().length, 0);
});

test("what is drawn: each flow, node and cable under its own name", async () => {
  const page = await open(sites);
  const scene = sceneOf(sites, "two-site");
  const viewer = new Viewer(sites, scene, page.names);
  const steps = [step(sites, "fail", "site/ams@2s"), step(sites, "silent", "fra-leaf1:Eth1@2s"), step(sites, "hang", "fra-spine1@2s"), step(sites, "fail", "fra-leaf3:Eth49--fra-spine1:Eth3@2s")];
  await page.setSteps(steps);
  await page.seek(8n * SECOND);
  const view = viewer.view(page.picture, page.nowNs, page.takeFrames());
  const lines = page.lines();
  const up = new Map(page.names.flows.map((name, i) => [name, lines.flows[i]!.isUp()]));
  assert.deepEqual(scene.flows.map((f, i) => [f.name, view.flows[i] === 1]), scene.flows.map((f) => [f.name, up.get(f.name)]));
  assert.equal(view.flowsDown, [...up.values()].filter((is) => !is).length);
  assert.ok(view.flowsDown > 0 && view.flowsDown < up.size);
  const node = (name: string): number => scene.drawing.nodes.findIndex((n) => n[0] === name);
  assert.deepEqual(["ams-leaf1", "ams-a1", "fra-spine1", "fra-leaf1", "fra-a1"].map((name) => view.nodes[node(name)]), [NODE.crashed, NODE.crashed, NODE.hung, NODE.up, NODE.up]);
  for (const [i, flow] of scene.flows.entries()) if (view.flows[i] === 0) assert.ok(view.hurt[flow.from]! > 0 && view.hurt[flow.to]! > 0, flow.name);
  const cable = (name: RegExp): number => view.links[scene.linkNames.findIndex((n) => name.test(n))]!;
  assert.equal(cable(/^fra-leaf3:Eth49--fra-spine1/), LINK.cut);
  assert.equal(cable(/fra-leaf1:Eth1(--|$)/), LINK.impaired);
  assert.equal(cable(/ams-leaf1:Eth1(--|$)/), LINK.dark);
  assert.equal(cable(/fra-leaf4:Eth49(--|$)/), LINK.fine);
  assert.deepEqual(scene.groups.filter((g) => g.kind === "site").map((g) => [g.target, g.nodes.length]), [["site/ams", 46], ["site/fra", 46]]);
});

test("whom a server reaches: everybody while nothing has failed, nobody behind what is cut; asking changes nothing", async () => {
  const page = await open(sites);
  const all = await reach(page, "fra-a1");
  assert.equal(all.length, sites.nodes.filter((n) => n.kind === "server").length - 1);
  assert.deepEqual(all.filter((r) => !r.forth || !r.back), []);
  await page.setSteps([step(sites, "fail", "site/ams@1s")]);
  await page.seek(20n * SECOND);
  const left = await reach(page, "fra-a1");
  assert.deepEqual(left.map((r) => r.forth && r.back), left.map((r) => r.to.startsWith("fra")));
  await same(page, "as before");
  await assert.rejects(reach(page, "fra-leaf9"), /has no address/);
});

test("settings are read with care, and change what they say", () => {
  assert.deepEqual(readSettings({ lacpRate: "slow", hash: "layer2", miimonMs: 50, seed: 7, more: 1 }), { lacpRate: "slow", hash: "layer2", miimonMs: 50, seed: 7 });
  assert.deepEqual(readSettings({ lacpRate: "quick", hash: 3, miimonMs: 0, seed: -1 }), {});
  assert.deepEqual(readSettings(null), {});
  const slow = withSettings(sites, { lacpRate: "slow" });
  assert.ok(sites.lags.some((l) => l.lacp?.fast === true) && slow.lags.every((l) => l.lacp === null || !l.lacp.fast));
  assert.deepEqual(withSettings(sites, {}).lags, sites.lags);
});

test("what is wrong with a step is said, and nothing has changed", async () => {
  const page = await open(small);
  await page.seek(5n * SECOND);
  assert.throws(() => step(small, "fail", "sw2@1s"), /there is no node "sw2"; did you mean "sw1"/);
  const odd: Step = { ...step(small, "fail", "sw1@1s"), targets: [{ kind: "node", name: "nobody" }] };
  await assert.rejects(page.setSteps([odd]), /there is no node "nobody"/);
  await same(page, "as before");
});

test("a scenario of the file that is there as a whole goes by its name", () => {
  const row = (atNs: number, target: string, scenario: string | null) => ({ atNs, op: "fail" as const, target, much: "", text: "", scenario });
  const scenarios = [{ name: "both", steps: 2 }, { name: "empty", steps: 0 }];
  assert.deepEqual(asTexts([row(1e9, "a", "both"), row(2e9, "b", "both"), row(3e9, "c", null)], scenarios), [{ at: "0s", text: "scenario both" }, { at: "3s", text: "fail c" }]);
  assert.deepEqual(asTexts([row(1e9, "a", "both"), { ...row(3.5e6, "c", null), op: "loss", much: "20%" }], scenarios), [{ at: "1s", text: "fail a" }, { at: "3.5ms", text: "loss c=20%" }]);
});
