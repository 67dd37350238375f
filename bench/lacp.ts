// LACP at the fast rate: 10,000 links, both ends, 60 simulated seconds. The engine against the same loop in JavaScript.

import { compare, type Arm, type Bench, type BenchOptions, type CaseResult } from "./harness.ts";
import { HASH_LAYER34, LAG_LACP, NODE_SWITCH, STOP_TIME } from "../assembly/abi.ts";
import { emptyTables, type FlatTables } from "../bindings/engine/flat.ts";
import { compileEngine, instantiateEngine, load, type EngineExports } from "../bindings/engine/index.ts";
import { simulate } from "./lacp-javascript.ts";
import { compileNative, type Native } from "./native.ts";
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

/** The same links as the baseline's, as tables of the engine: two switches, each link a port-channel of its own. */
export function lacpTables({ links, delay }: LacpCase): FlatTables {
  const t = emptyTables();
  const node = (mac: bigint) => ({ kind: NODE_SWITCH, tier: 1, routed: 0, mac, bootNs: 0n, macAgeNs: 300_000_000_000n, arpAgeNs: 300_000_000_000n, transparent: false, key: 0 });
  t.nodes.push(node(0x020000000000n), node(0x020000010000n));
  for (let side = 0; side < 2; side++) {
    for (let link = 0; link < links; link++) {
      const index = side * links + link;
      t.ports.push({ node: side, speed: 10_000, mac: 0x020100000000n + BigInt(index), routed: 0, pvid: 0, watched: 0, key: 0 });
      t.lags.push({
        node: side, mode: LAG_LACP, linux: 0, hash: HASH_LAYER34, minLinks: 1, miimonNs: 0n, updelayNs: 0n, downdelayNs: 0n, primary: -1, reselect: 0, garpCount: 0, mlagId: 0, key: 0,
        members: [{ port: index, priority: 32768, number: ((2 * link + side) % 48) + 1 }],
        lacp: { systemPriority: 32768, system: t.nodes[side]!.mac, key: 1, active: 1, fast: 1, independent: 0, tickNs: 0n, maxBundle: 0, adSelect: 0, keepsSync: 0 },
      });
    }
  }
  for (let link = 0; link < links; link++) {
    const carrierAt = ((Math.imul(link, 0x9e3779b1) >>> 0) % 1e6) * 1000;
    t.links.push({ a: link, b: links + link, delayNs: BigInt(delay), detectNs: BigInt(carrierAt) });
  }
  return t;
}

/** The engine on the same links, every hello simulated; with `frames`, those that change nothing left out, and that many counted. */
export async function engineArm(size: LacpCase, frames?: number): Promise<Arm> {
  const module = await compileEngine();
  const tables = lacpTables(size);
  return {
    name: frames === undefined ? "engine" : "engine, hellos left out",
    run() {
      const engine = instantiateEngine(module);
      load(engine, tables, { seed: 1n, steps: [], probes: null, capture: false, reserves: { traceRows: 1 << 19 }, powerOnSpreadNs: 0n, everyHello: frames === undefined });
      const start = process.hrtime.bigint();
      while (engine.run(BigInt(size.seconds) * 1_000_000_000n, 1 << 17) !== STOP_TIME) engine.drainTrace();
      const seconds = Number(process.hrtime.bigint() - start) / 1e9;
      return { seconds, work: frames ?? engine.frames(), checksum: stateOf(engine, size.links) };
    },
  };
}

/** What all ends have come to, as a number. */
export function stateOf(engine: EngineExports, links: number): number {
  let checksum = 0x811c9dc5;
  for (let end = 0; end < 2 * links; end++) {
    const port = (end & 1) * links + (end >> 1);
    if (engine.memberUsable(port) !== 3) throw new Error(`end ${end} is not up`);
    checksum = Math.imul(checksum ^ engine.lacpState(port) ^ (engine.lacpPartnerState(port) << 8) ^ (engine.lacpPartnerPort(port) << 16), 16777619);
  }
  return checksum >>> 0;
}

/** The same loop in C: prints seconds, LACPDUs, checksum. */
export function nativeLacpArm(native: Native, { links, seconds, delay }: LacpCase): Arm {
  return {
    name: "C, calendar and heap",
    warm: true,
    run() {
      const [took = 0, pdus = 0, checksum = 0] = native.call([links, seconds, delay]).map(Number);
      return { seconds: took, work: pdus, checksum };
    },
  };
}

async function run({ small, say }: BenchOptions): Promise<CaseResult[]> {
  const size: LacpCase = small ? { links: 20, seconds: 6, delay: 10_000 } : { links: 10_000, seconds: 60, delay: 10_000 };
  const native = compileNative("lacp.c", say);
  try {
    const arms = [
      await engineArm(size),
      javascriptArm("JavaScript, calendar and heap", size, () => new CalendarQueue()),
      javascriptArm("JavaScript, binary heap", size, () => new HeapQueue()),
    ];
    if (native !== undefined) arms.push(nativeLacpArm(native, size));
    const bars = [{ to: "JavaScript, calendar and heap", least: 1 }];
    return [compare(`${size.links} links, both ends, ${size.seconds} s at the fast rate`, " LACPDUs", arms, small ? 1 : 5, bars)];
  } finally {
    native?.remove();
  }
}

export const lacpBench: Bench = { name: "lacp", about: "LACPDUs of 10,000 links in steady exchange", run };
