// The baseline: LACP on point-to-point links as one would write it in plain JavaScript, both ends with the receive, periodic,
// selection, mux and transmit machines of IEEE 802.1AX, coupled control, short timeout. Written with care for speed where that is
// cheap, so that the comparison is with good JavaScript: one object an end with plain number fields, one object a LACPDU, timers
// restarted lazily (the new deadline is written down and looked at when the old one fires), events in typed arrays.
//
// Two queues: a binary heap, and a calendar of buckets with a small heap for the bucket that is open. Times are whole
// nanoseconds in doubles. Events of one instant go in the order in which they were made.

const SECOND = 1e9;
const SHORT_TIMEOUT = 3 * SECOND;
const FAST_PERIOD = SECOND;
const WAIT_WHILE = 2 * SECOND;
const TRANSMITS = 3; // in one fast period
const NEVER = Infinity;

// state bits
const ACTIVITY = 1;
const TIMEOUT = 2;
const AGGREGATION = 4;
const SYNCHRONIZATION = 8;
const COLLECTING = 16;
const DISTRIBUTING = 32;
const DEFAULTED = 64;
const EXPIRED_BIT = 128;
const NTT_BITS = ACTIVITY | TIMEOUT | AGGREGATION | SYNCHRONIZATION;

// receive machine
const PORT_DISABLED = 1;
const EXPIRED = 3;
const RX_DEFAULTED = 4;
const CURRENT = 5;

// mux machine
const DETACHED = 0;
const WAITING = 1;
const ATTACHED = 2;
const COLLECTING_DISTRIBUTING = 5;

// event kinds
const START = 0;
const RECEIVE = 1;
const PERIODIC_TIMER = 2;
const RECEIVE_TIMER = 3;
const MUX_TIMER = 4;
const TRANSMIT_TIMER = 5;
const KINDS = 8;

// --- queues ----------------------------------------------------------------------------------------

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

// --- the ends --------------------------------------------------------------------------------------

interface Pdu {
  actorPriority: number; actorSystem: number; actorKey: number; actorPortPriority: number; actorPort: number; actorState: number;
  partnerPriority: number; partnerSystem: number; partnerKey: number; partnerPortPriority: number; partnerPort: number; partnerState: number;
}

class End {
  readonly index: number;
  readonly priority = 32768;
  readonly system: number;
  readonly key = 15;
  readonly portPriority = 32768;
  readonly port: number;
  state = ACTIVITY | TIMEOUT | AGGREGATION;
  partnerPriority = 0;
  partnerSystem = 0;
  partnerKey = 0;
  partnerPortPriority = 0;
  partnerPort = 0;
  partnerState = 0;
  receive = PORT_DISABLED;
  mux = DETACHED;
  selected = false;
  ready = false;
  ntt = false;
  receiveAt = NEVER;
  receiveQueued = false;
  muxAt = NEVER;
  periodicAt = NEVER;
  window = 0; // when the count of transmissions began
  sent = 0;
  transmitQueued = false;
  readonly inbox: Pdu[] = [];

  constructor(index: number) {
    this.index = index;
    this.system = 0x020000000000 + index;
    this.port = index % 48 + 1;
  }
}

export interface Outcome {
  /** LACPDUs handled. */
  pdus: number;
  events: number;
  /** Ends that collect and distribute at the end. */
  up: number;
  checksum: number;
}

type Queue = HeapQueue | CalendarQueue;

class Simulation {
  readonly ends: End[];
  readonly queue: Queue;
  readonly delay: number;
  pdus = 0;
  events = 0;
  now = 0;

  constructor(links: number, delay: number, queue: Queue) {
    this.queue = queue;
    this.delay = delay;
    this.ends = Array.from({ length: links * 2 }, (_, i) => new End(i));
    // Both ends of a link see the carrier at once; links come up over the first second.
    for (const end of this.ends) this.schedule(Math.imul(end.index >> 1, 0x9e3779b1) % 1000 * 1e6 / 2 + 5e8, START, end);
  }

  run(until: number): void {
    const { queue, ends } = this;
    for (let code = queue.pop(until); code >= 0; code = queue.pop(until)) {
      this.now = queue.time;
      this.events++;
      const end = ends[code >> 3]!;
      switch (code & KINDS - 1) {
        case START: this.start(end); break;
        case RECEIVE: this.handle(end, end.inbox.shift()!); break;
        case PERIODIC_TIMER: this.periodic(end); break;
        case RECEIVE_TIMER: this.receiveTimer(end); break;
        case MUX_TIMER: end.ready = this.now >= end.muxAt; break;
        case TRANSMIT_TIMER: end.transmitQueued = false; break;
      }
      this.settle(end);
    }
  }

  private schedule(time: number, kind: number, end: End): void {
    this.queue.push(time, end.index << 3 | kind);
  }

  private start(end: End): void {
    end.state |= EXPIRED_BIT;
    end.receive = EXPIRED;
    end.partnerState = TIMEOUT;
    this.startReceiveTimer(end);
    end.ntt = true;
    end.periodicAt = this.now + FAST_PERIOD;
    this.schedule(end.periodicAt, PERIODIC_TIMER, end);
  }

  private startReceiveTimer(end: End): void {
    end.receiveAt = this.now + SHORT_TIMEOUT;
    if (end.receiveQueued) return;
    end.receiveQueued = true;
    this.schedule(end.receiveAt, RECEIVE_TIMER, end);
  }

  private receiveTimer(end: End): void {
    if (this.now < end.receiveAt) { // a LACPDU has pushed the deadline out since
      this.schedule(end.receiveAt, RECEIVE_TIMER, end);
      return;
    }
    end.receiveQueued = false;
    if (end.receive === CURRENT) {
      end.receive = EXPIRED;
      end.partnerState = end.partnerState & ~SYNCHRONIZATION | TIMEOUT;
      end.state |= EXPIRED_BIT;
      this.startReceiveTimer(end);
    } else if (end.receive === EXPIRED) {
      end.receive = RX_DEFAULTED;
      end.state = end.state & ~EXPIRED_BIT | DEFAULTED;
      end.selected = false;
      end.partnerPriority = end.partnerSystem = end.partnerKey = end.partnerPortPriority = end.partnerPort = 0;
      end.partnerState = SYNCHRONIZATION;
    }
  }

  private periodic(end: End): void {
    end.ntt = true;
    end.periodicAt = this.now + FAST_PERIOD; // both ends ask for the fast rate
    this.schedule(end.periodicAt, PERIODIC_TIMER, end);
  }

  private handle(end: End, pdu: Pdu): void {
    this.pdus++;
    // update_Selected
    if (pdu.actorPort !== end.partnerPort || pdu.actorPortPriority !== end.partnerPortPriority
      || pdu.actorSystem !== end.partnerSystem || pdu.actorPriority !== end.partnerPriority || pdu.actorKey !== end.partnerKey
      || ((pdu.actorState ^ end.partnerState) & AGGREGATION) !== 0) end.selected = false;
    const same = pdu.partnerPort === end.port && pdu.partnerPortPriority === end.portPriority
      && pdu.partnerSystem === end.system && pdu.partnerPriority === end.priority && pdu.partnerKey === end.key;
    if (!same || ((pdu.partnerState ^ end.state) & NTT_BITS) !== 0) end.ntt = true; // update_NTT
    // recordPDU
    const matched = same && ((pdu.partnerState ^ end.state) & AGGREGATION) === 0 || (pdu.actorState & AGGREGATION) === 0;
    end.partnerPort = pdu.actorPort;
    end.partnerPortPriority = pdu.actorPortPriority;
    end.partnerSystem = pdu.actorSystem;
    end.partnerPriority = pdu.actorPriority;
    end.partnerKey = pdu.actorKey;
    end.partnerState = matched ? pdu.actorState : pdu.actorState & ~SYNCHRONIZATION;
    end.state &= ~(DEFAULTED | EXPIRED_BIT);
    end.receive = CURRENT;
    this.startReceiveTimer(end);
  }

  /** Selection, mux and transmit, until they rest. */
  private settle(end: End): void {
    if (!end.selected && end.receive === CURRENT && end.mux === DETACHED) end.selected = true; // one link, one aggregator
    while (this.muxStep(end)) {
      // again
    }
    if (end.ntt) this.transmit(end);
  }

  private muxStep(end: End): boolean {
    switch (end.mux) {
      case DETACHED:
        if (!end.selected) return false;
        end.mux = WAITING;
        end.ready = false;
        end.muxAt = this.now + WAIT_WHILE;
        this.schedule(end.muxAt, MUX_TIMER, end);
        return true;
      case WAITING:
        if (end.selected && !end.ready) return false;
        end.mux = end.selected ? ATTACHED : DETACHED;
        if (end.selected) end.state |= SYNCHRONIZATION;
        break;
      case ATTACHED:
        if (!end.selected) {
          end.mux = DETACHED;
          end.state &= ~SYNCHRONIZATION;
        } else if (end.partnerState & SYNCHRONIZATION) {
          end.mux = COLLECTING_DISTRIBUTING;
          end.state |= COLLECTING | DISTRIBUTING;
        } else {
          return false;
        }
        break;
      default:
        if (end.selected && end.partnerState & SYNCHRONIZATION) return false;
        end.mux = ATTACHED;
        end.state &= ~(COLLECTING | DISTRIBUTING);
    }
    end.ntt = true;
    return true;
  }

  private transmit(end: End): void {
    if (this.now - end.window >= FAST_PERIOD) {
      end.window = this.now;
      end.sent = 0;
    }
    if (end.sent === TRANSMITS) { // waits for the window to end
      if (!end.transmitQueued) this.schedule(end.window + FAST_PERIOD, TRANSMIT_TIMER, end);
      end.transmitQueued = true;
      return;
    }
    end.sent++;
    end.ntt = false;
    const peer = this.ends[end.index ^ 1]!;
    peer.inbox.push({
      actorPriority: end.priority, actorSystem: end.system, actorKey: end.key, actorPortPriority: end.portPriority,
      actorPort: end.port, actorState: end.state,
      partnerPriority: end.partnerPriority, partnerSystem: end.partnerSystem, partnerKey: end.partnerKey,
      partnerPortPriority: end.partnerPortPriority, partnerPort: end.partnerPort, partnerState: end.partnerState,
    });
    this.schedule(this.now + this.delay, RECEIVE, peer);
  }
}

/** `delay` is the links' in nanoseconds. */
export function simulate(links: number, seconds: number, delay: number, queue: Queue): Outcome {
  const simulation = new Simulation(links, delay, queue);
  simulation.run(seconds * SECOND);
  let up = 0;
  let checksum = 0x811c9dc5;
  for (const end of simulation.ends) {
    if (end.mux === COLLECTING_DISTRIBUTING && end.receive === CURRENT) up++;
    checksum = Math.imul(checksum ^ end.state ^ end.partnerState << 8 ^ end.partnerPort << 16, 16777619);
  }
  return { pdus: simulation.pdus, events: simulation.events, up, checksum: checksum >>> 0 };
}
