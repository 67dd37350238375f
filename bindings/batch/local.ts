// Chunks answered in this thread.

import type { Hands } from "./ask.ts";
import { itemsOf, type Work } from "./job.ts";
import { answerChunk, openLab, type Lab } from "./lab.ts";
import type { Plain } from "./question.ts";

export class Local implements Hands {
  readonly width = 1;
  readonly #work: Work;
  readonly #signal: AbortSignal | undefined;
  #lab: Promise<Lab> | null = null;

  constructor(work: Work, signal?: AbortSignal) {
    this.#work = work;
    this.#signal = signal;
  }

  async chunk(n: number): Promise<Plain[]> {
    const { question, topology, options, seed, wasm, plan, cut } = this.#work;
    this.#lab ??= openLab(question, topology, options, { plan, seed, wasm, ...(this.#signal === undefined ? {} : { signal: this.#signal }) });
    const lab = await this.#lab;
    await new Promise((resolve) => setTimeout(resolve, 0)); // others have their turn
    return answerChunk(question, lab, plan, options, ...itemsOf(cut, n));
  }

  async close(): Promise<void> {}
}
