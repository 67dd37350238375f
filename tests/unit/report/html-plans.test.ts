// Pages of phases, compare and diff: what they hold is what the command prints.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { realParts } from "../../../bindings/cli/parts.ts";
import type { Page } from "../../../bindings/html/index.ts";
import { distributions } from "../../../bindings/phases/index.ts";
import { dualhome } from "../cli/fixture.ts";

const examples = new URL("../../../examples/", import.meta.url).pathname;

async function asked(...args: string[]): Promise<{ page: Page; text: string; json: never; status: number }> {
  const io = { read: async (path: string) => readFileSync(path, "utf8") };
  const ran = await dualhome([...args, "--workers", "0", "--json", "--report", "r.html"], { parts: realParts, io });
  assert.ok(ran.status < 2, ran.err);
  const text = new TextDecoder().decode(ran.saved.get("r.html"));
  const again = await dualhome([...args, "--workers", "0", "--json", "--report", "r.html"], { parts: realParts, io });
  assert.equal(new TextDecoder().decode(again.saved.get("r.html")), text, "the same bytes");
  return { page: JSON.parse(/<script type="application\/json" id="data">(.*?)<\/script>/s.exec(text)![1]!) as Page, text, json: JSON.parse(ran.out) as never, status: ran.status };
}

describe("phases", () => {
  test("lengths are those of --json; the plot has a line for each flow of each case", async () => {
    const { page, json } = await asked("phases", `${examples}mclag-pair/mclag-pair.dh.yaml`, "fail leaf1", "fail mlag/pair1/peer-link", "--runs", "30");
    const { cases } = json as { cases: { name: string; subjects: { name: string; longest: { ns: string } | null; p50: { ns: string } | null }[] }[] };
    const told = cases.flatMap((c) => c.subjects.map((s) => [c.name, s.name, s.p50 === null ? null : Number(s.p50.ns), s.longest === null ? null : Number(s.longest.ns)]));
    assert.deepEqual(page.spreads!.rows.map((r) => [r.group, r.name, r.p50, r.most]), told);
    assert.deepEqual(page.tables[0]!.rows.map((r) => [r[1], r[0], r[4], r[7]]), told.map(([c, s, p50, most]) => [c, s, p50 ?? "still down", most ?? "still down"]));
    assert.match(page.verdict, /^The longest outage: web-orphan, still down after 120\.000 s, fail mlag\/pair1\/peer-link/);
    for (const row of page.spreads!.rows) {
      const [stretches] = page.details[row.detail]!.parts.flatMap((p) => (p.kind === "stretches" ? [p] : []));
      assert.equal(stretches!.rows.length, 30);
      assert.equal(Math.max(...stretches!.rows.map((s) => s.most ?? 0)), row.most ?? Math.max(...stretches!.rows.map((s) => s.most ?? 0)));
    }
  });

  test("stretches and steps hold every run once", () => {
    const runs = 1000;
    const rows = Array.from({ length: runs }, (_, i) => ({ at: i * 10, down: i % 3 === 0 ? [] : [["web", i % 50 === 1 ? null : 1_000_000 + i] as const] }));
    const [d] = distributions(rows, { cases: [{ name: "c", steps: [] }], runs, windowNs: "10000", forNs: "1" })[0]!.distributions;
    assert.deepEqual([d!.byPhase.length, d!.byPhase.reduce((sum, s) => sum + s.all, 0), d!.byPhase.reduce((sum, s) => sum + s.runs, 0), d!.byPhase.reduce((sum, s) => sum + s.stuck, 0)], [40, runs, d!.hit, d!.stuck]);
    assert.equal(d!.histogram.reduce((sum, h) => sum + h.runs, 0), d!.hit - d!.stuck);
    assert.deepEqual([d!.histogram[0]!.fromNs, d!.histogram.at(-1)!.toNs], [d!.shortest, Math.max(...rows.flatMap((r) => r.down.map(([, l]) => l ?? 0)))]);
    d!.histogram.forEach((h, i) => assert.ok(i === 0 || h.fromNs === d!.histogram[i - 1]!.toNs));
  });
});

describe("compare and diff", () => {
  const files = [`${examples}capacity/capacity.dh.yaml`, `${examples}capacity/after.dh.yaml`];

  test("outages of both designs after each failure", async () => {
    const { page, json } = await asked("compare", ...files, "--only", "switch", "link", "--no-nines");
    assert.equal(page.pass, null);
    const outages = page.tables.find((t) => t.id === "outages")!;
    const { failures } = json as { failures: { a: string | null; b: string | null; subjects: { name: string; a: { ns: string | null; own: boolean } | null; b: { ns: string | null; own: boolean } | null }[] }[] };
    const cell = (e: { ns: string | null; own: boolean } | null) => (e === null ? null : e.own ? "its server" : e.ns === null ? "stays down" : Number(e.ns));
    const told = failures.flatMap((f) => f.subjects.map((s) => [f.a ?? `${f.b} (second only)`, s.name, cell(s.a), cell(s.b)]));
    const sorted = (list: unknown[][]) => list.map((row) => JSON.stringify(row)).sort();
    assert.ok(told.length > 0);
    assert.deepEqual(sorted(outages.rows), sorted(told));
    outages.rows.forEach(([, , a, b], i) => {
      const [x, y] = [a, b].map((v) => (typeof v === "number" ? v : v === "stays down" ? Infinity : 0)) as [number, number];
      assert.equal(outages.tones![i], x === y || Math.abs(x - y) <= 1e8 ? "plain" : y > x ? "bad" : "good");
    });
    assert.ok(page.tables[0]!.rows.some((r) => r[0] === "single points of failure"));
  });

  test("diff says why, with the place in the file", async () => {
    const { page, status } = await asked("diff", files[1]!, files[0]!, "--only", "switch");
    assert.equal(status, 1);
    assert.equal(page.pass, false);
    assert.match(page.verdict, /^Failed: the second is worse: .*capacity/);
    const reasons = page.tables.find((t) => t.id === "reasons")!;
    assert.ok(reasons.rows.length > 0 && reasons.rows.every((r) => String(r[2]).includes("capacity.dh.yaml")));
    assert.ok(page.lines.some((l) => l.tone === "bad" && l.text.startsWith("capacity: ")));
  });

  test("a shard has no page", async () => {
    for (const args of [["compare", "x.yaml", "y.yaml"], ["phases", "x.yaml", "fail leaf1"]]) {
      const ran = await dualhome([...args, "--shard", "1/2", "--report", "out.html"]);
      assert.equal(ran.status, 2);
      assert.match(ran.err, /--report is of the whole result/);
    }
  });
});
