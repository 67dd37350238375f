// The baseline: LACP on point-to-point links in plain JavaScript, both ends with the receive, periodic, selection, mux and
// transmit machines of IEEE 802.1AX, coupled control, short timeout. It is written for speed, so that the comparison is with good
// JavaScript: no object an end or a LACPDU but rows of typed arrays, sixteen words with all that a LACPDU says and is compared with;
// timers restarted lazily (the new deadline is written down and looked at when the old one fires).

import type { Queue } from "./queues.ts";

const SECOND = 1e9;
const SHORT_TIMEOUT = 3 * SECOND;
const FAST_PERIOD = SECOND;
const WAIT_WHILE = 2 * SECOND;
const TRANSMITS = 3; // in one fast period

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

// A row of words: what an end says in its LACPDUs, and so a LACPDU: the actor's system priority, system (two words), key, port
// priority, port and state, then the partner's.
const WORDS = 16;
const PORT = 5;
const STATE = 6;
const PARTNER = 7; // + the same offsets
const IDENTITY = 6; // words that name a port
const PARTNER_STATE = PARTNER + STATE;
const TO = 14; // LACPDU: the end that gets it

// Small values of an end.
const RECEIVE_STATE = 0;
const MUX = 1;
const SELECTED = 2;
const READY = 3;
const NTT = 4;
const SENT = 5;
const RECEIVE_QUEUED = 6;
const TRANSMIT_QUEUED = 7;
const FLAGS = 8;

// Times of an end.
const RECEIVE_AT = 0;
const MUX_AT = 1;
const WINDOW = 2; // when the count of transmissions began
const TIMES = 4;

export interface Outcome {
  /** LACPDUs handled. */
  pdus: number;
  events: number;
  /** Ends that collect and distribute at the end. */
  up: number;
  checksum: number;
}

class Simulation {
  readonly count: number;
  readonly words: Int32Array;
  readonly flags: Uint8Array;
  private readonly times: Float64Array;
  private readonly frames: Int32Array; // LACPDUs under way; a free slot's first word is the next free one
  private freeFrame = 0;
  private readonly queue: Queue;
  private readonly delay: number;
  private now = 0;
  pdus = 0;
  events = 0;

  constructor(links: number, delay: number, queue: Queue) {
    this.count = links * 2;
    this.queue = queue;
    this.delay = delay;
    this.words = new Int32Array(this.count * WORDS);
    this.flags = new Uint8Array(this.count * FLAGS);
    this.times = new Float64Array(this.count * TIMES);
    const slots = this.count * TRANSMITS; // no end has more than that under way
    this.frames = new Int32Array(slots * WORDS);
    for (let slot = 0; slot < slots; slot++) this.frames[slot * WORDS] = slot + 1;
    for (let end = 0; end < this.count; end++) {
      this.words.set([32768, 0x0200, end, 15, 32768, end % 48 + 1, ACTIVITY | TIMEOUT | AGGREGATION], end * WORDS);
      this.flags[end * FLAGS] = PORT_DISABLED;
      // Both ends of a link see the carrier at once; links come up over the first second.
      this.schedule((Math.imul(end >> 1, 0x9e3779b1) >>> 0) % 1_000_000 * 1000, START, end);
    }
  }

  run(until: number): void {
    const { queue } = this;
    for (let code = queue.pop(until); code >= 0; code = queue.pop(until)) {
      this.now = queue.time;
      this.events++;
      let end = code >> 3;
      switch (code & KINDS - 1) {
        case START: this.start(end); break;
        case RECEIVE: end = this.handle(end); break;
        case PERIODIC_TIMER: this.periodic(end); break;
        case RECEIVE_TIMER: this.receiveTimer(end); break;
        case MUX_TIMER: this.flags[end * FLAGS + READY] = this.now >= this.times[end * TIMES + MUX_AT]! ? 1 : 0; break;
        case TRANSMIT_TIMER: this.flags[end * FLAGS + TRANSMIT_QUEUED] = 0; break;
      }
      this.settle(end);
    }
  }

  private schedule(time: number, kind: number, index: number): void {
    this.queue.push(time, index << 3 | kind);
  }

  private start(end: number): void {
    this.words[end * WORDS + STATE]! |= EXPIRED_BIT;
    this.words[end * WORDS + PARTNER_STATE] = TIMEOUT;
    this.flags[end * FLAGS + RECEIVE_STATE] = EXPIRED;
    this.startReceiveTimer(end);
    this.periodic(end);
  }

  private startReceiveTimer(end: number): void {
    const at = this.now + SHORT_TIMEOUT;
    this.times[end * TIMES + RECEIVE_AT] = at;
    if (this.flags[end * FLAGS + RECEIVE_QUEUED] === 1) return;
    this.flags[end * FLAGS + RECEIVE_QUEUED] = 1;
    this.schedule(at, RECEIVE_TIMER, end);
  }

  private receiveTimer(end: number): void {
    const { words, flags } = this;
    const at = this.times[end * TIMES + RECEIVE_AT]!;
    if (this.now < at) { // a LACPDU has pushed the deadline out since
      this.schedule(at, RECEIVE_TIMER, end);
      return;
    }
    const w = end * WORDS;
    const f = end * FLAGS;
    flags[f + RECEIVE_QUEUED] = 0;
    if (flags[f + RECEIVE_STATE] === CURRENT) {
      flags[f + RECEIVE_STATE] = EXPIRED;
      words[w + PARTNER_STATE] = words[w + PARTNER_STATE]! & ~SYNCHRONIZATION | TIMEOUT;
      words[w + STATE]! |= EXPIRED_BIT;
      this.startReceiveTimer(end);
    } else if (flags[f + RECEIVE_STATE] === EXPIRED) {
      flags[f + RECEIVE_STATE] = RX_DEFAULTED;
      flags[f + SELECTED] = 0;
      words[w + STATE] = words[w + STATE]! & ~EXPIRED_BIT | DEFAULTED;
      words.fill(0, w + PARTNER, w + PARTNER + IDENTITY);
      words[w + PARTNER_STATE] = SYNCHRONIZATION;
    }
  }

  private periodic(end: number): void {
    this.flags[end * FLAGS + NTT] = 1;
    this.schedule(this.now + FAST_PERIOD, PERIODIC_TIMER, end); // both ends ask for the fast rate
  }

  /** The receive machine on the LACPDU in `slot`; returns the end that got it. */
  private handle(slot: number): number {
    const { words, frames, flags } = this;
    this.pdus++;
    const p = slot * WORDS;
    const end = frames[p + TO]!;
    const w = end * WORDS;
    const f = end * FLAGS;
    let known = true; // the sender is the partner that we had
    let same = true; // the sender knows us
    for (let i = 0; i < IDENTITY; i++) {
      if (frames[p + i] !== words[w + PARTNER + i]) known = false;
      if (frames[p + PARTNER + i] !== words[w + i]) same = false;
      words[w + PARTNER + i] = frames[p + i]!;
    }
    const state = frames[p + STATE]!;
    const difference = frames[p + PARTNER_STATE]! ^ words[w + STATE]!;
    if (!known || ((state ^ words[w + PARTNER_STATE]!) & AGGREGATION) !== 0) flags[f + SELECTED] = 0; // update_Selected
    if (!same || (difference & NTT_BITS) !== 0) flags[f + NTT] = 1; // update_NTT
    const matched = same && (difference & AGGREGATION) === 0 || (state & AGGREGATION) === 0;
    words[w + PARTNER_STATE] = matched ? state : state & ~SYNCHRONIZATION; // recordPDU
    words[w + STATE]! &= ~(DEFAULTED | EXPIRED_BIT);
    flags[f + RECEIVE_STATE] = CURRENT;
    this.startReceiveTimer(end);
    frames[p] = this.freeFrame;
    this.freeFrame = slot;
    return end;
  }

  /** Selection, mux and transmit, until they rest. */
  private settle(end: number): void {
    const { flags } = this;
    const f = end * FLAGS;
    if (flags[f + SELECTED] === 0 && flags[f + RECEIVE_STATE] === CURRENT && flags[f + MUX] === DETACHED) {
      flags[f + SELECTED] = 1; // one link, one aggregator
    }
    while (this.muxStep(end, f)) {
      // again
    }
    if (flags[f + NTT] === 1) this.transmit(end, f);
  }

  private muxStep(end: number, f: number): boolean {
    const { flags, words } = this;
    const w = end * WORDS;
    const selected = flags[f + SELECTED] === 1;
    const synchronous = (words[w + PARTNER_STATE]! & SYNCHRONIZATION) !== 0;
    switch (flags[f + MUX]) {
      case DETACHED:
        if (!selected) return false;
        flags[f + MUX] = WAITING;
        flags[f + READY] = 0;
        this.times[end * TIMES + MUX_AT] = this.now + WAIT_WHILE;
        this.schedule(this.now + WAIT_WHILE, MUX_TIMER, end);
        return true;
      case WAITING:
        if (selected && flags[f + READY] === 0) return false;
        flags[f + MUX] = selected ? ATTACHED : DETACHED;
        if (selected) words[w + STATE]! |= SYNCHRONIZATION;
        break;
      case ATTACHED:
        if (selected && !synchronous) return false;
        flags[f + MUX] = selected ? COLLECTING_DISTRIBUTING : DETACHED;
        if (selected) words[w + STATE]! |= COLLECTING | DISTRIBUTING;
        else words[w + STATE]! &= ~SYNCHRONIZATION;
        break;
      default:
        if (selected && synchronous) return false;
        flags[f + MUX] = ATTACHED;
        words[w + STATE]! &= ~(COLLECTING | DISTRIBUTING);
    }
    flags[f + NTT] = 1;
    return true;
  }

  private transmit(end: number, f: number): void {
    const { flags, times, frames, words } = this;
    const t = end * TIMES;
    if (this.now - times[t + WINDOW]! >= FAST_PERIOD) {
      times[t + WINDOW] = this.now;
      flags[f + SENT] = 0;
    }
    if (flags[f + SENT] === TRANSMITS) { // waits for the window to end
      if (flags[f + TRANSMIT_QUEUED] === 0) this.schedule(times[t + WINDOW]! + FAST_PERIOD, TRANSMIT_TIMER, end);
      flags[f + TRANSMIT_QUEUED] = 1;
      return;
    }
    flags[f + SENT]!++;
    flags[f + NTT] = 0;
    const slot = this.freeFrame;
    const p = slot * WORDS;
    const w = end * WORDS;
    this.freeFrame = frames[p]!;
    for (let i = 0; i <= PARTNER_STATE; i++) frames[p + i] = words[w + i]!;
    frames[p + TO] = end ^ 1;
    this.schedule(this.now + this.delay, RECEIVE, slot);
  }
}

/** `delay` is the links' in nanoseconds. */
export function simulate(links: number, seconds: number, delay: number, queue: Queue): Outcome {
  const simulation = new Simulation(links, delay, queue);
  simulation.run(seconds * SECOND);
  const { words, flags, pdus, events, count } = simulation;
  let up = 0;
  let checksum = 0x811c9dc5;
  for (let end = 0; end < count; end++) {
    if (flags[end * FLAGS + MUX] === COLLECTING_DISTRIBUTING && flags[end * FLAGS] === CURRENT) up++;
    const [state = 0, partner = 0, port = 0] = [STATE, PARTNER_STATE, PARTNER + PORT].map((field) => words[end * WORDS + field]);
    checksum = Math.imul(checksum ^ state ^ partner << 8 ^ port << 16, 16777619);
  }
  return { pdus, events, up, checksum: checksum >>> 0 };
}
