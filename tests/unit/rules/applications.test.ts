// Proofs of the rules of services and applications. Outages are those of the service or application: its flows may be down without harm.

import { outages } from "../../../bindings/analysis/index.ts";
import { outcomes } from "../../../bindings/applications/index.ts";
import { runScenario, type RunResult } from "../../../bindings/engine/index.ts";
import type { Topology } from "../../../bindings/topology/model.ts";
import { prove, type Proof } from "../../support/rules.ts";

const run = (t: Topology): Promise<RunResult> => runScenario(t, t.scenarios[0]!);
const longest = (spans: readonly { startNs: bigint; endNs: bigint | null }[], untilNs: bigint): number => Math.max(0, ...spans.map((o) => Number((o.endNs ?? untilNs) - o.startNs) / 1e6));

const serviceMs = async (t: Topology): Promise<number> => longest(outages(await run(t)).filter((o) => o.subject === "service"), t.scenarios[0]!.untilNs);
const applicationMs = async (t: Topology): Promise<number> => longest(outcomes(await run(t)).flatMap((o) => o.outages), t.scenarios[0]!.untilNs);
const lostMs = async (t: Topology): Promise<number> => Math.max(0, ...outcomes(await run(t)).map((o) => Number(o.rpoNs ?? 0n) / 1e6));
const interruptions = async (t: Topology): Promise<number> => outcomes(await run(t)).reduce((n, o) => n + o.outages.length, 0);
const splitMs = async (t: Topology): Promise<number> => longest(outcomes(await run(t)).flatMap((o) => o.splitBrain), t.scenarios[0]!.untilNs);

/** Clients on leaf4, servers on leaf1 to leaf3, all leaves on one core that bridges: the network itself is not what fails. */
const LAN = (servers: string, cables: string, rest: string): string => `dualhome: 1
name: proof
defaults: {link: {speed: 10G, delay: 500ns, loss-detect: 10ms}}
networks: {lan: {vlan: 10, subnet: 10.1.10.0/24}}
nodes:
  core: {kind: l2switch}
  leaf1..4: {kind: l2switch}
  ${servers}
  c: {kind: server, network: lan}
links:
  - mesh: {from: leaf1..4, to: core}
  ${cables}
  - leaf4:Eth1 -- c:eth0
${rest}
`;
const TWO = "s1: {kind: server, network: lan}\n  s2: {kind: server, network: lan}";
const TWO_CABLES = "- leaf1:Eth1 -- s1:eth0\n  - leaf2:Eth2 -- s2:eth0";
const DIES = ["{at: 10s, fail: s1}"];

const service = (words: string): string => LAN(TWO, TWO_CABLES, `services: {shop: {clients: c, ${words}, failback: true}}`);
const PAIR = "db1: {kind: server, network: lan}\n  db2: {kind: server, network: lan}\n  w: {kind: server, network: lan}";
const standby = (words: string): string => LAN(PAIR, "- leaf1:Eth1 -- db1:eth0\n  - leaf2:Eth1 -- db2:eth0\n  - leaf3:Eth9 -- w:eth0", `applications: {orders: {kind: active-standby, clients: c, primary: db1, ${words}}}`);
const balanced = (servers: string, cables: string, need = "need: 1"): string => LAN(`lb: {kind: server, network: lan}\n  ${servers}`, `- leaf4:Eth2 -- lb:eth0\n  ${cables}`, `applications: {shop: {kind: balanced, clients: c, balancer: lb, servers: [s1, s2], ${need}}}`);
const MEMBERS = "m1: {kind: server, network: lan}\n  m2: {kind: server, network: lan}\n  m3: {kind: server, network: lan}";
const MEMBER_CABLES = "- leaf1:Eth1 -- m1:eth0\n  - leaf2:Eth1 -- m2:eth0\n  - leaf3:Eth1 -- m3:eth0";

const VMS = `dualhome: 1
name: proof
defaults: {link: {speed: 10G, delay: 500ns, loss-detect: 10ms}}
networks: {lan: {vlan: 10, subnet: 10.1.10.0/24}}
nodes:
  sw: {kind: l2switch}
  hv1..2: {kind: hypervisor}
  lb: {kind: server, network: lan}
  c: {kind: server, network: lan}
links: [sw:Eth1 -- hv1:eth0, sw:Eth2 -- hv2:eth0, sw:Eth3 -- lb:eth0, sw:Eth4 -- c:eth0]
vms:
  s1: {on: [hv1, hv2], network: lan}
  s2: {on: [hv2, hv1], network: lan}
applications: {shop: {kind: balanced, clients: c, balancer: lb, servers: [s1, s2], need: 1}}
`;

/** From 10 s to the end at 60 s; less the checks that pass before it is told is not needed: it is down at once. */
const forGood = (steps: string[], because: string, mended = 10_000): NonNullable<Proof["effect"]> => ({ steps, measure: applicationMs, faulty: 40_000, mended, because });

prove([
  {
    rule: "app/no-standby", design: service("servers: [s1, s2], max-outage: 10s"),
    effect: { steps: DIES, measure: serviceMs, faulty: 49_000, mended: 6_000, because: "dead from 10 s to the end; with a standby three checks of 2 s" },
  },
  {
    rule: "app/slow-checks", design: service("servers: [s1, s2], max-outage: 10s, health-check: {interval: 1s, fall: 3}"), seen: /3 checks take 30 s; it may be down for 10s/,
    effect: { steps: DIES, measure: serviceMs, faulty: 20_000, mended: 3_000, because: "the third failed check of 10 s is 20 to 30 s after the death" },
  },
  {
    rule: "app/slow-failover", design: standby("standby: db2, witness: w, promote: 10s, max-outage: 30s"),
    effect: { steps: ["{at: 10s, fail: db1}"], untilS: 300, measure: applicationMs, faulty: 120_000, mended: 30_000, because: "5 s of heartbeats and 120 s of promotion, or 10 s" },
  },
  {
    rule: "app/slow-redirect", design: standby("standby: db2, witness: w, promote: 10s, dns-ttl: 10s, max-outage: 30s"), seen: /served again after 15 s, clients follow up to 5m later/,
    effect: { steps: ["{at: 10s, fail: db1}"], untilS: 400, measure: applicationMs, faulty: 30_001, mended: 30_000, because: "the budget is 30 s: 15 s until db2 serves, and then the old answer has to run out" },
  },
  {
    rule: "app/no-witness", design: standby("standby: db2, witness: w"),
    effect: { steps: ["{at: 10s, fail: leaf1:Eth49}"], measure: splitMs, faulty: 30_000, mended: 0, because: "db2 promotes itself 15 s after the cut, and db1 lives; with a witness db1 hears neither and stops" },
  },
  {
    rule: "app/loses-writes", design: standby("standby: db2, witness: w, replication: sync"),
    effect: { steps: ["{at: 10s, fail: db1}"], measure: lostMs, faulty: 2_000, mended: 0, because: "the newest write at db2 is 2 s old" },
  },
  {
    rule: "app/failback-at-once", design: standby("standby: db2, witness: w, withdraw: 10s, failback: false"),
    effect: { steps: ["{at: 10s, fail: db1}", "{at: 100s, repair: db1}"], untilS: 400, measure: interruptions, faulty: 2, mended: 1, because: "one when db1 dies, one when it is back: until the routes have changed" },
  },
  {
    rule: "app/witness-not-apart", design: standby("standby: db2, witness: w"), seen: /witness w and db1 share switch leaf1/,
    effect: { steps: ["{at: 10s, fail: leaf1}"], measure: applicationMs, faulty: 49_000, mended: 20_000, because: "db2 hears neither db1 nor the witness; otherwise 5 s of heartbeats and 10 s of promotion" },
  },
  { rule: "app/even-quorum", design: LAN(MEMBERS, MEMBER_CABLES, "applications: {lock: {kind: quorum, clients: c, members: [m1, m2, m3], election: 3s}}"), effect: forGood(["{at: 10s, fail: m1}"], "one of two is no majority; two of three are, after an election of 3 s") },
  { rule: "app/no-spare", design: balanced(TWO, TWO_CABLES), effect: forGood(DIES, "one of two is left, and both are needed") },
  { rule: "app/one-switch", design: balanced(TWO, TWO_CABLES), seen: /s1 and s2 hang on the switch leaf1 alone/, effect: forGood(["{at: 10s, fail: leaf1}"], "both are behind leaf1") },
  {
    rule: "app/one-feed", design: balanced("s1: {kind: server, network: lan, power: a}\n  s2: {kind: server, network: lan, power: b}", TWO_CABLES),
    effect: forGood(["{at: 10s, fail: power/a}"], "both are on feed a"),
  },
  { rule: "app/one-hypervisor", design: VMS, effect: forGood(["{at: 10s, fail: hv1}"], "both are on hv1") },
  {
    rule: "app/quorum-at-one-site",
    design: LAN("m1: {kind: server, site: one, network: lan}\n  m2: {kind: server, site: two, network: lan}\n  m3: {kind: server, site: three, network: lan}", MEMBER_CABLES, "sites: {one: null, two: null, three: null}\napplications: {lock: {kind: quorum, clients: c, members: [m1, m2, m3], election: 3s}}"),
    seen: /2 of 3 members are at site one/, effect: forGood(["{at: 10s, fail: site/one}"], "m3 alone is no majority"),
  },
]);
