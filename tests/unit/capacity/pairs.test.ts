// Two failures at a time: the pairs that are left out would have changed nothing. And what demands are made into.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { capacity, directionsOf, trafficOf } from "../../../bindings/capacity/index.ts";
import { chiSquare, chiSquareTail } from "../../../bindings/capacity/chi-square.ts";
import { pairAt } from "../../../bindings/capacity/pairs.ts";
import { place } from "../../../bindings/capacity/place.ts";
import { Session } from "../../../bindings/engine/index.ts";
import { singleFailures, type Failure } from "../../../bindings/sweep/index.ts";
import { parseTopology } from "../../../bindings/topology/index.ts";
import type { Topology } from "../../../bindings/topology/model.ts";
import { planCase } from "../../support/random-plans.ts";

const where = { line: 1, col: 1, length: 1 };
const SECOND = 1_000_000_000n;

function topologyOf(text: string): Topology {
  const read = parseTopology(text, "t.dh.yaml");
  if ("problems" in read) throw new Error(read.problems.map((p) => `${p.where.line}: ${p.message}`).join("\n"));
  return read.topology;
}

test("pairs are counted off in order", () => {
  for (const n of [2, 3, 4, 7, 50]) {
    const all: [number, number][] = [];
    for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) all.push([i, j]);
    assert.deepEqual(all.map((_, k) => pairAt(k, n)), all);
  }
});

/** Every pair of switches and cables, each in a run of its own from the start. */
async function everyPair(t: Topology, seed: bigint): Promise<Map<string, number>> {
  const failures = singleFailures(t, { kinds: new Set(["switch", "link"]) });
  const directions = directionsOf(t);
  const worst = new Map<string, number>();
  for (const [i, a] of failures.entries()) {
    for (const b of [a, ...failures.slice(i + 1)]) {
      const session = await Session.open(t, { name: "p", untilNs: 0n, steps: [], where }, { seed });
      await session.runTo(SECOND);
      await place(session, trafficOf(t, seed), new Set()); // as the question does: the network has seen all traffic before
      for (const failure of new Set([a, b])) await fail(session, failure);
      const dead = new Set([a, b].flatMap((f) => f.targets).filter((x) => x.kind === "node").map((x) => x.name));
      const state = await place(session, trafficOf(t, seed), dead);
      session.names.ports.forEach((port, p) => { if (directions.has(port)) worst.set(port, Math.max(worst.get(port) ?? 0, Math.round(state.mbps[p]! * 1e6) / 1e6)); });
    }
  }
  return worst;
}

async function fail(session: Session, failure: Failure): Promise<void> {
  session.add([{ atNs: session.nowNs + 1n, op: "fail", target: failure.target, targets: failure.targets, direction: "both", perMillion: 0, where }]);
  await session.runTo(session.nowNs + 120n * SECOND);
}

test("two failures: the worst load of each cable is that over all pairs, those that do not meet included", async () => {
  let apart = 0;
  const small = fc.sample(planCase, { numRuns: 300, seed: 3 }).filter(({ text }) => { const t = topologyOf(text); return t.links.length <= 13 && t.nodes.filter((n) => n.kind !== "server").length >= 5; });
  assert.ok(small.length >= 2, `${small.length} are small`);
  for (const { text, seed } of small.slice(0, 2)) {
    const t = topologyOf(text);
    const r = await capacity(t, { workers: 0, seed, failures: 2, kinds: ["switch", "link"] });
    const worst = await everyPair(t, seed);
    for (const l of r.links) assert.ok(Math.abs(l.worstMbps - Math.max(worst.get(l.from)!, l.mbps)) < 1e-5, `${l.from}: ${l.worstMbps} (${l.worst}), over all pairs ${worst.get(l.from)}\n${text}`);
    apart += r.apart;
  }
  assert.ok(apart > 0, "some pairs are left out");
});

const GROUPS = (demands: string): string => `dualhome: 1
networks: {lan: {vlan: 10, subnet: 10.0.0.0/24}}
nodes:
  sw: {kind: l2switch}
  a1..3: {kind: server, network: lan}
  b1..4: {kind: server, network: lan}
bonds: {"a1..3:bond0": {to: sw, members: [eth0, eth1]}, "b1..4:bond0": {to: sw, members: [eth0, eth1]}}
demands:
${demands}
`;

test("flows are dealt to every pair of servers in turn, and no two are the same", () => {
  const { flows } = trafficOf(topologyOf(GROUPS("  d: {from: a1..3, to: [a1, b1..4], rate: 42G, flows: 140}")), 1n);
  const of = new Map<string, number>();
  for (const f of flows) of.set(`${f.from} ${f.to}`, (of.get(`${f.from} ${f.to}`) ?? 0) + 1);
  assert.equal(of.size, 14); // 3 x 5, but for a1 to itself
  assert.deepEqual([...new Set(of.values())], [10]);
  assert.equal(new Set(flows.map((f) => `${f.from} ${f.to} ${f.sport} ${f.dport}`)).size, 140);
  assert.ok(flows.every((f) => f.mbps === 300 && f.sport >= 32_768 && f.sport <= 60_999));
});

test("another demand moves no flow, another seed moves them all about", () => {
  const d = "  d: {from: a1..3, to: b1..4, rate: 12G, flows: 60}";
  const alone = trafficOf(topologyOf(GROUPS(d)), 1n).flows;
  const beside = trafficOf(topologyOf(GROUPS(`  c: {from: b1, to: a1, rate: 1G, flows: 9}\n${d}`)), 1n).flows.slice(9);
  const plain = (list: typeof alone) => list.map(({ source: _, ...f }) => f);
  assert.deepEqual(plain(beside), plain(alone));
  assert.notDeepEqual(plain(trafficOf(topologyOf(GROUPS(d)), 2n).flows), plain(alone));
});

test("gravity: products of weights, all together the rate; a matrix: as it says", () => {
  const t = topologyOf(GROUPS("  g: {gravity: {a1..3: 2, b1..4: 1}, rate: 84G, flows: 8}\n  m: {matrix: {a1..3: {b1..4: 4G}, b1: {b2: 1G}}, flows: 2}"));
  // Ordered pairs: a-a 6 of weight 4, a-b 12 of 2, b-a 12 of 2, b-b 12 of 1: 24 + 24 + 24 + 12 = 84 parts of 84G.
  const rates = t.demands!.map((d) => [d.name, d.rateMbps, d.flows]);
  const part = 1000;
  assert.deepEqual(rates, [
    ["g/a1..3 to a1..3", 24 * part, 8], ["g/a1..3 to b1..4", 24 * part, 8], ["g/b1..4 to a1..3", 24 * part, 8], ["g/b1..4 to b1..4", 12 * part, 8],
    ["m/a1..3 to b1..4", 4000, 2], ["m/b1 to b2", 1000, 2],
  ]);
});

test("mistakes of demands, each at its place", () => {
  const problem = (demand: string): string => {
    const read = parseTopology(GROUPS(`  ${demand}`), "t.dh.yaml");
    assert.ok("problems" in read, demand);
    return read.problems.map((p) => `${p.code} ${p.where.line}:${p.where.col} ${p.message}`).join("\n");
  };
  assert.match(problem("d: {from: a1, to: b1}"), /^DH_DEMAND 9:6 demands\.d: says no rate/);
  assert.match(problem("d: {from: a1, rate: 1G}"), /^DH_DEMAND 9:6 .*say both/);
  assert.match(problem("d: {from: a1, to: b1, rate: 1G, gravity: {a1: 1}}"), /^DH_DEMAND 9:6 .*is one of/);
  assert.match(problem("d: {matrix: {a1: {b1: 1G}}, rate: 1G}"), /^DH_DEMAND 9:6 .*stand in it/);
  assert.match(problem("d: {from: a1, to: a1, rate: 1G}"), /^DH_DEMAND 9:3 traffic from a1 to itself/);
  assert.match(problem("d: {from: a1, to: sw, rate: 1G}"), /^DH_FLOW 9:21 sw is a switch/);
  assert.match(problem("d: {from: a9, to: b1, rate: 1G}"), /^DH_UNKNOWN_NODE 9:13/);
  assert.match(problem("d: {gravity: {a1..2: 1, a2..3: 1}, rate: 1G}"), /^DH_DEMAND 9:27 a2 has a weight already, in a1\.\.2/);
  assert.match(problem("d: {gravity: {a1..2: 0}, rate: 1G}"), /^DH_DEMAND 9:24 .*above zero/);
  assert.match(problem("d: {from: a1, to: b1, rate: 1}"), /^DH_SPEED 9:31/);
  const bare = parseTopology(GROUPS("  d: {from: a1, to: c1, rate: 1G}").replace("  sw:", "  c1: {kind: server}\n  sw:"), "t.dh.yaml");
  assert.deepEqual("problems" in bare && bare.problems.map((p) => `${p.code} ${p.where.line} ${p.message}`), ["DH_SERVER_NETWORK 4 server c1 is in no network", "DH_DEMAND 10 c1 has no address: nothing can be sent to it"]);
});

test("chi-square's upper tail: the tables' 5 % and 0.1 % points", () => {
  const points: [number, number, number][] = [[3.841, 1, 0.05], [5.991, 2, 0.05], [7.815, 3, 0.05], [16.919, 9, 0.05], [10.828, 1, 0.001], [13.816, 2, 0.001], [27.877, 9, 0.001], [124.342, 100, 0.05]];
  for (const [x, freedom, tail] of points) assert.ok(Math.abs(chiSquareTail(x, freedom) / tail - 1) < 0.002, `${x}, ${freedom}: ${chiSquareTail(x, freedom)}`);
  assert.equal(chiSquareTail(0, 3), 1);
  assert.ok(Math.abs(chiSquareTail(2 * Math.log(2), 2) - 0.5) < 1e-12); // two degrees: e^(-x/2)
  assert.equal(chiSquare([30, 10, 20]), 10);
});
