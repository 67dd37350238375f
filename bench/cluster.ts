// node --import tsx bench/cluster.ts [CHUNKS]
//
// What the queue costs: chunks that are answered in no time go through a real Redis, one at a time. Beside wall times, which the machine's other
// work moves, it counts processor time of this process and of Redis, and bytes: those are what larger clusters are computed from.

import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { jobOf, partName, type Hands, type Job, type Plain, type Question } from "../bindings/batch/index.ts";
import { Board, Folder, submit, work } from "../bindings/cluster/index.ts";
import { compileEngine } from "../bindings/engine/index.ts";
import { parseTopology } from "../bindings/topology/index.ts";
import { freePort, redisIsThere, RedisServer, WITHOUT_REDIS } from "../tests/support/redis.ts";

const ROWS = 64; // of a chunk, of a hundred bytes each
const rows = Array.from({ length: ROWS }, (_, i) => ({ at: i, down: [["between-pairs-1", 2_000_000_000 + i], ["between-sites-1", 3_000_000_000 + i]] }));
const nothing: Question<null, number, Plain, number> = {
  name: "nothing", version: 1, module: import.meta.url, chunk: ROWS,
  plan: () => ({ length: ROWS * chunks, at: (i) => i }), answer: async () => null, finish: (all) => all.length,
};
const hands: Hands = { width: 1, chunk: async () => rows, close: async () => {} };
const chunks = Number(process.argv[2] ?? 2000);

interface Info { cpuMs: number; memory: number; commands: number; netIn: number; netOut: number }

async function info(board: Board): Promise<Info> {
  const text = await board.redis.info();
  const of = (key: string): number => Number(new RegExp(`^${key}:([\\d.]+)`, "m").exec(text)?.[1] ?? NaN);
  return { cpuMs: 1000 * (of("used_cpu_user") + of("used_cpu_sys")), memory: of("used_memory"), commands: of("total_commands_processed"), netIn: of("total_net_input_bytes"), netOut: of("total_net_output_bytes") };
}

async function measured<T>(board: Board, run: () => Promise<T>): Promise<{ wallMs: number; cpuMs: number; redis: Info }> {
  const before = await info(board);
  const cpu = process.cpuUsage();
  const started = performance.now();
  await run();
  const wallMs = performance.now() - started;
  const { user, system } = process.cpuUsage(cpu);
  const after = await info(board);
  const redis = Object.fromEntries(Object.entries(after).map(([key, value]) => [key, value - before[key as keyof Info]])) as unknown as Info;
  return { wallMs, cpuMs: (user + system) / 1000, redis };
}

async function parts(folder: Folder, job: Job, name: string): Promise<number> {
  const started = performance.now();
  for (let n = 0; n < chunks; n++) await folder.keep(job, name, "f", n, [rows]);
  return (performance.now() - started) / chunks;
}

function say(what: string, { wallMs, cpuMs, redis }: Awaited<ReturnType<typeof measured>>): void {
  const each = (value: number): string => (value / chunks).toPrecision(3);
  console.log(`${what}, a chunk: ${each(wallMs)} ms wall, ${each(cpuMs)} ms processor time here, ${each(redis.cpuMs)} ms of Redis, ${each(redis.commands)} commands, ${each(redis.netIn)} bytes to Redis, ${each(redis.netOut)} from it`);
}

if (!redisIsThere) throw new Error(WITHOUT_REDIS);
const space = mkdtempSync(join(tmpdir(), "dualhome-bench-"));
const redis = new RedisServer(await freePort(), space);
await redis.start();
const board = await Board.open({ redis: redis.url });
try {
  const parsed = parseTopology(readFileSync(new URL("../examples/two-site/two-site.dh.yaml", import.meta.url), "utf8"), "two-site");
  if (!("topology" in parsed)) throw new Error("two-site has mistakes");
  const wasm = await compileEngine();
  const job = await jobOf(nothing, parsed.topology, null, { wasm });
  const folder = await Folder.open(join(space, "parts"), true);
  let name = "";
  const submitted = await measured(board, async () => { ({ name } = await submit(board, folder, job, { file: "f", items: "rows" })); });
  say("submit", submitted);
  console.log(`        ${(submitted.redis.memory / chunks).toPrecision(3)} bytes of memory in Redis a chunk that waits`);
  say("work", await measured(board, () => work(board, folder, { wasm, find: async () => nothing, hire: async () => hands, threads: 1, drain: true })));
  console.log(`        ${statSync(join(folder.path, partName(name, 0, 0))).size} bytes a part, ${readdirSync(folder.path).length - 1} parts; order ${statSync(join(folder.path, `${name}.order`)).size} bytes`);
  const alone = await Folder.open(join(space, "alone"), true);
  console.log(`part alone, written and synced: ${(await parts(alone, job, name)).toPrecision(3)} ms wall`);
} finally {
  await board.close();
  await redis.kill();
  rmSync(space, { recursive: true, force: true });
}
