// Pairs in networks: back to back, between tiers, with orphans on both sides; and a peer that returns before its routes do.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as abi from "../../../assembly/abi.ts";
import { parseTopology } from "../../../bindings/topology/index.ts";
import { runScenario } from "../../../bindings/engine/index.ts";
import { ROUTING } from "../../../bindings/engine/load.ts";
import { Simulated, scenario, simulate, span, topologyOf } from "../../support/topologies.ts";
import { DETECT, FACTS } from "../../support/mclag-events.ts";

const HEAD = (profile: string): string => `dualhome: 1
name: designs
defaults:
  link: {speed: 25G, delay: 500ns, loss-detect: 10ms}
  bond: {mode: 802.3ad, lacp-rate: fast, transmit-hash-policy: layer3+4, mii-monitor-interval: 100ms}
  lacp: {rate: fast, hash: layer3+4}
  switch: {profile: ${profile}, boot: 10s, mac-ageing: 3600s}
`;

/** Pair a (racks) and pair b (a tier above), joined by four cables: one bundle of four. Orphans at a1 and b2. */
const square = (profile: string, steps: string, domains = [1, 2]): string => `${HEAD(profile)}
networks: {lan: {vlan: 10, subnet: 10.1.10.0/24}}
nodes: {a1..2: {kind: tor}, b1..2: {kind: core}, h1..2: {kind: server, network: lan}, o1..2: {kind: server, network: lan}}
links: [a1:Eth1 -- b1:Eth1, a1:Eth2 -- b2:Eth1, a2:Eth1 -- b1:Eth2, a2:Eth2 -- b2:Eth2, a1:Eth40 -- o1:eth0, b2:Eth40 -- o2:eth0]
mlag:
  a: {peers: [a1, a2], peer-link: [Eth53], domain: ${domains[0]}, role-priority: {a1: 100, a2: 200}}
  b: {peers: [b1, b2], peer-link: [Eth53], domain: ${domains[1]}, role-priority: {b1: 100, b2: 200}}
lags:
  a1..2:Po50: {members: [Eth1, Eth2], mode: lacp-active, mlag: a, mlag-id: 50}
  b1..2:Po50: {members: [Eth1, Eth2], mode: lacp-active, mlag: b, mlag-id: 50}
bonds: {"h1:bond0": {to: a, members: [eth0, eth1]}, "h2:bond0": {to: b, members: [eth0, eth1]}}
flows: {x: {from: h1, to: h2, sport: 40001}, y: {from: h1, to: h2, sport: 40002}, z: {from: h1, to: h2, sport: 40003}, orphans: {from: o1, to: o2}}
${steps}`;

const CABLES = ["a1:Eth1", "a1:Eth2", "a2:Eth1", "a2:Eth2"];
/** Ports of pair a whose mux distributes when the run ends. */
function distributing(sim: Simulated): string[] {
  return CABLES.filter((port) => {
    const last = sim.records(abi.T_LACP_MUX, sim.port(port)).at(-1);
    const carrier = sim.records(abi.T_CARRIER, sim.port(port)).at(-1);
    return last?.b === abi.MUX_COLLECTING_DISTRIBUTING && carrier?.a === 1;
  });
}
const downs = (sim: Simulated) => sim.outages.filter((o) => o.subject === "direction");
const worst = (sim: Simulated): number => Math.max(0, ...downs(sim).map((o) => Number((o.endNs ?? sim.result.endNs) - o.startNs) / 1e9));
/** A switch sees a carrier go and deals anew: two in a row where the far end of what it chose is the next to see it. */
const DEALT = 2 * DETECT + 0.001;

describe("back to back, and between tiers: one bundle of four cables", () => {
  for (const [profile, f] of Object.entries(FACTS)) {
    it(`${profile}: no cable is blocked; one cut leaves three`, async () => {
      const sim = await simulate(square(profile, scenario(40, '{at: 10s, fail: "a1:Eth1--b1:Eth1"}')));
      assert.deepEqual(distributing(sim), CABLES.slice(1));
      assert.ok(worst(sim) <= DEALT, downs(sim).map(span).join(", "));
    });

    it(`${profile}: a switch dies: two are left`, async () => {
      const sim = await simulate(square(profile, scenario(40, "{at: 10s, fail: a2}")));
      assert.deepEqual(distributing(sim), ["a1:Eth1", "a1:Eth2"]);
      assert.ok(worst(sim) <= DEALT + 0.1, downs(sim).map(span).join(", ")); // and the server's MII monitor
    });

    it(`${profile}: the peer-link of one pair is lost: ${f.onLoss === "suspends" ? "its secondary's two go" : "all four stay"}`, async () => {
      const sim = await simulate(square(profile, scenario(60, "{at: 10s, fail: mlag/a/peer-link}")));
      assert.deepEqual(distributing(sim), f.onLoss === "suspends" ? ["a1:Eth1", "a1:Eth2"] : CABLES);
      assert.equal(downs(sim).some((o) => o.endNs === null && o.name !== "orphans"), false, downs(sim).map(span).join(", "));
    });

    it(`${profile}: two opposite cables cut: the others carry all, orphans over both peer-links`, async () => {
      const sim = await simulate(square(profile, scenario(40, '{at: 10s, fail: "a1:Eth2--b2:Eth1"}', '{at: 10s, fail: "a2:Eth1--b1:Eth2"}')));
      assert.deepEqual(distributing(sim), ["a1:Eth1", "a2:Eth2"]);
      assert.ok(worst(sim) <= DEALT, downs(sim).map(span).join(", "));
    });
  }

  it("pairs of one domain id show one LACP system: the file is refused", () => {
    const parsed = parseTopology(square("nxos-vpc", scenario(40, "{at: 10s, nothing: a1}"), [1, 1]), "same.dh.yaml");
    assert.deepEqual("problems" in parsed ? parsed.problems.map((p) => p.code) : [], ["DH_PAIR_DOMAIN"]);
  });

  it("where it were not refused, each pair would take the other's LACPDUs for its own, and no cable would distribute", async () => {
    const topology = topologyOf(square("nxos-vpc", scenario(40, "{at: 10s, nothing: a1}")));
    const same = { ...topology, pairs: topology.pairs.map((p) => ({ ...p, systemMac: topology.pairs[0]!.systemMac })) };
    assert.deepEqual(distributing(new Simulated(await runScenario(same, same.scenarios[0]!))), []);
  });
});

// r1 and r2 are the pair's routers, with an uplink each to core; the servers' gateway is the pair. The peer that returns gets its uplink
// only later, as one whose routing takes long does: until then it has no route to what lies behind core.
const uplinks = (restore: string, steps: string): string => `${HEAD("nxos-vpc")}
networks: {lan: {vlan: 10, subnet: 10.1.10.0/24}, dc: {vlan: 20, subnet: 10.1.20.0/24}}
nodes: {core: {kind: core}, r1..2: {kind: leaf}, h1..4: {kind: server, network: lan}, d: {kind: server, network: dc}}
links: [core:Eth1 -- r1:Eth49, core:Eth2 -- r2:Eth49, core:Eth10 -- d:eth0]
mlag: {pair: {peers: [r1, r2], peer-link: [Eth53], domain: 1, delay-restore: ${restore}, role-priority: {r1: 100, r2: 200}}}
bonds: {"h1..4:bond0": {to: pair, members: [eth0, eth1]}}
gateways:
  lan: {protocol: vrrp, version: 2, vrid: 10, vip: 10.1.10.1, routers: {r1: 110, r2: 100}}
  dc: {protocol: static, vip: 10.1.20.1, routers: {core: {}}}
flows: {up: {from: h1..4, to: d, dport: 80}}
${steps}`;

describe("delay restore against the routes of a peer that returns", () => {
  const [UP, ROUTED] = [50, 65]; // booted 10 s after 40 s; its uplink works from 65 s on
  const UPLINK = '"core:Eth2--r2:Eth49"';
  const steps = scenario(120, "{at: 10s, fail: r2}", "{at: 40s, repair: r2}", `{at: 41s, fail: ${UPLINK}}`, `{at: ${ROUTED}s, repair: ${UPLINK}}`);
  const TICKS = 0.4; // a returning leg: its switch takes frames up to four ticks after the server sends
  const BRING_UP = [2, 3.3] as const; // LACP: the wait of 2 s, and what PDUs and ticks add

  async function returning(restore: string): Promise<{ members: number; routes: number; lost: number }> {
    const sim = await simulate(uplinks(restore, steps));
    const members = sim.suspensions("r2:Po1", 45).find(([, on]) => on === 0)![0];
    const routes = sim.records(abi.T_ROUTE, sim.node("r2")).find((r) => r.at > BigInt(UP) * 1_000_000_000n && r.b > 0);
    const lost = Math.max(0, ...downs(sim).filter((o) => o.startNs >= 45_000_000_000n).map((o) => Number((o.endNs ?? sim.result.endNs) - o.startNs) / 1e9));
    return { members, routes: Number(routes!.at) / 1e9, lost };
  }

  it("too short: members are back before the routes, and what is hashed to the peer is lost until they are there", async () => {
    const { members, routes, lost } = await returning("0s");
    assert.ok(members < routes, `${members} ${routes}`);
    assert.ok(routes >= ROUTED + DETECT && routes <= ROUTED + DETECT + 2 * Number(ROUTING.processNs) / 1e9 + 0.001, `${routes}`); // carrier, then both routing daemons
    assert.ok(lost >= routes - members - BRING_UP[1] && lost <= routes - members - BRING_UP[0] + 0.1, `${lost} s of ${routes - members}`);
  });

  it("long enough: routes first, then members, and nothing is lost but what a returning leg costs", async () => {
    const { members, routes, lost } = await returning("30s");
    assert.ok(members > routes, `${members} ${routes}`);
    assert.ok(lost <= TICKS, `${lost}`);
  });
});
