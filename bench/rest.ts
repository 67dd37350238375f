// Hellos left out against every hello: the links of bench/lacp.ts, established for 80 s and copied from there, and then 60 s in which nothing happens.
// At the end all that rests is woken, so that both come to the same state, clocks included. That is timed in an arm of its own: a run that is not
// looked into does not do it.

import { compare, digest, type Arm, type Bench, type BenchOptions, type CaseResult, type Measure } from "./harness.ts";
import { lacpTables, stateOf, type LacpCase } from "./lacp.ts";
import { STOP_TIME } from "../assembly/abi.ts";
import { compileEngine, instantiateEngine, load, putSnapshot, takeSnapshot, type EngineExports } from "../bindings/engine/index.ts";

const SECOND = 1_000_000_000n;
const ESTABLISHED = 80n * SECOND; // the churn timers of clause 6.4.15, 60 s, are over
const LEAST = 1_000;

interface Established { engine: EngineExports; links: number; until: bigint; back(): void; events: number }

function run(engine: EngineExports, until: bigint): void {
  while (engine.run(until, 1 << 17) !== STOP_TIME) engine.drainTrace();
  engine.drainTrace();
}

async function establish({ links, seconds, delay }: LacpCase, everyHello: boolean): Promise<Established> {
  const engine = instantiateEngine(await compileEngine());
  load(engine, lacpTables({ links, seconds, delay }), { seed: 1n, steps: [], probes: null, capture: false, reserves: { traceRows: 1 << 19 }, powerOnSpreadNs: 0n, everyHello });
  run(engine, ESTABLISHED);
  const warm = takeSnapshot(engine);
  return { engine, links, until: ESTABLISHED + BigInt(seconds) * SECOND, back: () => putSnapshot(engine, warm), events: 0 };
}

/** `woken`: the time to wake what rests is counted too. */
function arm(name: string, seconds: number, on: Established, woken: boolean): Arm {
  return {
    name,
    run() {
      on.back();
      const before = on.engine.events();
      const start = process.hrtime.bigint();
      run(on.engine, on.until);
      let end = process.hrtime.bigint();
      on.events = on.engine.events() - before;
      on.engine.wake(on.until);
      if (woken) end = process.hrtime.bigint();
      return { seconds: Number(end - start) / 1e9, work: seconds, checksum: digest([stateOf(on.engine, on.links), on.engine.traceTotal()]) };
    },
  };
}

async function runBench({ small }: BenchOptions): Promise<CaseResult[]> {
  const size: LacpCase = small ? { links: 20, seconds: 6, delay: 10_000 } : { links: 10_000, seconds: 60, delay: 10_000 };
  const short = await establish(size, false);
  const every = await establish(size, true);
  const arms = [arm("hellos left out", size.seconds, short, false), arm("every hello", size.seconds, every, false), arm("left out, all woken at the end", size.seconds, short, true)];
  const name = `${size.links} established links, both ends, ${size.seconds} s in which nothing happens`;
  const result = compare(name, " simulated s", arms, small ? 1 : 5, small ? [] : [{ to: "every hello", least: LEAST }]);
  const count = (what: string, value: number): Measure => ({ name: what, unit: "", value: { median: value, low: value, high: value } });
  return [{ ...result, measures: [count("events, every hello", every.events), count("events, left out", short.events)] }];
}

export const restBench: Bench = { name: "rest", about: "60 s of nothing: hellos left out against every hello", run: runBench };
