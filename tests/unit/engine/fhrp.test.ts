// First-hop gateways in whole runs: how long a failure and a return last, and who routes.

import assert from "node:assert/strict";
import { test } from "node:test";
import * as abi from "../../../assembly/abi.ts";
import { statistics } from "../../../bindings/analysis/index.ts";
import { pairFile, s, scenario, simulate, topologyOf, type Simulated } from "../../support/topologies.ts";

interface Options { gateway: string; hosts?: number; server?: string; steps: string }

/** Hosts h1.. behind a bridge with two routers, d behind a core that both reach. r1's uplink is Eth49. */
function file({ gateway, hosts = 1, server = "", steps }: Options): string {
  const names = Array.from({ length: hosts }, (_, i) => `h${i + 1}`);
  return `dualhome: 1
defaults: {link: {delay: 500ns, loss-detect: 10ms}, switch: {boot: 10s}}
networks: {a: {vlan: 10, subnet: 10.1.10.0/24}, b: {vlan: 20, subnet: 10.1.20.0/24}}
nodes:
  core: {kind: core}
  r1..2: {kind: leaf}
  sw: {kind: l2switch}
  h1..${hosts}: {kind: server, network: a${server}}
  d: {kind: server, network: b}
links:
  - core:Eth1 -- r1:Eth49
  - core:Eth2 -- r2:Eth49
  - {endpoints: ["sw:Eth1", "r1:Eth1"], networks: [a]}
  - {endpoints: ["sw:Eth2", "r2:Eth1"], networks: [a]}
  - core:Eth3 -- d:eth0
${names.map((name, i) => `  - sw:Eth${i + 10} -- ${name}:eth0`).join("\n")}
gateways:
  vlan10: {${gateway}}
  vlan20: {protocol: static, vip: 10.1.20.1, routers: {core: {}}}
flows: {f: {from: h1..${hosts}, to: d}}
${steps}`;
}
const HSRP = "protocol: hsrp, version: 1, group: 10, vip: 10.1.10.1, routers: {r1: 110, r2: 100}";
const length = (sim: Simulated, flow: string, direction: 0 | 1, from: number, to: number): number => Number(sim.within(flow, direction, from, to)?.lengthNs ?? 0n) / 1e9;
/** [seconds, state] of a group's router from `from` on. */
function states(sim: Simulated, router: string, from: number, kind = abi.T_HSRP): [number, number][] {
  return sim.records(kind, sim.result.names.fhrps.indexOf(router)).filter((r) => r.at >= s(from)).map((r) => [Number(r.at) / 1e9, r.b]);
}

test("HSRP: silent death lasts the hold time less the age of the last hello, at every phase", async () => {
  for (const seed of [1n, 2n, 3n, 4n, 5n]) {
    const sim = await simulate(file({ gateway: HSRP, steps: scenario(30, "{at: 5s, fail: r1}") }), { seed });
    const down = length(sim, "f", 0, 4, 20);
    assert.ok(down >= 7 && down <= 10.001, `seed ${seed}: ${down} s`);
  }
});

test("HSRP: an orderly shutdown resigns, and the standby is active at once", async () => {
  const sim = await simulate(file({ gateway: HSRP, steps: scenario(30, "{at: 5s, shutdown: r1}") }));
  assert.ok(length(sim, "f", 0, 4, 20) < 0.001);
  const [at, state] = states(sim, "vlan10@r2", 4)[0]!;
  assert.equal(state, abi.HSRP_ACTIVE);
  assert.ok(at - 5 < 0.001);
});

test("HSRP: without preemption the returned router stays standby; with it, it takes over; with a delay, after it", async () => {
  const steps = scenario(150, "{at: 5s, fail: r1}", "{at: 30s, repair: r1}");
  const off = states(await simulate(file({ gateway: HSRP, steps })), "vlan10@r1", 31);
  assert.equal(off.at(-1)![1], abi.HSRP_STANDBY);
  const on = states(await simulate(file({ gateway: `${HSRP}, preempt: true`, steps })), "vlan10@r1", 31);
  assert.equal(on.at(-1)![1], abi.HSRP_ACTIVE);
  assert.ok(on.at(-1)![0] > 40 && on.at(-1)![0] < 43.1, "boot 10 s, then the next hello");
  const late = states(await simulate(file({ gateway: `${HSRP}, preempt: true, preempt-delay: 60s`, steps })), "vlan10@r1", 31);
  assert.equal(late.at(-1)![1], abi.HSRP_ACTIVE);
  assert.ok(late.at(-1)![0] > 100 && late.at(-1)![0] < 103.1, `${late.at(-1)![0]}`);
});

test("tracking: the better uplink wins, for HSRP and VRRP, and it comes back with the uplink", async () => {
  const track = "preempt: true, track: [{uplinks: true, decrement: 20}]";
  const steps = scenario(90, "{at: 5s, fail: core:Eth1--r1:Eth49}", "{at: 40s, repair: core:Eth1--r1:Eth49}");
  const hsrp = await simulate(file({ gateway: `${HSRP}, ${track}`, steps }));
  assert.ok(length(hsrp, "f", 0, 4, 20) <= 3.02, "the standby preempts at the next hello");
  assert.equal(states(hsrp, "vlan10@r1", 41).at(-1)![1], abi.HSRP_ACTIVE);
  assert.deepEqual(hsrp.records(abi.T_TRACK).filter((r) => r.at > 0n).map((r) => [r.a, r.b, r.c]), [[0, 110, 90], [1, 90, 110]]);
  const vrrp = await simulate(file({ gateway: `protocol: vrrp, vrid: 10, vip: 10.1.10.1, routers: {r1: 110, r2: 100}, ${track}`, steps }));
  assert.ok(length(vrrp, "f", 0, 4, 20) < 4.7);
  const without = await simulate(file({ gateway: HSRP, steps }));
  assert.ok(length(without, "f", 0, 4, 40) > 30, "without tracking the active router has no way up");
});

test("GLBP: hosts are shared out; of a dead forwarder only its hosts are down, for the hold time", async () => {
  const gateway = "protocol: glbp, group: 10, vip: 10.1.10.1, routers: {r1: 110, r2: 100}";
  // The hosts ask once both forwarders are there, one after another: their cables are out for a moment.
  const ask = [1, 2, 3, 4].flatMap((n) => [`{at: 1s, fail: "sw:Eth${n + 9}--h${n}:eth0"}`, `{at: ${1 + n / 2}s, repair: "sw:Eth${n + 9}--h${n}:eth0"}`]);
  const sim = await simulate(file({ gateway, hosts: 4, steps: scenario(120, ...ask, "{at: 5s, fail: r1}", "{at: 40s, repair: r1}") }));
  const down = [1, 2, 3, 4].map((n) => length(sim, `f-${n}`, 0, 4, 20));
  assert.equal(down.filter((d) => d > 6).length, 2, `${down}`);
  assert.ok(down.every((d) => d < 0.1 || (d >= 7 && d <= 10.001)), `${down}`);
  const forwarders = sim.records(abi.T_FORWARDER, sim.result.names.fhrps.indexOf("vlan10@r1")).filter((r) => r.at > s(41) && (r.c & 255) === 1);
  assert.equal(forwarders.at(-1)!.b, abi.FORWARDER_ACTIVE);
  assert.ok(forwarders.at(-1)!.at > s(80), "the owner waits 30 s");
});

test("a static gateway that dies: down until it is repaired; a gateway that is nowhere: never up", async () => {
  const steps = scenario(90, "{at: 5s, fail: r1}", "{at: 40s, repair: r1}");
  const dead = await simulate(file({ gateway: "protocol: static, vip: 10.1.10.1, routers: {r1: {}}", steps }));
  assert.ok(length(dead, "f", 0, 4, 20) > 45);
  const wrong = await simulate(file({ gateway: HSRP, server: ", gateway: 10.1.10.99", steps }));
  assert.equal(statistics(wrong.result).notReady[0]!.key, "no-arp");
});

test("proxy ARP: a host with a wrong mask and no gateway gets out, and that is a finding", async () => {
  const server = ", gateway: none, prefix-length: 8";
  const steps = scenario(10, "{at: 1s, nothing: h1}");
  const without = statistics((await simulate(file({ gateway: HSRP, server, steps }))).result);
  assert.equal(without.notReady.length > 0, true);
  assert.deepEqual(without.security, []);
  const found = statistics((await simulate(file({ gateway: `${HSRP}, proxy-arp: true`, server, steps }))).result);
  assert.equal(found.notReady.length, 0);
  assert.deepEqual(found.security.map((f) => [f.key, f.node, f.place, f.users.map((u) => u.host)]), [["proxy-arp", "r1", "vlan10", ["h1"]], ["proxy-arp", "r2", "vlan10", []]]);
});

const PAIR = (protocol: string): string => `gateways:
  vlan10: {${protocol}, vip: 10.1.10.1, routers: {leaf1: 110, leaf2: 100}}
  vlan20: {${protocol.replace("group: 10", "group: 20")}, vip: 10.1.20.1, routers: {leaf1: 110, leaf2: 100}}
`;
const hops = (sim: Simulated): number[] => sim.records(abi.T_FLOW_UP).filter((r) => r.at < 0n && r.entity === 0).map((r) => r.a);

test("on a pair: with an all-active or anycast gateway the peer that hears it routes; otherwise the way leads over the peer-link", async () => {
  const run = (protocol: string, active: boolean) => simulate(pairFile({
    gateway: false, more: PAIR(protocol), pair: [`gateway-active: ${active}`], flows: ["f: {from: o2, to: d1}"], steps: scenario(10, "{at: 1s, nothing: o2}"),
  }));
  const hsrp = "protocol: hsrp, group: 10";
  assert.equal(hops(await run(hsrp, true)).at(-1), 2);
  assert.equal(hops(await run("protocol: anycast", false)).at(-1), 2);
  assert.ok(hops(await run(hsrp, false)).at(-1)! >= 3);
});

test("anycast: the loss of a leaf costs its cables' hosts no election", async () => {
  const sim = await simulate(pairFile({ gateway: false, more: PAIR("protocol: anycast"), flows: ["f: {from: h1, to: d1}"], steps: scenario(60, "{at: 5s, fail: leaf1}") }));
  for (const o of sim.outages) assert.ok(o.lengthNs < s(0.2), `${o.name} ${o.lengthNs}`);
});

test("words that a protocol does not have, and tracks that are nowhere, are mistakes with a place", () => {
  const wrong = (gateway: string) => { try { topologyOf(file({ gateway, steps: "" })); return ""; } catch (e) { return (e as Error).message; } };
  assert.match(wrong(`${HSRP}, vrid: 3`), /has no "vrid"/);
  assert.match(wrong("protocol: hsrp, vip: 10.1.10.1, routers: {r1: 1}"), /lacks "group"/);
  assert.match(wrong(`${HSRP}, hold: 3s`), /longer than the hello/);
  assert.match(wrong(HSRP.replace("group: 10", "group: 256")), /0 to 255/);
  assert.match(wrong(`${HSRP}, track: [{port: Eth9}]`), /has no port "Eth9"/);
  assert.match(wrong(`${HSRP}, track: [{decrement: 9}]`), /one of port, link and uplinks/);
});
