// Probe mode: real frames, hop by hop, say the same as the walked outages, to one probe interval and the time on the way.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { disagreements, probesOf } from "../../support/probes.ts";
import { MS, exampleText, pairFile, scenario, simulate, type Simulated } from "../../support/topologies.ts";

const US = 1000n;

function agree(sim: Simulated, probeNs: bigint): void {
  assert.deepEqual(disagreements(sim, probeNs), []);
  assert.deepEqual(probesOf(sim).duplicates, []);
  assert.ok(probesOf(sim).arrived.size > 0);
}

describe("probes agree with walked outages: examples", () => {
  const runs: [string, string, bigint][] = [
    ["dual-homed-server", "default", MS], ["mclag-pair", "default", 5n * MS], ["mclag-pair", "orphan", 10n * MS], ["mclag-pair", "split-brain", 10n * MS],
    ["two-site", "default", 20n * MS], ["two-site", "duct-cut", 7n * MS],
  ];
  for (const [example, name, probeNs] of runs) {
    it(`${example}, ${name}, every ${probeNs / US} µs`, async () => { agree(await simulate(exampleText(example), { scenario: name, probeNs }), probeNs); });
  }
});

describe("probes agree with walked outages: a pair", () => {
  const leg = '"leaf1:Eth3--h1:eth0"';
  const failures: [string, string[], bigint?][] = [
    ["a leg is cut and back", [`{at: 2s, fail: ${leg}}`, `{at: 4s, repair: ${leg}}`], 100n * US],
    ["a leg is silent both ways", [`{at: 2s, silent: ${leg}}`, `{at: 9s, repair: ${leg}}`]],
    ["a leg is silent towards the host", [`{at: 2s, silent: ${leg}, direction: a-to-b}`, `{at: 12s, repair: ${leg}}`]],
    ["a leg is silent towards the leaf", [`{at: 2s, silent: ${leg}, direction: b-to-a}`, `{at: 12s, repair: ${leg}}`]],
    ["the host's end loses carrier", [`{at: 2s, carrier: ${leg}, direction: a-to-b}`, `{at: 9s, repair: ${leg}}`]],
    ["the leaf's end loses carrier", [`{at: 2s, carrier: ${leg}, direction: b-to-a}`, `{at: 9s, repair: ${leg}}`]],
    ["a leaf crashes and returns", ["{at: 2s, fail: leaf1}", "{at: 8s, repair: leaf1}"]],
    ["a leaf hangs and is reloaded", ["{at: 2s, hang: leaf1}", "{at: 12s, repair: leaf1}"]],
    ["a leaf is shut down in order", ["{at: 2s, shutdown: leaf2}", "{at: 8s, repair: leaf2}"]],
    ["the peer-link is cut", ["{at: 2s, fail: mlag/pair/peer-link}", "{at: 12s, repair: mlag/pair/peer-link}"]],
    ["one cable of the peer-link is silent", ['{at: 2s, silent: "leaf1:Eth53--leaf2:Eth53"}', '{at: 12s, repair: "leaf1:Eth53--leaf2:Eth53"}']],
    ["a host crashes and returns", ["{at: 2s, fail: h1}", "{at: 8s, repair: h1}"]],
    ["a host hangs", ["{at: 2s, hang: h2}", "{at: 8s, repair: h2}"]],
    ["both leaves crash", ["{at: 2s, fail: leaf1}", "{at: 3s, fail: leaf2}", "{at: 8s, repair: leaf1}", "{at: 9s, repair: leaf2}"]],
    ["an active-backup host's active cable", ['{at: 2s, fail: "leaf1:Eth1--ab:eth0"}', '{at: 6s, repair: "leaf1:Eth1--ab:eth0"}']],
  ];
  for (const [what, steps, every] of failures) {
    const probeNs = every ?? 2n * MS;
    it(`${what}, every ${probeNs / US} µs`, async () => { agree(await simulate(pairFile({ steps: scenario(every === undefined ? 30 : 6, ...steps) }), { probeNs }), probeNs); });
  }
});
