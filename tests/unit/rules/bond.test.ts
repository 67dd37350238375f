// Proofs of the rules of Linux bonding. A lost carrier is told after 10 ms, and looked at each 100 ms.

import { prove } from "../../support/rules.ts";

/** srv on two switches that a cable joins, by active-backup; peer and two others that may be asked on the first. */
const TWO = (bond: string, more = ""): string => `dualhome: 1
name: proof
defaults:
  link: {speed: 10G, delay: 500ns, loss-detect: 10ms}
  switch: {boot: 10s}
  flow: {max-outage: 500ms}
networks: {lan: {vlan: 10, subnet: 10.1.10.0/24}}
nodes:
  sw1..2: {kind: l2switch}
  srv: {kind: server, network: lan}
  peer: {kind: server, network: lan, address: 10.1.10.20}
  t1..2: {kind: server, network: lan, address: 10.1.10.21}
links:
  - sw1:Eth40 -- sw2:Eth40
  - sw2:Eth1 -- peer:eth0
  - sw2:Eth2 -- t1:eth0
  - sw2:Eth3 -- t2:eth0
bonds:
  srv:bond0: ${bond}
${more}flows:
  f: {from: peer, to: srv}
`;
const CUT = ["{at: 10s, fail: 'sw1:Eth1--srv:eth0'}", "{at: 40s, repair: 'sw1:Eth1--srv:eth0'}"];
const AB = (options: string): string => TWO(`{to: [sw1, sw2], members: [eth0, eth1], mode: active-backup, primary: eth0${options}}`);

prove([
  {
    rule: "bond/no-monitor",
    design: AB(", mii-monitor-interval: 100ms"),
    effect: { steps: CUT, faulty: 29_000, mended: 200, because: "nobody looks until the cable is back, or the bond does each 100 ms" },
  },
  {
    rule: "bond/slow-monitor",
    design: AB(", down-delay: 0s"),
    effect: { steps: CUT, faulty: 2_000, mended: 200, because: "the down delay of 2 s, or the next look" },
    seen: /f may be down for 500ms/,
  },
  { rule: "bond/delay-between-polls", design: AB(", mii-monitor-interval: 100ms, up-delay: 200ms"), seen: /its up-delay of 250ms is 200ms/ },
  {
    rule: "bond/one-arp-target",
    design: AB(", arp-interval: 100ms, arp-validate: all, arp-ip-targets: [10.1.10.21, 10.1.10.22]"),
    effect: { steps: ["{at: 10s, fail: t1}"], faulty: 100, mended: 0, because: "no answer comes by any member, or the other target answers" },
  },
  {
    rule: "bond/carrier-behind-converter",
    design: TWO("{to: [sw1, sw2], members: [eth0, eth1]}").replace("defaults:", "defaults:\n  bond: {mode: active-backup}"),
    effect: { steps: ["{at: 10s, fail: sw1}", "{at: 40s, repair: sw1}"], faulty: 29_000, mended: 200, because: "the carrier stays until the switch is back, or goes with it" },
  },
  { rule: "bond/round-robin", design: TWO("{to: sw2, members: [eth0, eth1], mode: 802.3ad}") },
]);
