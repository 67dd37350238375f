// Event queues of the JavaScript baseline: a binary heap, and a calendar of buckets with a small heap for the bucket that is open.
// Times are whole nanoseconds in doubles. Events of one instant go in the order in which they were made.

export class HeapQueue {
  count = 0;
  time = 0; // of the event that pop returned
  private made = 0;
  private times = new Float64Array(1024);
  private orders = new Float64Array(1024);
  private codes = new Int32Array(1024);

  push(time: number, code: number): void {
    this.place(time, this.made++, code);
  }

  place(time: number, order: number, code: number): void {
    if (this.count === this.times.length) this.grow();
    const { times, orders, codes } = this;
    let i = this.count++;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      const t = times[parent]!;
      if (t < time || t === time && orders[parent]! < order) break;
      times[i] = t;
      orders[i] = orders[parent]!;
      codes[i] = codes[parent]!;
      i = parent;
    }
    times[i] = time;
    orders[i] = order;
    codes[i] = code;
  }

  /** The code of the earliest event at or before `until`, -1 when there is none. */
  pop(until: number): number {
    const { times, orders, codes } = this;
    if (this.count === 0 || times[0]! > until) return -1;
    this.time = times[0]!;
    const code = codes[0]!;
    const last = --this.count;
    const time = times[last]!;
    const order = orders[last]!;
    let i = 0;
    for (let child = 1; child < last; child = i * 2 + 1) {
      if (child + 1 < last && (times[child + 1]! < times[child]!
        || times[child + 1] === times[child] && orders[child + 1]! < orders[child]!)) child++;
      const t = times[child]!;
      if (t > time || t === time && orders[child]! > order) break;
      times[i] = t;
      orders[i] = orders[child]!;
      codes[i] = codes[child]!;
      i = child;
    }
    times[i] = time;
    orders[i] = order;
    codes[i] = codes[last]!;
    return code;
  }

  private grow(): void {
    const size = this.times.length * 2;
    const [times, orders, codes] = [new Float64Array(size), new Float64Array(size), new Int32Array(size)];
    times.set(this.times);
    orders.set(this.orders);
    codes.set(this.codes);
    [this.times, this.orders, this.codes] = [times, orders, codes];
  }
}

const BUCKET = 2 ** 18; // nanoseconds
const BUCKETS = 2 ** 14; // 4.29 s: longer than any timer

/** Buckets hold what is far; the open bucket's events stand in a heap of a few dozen. Lists run through arrays by index. */
export class CalendarQueue {
  time = 0;
  private made = 0;
  private open = 0; // number of the open bucket since time 0
  private heap = new HeapQueue();
  private heads = new Int32Array(BUCKETS).fill(-1);
  private free = -1;
  private used = 0;
  private times = new Float64Array(1024);
  private orders = new Float64Array(1024);
  private codes = new Int32Array(1024);
  private nexts = new Int32Array(1024);

  push(time: number, code: number): void {
    const bucket = Math.floor(time / BUCKET);
    const order = this.made++;
    if (bucket <= this.open) {
      this.heap.place(time, order, code);
      return;
    }
    if (bucket - this.open >= BUCKETS) throw new RangeError("an event further ahead than the calendar reaches");
    let slot = this.free;
    if (slot >= 0) this.free = this.nexts[slot]!;
    else slot = this.take();
    this.times[slot] = time;
    this.orders[slot] = order;
    this.codes[slot] = code;
    const head = bucket & BUCKETS - 1;
    this.nexts[slot] = this.heads[head]!;
    this.heads[head] = slot;
  }

  pop(until: number): number {
    const last = Math.floor(until / BUCKET);
    while (this.heap.count === 0) {
      if (this.open >= last) return -1;
      this.open++;
      const head = this.open & BUCKETS - 1;
      let slot = this.heads[head]!;
      this.heads[head] = -1;
      while (slot >= 0) {
        const next = this.nexts[slot]!;
        this.heap.place(this.times[slot]!, this.orders[slot]!, this.codes[slot]!);
        this.nexts[slot] = this.free;
        this.free = slot;
        slot = next;
      }
    }
    const code = this.heap.pop(until);
    this.time = this.heap.time;
    return code;
  }

  private take(): number {
    if (this.used === this.times.length) {
      const size = this.used * 2;
      const [times, orders] = [new Float64Array(size), new Float64Array(size)];
      const [codes, nexts] = [new Int32Array(size), new Int32Array(size)];
      times.set(this.times);
      orders.set(this.orders);
      codes.set(this.codes);
      nexts.set(this.nexts);
      [this.times, this.orders, this.codes, this.nexts] = [times, orders, codes, nexts];
    }
    return this.used++;
  }
}

export type Queue = HeapQueue | CalendarQueue;
