// Two failures at a time: the pairs that are left out by proof are simulated all the same and give what the single failures gave, on random small networks.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ask, openLab, type Plain } from "../../../bindings/batch/index.ts";
import { compileEngine } from "../../../bindings/engine/index.ts";
import { optionsOf, pairsOptions, pairsQuestion, sweepQuestion, type FailureKind, type PairsOptions, type SweepRow } from "../../../bindings/sweep/index.ts";
import { parseTopology } from "../../../bindings/topology/index.ts";
import type { Topology } from "../../../bindings/topology/model.ts";
import { twoSites } from "../../../bench/topologies/two-sites.ts";
import { dice, islands } from "../../support/islands.ts";

const wasm = await compileEngine();

function read(text: string): Topology {
  const parsed = parseTopology(text, "random.dh.yaml");
  assert.ok("topology" in parsed, `${text}\n${JSON.stringify("problems" in parsed ? parsed.problems : "")}`);
  return parsed.topology;
}

const SECOND = 1_000_000_000n;
const times = { failNs: 10n * SECOND, repairNs: 50n * SECOND, untilNs: 130n * SECOND };
const seen = (rows: readonly SweepRow[]): string[] => rows.flatMap((row) => row.hits.map((h) => [h.subject, h.name, h.failureNs, h.returnNs, h.kept, h.reason].join(" "))).sort();

/** Racks that nothing joins, with what the random ones lack: HSRP and GLBP, bonds that look by ARP or are dealt by it, bridges in a ring, a service. */
const RACKS = `dualhome: 1
defaults: {link: {speed: 10G, loss-detect: 10ms}, switch: {boot: 10s}}
networks: {a: {vlan: 10, subnet: 10.1.10.0/24}, b: {vlan: 20, subnet: 10.1.20.0/24}, c: {vlan: 30, subnet: 10.1.30.0/24}, d: {vlan: 40, subnet: 10.1.40.0/24}}
nodes:
  asw: {kind: l2switch}
  ar1..2: {kind: router}
  a1: {kind: server, network: a}
  b1: {kind: server, network: b}
  csw1..3: {kind: l2switch, stp: rstp}
  cr1..2: {kind: router}
  c1..3: {kind: server, network: c}
  d1: {kind: server, network: d}
links:
  - {endpoints: ["ar1:Eth1", "asw:Eth1"], networks: [a, b]}
  - {endpoints: ["ar2:Eth1", "asw:Eth2"], networks: [a, b]}
  - asw:Eth11 -- b1:eth0
  - mesh: {from: csw1, to: csw2..3}
  - mesh: {from: csw2, to: csw3}
  - {endpoints: ["cr1:Eth1", "csw1:Eth11"], networks: [c, d]}
  - {endpoints: ["cr2:Eth1", "csw2:Eth11"], networks: [c, d]}
  - csw3:Eth20 -- c2:eth0
  - csw1:Eth20 -- c3:eth0
  - csw2:Eth20 -- d1:eth0
bonds:
  a1:bond0: {to: asw, members: [eth0, eth1], mode: balance-alb, mii-monitor-interval: 100ms}
  c1:bond0: {to: [csw1, csw2], members: [eth0, eth1], mode: active-backup, arp-interval: 500ms, arp-ip-targets: 10.1.30.1}
gateways:
  a: {protocol: hsrp, group: 10, vip: 10.1.10.1, routers: {ar1: 110, ar2: 100}}
  b: {protocol: hsrp, group: 20, vip: 10.1.20.1, routers: {ar1: 100, ar2: 110}}
  c: {protocol: glbp, group: 30, vip: 10.1.30.1, routers: {cr1: 110, cr2: 100}}
  d: {protocol: glbp, group: 40, vip: 10.1.40.1, routers: {cr1: 110, cr2: 100}}
flows: {ab: {from: a1, to: b1}, cd: {from: c1, to: d1}}
services: {s: {clients: d1, servers: c2, standby: {servers: c3, delay: 2s}}}
`;

/** Simulates some of the pairs that are left out, drawn at random, and holds them to the single failures: how many were left out, and how many not. */
async function check(topology: Topology, kinds: readonly FailureKind[], checked: number, seed: number, name: string): Promise<[left: number, simulated: number]> {
  const alone = await ask(sweepQuestion, topology, optionsOf(kinds, times, true), { wasm }).result();
  const options = await pairsOptions(topology, alone, { seed: 1n, wasm });
  const chosen = sweepQuestion.plan(topology, alone.options as never).length;
  const some = pairsQuestion.plan(topology, options);
  const kept = new Set(Array.from({ length: some.length }, (_, k) => some.at(k)!.join()));
  if (process.env["DUALHOME_VERBOSE"] !== undefined) console.log(`${name}: ${chosen} failures, ${kept.size} of ${(chosen * (chosen - 1)) / 2} pairs may meet`);
  const everything = { ...(options as PairsOptions), all: true } as typeof options;
  const all = pairsQuestion.plan(topology, everything);
  assert.equal(all.length, (chosen * (chosen - 1)) / 2);
  const lab = await openLab(pairsQuestion, topology, everything as Plain, { seed: 1n, wasm });
  const roll = dice(seed);
  for (let k = 0; k < all.length; k++) {
    const [i, j] = all.at(k)!;
    if (kept.has([i, j].join()) || roll(all.length) >= checked) continue;
    const row = await pairsQuestion.answer(lab, [i, j], everything, k);
    assert.deepEqual(seen([row]), seen([alone.rows[i]!, alone.rows[j]!]), `${name}: ${row.target}`);
    assert.deepEqual(row.worse, [], row.target);
  }
  return [all.length - kept.size, kept.size];
}

test("what is left out by proof is what the single failures gave; what may meet is simulated", async () => {
  let [left, simulated] = [0, 0];
  for (let seed = 0; seed <= 8; seed++) {
    const [out, met] = await check(read(seed === 0 ? RACKS : islands(seed)), ["server", "switch", "hang", "link", "one-way", "power"], 400, seed, `seed ${seed}`);
    left += out;
    simulated += met;
  }
  assert.ok(left > 0 && simulated > 0, `${left} left out, ${simulated} simulated`);
});

test("on two sites what meets in nothing but spines is left out", async () => {
  const [left, simulated] = await check(read(twoSites(320, "ranges")), ["switch", "hang", "link"], 400, 1, "two sites");
  assert.ok(left > simulated, `${left} left out, ${simulated} simulated`);
});
