// The timer wheel: a million timers, each restarted again and again as a hello does it, and at last all of them run out. The engine's event
// queue against ns-3's schedulers, and against what is written first in C and JavaScript: a binary heap whose entries know their deadlines.

import { loadEntry } from "../tests/support/as-module.ts";
import { compare, type Arm, type Bar, type Bench, type BenchOptions, type CaseResult } from "./harness.ts";
import { compileNative, NS3, nativeArm } from "./native.ts";
import { HeapQueue } from "./queues.ts";

const EVERY = 1024; // restarts between two looks at the clock
const STEP = 1000; // ns between two restarts
const ROUNDS = 4;
const TIMEOUT = 3_000_000_000;

interface Entry { layTimers(count: number): void; restart(count: number, rounds: number, timeout: bigint): number }

/** An arm that is timed once, from nothing to the last timer. */
function once(name: string, work: number, go: () => number): Arm {
  return {
    name,
    run() {
      const start = process.hrtime.bigint();
      const checksum = go();
      return { seconds: Number(process.hrtime.bigint() - start) / 1e9, work, checksum };
    },
  };
}

async function engineArm(count: number, work: number): Promise<Arm> {
  const makes = async (): Promise<Entry> => {
    const entry = await loadEntry<Entry>("collections-entry.ts");
    entry.layTimers(count);
    return entry;
  };
  const made = await makes();
  return once("engine", work, () => made.restart(count, ROUNDS, BigInt(TIMEOUT)) >>> 0);
}

/** Deadlines in an array, one entry a timer in the heap; a restart only writes the deadline. */
function heapRestart(count: number): number {
  const queue = new HeapQueue();
  const deadlines = new Float64Array(count).fill(-1);
  let sum = 0x811c9dc5;
  let clock = 0;
  const fire = (until: number): void => {
    for (let id = queue.pop(until); id >= 0; id = queue.pop(until)) {
      if (deadlines[id]! > queue.time) {
        queue.push(deadlines[id]!, id);
        continue;
      }
      deadlines[id] = -1;
      sum = Math.imul(sum ^ id, 16777619);
    }
  };
  for (let round = 0; round < ROUNDS; round++) {
    for (let i = 0; i < count; i++) {
      const id = Math.imul(i, 0x9e3779b1) & (count - 1);
      clock += STEP;
      if (i % EVERY === 0) fire(clock);
      if (deadlines[id]! < 0) queue.push(clock + TIMEOUT, id);
      deadlines[id] = clock + TIMEOUT;
    }
  }
  fire(clock + TIMEOUT);
  return sum >>> 0;
}

const SCHEDULERS: [string, number][] = [["MapScheduler", 0], ["MapScheduler", 1], ["CalendarScheduler", 0], ["HeapScheduler", 0], ["PriorityQueueScheduler", 0]];

async function run({ small, say }: BenchOptions): Promise<CaseResult[]> {
  const count = small ? 1024 : 1 << 20;
  const work = count * ROUNDS;
  const native = compileNative("wheel.c", say);
  const peer = small ? undefined : compileNative("wheel-ns3.cc", say, NS3);
  const bars: Bar[] = [];
  try {
    const arms = [await engineArm(count, work), once("JavaScript, typed arrays, heap", work, () => heapRestart(count))];
    if (native !== undefined) arms.push(nativeArm(native, "C, heap", work, [count, ROUNDS, TIMEOUT]));
    for (const [scheduler, eager] of peer === undefined ? [] : SCHEDULERS) {
      const name = `ns-3 ${scheduler.replace("Scheduler", "")}${eager === 1 ? ", taken out" : ", cancelled"}`;
      bars.push({ to: name, least: 10 });
      arms.push(nativeArm(peer!, name, work, [count, ROUNDS, TIMEOUT, scheduler, eager]));
    }
    return [compare(`${count} timers restarted ${ROUNDS} times, then run out`, " restarts", arms, small ? 1 : 3, bars)];
  } finally {
    native?.remove();
    peer?.remove();
  }
}

export const wheelBench: Bench = { name: "wheel", about: "the event queue: timers restarted", run };
