// Proofs of the rules of sites.

import { prove } from "../../support/rules.ts";

const SOUTH = '- {endpoints: ["spine1:Eth63", "spine2:Eth63"], risk: south}';

/** Two sites with a server each, joined by spine1 (and spine3) and spine2 (and spine4). */
const SITES = (cables: string): string => `dualhome: 1
name: proof
defaults: {link: {speed: 25G, delay: 500ns, loss-detect: 10ms}}
sites: {one: null, two: null}
networks:
  a: {vlan: 10, subnet: 10.1.10.0/24, site: one}
  b: {vlan: 20, subnet: 10.2.20.0/24, site: two}
nodes:
  leaf1: {kind: leaf, site: one}
  leaf2: {kind: leaf, site: two}
  spine1: {kind: spine, site: one}
  spine3: {kind: spine, site: one}
  spine2: {kind: spine, site: two}
  spine4: {kind: spine, site: two}
  s1: {kind: server, site: one, network: a}
  s2: {kind: server, site: two, network: b}
links:
  - leaf1:Eth49 -- spine1:Eth1
  - leaf1:Eth50 -- spine3:Eth1
  - leaf2:Eth49 -- spine2:Eth1
  - leaf2:Eth50 -- spine4:Eth1
  - {endpoints: ["spine1:Eth64", "spine2:Eth64"], risk: north}
  ${cables}
  - leaf1:Eth1 -- s1:eth0
  - leaf2:Eth1 -- s2:eth0
gateways:
  a: {protocol: static, vip: 10.1.10.1, routers: {leaf1: 100}}
  b: {protocol: static, vip: 10.2.20.1, routers: {leaf2: 100}}
flows:
  copy: {from: s1, to: s2}
`;

/** r1 and r3 at site one, r2 at site two, one switch at each; both networks are bridged between the sites. s3 and s4 are at site two. */
const STRETCHED = `dualhome: 1
name: proof
defaults: {link: {speed: 25G, delay: 500ns, loss-detect: 10ms}}
sites: {one: null, two: null}
networks:
  a: {vlan: 10, subnet: 10.1.10.0/24}
  b: {vlan: 20, subnet: 10.1.20.0/24}
nodes:
  sw1: {kind: l2switch, site: one}
  sw2: {kind: l2switch, site: two}
  r1: {kind: router, site: one}
  r3: {kind: router, site: one}
  r2: {kind: router, site: two}
  s3: {kind: server, site: two, network: a}
  s4: {kind: server, site: two, network: b}
links:
  - {endpoints: ["sw1:Eth1", "r1:Eth1"], networks: [a, b]}
  - {endpoints: ["sw1:Eth3", "r3:Eth1"], networks: [a, b]}
  - {endpoints: ["sw2:Eth1", "r2:Eth1"], networks: [a, b]}
  - {endpoints: ["sw1:Eth64", "sw2:Eth64"], networks: [a, b]}
  - sw2:Eth10 -- s3:eth0
  - sw2:Eth11 -- s4:eth0
gateways:
  a: {vrid: 10, vip: 10.1.10.1, protocol: vrrp, routers: {r1: 110, r2: 100}}
  b: {protocol: vrrp, vrid: 20, vip: 10.1.20.1, routers: {r1: 110, r2: 100}}
flows:
  local: {from: s3, to: s4}
`;

const cut = (target: string) => [`{at: 10s, fail: ${target}}`];

prove([
  {
    rule: "site/one-cable", design: SITES(SOUTH), seen: /site one has spine1:Eth64--spine2:Eth64 alone; copy goes by it/,
    effect: { steps: cut("risk/north"), faulty: 49_000, mended: 200, because: "cut at 10 s until the end; with a second one 10 ms of carrier and what routing takes" },
  },
  {
    rule: "site/one-duct", design: SITES(SOUTH), seen: /2 cables, all of them of the risk north/,
    effect: { steps: cut("risk/north"), faulty: 49_000, mended: 200, because: "both are cut at 10 s; of two ducts one is left" },
  },
  {
    rule: "site/one-switch", design: SITES('- {endpoints: ["spine3:Eth63", "spine4:Eth63"], risk: south}'), seen: /the 2 cables of site one end at spine1/,
    effect: { steps: cut("spine1"), faulty: 49_000, mended: 200, because: "dead from 10 s to the end; spine3 has a way of its own" },
  },
  { rule: "site/stretched", design: SITES(`${SOUTH}\n  - {endpoints: ["spine3:Eth62", "spine4:Eth62"], delay: 4ms} # between the sites`), seen: /carries VLAN 10 from site one to site two/ },
  {
    rule: "site/gateway-elsewhere", design: STRETCHED, seen: /s3 at site two, r1 and r3 at site one/,
    effect: { steps: cut("sw1:Eth64--sw2:Eth64"), faulty: 49_000, mended: 4_000, because: "s3 has no gateway from 10 s to the end; otherwise r2 takes over after VRRP's 3.6 s" },
  },
]);
