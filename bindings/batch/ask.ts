// Asking: chunks are handed to hands (this thread, or workers), rows come back in the order of the plan.

import type { Plain } from "./question.ts";
import type { Topology } from "../topology/model.ts";
import { compileEngine, markedWasmUrl } from "../engine/index.ts";
import { itemsOf, workOf, type Work } from "./job.ts";
import { Local } from "./local.ts";
import { Pace, type Progress } from "./pace.ts";
import type { AnyQuestion, Question } from "./question.ts";

/** What answers chunks, one or many at a time. */
export interface Hands {
  /** how many chunks it works on at a time */
  readonly width: number;
  chunk(n: number): Promise<Plain[]>;
  /** Ends at once; what is being worked on is lost. */
  close(): Promise<void>;
}

/** Where the hands come from. */
export type Hire = (work: Work, count: number) => Promise<Hands>;

export interface AskOptions {
  seed?: bigint;
  wasm?: WebAssembly.Module;
  signal?: AbortSignal;
  onProgress?: (progress: Progress) => void;
  /** 0: in this thread; otherwise as many of `hire`. Left out: `most`, or this thread where there is little to do. */
  workers?: number;
  most?: number;
  hire?: Hire;
  /** chunks from, to (behind the last) */
  range?: readonly [from: number, to: number];
  /** Rows that are known, of a run before. */
  known?: (n: number) => readonly Plain[] | undefined;
  /** Each chunk when its turn comes, with what is known too. */
  onChunk?: (n: number, rows: readonly Plain[], known: boolean) => void | Promise<void>;
}

export type Asked<R, A> = AsyncIterable<R> & {
  /** Asks for what was not read yet and puts all rows together. */
  result(): Promise<A>;
};

/** How far finished chunks may be ahead of the one whose turn it is, for each pair of hands. */
const AHEAD = 64;
/** Chunks that are answered before a worker has begun. */
const FEW = 4;

/** Asks a question of a topology: its rows in order. Throws AbortError when `signal` asks for it. */
export function ask<O extends Plain, I, R extends Plain, A>(question: Question<O, I, R, A>, topology: Topology, options: O, run: AskOptions = {}): Asked<R, A> {
  let work: Work | null = null;
  async function* rows(): AsyncGenerator<R> {
    work = workOf(question as AnyQuestion, topology, options, { ...(run.seed === undefined ? {} : { seed: run.seed }), wasm: run.wasm ?? await compileEngine(markedWasmUrl) });
    for await (const { rows: chunk } of answer(work, run)) yield* chunk as R[];
  }
  const stream = rows();
  const read: R[] = [];
  const kept = (async function* (): AsyncGenerator<R> { for await (const row of stream) { read.push(row); yield row; } })();
  return {
    [Symbol.asyncIterator]: () => kept,
    async result() {
      for await (const _ of kept) { /* only to have them */ }
      if (work === null || read.length !== work.plan.length) throw new DOMException("not all rows were asked for", "AbortError");
      return question.finish(read, options, work.about);
    },
  };
}

/** Chunks of a job, in order. */
export async function* answer(work: Work, run: AskOptions): AsyncGenerator<{ n: number; rows: readonly Plain[] }> {
  const [from, to] = run.range ?? [0, work.chunks];
  const todo = Array.from({ length: to - from }, (_, i) => from + i).filter((n) => run.known?.(n) === undefined);
  const size = (n: number): number => { const [first, end] = itemsOf(work.cut, n); return end - first; };
  const pace = new Pace(todo.reduce((sum, n) => sum + size(n), 0));
  const hands = todo.length === 0 ? null : await hired(work, run, todo.length);
  if (work.question.longestLast === true && hands !== null && hands.width > 1) todo.unshift(todo.pop()!); // nobody is to wait for one worker at the end
  const done = new Map<number, readonly Plain[]>();
  const turn = new Turnstile();
  const failed: { error?: unknown } = {};
  const stop = (): void => { failed.error ??= new DOMException("the question was stopped", "AbortError"); turn.open(); };
  if (run.signal?.aborted === true) stop();
  run.signal?.addEventListener("abort", stop, { once: true });
  let next = from; // whose turn it is
  let taken = 0;

  const room = new Turnstile();
  async function hand(): Promise<void> {
    while (taken < todo.length && failed.error === undefined) {
      const n = todo[taken]!;
      if (taken > 0 && n >= next + AHEAD * hands!.width) { await room.passed(); continue; }
      taken += 1;
      const rows = await hands!.chunk(n);
      done.set(n, rows);
      run.onProgress?.(pace.step(rows.length, hands!.width));
      turn.open();
    }
  }
  const working = hands === null ? [] : Array.from({ length: Math.min(hands.width, todo.length) }, () => hand().catch((error: unknown) => { failed.error ??= error; turn.open(); room.open(); }));
  try {
    if (hands !== null) void work.about; // while workers make their networks ready, this thread has nothing to do
    while (next < to) {
      const known = run.known?.(next);
      const rows = known ?? done.get(next);
      if (rows === undefined) {
        if (failed.error !== undefined) throw failed.error;
        await turn.passed();
        continue;
      }
      done.delete(next);
      await run.onChunk?.(next, rows, known !== undefined);
      yield { n: next, rows };
      next += 1;
      room.open();
    }
  } finally {
    failed.error ??= new DOMException("nobody reads on", "AbortError");
    run.signal?.removeEventListener("abort", stop);
    room.open();
    await hands?.close();
    await Promise.all(working);
  }
}

async function hired(work: Work, run: AskOptions, chunks: number): Promise<Hands> {
  const count = Math.min(run.workers ?? (chunks < FEW ? 0 : run.most ?? 0), chunks);
  return count === 0 || run.hire === undefined ? new Local(work, run.signal) : run.hire(work, count);
}

/** Waits until somebody opens it; whoever opens it before is not waited for. */
class Turnstile {
  #open = false;
  #waiting: (() => void)[] = [];

  open(): void {
    this.#open = true;
    for (const pass of this.#waiting.splice(0)) pass();
  }

  async passed(): Promise<void> {
    if (!this.#open) await new Promise<void>((resolve) => { this.#waiting.push(resolve); });
    this.#open = false;
  }
}
