// Demands as flows: who sends to whom from which port, drawn from the seed and the demand's name alone, so that another demand in
// the file moves none of them.

import { nameKey, type Tuple } from "../engine/index.ts";
import { DualhomeError } from "../errors.ts";
import type { Demand, Flow, Topology, Where } from "../topology/model.ts";

/** What offers traffic: a demand of the file, or a flow with a rate. */
export interface Source { name: string; where: Where; flows: number; mbps: number; backMbps: number }

export interface TrafficFlow extends Tuple {
  /** index of its source */
  source: number;
  mbps: number;
  /** what it carries the other way */
  backMbps: number;
}

export interface Traffic { sources: Source[]; flows: TrafficFlow[] }

/** net.ipv4.ip_local_port_range of Linux, as it comes. */
const PORTS_FROM = 32_768;
const PORTS_TO = 60_999;

/** Demands, then flows with a rate, each way; a service's clients are at its primary. */
export function sourcesOf(t: Topology): Source[] {
  const demands = (t.demands ?? []).map((d): Source => ({ name: d.name, where: d.where, flows: d.flows, mbps: d.rateMbps, backMbps: d.backMbps }));
  return [...demands, ...rated(t).map((f): Source => ({ name: f.name, where: f.where, flows: 1, mbps: f.rateMbps!, backMbps: f.rateMbps! }))];
}

const rated = (t: Topology): Flow[] => t.flows.filter((f) => f.rateMbps !== null && f.role !== "standby");

export function trafficOf(t: Topology, seed: bigint): Traffic {
  const flows: TrafficFlow[] = [];
  const taken = new Set<string>();
  const demands = t.demands ?? [];
  demands.forEach((demand, source) => flows.push(...flowsOf(demand, source, seed, taken)));
  rated(t).forEach((f, i) => {
    flows.push({ source: demands.length + i, from: f.from, to: f.to, protocol: f.protocol, sport: f.sport, dport: f.dport, mbps: f.rateMbps!, backMbps: f.rateMbps! });
  });
  return { sources: sourcesOf(t), flows };
}

function* flowsOf(demand: Demand, source: number, seed: bigint, taken: Set<string>): Generator<TrafficFlow> {
  const key = nameKey(demand.name);
  const random = (k: number): number => draw(seed, key, k);
  const pairs = pairsOf(shuffled(demand.from, (k) => random(k)), shuffled(demand.to, (k) => random(0x4000_0000 + k)));
  const next = new Map<string, number>();
  for (let i = 0; i < demand.flows; i++) {
    const [from, to] = pairs.next().value as [string, string];
    const between = `${from} ${to} ${demand.protocol} ${demand.dport}`;
    const port = demand.sport === null ? PORTS_FROM + (random(0x8000_0000 + i) % (PORTS_TO - PORTS_FROM + 1)) : (next.get(between) ?? demand.sport);
    const sport = freePort(taken, between, port, demand);
    next.set(between, sport + 1);
    yield { source, from, to, protocol: demand.protocol, sport, dport: demand.dport, mbps: demand.rateMbps / demand.flows, backMbps: demand.backMbps / demand.flows };
  }
}

/** Two connections are never the same: the next port that is free. */
function freePort(taken: Set<string>, between: string, from: number, demand: Demand): number {
  const [low, high] = demand.sport === null ? [PORTS_FROM, PORTS_TO] : [demand.sport, 65_535];
  for (let k = 0; k <= high - low; k++) {
    const port = low + ((from - low + k) % (high - low + 1));
    const tuple = `${between} ${port}`;
    if (taken.has(tuple)) continue;
    taken.add(tuple);
    return port;
  }
  throw new DualhomeError("DH_DEMAND", `line ${demand.where.line}: ${demand.name}: there are not so many source ports between two servers; fewer flows, or more servers`, 2);
}

/** Every pair of different servers once before any comes again, each server in turn. */
function* pairsOf(from: readonly string[], to: readonly string[]): Generator<[string, string], never> {
  const turn = (from.length * to.length) / divisor(from.length, to.length); // after so many, the same pairs would come again
  for (let i = 0; ; i++) {
    const a = from[i % from.length]!;
    const b = to[(i + Math.floor(i / turn)) % to.length]!;
    if (a !== b) yield [a, b];
  }
}
function divisor(a: number, b: number): number { return b === 0 ? a : divisor(b, a % b); }

function shuffled<T>(list: readonly T[], random: (k: number) => number): T[] {
  const all = [...list];
  for (let i = all.length - 1; i > 0; i--) {
    const j = random(i) % (i + 1);
    [all[i], all[j]] = [all[j]!, all[i]!];
  }
  return all;
}

/** 32 bits, a function of what is asked: the mixer of SplitMix64 over seed, stream and number. */
function draw(seed: bigint, stream: number, k: number): number {
  return Number(mix(mix(mix(seed + GOLDEN) ^ BigInt(stream)) + BigInt(k) * GOLDEN) >> 32n);
}
const GOLDEN = 0x9e37_79b9_7f4a_7c15n;
function mix(value: bigint): bigint {
  let z = BigInt.asUintN(64, value);
  z = BigInt.asUintN(64, (z ^ (z >> 30n)) * 0xbf58_476d_1ce4_e5b9n);
  z = BigInt.asUintN(64, (z ^ (z >> 27n)) * 0x94d0_49bb_1331_11ebn);
  return z ^ (z >> 31n);
}
