// Two designs: what they cost and lose, and whether the second is worse. Bounds of times come from the protocols' own numbers.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { compare, judge, match, parseFailOn, type Comparison, type MeasureOptions, type ReasonKind } from "../../../bindings/compare/index.ts";
import { compareMarkdown, compareText } from "../../../bindings/report/compare.ts";
import { DualhomeError } from "../../../bindings/errors.ts";
import { parseTopology } from "../../../bindings/topology/index.ts";
import type { Topology } from "../../../bindings/topology/model.ts";

function topologyOf(text: string): Topology {
  const read = parseTopology(text, "t.dh.yaml");
  if ("problems" in read) throw new Error(read.problems.map((p) => `${p.where.line}: ${p.message}`).join("\n"));
  return read.topology;
}

const CUT = ["server", "switch", "link", "peer-link"] as const;
const comparison = (a: string, b: string, options: MeasureOptions = {}): Promise<Comparison> =>
  compare({ topology: topologyOf(a), file: "a.dh.yaml" }, { topology: topologyOf(b), file: "b.dh.yaml" }, { workers: 0, kinds: new Set(CUT), ...options });
const reasons = (c: Comparison, asked: string): [ReasonKind, string][] => judge(c, parseFailOn(asked)).flatMap((v) => v.reasons.map((r): [ReasonKind, string] => [r.kind, r.text]));

/** Converters in the cables: a server keeps its carrier when the leaf at the other end dies, so LACP's timeout alone tells. */
const CONVERTERS = (rate: string): string => `dualhome: 1
name: ${rate}
defaults:
  link: {speed: 10G, media-converter: true}
  bond: {mode: 802.3ad, lacp-rate: ${rate}, transmit-hash-policy: layer3+4}
  lacp: {rate: ${rate}, hash: layer3+4}
networks: {lan: {vlan: 10, subnet: 10.0.0.0/24}}
nodes:
  leaf1..2: {kind: leaf, profile: nxos-vpc}
  h1..2: {kind: server, network: lan}
mlag: {pair: {peers: [leaf1, leaf2], domain: 1, peer-link: [Eth53, Eth54]}}
bonds:
  h1..2:bond0: {to: pair, members: [eth0, eth1]}
flows:
  f: {from: h1, to: h2, dport: 80, max-outage: 10s}
`;

test("LACP slow and fast: a leaf that dies behind converters is noticed after 90 s and 3 s, less the time since the last LACPDU", async () => {
  const c = await comparison(CONVERTERS("fast"), CONVERTERS("slow"), { kinds: new Set(["switch"]) });
  const [fast, slow] = [c.a.onFailure!, c.b.onFailure!].map((found) => Number(found.ns) / 1e9) as [number, number];
  // 802.1AX: Short Timeout 3 s, an LACPDU a second; Long Timeout 90 s, one in 30 s. The host works through its machines every 100 ms.
  assert.ok(fast > 2 && fast <= 3.2, `${fast}`);
  assert.ok(slow > 60 && slow <= 90.2, `${slow}`);
  assert.deepEqual([c.a.broken, c.b.broken], [[], ["f"]]);
  assert.deepEqual(reasons(c, "new-spof,budget").map(([kind]) => kind), ["budget"]);
  const worse = reasons(c, "outage");
  assert.ok(worse.length > 0 && worse.every(([, text]) => /f is down .* \(before at most /.test(text)));
  assert.deepEqual(reasons(c, "outage:88s,each-outage:88s"), []);
  const each = reasons(c, "each-outage");
  assert.ok(each.length > 0 && each.every(([, text]) => /^leaf[12]: f is down \d+\.\d{3} ms \(before \d+\.\d{3} ms\)$/.test(text)), JSON.stringify(each));
  const back = await comparison(CONVERTERS("slow"), CONVERTERS("fast"), { kinds: new Set(["switch"]) });
  assert.deepEqual(reasons(back, "new-spof,outage,budget"), []);
});

test("a flow that is not up before anything fails is a reason of its own, and named first", async () => {
  const ends = (vlan: number): string => `dualhome: 1
networks: {lan: {vlan: 10, subnet: 10.1.10.0/24}, other: {vlan: 20, subnet: 10.1.20.0/24}}
nodes: {leaf1: {kind: leaf}, a: {kind: server, network: lan}, b: {kind: server, network: ${vlan === 10 ? "lan" : "other"}}, c: {kind: server, network: lan}}
links: ["leaf1:Eth1 -- a:eth0", "leaf1:Eth2 -- b:eth0", "leaf1:Eth3 -- c:eth0"]
flows: {f: {from: a, to: b}, g: {from: a, to: c}}
`;
  const c = await comparison(ends(10), ends(20));
  assert.deepEqual([c.a.notUp, c.b.notUp], [[], ["f"]]);
  assert.deepEqual(reasons(c, "not-up,new-spof"), [["not-up", "f is not up before anything has failed"]]);
  assert.deepEqual(reasons(await comparison(ends(20), ends(20)), "not-up"), [], "it was not before, either");
  assert.match(compareText(c, { width: 200, paint: (_, s) => s, all: false }), /not up before anything fails +│ 0 +│ 1 +│ +\+1[\s\S]*not up in b.dh.yaml before anything failed, .*: f\n/);
});

const HEAD = (name: string): string => `dualhome: 1
name: ${name}
defaults: {link: {speed: 10G}, bond: {mode: 802.3ad, lacp-rate: fast, transmit-hash-policy: layer3+4}, lacp: {rate: fast, hash: layer3+4}}
costs: {currency: EUR, server: 6000, leaf: 9000, cable: 100}
networks: {lan: {vlan: 10, subnet: 10.0.0.0/24}}
`;
const FLOWS = "flows:\n  f: {from: h1, to: h2, dport: 80}\n";
/** Bits 1 of 11 ^ 12, of 443 and of 40000..3: two flows for each of two members (tests/unit/capacity/capacity.test.ts). */
const DEMANDS = (rate: string): string => `demands:\n  d: {from: h1, to: h2, rate: ${rate}, flows: 4, sport: 40000, dport: 443}\n`;
const SINGLE = `${HEAD("single")}nodes:
  leaf1: {kind: leaf}
  h1..2: {kind: server, network: lan}
links: [leaf1:Eth1 -- h1:eth0, leaf1:Eth2 -- h2:eth0]
${FLOWS}`;
const DUAL = `${HEAD("dual")}nodes:
  leaf1..2: {kind: leaf, profile: nxos-vpc}
  h1..2: {kind: server, network: lan}
mlag: {pair: {peers: [leaf1, leaf2], domain: 1, peer-link: [Eth53, Eth54]}}
bonds:
  h1..2:bond0: {to: pair, members: [eth0, eth1]}
${FLOWS}`;

test("single-homed and dual-homed: parts, cost, single points of failure", async () => {
  const c = await comparison(DUAL, SINGLE);
  assert.deepEqual([c.a.parts.counts, c.b.parts.counts], [{ leaves: 2, servers: 2, cables: 6 }, { leaves: 1, servers: 2, cables: 2 }]);
  assert.deepEqual([c.a.parts.cost, c.b.parts.cost], [2 * 9000 + 2 * 6000 + 6 * 100, 9000 + 2 * 6000 + 2 * 100]);
  assert.deepEqual(c.a.spofs, []);
  assert.deepEqual(c.b.spofs, ["leaf1", "leaf1:Eth1--h1:eth0", "leaf1:Eth2--h2:eth0"]); // the switch and both cables; servers are their own
  assert.equal(c.b.onFailure!.ns, null);
  const found = judge(c, parseFailOn("new-spof,outage,cost"));
  assert.deepEqual(found[0]!.reasons.map((r) => r.text), [
    "leaf1 takes down f for as long as it is out (was none)", "leaf1:Eth1--h1:eth0 takes down f for as long as it is out (was none)", "leaf1:Eth2--h2:eth0 takes down f for as long as it is out (was none)",
  ]);
  assert.deepEqual(found[0]!.reasons.map((r) => [r.where?.line, r.where?.col]), [[7, 3], [9, 9], [9, 32]]);
  assert.deepEqual([found[1]!.reasons, found[2]!.reasons], [[], []]);
  const back = await comparison(SINGLE, DUAL);
  assert.deepEqual(reasons(back, "new-spof,outage"), []);
  assert.deepEqual(reasons(back, "cost"), [["cost", "30600 EUR, 9400 EUR more than before"]]);
  assert.deepEqual(reasons(back, "cost:9400"), []);
  // Dual-homed, a leaf that dies costs what losing carrier takes: 10 ms, and no more than LACP's short timeout in any case.
  assert.ok(back.b.onFailure!.ns! >= 10_000_000n && back.b.onFailure!.ns! < 3_000_000_000n, `${back.b.onFailure!.ns}`);
});

test("the same traffic on both: capacity and loss are reasons when they are worse, not when they are better", async () => {
  const c = await comparison(`${DUAL}${DEMANDS("8G")}`, `${DUAL}${DEMANDS("12G")}`);
  assert.deepEqual(c.traffic, { onlyA: [], onlyB: [], changed: ["d"] });
  const found = judge(c, parseFailOn("capacity,loss"));
  assert.ok(found[0]!.reasons.some((r) => /carries 120\.0 % when .* has failed \(before 80\.0 %\)/.test(r.text)), JSON.stringify(found[0]!.reasons));
  assert.ok(found[0]!.reasons.some((r) => /both legs are counted on/.test(r.text)));
  assert.match(found[1]!.reasons[0]!.text, /: 2 Gbit\/s are lost \(before at most 0 Mbit\/s\)/); // 12 by one leg of 10
  assert.deepEqual(reasons(c, "loss:2G"), []);
  const back = await comparison(`${DUAL}${DEMANDS("12G")}`, `${DUAL}${DEMANDS("8G")}`);
  assert.deepEqual(reasons(back, "capacity,loss"), []);
  assert.deepEqual(reasons(await comparison(`${DUAL}${DEMANDS("4G")}`, `${DUAL}${DEMANDS("8G")}`), "capacity"), []);
  assert.ok(reasons(await comparison(`${DUAL}${DEMANDS("4G")}`, `${DUAL}${DEMANDS("8G")}`), "capacity:5").length > 0); // 40 % to 80 %
});

test("availability: one leaf is down 10 of 1010 hours, two at once 10/1010 of that", async () => {
  const only = (...leaves: string[]): string => `failures: {names: {"*": never, ${leaves.map((leaf) => `${leaf}: {mtbf: 1000h, mttr: 10h}`).join(", ")}}, common-cause: {peers: 0}, human-error: never}\n`;
  const c = await comparison(`${DUAL}${only("leaf1", "leaf2")}`, `${SINGLE}${only("leaf1")}`, { kinds: new Set(["switch"]), nines: true });
  const [dual, single] = [c.a, c.b].map((d) => d.nines!.subjects.find((s) => s.name === "f")!.down.mean) as [number, number];
  const [share, year] = [10 / 1010, 365 * 24 * 60];
  // To the structure comes what changing over takes: of each failure at most LACP's 3 s and a 30 s hello, of each return the leaf's boot.
  const cycles = (365 * 24) / 1010; // of a leaf, a year
  const boot = (d: Comparison["a"]): number => Number(d.topology.nodes.find((n) => n.name === "leaf1")!.bootNs + (d.topology.pairs[0]?.delayRestoreNs ?? 0n)) / 60e9;
  const slack = 33 / 60;
  assert.ok(single >= share * year + cycles * boot(c.b) - 1e-6 && single < share * year + cycles * (boot(c.b) + slack), `${single}`);
  assert.ok(dual >= share * share * year - 1e-6 && dual < share * share * year + 2 * cycles * (slack + share * boot(c.a)), `${dual}`);
  assert.deepEqual(reasons(c, "nines").map(([kind]) => kind), ["nines"]);
  assert.deepEqual(reasons(c, "nines:5400"), []);
});

test("a design without traffic is given that of the other; without any, capacity is moot", async () => {
  const c = await comparison(`${DUAL}${DEMANDS("8G")}`, SINGLE);
  assert.equal(c.lent, "a");
  assert.equal(c.b.capacity!.whole.offeredMbps, 8000);
  const none = judge(await comparison(DUAL, SINGLE, { kinds: new Set(["switch"]) }), parseFailOn("capacity"));
  assert.deepEqual([none[0]!.reasons, none[0]!.moot], [[], "nothing is offered: no demands, no flows with a rate"]);
});

test("parts are matched by name; a name that changed is found by its place, a cable that was moved by its ends", () => {
  const before = topologyOf(DUAL.replace("mlag:", "links: [leaf1:Eth40 -- s1:eth0]\nmlag:").replace("nodes:\n", "nodes:\n  s1: {kind: server, network: lan}\n"));
  const after = topologyOf(DUAL.replace("mlag:", "links: [leaf1:Eth41 -- box:eth0]\nmlag:").replace("nodes:\n", "nodes:\n  box: {kind: server, network: lan}\n  sw9: {kind: l2switch}\n"));
  const m = match(before, after);
  assert.deepEqual(m.renamed, [["s1", "box"]]);
  assert.deepEqual(m.moved, [{ name: "a cable of leaf1 and s1", from: "leaf1:Eth40--s1:eth0", to: "leaf1:Eth41--box:eth0" }]);
  assert.deepEqual([m.removed, m.added], [[], ["sw9"]]);
  const two = match(topologyOf(SINGLE), topologyOf(SINGLE.replaceAll("h1", "x1").replaceAll("h2", "x2").replace("h1..2", "x1..2").replace("x1..2", "x1..2")));
  assert.deepEqual([two.renamed, two.removed.slice(0, 2), two.added.slice(0, 2)], [[], ["h1", "h2"], ["x1", "x2"]]); // either could be either
});

test("one way of a cable, and a hung switch, are matched under new names, too", async () => {
  const renamed = DUAL.replace("leaf1..2", "leaf1, tor2").replace("peers: [leaf1, leaf2]", "peers: [leaf1, tor2]").replace("  leaf1, tor2: {kind: leaf, profile: nxos-vpc}", "  leaf1: {kind: leaf, profile: nxos-vpc}\n  tor2: {kind: leaf, profile: nxos-vpc}");
  const c = await comparison(DUAL, renamed, { kinds: new Set(["hang", "one-way"]) });
  assert.deepEqual(c.matching.renamed, [["leaf2", "tor2"]]);
  assert.ok(c.failures.some((f) => f.a === "hang leaf2" && f.b === "hang tor2"));
  assert.ok(c.failures.some((f) => f.a === "silent leaf2:Eth1" && f.b === "silent tor2:Eth1"));
  assert.ok(c.failures.every((f) => f.a !== null && f.b !== null), JSON.stringify(c.failures.filter((f) => f.a === null || f.b === null).map((f) => [f.a, f.b])));
});

test("reasons and thresholds, and what is none", () => {
  assert.deepEqual(parseFailOn("new-spof,outage:500ms,capacity:5,loss:1G,cost:1000"), [
    { kind: "new-spof", threshold: 0 }, { kind: "outage", threshold: 500_000_000 }, { kind: "capacity", threshold: 5 }, { kind: "loss", threshold: 1000 }, { kind: "cost", threshold: 1000 },
  ]);
  const wrong = (text: string, words: RegExp): void => assert.throws(() => parseFailOn(text), (e: DualhomeError) => e.code === "DH_FAIL_ON" && e.exitCode === 2 && words.test(e.message));
  wrong("new-spoff", /did you mean "new-spof"/);
  wrong("outage:5", /a duration is wanted/);
  wrong("loss:5", /a rate is wanted/);
  wrong("budget:1", /has no threshold/);
});

const folder = mkdtempSync(join(tmpdir(), "dualhome-compare-"));
after(() => rmSync(folder, { recursive: true, force: true }));
writeFileSync(join(folder, "dual.dh.yaml"), `${DUAL}${DEMANDS("8G")}`);
writeFileSync(join(folder, "single.dh.yaml"), `${SINGLE}${DEMANDS("8G")}`);

function dualhome(...args: string[]): { out: string; err: string; status: number | null } {
  const ran = spawnSync(process.execPath, ["bin/dualhome.js", ...args], { cwd: new URL("../../..", import.meta.url), encoding: "utf8", env: { ...process.env, NO_COLOR: "1" } });
  return { out: ran.stdout, err: ran.stderr, status: ran.status };
}

test("the commands: exit status, table, JSON, Markdown", () => {
  const [dual, single] = ["dual", "single"].map((name) => join(folder, `${name}.dh.yaml`)) as [string, string];
  const worse = dualhome("diff", dual, single, "--only", ...CUT);
  assert.equal(worse.status, 1, worse.err);
  assert.match(worse.out, /is worse than .*: new-spof\n/);
  assert.match(worse.out, /single\.dh\.yaml:7:3 {2}leaf1 takes down f/);
  const better = dualhome("diff", single, dual, "--only", ...CUT, "--json");
  assert.equal(better.status, 0);
  assert.deepEqual(JSON.parse(better.out).pass, true);
  const table = dualhome("compare", dual, single, "--no-nines", "--only", ...CUT);
  assert.equal(table.status, 0);
  assert.match(table.out, /│ single points of failure +│ 0 +│ 3 +│ +\+3 │/);
  assert.ok(table.out.split("\n").every((line) => line.length <= 100));
  const both = JSON.parse(dualhome("compare", dual, single, "--only", ...CUT, "--no-nines", "--json").out);
  assert.deepEqual([both.a.spofs.length, both.b.spofs.length, both.b.longestOnFailure.ns], [0, 3, null]);
  assert.match(dualhome("compare", dual, single, "--no-nines", "--only", "switch", "--markdown").out, /^# .*\n\n\|.*\n\|-+/);
  assert.match(dualhome("diff", dual, single, "--only", ...CUT, "--markdown").out, /- ✗ \*\*new-spof\*\*: 3 reasons\n {2}- `/);
  assert.equal(dualhome("diff", dual, single, "--fail-on", "nonsense").status, 2);
  assert.equal(dualhome("diff", dual, join(folder, "none.dh.yaml")).status, 2);
});

test("text and Markdown list the outages that differ, the largest first, and say how many they left out", () => {
  const design = (file: string) => ({ file, parts: { counts: { servers: 2 }, cost: null, currency: null, unpriced: 0 }, rows: [], notUp: [], spofs: [], onFailure: null, onReturn: null, broken: [], budgets: 0, capacity: null, nines: null });
  const effect = (ns: bigint | null) => ({ absent: false, ns, spof: ns === null, own: false });
  const of = (count: number) => ({
    a: design("a.yaml"), b: design("b.yaml"), matching: { renamed: [], moved: [], removed: [], added: [] }, traffic: { onlyA: [], onlyB: [], changed: [] }, lent: null,
    // n * 50 ms more each: the first two differ by no more than 100 ms
    failures: [...Array.from({ length: count }, (_, n) => ({ a: `leaf${n + 1}`, b: `leaf${n + 1}`, subjects: [{ name: "f", a: effect(0n), b: effect(BigInt(n + 1) * 50_000_000n) }] })), { a: "core", b: null, subjects: [{ name: "f", a: effect(null), b: { absent: true } }] }],
  }) as unknown as Comparison;
  for (const [all, left] of [[false, 4], [true, 0]] as const) {
    const printed = [compareMarkdown(of(25), all), compareText(of(25), { all, width: 100, paint: (_: string, text: string) => text })];
    for (const text of printed) {
      const names = [...text.matchAll(/(leaf\d+|core \(first only\)) +[|│]/g)].map((m) => m[1]);
      assert.deepEqual(names, ["core (first only)", ...Array.from({ length: 23 }, (_, n) => `leaf${25 - n}`)].slice(0, all ? 24 : 20));
      assert.equal(/\b(\d+) more: `?--all/.exec(text)?.[1], left === 0 ? undefined : String(left));
    }
  }
  assert.match(compareMarkdown({ ...of(2), failures: of(2).failures.slice(0, 2) }, false), /no failure's outages differ by more than 100 ms\./);
});

test("over shards and from what is kept: the same output, byte for byte", () => {
  const files = ["dual", "single"].map((name) => join(folder, `${name}.dh.yaml`));
  const asked = ["compare", ...files, "--only", "switch", "link", "--json", "--seed", "3"];
  const whole = dualhome(...asked, "--workers", "0");
  assert.equal(whole.status, 0, whole.err);
  const kept = join(folder, "kept");
  for (const shard of ["2/2", "1/2"]) {
    const part = dualhome(...asked, "--parts", kept, "--shard", shard);
    assert.deepEqual([part.status, part.out], [0, ""], part.err);
    assert.ok(part.err.includes(`dualhome compare ${files.join(" ")} --only switch link --seed 3 --parts ${kept} --resume`), part.err);
  }
  const together = dualhome(...asked, "--parts", kept, "--resume");
  assert.equal(together.out, whole.out);
  assert.equal(together.status, 0, together.err);
  const worse = dualhome("diff", ...files, "--only", "switch", "link", "--seed", "3", "--parts", kept, "--resume"); // the same sweeps and loads, which are there
  assert.equal(worse.status, 1, worse.err);
  const [a, b] = [dualhome(...asked, "--workers", "2"), dualhome(...asked, "--workers", "0")];
  assert.equal(a.out, b.out);
});
