// The page as text: nothing of a name is markup, what may run is said by its hash, the same result is the same bytes.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import * as abi from "../../../assembly/abi.ts";
import { judged } from "../../../bindings/cli/actions/run.ts";
import { html, inScript, pairsPage, runPage, type Page } from "../../../bindings/html/index.ts";
import { filled } from "../../../bindings/html/tables.ts";
import { duration as inText, type ReportInput } from "../../../bindings/report/index.ts";
import { layoutOf } from "../../../web/shared/layout.ts";
import { compare, ordered } from "../../../web/report/order.ts";
import { instantAt, panelsOf, place, ticksOf } from "../../../web/shared/scale.ts";
import { duration } from "../../../web/shared/words.ts";
import { cutAndReturn, run, topology } from "../analysis/fixture.ts";
import { dualhome, sample } from "../cli/fixture.ts";

const assets = { script: "run()", style: "p{}" };
const EVIL = `<img src=x onerror="boom()">'&</script><!--\u2028\u2029`;

function inputOf(trace = cutAndReturn(), name = "sample"): ReportInput {
  return judged({ ...run(trace, { topology: topology({ ...sample, name }) }), seed: 1n, events: 3, paths: [], walks: 0, leftOut: 0, frames: [], wallMs: 0, memoryBytes: 0 }, "x.dh.yaml");
}

const pageOf = (name?: string): Page => runPage(inputOf(cutAndReturn(), name), null);

const dataOf = (text: string): string => /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(text)![1]!;

describe("the page", () => {
  test("shows names and does not run them", () => {
    const text = html(pageOf(EVIL), assets);
    assert.ok(!text.includes("<img"));
    assert.equal(text.match(/<script/g)!.length, 2, "data, and the page's own");
    assert.ok(text.includes("&lt;img src=x onerror=&quot;boom()&quot;&gt;&#39;&amp;&lt;/script&gt;"));
    assert.ok(JSON.parse(dataOf(text)).title.startsWith(EVIL), "and they arrive as they are");
  });

  test("data in a script has no character that could end it", () => {
    assert.equal(inScript({ a: "</script><!-- &\u2028\u2029" }), '{"a":"\\u003c/script\\u003e\\u003c!-- \\u0026\\u2028\\u2029"}');
  });

  test("allows what is in it, by hash, and loads nothing", () => {
    const text = html(pageOf(), assets);
    const hash = (of: string): string => createHash("sha256").update(of).digest("base64");
    assert.match(text, /default-src 'none'/);
    assert.ok(text.includes(`script-src 'sha256-${hash(assets.script)}'`));
    assert.ok(text.includes(`style-src 'sha256-${hash(assets.style)}'`));
    assert.ok(!/ style=|\son\w+=|https?:/.test(text.replace(dataOf(text), "")));
  });

  test("is the same bytes for the same result, and small", () => {
    assert.equal(html(pageOf()), html(pageOf()));
    assert.ok(html(pageOf()).length < 100_000);
  });

  test("says the verdict before any script has run", () => {
    const text = html(pageOf(), assets);
    assert.ok(text.indexOf("Failed: 1 budget broken") < text.indexOf("<script") && text.includes("Failed: 1 budget broken"));
  });

  test("leads from each outage back to the step that began it", () => {
    const page = pageOf();
    const walk = page.details[0]!.parts.find((part) => part.kind === "walk")!;
    let at = walk.kind === "walk" ? walk.event : -1;
    const texts: string[] = [];
    for (; at >= 0; at = page.events!.cause[at]!) texts.unshift(page.events!.text[at]!);
    assert.match(texts[0]!, /drops frames both ways/);
    assert.match(texts.at(-1)!, /flow web .*is down/);
  });

  test("applications and expectations of the run, each in its tone; a broken expectation leads to what came before", () => {
    const input = inputOf();
    const app = { kind: "quorum", events: [], served: [], outages: [{ startNs: 1n, endNs: 2n }], splitBrain: [], rpoNs: null, rtoNs: 5_000_000_000n, maxOutageNs: null, kept: null };
    const expected = { where: { line: 7, col: 1, length: 1 }, step: 0, stepText: "fail leaf1", sinceNs: 0n, atNs: 3_000_000_000n, before: false, why: [] };
    const why = input.findings.outages[0]!.why.down;
    const page = runPage({
      ...input,
      applications: [{ ...app, name: "db" }, { ...app, name: "web", kept: true, rpoNs: 0n }, { ...app, name: "mq", kept: false, splitBrain: [{ startNs: 1n, endNs: null }] }],
      expectations: [{ ...expected, text: "up web", kept: true, observed: null }, { ...expected, text: "up f", kept: false, observed: "f is down", why }],
    } as never, null);
    const table = (id: string) => page.tables.find((t) => t.id === id)!;
    assert.deepEqual(table("applications").rows, [["db", "quorum", null, 1, 5e9, null, 0], ["web", "quorum", "kept", 1, 5e9, 0, 0], ["mq", "quorum", "broken", 1, 5e9, null, 1]]);
    assert.deepEqual(table("applications").tones, ["plain", "good", "bad"]);
    assert.deepEqual(table("expectations").rows, [["met", "up web", null, 3e9, 7], ["not met", "up f", "f is down", 3e9, 7]]);
    assert.deepEqual(table("expectations").tones, ["good", "bad"]);
    const [none, detail] = table("expectations").details as [number, number];
    const walk = page.details[detail]!.parts.find((part) => part.kind === "walk");
    assert.equal(none, -1);
    assert.equal(page.events!.text[walk?.kind === "walk" ? walk.event : -1], why.at(-1)?.text ?? why[0]!.text);
  });

  test("a sweep of pairs: the worse ones first, what was never up before all", () => {
    const worse = Array.from({ length: 10 }, (_, n) => ({ target: `a${n} + b${n}`, takesDown: Array.from({ length: n + 1 }, (_, k) => `f${k}`) }));
    const asked = { file: "x.dh.yaml", seed: "1", version: "1", topology: null };
    const page = (list: typeof worse, notUp: string[]): Page => pairsPage({ name: "n", rows: [], cuts: [], worse: list, pairs: 12, simulated: 10, notUp } as never, asked);
    const bad = page(worse, ["dead"]);
    assert.deepEqual([bad.pass, bad.verdict], [false, "Failed: 10 pairs worse than each failure alone; 12 pairs of failures, 10 of them simulated, the others cannot meet"]);
    assert.deepEqual([bad.lines.length, bad.lines[0]!.text, bad.lines[1]!.text, bad.lines.at(-1)!.text], [10, "not up before anything failed, so that nothing is said of it: dead", "a0 + b0 take down f0, which neither does alone", "and 2 more, in the table below"]);
    assert.deepEqual(bad.tables[0]!.rows.map((r) => [r[0], r[2]]), worse.map((w) => [w.target, w.takesDown.length]));
    assert.deepEqual([page([], []).pass, page([], []).verdict], [true, "Passed: no pair is worse than its failures alone; 12 pairs of failures, 10 of them simulated, the others cannot meet"]);
    assert.deepEqual([page([], ["dead"]).pass, page([], ["dead"]).verdict.slice(0, 36)], [false, "Failed: 1 flow or service never up; "]);
  });

  test("leaves out events that explain nothing when there are too many", () => {
    const trace = cutAndReturn();
    trace.add(50_000, abi.T_ADJACENCY, 4, 0, 1);
    const all = runPage(inputOf(trace), null);
    const few = runPage(inputOf(trace), null, 0);
    assert.equal(all.events!.leftOut, 0);
    assert.equal(few.events!.leftOut, all.events!.at.length - few.events!.at.length);
    assert.equal(few.events!.text.some((text) => text.includes("adjacency")), false);
    assert.equal(few.details.some((d) => d.parts.some((part) => part.kind === "walk" && part.event < 0)), false, "chains are whole");
  });
});

describe("the tracks", () => {
  const tracksOf = (fill: (maker: ReturnType<typeof cutAndReturn>) => void) => {
    const maker = cutAndReturn();
    fill(maker);
    return runPage(inputOf(maker), null).timeline!.tracks.map((t) => [t.group, t.name, ...t.spans.map((s) => `${s.from / 1e9} ${s.tone} ${s.text}`)]);
  };

  test("a gateway is who forwards for it: nobody is bad, two of them a warning", () => {
    const tracks = tracksOf((maker) => {
      for (const [at, router, from, to] of [[3_000, 0, 1, 2], [50_000, 0, 2, 0], [53_000, 1, 1, 2], [55_000, 0, 1, 2]] as const) maker.add(at, abi.T_VRRP, router, 0, from, to, 0);
    });
    assert.deepEqual(tracks.find(([group]) => group === "Gateways"), ["Gateways", "vlan10", "10 good leaf1", "50 bad nobody", "53 good leaf2", "55 warn leaf1 and leaf2"]);
  });

  test("a flow is down where it is, and each outage can be chosen", () => {
    const { timeline, details } = pageOf();
    const flow = timeline!.tracks.find((t) => t.group === "Flows")!;
    assert.deepEqual(flow.spans.map((s) => [s.from / 1e9, s.text]), [[10, "down"], [41, "down"]].slice(0, flow.spans.length));
    assert.ok(flow.spans.every((s) => details[s.detail]!.title.startsWith("web")));
  });
});

test("load of cables: before the first step and just before the repair", () => {
  const load = (mbps: number) => [{ link: "a--b", from: "a:e", to: "b:e", mbps, capacityMbps: 1000, flows: [] }];
  const page = runPage(inputOf(), { before: load(100), after: load(1200), repairNs: 40_000_000_000n });
  const table = page.tables.find((t) => t.id === "load")!;
  assert.deepEqual([table.rows, table.tones], [[["a:e", "b:e", 1000, 0.1, 1.2, 1100]], ["bad"]]);
  assert.match(table.note, /just before the first repair, at 40\.000 s/);
});

describe("--report", () => {
  test("writes the page beside what is printed", async () => {
    const ran = await dualhome(["run", "x.yaml", "--report", "out.html"]);
    assert.match(new TextDecoder().decode(ran.saved.get("out.html")), /^<!doctype html>/);
    assert.match(ran.err, /out\.html: \d/);
    assert.match(ran.out, /Budgets/);
  });

  test("is of one run", async () => {
    const ran = await dualhome(["run", "x.yaml", "--at", "1s", "--branch", "fail leaf1", "--report", "out.html"]);
    assert.equal(ran.status, 2);
    assert.match(ran.err, /--report is of one run/);
  });
});

test("--report goes with the whole of a sweep, not with a shard", async () => {
  const ran = await dualhome(["sweep", "x.yaml", "--shard", "1/2", "--report", "out.html"]);
  assert.equal(ran.status, 2);
  assert.match(ran.err, /give it to dualhome merge/);
});

test("tables show no column in which nothing stands", () => {
  const columns = [{ head: "a", kind: "text" }, { head: "b", kind: "ns" }, { head: "c", kind: "ns" }] as const;
  const [table, ...rest] = filled([{ id: "t", title: "", note: "", columns: [...columns], rows: [["x", null, 3]], sort: 2 }, { id: "u", title: "", note: "", columns: [...columns], rows: [] }]);
  assert.deepEqual([table!.columns.map((c) => c.head), table!.rows, table!.sort, rest], [["a", "c"], [["x", 3]], 1, []]);
});

describe("what the page works out by itself", () => {
  const line = { startNs: 1e9, endNs: 61e9, steps: [{ at: 1e9, text: "fail a" }, { at: 31e9, text: "repair a" }], tracks: [], still: [] };

  test("time after a step is a logarithm from 1 µs on", () => {
    const [first] = panelsOf(line);
    assert.deepEqual({ from: first!.from, to: first!.to }, { from: 1e9, to: 31e9 });
    assert.equal(place(first!, 1e9 + 500), 0);
    assert.equal(place(first!, 31e9), 1);
    const decade = place(first!, 1e9 + 1e6) - place(first!, 1e9 + 1e5);
    assert.ok(Math.abs(place(first!, 1e9 + 1e9) - place(first!, 1e9 + 1e8) - decade) < 1e-9);
    assert.deepEqual(ticksOf(first!, 1000).map((t) => t.label), ["+1 µs", "+10 µs", "+100 µs", "+1 ms", "+10 ms", "+100 ms", "+1 s", "+10 s"]);
  });

  test("a duration has the digits of the terminal's report", () => {
    for (const ns of [0, 17, 12_345, 999_999, 1_000_000, 40_282_999_999, 59_999_999_999]) assert.equal(duration(ns), inText(BigInt(ns)));
  });

  test("rows are sorted and equal ones stay: nothing, numbers, then words", () => {
    const values = ["stays down", 3, null, 3, 1];
    assert.deepEqual([...ordered(5, (row) => values[row]!, { column: 0, down: true })], [0, 1, 3, 4, 2]);
    assert.deepEqual([...ordered(5, (row) => values[row]!, null, (row) => row > 2)], [3, 4]);
    assert.ok(compare("srv9", "srv10") < 0);
  });

  test("a pair and its servers are one block; no two things lie on each other", () => {
    const nodes: Page["drawing"] & object = { sites: [], strong: "", weak: "", pairs: [["pair1", 0, 1]], markedNodes: [], markedLinks: [], nodes: [["leaf1", 1, 1, -1], ["leaf2", 1, 1, -1], ["spine", 1, 2, -1]], links: [[0, "e", 2, "e", 0], [1, "e", 2, "e", 0], [0, "p", 1, "p", 1]] };
    for (let i = 0; i < 30; i++) { nodes.nodes.push([`srv${i}`, 0, 0, -1]); nodes.links.push([3 + i, "eth0", 0, `e${i}`, 0], [3 + i, "eth1", 1, `e${i}`, 0]); }
    const plan = layoutOf(nodes);
    assert.equal(plan.racks.length, 1);
    assert.equal(plan.cables.length, nodes.links.length);
    const all = [...plan.boxes, ...plan.cells];
    assert.equal(all.length, 33);
    for (const [i, a] of all.entries()) for (const b of all.slice(i + 1)) assert.ok(a.x + a.w <= b.x || b.x + b.w <= a.x || a.y + a.h <= b.y || b.y + b.h <= a.y);
    assert.ok(all.every((b) => b.x >= 0 && b.y >= 0 && b.x + b.w <= plan.width && b.y + b.h <= plan.height));
  });
});

test("the compiled command finds what its page is made of", () => {
  const folder = mkdtempSync(join(tmpdir(), "dualhome-page-"));
  try {
    const out = join(folder, "run.html");
    const bin = new URL("../../../bin/dualhome.js", import.meta.url).pathname;
    const file = new URL("../../../examples/dual-homed-server/dual-homed-server.dh.yaml", import.meta.url).pathname;
    execFileSync(process.execPath, [bin, "run", file, "--report", out], { stdio: "pipe" });
    assert.match(readFileSync(out, "utf8"), /^<!doctype html>/i);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a place on the axis and its instant are each other's, evenly and as a logarithm", () => {
  for (const log of [false, true]) {
    const panel = { from: 5e9, to: 305e9, title: "", log };
    for (const part of [0.01, 0.2, 0.5, 0.77, 1]) assert.ok(Math.abs(place(panel, instantAt(panel, part)) - part) < 1e-3, `${log} ${part}`);
    assert.ok(instantAt(panel, 0) - 5e9 <= 1_000);
  }
});
