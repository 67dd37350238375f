// Bridged networks drawn at random, and what befalls them: two to five switches in a tree and more cables, with RSTP, STP, both or neither, of different
// clocks, with a hub or an MC-LAG pair among them, servers on one or two switches, gateways of one or two groups on one to five switches.

import fc from "fast-check";
import { event, seeds, step, type Event, type RandomCase } from "./random-networks.ts";

const GATEWAYS = ["hsrp", "hsrp", "glbp", "glbp", "vrrp", "none"] as const;

const cable = fc.record({ a: fc.nat(100), b: fc.nat(100), cost: fc.constantFrom(2000, 20000), delay: fc.constantFrom(500, 1_000, 20_000, 3_000_000) });
const group = fc.record({
  protocol: fc.constantFrom(...GATEWAYS), routers: fc.constantFrom(1, 2, 2, 3, 3, 5), priorities: fc.array(fc.constantFrom(90, 100, 100, 110, 120), { minLength: 5, maxLength: 5 }),
  preempt: fc.boolean(), delay: fc.constantFrom(0, 0, 30, 60), hello: fc.constantFrom(1, 3, 3, 7), version: fc.constantFrom(1, 2), method: fc.constantFrom("round-robin", "host-dependent", "weighted"),
  redirect: fc.constantFrom(600, 20), track: fc.boolean(),
  hold: fc.constantFrom((h: number) => 3 * h + 1, (h: number) => 3 * h + 1, (h: number) => 2 * h, (h: number) => h + 1), lower: fc.constantFrom(1, 80), takeBack: fc.constantFrom(30, 30, 7),
});

const shape = fc.record({
  switches: fc.array(
    fc.record({ mode: fc.constantFrom("rstp", "rstp", "rstp", "stp"), priority: fc.integer({ min: 0, max: 15 }), hello: fc.constantFrom(2, 2, 2, 1, 3, 5) }),
    { minLength: 2, maxLength: 5 },
  ),
  trees: fc.constantFrom("mixed", "mixed", "rstp", "stp", "none"),
  edge: fc.boolean(), loopGuard: fc.boolean(), bpduGuard: fc.boolean(),
  more: fc.array(cable, { maxLength: 3 }),
  tree: fc.array(cable, { minLength: 4, maxLength: 4 }),
  hub: fc.oneof({ weight: 3, arbitrary: fc.constant<number[]>([]) }, { weight: 1, arbitrary: fc.uniqueArray(fc.nat(4), { minLength: 2, maxLength: 3 }) }),
  shared: fc.boolean(),
  pair: fc.constantFrom(false, false, true),
  servers: fc.array(fc.record({ a: fc.nat(100), b: fc.nat(100), two: fc.boolean() }), { minLength: 2, maxLength: 3 }),
  groups: fc.array(group, { minLength: 1, maxLength: 2 }),
  ageing: fc.constantFrom(10, 15, 60, 300),
});
type Shape = typeof shape extends fc.Arbitrary<infer S> ? S : never;

interface Built { nodes: string[]; links: string[]; names: string[]; members: string[]; bonds: string[] }

function build(s: Shape): Built {
  const count = s.switches.length;
  const used = s.switches.map(() => 0);
  const costs = s.switches.map((): string[] => []);
  const shared = s.switches.map((): string[] => []);
  const edges = s.switches.map((): string[] => []);
  const names: string[] = [];
  const links: string[] = [];
  const port = (i: number): string => `Eth${(used[i]! += 1)}`;
  const lay = (a: string, b: string, delay: number): void => { links.push(`  - {endpoints: ["${a}", "${b}"], networks: [a], delay: ${delay}ns}`); names.push(a); };
  const between = (a: number, b: number, cost: number, delay: number): void => {
    if (a === b || (s.pair && a < 2 && b < 2)) return; // the peer-link joins these
    const [x, y] = [port(a), port(b)];
    costs[a]!.push(`${x}: ${cost}`); costs[b]!.push(`${y}: ${cost}`);
    lay(`sw${a + 1}:${x}`, `sw${b + 1}:${y}`, delay);
  };
  for (let i = 1; i < count; i++) between(i, s.tree[i - 1]!.a % i, s.tree[i - 1]!.cost, s.tree[i - 1]!.delay);
  for (const c of s.more) if (s.trees !== "none") between(c.a % count, c.b % count, c.cost, c.delay);
  const taps = s.trees === "none" ? [] : s.hub.filter((i) => i < count);
  const hubbed = taps.length > 1 ? taps : [];
  hubbed.forEach((i, k) => {
    const x = port(i);
    costs[i]!.push(`${x}: 20000`);
    if (s.shared) shared[i]!.push(x);
    lay(`sw${i + 1}:${x}`, `hub:Eth${k + 1}`, 1000);
  });
  const members: string[] = [];
  const bonds: string[] = [];
  s.servers.forEach((server, k) => {
    const homes = server.two && count > 1 && server.a % count !== server.b % count ? [server.a % count, server.b % count] : [server.a % count];
    homes.forEach((i, n) => {
      const x = port(i);
      edges[i]!.push(x);
      links.push(`  - {endpoints: ["srv${k + 1}:eth${n}", "sw${i + 1}:${x}"]}`);
      names.push(`srv${k + 1}:eth${n}`);
      if (homes.length === 2) members.push(`srv${k + 1}:eth${n}`);
    });
    if (homes.length === 2) bonds.push(`  srv${k + 1}:bond0: {members: [eth0, eth1], mode: active-backup, mii-monitor-interval: 100ms}`);
  });
  const modes = s.switches.map((sw, i) => (s.trees === "mixed" ? (s.pair && i === 1 ? s.switches[0]!.mode : sw.mode) : s.trees));
  const nodes = s.switches.map((sw, i) => {
    const own = s.pair && i === 1 ? s.switches[0]! : sw;
    const edge = s.edge ? edges[i]! : [];
    const stp = s.trees === "none" ? "none" : `{mode: ${modes[i]}, priority: ${own.priority * 4096}, hello: ${own.hello}s, cost: {${costs[i]!.join(", ")}}, shared: [${shared[i]!.join(", ")}], `
      + `edge: [${edge.join(", ")}], bpdu-guard: [${s.bpduGuard ? edge.join(", ") : ""}], loop-guard: ${s.loopGuard}}`;
    return `  sw${i + 1}: {kind: leaf, stp: ${stp}}`;
  });
  if (hubbed.length > 0) nodes.push("  hub: {kind: l2switch, stp: transparent}");
  return { nodes, links, names, members, bonds };
}

function gateway(s: Shape, g: Shape["groups"][number], k: number): string[] {
  if (g.protocol === "none") return [];
  const count = Math.min(g.routers, s.switches.length);
  const own = (i: number): string => (g.track && i === 0 && s.trees !== "none" && !s.pair && g.protocol !== "vrrp" ? `{priority: ${g.priorities[i]}, track: [{port: Eth1, decrement: 30}]${g.protocol === "glbp" ? `, weighting: {lower: ${g.lower}}` : ""}}` : String(g.priorities[i]));
  const routers = Array.from({ length: count }, (_, i) => `sw${((i + k) % s.switches.length) + 1}: ${own(i)}`).join(", ");
  const vip = `10.1.10.${k + 1}`;
  const preempt = `preempt: ${g.preempt}${g.preempt && g.delay > 0 ? `, preempt-delay: ${g.delay}s` : ""}`;
  const times = `hello: ${g.hello}s, hold: ${g.hold(g.hello)}s`;
  if (g.protocol === "vrrp") return [`  g${k}: {protocol: vrrp, version: 3, vrid: ${10 + k}, network: a, vip: ${vip}, routers: {${routers}}, advert-interval: ${g.hello}s}`];
  if (g.protocol === "hsrp") return [`  g${k}: {protocol: hsrp, version: ${g.version}, group: ${10 + k}, network: a, vip: ${vip}, routers: {${routers}}, ${times}, ${preempt}}`];
  return [`  g${k}: {protocol: glbp, group: ${10 + k}, network: a, vip: ${vip}, routers: {${routers}}, ${times}, ${preempt}, load-balancing: ${g.method}, redirect: ${g.redirect}s, timeout: ${g.redirect + 40}s, forwarder-preempt-delay: ${g.takeBack}s}`];
}

function text(s: Shape, built: Built): string[] {
  const gateways = s.groups.flatMap((g, k) => gateway(s, g, k));
  return [
    "dualhome: 1",
    "defaults:",
    "  link: {speed: 10G, delay: 1us, loss-detect: 10ms}",
    `  switch: {profile: ${s.pair ? "nxos-vpc" : "standard"}, boot: 5s, mac-ageing: ${s.ageing}s, arp-ageing: ${4 * s.ageing}s}`,
    "  server: {boot: 5s}",
    "networks: {a: {vlan: 10, subnet: 10.1.10.0/24}}",
    "nodes:", ...built.nodes,
    ...s.servers.map((_, k) => `  srv${k + 1}: {kind: server, network: a}`),
    "links:", ...built.links,
    ...(s.pair ? ["mlag: {pair1: {peers: [sw1, sw2], peer-link: {ports: [Eth53, Eth54]}, keepalive: {via: mgmt, interval: 1s, timeout: 5s}, domain: 1}}"] : []),
    ...(built.bonds.length > 0 ? ["bonds:", ...built.bonds] : []),
    ...(gateways.length > 0 ? ["gateways:", ...gateways] : []),
    "flows:",
    `  f: {from: srv1, to: srv${s.servers.length}, dport: 80}`,
    "scenarios:",
    "  default:",
    "    until: 150s",
    "    steps:",
  ];
}

/** What fails and comes back: drawn apart, a repair seldom meets what has failed. */
const outage = fc.record({ ms: fc.integer({ min: 1_000, max: 50_000 }), round: fc.boolean(), after: fc.constantFrom(5, 1_000, 4_500, 20_000, 45_000), target: fc.nat(1_000) }).map(({ ms, round, after, target }): Event[] => {
  const at = round ? Math.round(ms / 1_000) * 1_000 : ms;
  return [{ at: `${at}ms`, op: "fail", target, direction: "both", percent: 0 }, { at: `${at + after}ms`, op: "repair", target, direction: "both", percent: 0 }];
});

/** One to six faults and repairs. */
export const layer2Case: fc.Arbitrary<RandomCase> = fc
  .record({
    shape,
    events: fc.oneof(fc.array(event, { minLength: 1, maxLength: 6 }), fc.tuple(fc.array(outage, { minLength: 1, maxLength: 2 }), fc.array(event, { maxLength: 2 })).map(([out, more]) => [...out.flat(), ...more])),
    seed: seeds,
  })
  .map(({ shape: s, events, seed }) => {
    const built = build(s);
    const nodes = s.switches.map((_, i) => `sw${i + 1}`);
    const targets = { cables: [...built.names, ...(s.pair ? ["mlag/pair1/peer-link", "mlag/pair1/keepalive"] : [])], nodes: [...nodes, ...nodes, "srv1"], members: built.members };
    const usable = events.map((e) => (built.members.length === 0 && ["release", "enslave", "down", "up"].includes(e.op) ? { ...e, op: "fail" } : e));
    return { text: [...text(s, built), ...usable.map((e) => step(targets, e))].join("\n") + "\n", seed };
  });
