// A machine that works: it takes chunks of whatever jobs are open and are for its engine, until it is stopped.

import { setTimeout as sleep } from "node:timers/promises";
import type { AnyQuestion, Hire, Job } from "../batch/index.ts";
import { DualhomeError } from "../errors.ts";
import type { Board, Entry } from "./board.ts";
import type { Folder } from "./folder.ts";
import { checkEngine, jobOfOrder } from "./order.ts";
import { refill } from "./submit.ts";
import { Station } from "./station.ts";

export interface WorkOptions {
  wasm: WebAssembly.Module;
  /** the question that a job names */
  find: (name: string) => Promise<AnyQuestion>;
  /** threads: the engine never runs in the one that talks to Redis */
  hire: Hire;
  threads: number;
  /** this job only */
  job?: string;
  /** end when nothing is left to do, and do not wait for other jobs */
  drain?: boolean;
  /** how long a chunk stays a worker's that is no longer heard of, default 30 s */
  lockMs?: number;
  /** how long a full disk is waited for, default 60 s */
  patienceMs?: number;
  signal?: AbortSignal;
  say?: (text: string) => void;
}

export interface Worked {
  chunks: number;
  items: number;
  /** jobs that were left to others, and why */
  refused: DualhomeError[];
  /** lots that were given up, by this worker or others, where this one ended for want of work */
  failed: number;
}

/** How often Redis is asked what to do next; and while there is enough to do, whether the job was cancelled. */
const POLL_MS = 500;
const BUSY_MS = 2_000;

export async function work(board: Board, folder: Folder, options: WorkOptions): Promise<Worked> {
  const worked: Worked = { chunks: 0, items: 0, refused: [], failed: 0 };
  const asked = new Map<string, Job | null>(); // null: refused
  const { signal, say = () => {} } = options;
  if (options.job !== undefined) await board.entry(options.job);

  /** Null: this job is not for this worker, which is said once. */
  async function jobOf(entry: Entry): Promise<Job | null> {
    const known = asked.get(entry.name);
    if (known !== undefined) return known;
    let job: Job | null = null;
    try {
      checkEngine(entry.identity, entry.name, options.wasm);
      const order = await folder.readOrder(entry.name);
      job = await jobOfOrder(order, entry.name, await options.find(entry.identity.question), options.wasm);
    } catch (e) {
      if (!(e instanceof DualhomeError)) throw e;
      worked.refused.push(e);
      say(`${e.message} [${e.code}]`);
    }
    asked.set(entry.name, job);
    return job;
  }

  while (signal?.aborted !== true) {
    const next = await choose(board, folder, options.job, jobOf);
    if (next === null) {
      if (options.drain === true) {
        for (const entry of await open(board, options.job)) if ((await jobOf(entry)) !== null) worked.failed += (await board.counts(entry.name)).failed;
        break;
      }
      await pause(signal);
      continue;
    }
    const station = new Station(board, folder, next.entry, next.job, options);
    await attend(station, board, next.entry, options, jobOf);
    worked.chunks += station.chunks;
    worked.items += station.items;
    if (station.trouble !== null) throw station.trouble;
  }
  return worked;
}

async function pause(signal: AbortSignal | undefined): Promise<void> { await sleep(POLL_MS, undefined, signal === undefined ? {} : { signal }).catch(() => {}); }

type Chosen = { entry: Entry; job: Job } | null;

async function open(board: Board, only: string | undefined): Promise<Entry[]> {
  const [entries, states] = await Promise.all([board.entries(), board.states()]);
  return entries.filter(({ name }) => (states[name] ?? "open") === "open" && (only === undefined || only === name));
}

/** The oldest job with chunks that wait; otherwise one whose chunks others have, who may die. */
async function choose(board: Board, folder: Folder, only: string | undefined, jobOf: (entry: Entry) => Promise<Job | null>): Promise<Chosen> {
  let other: Chosen = null;
  for (const entry of await open(board, only)) {
    const job = await jobOf(entry);
    if (job === null) continue;
    const { waiting, active, delayed, failed } = await board.counts(entry.name);
    if (waiting > 0) return { entry, job };
    if (active + delayed > 0) other ??= { entry, job };
    else if (failed === 0 && await settled(board, folder, entry)) continue;
    else if (failed === 0) return { entry, job };
  }
  return other;
}

/** A queue that is empty: all parts are there, or Redis has lost chunks, which are added again. */
async function settled(board: Board, folder: Folder, entry: Entry): Promise<boolean> {
  const all = (await board.doneChunks(entry)).chunks === entry.chunks || (await refill(board, folder, entry)).there === entry.chunks; // a folder of many parts is listed when it must be
  if (!all) return false;
  await board.setState(entry.name, "done");
  await board.forgetNotes(entry.name);
  if (await board.first(`${entry.name}:tidy`)) await folder.tidy(entry.name);
  return true;
}

/** Until the job has nothing left, was cancelled, or this worker is idle while another job waits. */
async function attend(station: Station, board: Board, entry: Entry, options: WorkOptions, jobOf: (entry: Entry) => Promise<Job | null>): Promise<void> {
  const { signal, job: only } = options;
  let enough = true;
  try {
    while (signal?.aborted !== true && station.trouble === null) {
      await station.rest(enough ? BUSY_MS : POLL_MS, signal);
      if ((await board.states())[entry.name] !== "open") { await station.abandon(); return; }
      const { waiting, active, delayed } = await board.counts(entry.name);
      enough = waiting > 0;
      if (waiting + active + delayed === 0) return;
      if (waiting > 0 || station.busy > 0) continue;
      for (const other of await open(board, only)) {
        if (other.name !== entry.name && (await board.counts(other.name)).waiting > 0 && (await jobOf(other)) !== null) return;
      }
    }
  } finally {
    await station.close();
  }
}
