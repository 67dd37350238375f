// Small networks and what befalls them, drawn at random: the text of a topology file with one scenario.

import fc from "fast-check";

const PROFILES = ["standard", "nxos-vpc", "eos-mlag", "junos-mclag", "sonic-mclag", "cumulus-clag"] as const;
const MODES = ["802.3ad", "802.3ad", "802.3ad", "active-backup", "balance-xor"] as const;

interface Shape {
  servers: number;
  pair: boolean;
  spines: boolean;
  profile: (typeof PROFILES)[number];
  switchRate: "fast" | "slow";
  bonds: { mode: (typeof MODES)[number]; rate: "fast" | "slow"; miimon: number; updelay: number; minLinks: number }[];
  gateway: "vrrp2" | "vrrp3" | "own-mac" | "hsrp" | "glbp" | "none";
  /** the second half of the servers is in a network of its own, behind the gateways */
  routed: boolean;
  ipv6: boolean;
  delay: number;
  macAgeing: number;
  arpAgeing: number;
}

const shape: fc.Arbitrary<Shape> = fc.record({
  servers: fc.integer({ min: 2, max: 4 }),
  pair: fc.boolean(),
  spines: fc.boolean(),
  profile: fc.constantFrom(...PROFILES),
  switchRate: fc.constantFrom("fast" as const, "slow" as const),
  bonds: fc.array(
    fc.record({
      mode: fc.constantFrom(...MODES), rate: fc.constantFrom("fast" as const, "slow" as const), miimon: fc.constantFrom(50, 100),
      updelay: fc.constantFrom(0, 0, 400), minLinks: fc.constantFrom(0, 0, 2),
    }),
    { minLength: 4, maxLength: 4 },
  ),
  gateway: fc.constantFrom("vrrp2" as const, "vrrp3" as const, "own-mac" as const, "hsrp" as const, "glbp" as const, "none" as const),
  routed: fc.boolean(),
  ipv6: fc.constantFrom(false, false, true),
  delay: fc.constantFrom(500, 20_000, 3_000_000),
  macAgeing: fc.constantFrom(10, 60, 300),
  arpAgeing: fc.constantFrom(2, 7, 40, 1200), // refreshed many times, and slower than MAC tables forget
});

/** Instants that meet hellos and polls of round clocks, and instants that meet nothing. */
const instant = fc.oneof(
  fc.integer({ min: 1, max: 80 }).map((s) => `${s}s`),
  fc.integer({ min: 1_000, max: 80_000 }).map((ms) => `${ms}ms`),
  fc.bigInt({ min: 1_000_000_000n, max: 80_000_000_000n }).map((ns) => `${ns}ns`),
);

export interface Event { at: string; op: string; target: number; direction: string; percent: number; delay?: string }

export const event: fc.Arbitrary<Event> = fc.record({
  at: instant,
  op: fc.constantFrom("fail", "fail", "repair", "repair", "hang", "silent", "carrier", "loss", "shutdown", "nothing", "release", "enslave", "down", "up"),
  target: fc.nat(1_000),
  direction: fc.constantFrom("both", "a-to-b", "b-to-a"),
  percent: fc.constantFrom(1, 30, 100),
});

/** Delays on both sides of what hellos may be left out on, and of LACP's timeout. */
const slow: fc.Arbitrary<Event> = fc.record({
  at: instant, op: fc.constant("slow"), target: fc.nat(1_000), direction: fc.constant("both"), percent: fc.constant(0), delay: fc.constantFrom("1us", "30ms", "249ms", "251ms", "4s"),
});

const NODE_OPS = new Set(["fail", "repair", "hang", "shutdown", "nothing"]);
const MEMBER_OPS = new Set(["release", "enslave", "down", "up"]);
const CABLE_OPS = new Set(["fail", "repair", "silent", "carrier", "loss", "nothing", "slow"]);

function lines(s: Shape): string[] {
  const one = (n: number, k: number): string => {
    const b = s.bonds[k - 1]!;
    const mode = s.pair || b.mode !== "802.3ad" ? b.mode : "802.3ad";
    return `  srv${k}:bond0: {to: ${s.pair ? "pair1" : `leaf${((k + n) % 2) + 1}`}, members: [eth0, eth1], mode: ${mode}, lacp-rate: ${b.rate}, `
      + `mii-monitor-interval: ${b.miimon}ms, up-delay: ${b.updelay}ms, min-links: ${mode === "802.3ad" ? b.minLinks : 0}}`;
  };
  const networks = s.routed ? ["a", "b"] : ["a"];
  const six = s.ipv6 && ["vrrp3", "own-mac", "none"].includes(s.gateway);
  const subnet = (n: string): string => (six ? `"fd00:${n}::` : `10.1.${n === "a" ? 10 : 20}.`);
  const vip = (n: string): string => (six ? `${subnet(n)}1"` : `${subnet(n)}1`);
  const gateway: Record<Shape["gateway"], ((n: string, id: number) => string) | null> = {
    none: null,
    vrrp2: (n, id) => `protocol: vrrp, version: 2, vrid: ${id}, vip: ${vip(n)}/24, routers: {leaf1: 110, leaf2: 100}, advert-interval: 1s`,
    vrrp3: (n, id) => `protocol: vrrp, version: 3, vrid: ${id}, vip: ${vip(n)}, routers: {leaf1: 110, leaf2: 100}, advert-interval: 500ms`,
    "own-mac": (n, id) => `protocol: vrrp, vrid: ${id}, vip: ${vip(n)}, implementation: keepalived, routers: {leaf1: 110, leaf2: 100}`,
    hsrp: (n, id) => `protocol: hsrp, version: 2, group: ${id}, vip: ${vip(n)}, routers: {leaf1: 110, leaf2: 100}, preempt: true`,
    glbp: (n, id) => `protocol: glbp, group: ${id}, vip: ${vip(n)}, routers: {leaf1: 110, leaf2: 100}`,
  };
  const group = gateway[s.gateway];
  const networkOf = (k: number): string => (s.routed && k > s.servers / 2 ? "b" : "a");
  return [
    "dualhome: 1",
    "defaults:",
    `  link: {speed: 25G, delay: ${s.delay}ns, loss-detect: 10ms}`,
    `  lacp: {rate: ${s.switchRate}, hash: layer3+4}`,
    `  switch: {profile: ${s.profile}, boot: 10s, mac-ageing: ${s.macAgeing}s, arp-ageing: ${s.arpAgeing}s}`,
    "  server: {boot: 5s}",
    "networks:",
    ...networks.map((n, i) => `  ${n}: {vlan: ${10 * (i + 1)}, subnet: ${six ? `${subnet(n)}/64"` : `${subnet(n)}0/24`}}`),
    "nodes:",
    "  leaf1..2: {kind: leaf}",
    ...(s.spines ? ["  spine1..2: {kind: spine}"] : []),
    ...Array.from({ length: s.servers }, (_, i) => `  srv${i + 1}: {kind: server, network: ${networkOf(i + 1)}}`),
    ...(s.spines || !s.pair ? ["links:"] : []),
    ...(s.spines ? ["  - mesh: {from: leaf1..2, to: spine1..2, speed: 100G}"] : []),
    ...(s.pair ? [] : [`  - {endpoints: ["leaf1:Eth53", "leaf2:Eth53"], networks: [${networks.join(", ")}]}`]),
    ...(s.pair ? ["mlag:", "  pair1: {peers: [leaf1, leaf2], peer-link: {ports: [Eth53, Eth54]}, keepalive: {via: mgmt, interval: 1s, timeout: 5s}, domain: 1}"] : []),
    "bonds:",
    ...Array.from({ length: s.servers }, (_, i) => one(s.servers, i + 1)),
    ...(group === null ? [] : ["gateways:", ...networks.map((n, i) => `  ${n}: {${group(n, 10 * (i + 1))}}`)]),
    "flows:",
    `  f: {from: srv1, to: srv${s.servers}, dport: 80}`,
    `  h: {from: srv1, to: srv${s.servers}, protocol: udp, dport: 123}`,
    ...(s.servers > 2 ? ["  g: {from: srv2, to: srv3, protocol: udp, dport: 53}"] : []),
    "scenarios:",
    "  default:",
    "    until: 150s",
    "    steps:",
  ];
}

/** What a network has that may fail. */
export interface Targets { cables: string[]; nodes: string[]; members: string[] }

function targetsOf(s: Shape): Targets {
  const cables = [
    ...Array.from({ length: s.servers }, (_, i) => [`srv${i + 1}:eth0`, `srv${i + 1}:eth1`]).flat(),
    "leaf1:Eth53", ...(s.spines ? ["leaf1:Eth49", "leaf2:Eth50"] : []), ...(s.pair ? ["mlag/pair1/peer-link", "mlag/pair1/keepalive"] : []),
  ];
  const nodes = ["leaf1", "leaf2", "srv1", `srv${s.servers}`, ...(s.spines ? ["spine1"] : [])];
  return { cables, nodes, members: cables.slice(0, 2 * s.servers) };
}

export function step({ cables, nodes, members }: Targets, e: Event): string {
  const all = MEMBER_OPS.has(e.op) ? members : [...(CABLE_OPS.has(e.op) ? cables : []), ...(NODE_OPS.has(e.op) ? nodes : [])];
  const target = all[e.target % all.length]!;
  const more = e.op === "silent" || e.op === "carrier" ? `, direction: ${e.direction}` : e.op === "loss" ? `, percent: ${e.percent}` : e.op === "slow" ? `, delay: ${e.delay}` : "";
  return `      - {at: ${e.at}, ${e.op}: "${target}"${more}}`;
}

export interface RandomCase { text: string; seed: bigint }

const written = ({ shape: s, events, seed }: { shape: Shape; events: readonly Event[]; seed: bigint }): RandomCase => ({ text: [...lines(s), ...events.map((e) => step(targetsOf(s), e))].join("\n") + "\n", seed });
export const seeds = fc.bigInt({ min: 1n, max: 1_000_000n });

/** Networks of two switches, alone or an MC-LAG pair, with or without spines, and two to four dual-homed servers; one to six faults and repairs. */
export const randomCase: fc.Arbitrary<RandomCase> = fc
  .record({ shape, events: fc.array(event, { minLength: 1, maxLength: 6 }), seed: seeds })
  .map(written);

/** The same with cables that become slow. */
export const slowCase: fc.Arbitrary<RandomCase> = fc
  .record({ shape, events: fc.tuple(fc.array(event, { maxLength: 4 }), fc.array(slow, { minLength: 1, maxLength: 3 })).map((both) => both.flat()), seed: seeds })
  .map(written);
