// Big questions: the same rows from one thread, one worker and many, from shards and after a stop; workers that die; parts that do not fit.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { ask, canonical, gather, merge, partText, readPart, shardOf, shardRange, topologyHash, answer, jobOf, type Part, type Plain } from "../../../bindings/batch/index.ts";
import { compileEngine } from "../../../bindings/engine/index.ts";
import { DualhomeError } from "../../../bindings/errors.ts";
import { parseTopology } from "../../../bindings/topology/index.ts";
import type { Topology } from "../../../bindings/topology/model.ts";
import { askWorkers, hire, prepare } from "../../../bindings/workers/index.ts";
import { question, type Options } from "./question.ts";

const text = readFileSync(new URL("../../../examples/mclag-pair/mclag-pair.dh.yaml", import.meta.url), "utf8");
const parsed = parseTopology(text, "mclag-pair.dh.yaml");
assert.ok("topology" in parsed);
const topology: Topology = parsed.topology;
const wasm = await compileEngine();
const plain: Options = { marker: "-", deadly: -1 };

async function all(rows: AsyncIterable<unknown>): Promise<unknown[]> {
  const list: unknown[] = [];
  for await (const row of rows) list.push(row);
  return list;
}

const expected = await all(ask(question, topology, plain));
const coded = (code: string) => (e: unknown): boolean => { assert.ok(e instanceof DualhomeError, String(e)); assert.equal(e.code, code); return true; };

test("one worker, two workers and this thread give the same rows in the same order", async () => {
  assert.equal(expected.length, topology.nodes.length * 2);
  assert.deepEqual(expected.slice(0, topology.nodes.length).map((row) => ({ ...(row as object), index: 0 })), expected.slice(topology.nodes.length).map((row) => ({ ...(row as object), index: 0 })), "an item's row depends on what was asked before");
  for (const workers of [1, 2]) assert.equal(JSON.stringify(await all(askWorkers(question, topology, plain, { workers }))), JSON.stringify(expected), `${workers} workers`);
});

test("workers that were started early, more of them than are wanted, give the same rows", async () => {
  await prepare(3, question.module);
  assert.equal(JSON.stringify(await all(askWorkers(question, topology, plain, { workers: 2 }))), JSON.stringify(expected));
});

test("of a question whose last items take longest they are handed out first, and the rows come in order", async () => {
  const job = await jobOf({ ...question, longestLast: true }, topology, plain, { wasm });
  const handed: number[] = [];
  const rows: number[] = [];
  const hands = { width: 2, chunk: async (n: number) => { handed.push(n); await new Promise((go) => setTimeout(go, n === job.chunks - 1 ? 50 : 1)); return [n]; }, close: async () => {} };
  for await (const { n } of answer(job, { workers: 2, hire: async () => hands })) rows.push(n);
  assert.deepEqual(handed, [job.chunks - 1, ...Array.from({ length: job.chunks - 1 }, (_, n) => n)]);
  assert.deepEqual(rows, Array.from({ length: job.chunks }, (_, n) => n));
});

test("progress counts items to the end, and the result is put together once", async () => {
  const seen: number[] = [];
  const asked = askWorkers(question, topology, plain, { workers: 2, onProgress: (p) => { seen.push(p.done); assert.equal(p.total, expected.length); assert.equal(p.workers, 2); } });
  const result = await asked.result();
  assert.equal(result.rows, expected.length);
  assert.equal(seen.at(-1), expected.length);
  assert.deepEqual(seen, [...seen].sort((a, b) => a - b));
});

test("a worker that dies in the middle of a chunk is replaced, and the rows are the same", async () => {
  const folder = mkdtempSync(join(tmpdir(), "dualhome-"));
  try {
    const asked = askWorkers(question, topology, { marker: join(folder, "died"), deadly: 5 }, { workers: 2 });
    assert.equal(JSON.stringify(await all(asked)), JSON.stringify(expected));
    readFileSync(join(folder, "died"));
  } finally { rmSync(folder, { recursive: true }); }
});

test("a chunk that ends every worker is given up by name", async () => {
  await assert.rejects(all(askWorkers(question, topology, { marker: "-", deadly: 5 }, { workers: 2 })), coded("DH_WORKER_LOST"));
});

test("an error of a question passes the border with its code", async () => {
  for (const workers of [0, 1]) await assert.rejects(all(askWorkers(question, topology, { marker: "-", deadly: -2 }, { workers })), coded("DH_TEST"));
});

test("stopped: what was read is kept, and going on from it gives the same rows", async () => {
  const job = await jobOf(question, topology, plain, { wasm });
  const stop = new AbortController();
  const chunks: (readonly Plain[])[] = [];
  let finished = 0;
  const run = answer(job, { workers: 1, hire, signal: stop.signal, onProgress: () => { finished += 1; if (finished === 2) stop.abort(); } });
  await assert.rejects(async () => { for await (const { rows } of run) chunks.push(rows); }, { name: "AbortError" });
  assert.equal(chunks.length, 2);
  assert.ok(job.chunks > 2);
  const kept = readPart(partText(job, "f", 0, chunks), "kept");
  const known = gather([kept], job.identity);
  const rows: Plain[] = [];
  let asked = 0;
  for await (const chunk of answer(job, { workers: 2, hire, known: (n) => known.get(n), onProgress: () => { asked += 1; } })) rows.push(...chunk.rows);
  assert.equal(JSON.stringify(rows), JSON.stringify(expected));
  assert.equal(asked, job.chunks - chunks.length);
});

test("shards, in whatever order they come, are the whole; what does not fit is refused", async () => {
  const job = await jobOf(question, topology, plain, { wasm });
  const parts: Part[] = [];
  for (const index of [3, 1, 2]) {
    const range = shardRange({ index, of: 3 }, job.chunks);
    const chunks = [];
    for await (const { rows } of answer(job, { range })) chunks.push(rows);
    parts.push(readPart(partText(job, "f", range[0], chunks), `part${index}`));
  }
  const merged = merge(parts);
  assert.equal(JSON.stringify(merged.rows), JSON.stringify(expected));
  assert.deepEqual(merged.header.about, { name: topology.name });
  assert.deepEqual(merge([...parts, parts[0]!]).rows, merged.rows, "a part twice is no harm");
  assert.throws(() => merge(parts.slice(1)), coded("DH_PART_MISSING"));
  assert.throws(() => merge([]), coded("DH_PART_MISSING"));
  const other = { ...parts[0]!, header: { ...parts[0]!.header, seed: "2" } };
  assert.throws(() => merge([parts[1]!, other, parts[2]!]), coded("DH_PART_FOREIGN"));
  const differing = { ...parts[0]!, chunks: parts[0]!.chunks.map((rows) => rows.map(() => ({}))) };
  assert.throws(() => merge([...parts, differing]), coded("DH_PART_CONFLICT"));
  const whole = partText(job, "f", 0, [[1, 2]]);
  for (const broken of ["", "{}", "x", whole.slice(0, -8), whole.replace('"part":2', '"part":9'), whole.replace("[1,2]", "[1]")]) assert.throws(() => readPart(broken, "broken"), coded("DH_PART_BROKEN"), broken);
});

test("the topology's hash is of what it means", async () => {
  const same = parseTopology(`# a comment\n${text}`, "other.dh.yaml");
  const other = parseTopology(text.replace("name: mclag-pair", "name: another"), "other.dh.yaml");
  assert.ok("topology" in same && "topology" in other);
  assert.equal(await topologyHash(same.topology), await topologyHash(topology));
  assert.notEqual(await topologyHash(other.topology), await topologyHash(topology));
  assert.equal(canonical({ b: 1n, a: [undefined, null] }), '{"a":[null,null],"b":"1n"}');
});

test("--shard: said outright, and by what started the job", () => {
  assert.deepEqual(shardOf("2/8", {}), { index: 2, of: 8 });
  for (const wrong of ["0/8", "9/8", "1", "a/b", ""]) assert.throws(() => shardOf(wrong, {}), coded("DH_SHARD"));
  assert.deepEqual(shardOf("auto", { SLURM_ARRAY_TASK_ID: "12", SLURM_ARRAY_TASK_MIN: "10", SLURM_ARRAY_TASK_COUNT: "4" }), { index: 3, of: 4 });
  assert.deepEqual(shardOf("auto", { SLURM_ARRAY_TASK_ID: "14", SLURM_ARRAY_TASK_MIN: "10", SLURM_ARRAY_TASK_COUNT: "4", SLURM_ARRAY_TASK_STEP: "2" }), { index: 3, of: 4 });
  assert.deepEqual(shardOf("auto", { JOB_COMPLETION_INDEX: "0", DUALHOME_SHARDS: "5" }), { index: 1, of: 5 });
  assert.deepEqual(shardOf("auto", { AWS_BATCH_JOB_ARRAY_INDEX: "7", AWS_BATCH_JOB_ARRAY_SIZE: "8" }), { index: 8, of: 8 });
  assert.deepEqual(shardOf("auto", { CI_NODE_INDEX: "1", CI_NODE_TOTAL: "3" }), { index: 1, of: 3 });
  for (const env of [{}, { JOB_COMPLETION_INDEX: "0" }, { CI_NODE_INDEX: "4", CI_NODE_TOTAL: "3" }]) assert.throws(() => shardOf("auto", env), coded("DH_SHARD_AUTO"));
  for (const of of [1, 3, 7, 20]) {
    const ranges = Array.from({ length: of }, (_, i) => shardRange({ index: i + 1, of }, 10));
    assert.deepEqual(ranges.flatMap(([from, to]) => Array.from({ length: to - from }, (_, i) => from + i)), [...Array(10).keys()]);
  }
});
