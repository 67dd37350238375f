// False alarms are mistakes of a rule. What the rules of gateways, hosts, trees, applications and sites find in the examples is
// known, and each is there for a reason.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { notReady } from "../../../bindings/analysis/index.ts";
import { runScenario } from "../../../bindings/engine/index.ts";
import { layer2Case } from "../../support/random-layer2.ts";
import { randomCase } from "../../support/random-networks.ts";
import { exampleNames, exampleText } from "../../support/topologies.ts";
import { designOf } from "../../support/rules.ts";
import { findings, RULES } from "../../../bindings/rules/index.ts";

const GROUPS = /^(vrrp|fhrp|hsrp|glbp|host|arp|routing|stp|app|site)\//;
const OURS = RULES.filter((rule) => GROUPS.test(rule.id));

const found = (text: string): string[] => findings(designOf(text), OURS).map((f) => `${f.rule.id} ${f.subjects.join(" ")}`).sort();

/** Example → what is found there, and is so. */
const KNOWN: Record<string, string[]> = {
  "applications": [
    "app/failback-at-once orders", "app/loses-writes orders", "app/no-witness blog", // what it tells about
    "app/one-switch shop", // four servers on the only leaf of the site
    "routing/one-way-up b-leaf", "site/one-duct b", // the duct that its scenario cuts
  ],
  "capacity": ["routing/polarised leaf1 leaf2 leaf3 leaf4"], // what it tells about
  "first-hop": ["fhrp/uplink-untracked vrrp"], // beside HSRP, which tracks: scenario uplink
  "imported-mixed": ["routing/one-way-up leaf1", "routing/one-way-up leaf2"],
  "nines": ["routing/one-way-up s-leaf", "site/one-duct spare"], // one duct for both, says its comment
  "nxos-pair": ["routing/one-way-up leaf1 leaf2"], // scenario uplink
  "spanning-tree": ["stp/open-loop none-core1:Eth1--none-core2:Eth1"], // what it tells about
  "two-site": ["app/slow-checks erp"], // a manual decision of 15 minutes against a budget of 10 s
};

for (const name of exampleNames) test(`examples/${name}`, () => assert.deepEqual(found(exampleText(name)), KNOWN[name] ?? []));

test("virtual machines are at the site of their hypervisors", () => {
  const text = readFileSync(new URL("../../scenarios/bases/vms.dh.yaml", import.meta.url), "utf8").replace("networks:\n", "sites: {here: null}\nnetworks:\n").replaceAll("kind: hypervisor", "kind: hypervisor, site: here")
    .replaceAll("kind: server", "kind: server, site: here").replaceAll("kind: leaf", "kind: leaf, site: here");
  assert.deepEqual(found(text), []);
});

test("networks drawn at random: a flow of a host that is told to have no gateway is never up", async () => {
  await fc.assert(fc.asyncProperty(fc.oneof(layer2Case, randomCase), async ({ text, seed }) => {
    const design = designOf(text);
    const told = findings(design, OURS).filter((f) => f.rule.id === "host/no-gateway").map((f) => /flow (\S+) is/.exec(f.seen)?.[1]);
    if (told.length === 0) return;
    const never = notReady(await runScenario(design.topology, design.topology.scenarios[0]!, { seed })).filter((late) => late.firstUpNs === null).map((late) => late.name);
    assert.deepEqual(told.filter((name) => name === undefined || !never.includes(name)), []);
  }), { numRuns: 150, seed: 11 });
});
