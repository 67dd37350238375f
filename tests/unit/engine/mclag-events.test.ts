// Every event of an MC-LAG pair by every vendor's profile, against the table of tests/support/mclag-events.ts (docs/mclag.md shows it).
// The file names no timer: all come from the profile.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import * as abi from "../../../assembly/abi.ts";
import { topologyOf, scenario, simulate, span, type Simulated } from "../../support/topologies.ts";
import { AT, BOOT, FACTS, ROWS, factsTable, type Expected, type Facts, type Row, type Span } from "../../support/mclag-events.ts";

const pair = (profile: string, steps: string): string => `dualhome: 1
name: ${profile}
defaults:
  link: {speed: 25G, delay: 500ns, loss-detect: 10ms}
  bond: {mode: 802.3ad, lacp-rate: fast, transmit-hash-policy: layer3+4, mii-monitor-interval: 100ms}
  lacp: {rate: fast, hash: layer3+4}
  switch: {profile: ${profile}, boot: ${BOOT}s, mac-ageing: 3600s}
networks: {lan: {vlan: 10, subnet: 10.1.10.0/24}}
nodes: {leaf1..2: {kind: leaf}, h1..2: {kind: server, network: lan}, o1..2: {kind: server, network: lan}}
links: [leaf1:Eth40 -- o1:eth0, leaf2:Eth40 -- o2:eth0]
mlag: {pair: {peers: [leaf1, leaf2], peer-link: [Eth53], keepalive: {via: mgmt}, domain: 10, role-priority: {leaf1: 100, leaf2: 200}}}
bonds: {"h1..2:bond0": {to: pair, members: [eth0, eth1]}}
flows: {a: {from: h1, to: h2, sport: 40001}, b: {from: h1, to: h2, sport: 40002}, c: {from: h1, to: h2, sport: 40003}, orphans: {from: o1, to: o2}}
${steps}`;

const within = (value: number, at: Span, what: string): void => {
  // Engine times are whole ns: a sum of seconds may be off in its last digit.
  assert.ok(value >= AT + at[0] - 1e-8 && value <= AT + at[1] + 1e-8, `${what}: ${value} is not within ${AT + at[0]}..${AT + at[1]}`);
};
const ROLE = { primary: abi.MLAG_PRIMARY, secondary: abi.MLAG_SECONDARY };

function checkSuspension(sim: Simulated, expected: Expected): void {
  const found = sim.suspensions("leaf2:Po1", AT);
  const [gone, back, ...more] = found;
  const told = JSON.stringify(found);
  assert.deepEqual(more, [], told);
  if (expected.suspended === null) { assert.deepEqual(found, []); return; }
  assert.ok(gone !== undefined && gone[1] === 1, `not suspended: ${told}`);
  within(gone[0], expected.suspended, "members suspended");
  if (expected.back === null || expected.back === undefined) assert.equal(back, undefined, told);
  else { assert.ok(back !== undefined && back[1] === 0, `not restored: ${told}`); within(back[0], expected.back, "members restored"); }
}

function checkRoles(sim: Simulated, expected: Expected): void {
  assert.deepEqual(sim.roles("leaf1", AT).map(([, role]) => role), expected.roles.leaf1.map((role) => ROLE[role]), "roles of leaf1");
  const found = sim.roles("leaf2", AT);
  assert.deepEqual(found.map(([, role]) => role), expected.roles.leaf2.map(({ role }) => ROLE[role]), `roles of leaf2: ${JSON.stringify(found)}`);
  expected.roles.leaf2.forEach(({ role, at }, i) => within(found[i]![0], at, `leaf2 is ${role}`));
}

function checkTraffic(sim: Simulated, expected: Expected): void {
  const down = sim.outages.filter((o) => o.subject === "direction");
  const endNs = sim.result.endNs;
  const worst = Math.max(0, ...down.filter((o) => o.name !== "orphans").map((o) => Number((o.endNs ?? endNs) - o.startNs) / 1e9));
  assert.ok(worst <= expected.dualHomed, `a dual-homed host is down for ${worst} s: ${down.map(span).join(", ")}`);
  assert.equal(!down.some((o) => o.name === "orphans" && o.endNs === null), expected.orphans, `orphans: ${down.map(span).join(", ")}`);
}

/** What the vendor shuts: members, or every port. */
function checkPorts(sim: Simulated, f: Facts, expected: Expected): void {
  if (expected.suspended === null || f.ports !== "all") return;
  const lost = sim.records(abi.T_CARRIER, sim.port("o2:eth0")).filter((r) => r.at > 0n);
  assert.equal(lost[0]?.a, 0, "the orphan of the secondary sees its carrier go");
}

async function run(row: Row, profile: keyof typeof FACTS): Promise<void> {
  const f = FACTS[profile];
  const sim = await simulate(pair(profile, scenario(row.until(f), ...row.steps(f))));
  const expected = row.expect(f);
  checkSuspension(sim, expected);
  checkRoles(sim, expected);
  checkTraffic(sim, expected);
  if (row.event.startsWith("peer-link lost")) checkPorts(sim, f, expected);
}

for (const row of ROWS) {
  describe(row.event, () => {
    for (const profile of Object.keys(FACTS) as (keyof typeof FACTS)[]) it(profile, () => run(row, profile));
  });
}

describe("what is assumed is printed as such", () => {
  for (const [profile, f] of Object.entries(FACTS)) {
    it(profile, () => {
      const { assumptions, pairs } = topologyOf(pair(profile, scenario(5, "{at: 1s, nothing: leaf1}")));
      const own = assumptions.filter((a) => a.what.startsWith("MC-LAG"));
      const of = (words: string): string => own.find((a) => a.what.includes(words))?.source ?? `nothing is said of ${words}`;
      const words = { every: "keepalive interval", timeout: "keepalive timeout", hold: "hold after", hello: "hello interval", silence: "no hello came", restore: "delay restore", recover: "auto recovery", alone: "boots alone" } as const;
      const unsure = Object.entries(words).filter(([, text]) => /own default|unverified|assumed|where auto-recovery is on/.test(of(text))).map(([fact]) => fact);
      for (const [fact, text] of Object.entries(words)) assert.doesNotMatch(of(text), /^nothing is said/, fact);
      assert.deepEqual(unsure.sort(), f.assumed.filter((fact) => fact in words).sort(), "what the profile says is unsure, and what the table says is");
      const [p] = pairs;
      const s = (ns: bigint): number | null => (ns < 0n ? null : Number(ns) / 1e9);
      assert.deepEqual(
        [p!.holdNs, p!.keepaliveIntervalNs, p!.keepaliveTimeoutNs, p!.controlIntervalNs, p!.controlTimeoutNs, p!.delayRestoreNs, p!.autoRecoveryNs, p!.aloneNs].map(s),
        [f.hold, f.every, f.timeout, f.hello, f.silence, f.restore, f.recover, f.alone],
      );
    });
  }
});

describe("a standby of another LACP system while there is no session", () => {
  const KEEPALIVE = "mlag/pair/keepalive";
  const WAIT = 2; // LACP's wait_while
  const legs = (sim: Simulated, from: number): { up: boolean; at: number }[] =>
    sim.records(abi.T_LAG, sim.lag("leaf2:Po1")).filter((r) => Number(r.at) / 1e9 >= from).map((r) => ({ up: r.a === 1, at: Number(r.at) / 1e9 }));

  for (const [profile, f] of Object.entries(FACTS)) {
    it(`${profile}: ${f.ownSystem === true ? "its legs leave the bundle when the session times out, and return with it" : "the keepalive alone changes no leg"}`, async () => {
      const sim = await simulate(pair(profile, scenario(AT + 160, `{at: ${AT}s, fail: ${KEEPALIVE}}`, `{at: ${AT + 120}s, repair: ${KEEPALIVE}}`)));
      const found = legs(sim, AT);
      if (f.ownSystem !== true) { assert.deepEqual(found, []); return; }
      assert.deepEqual(found.map((leg) => leg.up), [false, true]);
      within(found[0]!.at, [f.timeout - f.every, f.timeout + 0.1], "legs gone");
      within(found[1]!.at, [120 + WAIT, 120 + f.every + 3.5], "legs back: a keepalive, then LACP");
    });
  }

  it("sonic-mclag: the active one dies: the last legs run LACP anew", async () => {
    const f = FACTS["sonic-mclag"];
    const sim = await simulate(pair("sonic-mclag", scenario(AT + 60, `{at: ${AT}s, fail: leaf1}`)));
    const out = sim.outages.find((o) => o.subject === "direction" && o.name === "a" && o.startNs > BigInt(AT + 1) * 1_000_000_000n);
    assert.ok(out?.endNs, sim.outages.map(span).join("\n"));
    within(Number(out.startNs) / 1e9, [f.timeout - f.every, f.timeout + 0.1], "begins with the session's end");
    const length = Number(out.lengthNs) / 1e9;
    assert.ok(length >= WAIT && length <= 3.5, `detached, and 2 s of waiting: ${length}`);
    assert.equal(sim.records(abi.T_LAG, sim.lag("leaf2:Po1")).at(-1)?.a, 1);
  });

  it("sonic-mclag: the standby dies: nothing on the active one", async () => {
    const sim = await simulate(pair("sonic-mclag", scenario(AT + 60, `{at: ${AT}s, fail: leaf2}`)));
    assert.deepEqual(sim.records(abi.T_LAG, sim.lag("leaf1:Po1")).filter((r) => r.at > 0n), []);
  });
});

it("docs/mclag.md shows the table and names every event", () => {
  const doc = readFileSync(new URL("../../../docs/mclag.md", import.meta.url), "utf8");
  assert.ok(doc.includes(factsTable()), `the table is now\n${factsTable()}`);
  assert.deepEqual(ROWS.map((row) => row.event).filter((event) => !doc.includes(`| ${event} |`)), []);
});
