// `dualhome cluster`: submit, work, status, merge, cancel.

import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { AnyQuestion } from "../../batch/index.ts";
import { Board, cancel as cancelJob, Folder, status as statusOf, submit as submitJob, work as workOn } from "../../cluster/index.ts";
import { DualhomeError } from "../../errors.ts";
import { plural } from "../../report/index.ts";
import { statusJson, statusText } from "./cluster-status.ts";
import { listFolder } from "../input.ts";
import { EXIT, print, WIDTH_DEFAULT, type Io } from "../io.ts";
import type { Parts } from "../parts.ts";

export interface ClusterFlags { redis?: string; prefix: string }
export interface SubmitFlags extends ClusterFlags { parts: string; lot?: number }
export interface WorkFlags extends ClusterFlags { parts: string; workers?: number; job?: string; drain?: boolean; lock: bigint; patience: bigint }

type Main = (args: readonly string[], io: Io, parts: Parts) => Promise<number>;

/** Commands that ask a big question. */
const ASKING = ["capacity", "nines", "phases", "sweep"];
const REDIS_DEFAULT = "redis://127.0.0.1:6379";

async function board(io: Io, flags: ClusterFlags): Promise<Board> {
  return Board.open({ redis: flags.redis ?? io.env["DUALHOME_REDIS"] ?? REDIS_DEFAULT, prefix: flags.prefix, onTrouble: (why) => io.err(`${why ?? "Redis is there again"}\n`) });
}

/** The question's own command is run, and what it asks goes to the queue instead of being answered. */
export async function submit(io: Io, parts: Parts, main: Main, flags: SubmitFlags, question: readonly string[]): Promise<number> {
  if (!ASKING.includes(question[0] ?? "")) throw new DualhomeError("DH_CLUSTER_QUESTION", `"${question[0]}" asks no big question; these do: ${ASKING.join(", ")}`, 2);
  const at = await board(io, flags);
  try {
    const folder = await Folder.open(flags.parts, true);
    return await main(question, io, {
      ...parts,
      async divert(job, { file, items }) {
        const { name, chunks, there, added, again } = await submitJob(at, folder, job, { file, items, ...(flags.lot === undefined ? {} : { lot: flags.lot }) });
        io.err(`${name}: ${job.identity.items} ${items} in ${plural(chunks, "chunk")}; ${there} are answered, ${added} added${again > 0 ? `, ${again} that failed are tried again` : ""}\n`);
        await print(io, [`${name}\n`]);
      },
    });
  } finally {
    await at.close();
  }
}

export async function work(io: Io, parts: Parts, flags: WorkFlags): Promise<number> {
  const [{ compileEngine, markedWasmUrl }, { hire, workersDefault }] = await Promise.all([parts.engine(), import("../../workers/index.ts")]);
  const at = await board(io, flags);
  const stop = new AbortController();
  const release = io.onInterrupt(() => { io.err("finishing what was begun\n"); stop.abort(); });
  try {
    const folder = await Folder.open(flags.parts);
    const threads = flags.workers ?? workersDefault();
    io.err(`working with ${plural(threads, "thread")}, parts in ${flags.parts}\n`);
    const worked = await workOn(at, folder, {
      wasm: await compileEngine(markedWasmUrl), find: (name) => questionOf(parts, name), hire, threads, signal: stop.signal, say: (text) => io.err(`dualhome: ${text}\n`),
      lockMs: Number(flags.lock / 1_000_000n), patienceMs: Number(flags.patience / 1_000_000n), drain: flags.drain === true, ...(flags.job === undefined ? {} : { job: flags.job }),
    });
    io.err(`${plural(worked.chunks, "chunk")} answered, ${plural(worked.items, "item")}\n`);
    if (worked.failed > 0) io.err(`some were given up; dualhome cluster status says why\n`);
    return worked.chunks === 0 && worked.refused.length > 0 ? EXIT.usage : worked.failed > 0 ? EXIT.budget : EXIT.pass;
  } finally {
    release();
    await at.close();
  }
}

async function questionOf(parts: Parts, name: string): Promise<AnyQuestion> {
  const found = await parts.question(name);
  if (found === null) throw new DualhomeError("DH_CLUSTER_FOREIGN", `this version of dualhome knows no question "${name}": left to others`, 2);
  return found;
}

const WATCH_MS = 2_000;

export async function status(io: Io, job: string | undefined, flags: ClusterFlags & { json: boolean; watch: boolean }): Promise<number> {
  const at = await board(io, flags);
  const stop = new AbortController();
  const release = io.onInterrupt(() => stop.abort());
  try {
    for (;;) {
      const all = await statusOf(at, job);
      await print(io, [flags.json ? statusJson(all) : statusText(all, io.columns ?? WIDTH_DEFAULT)]);
      const open = all.some((each) => each.state === "open" && each.counts.waiting + each.counts.active + each.counts.delayed > 0);
      if (!flags.watch || !open) return all.some((each) => each.failed.length > 0) ? EXIT.budget : EXIT.pass;
      await sleep(WATCH_MS, undefined, { signal: stop.signal });
    }
  } finally {
    release();
    await at.close();
  }
}

export async function cancel(io: Io, job: string, flags: ClusterFlags): Promise<number> {
  const at = await board(io, flags);
  try {
    const { forgotten } = await cancelJob(at, job);
    io.err(forgotten ? `${job} is off the list\n` : `${job} is stopped; its parts stay\n`);
    return EXIT.pass;
  } finally {
    await at.close();
  }
}

/** The parts of one job, as `dualhome merge` reads them. */
export async function merge(io: Io, parts: Parts, main: Main, flags: { parts: string; job?: string }, rest: readonly string[]): Promise<number> {
  const names = await listFolder(io, flags.parts);
  const found = (names ?? []).flatMap((name) => { const job = /^(.+-[0-9a-f]{8})-\d+-\d+\.part$/.exec(name)?.[1]; return job === undefined ? [] : [{ name, job }]; });
  const jobs = [...new Set(found.map(({ job }) => job))];
  const job = flags.job ?? jobs[0];
  if (job === undefined || !jobs.includes(job)) throw new DualhomeError("DH_CLUSTER_PARTS", `--parts ${flags.parts} has no parts${flags.job === undefined ? "" : ` of ${flags.job}`}`, 2);
  if (flags.job === undefined && jobs.length > 1) throw new DualhomeError("DH_CLUSTER_JOB", `${flags.parts} has parts of ${jobs.join(", ")}; say --job`, 2);
  return main(["merge", ...found.filter((each) => each.job === job).map(({ name }) => join(flags.parts, name)), ...rest], io, parts);
}
