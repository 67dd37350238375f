// The timer wheel: a million timers that run, each restarted three times, a second and a bit apart, for three seconds: what hellos do. Only the
// restarts are timed, with what they leave behind in the queue; at last all timers run out, and the order of that is the checksum. The engine's event
// queue against ns-3's schedulers, and against what is written first in C and JavaScript: a binary heap whose entries know their deadlines.

import { loadEntry } from "../tests/support/as-module.ts";
import { compare, type Arm, type Bar, type Bench, type BenchOptions, type CaseResult } from "./harness.ts";
import { compileNative, NS3, nativeArm } from "./native.ts";
import { HeapQueue } from "./queues.ts";

const EVERY = 1024; // restarts between two looks at the clock
const STEP = 1000; // ns between two restarts
const ROUNDS = 3;
const TIMEOUT = 3_000_000_000;
/** From one timer to the next that is restarted: all over the table, as hellos come, or in its order. */
const ORDERS: [string, number][] = [["all over", 0x9e3779b1], ["in order", 1]];

interface Entry { layTimers(count: number): void; restart(count: number, rounds: number, timeout: bigint, stride: number): void; runOut(timeout: bigint): number }

/** Starts all timers, restarts them, and lets them run out. */
interface Timers { restart(rounds: number): void; runOut(): number }

function arm(name: string, work: number, make: () => Timers): Arm {
  return {
    name,
    run() {
      const timers = make();
      timers.restart(1);
      const start = process.hrtime.bigint();
      timers.restart(ROUNDS);
      const seconds = Number(process.hrtime.bigint() - start) / 1e9;
      return { seconds, work, checksum: timers.runOut() };
    },
  };
}

async function engineArm(count: number, work: number, stride: number): Promise<Arm> {
  const entry = await loadEntry<Entry>("collections-entry.ts");
  entry.layTimers(count); // once: what has run out can be started again
  const timeout = BigInt(TIMEOUT);
  return arm("engine", work, () => ({ restart: (rounds) => entry.restart(count, rounds, timeout, stride), runOut: () => entry.runOut(timeout) >>> 0 }));
}

/** Deadlines in an array, one entry a timer in the heap; a restart only writes the deadline. */
function heapTimers(count: number, stride: number): Timers {
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
  return {
    restart(rounds) {
      for (let round = 0; round < rounds; round++) {
        for (let i = 0; i < count; i++) {
          const id = Math.imul(i, stride) & (count - 1);
          clock += STEP;
          if (i % EVERY === 0) fire(clock);
          if (deadlines[id]! < 0) queue.push(clock + TIMEOUT, id);
          deadlines[id] = clock + TIMEOUT;
        }
      }
    },
    runOut() {
      fire(clock + TIMEOUT);
      return sum >>> 0;
    },
  };
}

/** The best of four (docs/performance.md has the others): with the old event taken out, 1, or left to be skipped, 0. */
const SCHEDULERS: [string, number][] = [["MapScheduler", 1], ["PriorityQueueScheduler", 0]];

async function run({ small, say }: BenchOptions): Promise<CaseResult[]> {
  const count = small ? 1024 : 1 << 20;
  const work = count * ROUNDS;
  const native = compileNative("wheel.c", say);
  const peer = small ? undefined : compileNative("wheel-ns3.cc", say, NS3);
  const cases: CaseResult[] = [];
  try {
    for (const [order, stride] of ORDERS) {
      const bars: Bar[] = [];
      const arms = [await engineArm(count, work, stride), arm("JavaScript, typed arrays, heap", work, () => heapTimers(count, stride))];
      if (native !== undefined) arms.push(nativeArm(native, "C, heap", work, [count, ROUNDS, TIMEOUT, stride]));
      for (const [scheduler, eager] of peer === undefined ? [] : SCHEDULERS) {
        const name = `ns-3 ${scheduler.replace("Scheduler", "")}${eager === 1 ? ", taken out" : ", cancelled"}`;
        bars.push({ to: name, least: 10 });
        arms.push(nativeArm(peer!, name, work, [count, ROUNDS, TIMEOUT, stride, scheduler, eager]));
      }
      cases.push(compare(`${count} timers restarted ${ROUNDS} times, ${order}, then run out`, " restarts", arms, small ? 1 : 3, bars));
    }
    return cases;
  } finally {
    native?.remove();
    peer?.remove();
  }
}

export const wheelBench: Bench = { name: "wheel", about: "the event queue: timers restarted", run };
