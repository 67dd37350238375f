// The MAC table: 65,536 addresses, a million look-ups of which nine in ten are known, and a million frames whose sources are learned.
// The engine's table is its own (assembly/collections/fdb.ts), with everything that the engine asks of it: switch, VLAN, ageing, holds and
// the chain of each port. The others have less to do.

import { loadEntry } from "../tests/support/as-module.ts";
import { compare, digest, mix, timed, type Arm, type Bench, type BenchOptions, type CaseResult } from "./harness.ts";
import { compileNative, DPDK, nativeArm, type Native } from "./native.ts";

const PORTS = 48;
const VLAN = 10;
const FNV = 0x811c9dc5;

interface Entry {
  memory: WebAssembly.Memory;
  reserve(bytes: number): number;
  reserveFdb(rows: number, ports: number, lags: number): void;
  learn(keys: number, ports: number, count: number): number;
  lookUp(keys: number, ports: number, count: number): void;
  lookUpSingly(keys: number, ports: number, count: number): void;
}

/** An address is 0x020000000000 + low; all are in one VLAN. */
interface Frames { lows: Uint32Array; ports: Uint32Array }

const portOf = (i: number): number => mix(i + 7) % PORTS;
const keyOf = (low: number): bigint => (BigInt(VLAN) << 48n) | (0x0200_0000_0000n + BigInt(low));

function framesOf(count: number, whose: (j: number) => number, port: (j: number, i: number) => number): Frames {
  const frames = { lows: new Uint32Array(count), ports: new Uint32Array(count) };
  for (let j = 0; j < count; j++) {
    const i = whose(j);
    frames.lows[j] = mix(i);
    frames.ports[j] = port(j, i);
  }
  return frames;
}

/** The same as in native/mac.h. */
function inputs(entries: number, count: number): { known: Frames; sought: Frames; heard: Frames } {
  const sought = (j: number): number => {
    const r = mix(j ^ 0x5bd1e995);
    return r % 10 === 0 ? entries + (r >>> 12) : (r >>> 8) % entries;
  };
  return {
    known: framesOf(entries, (i) => i, (_, i) => portOf(i)),
    sought: framesOf(count, sought, () => 0),
    heard: framesOf(count, (j) => (mix(j + 99) >>> 8) % entries, (j, i) => (j % 100 === 0 ? (portOf(i) + 1) % PORTS : portOf(i))),
  };
}

/** A table that learns, telling how many addresses had moved, and is asked. */
interface Table { learn(frames: Frames): number; lookUp(frames: Frames): Int32Array }

async function engineTable(entries: number, count: number): Promise<(frames: Frames, singly?: boolean) => Table> {
  const engine = await loadEntry<Entry>("collections-entry.ts");
  engine.reserveFdb(entries, PORTS, 0);
  const place = (frames: Frames): { keys: number; ports: number } => {
    const keys = engine.reserve(frames.lows.length * 8);
    const ports = engine.reserve(frames.lows.length * 4);
    new BigUint64Array(engine.memory.buffer, keys, frames.lows.length).set(BigUint64Array.from(frames.lows, keyOf));
    new Uint32Array(engine.memory.buffer, ports, frames.lows.length).set(frames.ports);
    return { keys, ports };
  };
  const out = engine.reserve(count * 4);
  return (frames, singly = false) => {
    const at = place(frames);
    const lookUp = singly ? engine.lookUpSingly : engine.lookUp;
    return {
      learn: () => engine.learn(at.keys, at.ports, frames.lows.length),
      lookUp: () => {
        lookUp(at.keys, out, frames.lows.length);
        return new Int32Array(engine.memory.buffer, out, frames.lows.length);
      },
    };
  };
}

/** Typed arrays, open addressing, half full, both halves of the key compared. */
function arraysTable(entries: number, count: number): Table {
  let slots = 16;
  while (slots < entries * 2) slots *= 2;
  const mask = slots - 1;
  const lows = new Uint32Array(slots);
  const highs = new Uint32Array(slots); // VLAN and the upper bytes; 0: empty
  const ports = new Int32Array(slots);
  const seen = new Int32Array(slots);
  const out = new Int32Array(count);
  const HIGH = (VLAN << 16) | 0x0200;
  const find = (low: number): number => {
    let slot = (Math.imul(low ^ HIGH, 0x9e3779b1) >>> 12) & mask;
    while (highs[slot] !== 0 && (lows[slot] !== low || highs[slot] !== HIGH)) slot = (slot + 1) & mask;
    return slot;
  };
  return {
    learn(frames) {
      let moves = 0;
      for (let i = 0; i < frames.lows.length; i++) {
        const slot = find(frames.lows[i]!);
        if (highs[slot] !== 0 && ports[slot] !== frames.ports[i]) moves++;
        lows[slot] = frames.lows[i]!;
        highs[slot] = HIGH;
        ports[slot] = frames.ports[i]!;
        seen[slot] = 1;
      }
      return moves;
    },
    lookUp(frames) {
      for (let i = 0; i < frames.lows.length; i++) {
        const slot = find(frames.lows[i]!);
        out[i] = highs[slot] !== 0 && 1 - seen[slot]! < 300 ? ports[slot]! : -1;
      }
      return out;
    },
  };
}

/** What one writes first: a Map from the address as a number. */
function mapTable(count: number, columns: Map<Frames, Float64Array>): Table {
  const map = new Map<number, number>();
  const out = new Int32Array(count);
  const keysOf = (frames: Frames): Float64Array => {
    const known = columns.get(frames) ?? Float64Array.from(frames.lows, (low) => Number(keyOf(low)));
    columns.set(frames, known);
    return known;
  };
  return {
    learn(frames) {
      const keys = keysOf(frames);
      let moves = 0;
      for (let i = 0; i < keys.length; i++) {
        const port = map.get(keys[i]!);
        if (port !== undefined && port !== frames.ports[i]) moves++;
        map.set(keys[i]!, frames.ports[i]!);
      }
      return moves;
    },
    lookUp(frames) {
      const keys = keysOf(frames);
      for (let i = 0; i < keys.length; i++) out[i] = map.get(keys[i]!) ?? -1;
      return out;
    },
  };
}

function lookUpArm(name: string, table: Table, frames: Frames, least: number): Arm {
  let out = table.lookUp(frames);
  return timed(name, frames.lows.length, least, () => { out = table.lookUp(frames); }, () => digest(out));
}

function learnArm(name: string, table: Table, frames: Frames, least: number): Arm {
  let moves = table.learn(frames); // from here on each pass finds what the one before it left
  return timed(name, frames.lows.length, least, () => { moves = table.learn(frames); }, () => digest(table.lookUp(frames), FNV ^ moves));
}

async function run({ small, say }: BenchOptions): Promise<CaseResult[]> {
  const [entries, count, least, rounds] = small ? [256, 1000, 0.0001, 1] : [65_536, 1_000_000, 0.2, 9];
  const { known, sought, heard } = inputs(entries, count);
  const natives: [string, Native | undefined][] = [["C, open addressing", compileNative("mac.c", say)], ...(small ? [] : [["DPDK rte_hash, in bulk", compileNative("mac-dpdk.c", say, DPDK)] as [string, Native | undefined]])];
  const columns = new Map<Frames, Float64Array>();
  try {
    return await Promise.all(["look-ups, 90 % known", "learning, 1 % moved"].map(async (what, index) => {
      const frames = index === 0 ? sought : heard;
      const arm = index === 0 ? lookUpArm : learnArm;
      const engine = await engineTable(entries, count);
      engine(known).learn(known);
      const tables: [string, Table][] = [["engine, batches of 64", engine(frames)], ["JavaScript, typed arrays", arraysTable(entries, count)], ["JavaScript Map", mapTable(count, columns)]];
      for (const [, table] of tables.slice(1)) table.learn(known);
      const arms = tables.map(([name, table]) => arm(name, table, frames, least));
      if (index === 0) arms.push(arm("engine, one by one", engine(frames, true), frames, least));
      for (const [name, native] of natives) if (native !== undefined) arms.push(nativeArm(native, name, count, [entries, count, index, least]));
      return compare(`${count} ${what}, ${entries} addresses`, " frames", arms, rounds, [{ to: "DPDK rte_hash, in bulk", least: 0.5 }, { to: "JavaScript Map", least: 8 }]);
    }));
  } finally {
    for (const [, native] of natives) native?.remove();
  }
}

export const macBench: Bench = { name: "mac", about: "MAC table: look-ups and learning", run };
