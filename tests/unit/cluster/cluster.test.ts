// Many machines on a real Redis: whoever dies, each chunk is in the result once, and the result is that of one machine, byte for byte.

import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test, type TestContext } from "node:test";
import { ask, jobOf, merge, partName, readPart, type Job, type Plain } from "../../../bindings/batch/index.ts";
import { Board, cancel, Folder, status, submit, type Status } from "../../../bindings/cluster/index.ts";
import { compileEngine } from "../../../bindings/engine/index.ts";
import { DualhomeError } from "../../../bindings/errors.ts";
import { parseTopology } from "../../../bindings/topology/index.ts";
import { hire } from "../../../bindings/workers/index.ts";
import { freePort, redisIsThere, RedisServer, WITHOUT_REDIS } from "../../support/redis.ts";
import { Machine, reached, scratch, smallDisk } from "./fixture.ts";
import { question, type Options } from "./fixtures/question.mjs";

const parsed = parseTopology(readFileSync(new URL("../../../examples/dual-homed-server/dual-homed-server.dh.yaml", import.meta.url), "utf8"), "dual-homed-server.dh.yaml");
assert.ok("topology" in parsed);
const { topology } = parsed;
const wasm = await compileEngine();
const space = scratch();
const redis = new RedisServer(await freePort(), space.folder("redis"));
const plain: Options = { hold: "", at: -1, pad: 0, seconds: 5 };
let board: Board;

before(async () => {
  if (!redisIsThere) return;
  await redis.start();
  board = await Board.open({ redis: redis.url });
});
after(async () => {
  await Machine.endAll();
  await board?.close();
  await redis.kill();
  space.remove();
});

/** Without a Redis nothing here can be tested: an error in CI, a word elsewhere. */
function clustered(name: string, run: (t: TestContext) => Promise<void>): void {
  test(name, { timeout: 300_000, ...(redisIsThere || process.env["CI"] === "true" ? {} : { skip: WITHOUT_REDIS }) }, async (t) => {
    assert.ok(redisIsThere, WITHOUT_REDIS);
    await run(t);
  });
}

interface Asked { folder: Folder; job: Job; name: string }

async function submitted(name: string, options: Partial<Options>, path = space.folder(name), lot = 1): Promise<Asked> {
  const job = await jobOf(question, topology, { ...plain, ...options } as Options, { wasm });
  const folder = await Folder.open(path);
  return { folder, job, name: (await submit(board, folder, job, { file: "f.dh.yaml", items: "nodes", lot })).name };
}

const working = ({ path }: Folder, name: string, ...more: string[]): string[] => ["work", "--redis", redis.url, "--parts", path, "--job", name, "--workers", "1", "--lock", "2s", ...more];

/** As `dualhome merge` reads them: each chunk exactly once, no file besides, and the rows of one process. */
async function sameAsAlone({ folder, job, name }: Asked, lot = 1): Promise<void> {
  const files = readdirSync(folder.path).filter((file) => file.endsWith(".part"));
  const expected = Array.from({ length: Math.ceil(job.chunks / lot) }, (_, i) => partName(name, i * lot, Math.min(job.chunks, (i + 1) * lot) - 1));
  assert.deepEqual(files.sort(), expected);
  const { rows } = merge(files.map((file) => readPart(readFileSync(join(folder.path, file), "utf8"), file)));
  const alone: Plain[] = [];
  for await (const row of ask(question, topology, { ...job.options as Options, hold: "" }, { hire, workers: 1, wasm })) alone.push(row as Plain);
  assert.equal(JSON.stringify(rows), JSON.stringify(alone));
  assert.ok(rows.every((row) => (row as { thread: string }).thread === "worker"), "the engine runs in threads of its own");
}

async function statusOf(name: string): Promise<Status> { return (await status(board, name))[0]!; }

const coded = (code: string) => (e: unknown): boolean => { assert.ok(e instanceof DualhomeError, String(e)); assert.equal(e.code, code); return true; };

clustered("two machines: every chunk once, and the result of one machine; twice submitted is once", async () => {
  const job = await submitted("two", {});
  const again = await submit(board, job.folder, job.job, { file: "f.dh.yaml", items: "nodes" });
  assert.deepEqual({ added: again.added, there: again.there, chunks: again.chunks }, { added: 0, there: 0, chunks: job.job.chunks });
  assert.equal((await statusOf(job.name)).counts.waiting, job.job.chunks);
  const machines = [0, 1].map(() => new Machine(working(job.folder, job.name, "--drain")));
  for (const machine of machines) assert.equal(await machine.ended, 0, machine.err);
  const answered = machines.map((machine) => Number(/(\d+) chunks? answered/.exec(machine.err)?.[1]));
  assert.equal(answered[0]! + answered[1]!, job.job.chunks);
  await sameAsAlone(job);
  const { state, done, counts, leftMs } = await statusOf(job.name);
  assert.deepEqual({ state, done, counts, leftMs }, { state: "done", done: { chunks: job.job.chunks, items: job.job.plan.length }, counts: { waiting: 0, active: 0, delayed: 0, failed: 0 }, leftMs: null });
  const late = await submit(board, job.folder, job.job, { file: "f.dh.yaml", items: "nodes" });
  assert.deepEqual({ added: late.added, there: late.there }, { added: 0, there: job.job.chunks }, "what is answered is not asked again");
});

clustered("chunks that are handed out together become one part; a lot that lacks one chunk is asked again", async () => {
  const lot = 3;
  const job = await submitted("lots", { seconds: 4 }, undefined, lot);
  const lots = Math.ceil(job.job.chunks / lot);
  assert.equal((await statusOf(job.name)).counts.waiting, lots);
  assert.equal(await new Machine(working(job.folder, job.name, "--drain")).ended, 0);
  await sameAsAlone(job, lot);
  assert.deepEqual((await statusOf(job.name)).done, { chunks: job.job.chunks, items: job.job.plan.length });
  rmSync(join(job.folder.path, partName(job.name, 0, 2)));
  const { there, added } = await submit(board, job.folder, job.job, { file: "f.dh.yaml", items: "nodes", lot: 1 });
  assert.deepEqual({ there, added }, { there: job.job.chunks - lot, added: lot }, "lots stay what they were");
  assert.deepEqual((await statusOf(job.name)).counts.waiting, 1);
});

clustered("a machine is killed in the middle of a chunk: another one answers it", async () => {
  const hold = join(space.path, "killed");
  const job = await submitted("kill", { hold, at: 5 });
  const first = new Machine(working(job.folder, job.name));
  await reached(hold);
  assert.equal((await statusOf(job.name)).counts.active, 1);
  await first.kill();
  writeFileSync(`${hold}.go`, "");
  const second = new Machine(working(job.folder, job.name, "--drain"));
  assert.equal(await second.ended, 0, second.err);
  await sameAsAlone(job);
});

clustered("Redis is killed and comes back with what its append-only file has", async () => {
  const hold = join(space.path, "redis-lost");
  const job = await submitted("redis-lost", { hold, at: 9 });
  const machine = new Machine(working(job.folder, job.name, "--drain"));
  await reached(hold);
  await redis.kill();
  await machine.says(/Redis at 127\.0\.0\.1:\d+: \w+; waiting for it/);
  writeFileSync(`${hold}.go`, ""); // its answer is ready while there is no Redis
  await redis.start();
  assert.equal(await machine.ended, 0, machine.err);
  assert.match(machine.err, /Redis is there again/);
  await sameAsAlone(job);
});

clustered("Redis comes back with nothing: what it lost is asked again by submitting again", async () => {
  const hold = join(space.path, "redis-empty");
  const job = await submitted("redis-empty", { hold, at: 9 });
  const machine = new Machine(working(job.folder, job.name));
  await reached(hold);
  await machine.kill();
  await board.redis.flushall();
  writeFileSync(`${hold}.go`, "");
  await assert.rejects(status(board, job.name), coded("DH_CLUSTER_JOB"));
  const { there, added } = await submit(board, job.folder, job.job, { file: "f.dh.yaml", items: "nodes" });
  assert.ok(there > 0);
  assert.equal(there + added, job.job.chunks);
  const second = new Machine(working(job.folder, job.name, "--drain"));
  assert.equal(await second.ended, 0, second.err);
  await sameAsAlone(job);
});

clustered("a machine with another engine leaves the job to others, and says so", async () => {
  const job = await submitted("engine", {});
  const other = new Machine(working(job.folder, job.name, "--drain"), { DUALHOME_TEST_ENGINE: "other" });
  assert.equal(await other.ended, 2);
  assert.match(other.err, /is for build [0-9a-f]{12} of the engine, this is [0-9a-f]{12}: left to others \[DH_CLUSTER_ENGINE\]/);
  assert.equal((await statusOf(job.name)).counts.waiting, job.job.chunks, "nothing was taken");
  const right = new Machine(working(job.folder, job.name, "--drain"));
  assert.equal(await right.ended, 0, right.err);
  await sameAsAlone(job);
});

clustered("a full disk is waited for; a machine that has no more patience gives its chunk back", async (t) => {
  const path = space.folder("disk");
  const disk = smallDisk(path, 24 << 10);
  t.diagnostic(`full disk: ${disk.kind}`);
  try {
    const hold = join(space.path, "disk-held");
    const job = await submitted("disk", { pad: 2 << 10, hold, at: 0 }, path);
    const impatient = new Machine(working(job.folder, job.name, "--patience", "200ms"));
    await reached(hold);
    disk.limit(impatient.pid);
    writeFileSync(`${hold}.go`, "");
    assert.equal(await impatient.ended, 2, impatient.err);
    assert.match(impatient.err, /\[DH_CLUSTER_DISK\]/);
    const { counts, done, notes } = await statusOf(job.name);
    assert.equal(counts.active + counts.failed, 0);
    assert.equal(counts.waiting + done.chunks, job.job.chunks, "the chunk is there for others");
    assert.match(Object.values(notes).join(), /^DH_CLUSTER_DISK: /);
    const patient = new Machine(working(job.folder, job.name, "--drain"));
    disk.limit(patient.pid);
    await patient.says(/waiting for it \[DH_CLUSTER_DISK\]/);
    assert.equal(readdirSync(path).filter((file) => file.endsWith(".part")).length, done.chunks, "nothing that is not whole");
    disk.room(patient.pid);
    assert.equal(await patient.ended, 0, patient.err);
    await sameAsAlone(job);
    assert.ok(!readdirSync(path).some((file) => file.endsWith(".tmp")));
  } finally {
    disk.remove();
  }
});

clustered("two answers to one chunk that differ are an error, and submitting again tries it again", async () => {
  const job = await submitted("conflict", {});
  const wrong = join(job.folder.path, `${job.name}-000002-000002.part`);
  await job.folder.keep(job.job, job.name, "f.dh.yaml", 2, [[1, 2, 3, 4]]);
  const machine = new Machine(working(job.folder, job.name, "--drain"));
  assert.equal(await machine.ended, 1, machine.err);
  assert.match(machine.err, /some were given up/);
  const { failed, state, counts } = await statusOf(job.name);
  assert.equal(state, "open");
  assert.equal(counts.failed, 1);
  assert.deepEqual(failed.map(({ chunks }) => chunks), [[2]]);
  assert.equal(failed[0]!.why, `DH_CLUSTER_CONFLICT: chunk 2 was answered in two ways: this answer is not what is in ${wrong}`);
  rmSync(wrong);
  assert.equal((await submit(board, job.folder, job.job, { file: "f.dh.yaml", items: "nodes" })).again, 1);
  assert.equal(await new Machine(working(job.folder, job.name, "--drain")).ended, 0);
  await sameAsAlone(job);
});

clustered("cancelled: machines stop in the middle of a chunk, parts stay, and submitting goes on from them", async () => {
  const hold = join(space.path, "cancelled");
  const job = await submitted("cancel", { hold, at: 9 });
  const machine = new Machine(working(job.folder, job.name, "--drain"));
  await reached(hold);
  assert.deepEqual(await cancel(board, job.name), { forgotten: false });
  assert.equal(await machine.ended, 0, machine.err);
  assert.equal((await statusOf(job.name)).state, "cancelled");
  const kept = readdirSync(job.folder.path).filter((file) => file.endsWith(".part")).length;
  assert.equal(kept, 2);
  writeFileSync(`${hold}.go`, "");
  const again = await submit(board, job.folder, job.job, { file: "f.dh.yaml", items: "nodes" });
  assert.deepEqual({ there: again.there, added: again.added }, { there: kept, added: job.job.chunks - kept });
  assert.equal(await new Machine(working(job.folder, job.name, "--drain")).ended, 0);
  await sameAsAlone(job);
  assert.deepEqual(await cancel(board, job.name), { forgotten: true }, "what has ended is taken off the list");
  assert.ok(!(await status(board)).some((each) => each.name === job.name));
  assert.ok(existsSync(join(job.folder.path, `${job.name}.order`)));
});

clustered("SIGTERM: what was begun is finished first", async () => {
  const hold = join(space.path, "term");
  const job = await submitted("term", { hold, at: 5 });
  const machine = new Machine(working(job.folder, job.name));
  await reached(hold);
  const ended = machine.kill("SIGTERM");
  await machine.says(/finishing what was begun/);
  writeFileSync(`${hold}.go`, "");
  assert.equal(await ended, 0, machine.err);
  const { counts, done } = await statusOf(job.name);
  assert.deepEqual({ active: counts.active, all: counts.waiting + done.chunks }, { active: 0, all: job.job.chunks });
  assert.ok(done.chunks >= 2);
});
