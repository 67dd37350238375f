// Virtual machines: the way between two networks with the gateway outside and inside the virtual switch, what each cable
// carries, migrations, and the death of a hypervisor.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { linkLoads } from "../../../bindings/analysis/load.ts";
import { describer } from "../../../bindings/analysis/describe.ts";
import { runScenario, type FlowPath, type RunResult } from "../../../bindings/engine/index.ts";
import { stepName, withGuests } from "../../../bindings/topology/guests.ts";
import { parseTopology, type Topology } from "../../../bindings/topology/index.ts";

const BASE = readFileSync(new URL("../../scenarios/bases/vms.dh.yaml", import.meta.url), "utf8");
const OUTSIDE = (steps: string): string => `${BASE}scenarios:\n  s: {until: 200s, steps: [${steps}]}\n`;
/** The same machines; every hypervisor is their gateway. */
const INSIDE = (steps: string): string => OUTSIDE(steps).replace(/protocol: vrrp, vrid: \d+,/g, "protocol: anycast,").replace(/\{leaf1: 110, leaf2: 100\}/g, "{hv1: 100, hv2: 100}");
const SETTLED = "{at: 0s, nothing: leaf1}";

function read(text: string): Topology {
  const parsed = parseTopology(text, "vms.dh.yaml");
  assert.ok("topology" in parsed, JSON.stringify("problems" in parsed ? parsed.problems : ""));
  return parsed.topology;
}

async function run(text: string): Promise<RunResult> {
  const topology = read(text);
  return runScenario(topology, topology.scenarios[0]!);
}

function way(result: RunResult, flow: string, direction: 0 | 1 = 0): FlowPath["hops"] {
  return result.paths.find((p) => p.flow === flow && p.direction === direction)!.hops;
}

/** Hops over cables of metal, without the virtual NICs. */
function cables(result: RunResult, hops: FlowPath["hops"]): FlowPath["hops"] {
  const virtual = new Set(result.topology.vms.flatMap((vm) => vm.links));
  const ends = new Set(result.topology.links.filter((l) => virtual.has(l.name)).flatMap((l) => [l.a, l.b]));
  return hops.filter((hop) => !ends.has(hop.from));
}

const routers = (hops: FlowPath["hops"]): string[] => hops.filter((hop) => hop.routed).map((hop) => hop.from.split(":")[0]!);
const uplinkMbps = (result: RunResult, port: string): number => linkLoads(result).filter((l) => l.from === port || l.to === port).reduce((sum, l) => sum + l.mbps, 0);
const uplinksMbps = (result: RunResult, host: string): number => uplinkMbps(result, `${host}:eth0`) + uplinkMbps(result, `${host}:eth1`);

test("gateway outside, two networks on one hypervisor: to a leaf and back, over the same uplinks", async () => {
  const result = await run(OUTSIDE(SETTLED));
  for (const direction of [0, 1] as const) {
    const crossed = cables(result, way(result, "pair", direction));
    assert.equal(crossed.length, 2);
    assert.ok(crossed[0]!.from.startsWith("hv1:eth") && crossed[1]!.to.startsWith("hv1:eth"), JSON.stringify(crossed));
    assert.match(routers(crossed)[0]!, /^leaf[12]$/);
  }
});

test("gateway in the virtual switch, two networks on one hypervisor: no cable is crossed", async () => {
  const result = await run(INSIDE(SETTLED));
  for (const direction of [0, 1] as const) {
    const hops = way(result, "pair", direction);
    assert.equal(hops.length, 2);
    assert.equal(cables(result, hops).length, 0);
    assert.deepEqual(routers(hops), ["hv1"]);
  }
});

test("two hypervisors: one router outside, or each direction routed where it begins", async () => {
  const outside = await run(OUTSIDE(SETTLED));
  const inside = await run(INSIDE(SETTLED));
  for (const [direction, host] of [[0, "hv1"], [1, "hv2"]] as const) {
    assert.match(routers(way(outside, "apart", direction)).join(), /^leaf[12]$/);
    assert.deepEqual(routers(way(inside, "apart", direction)), [host]);
    assert.equal(cables(inside, way(inside, "apart", direction)).length, 2);
  }
});

test("bytes on the uplinks: each byte between two networks of one hypervisor costs two cable crossings outside, none inside", async () => {
  const outside = await run(OUTSIDE(SETTLED));
  const inside = await run(INSIDE(SETTLED));
  // pair: 2 Gbit/s a direction, each out and in again. apart: 1 Gbit/s a direction, out on one side, in on the other.
  assert.equal(uplinksMbps(outside, "hv1"), 2 * 2 * 2000 + 2 * 1000);
  assert.equal(uplinksMbps(inside, "hv1"), 2 * 1000);
  assert.equal(uplinksMbps(outside, "hv2"), 2 * 1000);
  assert.equal(uplinksMbps(inside, "hv2"), 2 * 1000);
});

test("after a migration the same two machines cross two cables even with the gateway inside", async () => {
  const result = await run(INSIDE("{at: 10s, migrate: vm2, to: hv2, pause: 300ms}"));
  assert.equal(cables(result, way(result, "pair")).length, 2);
  assert.deepEqual(routers(way(result, "pair")), ["hv1"]);
  assert.deepEqual(routers(way(result, "pair", 1)), ["hv2"]);
});

interface Down { from: bigint; to: bigint }

/** Times that `flow` was down, longer than the microseconds that an ARP takes, from the words of the trace. */
function outages(result: RunResult, flow: string): Down[] {
  const describe = describer(result.names, result.topology);
  const found: Down[] = [];
  let from: bigint | null = null;
  for (const r of result.trace) {
    if (r.at < 0n) continue;
    const words = describe(r);
    if (words.protocol !== "flow" || words.place !== `${flow} forward`) continue;
    if (words.change.startsWith("down")) from ??= r.at;
    else if (from !== null) { found.push({ from, to: r.at }); from = null; }
  }
  return found.filter((each) => each.to - each.from > 100_000n);
}

test("a migration costs its pause and at most a millisecond until the machine has announced itself", async () => {
  const result = await run(OUTSIDE("{at: 10s, migrate: vm1, to: hv2, pause: 300ms}, {at: 20s, migrate: vm1, to: hv1, pause: 50ms}"));
  const found = outages(result, "outside");
  assert.equal(found.length, 2);
  for (const [i, pauseNs] of [300_000_000n, 50_000_000n].entries()) {
    const length = found[i]!.to - found[i]!.from;
    assert.ok(length >= pauseNs && length <= pauseNs + 1_100_000n, `${length}`);
  }
});

test("the announcement moves the machine's MAC address on the switches, and reports speak of a migration", async () => {
  const result = await run(OUTSIDE("{at: 10s, migrate: vm1, to: hv2, pause: 300ms}"));
  const describe = describer(result.names, result.topology);
  const words = [...result.trace].filter((r) => r.at >= 10_300_000_000n && r.at < 10_302_000_000n).map((r) => describe(r));
  assert.ok(words.some((w) => w.node === "vm1" && w.change.startsWith("garp 10.1.10.")), "announces");
  // One leaf hears it on the new port-channel; the other is told by its peer.
  assert.ok(words.some((w) => w.protocol === "fdb" && w.change === `move ${w.node}:Po1>${w.node}:Po2`), "moves");
  assert.ok(words.some((w) => w.sentence === "link hv2:vm1--vm1:eth1 is plugged in"));
  assert.deepEqual(result.topology.scenarios[0]!.steps.map(stepName), ["migrate vm1 to hv2: leaves hv1", "migrate vm1 to hv2: arrives"]);
});

test("a hypervisor's crash takes its machines; they start when it is up again", async () => {
  const result = await run(OUTSIDE("{at: 10s, fail: hv1}, {at: 40s, repair: hv1}"));
  const [down] = outages(result, "outside");
  // repaired at 40 s, 60 s of boot, 30 s until the machine answers
  assert.ok(down!.to >= 130_000_000_000n && down!.to <= 130_002_000_000n, `${down!.to}`);
});

test("machines of a dead hypervisor are started where they are migrated to; those that had left are not touched", () => {
  const topology = read(OUTSIDE("{at: 5s, migrate: vm2, to: hv2, pause: 1s}, {at: 10s, fail: hv1}, {at: 30s, migrate: vm1, to: hv2, pause: 2s}, {at: 40s, repair: hv1}"));
  const { steps } = topology.scenarios[0]!;
  const follow = withGuests(topology, steps).slice(steps.length).map((s) => `${s.atNs / 1_000_000_000n}s ${s.op} ${s.target}`);
  assert.deepEqual(follow, ["10s fail vm1", "10s fail vm3", "32s repair vm1", "100s repair vm3"]);
});

test("a second crash during the boot takes back the start of the machines", () => {
  const topology = read(OUTSIDE("{at: 10s, fail: hv1}, {at: 20s, repair: hv1}, {at: 50s, fail: hv1}"));
  const { steps } = topology.scenarios[0]!;
  const follow = withGuests(topology, steps).slice(steps.length).filter((s) => s.op === "repair");
  assert.deepEqual(follow, []);
});

test("uplinks carry the networks of the machines that may run there, on both ends", () => {
  const topology = read(OUTSIDE(SETTLED));
  for (const name of ["hv1:bond0", "hv2:bond0", "leaf1:Po1", "leaf2:Po2"]) assert.deepEqual(topology.lags.find((lag) => lag.name === name)!.vlans, [10, 20], name);
  const less = read(OUTSIDE(SETTLED).replace("vm2: {on: [hv1, hv2]", "vm2: {on: [hv2, hv1]").replace("vm1: {on: [hv1, hv2]", "vm1: {on: hv1").replace("vm2: {on: [hv2, hv1]", "vm2: {on: hv2"));
  assert.deepEqual(less.lags.find((lag) => lag.name === "hv1:bond0")!.vlans, [10]);
});
