// Modes and monitors of a bond, seen in the records of a run.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { T_BOND_ACTIVE, T_BOND_MAC, T_FAULT, T_GARP, T_RLB_CLIENT } from "../../../assembly/abi.ts";
import { chainOf } from "../../../bindings/analysis/causes.ts";
import { runScenario, type RunResult } from "../../../bindings/engine/index.ts";
import { parseTopology } from "../../../bindings/topology/index.ts";
import { referenceHash } from "../../reference/hash.ts";
import { addressBytes } from "../../support/hash-frames.ts";
import { topologyOf } from "../../support/topologies.ts";

async function run(bond: string, step: string): Promise<RunResult> {
  const parsed = parseTopology(`dualhome: 1
networks: {lan: {vlan: 10, subnet: 10.1.10.0/24}}
nodes: {sw1: {kind: l2switch}, srv1: {kind: server, network: lan, address: 10.1.10.11}, c1: {kind: server, network: lan, address: 10.1.10.21}}
links: ["sw1:Eth20 -- c1:eth0"]
bonds: {"srv1:bond0": {to: sw1, members: [eth0, eth1], ${bond}}}
flows: {f: {from: c1, to: srv1, dport: 53}}
scenarios: {d: {until: 20s, steps: [{at: 5s, ${step}}]}}
`, "bond.dh.yaml");
  assert.ok("topology" in parsed, "problems" in parsed ? parsed.problems.map((p) => p.message).join("; ") : "");
  return runScenario(parsed.topology, parsed.topology.scenarios[0]!);
}

/** layer3+4 of what srv1 sends to c1. */
const hashOf = (sport: number): number => referenceHash("layer3+4", {
  dstMac: [], srcMac: [], tci: 0, tags: [],
  body: { version: 4, src: addressBytes("10.1.10.11"), dst: addressBytes("10.1.10.21"), fragment: false, extensions: [], payload: { kind: "ports", proto: 6, sport, dport: 53 } },
});

/** Seconds after the step at which records of a kind were written. */
function after(result: RunResult, kind: number): number[] {
  const times: number[] = [];
  for (let i = 1; i <= result.trace.length; i++) {
    const r = result.trace.get(i);
    if (r.kind === kind && r.at >= 5_000_000_000n) times.push(Number(r.at - 5_000_000_000n) / 1e9);
  }
  return times;
}

describe("ARP monitor", () => {
  it("active-backup: a silent cable is noticed in 2.5 to 3.5 s with an interval of 1 s and two misses", async () => {
    for (const validate of ["none", "all"]) {
      const [at] = after(await run(`mode: active-backup, arp-interval: 1s, arp-ip-targets: 10.1.10.21, arp-validate: ${validate}`, 'silent: "srv1:eth0"'), T_BOND_ACTIVE);
      assert.ok(at !== undefined && at >= 2 && at <= 3.6, `${validate}: ${at}`);
    }
  });

  it("active-backup: what it finds is explained by the step that silenced the target, or let it speak again", async () => {
    const config = "mode: active-backup, arp-interval: 500ms, arp-ip-targets: 10.1.10.21, arp-validate: all";
    for (const step of ['silent: "srv1:eth0"', "hang: c1", 'fail: "sw1:Eth20"', 'silent: "sw1:Eth20--c1:eth0"']) {
      const result = await run(config, step);
      const changed = [...result.trace].filter((r) => r.kind === T_BOND_ACTIVE && r.at > 5_000_000_000n);
      assert.ok(changed.length > 0, step);
      for (const r of changed) assert.equal(chainOf(result.trace, r.id).find((x) => x.kind === T_FAULT)?.at, 5_000_000_000n, step);
    }
  });

  it("active-backup: nothing changes while the target answers", async () => {
    assert.deepEqual(after(await run("mode: active-backup, arp-interval: 200ms, arp-ip-targets: 10.1.10.21, arp-validate: all", "nothing: sw1"), T_BOND_ACTIVE), []);
  });
});

describe("a failover", () => {
  it("spaces its gratuitous ARPs by the poll, or by peer-notify-delay", async () => {
    const gaps = (times: number[]) => times.slice(1).map((t, i) => Math.round((t - times[i]!) * 1000));
    assert.deepEqual(gaps(after(await run("mode: active-backup, gratuitous-arp: 3", 'fail: "srv1:eth0"'), T_GARP)), [100, 100]);
    assert.deepEqual(gaps(after(await run("mode: active-backup, gratuitous-arp: 3, peer-notify-delay: 500ms", 'fail: "srv1:eth0"'), T_GARP)), [500, 500]);
  });

  it("moves the address with fail-over-mac-policy active and follow, and not with none", async () => {
    for (const [policy, moves] of [["none", 0], ["active", 1], ["follow", 1]] as const) {
      assert.equal(after(await run(`mode: active-backup, fail-over-mac-policy: ${policy}`, 'fail: "srv1:eth0"'), T_BOND_MAC).length, moves, policy);
    }
  });

  it("balance-tlb with tlb-dynamic off: the hash over the members that send, in their order, and nothing is dealt anew (bond_xmit_tlb_slave_get)", async () => {
    const sports = [40001, 40002, 40003, 40004, 40005, 40006, 40007, 40008];
    const topology = topologyOf(`dualhome: 1
networks: {lan: {vlan: 10, subnet: 10.1.10.0/24}}
nodes: {sw1: {kind: l2switch}, srv1: {kind: server, network: lan, address: 10.1.10.11}, c1: {kind: server, network: lan, address: 10.1.10.21}}
links: ["sw1:Eth20 -- c1:eth0"]
bonds: {"srv1:bond0": {to: sw1, members: [eth0, eth1, eth2], mode: balance-tlb, tlb-dynamic: false, transmit-hash-policy: layer3+4}}
flows: {${sports.map((sport) => `f${sport}: {from: srv1, to: c1, sport: ${sport}, dport: 53}`).join(", ")}}
scenarios: {whole: {until: 25s, steps: []}, less: {until: 25s, steps: [{at: 5s, fail: "srv1:eth1"}]}}
`);
    for (const [scenario, members] of [[topology.scenarios[0]!, ["eth0", "eth1", "eth2"]], [topology.scenarios[1]!, ["eth0", "eth2"]]] as const) {
      const { paths } = await runScenario(topology, scenario);
      const taken = sports.map((sport) => paths.find((path) => path.flow === `f${sport}` && path.direction === 0)!.hops[0]!.from);
      assert.deepEqual(taken, sports.map((sport) => `srv1:${members[hashOf(sport) % members.length]}`));
      assert.equal(new Set(taken).size, members.length, "all are used");
    }
  });

  it("balance-alb tells its clients of another member", async () => {
    const result = await run("mode: balance-alb", 'fail: "srv1:eth0"');
    assert.ok(result.trace.length > 0);
    const all: number[] = [];
    for (let i = 1; i <= result.trace.length; i++) if (result.trace.get(i).kind === T_RLB_CLIENT) all.push(i);
    assert.ok(all.length > 0);
  });
});
