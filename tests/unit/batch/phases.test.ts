// The same failure at many instants: where they lie, and what their distribution must be by the protocol's own numbers.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { parquetReadObjects } from "hyparquet";
import { ask } from "../../../bindings/batch/index.ts";
import { distributions, phaseOf, phasesQuestion, plainSteps, type PhasesOptions } from "../../../bindings/phases/index.ts";
import { plain } from "../../../bindings/report/index.ts";
import { phasesJson, phasesMarkdown, phasesParquet, phasesText } from "../../../bindings/report/phases.ts";
import { parseTopology } from "../../../bindings/topology/index.ts";
import type { Step } from "../../../bindings/topology/model.ts";
import { dualhome } from "../cli/fixture.ts";

const parsed = parseTopology(readFileSync(new URL("../../../examples/two-site/two-site.dh.yaml", import.meta.url), "utf8"), "two-site.dh.yaml");
assert.ok("topology" in parsed);
const link = "fra-leaf1:Eth9--fra-a9:eth0";
const silent: Step = { atNs: 0n, op: "silent", target: link, targets: [{ kind: "link", name: link }], direction: "both", perMillion: 0, where: { line: 1, col: 1, length: 1 } };
const options = (runs: number): PhasesOptions => ({ cases: [{ name: "silent", steps: plainSteps([silent]) }], runs, windowNs: "10000000000", forNs: "20000000000" });

test("each run begins in another one of equal stretches of the window, the same for the same seed", () => {
  const of = { runs: 100, windowNs: "30000000000" };
  const instants = Array.from({ length: 100 }, (_, run) => phaseOf(7n, run, of));
  instants.forEach((at, run) => assert.ok(at >= run * 3e8 && at < (run + 1) * 3e8, `run ${run} begins at ${at}`));
  assert.deepEqual(instants, Array.from({ length: 100 }, (_, run) => phaseOf(7n, run, of)));
  assert.notDeepEqual(instants, Array.from({ length: 100 }, (_, run) => phaseOf(8n, run, of)));
});

test("a cable goes silent under LACP at the fast rate: 3 s after the last LACPDU, which came within the last second or three ticks", async () => {
  const runs = 60;
  const { cases } = await ask(phasesQuestion, parsed.topology, options(runs) as never).result();
  const [down] = cases[0]!.distributions.filter(({ name }) => name === "between-pairs-1");
  assert.ok(down !== undefined);
  assert.equal(down.hit, runs, "a flow over the cable is always hit");
  assert.equal(down.stuck, 0);
  // IEEE 802.1AX 6.4.4: Short_Timeout_Time 3 s, Fast_Periodic_Time 1 s. Linux, the partner, looks whether it has to send at every third tick of
  // 100 ms (bond_3ad.c, ad_tx_machine), and for what it has not heard at every tick.
  assert.ok(down.longest! <= 3_000_000_000 + 100_000_000, `${down.longest}`);
  assert.ok(down.shortest! >= 3_000_000_000 - 1_000_000_000 - 300_000_000, `${down.shortest}`);
  assert.ok(down.longest! - down.shortest! > 500_000_000, "its length depends on the instant");
});

test("shares of runs: nearest rank, and what is down to the end is longest", () => {
  const rows = [4, 1, null, 2, 3].map((length, at) => ({ at, down: [["web", length]] as [string, number | null][] }));
  const [{ distributions: [web] }] = distributions([...rows, { at: 9, down: [] }], { ...options(6), cases: [{ name: "x", steps: [] }] }) as [ReturnType<typeof distributions>[number]];
  const { byPhase, histogram, ...lengths } = web!;
  assert.deepEqual([byPhase.reduce((sum, stretch) => sum + stretch.runs, 0), histogram.reduce((sum, step) => sum + step.runs, 0)], [5, 4]);
  assert.deepEqual(lengths, { name: "web", hit: 5, stuck: 1, shortest: 1, mean: 3, p50: 3, p90: null, p99: null, longest: null, worstAt: 2 });
});

test("text, Markdown, JSON and Parquet say the same", async () => {
  const result = { name: "dc", assumed: 0, options: options(2), cases: [{ name: "fail a", runs: 2, distributions: distributions([{ at: 5, down: [["web", 2_000_000]] }, { at: 7, down: [] }], { ...options(2), cases: [{ name: "fail a", steps: [] }] })[0]!.distributions }, { name: "fail b", runs: 2, distributions: [] }] };
  const text = phasesText(result, { paint: plain, width: 100 });
  assert.match(text, /web +│ +50\.0 % │ +2\.000 │ +2\.000 │/);
  assert.match(text, /fail b\nnothing was down/);
  assert.match(phasesMarkdown(result), /^# dc: 2 runs of 2 cases, .*\n\n## fail a\n\n\| flow or service \|[^]*\| web +\| +50\.0 % \|[^]*## fail b\n\nnothing was down\n$/);
  const { cases } = JSON.parse(phasesJson(result, "f", "1")) as { cases: { subjects: { name: string; runs: number; p99: { ns: string } }[] }[] };
  assert.deepEqual(cases.map(({ subjects }) => subjects.map(({ name, runs, p99 }) => [name, runs, p99.ns])), [[["web", 1, "2000000"]], []]);
  const bytes = await phasesParquet(result, "f", "1");
  const rows = await parquetReadObjects({ file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer });
  assert.deepEqual(rows.map(({ case: of, subject, hit, longest_ns }) => [of, subject, hit, longest_ns]), [["fail a", "web", 1, 2_000_000n]]);
});

test("a case that is no step is told with what was meant", async () => {
  const ran = await dualhome(["phases", "f.yaml", "fial leaf1"]);
  assert.equal(ran.status, 2);
  assert.match(ran.err, /dualhome: 'fial [^']*': "fial" is no operation/);
});
