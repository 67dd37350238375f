// Each invariant objects to what is made wrong, and to nothing else: a check that cannot fail holds nothing.

import assert from "node:assert/strict";
import { test } from "node:test";
import { DROP_TTL } from "../../assembly/abi.ts";
import { compileEngine } from "../../bindings/engine/index.ts";
import { caseOf } from "./case.ts";
import type { Invariant } from "./invariant.ts";
import { noLoop } from "./invariants/no-loop.ts";
import { oneMaster } from "./invariants/one-master.ts";
import { pathReaches } from "./invariants/path-reaches.ts";
import { repairRestores } from "./invariants/repair-restores.ts";
import { World } from "./world.ts";

const TEXT = `dualhome: 1
defaults:
  link: {speed: 10G, delay: 1us, loss-detect: 10ms}
  switch: {profile: standard, boot: 5s, mac-ageing: 10s, arp-ageing: 40s}
  server: {boot: 5s}
networks: {a: {vlan: 10, subnet: 10.1.10.0/24}}
nodes:
  sw1..3: {kind: leaf, stp: {mode: rstp}}
  srv1..2: {kind: server, network: a}
links:
  - {endpoints: ["sw1:Eth1", "sw2:Eth1"], networks: [a]}
  - {endpoints: ["sw2:Eth2", "sw3:Eth1"], networks: [a]}
  - {endpoints: ["sw3:Eth2", "sw1:Eth2"], networks: [a]}
  - "sw1:Eth3 -- srv1:eth0"
  - "sw3:Eth3 -- srv2:eth0"
gateways:
  a: {protocol: vrrp, version: 3, vrid: 10, vip: 10.1.10.1, routers: {sw1: 110, sw2: 100}, advert-interval: 1s}
flows:
  f: {from: srv1, to: srv2, dport: 80}
scenarios:
  default:
    until: 150s
    steps:
      - {at: 10s, fail: "sw1:Eth2"}
      - {at: 12s, nothing: srv1}
      - {at: 20s, repair: "sw1:Eth2"}
      - {at: 30s, fail: sw2}
`;

const world = new World(caseOf({ text: TEXT, seed: 7n }), await compileEngine());

/** Sound evidence is judged sound; what `plant` made of a copy of it is not. */
function catches<E>(invariant: Invariant<E>, what: string, plant: (evidence: E) => E, says: RegExp): void {
  test(`${invariant.name} sees ${what}`, async () => {
    const evidence = await invariant.gather(world);
    assert.ok(evidence !== null, "it says nothing of this case");
    assert.deepEqual(invariant.judge(evidence), []);
    assert.match(invariant.judge(plant(structuredClone(evidence))).join("\n"), says);
  });
}

catches(noLoop, "a storm that lasts", ([first, ...rest]) => [{ ...first!, storms: ["VLAN 10 at sw1"] }, ...rest], /a storm lasts/);
catches(noLoop, "a walk that does not end", ([first, ...rest]) => [{ ...first!, flows: first!.flows.map((f) => ({ ...f, up: false, drop: DROP_TTL })) }, ...rest], /go round/);
catches(oneMaster, "two masters", (all) => all.map((s) => ({ ...s, masters: ["sw1", "sw2"] })), /sw1 and sw2 are both master of a/);
catches(pathReaches, "a flow that is down though cables carry it", (flows) => flows.map((f) => ({ ...f, up: false })), /f is down, and there is a way/);
catches(pathReaches, "a flow that is up over nothing", (flows) => flows.map((f) => ({ ...f, must: false, may: false })), /f is up, and there is no way/);
catches(repairRestores, "a flow that does not come back", (e) => ({ ...e, after: e.after.map((f) => ({ ...f, up: false })) }), /f was up before/);
