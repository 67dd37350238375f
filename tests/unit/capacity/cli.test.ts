// `dualhome capacity` as it is typed: outputs, exit status, shards and merge; and that builds and repetition change nothing.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { parquetReadObjects } from "hyparquet";
import { trafficOf } from "../../../bindings/capacity/index.ts";
import { place } from "../../../bindings/capacity/place.ts";
import { Session } from "../../../bindings/engine/index.ts";
import { parseTopology } from "../../../bindings/topology/index.ts";
import { exampleText } from "../../support/topologies.ts";

const root = new URL("../../..", import.meta.url);
const file = "examples/capacity/capacity.dh.yaml";
const folder = mkdtempSync(join(tmpdir(), "dualhome-capacity-"));
after(() => rmSync(folder, { recursive: true, force: true }));

function dualhome(...args: string[]): { out: string; err: string; status: number | null } {
  const ran = spawnSync(process.execPath, ["bin/dualhome.js", ...args], { cwd: root, encoding: "utf8", env: { ...process.env, NO_COLOR: "1" } });
  return { out: ran.stdout, err: ran.stderr, status: ran.status };
}

test("text fits 100 columns; findings above the limit are status 1, below it 0", () => {
  const ran = dualhome("capacity", file, "--only", "switch");
  assert.equal(ran.status, 1, ran.err);
  assert.ok(ran.out.split("\n").every((line) => line.length <= 100));
  assert.match(ran.out, /✗ both-halves {2}examples\/capacity\/capacity\.dh\.yaml:\d+:\d+ {2}store/);
  assert.equal(dualhome("capacity", file, "--only", "switch", "--limit", "140").status, 0);
  assert.equal(dualhome("capacity", file, "--failures", "0", "--limit", "50").status, 1);
  assert.equal(dualhome("capacity", file, "--failures", "3").status, 2);
  assert.equal(dualhome("capacity", "examples/mclag-pair/mclag-pair.dh.yaml").status, 2); // offers nothing
});

test("JSON, Markdown and Parquet say the same", async () => {
  const path = join(folder, "links.parquet");
  const ran = dualhome("capacity", file, "--only", "switch", "--json", "--parquet", path);
  const json = JSON.parse(ran.out) as { pass: boolean; links: { from: string; worstMbps: number; worst: string | null }[]; findings: { kind: string; where: { line: number } }[] };
  assert.equal(json.pass, false);
  const bytes = readFileSync(path);
  const rows = await parquetReadObjects({ file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer });
  assert.deepEqual(rows.map((r) => [r["from"], r["worst_mbps"], r["worst_failure"]]), json.links.map((l) => [l.from, l.worstMbps, l.worst]));
  const markdown = dualhome("capacity", file, "--only", "switch", "--markdown").out;
  assert.match(markdown, /^# Capacity of capacity: 3 demands, 601 flows/);
  assert.equal([...markdown.matchAll(/^- \*\*/gm)].length, json.findings.length);
});

test("three shards put together print what one machine prints, byte for byte", () => {
  const parts = join(folder, "parts");
  for (const shard of ["1/3", "2/3", "3/3"]) assert.equal(dualhome("capacity", file, "--only", "switch", "peer-link", "--shard", shard, "--parts", parts).status, 0);
  const merged = dualhome("merge", parts, "--all");
  const whole = dualhome("capacity", file, "--only", "switch", "peer-link", "--all");
  assert.equal(merged.out, whole.out);
  assert.equal(merged.status, whole.status);
});

test("debug and release build place every flow alike, and so does a second time", async () => {
  const read = parseTopology(exampleText("capacity"), "capacity.dh.yaml");
  assert.ok("topology" in read);
  const where = { line: 1, col: 1, length: 1 };
  const placed = async (debug: boolean): Promise<number[]> => {
    const session = await Session.open(read.topology, { name: "p", untilNs: 0n, steps: [], where }, { debug });
    await session.runTo(0n);
    return [...(await place(session, trafficOf(read.topology, 1n), new Set())).mbps];
  };
  const release = await placed(false);
  assert.deepEqual(await placed(true), release);
  assert.deepEqual(await placed(false), release);
});
