// ARP and MAC tables on one switch with one router: Linux's neighbour states with their times, learning, ageing, flushing, moves.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as abi from "../../../assembly/abi.ts";
import type { CapturedFrame } from "../../../bindings/engine/index.ts";
import { s, scenario, simulate, switchFile, type Simulated } from "../../support/topologies.ts";

const HD = "hd: {from: h1, to: d1}";
const UP = "{at: 1s, nothing: h1}";

const address = (text: string): number => text.split(".").reduce((n, part) => n * 256 + Number(part), 0);
/** States of an interface's entry for an address: [seconds, state]. */
function states(sim: Simulated, name: string, ip: string, from = -Infinity): [number, number][] {
  const l3 = sim.result.names.l3ifs.indexOf(name);
  assert.ok(l3 >= 0, `${name} in ${sim.result.names.l3ifs.join(" ")}`);
  return sim.records(abi.T_ARP, l3).filter((r) => r.a >>> 0 === address(ip)).map((r): [number, number] => [Number(r.at) / 1e9, r.b]).filter(([t]) => t >= from);
}
const near = (value: number, expected: number, what: string, slack = 0.00001): void => assert.ok(Math.abs(value - expected) <= slack, `${what}: ${value}, expected ${expected}`);
const arpOf = (f: CapturedFrame): { op: number; to: string; sender: string; target: string } | null =>
  f.bytes[12] !== 8 || f.bytes[13] !== 6 ? null
    : { op: f.bytes[21]!, to: Buffer.from(f.bytes.subarray(0, 6)).toString("hex"), sender: [...f.bytes.subarray(28, 32)].join("."), target: [...f.bytes.subarray(38, 42)].join(".") };

describe("ARP", () => {
  it("resolves in one round trip: two cables there, two back", async () => {
    const sim = await simulate(switchFile({ flows: [HD], steps: scenario(5, '{at: 1s, fail: "sw1:Eth11--h1:eth0"}', '{at: 2s, repair: "sw1:Eth11--h1:eth0"}') }));
    const [asked, known] = states(sim, "h1:eth0", "10.1.10.1", 2); // the router knows the host still, and asks for nobody
    assert.deepEqual([asked![1], known![1]], [abi.ARP_INCOMPLETE, abi.ARP_REACHABLE]);
    near(known![0] - asked![0], 4 * 500e-9, "4 cables of 500 ns", 1e-9);
  });

  it("three requests, a second apart, then FAILED; the next frame begins again", async () => {
    const host = ", gateway: 10.1.10.99"; // nobody has it
    const sim = await simulate(switchFile({ flows: [HD], host, steps: scenario(12, UP) }), { capturePorts: ["h1:eth0"] });
    const list = states(sim, "h1:eth0", "10.1.10.99", 0);
    assert.deepEqual(list, [], "it failed while the network came up, and fails as before: told once");
    assert.deepEqual(states(sim, "h1:eth0", "10.1.10.99").map(([, state]) => state), [abi.ARP_INCOMPLETE, abi.ARP_FAILED]);
    const requests = sim.result.frames.filter((f) => f.direction === "sent" && f.at >= 0n && arpOf(f)?.target === "10.1.10.99");
    assert.ok(requests.length >= 11, "the next frame after FAILED begins again");
    for (let i = 1; i < requests.length; i++) near(Number(requests[i]!.at - requests[i - 1]!.at) / 1e9, 1, "retransmission");
    assert.ok(requests.every((f) => arpOf(f)!.to === "ffffffffffff"));
    assert.equal(sim.records(abi.T_FLOW_UP, 0).length, 0);
  });

  it("a gateway dies: reachable time of 15 to 45 s since the last confirmation, 5 s delay, 3 probes, FAILED", async () => {
    const lengths: number[] = [];
    for (const seed of [1n, 2n, 3n, 4n]) {
      const sim = await simulate(switchFile({ flows: [HD], steps: scenario(70, "{at: 5s, fail: r1}") }), { seed });
      const list = states(sim, "h1:eth0", "10.1.10.1", 5);
      assert.deepEqual(list.slice(0, 3).map(([, state]) => state), [abi.ARP_DELAY, abi.ARP_PROBE, abi.ARP_FAILED]);
      const [delay, probe, failed] = list.map(([t]) => t);
      assert.ok(delay! - 5 >= 15 && delay! - 5 < 45, `reachable for ${delay! - 5} s`); // the flow confirmed it until the crash
      near(probe! - delay!, 5, "delay_first_probe_time");
      near(failed! - probe!, 3, "3 unicast probes a second apart");
      lengths.push(delay!);
    }
    assert.ok(new Set(lengths).size > 1, "drawn by the seed");
  });

  it("an entry that no acknowledgement confirms is probed after reachable time and delay, and answered at once: nothing to tell", async () => {
    const sim = await simulate(switchFile({ flows: ["u: {from: h1, to: d1, protocol: udp}"], steps: scenario(150, UP) }), { capturePorts: ["h1:eth0"] });
    const frames = sim.result.frames.filter((f) => f.at >= 0n);
    const probes = frames.filter((f) => f.direction === "sent" && arpOf(f)?.op === 1 && arpOf(f)?.target === "10.1.10.1");
    const answers = frames.filter((f) => f.direction === "received" && arpOf(f)?.op === 2 && arpOf(f)?.sender === "10.1.10.1");
    assert.ok(probes.length >= 2 && probes.every((f) => arpOf(f)!.to !== "ffffffffffff"));
    for (let i = 1; i < probes.length; i++) {
      const apart = Number(probes[i]!.at - probes[i - 1]!.at) / 1e9;
      assert.ok(apart >= 20 && apart < 50.1, `15 to 45 s and 5 s: ${apart}`);
    }
    assert.deepEqual(answers.map((f) => f.at), probes.map((f) => f.at + 2000n), "4 cables of 500 ns");
    assert.deepEqual(states(sim, "h1:eth0", "10.1.10.1", 0), []);
    assert.deepEqual(sim.outages, []);
  });

  it("a probe that is not answered within a second is told", async () => {
    const silent = ['{at: 5s, silent: "sw1:Eth11--h1:eth0"}', '{at: 60s, repair: "sw1:Eth11--h1:eth0"}'];
    const sim = await simulate(switchFile({ flows: ["u: {from: h1, to: d1, protocol: udp}"], steps: scenario(70, ...silent) }), { capturePorts: ["h1:eth0"] });
    const probes = sim.result.frames.filter((f) => f.at > s(5) && f.direction === "sent" && arpOf(f)?.target === "10.1.10.1" && arpOf(f)?.to !== "ffffffffffff");
    assert.equal(probes.length, 3);
    const told = states(sim, "h1:eth0", "10.1.10.1", 5).find(([, state]) => state === abi.ARP_PROBE);
    near(told![0], Number(probes[0]!.at) / 1e9, "the flow is down: told with the first", 0.00001);
  });

  it("carrier lost at the host: its entries go, and are asked for again when the carrier is back", async () => {
    const sim = await simulate(switchFile({ flows: [HD], steps: scenario(12, '{at: 5s, fail: "sw1:Eth11--h1:eth0"}', '{at: 8s, repair: "sw1:Eth11--h1:eth0"}') }));
    const list = states(sim, "h1:eth0", "10.1.10.1", 5);
    assert.deepEqual(list.map(([, state]) => state), [abi.ARP_INCOMPLETE, abi.ARP_REACHABLE]);
    near(list[0]![0], 8.01, "10 ms after the repair");
    for (const direction of [0, 1] as const) {
      const out = sim.within("hd", direction, 5, 9);
      assert.equal(out?.startNs, s(5));
      near(Number(out?.endNs) / 1e9, 8.01, "back with the carrier and one ARP", 0.00002);
    }
  });

  it("a router refreshes an entry in use when it ages, by unicast", async () => {
    const sim = await simulate(switchFile({ flows: [HD], router: ", arp-ageing: 60s", steps: scenario(200, UP) }), { capturePorts: ["h1:eth0"] });
    const asked = sim.result.frames.filter((f) => f.at > 0n && f.direction === "received" && arpOf(f)?.op === 1 && arpOf(f)?.sender === "10.1.10.1");
    assert.ok(asked.length >= 3);
    for (let i = 1; i < asked.length; i++) near(Number(asked[i]!.at - asked[i - 1]!.at) / 1e9, 60, "age since the answer", 0.0001);
    assert.deepEqual(states(sim, "r1 vlan10", "10.1.10.11", 0), [], "answered at once: nothing to tell");
    assert.ok(asked.every((f) => arpOf(f)!.to !== "ffffffffffff"));
    assert.deepEqual(sim.outages, []);
  });

  it("a hung router forwards with what it has, and asks nobody", async () => {
    const sim = await simulate(switchFile({ flows: [HD], router: ", arp-ageing: 20s", steps: scenario(80, "{at: 5s, hang: r1}") }));
    assert.deepEqual(states(sim, "r1 vlan10", "10.1.10.11", 5), []);
    // Its own MAC entry is probed by h1 only when nothing confirms it: the flow does.
    assert.deepEqual(sim.outages, []);
  });
});

describe("MAC table", () => {
  it("ages: a silent host's frames are flooded once its entry is gone, not before", async () => {
    for (const [ageing, flooded] of [["10s", 3], ["300s", 0]] as const) {
      // h3 hangs: h1 asks for it by unicast 20 to 50 s later, three times.
      const sim = await simulate(switchFile({ flows: ["hh: {from: h1, to: h3}"], sw: `, mac-ageing: ${ageing}`, steps: scenario(60, "{at: 1s, hang: h3}") }), { capturePorts: ["h2:eth0"] });
      const seen = sim.result.frames.filter((f) => f.at > s(1) && f.direction === "received" && arpOf(f)?.sender === "10.1.10.11" && arpOf(f)?.to !== "ffffffffffff");
      assert.equal(seen.length, flooded, `mac-ageing ${ageing}`);
    }
  });

  it("is flushed when a port goes down, and learns the host on its other port", async () => {
    const sim = await simulate(switchFile({ flows: ["ha: {from: h1, to: ab}"], steps: scenario(20, '{at: 5s, fail: "sw1:Eth1--ab:eth0"}', '{at: 12s, repair: "sw1:Eth1--ab:eth0"}') }));
    const flushed = sim.records(abi.T_FDB_FLUSH, sim.port("sw1:Eth1")).filter((r) => r.at > s(5) && r.at < s(12));
    assert.deepEqual(flushed.map((r) => [Number(r.at) / 1e9, r.a, r.b]), [[5.01, 1, abi.FLUSH_CARRIER]]);
    const out = sim.within("ha", 0, 5, 12);
    assert.ok(out?.endNs);
    assert.ok(out.lengthNs >= s(0.01) && out.lengthNs <= s(0.1101), `carrier and one poll of 100 ms: ${out.lengthNs}`);
    // The primary returns: its gratuitous ARP moves the entry, which was not flushed.
    const moved = sim.records(abi.T_FDB_MOVE, sim.node("sw1")).filter((r) => r.at > s(12));
    assert.deepEqual(moved.map((r) => [r.a, r.b]), [[sim.port("sw1:Eth2"), sim.port("sw1:Eth1")]]);
    assert.equal(sim.records(abi.T_GARP).filter((r) => r.at > s(5)).length, 2);
    assert.ok((sim.within("ha", 0, 12, 20)?.lengthNs ?? 0n) <= 5000n, "until the gratuitous ARP is at the switch");
  });

  it("a repaired cable that nobody noticed flushes nothing", async () => {
    const sim = await simulate(switchFile({ flows: [HD], steps: scenario(8, '{at: 5s, fail: "sw1:Eth11--h1:eth0"}', '{at: 5009ms, repair: "sw1:Eth11--h1:eth0"}') }));
    assert.deepEqual(sim.records(abi.T_CARRIER).filter((r) => r.at > 0n), []);
    assert.deepEqual(sim.records(abi.T_FDB_FLUSH), []);
    for (const direction of [0, 1] as const) assert.equal(sim.within("hd", direction, 5, 8)?.lengthNs, s(0.009));
  });
});
