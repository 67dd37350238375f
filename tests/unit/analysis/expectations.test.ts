// expect: what steps leave behind, judged at its instant and told with its place; flap: what it is made into. examples/maintenance.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { statistics } from "../../../bindings/analysis/index.ts";
import { outcomes } from "../../../bindings/applications/index.ts";
import { expectations, type Judged } from "../../../bindings/expectations/index.ts";
import { runScenario } from "../../../bindings/engine/index.ts";
import { parseTopology, type Topology } from "../../../bindings/topology/index.ts";
import { exampleText, s } from "../../support/topologies.ts";

/** srv1 has one cable in use and one in reserve; each switch leads to srv2 by sw3. r1 and r2 are the gateway. */
const file = (steps: string, more = ""): string => `dualhome: 1
defaults: {link: {speed: 10G, delay: 500ns, loss-detect: 10ms}, bond: {mode: active-backup, mii-monitor-interval: 100ms}, switch: {boot: 10s}}
networks: {lan: {vlan: 10, subnet: 10.1.10.0/24}}
nodes: {sw1..3: {kind: l2switch}, r1..2: {kind: router}, srv1..3: {kind: server, network: lan, boot: 10s}}
links: ["sw3:Eth1 -- sw1:Eth49", "sw3:Eth2 -- sw2:Eth49", "sw3:Eth10 -- srv2:eth0", "sw3:Eth11 -- srv3:eth0", {endpoints: ["sw3:Eth20", "r1:Eth1"], networks: lan}, {endpoints: ["sw3:Eth21", "r2:Eth1"], networks: lan}]
bonds: {"srv1:bond0": {to: [sw1, sw2], members: [eth0, eth1], primary: eth0}}
gateways: {lan: {protocol: vrrp, version: 3, vrid: 10, vip: 10.1.10.1/24, routers: {r1: 110, r2: 100}, advert-interval: 1s}}
flows: {web: {from: srv1, to: srv2..3}, side: {from: srv2, to: srv3}}
services: {shop: {clients: srv1, servers: srv2}}
${more}scenarios:
  s:
    until: 60s
    steps:
${steps.split("\n").map((line) => `      ${line}`).join("\n")}
`;

const parsed = (text: string): Topology => {
  const result = parseTopology(text, "x.dh.yaml");
  if (!("topology" in result)) assert.fail(result.problems.map((p) => `${p.where.line}:${p.where.col} ${p.code} ${p.message}`).join("; "));
  return result.topology;
};

async function judged(steps: string, seed = 1n): Promise<Judged[]> {
  const topology = parsed(file(steps));
  const run = await runScenario(topology, topology.scenarios[0]!, { seed });
  return expectations(run, statistics(run), outcomes(run));
}

const short = (all: readonly Judged[]): [string, boolean][] => all.map((e) => [e.text, e.kept]);

describe("what is expected", () => {
  test("is judged just before the next step, after the time that it says, or at the end", async () => {
    const all = await judged(`- {at: 10s, fail: "sw1:Eth1--srv1:eth0", expect: [{within: 5ms, down: web, up: side}, {up: [web, shop], max-outage: 200ms, active: {"srv1:bond0": eth1}}]}
- {at: 20s, repair: "sw1:Eth1--srv1:eth0", expect: {up: all, active: {"srv1:bond0": eth0}}}`);
    assert.deepEqual(short(all), [
      ["up side", true], ["down web", true],
      // carrier 10 ms, then a poll of 100 ms at most
      ["up web", true], ["up shop", true], ["max-outage 200ms of all", true], ["active of srv1:bond0: eth1", true],
      ["up all", true], ["active of srv1:bond0: eth0", true],
    ]);
    assert.deepEqual([...new Set(all.map((e) => `${e.atNs} ${e.before}`))], [`${s(10.005)} false`, `${s(20)} true`, `${s(60)} false`]);
    assert.equal(all[0]!.stepText, "fail sw1:Eth1--srv1:eth0");
  });

  test("the instant of the next step is not part of it", async () => {
    const all = await judged(`- {at: 10s, nothing: sw1, expect: {up: all}}
- {at: 20s, fail: sw3, expect: [{down: all, active: {gateway/lan: none}}, {within: 0s, up: side}]}`);
    assert.deepEqual(short(all), [["up all", true], ["up side", false], ["down all", true], ["active of gateway/lan: none", true]], "their only port is dead: both are in Initialize");
  });

  test("a broken one says where, what was so instead, and how it came to that", async () => {
    const steps = `- {at: 10s, fail: sw3, expect: {up: [web-1, side], active: {gateway/lan: r2}, max-outage: {side: 2s}}}`;
    const all = await judged(steps);
    const lines = file(steps).split("\n");
    const at = (e: Judged): string => lines[e.where.line - 1]!.slice(e.where.col - 1, e.where.col - 1 + e.where.length);
    assert.deepEqual(all.map((e) => [e.text, e.kept, at(e)]), [
      ["up web-1", false, "web-1"], ["up side", false, "side"], ["max-outage 2s of side", false, "2s"], ["active of gateway/lan: r2", false, "gateway/lan"],
    ]);
    assert.match(all[0]!.observed!, /^web-1 is down since 10s: /);
    assert.match(all[2]!.observed!, /^side is still down, for 50s by then: /);
    assert.equal(all[3]!.observed, "none");
    assert.match(all[1]!.why[0]!.text, /^sw3 crashes$/);
    assert.match(all[3]!.why.at(-1)!.text, /lan@r[12] VRRP INITIALIZE/);
  });

  test("outages count from the step on, and one that is not over is too long", async () => {
    const all = await judged(`- {at: 10s, fail: "sw3:Eth10--srv2:eth0"}
- {at: 11s, repair: "sw3:Eth10--srv2:eth0", expect: [{within: 5ms, max-outage: 1s}, {max-outage: {side: 100ms}}]}`);
    // down from 10 s until carrier is back 10 ms after 11 s: of these, 10 ms lie after the step
    assert.deepEqual(short(all), [["max-outage 1s of all", false], ["max-outage 100ms of side", true]]);
  });

  test("without a step it is judged at its own time, and outages count from the step before", async () => {
    const all = await judged(`- {at: 10s, fail: "sw3:Eth10--srv2:eth0"}
- {at: 15s, expect: {down: side, max-outage: 1s}}
- {at: 20s, repair: "sw3:Eth10--srv2:eth0"}`);
    assert.deepEqual(short(all), [["down side", true], ["max-outage 1s of all", false]]);
    assert.deepEqual([all[0]!.atNs, all[0]!.before, all[1]!.sinceNs], [s(15), false, s(10)]);
  });

  test("standby, and none", async () => {
    const all = await judged(`- {at: 10s, nothing: sw1, expect: {active: {gateway/lan: r1}, standby: {gateway/lan: r2}}}
- {at: 11s, fail: r1, expect: {active: {gateway/lan: r2}, standby: {gateway/lan: none}}}
- {at: 30s, fail: r2, expect: {active: {gateway/lan: none}}}`);
    assert.deepEqual(all.filter((e) => !e.kept), []);
  });

  test("more seeds, the same verdicts", async () => {
    const steps = `- {at: 10s, fail: "sw1:Eth1--srv1:eth0", expect: {up: all, max-outage: 200ms}}`;
    for (const seed of [2n, 3n, 4n]) assert.deepEqual(short(await judged(steps, seed)), short(await judged(steps)));
  });
});

describe("mistakes in it", () => {
  const cases: [string, string, string, string, string | null][] = [
    ["an unknown flow", "{at: 10s, fail: sw1, expect: {up: wbe}}", "DH_EXPECT", "wbe", 'did you mean "web"?'],
    ["an unknown flow of an outage", "{at: 10s, fail: sw1, expect: {max-outage: {sied: 2s}}}", "DH_EXPECT", "sied", 'did you mean "side"?'],
    ["an unknown bond", '{at: 10s, fail: sw1, expect: {active: {"srv1:bond1": eth0}}}', "DH_EXPECT", '"srv1:bond1"', 'did you mean "srv1:bond0"?'],
    ["an unknown gateway", "{at: 10s, fail: sw1, expect: {active: {gateway/lna: r1}}}", "DH_EXPECT", "gateway/lna", 'did you mean "gateway/lan"?'],
    ["no member", '{at: 10s, fail: sw1, expect: {active: {"srv1:bond0": eth2}}}', "DH_EXPECT", "eth2", 'did you mean "eth0"?'],
    ["no router of it", "{at: 10s, fail: sw1, expect: {standby: {gateway/lan: sw3}}}", "DH_EXPECT", "sw3", "it has r1, r2"],
    ["a bond has no standby", '{at: 10s, fail: sw1, expect: {standby: {"srv1:bond0": eth1}}}', "DH_EXPECT", '"srv1:bond0"', "active, with the port or ports"],
    ["nothing is expected", "{at: 10s, fail: sw1, expect: {within: 2s}}", "DH_EXPECT", "{within", null],
    ["a time without unit", "{at: 10s, fail: sw1, expect: {within: 2, up: all}}", "DH_DURATION", "2, up", null],
    ["after the end", "{at: 59s, fail: sw1, expect: {within: 2s, up: all}}", "DH_STEP_AFTER_UNTIL", "2s", "until: 61s or later"],
    ["another word", "{at: 10s, fail: sw1, expect: {upp: web}}", "DH_UNKNOWN_KEY", "upp", 'did you mean "up"?'],
    ["a flap of a node", "{at: 10s, flap: sw1, times: 2, period: 1s}", "DH_TARGET_OP", "sw1", null],
    ["a flap without times", '{at: 10s, flap: "sw3:Eth1", period: 1s}', "DH_MISSING", "{at: 10s, flap", "times: how often it is lost"],
    ["a flap past the end", '{at: 10s, flap: "sw3:Eth1", times: 60, period: 1s}', "DH_STEP_AFTER_UNTIL", "60", "until: 69.5s or later"],
    ["times of something else", "{at: 10s, fail: sw1, times: 2}", "DH_STEP", "times", null],
    ["two things at once", '{at: 10s, fail: sw1, flap: "sw3:Eth1", times: 2, period: 1s}', "DH_STEP", "{at", null],
  ];
  for (const [name, step, code, at, help] of cases) {
    test(name, () => {
      const text = file(`- ${step}`);
      const result = parseTopology(text, "x.dh.yaml");
      if (!("problems" in result)) assert.fail("it was taken");
      const [problem] = result.problems;
      assert.equal(result.problems.length, 1, result.problems.map((p) => p.message).join("; "));
      const { line, col } = problem!.where;
      assert.equal(problem!.code, code, problem!.message);
      assert.ok(text.split("\n")[line - 1]!.slice(col - 1).startsWith(at), `${line}:${col} ${problem!.message}`);
      if (help !== null) assert.equal(problem!.help, help);
    });
  }
});

describe("flap", () => {
  test("failures and repairs, half a period each, under their own name", async () => {
    const topology = parsed(file(`- {at: 10s, flap: "sw3:Eth10", times: 3, period: 2s, expect: {up: all}}
- {at: 30s, fail: sw1}`));
    const { steps } = topology.scenarios[0]!;
    assert.deepEqual(steps.map((step) => [step.atNs, step.op]), [
      [s(10), "fail"], [s(11), "repair"], [s(12), "fail"], [s(13), "repair"], [s(14), "fail"], [s(15), "repair"], [s(30), "fail"],
    ]);
    const run = await runScenario(topology, topology.scenarios[0]!);
    assert.deepEqual(run.names.steps.slice(0, 2), ["flap sw3:Eth10 1 of 3: down", "flap sw3:Eth10 1 of 3: up"]);
    const [all] = expectations(run, statistics(run), []);
    assert.deepEqual([all!.kept, all!.atNs, all!.before], [true, s(30), true], "before the next step, not before the flap's own parts");
  });
});

describe("examples/maintenance", () => {
  const scenarios = parsed(exampleText("maintenance")).scenarios;
  for (const seed of [1n, 2n, 3n]) {
    test(`rolling keeps all, seed ${seed}`, async () => {
      const topology = parsed(exampleText("maintenance"));
      const run = await runScenario(topology, scenarios[0]!, { seed });
      const all = expectations(run, statistics(run), []);
      assert.ok(all.length > 20);
      assert.deepEqual(all.filter((e) => !e.kept).map((e) => `${e.text}: ${e.observed}`), []);
    });
    test(`hurried goes on too early, seed ${seed}`, async () => {
      const topology = parsed(exampleText("maintenance"));
      const run = await runScenario(topology, scenarios[1]!, { seed });
      const broken = expectations(run, statistics(run), []).filter((e) => !e.kept);
      // leaf1 boots until 70 s, its port-channels wait until 100 s: at 80 s they are not there
      assert.deepEqual(broken.map((e) => [e.atNs, e.text]), [[s(80), "active of web1..4:bond0: eth0, eth1"], [s(82), "up all"], [s(82), "max-outage 1s of all"]]);
    });
  }

  const root = new URL("../../..", import.meta.url).pathname;
  const ran = (...args: string[]): { status: number; out: string } => {
    try {
      return { status: 0, out: execFileSync(process.execPath, ["bin/dualhome.js", "run", "examples/maintenance/maintenance.dh.yaml", ...args], { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }) };
    } catch (e) {
      const { status, stdout } = e as { status: number; stdout: string };
      return { status, out: stdout };
    }
  };
  test("exit status, text and lines of the command", () => {
    assert.equal(ran().status, 0);
    const text = ran("--scenario", "hurried");
    assert.equal(text.status, 1);
    assert.match(text.out, /✗ 82\.000 s: up all\n {4}examples\/maintenance\/maintenance\.dh\.yaml:\d+:\d+ after shutdown leaf2\n {4}was: 5 of 5: shop-1 is down since 80s/);
    assert.match(text.out, /✗ 3 expectations broken, 5 kept/);
  });
  test("--json and --jsonl", () => {
    const report = JSON.parse(ran("--scenario", "hurried", "--json").out);
    assert.deepEqual([report.pass, report.expectations.length], [false, 8]);
    const broken = report.expectations.find((e: { kept: boolean }) => !e.kept);
    const line = readFileSync(`${root}examples/maintenance/maintenance.dh.yaml`, "utf8").split("\n")[broken.line - 1]!;
    assert.ok(line.slice(broken.col - 1).startsWith('"web1..4:bond0"'));
    assert.deepEqual([broken.expected, broken.at.ms, broken.before, broken.stepText], ["active of web1..4:bond0: eth0, eth1", 80_000, true, "repair leaf1"]);
    assert.ok(broken.why.length > 0);
    const lines = ran("--scenario", "hurried", "--jsonl").out.trim().split("\n").map((each) => JSON.parse(each));
    assert.equal(lines.filter((each) => each.type === "expectation").length, 8);
    assert.equal(lines.at(-1).pass, false);
  });
});
