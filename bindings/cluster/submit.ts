// Submitting, cancelling, and how far a job is.

import { jobName, type Job } from "../batch/index.ts";
import type { Board, Counts, Entry, Lot, State } from "./board.ts";
import type { Folder } from "./folder.ts";

export interface Submitted {
  name: string;
  chunks: number;
  /** chunks whose parts are there */
  there: number;
  /** chunks that are new in the queue */
  added: number;
  /** chunks that had failed and are tried again */
  again: number;
}

/** More would make Redis, and the folder, busier than the machines. */
const LOTS_MAX = 20_000;

export interface SubmitOptions {
  /** the topology's file, as it was named */
  file: string;
  /** what is counted: "failures" */
  items: string;
  /** chunks that are handed out together; left out: one, or as many as make 20 000 lots. Of a job that was submitted before: as it was. */
  lot?: number;
}

/** The order goes into the folder, what is not there yet into the queue. Twice is once. */
export async function submit(board: Board, folder: Folder, job: Job, { file, items, lot = Math.max(1, Math.ceil(job.chunks / LOTS_MAX)) }: SubmitOptions): Promise<Submitted> {
  const name = await jobName(job.identity);
  await folder.order(job, name, file, items);
  await board.put({ name, identity: job.identity, file, items, chunks: job.chunks, lot, at: Date.now() });
  const entry = await board.entry(name);
  const { failed: again } = await board.counts(name);
  if (again > 0) await board.queue(name).retryJobs({ state: "failed" });
  const { there, added } = await refill(board, folder, entry);
  return { name, chunks: job.chunks, there, added, again };
}

/** Adds chunks that are neither in the folder nor in the queue: all of them at first, and later those that Redis lost. */
export async function refill(board: Board, folder: Folder, entry: Entry): Promise<{ there: number; added: number }> {
  const there = await folder.chunks(entry.name);
  await board.markAll(entry, there);
  return { there: there.size, added: await board.add(entry.name, lotsWithout(entry, there)) };
}

/** Lots of which a chunk is missing. */
function lotsWithout({ chunks, lot }: Entry, there: ReadonlySet<number>): Lot[] {
  const lots: Lot[] = [];
  for (let from = 0; from < chunks; from += lot) {
    const to = Math.min(chunks, from + lot);
    for (let n = from; n < to; n++) {
      if (there.has(n)) continue;
      lots.push([from, to]);
      break;
    }
  }
  return lots;
}

/** Nobody takes another chunk, and those that are being answered are given up; parts stay. Of a job that has ended: it is forgotten. */
export async function cancel(board: Board, name: string): Promise<{ forgotten: boolean }> {
  await board.entry(name);
  const forgotten = ((await board.states())[name] ?? "open") !== "open";
  if (!forgotten) await board.setState(name, "cancelled");
  await board.clear(name, forgotten);
  return { forgotten };
}

export interface Failed { why: string; chunks: number[] }

export interface Status extends Entry {
  state: State;
  counts: Counts;
  done: { chunks: number; items: number };
  /** items a second, over the last minute */
  rate: number;
  leftMs: number | null;
  workers: number;
  failed: Failed[];
  /** words of workers in trouble */
  notes: Record<string, string>;
}

export async function status(board: Board, only?: string): Promise<Status[]> {
  const entries = only === undefined ? await board.entries() : [await board.entry(only)];
  const states = await board.states();
  return Promise.all(entries.map((entry) => statusOf(board, entry, states[entry.name] ?? "open")));
}

const SHOWN = 1000; // failed lots that are looked at

async function statusOf(board: Board, entry: Entry, state: State): Promise<Status> {
  const queue = board.queue(entry.name);
  const [counts, done, rate, workers, failed, notes] = await Promise.all([
    board.counts(entry.name), board.doneChunks(entry), board.rate(entry.name), queue.getWorkersCount(), queue.getFailed(0, SHOWN - 1), board.notes(entry.name),
  ]);
  const reasons = new Map<string, number[]>();
  for (const job of failed) {
    const why = job.failedReason ?? "";
    const [from, to] = job.data as Lot;
    reasons.set(why, [...(reasons.get(why) ?? []), ...Array.from({ length: to - from }, (_, i) => from + i)]);
  }
  const left = entry.identity.items - done.items;
  return {
    ...entry, state, counts, done, rate, workers, notes, leftMs: state !== "open" ? null : left === 0 ? 0 : rate === 0 ? null : (left * 1000) / rate,
    failed: [...reasons].map(([why, chunks]) => ({ why, chunks: chunks.sort((a, b) => a - b) })),
  };
}
