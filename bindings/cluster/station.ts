// A worker at the queue of one job: BullMQ's worker in this thread, which renews its locks; the engine in threads of its own.

import { setTimeout as sleep } from "node:timers/promises";
import type { Job as QueueJob, Worker } from "bullmq";
import type { Hands, Job, Plain } from "../batch/index.ts";
import { DualhomeError } from "../errors.ts";
import type { Board, Entry, Lot } from "./board.ts";
import type { Folder } from "./folder.ts";
import type { WorkOptions } from "./work.ts";

const LOCK_MS = 30_000;
const PATIENCE_MS = 60_000;
const AGAIN_MS = 500;
/** How many workers a lot may end before it is given up: machines are taken away, too, and that is not its fault. */
const LOST = 5;

export class Station {
  readonly #board: Board;
  readonly #folder: Folder;
  readonly #entry: Entry;
  readonly #job: Job;
  readonly #options: WorkOptions;
  readonly #worker: Worker;
  readonly #hands: Promise<Hands>;
  #fullSince: number | null = null;
  #left = false;
  #wake = (): void => {};
  busy = 0;
  chunks = 0;
  items = 0;
  /** why this worker cannot go on */
  trouble: DualhomeError | null = null;

  constructor(board: Board, folder: Folder, entry: Entry, job: Job, options: WorkOptions) {
    [this.#board, this.#folder, this.#entry, this.#job, this.#options] = [board, folder, entry, job, options];
    this.#hands = options.hire(job, options.threads);
    const lockDuration = options.lockMs ?? LOCK_MS;
    this.#worker = new board.packages.bullmq.Worker(entry.name, (job, token) => this.#answer(job as QueueJob<Lot>, token), {
      connection: board.redis, prefix: board.prefix, name: board.me, concurrency: options.threads,
      lockDuration, stalledInterval: lockDuration / 2, maxStalledCount: LOST, drainDelay: 1,
    });
    this.#worker.on("drained", () => this.#wake());
    this.#worker.on("error", () => {}); // the connection says it; a lock that was lost is another worker's by now, whose answer is the same
  }

  async #answer(given: QueueJob<Lot>, token: string | undefined): Promise<null> {
    const [from, to] = given.data;
    this.busy += 1;
    try {
      const chunks: (readonly Plain[])[] = [];
      for (let n = from; n < to; n++) chunks.push(await (await this.#hands).chunk(n));
      await this.#keep(from, chunks);
      await this.#board.mark(this.#entry, given.data);
      this.chunks += chunks.length;
      this.items += chunks.reduce((sum, rows) => sum + rows.length, 0);
      return null;
    } catch (e) {
      if (e instanceof DualhomeError && e.code === "DH_CLUSTER_DISK") return await this.#giveBack(given, token, e);
      const { UnrecoverableError } = this.#board.packages.bullmq;
      if (e instanceof DualhomeError && e.code !== "DH_WORKER_LOST") throw new UnrecoverableError(`${e.code}: ${e.message}`);
      throw e instanceof DualhomeError ? new Error(`${e.code}: ${e.message}`) : e;
    } finally {
      this.busy -= 1;
    }
  }

  /** A disk that is full may have room again: the answer is held meanwhile, and its lock renewed. */
  async #keep(from: number, chunks: readonly (readonly Plain[])[]): Promise<void> {
    const { say = () => {}, patienceMs = PATIENCE_MS, signal } = this.#options;
    for (;;) {
      try {
        await this.#folder.keep(this.#job, this.#entry.name, this.#entry.file, from, chunks);
        if (this.#fullSince !== null) await this.#board.note(this.#entry.name, null);
        this.#fullSince = null;
        return;
      } catch (e) {
        if (!(e instanceof DualhomeError && e.code === "DH_CLUSTER_DISK") || this.#left) throw e;
        if (this.#fullSince === null) {
          this.#fullSince = Date.now();
          say(`${e.message}; waiting for it [${e.code}]`);
          await this.#board.note(this.#entry.name, `${e.code}: ${e.message}`);
        }
        if (Date.now() - this.#fullSince >= patienceMs || signal?.aborted === true) throw e;
      }
      await sleep(AGAIN_MS);
    }
  }

  /** The lot waits again, for others, and counts as not tried. */
  async #giveBack(given: QueueJob, token: string | undefined, why: DualhomeError): Promise<never> {
    this.trouble = why;
    this.#wake();
    void this.#worker.close(); // before: it would take the same one again
    await given.moveToWait(token);
    throw new this.#board.packages.bullmq.WaitingError();
  }

  /** So long, or until nothing waits, this worker cannot go on, or it is stopped. */
  async rest(ms: number, signal: AbortSignal | undefined): Promise<void> {
    const woken = new AbortController();
    this.#wake = () => woken.abort();
    await sleep(ms, undefined, { signal: signal === undefined ? woken.signal : AbortSignal.any([signal, woken.signal]) }).catch(() => {});
  }

  /** Ends what is being answered, at once. */
  async abandon(): Promise<void> {
    this.#left = true;
    await (await this.#hands).close();
    await this.#worker.close(true);
  }

  /** What is being answered is finished first. */
  async close(): Promise<void> {
    await this.#worker.close();
    await (await this.#hands).close();
  }
}
