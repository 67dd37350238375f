// What commands that ask big questions have in common: workers, progress, shards, parts that are kept and gone on from.

import { basename, join } from "node:path";
import {
  answer, foreign, gather, identified, jobName, partName, partText, readPart, shardOf, shardRange, workOf, type AnyQuestion, type Job, type Part, type Plain, type Progress, type Question, type Work,
} from "../batch/index.ts";
import { DualhomeError } from "../errors.ts";
import { duration, plural } from "../report/index.ts";
import type { Topology } from "../topology/model.ts";
import { listFolder, makeFolder, readText, saveFile } from "./input.ts";
import { EXIT, type Io } from "./io.ts";
import type { Parts } from "./parts.ts";
import { statusLine } from "./progress.ts";

export interface BatchFlags { workers?: number; parts?: string; resume: boolean; shard?: string; seed?: bigint }

/** `command`: how to start it again, "sweep FILE"; `items`: what is counted, "failures". */
export interface Asking {
  file: string;
  command: string;
  items: string;
  /** a folder within that of the parts: of a question that is asked on the way to another one */
  inside?: string;
  /** the file, where a command asks of several: said with the progress */
  of?: string;
  /** how what shards have answered is put together; default: dualhome merge FOLDER */
  whole?: (folder: string) => string;
}

/** Null: there is no result to print, and `status` is how the command ends. */
export type Answered<A> = { result: A; work: Work; status: 0 } | { result: null; status: number };

/** Threads that were asked for outright start before the topology is read: both take a while. */
export async function startEarly(parts: Parts, { module }: Pick<AnyQuestion, "module">, { workers = 0 }: BatchFlags): Promise<void> {
  if (workers > 0 && parts.divert === undefined) await (await import("../workers/index.ts")).prepare(workers, module);
}

/** Asks a question as its flags say. A shard is written and not put together; Ctrl-C keeps what is there. */
export async function askAll<O extends Plain, I, R extends Plain, A>(
  io: Io, parts: Parts, question: Question<O, I, R, A>, topology: Topology, options: O, flags: BatchFlags, asking: Asking,
): Promise<Answered<A>> {
  const shard = flags.shard === undefined ? null : shardOf(flags.shard, io.env);
  const [{ compileEngine, markedWasmUrl }, { hire, workersDefault }] = await Promise.all([parts.engine(), import("../workers/index.ts")]);
  const work = workOf(question as AnyQuestion, topology, options, { ...(flags.seed === undefined ? {} : { seed: flags.seed }), wasm: await compileEngine(markedWasmUrl) });
  if (parts.divert !== undefined) {
    if (shard !== null || flags.resume || flags.parts !== undefined || flags.workers !== undefined) throw new DualhomeError("DH_CLUSTER_QUESTION", "--shard, --resume, --parts and --workers are of a question that is answered here", 2);
    await parts.divert(await identified(work), asking);
    return { result: null, status: EXIT.pass };
  }
  const folder = flags.parts ?? `${basename(asking.file).replace(/(\.dh)?\.ya?ml$/, "")}.parts`;
  const own = join(folder, asking.inside ?? "");
  let whole: Promise<Job> | null = null;
  const job = (): Promise<Job> => whole ??= identified(work);
  const range = shard === null ? [0, work.chunks] as const : shardRange(shard, work.chunks);
  const known = flags.resume ? await knownChunks(io, own, await job(), asking.inside !== undefined) : new Map<number, readonly Plain[]>();
  const writer = new PartWriter(io, own, job, asking.file, shard !== null || flags.parts !== undefined || flags.resume);
  const line = batchLine(io, asking);
  const interrupt = new AbortController();
  const release = io.onInterrupt(() => interrupt.abort());
  const rows: R[] = [];
  try {
    const run = { hire, most: workersDefault(), ...(flags.workers === undefined ? {} : { workers: flags.workers }), range, known: (n: number) => known.get(n), signal: interrupt.signal, onProgress: line.update };
    for await (const chunk of answer(work, run)) {
      rows.push(...chunk.rows as R[]);
      await writer.add(chunk.n, chunk.rows, known.has(chunk.n));
    }
    await writer.flush();
  } catch (e) {
    line.end();
    if (rows.length > 0) await writer.flush(true);
    if (!interrupt.signal.aborted) throw e;
    const again = `dualhome ${asking.command}${flags.parts === undefined ? "" : ` --parts ${flags.parts}`}${flags.shard === undefined ? "" : ` --shard ${flags.shard}`} --resume`;
    io.err(`interrupted: ${rows.length} of ${plural(work.cut.items, asking.items.replace(/s$/, ""))} are kept in ${folder}; go on with\n  ${again}\n`);
    return { result: null, status: EXIT.interrupt };
  } finally {
    line.end();
    release();
  }
  if (shard !== null) {
    io.err(`shard ${shard.index} of ${shard.of}: ${rows.length} of ${plural(work.cut.items, asking.items.replace(/s$/, ""))} in ${folder}; when all are there: ${asking.whole?.(folder) ?? `dualhome merge ${folder}`}\n`);
    return { result: null, status: EXIT.pass };
  }
  return { result: question.finish(rows, options, work.about), work, status: EXIT.pass };
}

const KEEP_MS = 10_000;

/** Finished chunks as files, each of a stretch; what was there before is not written again. */
class PartWriter {
  readonly #io: Io;
  readonly #folder: string;
  readonly #job: () => Promise<Job>;
  readonly #file: string;
  readonly #always: boolean;
  #from = 0;
  #chunks: (readonly Plain[])[] = [];
  #writtenAt: number;

  /** `always`: while it goes on, too, not only when it is stopped. */
  constructor(io: Io, folder: string, job: () => Promise<Job>, file: string, always: boolean) {
    [this.#io, this.#folder, this.#job, this.#file, this.#always] = [io, folder, job, file, always];
    this.#writtenAt = io.now();
  }

  async add(n: number, rows: readonly Plain[], known: boolean): Promise<void> {
    if (known) { await this.flush(); return; }
    if (this.#chunks.length === 0) this.#from = n;
    this.#chunks.push(rows);
    if (this.#io.now() - this.#writtenAt >= KEEP_MS) await this.flush();
  }

  async flush(stopped = false): Promise<void> {
    if (this.#chunks.length === 0 || !(this.#always || stopped)) return;
    const job = await this.#job();
    const path = join(this.#folder, partName(await jobName(job.identity), this.#from, this.#from + this.#chunks.length - 1));
    await makeFolder(this.#io, this.#folder);
    await saveFile(this.#io, path, new TextEncoder().encode(partText(job, this.#file, this.#from, this.#chunks)));
    this.#chunks = [];
    this.#writtenAt = this.#io.now();
  }
}

export async function readParts(io: Io, folder: string): Promise<Part[]> {
  const names = await listFolder(io, folder);
  const files = names === null ? [folder] : names.filter((name) => name.endsWith(".part")).map((name) => join(folder, name));
  return Promise.all(files.map(async (file) => readPart(await readText(io, file), file)));
}

/** Of this job: parts of other questions may lie in the same folder, those of another network or engine may not. A folder within it may not have been begun. */
async function knownChunks(io: Io, folder: string, job: Job, within: boolean): Promise<Map<number, readonly Plain[]>> {
  if (within && (await listFolder(io, folder)) === null) return new Map();
  const own = (await readParts(io, folder)).filter(({ header }) => header.question === job.identity.question && foreign(job.identity, header) !== "options");
  return gather(own, job.identity, "what is asked");
}

function batchLine(io: Io, { items, of }: Asking): { update(p: Progress): void; end(): void } {
  const line = statusLine(io);
  return { end: line.end, update: (p) => line.draw(() => `${of === undefined ? "" : `${of}: `}${batchWords(p, items)}`) };
}

export function batchWords({ done, total, rate, leftMs, workers }: Progress, items: string): string {
  const left = leftMs === null ? "" : `  ${duration(BigInt(Math.ceil(leftMs / 1000)) * 1_000_000_000n).replace(".000", "")} left`;
  const hands = workers === 1 ? "1 worker" : `${workers} workers`;
  return `${Math.floor((100 * done) / Math.max(1, total))} %  ${done} of ${total} ${items}  ${rate.toFixed(rate < 10 ? 1 : 0)}/s${left}  ${hands}`;
}
