// The engine in place of the two namespaces: the same bonds, the same events at the same times, and a reader that looks at the
// members as the recorder looked at sysfs. What it yields has the form of state.csv and traffic.csv.

import {
  FAULT_CARRIER, FAULT_FAIL, FAULT_HANG, FAULT_REPAIR, FAULT_SILENT, STOP_TIME, TARGET_LINK, TARGET_NODE,
  T_FLOW_DOWN, T_FLOW_UP, TRACE_BYTES,
} from "../../../assembly/abi.ts";
import { compile, compileEngine, instantiateEngine, load } from "../../../bindings/engine/index.ts";
import type { EngineExports, FlatTables } from "../../../bindings/engine/index.ts";
import { parseTopology, type Topology } from "../../../bindings/topology/index.ts";
import { Trace } from "../../../bindings/trace/records.ts";
import type { Change, Folder, Gap, RigEvent, Side } from "./folders.ts";
import { option } from "./folders.ts";

export interface WireFrame { t: number; port: string; bytes: Uint8Array }
export interface ModelRun { changes: Change[]; gaps: Gap[]; frames: WireFrame[]; trace: Trace; tables: FlatTables }
interface FlatStep { atNs: bigint; op: number; kind: number; target: number; value: number }

/** Scenario second 0 in the engine: both ends were switched on before, and are deaf until their bonds are made. */
export const ZERO_S = 3;
const DEAF_S = 2;
const LOOK_S = 0.01; // the reader's period
const NS = 1e9;
const ns = (s: number): bigint => BigInt(Math.round(s * NS));

/** A driver's period of `ms`: n jiffies take n + 1. */
export function periodOf(f: Pick<Folder, "jiffy">, seconds: number): number { return Math.ceil(seconds / f.jiffy - 1e-9) * f.jiffy + f.jiffy; }
export const tickOf = (f: Pick<Folder, "jiffy">): number => periodOf(f, 0.1);

const wasm = compileEngine();

/** Called every LOOK_S. */
export type Look = (t: number, changed: boolean, engine: EngineExports, tables: FlatTables) => void;

export interface BondOptions { members: string[]; text: string }

/** The options each side was set up with, defaults where the recording says nothing. */
export function bondsOf(f: Folder): Record<Side, BondOptions> {
  const of = (side: Side): BondOptions => {
    const setup = f.events.find((e) => e.event === "bond_setup" && e.side === side && e.members !== undefined);
    const other = f.events.find((e) => e.event === "bond_setup" && e.members !== undefined);
    const members = setup?.members ?? (other?.members ?? []).map((m) => side.toLowerCase() + m.slice(1));
    return { members, text: [setup?.opts ?? other?.opts ?? "", ...(setup?.post ?? [])].join(" ") };
  };
  return { A: of("A"), B: of("B") };
}

export function pairTopology(f: Folder): Topology {
  const bonds = bondsOf(f);
  const count = Math.max(bonds.A.members.length, bonds.B.members.length);
  const numbers = [...Array(count).keys()];
  const lines = [
    "dualhome: 1", "name: rig", "defaults: {link: {speed: 10G, delay: 2us, loss-detect: 1ns}}", "networks: {n: {vlan: 10, subnet: 10.0.0.0/24}}",
    "nodes:", "  A: {kind: server, network: n, address: 10.0.0.1, boot: 1ns}", "  B: {kind: server, network: n, address: 10.0.0.2, boot: 1ns}",
    "links:", ...numbers.map((i) => `  - "A:a${i} -- B:b${i}"`),
    "bonds:", ...(["A", "B"] as const).map((x) => `  "${x}:bond0": {members: [${numbers.map((i) => x.toLowerCase() + i).join(", ")}], mode: 802.3ad, transmit-hash-policy: layer3+4}`),
    "flows:", ...[...Array(8).keys()].flatMap((i) => [`  ab${i}: {from: A, to: B, protocol: udp, sport: ${41000 + 7 * i}, dport: ${5001 + i}}`, `  ba${i}: {from: B, to: A, protocol: udp, sport: ${42000 + 5 * i}, dport: ${6001 + i}}`]),
  ];
  const parsed = parseTopology(lines.join("\n"), "rig");
  if ("problems" in parsed) throw new Error(parsed.problems.map((p) => p.message).join("; "));
  setMacs(parsed.topology);
  for (const lag of parsed.topology.lags) setOptions(parsed.topology, lag, bonds[lag.node as Side].text, f);
  return parsed.topology;
}

/** Members have the addresses 02:aa:00:00:00:00 .. at A, 02:bb:.. at B; the model gives port i of a node its address plus i + 1. */
export function setMacs(topology: Topology): void {
  for (const node of topology.nodes) if (SIDE_MACS[node.name] !== undefined) node.mac = SIDE_MACS[node.name]! - 1n;
}
const SIDE_MACS: Record<string, bigint> = { A: 0x02aa00000000n, B: 0x02bb00000000n };

type Lag = Topology["lags"][number];

/** Bond options as `ip link` takes them, with the periods that the kernel really keeps. */
export function setOptions(topology: Topology, lag: Lag, text: string, f: Folder): void {
  const seconds = (word: string): number => Number(option(text, word) ?? 0) / 1000;
  const miimon = option(text, "miimon") === null ? 0.1 : seconds("miimon");
  const period = periodOf(f, miimon);
  const delay = (word: string): bigint => ns(Math.floor(seconds(word) / miimon) * period);
  lag.miimonNs = ns(period);
  lag.updelayNs = delay("updelay");
  lag.downdelayNs = delay("downdelay");
  lag.minLinks = Number(option(text, "min_links") ?? 0);
  lag.adSelect = (option(text, "ad_select") ?? "stable") as Lag["adSelect"];
  lag.primary = option(text, "primary");
  lag.primaryReselect = (option(text, "primary_reselect") ?? "always") as Lag["primaryReselect"];
  lag.garpCount = Number(option(text, "num_grat_arp") ?? 1);
  if (lag.lacp !== null) {
    lag.lacp.fast = option(text, "lacp_rate") === "fast";
    lag.lacp.active = option(text, "lacp_active") !== "off";
  }
  setMonitor(lag, text, f);
  const node = topology.nodes.find((n) => n.name === lag.node);
  if (node !== undefined) node.lacpTickNs = ns(tickOf(f));
}

const FAIL_OVER_MAC = ["none", "active", "follow"] as const;
const VALIDATE = ["none", "active", "backup", "all", "filter", "filter_active", "filter_backup"] as const;

/** What only active-backup has: its MAC policy and the ARP monitor, which asks H. */
function setMonitor(lag: Lag, text: string, f: Folder): void {
  const b = lag.bond;
  if (b === undefined) return;
  const named = (words: readonly string[], word: string): string => { const v = option(text, word) ?? "0"; return words[Number(v)] ?? v; };
  b.failOverMac = named(FAIL_OVER_MAC, "fail_over_mac") as typeof b.failOverMac;
  const interval = option(text, "arp_interval");
  if (interval === null || Number(interval) === 0) return;
  lag.miimonNs = 0n;
  b.arpIntervalNs = ns(periodOf(f, Number(interval) / 1000));
  b.arpTargets = ["10.0.0.2"];
  b.arpValidate = named(VALIDATE, "arp_validate").replace("_", "-") as typeof b.arpValidate;
  b.arpMissedMax = Number(option(text, "arp_missed_max") ?? option(text, "missed_max") ?? 2);
  b.arpAllTargets = ["all", "1"].includes(option(text, "arp_all_targets") ?? "");
}

/** When things of an event happen to the model: at the effect that the recording shows, by direction. */
export interface Timing { at: number; reaches: Record<Side, number> }

/** The steps of an event; names of events as the recordings have them. */
function stepsOf(e: RigEvent, when: Timing, t: FlatTables): FlatStep[] {
  const at = (s: number): bigint => ns(ZERO_S + s);
  const link = (op: number, s: number, value = 0): FlatStep => ({ atNs: at(s), op, kind: TARGET_LINK, target: e.member ?? 0, value });
  const node = (op: number): FlatStep => ({ atNs: at(when.at), op, kind: TARGET_NODE, target: e.side === "B" ? 1 : 0, value: 0 });
  switch (e.event) {
    case "bond_up": return [node(FAULT_REPAIR)];
    case "bond_deleted": return [node(FAULT_HANG)];
    case "cable_cut": return [link(FAULT_FAIL, when.at)];
    case "cable_back": case "unblock": case "carrier_back": return [link(FAULT_REPAIR, when.at)];
    case "silent_block": {
      const steps: FlatStep[] = [];
      if (e.direction !== "B to A") steps.push(link(FAULT_SILENT, when.reaches.B, 1));
      if (e.direction !== "A to B") steps.push(link(FAULT_SILENT, when.reaches.A, 2));
      return steps;
    }
    case "carrier_lost": case "carrier_lost_at_A": case "carrier_lost_at_A_only": return [link(FAULT_CARRIER, when.at, 1)];
    default: return [];
  }
}

export class Rig {
  readonly #engine: EngineExports;
  readonly #tables: FlatTables;
  readonly #also: Look;
  readonly #last = new Map<string, string>();
  readonly #trace: Trace = new Trace(ns(ZERO_S));
  readonly #run: ModelRun;

  constructor(engine: EngineExports, tables: FlatTables, look: Look = () => {}) {
    this.#also = look;
    this.#engine = engine;
    this.#tables = tables;
    this.#run = { changes: [], gaps: [], frames: [], trace: this.#trace, tables };
  }

  /** Runs to `until`, looking every LOOK_S if anything was done meanwhile. */
  go(until: number): ModelRun {
    let done = -1;
    for (let t = 0; t <= until; t += LOOK_S) {
      this.#advance(t);
      const changed = this.#engine.events() !== done;
      if (changed) this.#look(t);
      this.#also(t, changed, this.#engine, this.#tables);
      done = this.#engine.events();
    }
    this.#run.gaps.push(...outages(this.#trace, this.#tables, until));
    return this.#run;
  }

  #advance(t: number): void {
    while (this.#engine.run(ns(ZERO_S + t), 1 << 20) !== STOP_TIME) this.#drain();
    this.#drain();
  }

  #drain(): void {
    const e = this.#engine;
    const rows = e.traceRows() >>> 0;
    for (let i = e.traceTaken() >>> 0; i < e.traceTotal() >>> 0; i++) {
      this.#trace.append(new Uint8Array(e.memory.buffer, (e.traceAt() >>> 0) + (i % rows) * TRACE_BYTES, TRACE_BYTES).slice());
    }
    e.drainTrace();
    const view = new DataView(e.memory.buffer);
    for (let i = 0; i < e.captured() >>> 0; i++) {
      const p = (e.captureAt() >>> 0) + i * 192;
      if (view.getInt32(p + 12, true) !== 0) continue;
      this.#run.frames.push({ t: Number(view.getBigInt64(p, true)) / NS - ZERO_S, port: this.#tables.names.ports[view.getInt32(p + 8, true)] ?? "", bytes: new Uint8Array(e.memory.buffer, p + 24, view.getInt32(p + 16, true)).slice() });
    }
    e.drainCapture();
  }

  #set(t: number, side: Side, what: string, value: string): void {
    const key = `${side} ${what}`;
    const old = this.#last.get(key) ?? "-";
    if (old === value) return;
    this.#last.set(key, value);
    this.#run.changes.push({ t, side, what, old, new: value });
  }

  #look(t: number): void {
    const e = this.#engine;
    this.#tables.lags.forEach((lag, index) => {
      const side = this.#tables.names.nodes[lag.node] as Side;
      const name = (port: number): string => (this.#tables.names.ports[port] ?? "").split(":")[1] ?? "";
      for (const m of lag.members) {
        const x = name(m.port);
        this.#set(t, side, `${x}.carrier`, String(e.portCarrier(m.port)));
        this.#set(t, side, `${x}.mii_status`, ["up", "going down", "down", "going back"][e.memberMii(m.port)] ?? "");
        this.#set(t, side, `${x}.state`, (e.memberUsable(m.port) & 2) !== 0 ? "active" : "backup");
        if (lag.lacp === null) continue;
        this.#set(t, side, `${x}.ad_aggregator_id`, String(lag.members.findIndex((o) => o.port === e.lacpAggregator(m.port)) + 1));
        this.#set(t, side, `${x}.ad_actor_oper_port_state`, String(e.lacpState(m.port)));
        this.#set(t, side, `${x}.ad_partner_oper_port_state`, String(e.lacpPartnerState(m.port)));
      }
      this.#set(t, side, "bond0.carrier", String(e.lagCarrier(index)));
      if (lag.lacp === null) { this.#set(t, side, "bond0.active_slave", e.lagActivePort(index) < 0 ? "" : name(e.lagActivePort(index))); return; }
      const active = e.lagAggregator(index);
      this.#set(t, side, "bond0.ad_aggregator", String(lag.members.findIndex((o) => o.port === active) + 1));
      this.#set(t, side, "bond0.ad_num_ports", String(lag.members.filter((m) => e.lacpAggregator(m.port) === active && e.memberMii(m.port) < 2).length));
    });
  }
}

/** Down times of flow directions, as gaps of the receiver. */
function outages(trace: Trace, tables: FlatTables, until: number): Gap[] {
  const since = new Map<number, number>();
  const gaps: Gap[] = [];
  const end = (key: number, t: number): void => {
    const from = since.get(key);
    const flow = tables.flows[key >> 1];
    since.delete(key);
    if (from === undefined || flow === undefined || t < 0) return;
    const l3 = tables.l3ifs[(key & 1) === 0 ? flow.to : flow.from];
    const receiver = tables.names.nodes[l3?.node ?? 0] as Gap["receiver"];
    gaps.push({ t: from, until: t, receiver, lost: Math.round((t - from) * 100) });
  };
  for (const r of trace) {
    const t = Number(r.at) / NS;
    if (r.kind === T_FLOW_DOWN) { if (!since.has(r.entity)) since.set(r.entity, t); } // a second one: another reason
    else if (r.kind === T_FLOW_UP) end(r.entity, t);
  }
  for (const key of [...since.keys()]) end(key, until);
  return gaps;
}

/** One run of a recording's events. `timing` says when each took effect. */
export async function runModel(f: Folder, seed: bigint, timing: (e: RigEvent) => Timing, later: (t: number) => number = () => 0, watch: readonly string[] = [], look?: Look): Promise<ModelRun> {
  const topology = pairTopology(f);
  const tables = compile(topology, { watched: new Set(watch) });
  const deaf = [0, 1].map((target): FlatStep => ({ atNs: ns(DEAF_S), op: FAULT_HANG, kind: TARGET_NODE, target, value: 0 }));
  const steps = [...deaf, ...f.events.flatMap((e) => stepsOf(e, timing(e), tables))].sort((a, b) => (a.atNs < b.atNs ? -1 : a.atNs > b.atNs ? 1 : 0));
  const engine = instantiateEngine(await wasm);
  load(engine, tables, { seed, steps, probes: null, capture: watch.length > 0 });
  const last = Math.max(...f.events.map((e) => e.t));
  return new Rig(engine, tables, look).go(last + later(last) + 1);
}
