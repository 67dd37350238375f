// The next event of many processes, each of which has at most one. Equal times go by the process, so that order is a function of what an event is.

export class EventHeap {
  readonly #at: number[] = [];
  readonly #process: number[] = [];

  get firstAt(): number { return this.#at[0] ?? Infinity; }

  push(at: number, process: number): void {
    let i = this.#at.length;
    this.#at.push(at);
    this.#process.push(process);
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!this.#before(i, parent)) break;
      this.#swap(i, parent);
      i = parent;
    }
  }

  /** Takes the first event out; the heap must not be empty. */
  pop(): number {
    const first = this.#process[0]!;
    const [lastAt, last] = [this.#at.pop()!, this.#process.pop()!];
    if (this.#at.length > 0) {
      this.#at[0] = lastAt;
      this.#process[0] = last;
      this.#sink();
    }
    return first;
  }

  #sink(): void {
    for (let i = 0; ;) {
      const left = 2 * i + 1;
      if (left >= this.#at.length) return;
      const right = left + 1;
      const least = right < this.#at.length && this.#before(right, left) ? right : left;
      if (!this.#before(least, i)) return;
      this.#swap(i, least);
      i = least;
    }
  }

  #before(i: number, j: number): boolean {
    const [a, b] = [this.#at[i]!, this.#at[j]!];
    return a < b || (a === b && this.#process[i]! < this.#process[j]!);
  }

  #swap(i: number, j: number): void {
    [this.#at[i], this.#at[j]] = [this.#at[j]!, this.#at[i]!];
    [this.#process[i], this.#process[j]] = [this.#process[j]!, this.#process[i]!];
  }
}
