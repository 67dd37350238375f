// `dualhome cluster` as it is typed: a question through a queue prints what it prints without one; what is wrong is told by name.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { packages } from "../../../bindings/cluster/index.ts";
import { orderText, readOrder } from "../../../bindings/cluster/order.ts";
import { DualhomeError } from "../../../bindings/errors.ts";
import type { Topology } from "../../../bindings/topology/model.ts";
import { freePort, redisIsThere, RedisServer, WITHOUT_REDIS } from "../../support/redis.ts";
import { dualhome } from "../cli/fixture.ts";
import { scratch } from "./fixture.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const space = scratch();
after(() => space.remove());

test("a question through the queue prints what one process prints, byte for byte", redisIsThere || process.env["CI"] === "true" ? {} : { skip: WITHOUT_REDIS }, async () => {
  assert.ok(redisIsThere, WITHOUT_REDIS);
  const redis = new RedisServer(await freePort(), space.folder("redis"));
  await redis.start();
  const parts = join(space.path, "parts"); // submit makes it
  const run = (...args: string[]) => {
    const ran = spawnSync(process.execPath, ["bin/dualhome.js", ...args], { cwd: root, encoding: "utf8", env: { ...process.env, DUALHOME_REDIS: redis.url, NO_COLOR: "1" } });
    return { out: ran.stdout, err: ran.stderr, status: ran.status };
  };
  try {
    const question = ["phases", "examples/mclag-pair/mclag-pair.dh.yaml", "fail leaf1", "hang leaf1", "--runs", "100", "--for", "20s"];
    const alone = run(...question, "--json");
    assert.equal(alone.status, 0, alone.err);
    const submitted = run("cluster", "submit", "--parts", parts, ...question);
    assert.match(submitted.out, /^phases-[0-9a-f]{8}\n$/, submitted.err);
    assert.match(submitted.err, /200 runs in 4 chunks; 0 are answered, 4 added/);
    const job = submitted.out.trim();
    const waiting = run("cluster", "status");
    assert.match(waiting.out, new RegExp(`${job} +│ open +│ 0 of 200 +│ 0\\.0 │[^]*\n${job}: 200 runs, examples/mclag-pair/mclag-pair\\.dh\\.yaml\n$`));
    assert.equal(waiting.status, 0);
    const missing = run("cluster", "merge", "--parts", parts);
    assert.equal(missing.status, 2);
    assert.match(missing.err, /has no parts \[DH_CLUSTER_PARTS\]/);
    assert.match(run("cluster", "work", "--parts", parts, "--drain").err, /4 chunks answered, 200 items/);
    const merged = run("cluster", "merge", "--parts", parts, "--json");
    assert.equal(merged.out, alone.out);
    assert.equal(run("cluster", "merge", "--parts", parts, "--job", job).out, run(...question).out);
    assert.equal((JSON.parse(run("cluster", "status", job, "--json").out) as { jobs: { state: string; done: { items: number } }[] }).jobs[0]!.state, "done");
    const part = readdirSync(parts).find((file) => file.endsWith("-000001-000001.part"))!;
    rmSync(join(parts, part));
    assert.match(run("cluster", "merge", "--parts", parts).err, /chunks 1 of 4 \[DH_PART_MISSING\]/);
    assert.match(run("cluster", "submit", "--parts", parts, ...question).err, /3 are answered, 1 added/);
    assert.match(run("cluster", "cancel", job).err, /is stopped; its parts stay/);
  } finally {
    await redis.kill();
  }
});

test("what is wrong is told by name", async () => {
  const told: [string[], RegExp][] = [
    [["status", "--redis", "redis://:geheim@127.0.0.1:1"], /^dualhome: Redis at 127\.0\.0\.1:1 cannot be used: ECONNREFUSED \[DH_CLUSTER_REDIS\]\n$/],
    [["status", "--redis", "127.0.0.1"], /"127\.0\.0\.1" is no address of Redis: write redis:\/\/HOST:6379 \[DH_CLUSTER_REDIS\]/],
    [["submit", "--parts", "p", "check", "f.yaml"], /"check" asks no big question; these do: capacity, .*\[DH_CLUSTER_QUESTION\]/],
    [["merge", "--parts", "p"], /--parts p has no parts \[DH_CLUSTER_PARTS\]/],
    [["work"], /required option '--parts <folder>' not specified/],
  ];
  for (const [args, words] of told) {
    const ran = await dualhome(["cluster", ...args]);
    assert.match(ran.err, words);
    assert.equal(ran.status, 2, ran.err);
  }
});

test("without the two packages: what to install", async () => {
  const lacking = (): Promise<unknown> => Promise.reject(Object.assign(new Error("Cannot find package 'bullmq'"), { code: "ERR_MODULE_NOT_FOUND" }));
  await assert.rejects(packages(lacking), (e) => e instanceof DualhomeError && e.code === "DH_CLUSTER_PACKAGES" && e.exitCode === 2 && e.message.includes("npm install bullmq ioredis"));
});

test("the two packages are optional, and one file alone loads them", () => {
  const manifest = JSON.parse(readFileSync(`${root}package.json`, "utf8")) as Record<string, Record<string, unknown>>;
  for (const name of ["bullmq", "ioredis"]) {
    assert.ok(manifest["dependencies"]![name] === undefined && manifest["peerDependencies"]![name] !== undefined);
    assert.deepEqual(manifest["peerDependenciesMeta"]![name], { optional: true });
  }
  const files = readdirSync(`${root}bindings`, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
  const loading = files.filter((file) => /^import (?!type)[^;]*"(bullmq|ioredis)"|import\("(bullmq|ioredis)"\)(?!;|\.)/m.test(readFileSync(`${root}bindings/${file}`, "utf8").replace(/typeof import\([^)]*\)/g, "")));
  assert.deepEqual(loading, []);
});

test("an order keeps 64 bits, and strings that look like them", () => {
  const topology = { name: "5n", nodes: [{ bootNs: 18_446_744_073_709_551_615n, name: "\\-7n" }], negative: -1n } as unknown as Topology;
  const identity = { question: "q", version: 1, options: { a: "12n" }, topology: "t", seed: "1", engine: "e", items: 1, chunk: 1 };
  const { order: _, ...read } = readOrder(orderText({ identity, topology }, "f", "runs"), "o");
  assert.deepEqual(read, { identity, file: "f", items: "runs", topology });
  assert.throws(() => readOrder("{", "cut.order"), /cut\.order: no order/);
});
