// Capacity: small cases whose every number is worked out by hand, from the formulas of docs/hashing.md.

import assert from "node:assert/strict";
import { test } from "node:test";
import { linkLoads } from "../../../bindings/analysis/load.ts";
import { CAPACITY_DEFAULT, capacity, capacityQuestion, type CapacityResult, type CapacityRun, type FindingKind } from "../../../bindings/capacity/index.ts";
import { ask, merge, partText, readPart } from "../../../bindings/batch/index.ts";
import { jobOf } from "../../../bindings/batch/job.ts";
import { answer } from "../../../bindings/batch/ask.ts";
import { compileEngine, runScenario } from "../../../bindings/engine/index.ts";
import { DualhomeError } from "../../../bindings/errors.ts";
import { parseTopology } from "../../../bindings/topology/index.ts";
import type { Topology } from "../../../bindings/topology/model.ts";
import { exampleText } from "../../support/topologies.ts";

export function topologyOf(text: string): Topology {
  const read = parseTopology(text, "t.dh.yaml");
  if ("problems" in read) throw new Error(read.problems.map((p) => `${p.where.line}: ${p.message}`).join("\n"));
  return read.topology;
}

const ask0 = (text: string, run: CapacityRun = {}): Promise<CapacityResult> => capacity(topologyOf(text), { workers: 0, ...run });
const link = (r: CapacityResult, from: string) => r.links.find((l) => l.from === from)!;
const kinds = (r: CapacityResult): FindingKind[] => r.findings.map((f) => f.kind);

/**
 * h1 and h2 on one switch, two cables of 10G each. Of two members layer3+4 takes bit 1 of the XOR of all address and port bytes: addresses
 * .11 and .12 give 11 ^ 12 = 7: 1; port 443 = 01 bb gives ba: 1; 40000 = 9c 40 gives dc: 0, 40001 the same, 40002 = 9c 42 gives de: 1, 40003
 * the same. So 40000 and 40001 go by member 1 ^ 1 ^ 0 = 0, 40002 and 40003 by member 1.
 */
const LAG = (demand: string): string => `dualhome: 1
name: lag
defaults: {link: {speed: 10G}, bond: {mode: 802.3ad, lacp-rate: fast, transmit-hash-policy: layer3+4}, lacp: {rate: fast, hash: layer3+4}}
networks: {lan: {vlan: 10, subnet: 10.0.0.0/24}}
nodes:
  sw: {kind: l2switch}
  h1: {kind: server, network: lan, address: 10.0.0.11}
  h2: {kind: server, network: lan, address: 10.0.0.12}
bonds:
  h1..2:bond0: {to: sw, members: [eth0, eth1]}
demands:
  d: {from: h1, to: h2, ${demand}, sport: 40000, dport: 443}
`;

test("two members: the hash deals four flows evenly, the first two on one member, one on one", async () => {
  const shares = async (demand: string): Promise<number[]> => {
    const r = await ask0(LAG(demand), { failures: 0 });
    return ["h1:eth0", "h1:eth1"].map((from) => link(r, from).mbps);
  };
  assert.deepEqual(await shares("rate: 8G, flows: 4"), [4000, 4000]);
  assert.deepEqual(await shares("rate: 8G, flows: 3"), [16000 / 3, 8000 / 3].map((x) => Math.round(x * 1e6) / 1e6));
  assert.deepEqual(await shares("rate: 8G, flows: 2"), [8000, 0]);
});

test("a cable lost: its flows go by the other, and the load is what both had", async () => {
  const r = await ask0(LAG("rate: 8G, flows: 4"), { kinds: ["link"] });
  const eth0 = link(r, "h1:eth0");
  assert.deepEqual([eth0.share, eth0.worstShare], [0.4, 0.8]);
  assert.match(eth0.worst!, /h1:eth1$/);
  assert.equal(r.whole.lostMbps, 0);
  assert.deepEqual(r.findings, []);
});

test("two cables with 60 % each are one cable with 120 %: both halves are counted", async () => {
  const r = await ask0(LAG("rate: 12G, flows: 4"), { kinds: ["link"] });
  const found = r.findings.find((f) => f.kind === "both-halves")!;
  assert.equal(found.size, 1.2);
  assert.match(found.text, /60\.0 %.*60\.0 %.*12 Gbit\/s of 10 Gbit\/s, 120\.0 %/);
  assert.deepEqual(found.where, { line: 10, col: 3, length: 11 });
  assert.equal(link(r, "h1:eth0").worstShare, 1.2);
  const cut = r.failures.find((f) => f.failures[0]!.endsWith("h1:eth1"))!;
  assert.equal(cut.lostMbps, 0);
  assert.ok(Math.abs(cut.overloadMbps - 2000) < 1e-6, "10 of 12 Gbit/s are left of each flow at its tightest cable");
});

test("one flow is no larger than one member, however many there are", async () => {
  const r = await ask0(LAG("rate: 12G, flows: 1"), { failures: 0 });
  const found = r.findings.find((f) => f.kind === "one-member")!;
  assert.match(found.text, /its one flow is 12 Gbit\/s, but goes by h1:eth0, which carries 10 Gbit\/s, one member of h1:bond0/);
  assert.deepEqual(found.where, { line: 12, col: 3, length: 1 });
  assert.equal((await ask0(LAG("rate: 12G, flows: 2"), { failures: 0 })).findings.some((f) => f.kind === "one-member"), false);
});

test("a limit below 100 % makes findings of what fits", async () => {
  assert.deepEqual(kinds(await ask0(LAG("rate: 8G, flows: 4"), { failures: 0, limit: 0.5 })), ["both-halves"]);
  assert.deepEqual(kinds(await ask0(LAG("rate: 8G, flows: 4"), { failures: 1, kinds: ["link"], limit: 0.5 })), ["over", "both-halves"]);
});

/** Two leaves, two spines each, two cores: what one leaf sends the other passes three choices of two. */
const CLOS = (seeds: string, flows = 64): string => `dualhome: 1
name: clos
defaults: {link: {speed: 10G}${seeds}}
networks:
  a: {vlan: 10, subnet: 10.0.10.0/24}
  b: {vlan: 20, subnet: 10.0.20.0/24}
nodes:
  core1..2: {kind: core}
  spine1..4: {kind: spine}
  leaf1..2: {kind: leaf}
  h1: {kind: server, network: a}
  h2: {kind: server, network: b}
links:
  - leaf1:Eth1 -- h1:eth0
  - leaf2:Eth1 -- h2:eth0
  - mesh: {from: leaf1, to: spine1..2}
  - mesh: {from: leaf2, to: spine3..4}
  - mesh: {from: spine1..4, to: core1..2}
gateways:
  a: {protocol: static, vip: 10.0.10.1, routers: {leaf1: {}}}
  b: {protocol: static, vip: 10.0.20.1, routers: {leaf2: {}}}
demands:
  d: {from: h1, to: h2, rate: 6400M, flows: ${flows}}
`;

test("equal seeds on all tiers polarise: each spine sends to one core, each core to one spine", async () => {
  const r = await ask0(CLOS(", switch: {hash-seed: 5}"), { failures: 0 });
  const [up1, up2] = ["leaf1:Eth49", "leaf1:Eth50"].map((from) => link(r, from).mbps) as [number, number];
  assert.ok(up1 > 0 && up2 > 0);
  assert.equal(up1 + up2, 6400);
  const cores = ["spine1", "spine2"].map((spine) => r.links.filter((l) => l.from.startsWith(`${spine}:`) && l.to.startsWith("core")).map((l) => l.mbps));
  assert.deepEqual(cores, [[up1, 0], [0, up2]]); // the hash that was even is even again
  const polarised = r.balance.filter((g) => g.verdict === "polarised");
  assert.deepEqual(polarised.map((g) => g.name), ["core1 to spine3, spine4", "core2 to spine3, spine4", "spine1 to core1, core2", "spine2 to core1, core2"]);
  assert.deepEqual(polarised.map((g) => [g.idle.length, g.maxOverMean]), [[1, 2], [1, 2], [1, 2], [1, 2]]);
  assert.deepEqual(polarised.find((g) => g.at === "spine1")!.before, ["leaf1"]);
  const found = r.findings.filter((f) => f.kind === "polarised");
  assert.deepEqual(found.map((f) => f.where.line), [8, 9]);
  assert.ok(found.every((f) => !f.breaks));
  for (const g of polarised) assert.equal(g.chiSquare, g.flows); // all on one of two: (k - k/2)^2 / (k/2), twice
});

test("a seed of its own for each switch: every next hop has its share", async () => {
  for (const seeds of ["", ", switch: {hash-seed: 5}"]) {
    const text = CLOS(seeds, 400);
    const r = await ask0(seeds === "" ? text : text.replace("spine1..4: {kind: spine", "spine1..4: {kind: spine, hash-seed: 6").replace("core1..2: {kind: core", "core1..2: {kind: core, hash-seed: 7"), { failures: 0 });
    assert.deepEqual(r.balance.map((g) => [g.name, g.idle.length, g.verdict]).filter((g) => g[2] !== "even"), []);
  }
});

/** web sends db, behind the same pair, 6 Gbit/s by each leg: 40000 and 40001 by leaf1, the others by leaf2, as above (.11 and .12 of other subnets). */
const PAIR = `dualhome: 1
name: pair
defaults: {link: {speed: 10G}, bond: {mode: 802.3ad, lacp-rate: fast, transmit-hash-policy: layer3+4}, lacp: {rate: fast, hash: layer3+4}}
networks:
  web: {vlan: 10, subnet: 10.0.0.0/24}
nodes:
  leaf1..2: {kind: leaf, profile: nxos-vpc}
  web: {kind: server, network: web, address: 10.0.0.11}
  db: {kind: server, network: web, address: 10.0.0.12}
mlag:
  pair: {peers: [leaf1, leaf2], domain: 10, peer-link: [Eth53, Eth54]}
bonds:
  web:bond0: {to: pair, members: [eth0, eth1]}
  db:bond0: {to: pair, members: [eth0, eth1]}
demands:
  d: {from: web, to: db, rate: 12G, flows: 4, sport: 40000, dport: 443}
`;

test("an MC-LAG pair with 60 % on both halves has 120 % on one: when a leaf fails, and when it is a plan already", async () => {
  const r = await ask0(PAIR);
  for (const from of ["web:eth0", "web:eth1", "leaf1:Eth1", "leaf2:Eth1"]) assert.equal(link(r, from).share, 0.6, from);
  assert.equal(link(r, "leaf1:Eth1").worstShare, 1.2);
  const halves = r.findings.filter((f) => f.kind === "both-halves");
  assert.deepEqual(halves.map((f) => [f.name, f.size]), [["web:bond0", 1.2], ["db:bond0", 1.2]].sort((a, b) => (a[0]! < b[0]! ? -1 : 1)));
  assert.match(halves[0]!.text, /both legs are counted on: leaf1 60\.0 %, leaf2 60\.0 %\. When leaf2 has failed, leaf1 has to carry 12 Gbit\/s of 10 Gbit\/s, 120\.0 %/);
  assert.deepEqual(r.peerLinks.map((p) => [p.pair, p.mbps]), [["pair", 0]]);
  // The leg of db to leaf1 cut: what comes to leaf1 crosses the peer-link, 6 Gbit/s; the leg of web cut sends all to the other leaf, and nothing crosses.
  const cut = r.failures.find((f) => f.failures[0]!.includes("leaf1") && f.failures[0]!.includes("db:eth0"))!;
  assert.ok(cut.lostMbps === 0 && r.peerLinks[0]!.worstMbps === 6000, `${r.peerLinks[0]!.worstMbps}`);
  const gone = r.failures.find((f) => f.failures[0] === "db")!;
  assert.deepEqual([gone.deliveredMbps, gone.lostMbps, gone.goneMbps], [0, 0, 12_000]); // nobody's fault but its own
});

test("balance-rr deals every flow to all members, broadcast sends all of it on each", async () => {
  const text = (mode: string): string => LAG("rate: 8G, flows: 1").replace("bonds:\n", `bonds:\n  h1:bond0: {to: sw, members: [eth0, eth1], mode: ${mode}}\n`).replace("h1..2:bond0", "h2:bond0");
  const rr = await ask0(text("balance-rr"), { failures: 0 });
  assert.deepEqual(["h1:eth0", "h1:eth1"].map((from) => link(rr, from).mbps), [4000, 4000]);
  assert.equal(rr.whole.deliveredMbps, 8000);
  const copies = await ask0(text("broadcast"), { failures: 0 });
  assert.deepEqual(["h1:eth0", "h1:eth1"].map((from) => link(copies, from).mbps), [8000, 8000]);
  assert.equal(copies.whole.deliveredMbps, 8000); // one copy is enough
});

test("flows with a rate: the loads of `dualhome load`", async () => {
  const text = LAG("rate: 8G, flows: 4").replace(/demands:[\s\S]*$/, "flows: {f: {from: h1, to: h2, rate: 2G}, g: {from: h2, to: h1, dport: 80, rate: 1G}}\nscenarios: {s: {until: 1s, steps: [{at: 0s, nothing: sw}]}}\n");
  const t = topologyOf(text);
  const r = await capacity(t, { workers: 0, failures: 0 });
  const loads = linkLoads(await runScenario(t, t.scenarios[0]!));
  assert.deepEqual(r.links.map((l) => [l.from, l.mbps]).sort(), loads.map((l) => [l.from, l.mbps]).sort());
});

test("oversubscription is counted tier by tier", async () => {
  const r = await ask0(CLOS("").replace("{from: leaf1, to: spine1..2}", "{from: leaf1, to: spine1..2, speed: 1G}"), { failures: 0, oversubscription: 4 });
  // leaf1: 10G from its server, 2 x 1G up; leaf2: 10G and 20G. spine1 and 2: 1G and 20G, spine3 and 4: 10G and 20G.
  assert.deepEqual(r.oversubscription.map((o) => [o.tier, o.downMbps, o.upMbps, o.most]), [["leaves", 20_000, 22_000, { node: "leaf1", ratio: 5 }], ["spines", 22_000, 80_000, { node: "spine3", ratio: 0.5 }]]);
  assert.deepEqual(r.findings.filter((f) => f.kind === "oversubscription").map((f) => [f.name, f.where.line]), [["leaf1", 10]]);
});

test("what has no way in normal state is a finding at its demand", async () => {
  const r = await ask0(CLOS("").replace("  - mesh: {from: leaf2, to: spine3..4}\n", ""), { failures: 0 });
  assert.deepEqual(r.findings.map((f) => [f.kind, f.where.line, f.size]), [["no-way", 22, 1]]);
  assert.equal(r.whole.lostMbps, 6400);
});

test("nothing offered is told, with exit code 2", async () => {
  await assert.rejects(ask0(CLOS("").replace(/demands:[\s\S]*$/, "")), (e: DualhomeError) => e.code === "DH_RATE" && e.exitCode === 2);
});

test("rows do not depend on workers or parts: the same result from one thread, from two workers, and from two parts put together", async () => {
  const t = topologyOf(exampleText("capacity"));
  const options = { ...CAPACITY_DEFAULT, kinds: ["switch" as const, "peer-link" as const] };
  const alone = await capacity(t, { workers: 0, ...options });
  assert.deepEqual(await capacity(t, { workers: 2, ...options }), alone);
  assert.deepEqual(await ask(capacityQuestion, t, options, { workers: 0 }).result(), alone);
  const job = await jobOf(capacityQuestion, t, options, { wasm: await compileEngine() });
  const parts = [];
  for (const range of [[0, 1], [1, job.chunks]] as const) {
    const rows = [];
    for await (const chunk of answer(job, { workers: 0, range })) rows.push(chunk.rows);
    parts.push(readPart(partText(job, "capacity.dh.yaml", range[0], rows), "x"));
  }
  const merged = merge(parts);
  assert.deepEqual(capacityQuestion.finish(merged.rows as never, options, merged.header.about), alone);
});
