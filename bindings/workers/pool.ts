// Workers, one engine each, out of one compiled module. The first warms the network up, for all. One that dies is replaced and its chunk asked for again.

import { releaseProxy, wrap, type Endpoint, type Remote } from "comlink";
import type { Hands, Plain, Work } from "../batch/index.ts";
import type { PostedSnapshot } from "../engine/index.ts";
import { DualhomeError } from "../errors.ts";
import type { Answer, Order, WorkerSide } from "./serve.ts";

/** A worker that was started, in Node or in a browser. */
export interface Started {
  endpoint: Endpoint;
  /** Calls back once when the worker ends without having been asked to. */
  onDeath(callback: (why: string) => void): void;
  terminate(): Promise<void> | void;
}

/** How often a chunk is asked for before it is given up: what kills a worker twice may have been short of memory with its neighbours. */
const TRIES = 3;

interface Worker { remote: Remote<WorkerSide>; started: Started; died: Promise<string>; busy: boolean }

export class Pool implements Hands {
  readonly width: number;
  readonly #start: () => Started;
  readonly #order: Order;
  readonly #workers: Worker[] = [];
  #end!: (why: string) => void;
  readonly #ended = new Promise<string>((resolve) => { this.#end = resolve; });
  #closed = false;
  /** the network as the first worker warmed it up; null: nobody is at it */
  #warm: Promise<PostedSnapshot | null> | null = null;
  /** how many workers were lost so far */
  lost = 0;

  constructor(work: Work, width: number, start: () => Started) {
    const { question, topology, options, seed, wasm, cut } = work;
    this.#order = { question: { name: question.name, module: question.module }, topology, options, seed, wasm, cut };
    this.#start = start;
    this.width = width;
  }

  async chunk(n: number): Promise<Plain[]> {
    let why = "";
    for (let tries = 0; tries < TRIES; tries++) {
      const worker = this.#free();
      worker.busy = true;
      const answer = await Promise.race([worker.remote.chunk(n), worker.died, this.#ended]);
      worker.busy = false;
      if (this.#closed) throw new DOMException("the question was stopped", "AbortError");
      if (typeof answer !== "string") return rowsOf(answer);
      why = answer;
      this.lost += 1;
      this.#workers.splice(this.#workers.indexOf(worker), 1);
    }
    throw new DualhomeError("DH_WORKER_LOST", `chunk ${n} ended ${TRIES} workers, the last one: ${why}`, 3);
  }

  /** One that has nothing to do; a new one where one is missing. */
  #free(): Worker {
    const found = this.#workers.find((each) => !each.busy);
    if (found !== undefined) return found;
    const started = this.#start();
    const died = new Promise<string>((resolve) => started.onDeath(resolve));
    const remote = wrap<WorkerSide>(started.endpoint);
    const worker: Worker = { remote, started, died, busy: false };
    this.#workers.push(worker);
    const waits = this.#warm !== null;
    void remote.take(this.#order, waits); // heard before the first chunk: messages keep their order
    if (this.#warm !== null) void this.#hand(remote, this.#warm);
    else if (this.width > 1) this.#warm = this.#warmedBy(worker);
    return worker;
  }

  async #warmedBy({ remote, died }: Worker): Promise<PostedSnapshot | null> {
    const warm = await Promise.race([remote.warm(), died, this.#ended]);
    if (typeof warm !== "string") return warm;
    this.#warm = null; // the next one is the first
    return null;
  }

  async #hand(remote: Remote<WorkerSide>, warm: Promise<PostedSnapshot | null>): Promise<void> {
    const found = await warm;
    if (!this.#closed) await remote.give(found);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#end("closed");
    const all = this.#workers.splice(0);
    await Promise.all(all.map(async ({ remote, started }) => {
      remote[releaseProxy]();
      await started.terminate();
    }));
  }
}

function rowsOf(answer: Answer): Plain[] {
  if ("rows" in answer) return JSON.parse(answer.rows) as Plain[];
  const { name, code, message, exitCode, stack } = answer.error;
  if (name === "DualhomeError") throw new DualhomeError(code, message, exitCode);
  throw Object.assign(new Error(message), { name, stack });
}
