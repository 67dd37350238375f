// Every outage can say why: its chain of causes leads to the fault that it belongs to, never to an older one or to the start.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as abi from "../../../assembly/abi.ts";
import { describer } from "../../../bindings/analysis/index.ts";
import { chainOf } from "../../../bindings/analysis/causes.ts";
import { MS, exampleText, pairFile, scenario, simulate, span, switchFile, type Simulated } from "../../support/topologies.ts";

/** Outages of a millisecond or more whose loss or return does not lead to a fault. */
function unexplained(sim: Simulated, shortest = MS): string[] {
  const wrong: string[] = [];
  for (const o of sim.outages) {
    if (o.lengthNs < shortest || o.startNs < 0n) continue;
    if (o.attribution !== "cause" && o.attribution !== "repaired") wrong.push(`${span(o)}: step ${o.step} by ${o.attribution}`);
    if (o.why.down.find((l) => l.kind === abi.T_FAULT) === undefined) wrong.push(`${span(o)}: no fault behind the loss`);
    if (o.endNs !== null && o.why.up.find((l) => l.kind === abi.T_FAULT) === undefined) wrong.push(`${span(o)}: no fault behind the return: ${o.why.up.map((l) => l.text).join(" / ")}`);
  }
  return wrong;
}

describe("causes: the two-site example", () => {
  it("every outage is attributed to its step by its causes", async () => {
    const sim = await simulate(exampleText("two-site"));
    assert.deepEqual(unexplained(sim), []);
    // No step's effects reach beyond the next one in this scenario, so the last step before an outage is the one to blame.
    const steps = sim.result.scenario.steps;
    for (const o of sim.outages.filter((x) => x.lengthNs >= MS)) {
      const last = steps.findLastIndex((step) => step.atNs <= o.startNs);
      assert.equal(o.step, last, span(o));
    }
  });
});

describe("causes: a pair", () => {
  const cases: string[][] = [
    ["{at: 5s, fail: leaf1}", "{at: 20s, repair: leaf1}"],
    ["{at: 5s, hang: leaf1}", "{at: 20s, repair: leaf1}"],
    ["{at: 5s, shutdown: leaf2}", "{at: 20s, repair: leaf2}"],
    ["{at: 5s, fail: mlag/pair/peer-link}", "{at: 20s, repair: mlag/pair/peer-link}"],
    ['{at: 5s, silent: "leaf1:Eth3--h1:eth0"}', '{at: 20s, repair: "leaf1:Eth3--h1:eth0"}'],
    ["{at: 5s, fail: h1}", "{at: 20s, repair: h1}"],
    ["{at: 5s, fail: mlag/pair/peer-link}", "{at: 12s, fail: leaf1}", "{at: 30s, repair: leaf1}", "{at: 45s, repair: mlag/pair/peer-link}"],
    ['{at: 5s, carrier: "h1:eth0"}', '{at: 20s, repair: "leaf1:Eth3--h1:eth0"}'],
    ['{at: 5s, carrier: "leaf2:Eth40"}', '{at: 20s, repair: "leaf2:Eth40--o2:eth0"}'],
    ['{at: 5s, fail: "leaf1:Eth40--o1:eth0"}', '{at: 20s, repair: "leaf1:Eth40--o1:eth0"}'],
  ];
  for (const steps of cases) {
    it(steps.join(" then "), async () => { assert.deepEqual(unexplained(await simulate(pairFile({ steps: scenario(70, ...steps) }))), []); });
  }

  it("an address that is no longer answered: the router's hang, seconds later", async () => {
    const flows = ["hd: {from: h1, to: d1}", "u: {from: h3, to: d1, protocol: udp}"];
    const sim = await simulate(switchFile({ flows, steps: scenario(70, "{at: 5s, hang: r1}", "{at: 62s, repair: r1}") }));
    assert.ok(sim.of("u", 0).length > 0, "UDP confirms nothing: its entry is probed and fails");
    assert.deepEqual(unexplained(sim), []);
  });

  it("a restored member says what it was suspended for", async () => {
    const sim = await simulate(pairFile({ steps: scenario(60, "{at: 5s, fail: leaf1}", "{at: 20s, repair: leaf1}") }));
    const d = describer(sim.result.names, sim.result.topology);
    const restored = sim.records(abi.T_MLAG_SUSPEND).filter((r) => r.a === 0);
    assert.ok(restored.length > 0);
    for (const r of restored) {
      assert.notEqual(r.b, 0);
      assert.match(d(r).sentence, /is restored \(was suspended: /);
    }
  });

  it("what a return costs is explained by the return, not by what it ends", async () => {
    const cases = [
      ["{at: 5s, fail: leaf1}", "{at: 20s, repair: leaf1}"],
      ['{at: 5s, silent: "leaf1:Eth3--h1:eth0"}', '{at: 20s, repair: "leaf1:Eth3--h1:eth0"}'],
    ];
    for (const steps of cases) {
      const sim = await simulate(pairFile({ steps: scenario(70, ...steps) }));
      const after = sim.outages.filter((o) => o.startNs >= 20n * 1000n * MS);
      assert.ok(after.length > 0, steps.join());
      for (const o of after) assert.equal(o.why.down.find((l) => l.kind === abi.T_FAULT)?.atNs, 20n * 1000n * MS, `${steps.join()}: ${span(o)}`);
    }
  });

  it("nothing that happens after a fault goes back to the start of the run", async () => {
    const sim = await simulate(pairFile({ steps: scenario(60, "{at: 5s, fail: leaf1}", "{at: 20s, repair: leaf1}") }));
    const d = describer(sim.result.names, sim.result.topology);
    const lost = [...sim.result.trace].filter((r) => r.at > 5n * 1000n * MS && r.kind !== abi.T_FAULT && !chainOf(sim.result.trace, r.id).some((x) => x.kind === abi.T_FAULT));
    assert.deepEqual(lost.map((r) => `${Number(r.at) / 1e9} ${d(r).sentence}`), []);
  });
});

describe("causes: who silenced the router that forwarded", () => {
  const routers = (gateway: string, subnet: string, step: string): string => `dualhome: 1
name: routers
networks: {lan: {vlan: 10, subnet: "${subnet}"}}
nodes:
  r1..2: {kind: router}
  sw: {kind: l2switch}
  h1..2: {kind: server, network: lan}
links:
  - {endpoints: ["r1:Eth1", "sw:Eth1"], networks: lan}
  - {endpoints: ["r2:Eth1", "sw:Eth2"], networks: lan}
  - h1:eth0 -- sw:Eth3
  - h2:eth0 -- sw:Eth4
gateways: {lan: {${gateway}, routers: {r1: 110, r2: 100}}}
flows: {f: {from: h1, to: h2}}
scenarios:
  s: {until: 60s, steps: [{at: 3s, silent: "h2:eth0"}, {at: 10s, ${step}}]}
`;
  const vrrp = { kinds: [abi.T_VRRP], state: abi.VRRP_MASTER, of: "vrrps" } as const;
  const protocols = [
    { ...vrrp, name: "VRRP", gateway: "protocol: vrrp, vrid: 10, vip: 10.0.0.1", subnet: "10.0.0.0/24" },
    { ...vrrp, name: "VRRP over IPv6", gateway: 'protocol: vrrp, vrid: 10, vip: "fd00::1"', subnet: "fd00::/64" },
    { name: "HSRP", gateway: "protocol: hsrp, group: 10, vip: 10.0.0.1", subnet: "10.0.0.0/24", kinds: [abi.T_HSRP], state: abi.HSRP_ACTIVE, of: "fhrps" },
    { name: "GLBP", gateway: "protocol: glbp, group: 10, vip: 10.0.0.1", subnet: "10.0.0.0/24", kinds: [abi.T_GLBP, abi.T_FORWARDER], state: null, of: "fhrps" },
  ] as const;
  for (const { name, gateway, kinds, state, of } of protocols.filter((p) => p.subnet === "10.0.0.0/24")) {
    it(`${name}: a tracked port is lost, and returns`, async () => {
      const more = name === "GLBP" ? "weighting: {value: 100, lower: 90, upper: 100}, forwarder-preempt-delay: 1s" : "preempt: true";
      const text = routers(`${gateway}, ${more}, track: [{port: Eth1, decrement: 20}]`, "10.0.0.0/24", 'fail: "r1:Eth2--aside:Eth1"}, {at: 30s, repair: "r1:Eth2--aside:Eth1"')
        .replace("port: Eth1", "port: Eth2").replace("  sw: {kind: l2switch}", "  sw: {kind: l2switch}\n  aside: {kind: l2switch}").replace("networks: {", "networks: {other: {vlan: 20}, ")
        .replace("links:", 'links:\n  - {endpoints: ["r1:Eth2", "aside:Eth1"], networks: other}\n  - {endpoints: ["r2:Eth2", "aside:Eth2"], networks: other}');
      const sim = await simulate(text);
      for (const [router, from] of [["lan@r2", 10n], ["lan@r1", 30n]] as const) {
        const taken = kinds.flatMap((kind) => sim.records(kind, sim.result.names[of].indexOf(router))).filter((r) => r.at > from * 1000n * MS && r.at < (from + 19n) * 1000n * MS && forwards(r, state));
        assert.ok(taken.length > 0, `${router} takes nothing over after ${from} s`);
        for (const r of taken) assert.equal(chainOf(sim.result.trace, r.id).find((x) => x.kind === abi.T_FAULT)?.at, from * 1000n * MS, router);
      }
    });
  }
  const forwards = (r: { kind: number; b: number }, state: number | null): boolean => r.b === (state ?? (r.kind === abi.T_GLBP ? abi.HSRP_ACTIVE : abi.FORWARDER_ACTIVE));
  for (const { name, gateway, subnet, kinds, state, of } of protocols) {
    for (const step of ["fail: r1", "hang: r1", 'fail: "r1:Eth1--sw:Eth1"', 'silent: "r1:Eth1--sw:Eth1"', 'silent: "r2:Eth1--sw:Eth2"', 'fail: "r2:Eth1--sw:Eth2"', "fail: sw"]) {
      it(`${name}: ${step}`, async () => {
        const sim = await simulate(routers(gateway, subnet, step));
        const backup = sim.result.names[of].indexOf("lan@r2");
        const taken = kinds.flatMap((kind) => sim.records(kind, backup)).filter((r) => r.at > 10n * 1000n * MS && forwards(r, state));
        for (const r of taken) {
          const fault = chainOf(sim.result.trace, r.id).find((x) => x.kind === abi.T_FAULT);
          assert.ok(fault !== undefined, `${step}: the take-over at ${r.at} has no fault behind it`);
          assert.equal(fault.at, 10n * 1000n * MS, "the fault of the step, not the older silence of a host's cable");
        }
        // A router whose own interface is down does not take over. With GLBP it takes the other's forwarder too.
        assert.equal(taken.length, step.startsWith('fail: "r2') || step === "fail: sw" ? 0 : kinds.length);
      });
    }
  }
});
