// Random networks: the tree that the engine's bridges agree on is the one that the standard defines, before a failure, after it, and after its repair, with
// RSTP, with STP and with both; and how long RSTP takes. The reference is tests/reference/spanning-tree.ts.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import * as abi from "../../../assembly/abi.ts";
import { storms } from "../../../bindings/analysis/index.ts";
import { runScenario, type RunResult } from "../../../bindings/engine/index.ts";
import { parseTopology, type Topology } from "../../../bindings/topology/index.ts";
import { isSpanning, spanningTree, type Attachment, type Network } from "../../reference/spanning-tree.ts";

const SECOND = 1_000_000_000n;
const DETECT = SECOND / 100n; // a lost carrier is noticed after 10 ms
const AT = 10n * SECOND;

type Mode = "rstp" | "stp";
interface Cable { a: number; b: number; costA: number; costB: number }
interface Spec {
  modes: Mode[];
  priorities: number[];
  cables: Cable[]; // the first ones join bridge i + 1 to a lower one
  hub: number[]; // bridges with a cable to a hub; empty: no hub
  halfDuplex: boolean; // a hub of the old kind; otherwise a switch without spanning tree that passes BPDUs on, which nobody notices
  failure: { kind: "cut" | "silent" | "crash"; which: number };
}

const COSTS = [2000, 20000, 200000];

function specs(modes: readonly Mode[], costs: readonly number[]): fc.Arbitrary<Spec> {
  return fc.integer({ min: 2, max: 7 }).chain((n) => fc.record({
    modes: fc.array(fc.constantFrom(...modes), { minLength: n, maxLength: n }),
    priorities: fc.array(fc.integer({ min: 0, max: 15 }).map((k) => k * 4096), { minLength: n, maxLength: n }),
    cables: fc.tuple(
      fc.tuple(...Array.from({ length: n - 1 }, (_, i) => cable(fc.constant(i + 1), fc.integer({ min: 0, max: i }), costs))),
      fc.array(cable(fc.integer({ min: 0, max: n - 1 }), fc.integer({ min: 0, max: n - 1 }), costs), { maxLength: 6 }),
    ).map(([tree, more]) => [...tree, ...more.filter((c) => c.a !== c.b)]),
    hub: fc.oneof({ weight: 3, arbitrary: fc.constant<number[]>([]) }, { weight: 1, arbitrary: fc.array(fc.integer({ min: 0, max: n - 1 }), { minLength: 2, maxLength: 4 }) }),
    halfDuplex: fc.boolean(),
    failure: fc.record({ kind: fc.constantFrom("cut" as const, "silent" as const, "crash" as const), which: fc.nat(1000) }),
  }));
}
function cable(a: fc.Arbitrary<number>, b: fc.Arbitrary<number>, costs: readonly number[]): fc.Arbitrary<Cable> {
  return fc.record({ a, b, costA: fc.constantFrom(...costs), costB: fc.constantFrom(...costs) });
}

interface Built { text: string; ends: [string, string][]; costs: Map<string, number> }

function build(spec: Spec, back: string, until: string): Built {
  const next = spec.modes.map(() => 0);
  const costs = new Map<string, number>();
  const end = (bridge: number, cost: number): string => { const port = `Eth${++next[bridge]!}`; costs.set(`sw${bridge}:${port}`, cost); return `sw${bridge}:${port}`; };
  const ends = spec.cables.map((c): [string, string] => [end(c.a, c.costA), end(c.b, c.costB)]);
  const taps = spec.hub.map((bridge, i): [string, string] => [end(bridge, 20000), `hub:Eth${i + 1}`]);
  const nodes = spec.modes.map((mode, i) => {
    const own = (list: string[]): string[] => list.filter((p) => p.startsWith(`sw${i}:`));
    const local = (p: string): string => p.split(":")[1]!;
    const cost = own([...costs.keys()]).map((p) => `${local(p)}: ${costs.get(p)}`).join(", ");
    return `  sw${i}: {kind: l2switch, stp: {mode: ${mode}, priority: ${spec.priorities[i]}, cost: {${cost}}, shared: [${spec.halfDuplex ? own(taps.map(([p]) => p)).map(local).join(", ") : ""}]}}`;
  });
  if (taps.length > 0) nodes.push("  hub: {kind: l2switch, stp: transparent}");
  const { kind, which } = spec.failure;
  const [a, b] = ends[which % ends.length]!;
  const target = kind === "crash" ? `sw${which % spec.modes.length}` : `"${a}--${b}"`;
  return {
    ends: [...ends, ...taps], costs,
    text: `dualhome: 1
name: random
defaults: {link: {speed: 1G, delay: 1us, loss-detect: 10ms}, switch: {boot: 10s}}
networks: {lan: {vlan: 10, subnet: 10.0.10.0/24}}
nodes:
${nodes.join("\n")}
links: [${[...ends, ...taps].map(([x, y]) => `${x} -- ${y}`).join(", ")}]
scenarios: {default: {until: ${until}, steps: [{at: 10s, ${kind === "silent" ? "silent" : "fail"}: ${target}}, {at: ${back}, repair: ${target}}]}}
`,
  };
}

/** The network as the reference wants it: ports with their identifiers, LANs; after the failure what is left of them. */
function networkOf(spec: Spec, built: Built, topology: Topology, failed: boolean): { network: Network; disabled: string[] } {
  const bridges = spec.modes.map((_, i) => ({ name: `sw${i}`, id: (BigInt(spec.priorities[i]!) << 48n) | topology.nodes.find((n) => n.name === `sw${i}`)!.mac }));
  const attach = (port: string): Attachment => {
    const bridge = port.split(":")[0]!;
    return { bridge, port, portId: 0x8000 | Number(/\d+$/.exec(port)![0]), cost: built.costs.get(port)! };
  };
  const hubLan = built.ends.filter(([, b]) => b.startsWith("hub:")).map(([a]) => attach(a));
  const lans = built.ends.filter(([, b]) => !b.startsWith("hub:")).map(([a, b]) => [attach(a), attach(b)]);
  if (hubLan.length > 0) lans.push(hubLan);
  if (!failed) return { network: { bridges, lans }, disabled: [] };
  const { kind, which } = spec.failure;
  if (kind === "crash") {
    const dead = `sw${which % spec.modes.length}`;
    const disabled = lans.filter((lan) => lan !== hubLan && lan.some((a) => a.bridge === dead)).flatMap((lan) => lan.filter((a) => a.bridge !== dead).map((a) => a.port));
    const left = lans.map((lan) => (lan === hubLan ? lan.filter((a) => a.bridge !== dead) : lan)).filter((lan) => lan.length > 0 && lan.every((a) => a.bridge !== dead));
    return { network: { bridges: bridges.filter((b) => b.name !== dead), lans: left }, disabled };
  }
  const k = which % spec.cables.length;
  const hit = lans[k]!;
  const others = lans.filter((lan) => lan !== hit);
  // A cut cable is no LAN. On a silent one each end hears nobody, and serves whoever may be there.
  return kind === "cut" ? { network: { bridges, lans: others }, disabled: hit.map((a) => a.port) } : { network: { bridges, lans: [...others, ...hit.map((a) => [a])] }, disabled: [] };
}

const ROLE: Record<string, number> = { root: abi.STP_ROLE_ROOT, designated: abi.STP_ROLE_DESIGNATED, alternate: abi.STP_ROLE_ALTERNATE, backup: abi.STP_ROLE_BACKUP };

function last(run: RunResult, kind: number, until: bigint): Map<string, number> {
  const values = new Map<string, number>();
  for (const r of run.trace) if (r.kind === kind && r.at <= until) values.set(run.names.ports[r.entity]!, r.b);
  return values;
}

function compare(run: RunResult, { network, disabled }: ReturnType<typeof networkOf>, at: bigint, built: Built): void {
  const tree = spanningTree(network);
  const roles = last(run, abi.T_STP_ROLE, at);
  const states = last(run, abi.T_STP_STATE, at);
  const shown = `${built.text}\n${at}`;
  for (const [port, role] of tree.roles) {
    assert.equal(roles.get(port), ROLE[role], `${port} should be ${role}\n${shown}`);
    assert.equal(states.get(port) === abi.STP_FORWARDING, tree.forwards.get(port), `${port}, ${role}, state ${states.get(port)}\n${shown}`);
  }
  for (const port of disabled) assert.equal(roles.get(port), abi.STP_ROLE_DISABLED, `${port} has no link\n${shown}`);
  for (const { name } of network.bridges) {
    const root = [...run.trace].findLast((r) => r.kind === abi.T_STP_ROOT && run.names.nodes[r.entity] === name && r.at <= at);
    if (root === undefined) continue; // never thought of anyone but itself
    assert.equal(BigInt(root.a >>> 0), tree.root.get(name)! & 0xffffffffn, `${name}'s root\n${shown}`);
    assert.equal(root.b, tree.cost.get(name), `${name}'s cost\n${shown}`);
  }
  assert.ok(isSpanning(network, (port) => states.get(port) === abi.STP_FORWARDING), `no spanning tree\n${shown}`);
}

async function simulate(spec: Spec, back: string, until: string): Promise<{ run: RunResult; built: Built; topology: Topology }> {
  const built = build(spec, back, until);
  const parsed = parseTopology(built.text, "random.dh.yaml");
  assert.ok("topology" in parsed, "problems" in parsed ? JSON.stringify(parsed.problems) + built.text : "");
  return { run: await runScenario(parsed.topology, parsed.topology.scenarios[0]!), built, topology: parsed.topology };
}

/** Long enough for Max Age, twice Forward Delay and what counts until it is too old. */
async function agrees(spec: Spec): Promise<void> {
  const { run, built, topology } = await simulate(spec, "130s", "250s");
  compare(run, networkOf(spec, built, topology, false), AT - 1n, built);
  compare(run, networkOf(spec, built, topology, true), 130n * SECOND - 1n, built);
  compare(run, networkOf(spec, built, topology, false), 250n * SECOND, built);
  assert.deepEqual(storms(run), [], built.text);
}

test("the reference: a ring of three, by hand", () => {
  const at = (bridge: string, n: number, cost = 4): Attachment => ({ bridge, port: `${bridge}:${n}`, portId: 0x8000 | n, cost });
  const network: Network = {
    bridges: [{ name: "a", id: 1n }, { name: "b", id: 2n }, { name: "c", id: 3n }],
    lans: [[at("a", 1), at("b", 1)], [at("a", 2), at("c", 1)], [at("b", 2), at("c", 2)], [at("b", 3), at("b", 4)]],
  };
  const tree = spanningTree(network);
  assert.deepEqual(Object.fromEntries(tree.roles), {
    "a:1": "designated", "b:1": "root", "a:2": "designated", "c:1": "root", "b:2": "designated", "c:2": "alternate", "b:3": "designated", "b:4": "backup",
  });
  assert.deepEqual([...tree.cost.values()], [0, 4, 4]);
  assert.ok(isSpanning(network, (port) => tree.forwards.get(port)!));
  assert.ok(!isSpanning(network, () => true));
  assert.ok(!isSpanning(network, (port) => port !== "b:1" && tree.forwards.get(port)!));
});

for (const [title, modes] of [["RSTP", ["rstp"]], ["STP", ["stp"]], ["RSTP and STP mixed", ["rstp", "stp"]]] as [string, Mode[]][]) {
  test(`${title}: the tree of random networks is the standard's, before a failure, after it and after its repair`, async () => {
    await fc.assert(fc.asyncProperty(specs(modes, COSTS), agrees), { numRuns: 40, seed: 17 });
  });
}

// --- how long RSTP takes -----------------------------------------------------------------------------------------------

/** One cost everywhere, no hub: a network of equal point-to-point cables, one of which dies. */
function oneDies(kind: "cut" | "silent"): fc.Arbitrary<Spec> {
  return specs(["rstp"], [20000]).map((s) => ({ ...s, hub: [], failure: { kind, which: s.failure.which } }));
}

/** All bridges know one root still, so that nobody has to find out by counting that it is gone. */
async function rejoinedWithin(spec: Spec, limit: bigint): Promise<void> {
  const { run, built, topology } = await simulate(spec, "60s", "60s");
  const { network } = networkOf({ ...spec, failure: { ...spec.failure, kind: "cut" } }, built, topology, true);
  fc.pre(new Set(spanningTree(network).root.values()).size === 1);
  const states = last(run, abi.T_STP_STATE, AT + limit);
  assert.ok(isSpanning(network, (port) => states.get(port) === abi.STP_FORWARDING), `${built.text}\nnot joined ${limit} ns after the failure`);
}

test("RSTP: a cable is cut, the network is whole again within a second of the lost carrier", async () => {
  await fc.assert(fc.asyncProperty(oneDies("cut"), (spec) => rejoinedWithin(spec, DETECT + SECOND)), { numRuns: 60, seed: 17 });
});

test("RSTP: a cable goes silent, three hellos more", async () => {
  await fc.assert(fc.asyncProperty(oneDies("silent"), (spec) => rejoinedWithin(spec, 6n * SECOND + SECOND)), { numRuns: 60, seed: 17 });
});

for (const length of [5, 8, 12]) {
  test(`RSTP: a new root at the end of a chain of ${length} bridges: handshakes, no timer`, async () => {
    const spec: Spec = {
      modes: Array.from({ length }, () => "rstp" as const), priorities: Array.from({ length }, (_, i) => (i === 0 ? 0 : 32768)),
      cables: [...Array.from({ length: length - 1 }, (_, i) => ({ a: i + 1, b: i, costA: 20000, costB: 20000 }))], hub: [], halfDuplex: true, failure: { kind: "crash", which: 0 },
    };
    const built = build(spec, "30s", "60s");
    const parsed = parseTopology(built.text, "chain.dh.yaml");
    assert.ok("topology" in parsed);
    const run = await runScenario(parsed.topology, parsed.topology.scenarios[0]!);
    const back = 40n * SECOND; // boots in 10 s
    compare(run, networkOf(spec, built, parsed.topology, false), back + DETECT + SECOND, built);
    const opened = [...run.trace].filter((r) => r.kind === abi.T_STP_STATE && r.at > back && r.b === abi.STP_FORWARDING);
    // 17.21.1: who has agreed to a worse root agrees to a better one, so that the cables behind the first stay open.
    assert.deepEqual(opened.map((r) => run.names.ports[r.entity]).sort(), ["sw0:Eth1", "sw1:Eth1"]);
    // And when all were powered on, within the first second: each cable was closed until its two ends had agreed.
    const power = [...run.trace][0]!.at;
    const states = last(run, abi.T_STP_STATE, power + SECOND + DETECT + SECOND);
    assert.equal([...states.values()].filter((s) => s === abi.STP_FORWARDING).length, 2 * (length - 1));
  });
}
