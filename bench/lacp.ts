// LACP at the fast rate: 10,000 links, both ends, 60 simulated seconds. The engine against the same loop in JavaScript.

import { compare, type Arm, type Bench, type BenchOptions, type CaseResult } from "./harness.ts";
import { simulate } from "./lacp-javascript.ts";
import { CalendarQueue, HeapQueue, type Queue } from "./queues.ts";

export interface LacpCase { links: number; seconds: number; delay: number }

/** Counts LACPDUs handled; the checksum is over what the two ends came to, so it does not depend on the queue. */
function javascriptArm(name: string, size: LacpCase, queue: () => Queue): Arm {
  return {
    name,
    run() {
      const start = process.hrtime.bigint();
      const outcome = simulate(size.links, size.seconds, size.delay, queue());
      const seconds = Number(process.hrtime.bigint() - start) / 1e9;
      if (outcome.up !== size.links * 2) throw new Error(`${outcome.up} of ${size.links * 2} ends are up`);
      return { seconds, work: outcome.pdus, checksum: outcome.checksum };
    },
  };
}

/** The engine on the same links. undefined while there is nothing to measure. */
export function engineArm(_size: LacpCase): Arm | undefined {
  return undefined;
}

async function run({ small, say }: BenchOptions): Promise<CaseResult[]> {
  const size: LacpCase = small ? { links: 20, seconds: 6, delay: 10_000 } : { links: 10_000, seconds: 60, delay: 10_000 };
  const engine = engineArm(size);
  if (!engine) say("the engine is not measured yet");
  const arms = [
    ...(engine ? [engine] : []),
    javascriptArm("JavaScript, calendar and heap", size, () => new CalendarQueue()),
    javascriptArm("JavaScript, binary heap", size, () => new HeapQueue()),
  ];
  return [compare(`${size.links} links, both ends, ${size.seconds} s at the fast rate`, " LACPDUs", arms, small ? 1 : 5)];
}

export const lacpBench: Bench = { name: "lacp", about: "LACPDUs of 10,000 links in steady exchange", run };
