import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as abi from "../../../assembly/abi.ts";
import { notReady } from "../../../bindings/analysis/outages.ts";
import { begun, branched, outages, statistics } from "../../../bindings/analysis/index.ts";
import { TRACE_BYTES } from "../../../assembly/abi.ts";
import { Trace } from "../../../bindings/trace/records.ts";
import { cutAndReturn, flow, ms, run, scenario, service, silentScenario, step, topology, TraceMaker } from "./fixture.ts";

const sample = () => run(cutAndReturn(), { scenario: silentScenario() });

describe("what is not up when the scenario begins", () => {
  const reasons = (t: TraceMaker) => notReady(run(t)).filter((n) => n.name === "web").map((n) => [n.firstUpNs, n.key, n.place]);
  test("the reason is that of the direction which is down, be it the way back", () => {
    const t = new TraceMaker();
    t.add(2000, abi.T_FLOW_UP, 0);
    t.add(2000, abi.T_FLOW_DOWN, 1, 0, abi.DROP_NO_ROUTE, 1, -1);
    assert.deepEqual(reasons(t), [[null, "no-route", "leaf2"]]);
  });
  test("with both down it is the later one", () => {
    const t = new TraceMaker();
    t.add(2000, abi.T_FLOW_DOWN, 1, 0, abi.DROP_NO_ROUTE, 1, -1);
    t.add(3000, abi.T_FLOW_DOWN, 0, 0, abi.DROP_NO_ARP, 2, -1);
    assert.deepEqual(reasons(t), [[null, "no-arp", "srv1"]]);
  });
  test("what is lost before the first up is bring-up, said by a record or not", () => {
    const t = new TraceMaker();
    t.add(1000, abi.T_FLOW_DOWN, 0, 0, abi.DROP_NO_ARP, 2, -1);
    t.up(2000, 0);
    assert.deepEqual(outages(run(t)).filter((o) => o.name === "web"), []);
  });
  test("up before the first step, at 10 s, is ready; up after it is late", () => {
    const at = (msUp: number) => { const t = new TraceMaker(); t.up(msUp, 0); return reasons(t).length; };
    assert.deepEqual([at(10000), at(10000.001)], [0, 1]);
  });
});

test("a run that branched has the outages that the whole run has, wherever it branched, and the one it branched from stays as it was", () => {
  const whole = cutAndReturn().trace();
  const expected = outages(sample()).filter((o) => o.subject !== "direction");
  for (let records = 0; records <= whole.length; records++) {
    const before = new Trace();
    for (let id = 1; id <= records; id++) before.append(whole.bytes().slice((id - 1) * TRACE_BYTES, id * TRACE_BYTES));
    const from = begun({ ...sample(), trace: before });
    const untouched = JSON.stringify(from.timelines, digits);
    for (let again = 0; again < 2; again++) {
      const found = outages(sample(), branched(sample(), from), ["service", "flow"]);
      assert.equal(JSON.stringify(found, digits), JSON.stringify(expected, digits), `branched after ${records} records`);
    }
    assert.equal(JSON.stringify(from.timelines, digits), untouched);
  }
});
const digits = (_: string, value: unknown): unknown => (typeof value === "bigint" ? `${value}n` : value);

describe("outages of a flow", () => {
  test("bring-up is no outage; failure and return are two", () => {
    const flows = outages(sample()).filter((o) => o.subject === "flow");
    assert.deepEqual(flows.map((o) => [o.name, o.startNs, o.endNs, o.lengthNs, o.step, o.phase, o.attribution]), [
      ["web", ms(10000), ms(13000.25), ms(3000.25), 0, "failure", "cause"],
      ["web", ms(41000), ms(41200), ms(200), 1, "return", "cause"],
    ]);
  });

  test("only the direction that lost frames is down", () => {
    const directions = outages(sample()).filter((o) => o.subject === "direction");
    assert.deepEqual(directions.map((o) => [o.direction, o.ends]), [[0, "srv1 → srv2"], [0, "srv1 → srv2"]]);
  });

  test("the drop reason names the place", () => {
    const [first] = outages(sample());
    assert.deepEqual(first!.reasons.map((r) => [r.key, r.place]), [["link-dark", "srv1:eth0"]]);
  });

  test("the flow is down while either direction is", () => {
    const t = new TraceMaker();
    t.up(1, 0);
    t.add(10000, abi.T_FLOW_DOWN, 0, 0, abi.DROP_NO_ARP, -1, -1);
    t.add(10100, abi.T_FLOW_DOWN, 1, 0, abi.DROP_NO_ROUTE, -1, -1);
    t.add(10200, abi.T_FLOW_UP, 0);
    t.add(10300, abi.T_FLOW_UP, 1);
    const [o] = outages(run(t)).filter((x) => x.subject === "flow");
    assert.deepEqual([o!.startNs, o!.endNs], [ms(10000), ms(10300)]);
    assert.deepEqual(o!.reasons.map((r) => r.key), ["no-arp", "no-route"]);
  });

  test("still down at the end is an open outage, as long as the run", () => {
    const t = new TraceMaker();
    t.up(1, 0);
    t.add(50000, abi.T_FLOW_DOWN, 1, 0, abi.DROP_NO_ROUTE, 0, -1);
    const [o] = outages(run(t)).filter((x) => x.subject === "flow");
    assert.deepEqual([o!.endNs, o!.lengthNs, o!.reasons[0]!.place, o!.why.up.length], [null, ms(10000), "leaf1", 0]);
  });

  test("without a chain to a fault the last step before is named, and said to be only that", () => {
    const t = new TraceMaker();
    t.up(1, 0);
    t.add(41000, abi.T_FLOW_DOWN, 0, 0, abi.DROP_NO_ARP, -1, -1);
    const [o] = outages(run(t));
    assert.deepEqual([o!.step, o!.attribution, o!.phase], [1, "time", "return"]);
  });

  test("what begins after the repair belongs to the return, also when its chain begins with the failure", () => {
    const t = new TraceMaker();
    t.up(1, 0);
    const cut = t.add(10000, abi.T_FAULT, 0, 0, abi.FAULT_FAIL, abi.TARGET_LINK);
    t.add(39000, abi.T_FLOW_DOWN, 0, cut, abi.DROP_NO_ARP);
    t.add(39500, abi.T_FLOW_UP, 0, cut);
    t.add(40500, abi.T_FLOW_DOWN, 0, cut, abi.DROP_NOT_COLLECTING);
    t.add(41000, abi.T_FLOW_UP, 0, cut);
    const found = outages(run(t)).filter((o) => o.subject === "flow");
    assert.deepEqual(found.map((o) => [o.step, o.phase, o.attribution]), [[0, "failure", "cause"], [1, "return", "repaired"]]);
  });

  test("down and up in one instant is nothing; up and down in one instant is one outage", () => {
    const t = new TraceMaker();
    t.up(1, 0);
    t.add(10000, abi.T_FLOW_DOWN, 0, 0, abi.DROP_NO_ARP);
    t.add(10000, abi.T_FLOW_UP, 0);
    assert.equal(outages(run(t)).length, 0);
    t.add(11000, abi.T_FLOW_DOWN, 0, 0, abi.DROP_NO_ARP);
    t.add(12000, abi.T_FLOW_UP, 0);
    t.add(12000, abi.T_FLOW_DOWN, 0, 0, abi.DROP_NO_ROUTE);
    t.add(13000, abi.T_FLOW_UP, 0);
    const [o, ...rest] = outages(run(t)).filter((x) => x.subject === "flow");
    assert.deepEqual([o!.lengthNs, rest.length, o!.reasons.length], [ms(2000), 0, 2]);
  });

  test("flaps before the first step are bring-up; what lasts into it counts", () => {
    const t = new TraceMaker();
    t.up(1, 0);
    t.add(100, abi.T_FLOW_DOWN, 0, 0, abi.DROP_NO_ARP);
    t.add(200, abi.T_FLOW_UP, 0);
    assert.equal(outages(run(t)).length, 0);
    t.add(9000, abi.T_FLOW_DOWN, 0, 0, abi.DROP_NO_ARP);
    t.add(11000, abi.T_FLOW_UP, 0);
    const [o] = outages(run(t));
    assert.deepEqual([o!.startNs, o!.step, o!.phase], [ms(9000), null, null]);
  });
});

describe("why", () => {
  test("both chains start at the scenario event", () => {
    const [o] = outages(sample());
    assert.deepEqual(o!.why.down.map((l) => l.text), [
      "link leaf1:Eth1--srv1:eth0 drops frames both ways, carrier stays",
      "flow web forward is down: sent into a dead link, loss not noticed yet at srv1:eth0",
    ]);
    assert.deepEqual(o!.why.up.map((l) => [l.deltaNs, l.text]).slice(1), [
      [ms(3000), "srv1:eth0 LACP receive EXPIRED: no LACPDU within the timeout"],
      [0n, "srv1:eth0 LACP mux ATTACHED"],
      [0n, "srv1:eth0 as a member: neither receives nor sends"],
      [ms(0.25), "flow web forward is up over 3 hops"],
    ]);
  });

  test("what kept it down is the longest gap while it was down", () => {
    const kept = outages(sample()).filter((o) => o.subject === "flow").map((o) => o.why.keptDown!);
    assert.deepEqual(kept.map((k) => [k.lengthNs, k.fromNs, k.endedBy.text]), [
      [ms(3000), ms(10000), "srv1:eth0 LACP receive EXPIRED: no LACPDU within the timeout"],
      [ms(200), ms(41000), "leaf1:Eth1 LACP mux COLLECTING_DISTRIBUTING"],
    ]);
  });

  test("a cause that does not come earlier ends the walk", () => {
    const t = new TraceMaker();
    t.up(1, 0);
    t.add(10000, abi.T_FLOW_DOWN, 0, 99, abi.DROP_NO_ARP);
    assert.equal(outages(run(t))[0]!.why.down.length, 1);
  });
});

describe("services", () => {
  test("a service follows its chosen flow", () => {
    const t = new TraceMaker();
    t.up(1, 0);
    t.up(1, 1);
    const f = t.add(10000, abi.T_FAULT, 0, 0, abi.FAULT_FAIL, abi.TARGET_LINK);
    t.add(10000, abi.T_FLOW_DOWN, 0, f, abi.DROP_NO_MEMBER, 2, -1);
    const check = t.add(13000, abi.T_SERVICE_CHECK, 0, f, 0, 0);
    t.add(15000, abi.T_SERVICE, 0, check, 0, 1);
    t.add(20000, abi.T_FLOW_UP, 0, f);
    t.add(21000, abi.T_FLOW_DOWN, 0, f, abi.DROP_NO_MEMBER, 2, -1); // the primary no longer matters
    t.add(30000, abi.T_FLOW_DOWN, 3, f, abi.DROP_NO_ROUTE, 1, -1); // the standby does
    t.add(31000, abi.T_FLOW_UP, 3, f);
    const made = run(t, { topology: topology({ services: [service("erp", "web", "db", 5000)] }) });
    const found = outages(made).filter((o) => o.subject === "service");
    assert.deepEqual(found.map((o) => [o.startNs, o.endNs, o.reasons[0]!.key]), [
      [ms(10000), ms(15000), "no-member"], [ms(30000), ms(31000), "no-route"],
    ]);
    assert.deepEqual(found.map((o) => o.ends), ["srv1 → erp", "srv1 → erp"], "whoever answers: the client means the service, whichever way the frames are lost");
    assert.equal(found[0]!.why.keptDown!.endedBy.text, "health check of service erp (primary) is failing");
    assert.equal(statistics(made).subjects[0]!.kept, true);
  });
});

describe("statistics", () => {
  test("worst of failure and of return, and the budget", () => {
    const f = statistics(sample());
    const web = f.subjects.find((s) => s.name === "web")!;
    assert.deepEqual([web.outages, web.totalNs, web.failure?.lengthNs, web.return?.lengthNs, web.kept], [2, ms(3200.25), ms(3000.25), ms(200), false]);
    assert.equal(f.subjects.find((s) => s.name === "db")!.kept, null);
    assert.deepEqual([f.budgets, f.pass, f.stillDown], [{ kept: 0, broken: 1 }, false, 0]);
    assert.deepEqual(f.steps.map((s) => [s.text, s.phase, s.outages.length]), [
      ["fail leaf1:Eth1--srv1:eth0", "failure", 1], ["repair leaf1:Eth1--srv1:eth0", "return", 1],
    ]);
  });

  test("open outages and flows that never came up keep no budget", () => {
    const t = new TraceMaker();
    t.up(1, 0);
    t.add(59999, abi.T_FLOW_DOWN, 0, 0, abi.DROP_NO_ARP);
    const f = statistics(run(t, { topology: topology({ flows: [flow("web", 500), flow("db", 500)] }) }));
    assert.deepEqual(f.subjects.map((s) => s.kept), [false, false]);
    assert.deepEqual(f.notReady.map((n) => [n.subject, n.name, n.firstUpNs]), [["service", "erp", null], ["flow", "db", null]]);
  });

  test("flows with one chain of causes share one explanation", () => {
    const t = new TraceMaker();
    t.up(1, 0);
    t.up(1, 1);
    const f = t.add(10000, abi.T_FAULT, 0, 0, abi.FAULT_FAIL, abi.TARGET_LINK);
    for (const d of [0, 2]) t.add(10000, abi.T_FLOW_DOWN, d, f, abi.DROP_NO_MEMBER, 2, -1);
    const lag = t.add(10100, abi.T_LAG, 0, f, 1, 1);
    for (const d of [0, 2]) t.add(10100, abi.T_FLOW_UP, d, lag);
    const [first] = statistics(run(t)).steps;
    assert.deepEqual(first!.explanations.map((e) => e.names), [["web", "db"]]);
    assert.equal(first!.outages.length, 2);
  });

  test("probes count from the first step on; those that did not arrive are lost", () => {
    const t = new TraceMaker(); // one a second; the first step is at 10 s, the end at 60 s: probes 10 to 59
    for (let k = 0; k < 60; k++) if (k !== 5 && k !== 12 && k !== 13) t.add(k * 1000 + 1, abi.T_PROBE, 1, 0, k, 1, 900);
    const found = statistics(run(t, { probeNs: ms(1000) })).probes;
    assert.deepEqual(found[1], { flow: "web", direction: 1, sent: 50, lost: 2 });
    assert.deepEqual(found[0], { flow: "web", direction: 0, sent: 50, lost: 50 }, "nothing arrived that way");
    assert.deepEqual(statistics(run(t)).probes, [], "no probe mode");
  });

  test("a step with several targets is found by any of their records", () => {
    const steps = [{ ...step(10000, "fail"), targets: [{ kind: "link" as const, name: "x" }] }, { ...step(10000, "fail", "leaf1", "node"), target: "site/fra" }];
    const t = new TraceMaker();
    t.up(1, 0);
    const f = t.add(10000, abi.T_FAULT, 0, 0, abi.FAULT_FAIL, abi.TARGET_NODE);
    t.add(10000, abi.T_FLOW_DOWN, 0, f, abi.DROP_NODE_DOWN, 0, -1);
    assert.equal(outages(run(t, { scenario: scenario(steps) }))[0]!.step, 1);
  });
});
