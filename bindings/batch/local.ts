// Chunks answered in this thread.

import type { Hands } from "./ask.ts";
import { itemsOf, type Job } from "./job.ts";
import { answerChunk, openLab, type Lab } from "./lab.ts";
import type { Plain } from "./question.ts";

export class Local implements Hands {
  readonly width = 1;
  readonly #job: Job;
  readonly #signal: AbortSignal | undefined;
  #lab: Promise<Lab> | null = null;

  constructor(job: Job, signal?: AbortSignal) {
    this.#job = job;
    this.#signal = signal;
  }

  async chunk(n: number): Promise<Plain[]> {
    const { question, topology, options, seed, wasm, plan, identity } = this.#job;
    this.#lab ??= openLab(question, topology, options, { seed, wasm, ...(this.#signal === undefined ? {} : { signal: this.#signal }) });
    const lab = await this.#lab;
    await new Promise((resolve) => setTimeout(resolve, 0)); // others have their turn
    return answerChunk(question, lab, plan, options, ...itemsOf(identity, n));
  }

  async close(): Promise<void> {}
}
