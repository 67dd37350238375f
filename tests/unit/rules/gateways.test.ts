// Proofs of the rules of gateways. A router that dies is missed by the protocol's own times: VRRP after 3 s and a skew of 156/256 s.

import { brokenExpectations, ROUTERS, VRRP } from "../../support/rule-designs.ts";
import { prove } from "../../support/rules.ts";

const UPLINK = ["{at: 10s, fail: 'core:Eth1--r1:Eth49'}"];
const CRASH = ["{at: 10s, fail: r1}"];
const both = "{at: 30s, expect: {active: {gateway/a: r1}, standby: {gateway/a: r2}}}";

/** r1 under spine1, r2 under spine2, both spines over leaf3 with the server d; spine1 boots for 60 s. */
const POWER = `dualhome: 1
name: proof
defaults:
  link: {speed: 10G, delay: 500ns, loss-detect: 10ms}
  switch: {boot: 10s}
networks:
  a: {vlan: 10, subnet: 10.1.10.0/24}
  b: {vlan: 20, subnet: 10.1.20.0/24}
nodes:
  spine1: {kind: spine, boot: 60s}
  spine2: {kind: spine}
  r1..2: {kind: leaf}
  r3: {kind: leaf}
  sw: {kind: l2switch}
  h: {kind: server, network: a}
  d: {kind: server, network: b}
links:
  - spine1:Eth1 -- r1:Eth49
  - spine2:Eth1 -- r2:Eth49
  - spine1:Eth3 -- r3:Eth49
  - spine2:Eth3 -- r3:Eth50
  - {endpoints: ["sw:Eth1", "r1:Eth1"], networks: [a]}
  - {endpoints: ["sw:Eth2", "r2:Eth1"], networks: [a]}
  - sw:Eth10 -- h:eth0
  - r3:Eth1 -- d:eth0
gateways:
  a: {protocol: vrrp, version: 3, vrid: 10, vip: 10.1.10.1, routers: {r1: 110, r2: 100}, advert-interval: 1s, preempt-delay: 120s}
  b: {protocol: static, vip: 10.1.20.1, routers: {r3: {}}}
flows:
  web: {from: h, to: d}
`;

/** Four servers on an MC-LAG pair that is the gateway of two networks; the secondary does not step aside. */
const PAIR = `dualhome: 1
name: proof
defaults:
  link: {speed: 10G, delay: 500ns, loss-detect: 10ms}
  bond: {mode: 802.3ad, lacp-rate: fast, transmit-hash-policy: layer3+4, mii-monitor-interval: 100ms}
  lacp: {rate: fast, hash: layer3+4}
networks:
  a: {vlan: 10, subnet: 10.1.10.0/24}
  b: {vlan: 20, subnet: 10.1.20.0/24}
nodes:
  leaf1..2: {kind: leaf}
  a1..4: {kind: server, network: a}
  b1..4: {kind: server, network: b}
mlag:
  pair: {peers: [leaf1, leaf2], peer-link: [Eth53, Eth54], domain: 1, suspend-secondary: false, gateway-active: true}
bonds:
  a1..4:bond0: {to: pair, members: [eth0, eth1]}
  b1..4:bond0: {to: pair, members: [eth0, eth1]}
gateways:
  a: {protocol: vrrp, version: 3, vrid: 10, vip: 10.1.10.1, routers: {leaf1: 110, leaf2: 100}}
  b: {protocol: vrrp, version: 3, vrid: 20, vip: 10.1.20.1, routers: {leaf1: 110, leaf2: 100}}
flows:
  web: {from: a1..4, to: b1..4}
`;

prove([
  {
    rule: "vrrp/timers-differ",
    design: ROUTERS("protocol: vrrp, version: 2, vrid: 10, routers: {r1: {priority: 110, advert-interval: 1s}, r2: {priority: 100, advert-interval: 1s}}"),
    seen: /r1 advertises each 1s and r2 advertises each 2s/,
    effect: { steps: [both], measure: brokenExpectations, faulty: 2, mended: 0, because: "r2 discards what it hears, and is master too: neither expectation holds" },
  },
  {
    rule: "vrrp/versions-differ",
    design: ROUTERS("protocol: vrrp, vrid: 10, routers: {r1: 110, r2: 100}"),
    effect: { steps: [both], measure: brokenExpectations, faulty: 2, mended: 0, because: "each discards the other's version" },
  },
  {
    rule: "vrrp/vrid-clash",
    design: ROUTERS("protocol: vrrp, version: 3, vrid: 10, routers: {r1: 110}", { host: "" }).replace("  b: {protocol: static", "  second: {network: a, vrid: 11, vip: 10.1.10.9, protocol: vrrp, version: 3, routers: {r2: 100}}\n  b: {protocol: static")
      .replace("h1..4: {kind: server, network: a}", "h1..2: {kind: server, network: a}\n  h3..4: {kind: server, network: a, gateway: second}"),
    effect: { faulty: Infinity, mended: 0, because: "r2 hears r1's better priority, stays backup, and 10.1.10.9 is nobody's" },
  },
  {
    rule: "vrrp/owner-does-not-wait",
    design: ROUTERS("protocol: vrrp, version: 3, vrid: 10, routers: {r1: 254, r2: 100}, preempt-delay: 60s"),
    effect: {
      steps: ["{at: 10s, fail: r1}", "{at: 30s, repair: r1}", "{at: 60s, expect: {active: {gateway/a: r2}}}"], untilS: 70, measure: brokenExpectations, faulty: 1, mended: 0,
      because: "r1 is up at 40 s; held back it would take over after 100 s",
    },
  },
  {
    rule: "fhrp/priorities-equal",
    design: ROUTERS(VRRP),
    effect: { steps: ["{at: 10s, fail: r1}", "{at: 30s, repair: r1}", "{at: 80s, expect: {active: {gateway/a: r1}}}"], untilS: 90, measure: brokenExpectations, faulty: 1, mended: 0, because: "an advertisement of equal priority is enough to stay backup (RFC 9568 6.4.2)" },
  },
  { rule: "fhrp/one-router", design: ROUTERS(VRRP), effect: { steps: CRASH, faulty: 49_000, mended: 4_000, because: "dead from 10 s to the end; with a second router VRRP's 3.6 s" } },
  {
    rule: "fhrp/slow-against-budget",
    design: ROUTERS(`${VRRP}, advert-interval: 100ms`, { web: ", max-outage: 1s" }),
    seen: /takes over after 3\.609 s; web-1, web-2, web-3 and 1 more may be down for 1s/,
    effect: { steps: CRASH, faulty: 2_609, mended: 461, because: "3 x 1 s + 156/256 s less the up to 1 s since the last advertisement; a tenth of that with 100 ms, and ARP" },
  },
  {
    rule: "fhrp/uplink-untracked",
    design: ROUTERS(`${VRRP}, advert-interval: 1s, track: [{uplinks: true, decrement: 20}]`),
    effect: { steps: UPLINK, faulty: 49_000, mended: 4_000, because: "cut at 10 s until the end; tracked, r2 discards the lesser priority and takes over after 3.6 s" },
  },
  { rule: "fhrp/track-too-small", design: ROUTERS(`${VRRP}, track: [{uplinks: true, decrement: 20}]`), effect: { steps: UPLINK, faulty: 49_000, mended: 4_000, because: "110 - 5 is above 100, 110 - 20 is not" } },
  {
    rule: "fhrp/track-without-preempt",
    design: ROUTERS(`${VRRP}, preempt: true, track: [{uplinks: true, decrement: 20}]`),
    effect: { steps: UPLINK, faulty: 49_000, mended: 4_000, because: "a backup that does not preempt is content with any advertisement" },
  },
  {
    rule: "fhrp/preempts-before-routes",
    design: POWER,
    effect: {
      steps: ["{at: 10s, fail: [r1, spine1]}", "{at: 60s, repair: [r1, spine1]}"], untilS: 260, faulty: 40_000, mended: 4_000,
      because: "r1 is up at 70 s and master 3.6 s later, spine1 is up at 120 s; with the delay only the crash costs VRRP's 3.6 s",
    },
  },
  { rule: "fhrp/backup-does-not-route", design: PAIR, effect: { steps: ["{at: 10s, fail: mlag/pair/peer-link}"], faulty: 2_609, mended: 200, because: "the backup hears no master: 3 s and a skew, less the up to 1 s since the last advertisement; where both route nobody waits" } },
  {
    rule: "fhrp/static-on-pair", design: PAIR.replace(/ {2}a: \{protocol.*/, "  a: {vip: 10.1.10.1, protocol: anycast, routers: {leaf1: {}, leaf2: {}}}"), seen: /10\.1\.10\.1 is at leaf1 alone, a peer of pair/,
    effect: { steps: ["{at: 10s, fail: leaf1}"], faulty: 49_000, mended: 4_000, because: "dead from 10 s to the end; leaf2 has the address too, and takes over the other network's by VRRP" },
  },
  {
    rule: "hsrp/hold-short",
    design: ROUTERS("protocol: hsrp, group: 10, routers: {r1: 110, r2: 100}, hello: 1s, hold: 4s"),
    effect: {
      steps: ["{at: 10s, silent: 'sw:Eth1--r1:Eth1', expect: {within: 1550ms, standby: {gateway/a: r2}}}", "{at: 11900ms, repair: 'sw:Eth1--r1:Eth1'}"], measure: brokenExpectations, faulty: 1, mended: 0,
      because: "the last hello is up to 1 s old at 10 s: 1.5 s after it, at 11.5 s at the latest, r2 is active; 4 s after it the cable is whole",
    },
  },
  {
    rule: "glbp/weighting-idle",
    design: ROUTERS("protocol: glbp, group: 10, routers: {r1: 110, r2: 100}, weighting: {value: 100, lower: 80}, track: [{uplinks: true, decrement: 60}]"),
    effect: { steps: UPLINK, faulty: 49_000, mended: 12_000, because: "cut at 10 s until the end; tracked, another takes the forwarder's number at once" },
  },
]);
