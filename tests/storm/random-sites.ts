// Two sites drawn at random: an MC-LAG pair and its servers at each, joined by spines; several VLANs, a service with a standby at the other site, a Windows team,
// a virtual machine on two hypervisors, and what befalls them.

import fc from "fast-check";
import { event, seeds, step, type Event, type RandomCase } from "../support/random-networks.ts";

const shape = fc.record({
  profile: fc.constantFrom("nxos-vpc", "eos-mlag", "sonic-mclag", "cumulus-clag"),
  gateway: fc.constantFrom("vrrp", "vrrp", "hsrp", "glbp"),
  team: fc.boolean(), vm: fc.boolean(), service: fc.boolean(), orphan: fc.boolean(),
  rate: fc.constantFrom("fast", "slow"), minLinks: fc.constantFrom(0, 0, 2), spines: fc.integer({ min: 1, max: 2 }), ageing: fc.constantFrom(10, 60, 300),
});
type Shape = typeof shape extends fc.Arbitrary<infer S> ? S : never;

const SITES = ["x", "y"] as const;

function gatewayOf(s: Shape, site: string, id: number): string {
  const vip = `10.1.${id}.1`;
  const routers = `routers: {${site}1: 110, ${site}2: 100}`;
  if (s.gateway === "vrrp") return `  ${site}: {protocol: vrrp, version: 3, vrid: ${id}, vip: ${vip}/24, ${routers}, advert-interval: 1s}`;
  return `  ${site}: {protocol: ${s.gateway}, group: ${id}, vip: ${vip}, ${routers}${s.gateway === "hsrp" ? ", version: 2, preempt: true" : ""}}`;
}

function lines(s: Shape): string[] {
  const ids = { x: 10, y: 20 };
  const bond = (site: string, name: string): string => `  ${name}:bond0: {to: pair${site}, members: [eth0, eth1], mode: 802.3ad, lacp-rate: ${s.rate}, mii-monitor-interval: 100ms, min-links: ${s.minLinks}}`;
  return [
    "dualhome: 1", "defaults:", "  link: {speed: 25G, delay: 1us, loss-detect: 10ms}", "  lacp: {rate: fast, hash: layer3+4}",
    `  switch: {profile: ${s.profile}, boot: 10s, mac-ageing: ${s.ageing}s, arp-ageing: ${4 * s.ageing}s}`, "  server: {boot: 5s}",
    "networks:", ...SITES.map((x) => `  ${x}: {vlan: ${ids[x]}, subnet: 10.1.${ids[x]}.0/24}`),
    "nodes:", ...SITES.flatMap((x) => [`  ${x}1..2: {kind: leaf}`, `  ${x}s1..2: {kind: server, network: ${x}}`]), `  spine1..${s.spines}: {kind: spine}`,
    ...(s.team ? ["  win: {kind: server, network: x}"] : []), ...(s.orphan ? ["  orph: {kind: server, network: x}"] : []), ...(s.vm ? ["  hv1..2: {kind: hypervisor}"] : []),
    "links:", `  - mesh: {from: [x1, x2, y1, y2], to: spine1..${s.spines}, speed: 100G}`, ...(s.orphan ? ["  - x2:Eth40 -- orph:eth0"] : []),
    "mlag:", ...SITES.map((x, i) => `  pair${x}: {peers: [${x}1, ${x}2], peer-link: {ports: [Eth53, Eth54]}, keepalive: {via: mgmt, interval: 1s, timeout: 5s}, domain: ${i + 1}}`),
    "bonds:", ...SITES.flatMap((x) => [bond(x, `${x}s1`), bond(x, `${x}s2`)]),
    ...(s.team ? ["  win:team: {to: [x1, x2], members: [nic1, nic2], mode: windows-switch-independent}"] : []),
    ...(s.vm ? ["  hv1..2:bond0: {to: pairx, members: [eth0, eth1], mode: 802.3ad, lacp-rate: fast}", "vms:", "  guest: {on: [hv1, hv2], network: x, boot: 5s}"] : []),
    "gateways:", ...SITES.map((x) => gatewayOf(s, x, ids[x])),
    "flows:", "  near: {from: xs1, to: xs2, dport: 80}", "  far: {from: xs1, to: ys1, dport: 443}", "  across: {from: ys2, to: xs2, protocol: udp, dport: 53}",
    ...(s.team ? ["  team: {from: win, to: ys2, dport: 22}"] : []), ...(s.orphan ? ["  lone: {from: orph, to: ys1, dport: 25}"] : []), ...(s.vm ? ["  guest: {from: guest, to: ys1, dport: 8080}"] : []),
    ...(s.service ? ["services:", "  app: {clients: xs1, servers: xs2, dr: {servers: ys2, decision: automatic}}"] : []),
    "scenarios:", "  default:", "    until: 150s", "    steps:",
  ];
}

const cables = [...SITES.flatMap((x) => [`${x}s1:eth0`, `${x}s1:eth1`, `${x}s2:eth0`, `${x}1:Eth53`, `mlag/pair${x}/peer-link`, `mlag/pair${x}/keepalive`])];
const members = ["xs1:eth0", "xs1:eth1", "ys1:eth0"];
const nodes = ["x1", "x2", "y1", "y2", "spine1", "xs2", "ys1"];

/** One to four faults and repairs. */
export const sitesCase: fc.Arbitrary<RandomCase> = fc.record({ shape, events: fc.array(event, { minLength: 1, maxLength: 4 }) as fc.Arbitrary<Event[]>, seed: seeds })
  .map(({ shape: s, events, seed }) => ({ text: [...lines(s), ...events.map((e) => step({ cables, nodes, members }, e))].join("\n") + "\n", seed }));
