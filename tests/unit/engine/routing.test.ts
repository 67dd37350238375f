// Routed fabrics: detection by carrier (10 ms) and by hold time (hello 3 s, hold 9 s), processing of 10 ms a hop, ECMP, valley-free paths.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as abi from "../../../assembly/abi.ts";
import type { Outage } from "../../../bindings/analysis/index.ts";
import { exampleText, fabricFile, s, scenario, simulate, span, type Simulated } from "../../support/topologies.ts";

const directions = (sim: Simulated): Outage[] => sim.outages.filter((o) => o.subject === "direction" && o.startNs >= 0n);
const seconds = (o: Outage): number => Number(o.lengthNs) / 1e9;
const list = (sim: Simulated): string => directions(sim).map(span).join("\n");
const adjacency = (sim: Simulated, port: string, from: number): [number, number][] =>
  sim.records(abi.T_ADJACENCY, sim.port(port)).filter((r) => r.at >= s(from)).map((r) => [Number(r.at) / 1e9, r.a]);
const SPINE1 = '"leaf1:Eth49--spine1:Eth1"';

describe("leaf and spine", () => {
  it("share the load over both spines; a crashed spine costs its share the 10 ms of carrier detection", async () => {
    const sim = await simulate(fabricFile(scenario(40, "{at: 5s, fail: spine1}", "{at: 20s, repair: spine1}")));
    const hit = directions(sim);
    assert.ok(hit.length > 0 && hit.length < 8, `some of eight directions, not all:\n${list(sim)}`);
    for (const o of hit) {
      assert.equal(o.startNs, s(5));
      assert.equal(o.lengthNs, s(0.01), span(o)); // the next hop goes with the carrier: the other spine at once
    }
    assert.deepEqual(adjacency(sim, "leaf1:Eth49", 0).map(([t, up]) => [Number(t.toFixed(3)), up]), [[5.01, 0], [25.01, 1]]);
  });

  it("a hung spine forwards on; its neighbours give it up 6 to 9 s later, without loss", async () => {
    const sim = await simulate(fabricFile(scenario(40, "{at: 5s, hang: spine1}", "{at: 20s, repair: spine1}")));
    for (const leaf of ["leaf1", "leaf2", "leaf3"]) {
      const [first] = adjacency(sim, `${leaf}:Eth49`, 0);
      assert.equal(first![1], 0);
      assert.ok(first![0] >= 11 && first![0] <= 14, `${leaf}: ${first![0]}`); // the last hello came up to 3 s before
    }
    assert.deepEqual(directions(sim), [], list(sim));
  });

  it("a silent cable: hold time of 9 s since the last hello", async () => {
    const sim = await simulate(fabricFile(scenario(30, `{at: 5s, silent: ${SPINE1}}`)));
    const hit = directions(sim);
    assert.ok(hit.length > 0, "somebody used it");
    for (const o of hit) assert.ok(seconds(o) >= 6 && seconds(o) <= 9.0201, span(o)); // and 10 ms of processing where the other spine has to tell
  });

  it("a cable silent one way: the end that hears nothing tells the other, both give up", async () => {
    for (const direction of ["a-to-b", "b-to-a"]) {
      const sim = await simulate(fabricFile(scenario(40, `{at: 5s, silent: ${SPINE1}, direction: ${direction}}`, `{at: 20s, repair: ${SPINE1}}`)));
      const [leaf, spine] = [adjacency(sim, "leaf1:Eth49", 0), adjacency(sim, "spine1:Eth1", 0)];
      assert.deepEqual([leaf[0]![1], spine[0]![1]], [0, 0]);
      const [first, second] = [leaf[0]![0], spine[0]![0]].sort((a, b) => a - b);
      assert.ok(first! >= 11 && first! <= 14, `${direction}: ${first}`);
      assert.ok(second! - first! < 0.00001, `${direction}: ${first}, ${second}`);
      assert.deepEqual([leaf[1]![1], spine[1]![1]], [1, 1], "up again after the repair");
      assert.ok(leaf[1]![0] <= 23.1 && spine[1]![0] <= 23.1, "with the next hello");
      for (const o of directions(sim)) assert.ok(o.endNs !== null && seconds(o) <= 9.0201, span(o));
    }
  });

  it("valley-free: no leaf carries others' traffic, and nothing loops", async () => {
    // leaf1 keeps spine2, leaf2 keeps spine1: the only way is down and up through leaf3.
    const sim = await simulate(fabricFile(scenario(20, `{at: 5s, fail: ${SPINE1}}`, '{at: 5s, fail: "leaf2:Eth50--spine2:Eth2"}')));
    const hit = directions(sim);
    assert.equal(hit.length, 8);
    for (const o of hit) assert.ok(o.endNs === null && o.reasons.every((r) => r.drop === abi.DROP_LINK_DARK || r.drop === abi.DROP_NO_ROUTE), span(o));
    assert.deepEqual(sim.records(abi.T_FLOW_DOWN).filter((r) => r.a === abi.DROP_TTL), []);
  });

  it("one uplink of the far leaf is cut: carrier at both ends, and 10 ms until the other leaves have been told", async () => {
    const sim = await simulate(fabricFile(scenario(20, '{at: 5s, fail: "leaf2:Eth49--spine1:Eth2"}')));
    const hit = directions(sim);
    assert.ok(hit.length > 0);
    for (const o of hit) {
      const towards = o.direction === 0; // to leaf2: spine1 has to withdraw the route
      const expected = towards ? s(0.01) + s(0.01) + 500n : s(0.01); // and one cable
      assert.equal(o.lengthNs, expected, span(o));
    }
  });
});

/** The same fabric with so many networks more, all of leaf3. */
function manyNetworks(count: number, steps: string): string {
  const each = (line: (i: number) => string): string => Array.from({ length: count }, (_, k) => `  ${line(k)}\n`).join("");
  return fabricFile(steps)
    .replace("nodes:\n", `${each((k) => `n${k}: {vlan: ${100 + k}, subnet: 10.2.${k}.0/24}`)}nodes:\n`)
    .replace("flows:\n", `${each((k) => `vlan${100 + k}: {protocol: static, vip: 10.2.${k}.1/24, routers: {leaf3: {}}}`)}flows:\n`);
}

describe("more routes than a message holds", () => {
  const MANY = 200; // and two: four messages of 64
  const routesOf = (sim: Simulated, node: string, from: number): { at: bigint; prefix: number; hops: number }[] =>
    sim.records(abi.T_ROUTE, sim.node(node)).filter((r) => r.at >= s(from)).map((r) => ({ at: r.at, prefix: r.a, hops: r.b }));

  it("a spine comes back: it learns each network once from its leaf, and the other leaves have both next hops a cable and 10 ms later, all at once", async () => {
    const sim = await simulate(manyNetworks(MANY, scenario(40, "{at: 5s, fail: spine1}", "{at: 20s, repair: spine1}")));
    const back = routesOf(sim, "spine1", 20);
    assert.equal(new Set(back.map((r) => r.prefix)).size, MANY + 2);
    assert.equal(back.length, MANY + 2, "each once");
    const leaf = routesOf(sim, "leaf1", 20).filter((r) => r.prefix >= 2);
    assert.equal(leaf.length, MANY);
    assert.deepEqual([...new Set(leaf.map((r) => r.hops))], [2]);
    assert.equal(new Set(leaf.map((r) => r.at)).size, 1, "in one instant");
    assert.equal(leaf[0]!.at - back.at(-1)!.at, s(0.01) + 500n);
  });

  it("one network's only host is unplugged: that network alone is withdrawn, whichever message it would be in", async () => {
    for (const k of [0, 61, 62, 63, 150, MANY - 1]) {
      const file = manyNetworks(MANY, scenario(10, '{at: 5s, fail: "leaf3:Eth1--h:eth0"}'))
        .replace("\nlinks:\n", `\n  h: {kind: server, network: n${k}, boot: 5s}\nlinks:\n  - leaf3:Eth1 -- h:eth0\n`);
      const sim = await simulate(file);
      const gone = ["spine1", "spine2", "leaf1", "leaf2"].map((node) => routesOf(sim, node, 5).map((r) => [r.prefix, r.hops]));
      const here = [[k + 2, 0]];
      assert.deepEqual(gone, [here, here, [[k + 2, 1], [k + 2, 0]], [[k + 2, 1], [k + 2, 0]]]);
    }
  });
});

describe("two sites", () => {
  it("a duct is cut: carrier, one withdrawal at the spine, one cable to the leaf", async () => {
    const sim = await simulate(exampleText("two-site"), { scenario: "duct-cut" });
    const hit = directions(sim).filter((o) => !o.name.startsWith("erp"));
    assert.ok(hit.length > 0);
    for (const o of hit) assert.ok(o.lengthNs >= s(0.02) && o.lengthNs <= s(0.02) + 5000n, span(o));
    assert.ok(directions(sim).every((o) => o.startNs === s(10)), "the return costs nothing");
  });

  it("a leaf that loses its VLAN interfaces withdraws the route: 10 ms and a cable", async () => {
    const sim = await simulate(exampleText("two-site"));
    const hit = directions(sim).filter((o) => o.reasons[0]?.drop === abi.DROP_NO_ROUTE);
    assert.ok(hit.length > 0);
    for (const o of hit) assert.equal(o.lengthNs, s(0.01) + 500n, span(o));
  });
});
