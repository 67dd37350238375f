// MC-LAG pairs: what each event does, row by row (docs/mclag.md). The pair of tests/support/topologies.ts: carrier is lost 10 ms after
// a cut, keepalives every second with a timeout of 5 s and a hold of 3 s, delay restore 5 s, boot 10 s, auto recovery 240 s.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as abi from "../../../assembly/abi.ts";
import { MS, pairFile, s, scenario, simulate, span, type Simulated } from "../../support/topologies.ts";
import { disagreements, probesOf } from "../../support/probes.ts";

const KEEPALIVE = 'keepalive: {via: link, link: "leaf1:Eth47 -- leaf2:Eth47", interval: 1s, timeout: 5s, hold: 3s}';
const PEER_LINK = "mlag/pair/peer-link";
const DETECT = 0.01; // carrier
const POLL = 0.1; // the bond's MII monitor
const WIRES = 0.00001; // some cables of 500 ns

const run = (until: number, ...steps: string[]): Promise<Simulated> => simulate(pairFile({ pair: [KEEPALIVE], steps: scenario(until, ...steps) }));

function between(value: number, low: number, high: number, what: string): void {
  assert.ok(value >= low && value <= high, `${what}: ${value} is not within ${low}..${high}`);
}
const length = (sim: Simulated, flow: string, direction: 0 | 1, from: number, to: number): number => Number(sim.within(flow, direction, from, to)?.lengthNs ?? 0n) / 1e9;
const listOf = (sim: Simulated): string[] => sim.outages.filter((o) => o.subject === "direction").map(span);
/** Longest outage of a direction that begins within [from, to). */
const worst = (sim: Simulated, flow: string, from: number, to: number): number => Math.max(0, ...sim.outages
  .filter((o) => o.subject === "direction" && o.name === flow && o.startNs >= s(from) && o.startNs < s(to)).map((o) => Number(o.lengthNs) / 1e9));

describe("MC-LAG: one system", () => {
  it("both peers show one system id and key, and different port numbers", async () => {
    const sim = await simulate(pairFile({ steps: scenario(5, "{at: 1s, nothing: leaf1}") }), { capturePorts: ["h1:eth0", "h1:eth1"] });
    const seen = ["h1:eth0", "h1:eth1"].map((port) => {
      const pdu = sim.result.frames.findLast((f) => f.port === port && f.direction === "received" && f.bytes[12] === 0x88 && f.bytes[13] === 0x09);
      assert.ok(pdu, `no LACPDU at ${port}`);
      const hex = Buffer.from(pdu.bytes).toString("hex");
      return { system: hex.slice(36, 52), key: hex.slice(52, 56), port: pdu.bytes[30]! * 256 + pdu.bytes[31]! };
    });
    assert.equal(seen[0]!.system, "7f9b002304eebe01"); // priority 32667, 00:23:04:ee:be and the domain
    assert.equal(seen[0]!.system, seen[1]!.system);
    assert.equal(seen[0]!.key, seen[1]!.key);
    assert.notEqual(seen[0]!.port, seen[1]!.port);
    assert.equal(seen[1]!.port & 0x8000, 0x8000, "the second peer sets bit 15");
  });

  it("delivers every frame once: probes, and a broadcast at a dual-homed host", async () => {
    const sim = await simulate(pairFile({ steps: scenario(10, "{at: 1s, nothing: leaf1}") }), { probeNs: 10n * MS, capturePorts: ["h2:eth0", "h2:eth1"] });
    const probes = probesOf(sim);
    assert.deepEqual(probes.duplicates, []);
    assert.deepEqual(disagreements(sim, 10n * MS), []);
    const requests = sim.result.frames.filter((f) => f.direction === "received" && f.bytes[12] === 8 && f.bytes[13] === 6 && f.bytes[0] === 0xff);
    assert.ok(requests.length > 0);
    const copies = new Map<string, number>();
    for (const f of requests) {
      const key = `${f.at / MS} ${Buffer.from(f.bytes.subarray(14, 42)).toString("hex")}`;
      copies.set(key, (copies.get(key) ?? 0) + 1);
    }
    assert.deepEqual([...copies.values()].filter((n) => n > 1), []);
  });
});

describe("MC-LAG: an address that only one peer sees", () => {
  // h1 answers by leaf1, o2 is behind leaf2: no frame of h1 passes a port of leaf2 that teaches.
  const file = (port: number, pair: string[], steps: string): string =>
    pairFile({ pair: [KEEPALIVE, ...pair], flows: [`f: {from: o2, to: h1, protocol: udp, sport: ${port}}`], steps }).replace("mac-ageing: 300s", "mac-ageing: 10s");
  const forth = (sim: Simulated): { from: string; flooded: boolean }[] => sim.result.paths.find((path) => path.flow === "f" && path.direction === 0)!.hops;

  it("lives while the other one sees it, and is gone when both have not seen it for the ageing time", async () => {
    // Cutting an unused cable makes every way be looked at anew.
    const look = scenario(40, '{at: 30s, fail: "leaf1:Eth1--ab:eth0"}');
    const port = await crossing(file, look);
    assert.ok(forth(await simulate(file(port, [], look))).every((hop) => !hop.flooded));
    // With the peer-link gone before, there is nobody to ask: leaf2 floods what is for h1.
    const apart = scenario(40, `{at: 1s, fail: ${PEER_LINK}}`, '{at: 30s, fail: "leaf1:Eth1--ab:eth0"}');
    const alone = forth(await simulate(file(port, ["suspend-secondary: false"], apart)));
    assert.ok(alone.length === 0 || alone.some((hop) => hop.flooded), JSON.stringify(alone));
  });

  /** A source port whose answers h1 sends to leaf1: three cables back. */
  async function crossing(of: typeof file, steps: string): Promise<number> {
    for (let port = 40000; port < 40016; port++) {
      const sim = await simulate(of(port, [], steps));
      if (sim.result.paths.find((path) => path.flow === "f" && path.direction === 1)!.hops.length === 3) return port;
    }
    throw new Error("no source port crosses");
  }
});

describe("MC-LAG: a leg", () => {
  const flows = ["oh: {from: o1, to: h1}", "o2h: {from: o2, to: h1}"];
  const file = (...steps: string[]): string => pairFile({ pair: [KEEPALIVE], flows, steps: scenario(40, ...steps) });
  const hops = (sim: Simulated, flow: string, at: number): number => sim.records(abi.T_FLOW_UP, sim.result.names.flows.indexOf(flow) * 2).findLast((r) => r.at <= s(at))!.a;

  it("is preferred locally, replaced by the peer-link when it is down, and used again when it is back", async () => {
    // At 37 s the peer-link goes: the secondary has not suspended yet when the run ends, and nobody misses it.
    const sim = await simulate(file('{at: 5s, fail: "leaf1:Eth3--h1:eth0"}', '{at: 15s, repair: "leaf1:Eth3--h1:eth0"}', `{at: 37s, fail: ${PEER_LINK}}`));
    assert.equal(hops(sim, "oh", 4), 2); // o1, leaf1, h1
    assert.equal(hops(sim, "o2h", 4), 2); // o2, leaf2, h1: not over leaf1
    const out = sim.within("oh", 0, 5, 15);
    assert.ok(out?.endNs, "the leg of leaf1 carried it");
    assert.equal(out.startNs, s(5));
    between(Number(out.lengthNs) / 1e9, DETECT, DETECT + WIRES, "until leaf1 sees the carrier go"); // then MACs point at the peer-link
    assert.equal(hops(sim, "oh", 14), 3); // o1, leaf1, leaf2, h1
    assert.equal(sim.within("o2h", 0, 5, 40), undefined, listOf(sim).join("\n"));
    // Back: the bond's driver looks every 100 ms; leaf1 sends as soon as the host is in sync, the host collects at its next tick.
    between(worst(sim, "oh", 15, 37), 0, POLL + WIRES, "the leg comes back");
    assert.equal(worst(sim, "oh", 37, 40), 0, listOf(sim).join("\n"));
  });
});

describe("MC-LAG: a peer dies and returns", () => {
  it("costs its hosts their detection; its members wait for the delay restore; orphans wait for the boot", async () => {
    const sim = await run(60, "{at: 5s, fail: leaf2}", "{at: 20s, repair: leaf2}");
    for (const flow of ["hh", "hd"]) between(worst(sim, flow, 5, 20), 0, DETECT + POLL + WIRES, flow);
    assert.ok(["hh", "hd", "ho2"].some((flow) => worst(sim, flow, 5, 20) >= DETECT), "somebody used leaf2");
    for (const direction of [0, 1] as const) between(length(sim, "oo", direction, 5, 20), 25 + DETECT, 25 + DETECT + WIRES, "orphan: 15 s dead, 10 s boot, carrier");
    assert.deepEqual(sim.roles("leaf1", 0), []);
    assert.deepEqual(sim.suspensions("leaf2:Po1", 0).map(([t, on, why]) => [Number(t.toFixed(2)), on, why]), [[30, 1, abi.SUSPEND_ALONE], [35.01, 0, abi.SUSPEND_DELAY_RESTORE]]);
    between(worst(sim, "hh", 20, 60), 0, POLL + WIRES, "members return");
  });

  it("roles are sticky: the survivor becomes primary and stays it", async () => {
    const sim = await run(70, "{at: 5s, fail: leaf1}", "{at: 20s, repair: leaf1}");
    const taken = sim.roles("leaf2", 0);
    assert.equal(taken.length, 1);
    assert.equal(taken[0]![1], abi.MLAG_PRIMARY);
    between(taken[0]![0], 5 + DETECT + 5, 5 + DETECT + 5 + WIRES, "peer-link lost, nothing heard for the timeout of 5 s");
    assert.deepEqual(sim.roles("leaf1", 0).map(([, role]) => role), [abi.MLAG_SECONDARY]);
    assert.deepEqual(sim.suspensions("leaf2:Po1", 0), [], "never suspended");
  });

  it("an active-backup host moves to the other peer: carrier, one poll, and its gratuitous ARP", async () => {
    const sim = await run(18, "{at: 5s, fail: leaf1}");
    const out = sim.within("hab", 0, 5, 18);
    assert.ok(out?.endNs);
    between(Number(out.lengthNs) / 1e9, DETECT, DETECT + POLL + WIRES, "hab");
    assert.equal(sim.records(abi.T_BOND_ACTIVE).filter((r) => r.at > s(5)).length, 1);
  });
});

describe("MC-LAG: keepalive and peer-link", () => {
  it("keepalive lost alone: seen after 5 s, no effect", async () => {
    const sim = await run(30, "{at: 5s, fail: mlag/pair/keepalive}", "{at: 15s, repair: mlag/pair/keepalive}");
    assert.deepEqual(listOf(sim), []);
    assert.deepEqual(sim.roles("leaf1", 0), []);
    const leaf2 = sim.records(abi.T_MLAG_KEEPALIVE, sim.peer("leaf2")).filter((r) => r.at > 0n);
    assert.deepEqual(leaf2.map((r) => r.a), [0, 1]);
    between(Number(leaf2[0]!.at) / 1e9, 9, 10.01, "the last one came up to 1 s before the cut");
  });

  it("peer-link lost: the secondary hears the primary after the hold and suspends; its orphan is cut off", async () => {
    const sim = await run(60, `{at: 5s, fail: ${PEER_LINK}}`, `{at: 20s, repair: ${PEER_LINK}}`);
    const [first, back] = sim.suspensions("leaf2:Po1", 0);
    between(first![0], 5 + DETECT + 3, 5 + DETECT + 4 + WIRES, "the first keepalive after the hold of 3 s");
    assert.deepEqual([first![1], first![2], back![1], back![2]], [1, abi.SUSPEND_PEERLINK, 0, abi.SUSPEND_DELAY_RESTORE]);
    between(back![0], 25 + DETECT, 25 + DETECT + WIRES, "delay restore of 5 s after the peer-link is up");
    assert.deepEqual(sim.suspensions("leaf1:Po1", 0), [], "the primary goes on");
    for (const flow of ["hh", "hd"]) between(worst(sim, flow, 5, 20), 0, DETECT + POLL + WIRES, `${flow}: its members at leaf2 lose carrier`);
    assert.equal(sim.within("oo", 0, 5, 20)?.startNs, s(5)); // o1 to o2 needs the peer-link from the first instant
    between(length(sim, "oo", 0, 5, 20), 15 + DETECT, 15 + DETECT + WIRES, "until it is back");
    const cut = sim.within("ho2", 1, 5, 20); // o2 to h1 over leaf2's own leg: until that is suspended
    assert.ok(cut && Math.abs(Number(cut.startNs) / 1e9 - first![0]) < WIRES, "o2 is alone once leaf2 has suspended");
    const vrrp = sim.records(abi.T_VRRP).filter((r) => r.at > s(5) && r.at < s(20) && sim.result.names.vrrps[r.entity]!.endsWith("@leaf2"));
    assert.deepEqual(vrrp.slice(-2).map((r) => r.b), [abi.VRRP_INITIALIZE, abi.VRRP_INITIALIZE], "its VLAN interfaces went with the members");
  });

  it("peer-link lost because the primary died: the secondary takes over within 5 s and never suspends", async () => {
    const sim = await run(30, `{at: 5s, fail: ${PEER_LINK}}`, "{at: 5s, fail: leaf1}");
    assert.deepEqual(sim.suspensions("leaf2:Po1", 0), []);
    between(sim.roles("leaf2", 0)[0]![0], 10 + DETECT, 10 + DETECT + WIRES, "primary");
    for (const flow of ["hh", "hd"]) between(worst(sim, flow, 5, 30), 0, DETECT + POLL + WIRES, flow);
  });

  it("keepalive lost, then the peer-link: both primary; dual-homed hosts talk on, orphans of the two are apart", async () => {
    const sim = await run(50, "{at: 5s, fail: mlag/pair/keepalive}", `{at: 15s, fail: ${PEER_LINK}}`, `{at: 35s, repair: ${PEER_LINK}}`);
    assert.deepEqual(sim.roles("leaf2", 0).map(([, role]) => role), [abi.MLAG_PRIMARY, abi.MLAG_SECONDARY]);
    between(sim.roles("leaf2", 0)[0]![0], 20 + DETECT, 20 + DETECT + WIRES, "the timeout after the loss");
    between(sim.roles("leaf2", 0)[1]![0], 35 + DETECT, 35 + DETECT + WIRES, "the better priority wins when they meet");
    assert.deepEqual(sim.roles("leaf1", 0), []);
    assert.deepEqual(sim.suspensions("leaf2:Po1", 0), []);
    assert.deepEqual([...new Set(sim.outages.filter((o) => o.startNs >= s(15)).map((o) => o.name))], ["oo"]);
  });

  it("peer-link lost, then the primary dies: the suspended secondary recovers by itself 240 s after the last keepalive timed out", async () => {
    const sim = await run(290, `{at: 5s, fail: ${PEER_LINK}}`, "{at: 15s, fail: leaf1}");
    const [, back] = sim.suspensions("leaf2:Po1", 0);
    between(back![0], 15 + 4 + 240, 15 + 5 + 240 + WIRES, "timeout 5 s after a keepalive of the last second, then 240 s");
    assert.deepEqual([back![1], back![2]], [0, abi.SUSPEND_PEERLINK]);
    assert.deepEqual(sim.roles("leaf2", 0).map(([, role]) => role), [abi.MLAG_PRIMARY]);
    const out = sim.within("hh", 0, 15, 16);
    assert.ok(out?.endNs, listOf(sim).join("\n"));
    between(Number(out.endNs) / 1e9, back![0], back![0] + 4, "LACP forms the bundle");
  });

  it("both rebooted, one returns: members stay down until auto recovery", async () => {
    const sim = await run(290, "{at: 5s, fail: leaf1}", "{at: 5s, fail: leaf2}", "{at: 15s, repair: leaf2}");
    assert.deepEqual(sim.suspensions("leaf2:Po1", 0), [[25, 1, abi.SUSPEND_ALONE], [265, 0, abi.SUSPEND_ALONE]]); // boot at 15 + 10, 240 s later
    assert.deepEqual(sim.roles("leaf2", 0), [[265, abi.MLAG_PRIMARY]]);
  });

  it("auto recovery off: members stay down", async () => {
    const sim = await simulate(pairFile({ pair: [KEEPALIVE, "auto-recovery: off"], steps: scenario(400, "{at: 5s, fail: leaf1}", "{at: 5s, fail: leaf2}", "{at: 15s, repair: leaf2}") }));
    assert.deepEqual(sim.suspensions("leaf2:Po1", 0), [[25, 1, abi.SUSPEND_ALONE]]);
  });
});

describe("MC-LAG: failures during the delay restore", () => {
  it("peer-link and keepalive lost: the delay goes on, members return when nobody was heard", async () => {
    const sim = await run(60, "{at: 5s, fail: leaf2}", "{at: 20s, repair: leaf2}", "{at: 31s, fail: mlag/pair/keepalive}", `{at: 34s, fail: ${PEER_LINK}}`);
    const [, back] = sim.suspensions("leaf2:Po1", 0);
    between(back?.[0] ?? Infinity, 34 + DETECT + 5, 34 + DETECT + 5 + WIRES, "restored once it has decided"); // the delay itself was over at 35 s
    assert.deepEqual(sim.roles("leaf2", 0).map(([, role]) => role), [abi.MLAG_SECONDARY, abi.MLAG_PRIMARY]);
  });

  it("peer-link lost, primary alive: no VLAN interface comes up behind the suspension", async () => {
    const sim = await run(45, "{at: 5s, fail: leaf2}", "{at: 20s, repair: leaf2}", `{at: 30500ms, fail: ${PEER_LINK}}`);
    assert.deepEqual(sim.suspensions("leaf2:Po1", 0).map(([, on]) => on), [1]);
    const vrrp = sim.records(abi.T_VRRP).filter((r) => r.at > s(30.5) && r.b !== abi.VRRP_INITIALIZE && sim.result.names.vrrps[r.entity]!.endsWith("@leaf2"));
    assert.deepEqual(vrrp, []);
  });
});
