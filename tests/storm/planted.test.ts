// Each invariant objects to what is made wrong, and to nothing else: a check that cannot fail holds nothing.

import assert from "node:assert/strict";
import { test } from "node:test";
import { DROP_TTL, TRACE_BYTES } from "../../assembly/abi.ts";
import { outages } from "../../bindings/analysis/index.ts";
import { compileEngine } from "../../bindings/engine/index.ts";
import { Trace } from "../../bindings/trace/records.ts";
import { caseOf } from "./case.ts";
import type { Invariant } from "./invariant.ts";
import { framesConserved } from "./invariants/frames-conserved.ts";
import { hashReference } from "./invariants/hash-reference.ts";
import { hellosSame } from "./invariants/hellos-same.ts";
import { lacpReference } from "./invariants/lacp-reference.ts";
import { macReference } from "./invariants/mac-reference.ts";
import { noLoop } from "./invariants/no-loop.ts";
import { nothingChanges } from "./invariants/nothing-changes.ts";
import { oneMaster } from "./invariants/one-master.ts";
import { pathReaches } from "./invariants/path-reaches.ts";
import { probesAgree } from "./invariants/probes-agree.ts";
import { repairRestores } from "./invariants/repair-restores.ts";
import { rstpReference } from "./invariants/rstp-reference.ts";
import { snapshotSame } from "./invariants/snapshot-same.ts";
import { vrrpReference } from "./invariants/vrrp-reference.ts";
import { misplaced } from "./planted-engine.ts";
import type { TwoTellings } from "./replay/telling.ts";
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
      - {at: 22s, fail: srv2}
      - {at: 24s, repair: srv2}
      - {at: 30s, fail: sw2}
`;

const BONDED = TEXT.replace("srv1..2", "srv1..3").replace("gateways:", `bonds:
  srv3:bond0: {to: sw2, members: [eth0, eth1], mode: 802.3ad, lacp-rate: fast, transmit-hash-policy: layer3+4, mii-monitor-interval: 100ms}
gateways:`).replace("flows:", `flows:
  g: {from: srv3, to: srv1, protocol: udp, dport: 53}`);

const wasm = await compileEngine();
const world = new World(caseOf({ text: TEXT, seed: 7n }), wasm);
const bonded = new World(caseOf({ text: BONDED, seed: 7n }), wasm);

/** Sound evidence is judged sound; what `plant` makes of it is not. */
function catches<E>(invariant: Invariant<E>, what: string, plant: (evidence: E) => E, says: RegExp, of: World = world): void {
  test(`${invariant.name} sees ${what}`, async () => {
    const evidence = await invariant.gather(of);
    assert.ok(evidence !== null, "it says nothing of this case");
    assert.deepEqual(invariant.judge(evidence), []);
    assert.match(invariant.judge(plant(evidence)).join("\n"), says);
  });
}

catches(noLoop, "a storm that lasts", ([first, ...rest]) => [{ ...first!, storms: ["VLAN 10 at sw1"] }, ...rest], /a storm lasts/);
catches(noLoop, "a walk that does not end", ([first, ...rest]) => [{ ...first!, flows: first!.flows.map((f) => ({ ...f, up: false, drop: DROP_TTL })) }, ...rest], /go round/);
catches(oneMaster, "two masters", (all) => all.map((s) => ({ ...s, masters: ["sw1", "sw2"] })), /sw1 and sw2 are both master of a/);
catches(pathReaches, "a flow that is down though cables carry it", (flows) => flows.map((f) => ({ ...f, up: false })), /f is down, and there is a way/);
catches(pathReaches, "a flow that is up over nothing", (flows) => flows.map((f) => ({ ...f, must: false, may: false })), /f is up, and there is no way/);
catches(repairRestores, "a flow that does not come back", (e) => ({ ...e, after: e.after.map((f) => ({ ...f, up: false })) }), /f was up before/);

/** A trace of which one record is another. */
function torn(trace: Uint8Array): Buffer {
  const copy = Buffer.from(trace);
  copy[(copy.length / TRACE_BYTES >> 1) * TRACE_BYTES + 20]! ^= 1;
  return copy;
}

catches(probesAgree, "an outage that measuring frames do not see", (e) => { e.simulated.outages.splice(0, Infinity); return e; }, /was lost and the walk was up/);
catches(probesAgree, "an outage that is longer than measured", (e) => {
  e.simulated.outages.push(...outages(e.simulated.result).filter((o) => o.subject === "direction").slice(0, 1).map((o) => ({ ...o, endNs: o.endNs! + 2n * e.probeNs })));
  return e;
}, /arrived and the walk was down/);
catches(framesConserved, "a frame that is gone", (cables) => cables.map((c) => ({ ...c, received: c.received.slice(0, -1) })), /is gone/);
catches(framesConserved, "a frame from nowhere", (cables) => cables.map((c) => ({ ...c, sent: c.sent.slice(1) })), /that nobody sent/);
catches(framesConserved, "a byte that is another", (cables) => cables.map((c) => ({ ...c, received: c.received.map((f) => ({ ...f, bytes: `ff${f.bytes.slice(2)}` })) })), /that nobody sent/);
catches(framesConserved, "measuring frames that double", (cables) => cables.map((c) => ({ ...c, probes: { sent: 1, taken: 2 } })), /2 measuring frames arrived of 1/);
catches(nothingChanges, "a step that changes a byte", (e) => ({ ...e, stepped: torn(e.stepped) }), /steps that do nothing/);
catches(nothingChanges, "a lone switch that moves a line", (e) => ({ ...e, toldBesideIsle: e.toldBesideIsle.slice(1) }), /beside a lone switch/);
catches(snapshotSame, "a copy that goes on otherwise", (e) => ({ ...e, restored: torn(e.restored) }), /restored: another trace/);
catches(snapshotSame, "a branch that goes on otherwise", (e) => ({ ...e, branch: torn(e.branch) }), /branch: another trace/);
catches(hellosSame, "a hello that did matter", (e) => ({ ...e, every: { trace: new Trace() } }), /with every hello and without/);

/** Of the engine's lines the last that says something is another. */
const told = (says: string, instead: string) => (all: TwoTellings[]): TwoTellings[] => all.map((t) => {
  const k = t.engine.findLastIndex((line) => line.includes(says));
  return k < 0 ? t : { ...t, engine: t.engine.with(k, t.engine[k]!.replace(says, instead)) };
});
catches(rstpReference, "a role that is another", told("role Root", "role Alternate"), /the engine says ".* role Alternate", the model ".* role Root"/);
catches(rstpReference, "a flag of a BPDU that is missing", told(" forwarding ", " "), /the model ".* forwarding /);
catches(rstpReference, "a BPDU that is not sent", (all) => all.map((t) => ({ ...t, engine: t.engine.slice(0, -1) })), /the engine says "nothing more"/);
catches(vrrpReference, "a Backup that does not become Master", (all) => all.map((t) => ({ ...t, engine: t.engine.filter((line) => !line.includes("Master")) })), /the model ".* Master"/);
catches(vrrpReference, "an advertisement too many", (all) => all.map((t) => ({ ...t, engine: [...t.engine, "7 100 sent, and not by the model"] })), /sent, and not by the model/);
catches(lacpReference, "a mux that waits", told("mux ATTACHED", "mux WAITING"), /the engine says ".* mux WAITING", the model ".* mux ATTACHED"/, bonded);
catches(hashReference, "another member", (all) => all.map((d) => ({ ...d, taken: d.usable.find((port) => port !== d.taken) ?? "srv3:eth9" })), /sends g 0 by srv3:eth[019], and the hash/, bonded);
catches(macReference, "an address that was not learned", (all) => all.map((t) => ({ ...t, engine: t.engine.slice(1) })), /the list has /);

test("what npm run storm -- --planted makes wrong stands in the engine's sources", () => { assert.deepEqual(misplaced(), []); });
