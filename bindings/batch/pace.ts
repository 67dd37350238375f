// How far a question is: what is done, how fast it went, how long the rest will take.

export interface Progress {
  done: number; // items
  total: number;
  /** items a second */
  rate: number;
  /** null: not known yet */
  leftMs: number | null;
  workers: number;
}

export class Pace {
  readonly #total: number;
  readonly #now: () => number;
  readonly #startedAt: number;
  #done = 0;

  constructor(total: number, now: () => number = () => performance.now()) {
    this.#total = total;
    this.#now = now;
    this.#startedAt = now();
  }

  step(items: number, workers: number): Progress {
    this.#done += items;
    const elapsedMs = Math.max(1, this.#now() - this.#startedAt);
    const rate = (this.#done * 1000) / elapsedMs;
    return { done: this.#done, total: this.#total, rate, leftMs: this.#done === 0 ? null : ((this.#total - this.#done) * 1000) / rate, workers };
  }
}
