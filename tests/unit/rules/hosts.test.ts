// Proofs of the rules of hosts, ARP and routed ways.

import { capacity } from "../../../bindings/capacity/index.ts";
import type { Topology } from "../../../bindings/topology/model.ts";
import { ROUTERS, VRRP } from "../../support/rule-designs.ts";
import { prove } from "../../support/rules.ts";

const HOST = "h2..4: {kind: server, network: a}\n  h1: {kind: server, network: a}";
const one = (host: string): string => ROUTERS(VRRP).replace("h1..4: {kind: server, network: a}", HOST.replace("h1: {kind: server, network: a}", host));

const FABRIC = `dualhome: 1
name: proof
defaults:
  link: {speed: 10G, delay: 500ns, loss-detect: 10ms}
networks:
  a: {vlan: 10, subnet: 10.1.10.0/24}
  b: {vlan: 20, subnet: 10.1.20.0/24}
nodes:
  leaf1..2: {kind: leaf}
  spine1..2: {kind: spine}
  srv1: {kind: server, network: a}
  srv2: {kind: server, network: b}
links:
  - mesh: {from: leaf1..2, to: spine1..2}
  - leaf1:Eth1 -- srv1:eth0
  - leaf2:Eth1 -- srv2:eth0
gateways:
  a: {protocol: static, vip: 10.1.10.1, routers: {leaf1: 100}}
  b: {protocol: static, vip: 10.1.20.1, routers: {leaf2: 100}}
flows:
  web: {from: srv1, to: srv2}
`;

/** leaf1 under spine1, leaf2 under spine2; spine1 boots for 60 s. Four flows, so that the hash gives some to each leg. */
const RACK = `dualhome: 1
name: proof
defaults:
  link: {speed: 25G, delay: 500ns, loss-detect: 10ms}
  bond: {mode: 802.3ad, lacp-rate: fast, transmit-hash-policy: layer3+4, mii-monitor-interval: 100ms}
  lacp: {rate: fast, hash: layer3+4}
  switch: {boot: 10s}
networks:
  a: {vlan: 10, subnet: 10.1.10.0/24}
  b: {vlan: 20, subnet: 10.1.20.0/24}
nodes:
  leaf1..3: {kind: leaf}
  spine1: {kind: spine, boot: 60s}
  spine2: {kind: spine, boot: 60s}
  srv1: {kind: server, network: a}
  far: {kind: server, network: b}
links:
  - leaf1:Eth49 -- spine1:Eth1
  - leaf2:Eth49 -- spine2:Eth1
  - leaf3:Eth49 -- spine1:Eth3
  - leaf3:Eth50 -- spine2:Eth3
  - leaf3:Eth1 -- far:eth0
mlag:
  pair: {peers: [leaf1, leaf2], peer-link: [Eth53, Eth54], domain: 1, delay-restore: 90s}
bonds:
  srv1:bond0: {to: pair, members: [eth0, eth1]}
gateways:
  a: {protocol: anycast, vip: 10.1.10.1, routers: {leaf1: {}, leaf2: {}}}
  b: {protocol: static, vip: 10.1.20.1, routers: {leaf3: 100}}
flows:
  ${[1, 2, 3, 4].map((i) => `f${i}: {from: srv1, to: far, sport: ${40000 + i}}`).join("\n  ")}
`;

/** Three tiers, two of each: four servers send to four behind a leaf on the cores, 256 flows. */
const TIERS = `dualhome: 1
name: proof
defaults: {link: {speed: 100G, delay: 500ns, loss-detect: 10ms}}
networks:
  a: {vlan: 10, subnet: 10.1.10.0/24}
  b: {vlan: 20, subnet: 10.1.20.0/24}
nodes:
  leaf1: {kind: leaf, hash-seed: 1}
  leaf2: {kind: leaf}
  spine1..2: {kind: spine, hash-seed: 2}
  core1..2: {kind: core}
  a1..4: {kind: server, network: a}
  b1..4: {kind: server, network: b}
links:
  - mesh: {from: leaf1, to: spine1..2}
  - mesh: {from: spine1..2, to: core1..2}
  - mesh: {from: leaf2, to: core1..2}
  ${[1, 2, 3, 4].flatMap((i) => [`- leaf1:Eth${i} -- a${i}:eth0`, `- leaf2:Eth${i} -- b${i}:eth0`]).join("\n  ")}
gateways:
  a: {protocol: static, vip: 10.1.10.1, routers: {leaf1: 100}}
  b: {protocol: static, vip: 10.1.20.1, routers: {leaf2: 100}}
demands: {up: {from: a1..4, to: b1..4, rate: 40G, flows: 256}}
`;

/** Cables from a spine to a core that carry nothing of the demands. */
async function idleCables(t: Topology): Promise<number> {
  const { links } = await capacity(t, { failures: 0 });
  return 4 - links.filter((l) => l.from.startsWith("spine") && l.to.startsWith("core") && l.mbps > 0).length;
}

prove([
  {
    rule: "host/gateway-is-a-router", design: one("h1: {kind: server, network: a}"), seen: /h1 sends to 10\.1\.10\.2, the address of r1 alone/,
    effect: { steps: ["{at: 10s, fail: r1}"], faulty: 49_000, mended: 4_000, because: "dead from 10 s to the end; the virtual address moves in VRRP's 3.6 s" },
  },
  {
    rule: "host/gateway-is-nobody", design: one("h1: {kind: server, network: a, gateway: 10.1.10.1}"),
    effect: { faulty: Infinity, mended: 0, because: "nobody answers for 10.1.10.250" },
  },
  { rule: "host/no-gateway", design: one("h1: {kind: server, network: a}"), seen: /h1 has no gateway, and flow web-1 is with d/, effect: { faulty: Infinity, mended: 0, because: "h1 has no way to 10.1.20.11" } },
  { rule: "host/wrong-mask", design: one("h1: {kind: server, network: a}"), seen: /\/16 in 10\.1\.10\.0\/24/, effect: { faulty: Infinity, mended: 0, because: "10.1.20.11 is asked for on the wrong side of the router" } },
  { rule: "arp/proxy-arp", design: ROUTERS("protocol: vrrp, version: 3, vrid: 10, routers: {r1: 110, r2: 100}"), seen: /r1 and r2 answer for every address behind them/ },
  {
    rule: "routing/one-way-up", design: FABRIC, seen: /leaf1 goes up by the cable leaf1:Eth49--spine1:Eth1 alone/,
    effect: { steps: ["{at: 10s, fail: leaf1:Eth49--spine1:Eth1}"], faulty: 49_000, mended: 100, because: "cut at 10 s until the end; with two, 10 ms of carrier and a few times 10 ms until routes are told" },
  },
  { rule: "routing/polarised", design: TIERS, seen: /leaf1 and spine1 above it both have hash-seed 1/, effect: { measure: idleCables, faulty: 2, mended: 0, because: "spine1 is given what hashes to one half, and deals all of it to one core; so does spine2" } },
  {
    rule: "routing/back-before-routes", design: RACK,
    effect: {
      steps: ["{at: 10s, fail: [leaf1, spine1]}", "{at: 60s, repair: [leaf1, spine1]}"], untilS: 220, faulty: 41_000, mended: 500,
      because: "the leg is used again at 77 s, spine1 is up at 120 s; with the longer delay only carrier and polls count",
    },
  },
]);
