// Networks of RSTP bridges, drawn at random, for the engine and for mstpd (docs/accuracy.md): rings and meshes of two to eight bridges, parallel cables, hubs, hosts,
// one failure and its repair. Each is made once, and written down twice: as a topology file, and as commands for world.c.

import fc from "fast-check";
import { parseTopology, type Topology } from "../../../bindings/topology/index.ts";

export const LINKS_S = 1; // bridges are there, cables are plugged in
export const FAIL_S = 100;
export const REPAIR_S = 200;
export const BOOT_S = 10;
export const END_S = 320;

type Kind = "cut" | "silent" | "crash";
interface Cable { a: number; b: number; costA: number; costB: number }
export interface Spec {
  priorities: number[];
  cables: Cable[];
  hub: number[]; // bridges with a cable to it, some with two
  halfDuplex: boolean;
  hosts: { at: number; edge: boolean; halfDuplex: boolean }[];
  failure: { kind: Kind; which: number };
  classic?: number[]; // bridges that speak the protocol of 1998
}

const COSTS = [2000, 20000, 20000, 200000];
const cost = fc.constantFrom(...COSTS);

export const specs: fc.Arbitrary<Spec> = fc.integer({ min: 2, max: 8 }).chain((n) => {
  const bridge = fc.nat(n - 1);
  const cable = (a: fc.Arbitrary<number>, b: fc.Arbitrary<number>): fc.Arbitrary<Cable> => fc.record({ a, b, costA: cost, costB: cost });
  const tree = fc.tuple(...Array.from({ length: n - 1 }, (_, i) => cable(fc.constant(i + 1), fc.nat(i))));
  const ring = fc.tuple(...Array.from({ length: n }, (_, i) => cable(fc.constant(i), fc.constant((i + 1) % n))));
  return fc.record({
    priorities: fc.array(fc.nat(15).map((k) => k * 4096), { minLength: n, maxLength: n }),
    cables: fc.tuple(fc.oneof(tree, ring), fc.array(cable(bridge, bridge), { maxLength: 6 })).map(([first, more]) => [...first, ...more.filter((c) => c.a !== c.b)]),
    hub: fc.oneof({ weight: 2, arbitrary: fc.constant<number[]>([]) }, { weight: 1, arbitrary: fc.array(bridge, { minLength: 2, maxLength: 4 }) }),
    halfDuplex: fc.boolean(),
    hosts: fc.array(fc.record({ at: bridge, edge: fc.boolean(), halfDuplex: fc.boolean() }), { maxLength: 2 }),
    failure: fc.record({ kind: fc.constantFrom<Kind>("cut", "silent", "crash"), which: fc.nat(1000) }),
  });
});

export interface Port { name: string; bridge: number; number: number; cost: number; edge: boolean; shared: boolean; peer: string }
/** Bridges of both protocols in one network; of the old one alone, too. */
export const mixedSpecs: fc.Arbitrary<Spec> = specs.chain((spec) => fc.subarray(spec.priorities.map((_, i) => i), { minLength: 1 }).map((classic) => ({ ...spec, classic })));

/** `macs`: as the engine gives them out, the first bridge has the lowest. */
export interface Network { spec: Spec; ports: Port[]; lans: Port[][]; text: string; macs: bigint[]; topology: Topology; target: string; hit: Port[] }

export function networkOf(spec: Spec): Network {
  const used = spec.priorities.map(() => 0);
  const ports: Port[] = [];
  const port = (bridge: number, of: Partial<Port>): Port => {
    const number = ++used[bridge]!;
    const made = { name: `sw${bridge}:Eth${number}`, bridge, number, cost: 20000, edge: false, shared: false, peer: "", ...of };
    ports.push(made);
    return made;
  };
  const cables = spec.cables.map((c): [Port, Port] => {
    const [a, b] = [port(c.a, { cost: c.costA }), port(c.b, { cost: c.costB })];
    a.peer = b.name; b.peer = a.name;
    return [a, b];
  });
  const taps = spec.hub.map((bridge, i) => port(bridge, { shared: spec.halfDuplex, peer: `hub:Eth${i + 1}` }));
  const hosts = spec.hosts.map((h, i) => [port(h.at, { edge: h.edge, shared: h.halfDuplex, peer: `host${i}:eth0` })]);
  const lans = [...cables, ...(taps.length > 0 ? [taps] : []), ...hosts];
  const { kind, which } = spec.failure;
  const cut = cables[which % cables.length]!;
  const target = kind === "crash" ? `sw${which % spec.priorities.length}` : `"${cut[0].name}--${cut[1].name}"`;
  const hit = kind === "crash" ? ports.filter((p) => `sw${p.bridge}` === target || p.peer.startsWith(`${target}:`)) : cut;
  const text = fileOf(spec, ports, target);
  const parsed = parseTopology(text, "random.dh.yaml");
  if (!("topology" in parsed)) throw new Error(JSON.stringify("problems" in parsed ? parsed.problems : "") + text);
  return { spec, ports, lans, text, macs: spec.priorities.map((_, i) => 0x020000000020n + 16n * BigInt(i)), topology: parsed.topology, target, hit };
}

function fileOf(spec: Spec, ports: readonly Port[], target: string): string {
  const local = (p: Port): string => `Eth${p.number}`;
  const nodes = spec.priorities.map((priority, i) => {
    const own = ports.filter((p) => p.bridge === i);
    const list = (which: (p: Port) => boolean): string => own.filter(which).map(local).join(", ");
    return `  sw${i}: {kind: l2switch, stp: {mode: ${spec.classic?.includes(i) === true ? "stp" : "rstp"}, priority: ${priority}, cost: {${own.map((p) => `${local(p)}: ${p.cost}`).join(", ")}}, edge: [${list((p) => p.edge)}], shared: [${list((p) => p.shared)}]}}`;
  });
  if (spec.hub.length > 0) nodes.push("  hub: {kind: l2switch, stp: transparent}");
  spec.hosts.forEach((_, i) => nodes.push(`  host${i}: {kind: server, network: lan}`));
  const links = ports.filter((p, i) => !ports.slice(0, i).some((q) => q.name === p.peer)).map((p) => `${p.name} -- ${p.peer}`);
  return `dualhome: 1
name: random
defaults: {link: {speed: 1G, delay: 1us, loss-detect: 10ms}, switch: {boot: ${BOOT_S}s}}
networks: {lan: {vlan: 10, subnet: 10.0.10.0/24}}
nodes:
${nodes.join("\n")}
links: [${links.join(", ")}]
scenarios: {default: {until: ${END_S}s, steps: [{at: ${FAIL_S}s, ${spec.failure.kind === "silent" ? "silent" : "fail"}: ${target}}, {at: ${REPAIR_S}s, repair: ${target}}]}}
`;
}
