// Leaf-spine networks with demands, drawn at random: the text of a topology file whose every switch has a hash seed.

import fc from "fast-check";

interface Pod { pair: boolean; servers: number; members: 1 | 2 | 4; hash: "layer2+3" | "layer3+4" }
/** `zones`: each pod has one spine of its own, and what lies between is the cores. */
interface Plan { zones: boolean; pods: Pod[]; spines: number; cores: number; parallel: 1 | 2; seeds: number[]; switchHash: "layer2+3" | "layer3+4"; flows: number; back: boolean; protocol: "tcp" | "udp" }

const pod: fc.Arbitrary<Pod> = fc.record({
  pair: fc.boolean(), servers: fc.integer({ min: 1, max: 3 }), members: fc.constantFrom(1 as const, 2 as const, 4 as const), hash: fc.constantFrom("layer2+3" as const, "layer3+4" as const),
});
const plan: fc.Arbitrary<Plan> = fc.record({
  zones: fc.boolean(),
  pods: fc.array(pod, { minLength: 2, maxLength: 3 }), spines: fc.integer({ min: 1, max: 3 }), cores: fc.integer({ min: 0, max: 2 }), parallel: fc.constantFrom(1 as const, 2 as const),
  seeds: fc.array(fc.constantFrom(0, 7, 7, 4_000_000_000), { minLength: 4, maxLength: 4 }), switchHash: fc.constantFrom("layer2+3" as const, "layer3+4" as const),
  flows: fc.integer({ min: 1, max: 40 }), back: fc.boolean(), protocol: fc.constantFrom("tcp" as const, "udp" as const),
});

export interface PlanCase { text: string; seed: bigint; failed: number }

/** `failed` picks what fails. */
export const planCase: fc.Arbitrary<PlanCase> = fc.record({ plan, seed: fc.bigInt({ min: 1n, max: 1_000_000n }), failed: fc.nat(10_000) }).map(({ plan: p, seed, failed }) => ({ text: textOf(p), seed, failed }));

function textOf(p: Plan): string {
  const leaf = (i: number): string => (p.pods[i]!.pair ? `leaf${i}a, leaf${i}b` : `leaf${i}a`);
  const leaves = p.pods.map((_, i) => leaf(i)).join(", ");
  const seedOf = (k: number): string => `hash-seed: ${p.seeds[k]}`;
  const each = <T>(make: (each: Pod, i: number) => T[]): T[] => p.pods.flatMap(make);
  const zones = p.zones && p.cores > 0;
  const joined = zones ? each((_, i) => [`from: [${leaf(i)}], to: spine${(i % p.spines) + 1}`]) : [`from: [${leaves}], to: spine1..${p.spines}`];
  const meshes = Array.from({ length: p.parallel }, () => joined.map((ends) => `  - mesh: {${ends}, speed: 100G}`)).flat();
  const servers = (i: number): string => `s${i}x1..${p.pods[i]!.servers}`;
  const lines = [
    "dualhome: 1", "defaults:", "  link: {speed: 25G}", `  lacp: {rate: fast, hash: ${p.switchHash}}`, "  switch: {profile: nxos-vpc, boot: 10s}", "networks:",
    ...each((_, i) => [`  n${i}: {vlan: ${10 + i}, subnet: 10.1.${10 + i}.0/24}`]), "nodes:",
    ...each((_, i) => leaf(i).split(", ").map((name, k) => `  ${name}: {kind: leaf, ${seedOf((i + k) % 2)}}`)),
    `  spine1..${p.spines}: {kind: spine, ${seedOf(2)}}`, ...(p.cores > 0 ? [`  core1..${p.cores}: {kind: core, ${seedOf(3)}}`] : []),
    ...each((_, i) => [`  ${servers(i)}: {kind: server, network: n${i}}`]), "links:", ...meshes,
    ...(p.cores > 0 ? [`  - mesh: {from: spine1..${p.spines}, to: core1..${p.cores}, speed: 100G}`] : []),
    ...each((q, i) => (members(q) > 1 ? [] : Array.from({ length: q.servers }, (_, k) => `  - leaf${i}a:Eth${k + 1} -- s${i}x${k + 1}:eth0`))),
  ];
  const pairs = each((q, i) => (q.pair ? [`  pair${i}: {peers: [leaf${i}a, leaf${i}b], peer-link: [Eth53, Eth54], domain: ${i + 1}, keepalive: {via: mgmt, interval: 1s, timeout: 5s}}`] : []));
  const bonds = each((q, i) => (members(q) === 1 ? [] : [
    `  ${servers(i)}:bond0: {to: ${q.pair ? `pair${i}` : `leaf${i}a`}, members: [${Array.from({ length: members(q) }, (_, k) => `eth${k}`).join(", ")}], mode: 802.3ad, lacp-rate: fast, transmit-hash-policy: ${q.hash}}`,
  ]));
  const gateways = each((q, i) => [`  n${i}: {protocol: vrrp, version: 3, vrid: ${10 + i}, vip: 10.1.${10 + i}.1/24, routers: {leaf${i}a: 110${q.pair ? `, leaf${i}b: 100` : ""}}, advert-interval: 1s}`]);
  const all = p.pods.map((_, i) => servers(i)).join(", ");
  const demands = [`  all: {from: [${all}], to: [${all}], rate: 40G, flows: ${p.flows + 1}, protocol: ${p.protocol}${p.back ? ", back: 3G" : ""}}`];
  const block = (name: string, rows: string[]): string[] => (rows.length === 0 ? [] : [`${name}:`, ...rows]);
  return `${[...lines, ...block("mlag", pairs), ...block("bonds", bonds), ...block("gateways", gateways), ...block("demands", demands)].join("\n")}\n`;
}

/** A server of a pair has a leg on each peer. */
function members(pod: Pod): number { return pod.pair ? Math.max(2, pod.members) : pod.members; }
