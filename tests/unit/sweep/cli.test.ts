// `dualhome sweep` and `merge`: the same bytes from any number of workers, from shards, and after Ctrl-C; parts that do not fit are refused.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { parquetReadObjects } from "hyparquet";
import type { Io } from "../../../bindings/cli/io.ts";
import { main } from "../../../bindings/cli/main.ts";
import { withoutGateway } from "../../support/topologies.ts";

const FILE = new URL("../../../examples/mclag-pair/mclag-pair.dh.yaml", import.meta.url).pathname;

/** A folder in memory, for what is written. */
class Disk {
  readonly files = new Map<string, Uint8Array>();
}

interface Ran { status: number; out: string; err: string }

async function dualhome(args: string[], disk = new Disk(), env: Record<string, string> = {}): Promise<Ran> {
  const ran = { out: "", err: "" };
  let interrupt = (): void => {};
  let clock = 0;
  const io: Io = {
    out: async (text) => { ran.out += text; }, err: (text) => { ran.err += text; }, env, outIsTTY: false, errIsTTY: false, inIsTTY: false, columns: undefined,
    read: async (path) => { const own = disk.files.get(path); return own === undefined ? readFile(path, "utf8") : new TextDecoder().decode(own); },
    list: async (path) => ([...disk.files.keys()].includes(path) ? null : [...disk.files.keys()].filter((each) => each.startsWith(`${path}/`)).map((each) => each.slice(path.length + 1)).filter((each) => !each.includes("/")).sort()),
    makeFolder: async () => {}, save: async (path, bytes) => { disk.files.set(path, bytes); if (disk.files.size === stopAfter) interrupt(); },
    saveText: () => Promise.reject(new Error("nothing is written in pieces")), create: () => Promise.reject(new Error("nothing is made anew")), ask: () => { throw new Error("nobody is there"); },
    onInterrupt: (callback) => { interrupt = callback; return () => {}; },
    now: () => (clock += 20_000), // each chunk is kept as it comes
  };
  return { status: await main(args, io), ...ran };
}

let stopAfter = -1; // files written

const sweep = (...more: string[]): string[] => ["sweep", FILE, "--only", "switch", "link", "--no-color", ...more];
const whole = await dualhome(sweep("--json", "--workers", "0"));

test("one worker, two, and none print the same bytes", async () => {
  assert.equal(whole.status, 1, whole.err);
  for (const workers of ["1", "2"]) assert.equal((await dualhome(sweep("--json", "--workers", workers))).out, whole.out);
  const { spof, rows } = JSON.parse(whole.out) as { spof: { failure: string }[]; rows: { failure: string; same: string[] }[] };
  assert.deepEqual(spof.map((x) => x.failure), ["leaf2", "leaf2:Eth40--orphan:eth0"]);
  assert.deepEqual(rows.find((x) => x.failure === "leaf2:Eth40--orphan:eth0")!.same, ["leaf2:Eth40", "orphan:eth0"]);
});

test("shards, merged, print what the whole prints: JSON, Markdown and the terminal's report", async () => {
  const disk = new Disk();
  for (const [i, env] of [{ CI_NODE_INDEX: "1", CI_NODE_TOTAL: "2" }, { CI_NODE_INDEX: "2", CI_NODE_TOTAL: "2" }].entries()) {
    const ran = await dualhome(sweep("--shard", "auto", "--parts", "parts", "--workers", "0"), disk, env);
    assert.equal(ran.status, 0, ran.err);
    assert.equal(ran.out, "");
    assert.match(ran.err, new RegExp(`shard ${i + 1} of 2`));
  }
  assert.equal((await dualhome(["merge", "parts", "--json"], disk)).out, whole.out);
  for (const format of ["--markdown", "--all"]) assert.equal((await dualhome(["merge", "parts", format, "--no-color"], disk)).out, (await dualhome(sweep(format, "--workers", "0"))).out, format);
  disk.files.delete([...disk.files.keys()][0]!);
  const missing = await dualhome(["merge", "parts"], disk);
  assert.equal(missing.status, 2);
  assert.match(missing.err, /DH_PART_MISSING/);
});

test("Ctrl-C keeps what is finished, says how to go on, and going on prints the same bytes", async () => {
  const disk = new Disk();
  const all = (...more: string[]): string[] => ["sweep", FILE, "--json", ...more]; // some chunks
  stopAfter = 1;
  const stopped = await dualhome(all("--parts", "parts", "--workers", "1"), disk);
  stopAfter = -1;
  assert.equal(stopped.status, 130);
  assert.equal(stopped.out, "");
  assert.match(stopped.err, /interrupted: \d+ of 72 failures are kept in parts; go on with\n {2}dualhome sweep \S+ --parts parts --resume\n/);
  assert.ok(disk.files.size > 0);
  const resumed = await dualhome(all("--parts", "parts", "--workers", "2", "--resume"), disk);
  assert.equal(resumed.out, (await dualhome(all("--workers", "0"))).out, resumed.err);
  const foreign = await dualhome(all("--parts", "parts", "--resume", "--seed", "7", "--workers", "0"), disk);
  assert.equal(foreign.status, 2);
  assert.match(foreign.err, /another seed \("1", not "7"\) \[DH_PART_FOREIGN\]/);
});

test("--parquet has a row for each failure and whom it hit", async () => {
  const disk = new Disk();
  await dualhome(sweep("--parquet", "rows.parquet", "--workers", "0"), disk);
  const rows = await rowsOf(disk.files.get("rows.parquet")!);
  assert.ok(rows.every((row) => row["not_up"] === null));
  const json = JSON.parse(whole.out) as { rows: { failure: string; hits: { name: string; failureNs: string | null; returnNs: string | null }[] }[] };
  const expected = json.rows.flatMap(({ failure, hits }) => (hits.length === 0 ? [[failure, null, null, null]] : hits.map((h) => [failure, h.name, h.failureNs, h.returnNs])));
  assert.deepEqual(rows.map((row) => [row["failure"], row["name"], row["failure_ns"] === null ? null : String(row["failure_ns"]), row["return_ns"] === null ? null : String(row["return_ns"])]), expected);
});

const NOT_UP = withoutGateway("alive: {from: a, to: c}, dead1: {from: a, to: b}, dead2: {from: b, to: a}, dead3: {from: c, to: b}, dead4: {from: b, to: c}");
const DEAD = ["dead1", "dead2", "dead3", "dead4"];
const rowsOf = async (bytes: Uint8Array): Promise<Record<string, unknown>[]> => parquetReadObjects({ file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer });

for (const failures of ["1", "2"]) {
  test(`${failures} at a time: table, JSON, Markdown and Parquet tell the same`, async () => {
    const disk = new Disk();
    disk.files.set("dead.dh.yaml", new TextEncoder().encode(NOT_UP));
    const ask = async (...more: string[]): Promise<string> => {
      const ran = await dualhome(["sweep", "dead.dh.yaml", "--only", "switch", "link", "--failures", failures, "--workers", "0", "--no-color", ...more], disk);
      assert.equal(ran.status, 1, ran.err);
      return ran.out;
    };
    const json = JSON.parse(await ask("--json", "--parquet", "rows.parquet")) as { notUp: string[]; rows: { verdict: string; hits: { name: string }[]; same?: string[]; worse?: string[] }[]; cuts: { name: string }[] };
    assert.deepEqual(json.notUp, DEAD);
    const rows = await rowsOf(disk.files.get("rows.parquet")!);
    assert.deepEqual(new Set(rows.map((row) => row["not_up"])), new Set([DEAD.join(", ")]));
    const hits = json.rows.flatMap((row) => (row.hits.length === 0 ? [null] : row.hits.map(({ name }) => name)).map((name) => ({ row, name })));
    assert.deepEqual(rows.map((row) => [row["verdict"], row["name"], row["worse"]]), hits.map(({ row, name }) => [row.verdict, name, name === null || row.worse === undefined ? null : row.worse.includes(name)]));
    if (failures === "1") assert.deepEqual(rows.map((row) => row["same"]), hits.map(({ row }) => (row.same!.length === 0 ? null : row.same!.join(", "))));
    const [text, markdown] = [await ask(), await ask("--markdown")];
    assert.match(text, /not up before anything failed, .*: dead1, dead2, dead3 and 1 more/);
    assert.match(markdown, /Not up before anything failed, .*: dead1, dead2, dead3, dead4\./);
    assert.ok(json.cuts.length > 0);
    for (const said of [text, markdown]) {
      assert.match(said, /Minimal cut sets, of nodes and cables/);
      assert.equal(/[Tt]he simulation of \w+( failures)? agrees/.test(said), /the simulation of/.test(text));
      assert.equal(/2 single points of failure: dualhome sweep without --failures names them/.test(said), failures === "2");
    }
  });
}

test("two at a time: shards, merged, print what the whole prints, and the pairs that are worse than either", async () => {
  const pairs = (...more: string[]): string[] => ["sweep", FILE, "--only", "switch", "--failures", "2", "--workers", "0", "--json", ...more];
  const all = await dualhome(pairs());
  const { worse, pairs: count, leftOut } = JSON.parse(all.out) as { worse: { target: string }[]; pairs: number; leftOut: number };
  assert.equal(all.status, 1, all.err);
  assert.deepEqual([worse.map((x) => x.target), count, leftOut], [["leaf1 + leaf2"], 1, 0]);
  const disk = new Disk();
  assert.equal((await dualhome(pairs("--shard", "1/1", "--parts", "parts"), disk)).status, 0);
  assert.equal((await dualhome(["merge", "parts", "--json"], disk)).out, all.out);
});
