// Every vendor's profile makes a pair that works: all flows come up before the first step, and stay up when nothing fails.
// Regression: a peer that also routes for the other one's MAC (peer-gateway) kept ARP answers that were meant for it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { statistics } from "../../../bindings/analysis/index.ts";
import { PROFILE_NAMES } from "../../../bindings/topology/profiles.ts";
import { simulate } from "../../support/topologies.ts";

const pair = (profile: string, settings = ""): string => `dualhome: 1
name: ${profile}
networks: {lan: {vlan: 5, subnet: 10.9.0.0/24}, dmz: {vlan: 6, subnet: 10.9.1.0/24}}
nodes:
  tor1..2: {kind: tor, profile: ${profile}}
  app1..3: {kind: server, network: lan}
  fw: {kind: server, network: dmz}
mlag:
  p: {peers: [tor1, tor2], domain: 3, peer-link: [Eth51, Eth52]${settings}}
links: [tor1:Eth51 -- tor2:Eth51, tor1:Eth52 -- tor2:Eth52]
bonds:
  app1..3:bond0: {to: p, members: [eth0, eth1], mode: 802.3ad, lacp-rate: slow}
  fw:bond0: {to: [tor1, tor2], members: [eth0, eth1], mode: active-backup}
gateways:
  lan: {protocol: hsrp, group: 5, vip: 10.9.0.1, routers: {tor1: 110, tor2: 100}}
  dmz: {protocol: vrrp, vrid: 6, vip: 10.9.1.1, routers: {tor1: 100, tor2: 110}}
flows:
  tcp: {from: app1..3, to: fw, dport: 80}
  udp: {from: app1..3, to: fw, protocol: udp, dport: 53} # not confirmed by answers: its ARP entries are probed
scenarios: {quiet: {until: 400s, steps: [{at: 0s, nothing: tor1}]}}
`;

const settings: Record<string, string> = { "as the vendor has it": "", "peer-gateway": ", peer-gateway: true", "one router at a time": ", gateway-active: false" };
for (const profile of PROFILE_NAMES) {
  for (const [name, text] of Object.entries(settings)) {
    test(`${profile}, ${name}: every flow comes up and stays up`, async () => {
      const sim = await simulate(pair(profile, text));
      const found = statistics(sim.result);
      assert.deepEqual(found.notReady.map((n) => `${n.name}: ${n.words}`), []);
      assert.deepEqual(found.outages.map((o) => `${o.name} ${o.startNs} ${o.lengthNs} ${o.reasons.map((r) => r.words).join()}`), []);
    });
  }
}
