// The engine in place of the two namespaces: the same bonds, the same events at the same times, and a reader that looks at the
// members as the recorder looked at sysfs. What it yields has the form of state.csv and traffic.csv.

import {
  CAPTURE_BYTES, CAPTURE_HEADER, FAULT_CARRIER, FAULT_DOWN, FAULT_ENSLAVE, FAULT_FAIL, FAULT_HANG, FAULT_RELEASE, FAULT_REPAIR, FAULT_SILENT, FAULT_UP, STOP_TIME, TARGET_LAG, TARGET_LINK, TARGET_NODE, TARGET_PORT,
  T_FLOW_DOWN, T_FLOW_UP, TRACE_BYTES,
} from "../../../assembly/abi.ts";
import { compile, compileEngine, instantiateEngine, load } from "../../../bindings/engine/index.ts";
import type { EngineExports, FlatTables } from "../../../bindings/engine/index.ts";
import { parseTopology, type Topology } from "../../../bindings/topology/index.ts";
import { Trace } from "../../../bindings/trace/records.ts";
import type { Change, Folder, Gap, RigEvent, Side } from "./folders.ts";
import { SIDES, option } from "./folders.ts";
import { actionOf, directionOf, memberOf, sideOf, type Action } from "./vocabulary.ts";

export interface WireFrame { t: number; port: string; bytes: Uint8Array }
export interface ModelRun { changes: Change[]; gaps: Gap[]; frames: WireFrame[]; trace: Trace; tables: FlatTables }
interface FlatStep { atNs: bigint; op: number; kind: number; target: number; value: number }

/** Scenario second 0 in the engine: both ends were switched on before, and are deaf until their bonds are made. */
export const ZERO_S = 3;
const DEAF_S = 2;
const LOOK_S = 0.01; // the reader's period
const NS = 1e9;
const ns = (s: number): bigint => BigInt(Math.round(s * NS));

/**
 * A driver's period. The timer wheel (kernel/time/timer.c, calc_index) fires in the next slot of its level: n jiffies take n + 1 below 63, and
 * are rounded up to the next multiple of 8 below 504, of 64 above; work that re-arms itself starts at such a multiple.
 */
export function periodOf(f: Pick<Folder, "jiffy">, seconds: number): number {
  const n = Math.ceil(seconds / f.jiffy - 1e-9);
  const slot = n < 63 ? 1 : n < 504 ? 8 : 64;
  return (Math.floor(n / slot) + 1) * slot * f.jiffy;
}
export const tickOf = (f: Pick<Folder, "jiffy">): number => periodOf(f, 0.1);

const wasm = compileEngine();

/** Called every LOOK_S. */
export type Look = (t: number, changed: boolean, engine: EngineExports, tables: FlatTables) => void;

export interface BondOptions { members: string[]; text: string }
/** A bond of the recording. The model has each on a node of its own: to the other side they are two systems either way. */
export interface RigBond extends BondOptions { side: Side; name: string; node: string }

/** Every bond that was ever made. A side's second one has other members. */
export function allBonds(f: Folder): RigBond[] {
  const out: RigBond[] = [];
  for (const e of f.events) {
    if (e.event !== "bond_setup" || e.members === undefined) continue;
    const side = e.side ?? "A";
    if (out.some((b) => b.side === side && b.members.some((m) => e.members?.includes(m)))) continue;
    const k = out.filter((b) => b.side === side).length;
    out.push({ side, name: [e.bond, e.dev, e.name].find((n) => /^bond\d+$/.test(n ?? "")) ?? `bond${k}`, node: k === 0 ? side : `${side}${k}`, members: e.members, text: [e.opts ?? "", ...(e.post ?? [])].join(" ") });
  }
  return out;
}

/** The first bond of each side, with the other side's options where the recording says nothing. */
export function bondsOf(f: Folder): Record<Side, BondOptions> {
  const all = allBonds(f);
  const of = (side: Side): BondOptions => {
    const own = all.find((b) => b.side === side);
    const other = own ?? all[0];
    return { members: own?.members ?? (other?.members ?? []).map((m) => side.toLowerCase() + m.slice(1)), text: other?.text ?? "" };
  };
  return { A: of("A"), B: of("B") };
}

/** The bonds that the model has: those of the recording, and one for a side that never has any. */
export function modelBonds(f: Folder): RigBond[] {
  const all = allBonds(f);
  for (const side of SIDES) if (!all.some((b) => b.side === side)) all.push({ side, name: "bond0", node: side, ...bondsOf(f)[side] });
  return all.sort((a, b) => (a.node < b.node ? -1 : 1));
}

/** The bond that an event of a side is about: by its name, its members, or a member. */
export function bondOf(f: Folder, e: RigEvent, side: Side): RigBond {
  const own = modelBonds(f).filter((b) => b.side === side);
  const named = own.find((b) => [e.bond, e.dev, e.name].includes(b.name)) ?? own.find((b) => e.members?.some((m) => b.members.includes(m)) === true)
    ?? own.find((b) => e.event.includes(b.name)) ?? own.find((b) => memberOf(e) !== undefined && b.members.includes(`${side.toLowerCase()}${memberOf(e)}`));
  if (named !== undefined) return named;
  return nextMade(f, e, side, own) ?? own[0]!;
}

/** "bond_up" that does not say of which bond: of those that were set up, the one that has waited longest. */
function nextMade(f: Folder, e: RigEvent, side: Side, own: readonly RigBond[]): RigBond | undefined {
  if (own.length === 1) return own[0];
  const waiting: RigBond[] = [];
  for (const o of f.events) {
    if ((o.side ?? "A") !== side) continue;
    const made = o.event === "bond_setup" ? own.find((b) => o.members?.some((m) => b.members.includes(m))) : undefined;
    if (made !== undefined && !waiting.includes(made)) waiting.push(made);
    if (o === e) return waiting[0];
    if (o.event === "bond_up") waiting.shift();
  }
  return waiting[0];
}

export function pairTopology(f: Folder): Topology {
  const bonds = modelBonds(f);
  const b = bonds.filter((x) => x.side === "B");
  const cable = (m: string): string => {
    const far = `b${m.slice(1)}`;
    const owner = b.find((x) => x.members.includes(far)) ?? b[0]!;
    return `  - {endpoints: ["A:${m}", "${owner.node}:${far}"], media-converter: true}`;
  };
  const most = [...new Set(bonds.flatMap((x) => x.members.map((m) => m.slice(1))))].sort((x, y) => Number(x) - Number(y));
  const ofA = bonds.find((x) => x.side === "A")!;
  const members = (x: RigBond): string[] => (x === ofA ? most.map((n) => `a${n}`) : b.length > 1 ? x.members : most.map((n) => `b${n}`));
  const flows = b.flatMap((x) => [...Array(8 / b.length).keys()].flatMap((i) => [
    `  a${x.node}${i}: {from: A, to: ${x.node}, protocol: udp, sport: ${41000 + 7 * i}, dport: ${5001 + i}}`, `  ${x.node}a${i}: {from: ${x.node}, to: A, protocol: udp, sport: ${42000 + 5 * i}, dport: ${6001 + i}}`]));
  const lines = [
    "dualhome: 1", "name: rig", "defaults: {link: {speed: 10G, delay: 2us, loss-detect: 1ns}}", "networks: {n: {vlan: 10, subnet: 10.0.0.0/24}}",
    "nodes:", ...bonds.map((x, i) => `  ${x.node}: {kind: server, network: n, address: 10.0.0.${i + 1}, boot: 1ns}`),
    "links:", ...most.map((n) => cable(`a${n}`)),
    "bonds:", ...bonds.map((x) => `  "${x.node}:${x.name}": {members: [${members(x).join(", ")}], mode: 802.3ad, ad-select: stable, transmit-hash-policy: layer3+4}`),
    "flows:", ...flows,
  ];
  const parsed = parseTopology(lines.join("\n"), "rig");
  if ("problems" in parsed) throw new Error(parsed.problems.map((p) => p.message).join("; "));
  setMacs(parsed.topology, bonds);
  for (const lag of parsed.topology.lags) setOptions(parsed.topology, lag, bonds.find((x) => x.node === lag.node)?.text ?? "", f);
  return parsed.topology;
}

/** Member i has the address 02:aa:00:00:00:0i at A, 02:bb:.. at B; the model gives the k-th port of a node the node's plus k. */
export function setMacs(topology: Topology, bonds: readonly RigBond[] = []): void {
  for (const node of topology.nodes) {
    const side = SIDE_MACS[node.name.slice(0, 1)];
    if (side !== undefined) node.mac = side + BigInt(bonds.find((b) => b.node === node.name)?.members[0]?.slice(1) ?? 0) - 1n;
  }
}
const SIDE_MACS: Record<string, bigint> = { A: 0x02aa00000000n, B: 0x02bb00000000n };

type Lag = Topology["lags"][number];

/** AD_RX_PORT_DISABLED of ad_rx_machine clears the partner's Sync bit in 6.1.192 and 6.12.117 (linux-source-6.1 and -6.12 of Debian); 6.1.176 left it as it was. */
export const keepsSync = (f: Pick<Folder, "kernel">): boolean => f.kernel === "6.1" || f.kernel === "6.1.176";

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
    lag.lacp.fast = ["fast", "1"].includes(option(text, "lacp_rate") ?? "slow");
    lag.lacp.keepsSync = keepsSync(f);
    lag.lacp.active = !["off", "0"].includes(option(text, "lacp_active") ?? "on");
    lag.lacp.key |= Number(option(text, "ad_user_port_key") ?? 0) << 6;
    lag.lacp.systemPriority = Number(option(text, "ad_actor_sys_prio") ?? lag.lacp.systemPriority);
  }
  setMonitor(lag, text, f);
  const node = topology.nodes.find((n) => n.name === lag.node);
  if (node !== undefined) node.lacpTickNs = ns(tickOf(f));
}

const FAIL_OVER_MAC = ["none", "active", "follow"] as const;
const VALIDATE = ["none", "active", "backup", "all", "filter", "filter_active", "filter_backup"] as const;

/** In ms: `ip link` calls it peer_notify_delay, sysfs peer_notif_delay. */
export const notifyDelay = (text: string): string => option(text, "peer_notify_delay") ?? option(text, "peer_notif_delay") ?? "0";

/** arp_ip_target, as `ip link` and sysfs take several. */
export const arpTargets = (text: string): string[] => (option(text, "arp_ip_target") ?? "H").split(/[,+]/).filter((x) => x !== "");

/** What only active-backup has: its MAC policy and the ARP monitor, which asks H. */
function setMonitor(lag: Lag, text: string, f: Folder): void {
  const b = lag.bond;
  if (b === undefined) return;
  const named = (words: readonly string[], word: string): string => { const v = option(text, word) ?? "0"; return words[Number(v)] ?? v; };
  b.failOverMac = named(FAIL_OVER_MAC, "fail_over_mac") as typeof b.failOverMac;
  const spacing = Number(notifyDelay(text));
  const base = Number(option(text, "arp_interval") ?? 0) || Number(option(text, "miimon") ?? 100);
  b.peerNotifyDelayNs = ns(Math.floor(spacing / base) * periodOf(f, base / 1000));
  const interval = option(text, "arp_interval");
  if (interval === null || Number(interval) === 0) return;
  lag.miimonNs = 0n;
  b.arpIntervalNs = ns(periodOf(f, Number(interval) / 1000));
  b.arpTargets = arpTargets(text).map((_, i) => `10.0.0.${i + 2}`); // H, then hosts beside it
  b.arpValidate = named(VALIDATE, "arp_validate").replace("_", "-") as typeof b.arpValidate;
  b.arpMissedMax = Number(option(text, "arp_missed_max") ?? option(text, "missed_max") ?? 2);
  b.arpAllTargets = ["all", "1"].includes(option(text, "arp_all_targets") ?? "");
}

/** When things of an event happen to the model: at the effect that the recording shows, by direction. */
export interface Timing { at: number; reaches: Record<Side, number> }

/** The steps of an event. A bond that does not exist yet, or no more, is a node that is deaf. */
function stepsOf(f: Folder, e: RigEvent, when: Timing, t: FlatTables): FlatStep[] {
  const step = (op: number, kind: number, target: number, s: number, value = 0): FlatStep => {
    if (target < 0) throw new Error(`${f.name}: the model has nothing that "${e.event}" at ${e.t} s could be done to`);
    return { atNs: ns(ZERO_S + s), op, kind, target, value };
  };
  const link = (op: number, s: number, value = 0): FlatStep => step(op, TARGET_LINK, t.names.links.findIndex((name) => name.startsWith(`A:a${memberOf(e) ?? 0}--`)), s, value);
  const side = sideOf(e);
  const bond = bondOf(f, e, side);
  const action = actionOf(e);
  if (action !== "quiet" && action?.startsWith("bond") === false && memberOf(e) === undefined) throw new Error(`${f.name}: event "${e.event}" at ${e.t} s does not say which member: ${JSON.stringify(e)}`);
  const node = (op: number): FlatStep => step(op, TARGET_NODE, t.names.nodes.indexOf(bond.node), when.at);
  const lag = (op: number): FlatStep => step(op, TARGET_LAG, t.names.lags.indexOf(`${bond.node}:${bond.name}`), when.at);
  const port = (op: number): FlatStep => step(op, TARGET_PORT, t.names.ports.indexOf(`${bond.node}:${side.toLowerCase()}${memberOf(e) ?? 0}`), when.at);
  switch (action) {
    case "bond up": case "bond opened": return isOpen(f, e) ? [node(FAULT_REPAIR)] : [lag(FAULT_UP)];
    case "bond deleted": return modelBonds(f).filter((b) => b.side === side && (e.bond === undefined || b === bond || b.name === e.bond))
      .map((b) => step(FAULT_HANG, TARGET_NODE, t.names.nodes.indexOf(b.node), when.at));
    case "bond down": return [lag(FAULT_DOWN)];
    case "cut": return [link(FAULT_FAIL, when.at)];
    case "cable back": case "unblock": case "carrier back": return [link(FAULT_REPAIR, when.at)];
    case "silent": {
      const steps: FlatStep[] = [];
      if (directionOf(e) !== "B to A") steps.push(link(FAULT_SILENT, when.reaches.B, 1));
      if (directionOf(e) !== "A to B") steps.push(link(FAULT_SILENT, when.reaches.A, 2));
      return steps;
    }
    case "carrier lost": return [link(FAULT_CARRIER, when.at, side === "A" ? 1 : 2)];
    case "release": return [port(FAULT_RELEASE)];
    case "enslave": return [port(FAULT_ENSLAVE)];
    case "member down": return [port(FAULT_DOWN)];
    case "member up": return [port(FAULT_UP)];
    default: return [];
  }
}

/** "bond_up": is it made, or opened again after it had been set down? True: it is made. */
export function isOpen(f: Folder, e: RigEvent): boolean {
  const of = (o: RigEvent): string => bondOf(f, o, sideOf(o)).node;
  const before = f.events.findLast((o) => o.t < e.t && LIVES.has(actionOf(o) ?? "quiet") && of(o) === of(e));
  return before === undefined || actionOf(before) !== "bond down";
}
const LIVES: ReadonlySet<Action> = new Set(["bond down", "bond deleted", "bond up", "bond opened"]);

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
      const p = (e.captureAt() >>> 0) + i * CAPTURE_BYTES;
      if (view.getInt32(p + 12, true) !== 0) continue;
      this.#run.frames.push({ t: Number(view.getBigInt64(p, true)) / NS - ZERO_S, port: this.#tables.names.ports[view.getInt32(p + 8, true)] ?? "", bytes: new Uint8Array(e.memory.buffer, p + CAPTURE_HEADER, view.getInt32(p + 16, true)).slice() });
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
      const side = (this.#tables.names.nodes[lag.node] ?? "A").slice(0, 1) as Side;
      const bond = (this.#tables.names.lags[index] ?? "").split(":")[1] ?? "bond0";
      const name = (port: number): string => (this.#tables.names.ports[port] ?? "").split(":")[1] ?? "";
      for (const m of lag.members) {
        const x = name(m.port);
        this.#set(t, side, `${x}.carrier`, String(e.portCarrier(m.port)));
        if (e.memberGone(m.port) === 1) { for (const what of OF_MEMBER) this.#set(t, side, `${x}.${what}`, "-"); continue; }
        this.#set(t, side, `${x}.mii_status`, ["up", "going down", "down", "going back"][e.memberMii(m.port)] ?? "");
        this.#set(t, side, `${x}.state`, (e.memberUsable(m.port) & 2) !== 0 ? "active" : "backup");
        if (lag.lacp === null) continue;
        this.#set(t, side, `${x}.ad_aggregator_id`, String(e.lacpAggregatorId(m.port)));
        this.#set(t, side, `${x}.ad_actor_oper_port_state`, String(e.lacpState(m.port)));
        this.#set(t, side, `${x}.ad_partner_oper_port_state`, String(e.lacpPartnerState(m.port)));
      }
      this.#set(t, side, `${bond}.carrier`, String(e.lagCarrier(index)));
      if (lag.lacp === null) { this.#set(t, side, `${bond}.active_slave`, e.lagActivePort(index) < 0 ? "" : name(e.lagActivePort(index))); return; }
      const active = e.lagAggregator(index);
      this.#set(t, side, `${bond}.ad_aggregator`, String(e.lagAggregatorId(index)));
      this.#set(t, side, `${bond}.ad_num_ports`, String(active < 0 ? 0 : lag.members.filter((m) => e.lacpAggregator(m.port) === active && e.memberMii(m.port) < 2).length));
    });
  }
}

/** What sysfs has of a member while it is one. */
const OF_MEMBER = ["mii_status", "state", "ad_aggregator_id", "ad_actor_oper_port_state", "ad_partner_oper_port_state"];

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
    const receiver = (tables.names.nodes[l3?.node ?? 0] ?? "A").slice(0, 1) as Gap["receiver"];
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
  const deaf = tables.nodes.map((_, target): FlatStep => ({ atNs: ns(DEAF_S), op: FAULT_HANG, kind: TARGET_NODE, target, value: 0 }));
  const steps = [...deaf, ...f.events.flatMap((e) => stepsOf(f, e, timing(e), tables))].sort((a, b) => (a.atNs < b.atNs ? -1 : a.atNs > b.atNs ? 1 : 0));
  const engine = instantiateEngine(await wasm);
  load(engine, tables, { seed, steps, probes: null, capture: watch.length > 0 });
  const last = Math.max(...f.events.map((e) => e.t));
  return new Rig(engine, tables, look).go(last + later(last) + 1);
}
