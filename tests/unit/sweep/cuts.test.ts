// Minimal cut sets: all that there are and no others, by trying every set; and what the simulation makes of those of one element.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { crossCheck, cutSets, lostAlone } from "../../../bindings/sweep/cuts.ts";
import { Forwarding } from "../../../bindings/sweep/forwarding.ts";
import { sweep } from "../../../bindings/sweep/index.ts";
import { parseTopology } from "../../../bindings/topology/index.ts";
import type { Topology } from "../../../bindings/topology/model.ts";

function example(name: string): Topology {
  const parsed = parseTopology(readFileSync(new URL(`../../../examples/${name}.dh.yaml`, import.meta.url), "utf8"), name);
  assert.ok("topology" in parsed);
  return parsed.topology;
}

const SECOND = 1_000_000_000n;

test("mclag-pair: every set of up to three elements is tried, and the minimal ones are those that were found", () => {
  const t = example("mclag-pair/mclag-pair");
  const graph = new Forwarding(t);
  for (const { name, sets, own } of cutSets(t, 120n * SECOND)) {
    const service = t.services.find((s) => s.name === name);
    const flow = t.flows.find((f) => f.name === (service?.primary ?? name))!;
    const spared = new Set(own.map((each) => graph.element(each)!));
    const all = graph.elements.map((_, i) => i).filter((i) => !spared.has(i));
    const cuts: number[][] = [];
    const check = (set: number[]): void => {
      if (cuts.some((cut) => cut.every((i) => set.includes(i)))) return;
      if (graph.way(flow.from, flow.to, new Set(set)) === null) cuts.push(set);
    };
    for (const a of all) check([a]);
    for (const [i, a] of all.entries()) for (const b of all.slice(i + 1)) check([a, b]);
    for (const [i, a] of all.entries()) for (const [j, b] of all.slice(i + 1).entries()) for (const c of all.slice(i + j + 2)) check([a, b, c]);
    const named = cuts.map((set) => set.map((i) => graph.elements[i]!).sort().join(" + ")).sort();
    assert.deepEqual(sets.map((set) => set.join(" + ")).sort(), named, name);
  }
});

test("what no way is left without, the simulation takes down too", async () => {
  for (const name of ["mclag-pair/mclag-pair", "two-site/two-site"]) {
    const t = example(name);
    const cuts = cutSets(t, 120n * SECOND);
    const { rows } = await sweep(t, { kinds: ["server", "switch", "link"] }).result();
    for (const check of crossCheck(cuts, lostAlone(rows), 1)) {
      assert.deepEqual(check.graphOnly, [], check.name);
      assert.deepEqual(check.simulationOnly, [], check.name);
    }
    assert.ok(cuts.some(({ sets }) => sets.some((set) => set.length === 1)));
  }
});

test("a standby counts when its decision is taken while a failure lasts", () => {
  const t = example("two-site/two-site");
  const service = { ...t.services[0]!, decisionNs: 10n * SECOND };
  const [slow] = cutSets({ ...t, services: [{ ...service, decisionNs: 900n * SECOND }] }, 120n * SECOND);
  const [quick] = cutSets({ ...t, services: [service] }, 120n * SECOND);
  assert.ok(slow!.sets.some((set) => set.length === 1), "the primary alone");
  assert.ok(quick!.sets.every((set) => set.length > 1), JSON.stringify(quick!.sets[0]));
});
