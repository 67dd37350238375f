// The event loop: 10,000 links, both ends, a hello each second, 60 simulated seconds. The engine runs every hello through its LACP machines
// (bench/lacp.ts); ns-3 sends packets of the same size that restart a timer and say nothing, which is less. Frames handled are compared.

import { compare, type Arm, type Bar, type Bench, type BenchOptions, type CaseResult } from "./harness.ts";
import { engineArm, type LacpCase } from "./lacp.ts";
import { compileNative, NS3, type Native } from "./native.ts";

const SCHEDULERS = ["MapScheduler", "PriorityQueueScheduler"]; // the two best; the others: docs/performance.md

/** Its checksum says what its ends heard, not what LACP came to: the two workloads are not the same, so it is not compared. */
function peerArm(native: Native, scheduler: string, { links, seconds, delay }: LacpCase, checksum: () => number): Arm {
  return {
    name: `ns-3 ${scheduler.replace("Scheduler", "")}`,
    warm: true,
    run() {
      const [took = 0, packets = 0, heard = 0] = native.call([links, seconds, delay, scheduler]).map(Number);
      if (packets !== 2 * links * seconds || heard === 0) throw new Error(`ns-3 handled ${packets} packets, ${2 * links * seconds} were sent`);
      return { seconds: took, work: packets, checksum: checksum() };
    },
  };
}

async function run({ small, say }: BenchOptions): Promise<CaseResult[]> {
  const size: LacpCase = small ? { links: 20, seconds: 6, delay: 10_000 } : { links: 10_000, seconds: 60, delay: 10_000 };
  const peer = small ? undefined : compileNative("hello-ns3.cc", say, NS3);
  const bars: Bar[] = [];
  let checksum = 0;
  const engine = await engineArm(size);
  const arms: Arm[] = [{ name: engine.name, run: () => { const result = engine.run(); checksum = result.checksum; return result; } }];
  arms.push(await engineArm(size, engine.run().work)); // the same links come to the same states; not what the bar is about
  try {
    for (const scheduler of peer === undefined ? [] : SCHEDULERS) {
      const arm = peerArm(peer!, scheduler, size, () => checksum);
      bars.push({ to: arm.name, least: 30 });
      arms.push(arm);
    }
    return [compare(`${size.links} links, both ends, a hello a second, ${size.seconds} s`, " frames", arms, small ? 1 : 3, bars)];
  } finally {
    peer?.remove();
  }
}

export const eventsBench: Bench = { name: "events", about: "the event loop: hellos, against ns-3", run };
