// Designs and measures that several proofs of rules share.

import { statistics } from "../../bindings/analysis/index.ts";
import { runScenario } from "../../bindings/engine/index.ts";
import { expectations } from "../../bindings/expectations/index.ts";
import type { Topology } from "../../bindings/topology/model.ts";

/** How many expectations of the proof's steps are broken. */
export async function brokenExpectations(topology: Topology): Promise<number> {
  const run = await runScenario(topology, topology.scenarios[0]!);
  return expectations(run, statistics(run), []).filter((each) => !each.kept).length;
}

/** h1 and h2 on a switch with two routers, each with one cable to the core, which has the server d. */
export const ROUTERS = (gateway: string, { host = "", r2 = "r2: {kind: leaf}", web = "" } = {}): string => `dualhome: 1
name: proof
defaults:
  link: {speed: 10G, delay: 500ns, loss-detect: 10ms}
  switch: {boot: 10s}
networks:
  a: {vlan: 10, subnet: 10.1.10.0/24}
  b: {vlan: 20, subnet: 10.1.20.0/24}
nodes:
  core: {kind: core}
  r1: {kind: leaf}
  ${r2}
  sw: {kind: l2switch}
  h1..4: {kind: server, network: a${host}}
  d: {kind: server, network: b}
links:
  - core:Eth1 -- r1:Eth49
  - core:Eth2 -- r2:Eth49
  - {endpoints: ["sw:Eth1", "r1:Eth1"], networks: [a]}
  - {endpoints: ["sw:Eth2", "r2:Eth1"], networks: [a]}
  - sw:Eth11 -- h1:eth0
  - sw:Eth12 -- h2:eth0
  - sw:Eth13 -- h3:eth0
  - sw:Eth14 -- h4:eth0
  - core:Eth10 -- d:eth0
gateways:
  a: {vip: 10.1.10.1, ${gateway}}
  b: {protocol: static, vip: 10.1.20.1, routers: {core: {}}}
flows:
  web: {from: h1..4, to: d${web}}
`;
/** r1 is meant, r2 stands by. */
export const VRRP = "protocol: vrrp, version: 3, vrid: 10, routers: {r1: 110, r2: 100}";
