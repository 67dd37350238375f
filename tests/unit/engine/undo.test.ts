// Every failure can be undone in the run: the only way of a flow is lost by it and there again after its undoing, and the report has both.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { statistics } from "../../../bindings/analysis/index.ts";
import { expectations } from "../../../bindings/expectations/index.ts";
import { runScenario } from "../../../bindings/engine/index.ts";
import { STEP_OPS } from "../../../bindings/topology/schema/file.ts";
import { topologyOf, s } from "../../support/topologies.ts";

/** One bond with one member is all that leads to srv1. LACP's short timeout is 3 s, so 5 s after a failure that only LACP notices the flow is down; carrier
 * is noticed at once. Undone at 30 s: 5 s of booting, 2 s of LACP's wait while, a second for its hellos, 3 s for a host to ask again for an address. */
const file = (failure: string, undoing: string): string => `dualhome: 1
defaults: {link: {speed: 10G, delay: 500ns, loss-detect: 10ms}, bond: {mode: 802.3ad, lacp-rate: fast, mii-monitor-interval: 100ms}, lacp: {rate: fast}}
networks: {lan: {vlan: 10, subnet: 10.1.10.0/24}}
nodes: {sw1: {kind: l2switch, boot: 5s}, srv1..2: {kind: server, network: lan, boot: 5s}}
links: ["sw1:Eth20 -- srv2:eth0"]
bonds: {"srv1:bond0": {to: sw1, members: [eth0]}}
flows: {web: {from: srv1, to: srv2}}
scenarios:
  s:
    until: 80s
    steps:
      - {at: 5s, nothing: sw1, expect: {up: web}}
      - {at: 10s, ${failure}, expect: {within: 5s, down: web}}
      - {at: 30s, ${undoing}, expect: {up: web}}
`;

const CABLE = '"sw1:Eth1--srv1:eth0"';
const PAIRS: [string, string][] = [
  ["fail: sw1", "repair: sw1"], ["fail: srv1", "repair: srv1"], [`fail: ${CABLE}`, `repair: ${CABLE}`], ['fail: "srv1:eth0"', 'repair: "srv1:eth0"'],
  ["hang: sw1", "repair: sw1"], ["shutdown: sw1", "repair: sw1"], ["shutdown: srv1", "repair: srv1"],
  [`silent: ${CABLE}`, `repair: ${CABLE}`], [`silent: ${CABLE}, direction: a-to-b`, `repair: ${CABLE}`], [`silent: ${CABLE}, direction: b-to-a`, `repair: ${CABLE}`],
  ['silent: "sw1:Eth1"', 'repair: "sw1:Eth1"'], ['silent: "srv1:eth0"', `repair: ${CABLE}`],
  [`carrier: ${CABLE}`, `repair: ${CABLE}`], ['carrier: "srv1:eth0"', 'repair: "srv1:eth0"'], ['carrier: "sw1:Eth1"', `repair: ${CABLE}`],
  [`loss: ${CABLE}, percent: 100`, `loss: ${CABLE}, percent: 0`], [`loss: ${CABLE}, percent: 100`, `repair: ${CABLE}`], ['loss: "srv1:eth0", percent: 100', 'loss: "srv1:eth0", percent: 0'],
  [`slow: ${CABLE}, delay: 10s`, `repair: ${CABLE}`], ['slow: "srv1:eth0", delay: 10s', 'repair: "srv1:eth0"'],
  ['down: "sw1:Eth1"', 'up: "sw1:Eth1"'], ['down: "srv1:eth0"', 'up: "srv1:eth0"'], ['down: "srv1:bond0"', 'up: "srv1:bond0"'], ['release: "srv1:eth0"', 'enslave: "srv1:eth0"'],
];

describe("a failure and its undoing", () => {
  for (const [failure, undoing] of PAIRS) {
    test(`${failure} / ${undoing}`, async () => {
      const topology = topologyOf(file(failure, undoing));
      for (const seed of [1n, 2n]) {
        const run = await runScenario(topology, topology.scenarios[0]!, { seed });
        const findings = statistics(run);
        assert.deepEqual(expectations(run, findings, []).filter((e) => !e.kept).map((e) => `${e.text}: ${e.observed}`), []);
        const steps = findings.steps.filter((step) => step.atNs !== s(5));
        assert.deepEqual(steps.map((step) => step.phase), ["failure", "return"], "both are in the report");
        assert.ok(steps[0]!.outages.length > 0, "what the failure took is told with it");
      }
    });
  }
  test("no operation is left out", () => {
    const tried = new Set(PAIRS.flat().map((words) => words.split(":")[0]));
    assert.deepEqual(STEP_OPS.filter((op) => op !== "nothing" && !tried.has(op)), []);
  });
});
