// One active-backup recording: host A with two members on two ports of a switch, host H on a third.

import { FAULT_ACTIVATE, FAULT_FAIL, FAULT_REPAIR, FAULT_SILENT, TARGET_LINK, TARGET_PORT, T_GARP } from "../../../assembly/abi.ts";
import { compile, compileEngine, instantiateEngine, load } from "../../../bindings/engine/index.ts";
import { parseTopology, type Topology } from "../../../bindings/topology/index.ts";
import { empty, type Comparison } from "./compare.ts";
import { option, readFolder, rowsOf, type Folder, type RigEvent, type Row } from "./folders.ts";
import { View } from "./measure.ts";
import { Rig, ZERO_S, periodOf, setMacs, setOptions, type Look, type ModelRun } from "./rig.ts";
import { LOOK, MODEL_LOOK, judge, type Bound, type Slack } from "./rules.ts";
import { compareShown } from "./shown.ts";
import { memberOf } from "./vocabulary.ts";

export const PHASES = 20;
const INTERVAL = 0.005; // the flows' datagrams
const ARP_RETRY = 1; // a host whose neighbour entry went with the carrier asks each second
const KNOWN = new Set(["switch_port_down", "switch_port_up", "silent_block", "unblock", "admin_change_active"]);

const wasm = compileEngine();

/** A thing that was done: `zero` is when A's member lost or got its carrier, as recorded, else the command's end. */
interface Done { e: RigEvent; took: number; end: number; row: Row | null; zero: number }

interface Facts { M: number; u: number; d: number; primary: string | null; reselect: string }

export function topologyOf(f: Folder, text: string): Topology {
  const lines = [
    "dualhome: 1", "name: rig", "defaults: {link: {speed: 10G, delay: 2us, loss-detect: 1ns}}", "networks: {n: {vlan: 10, subnet: 10.0.0.0/24}}",
    "nodes:", "  A: {kind: server, network: n, address: 10.0.0.1, boot: 1ns}", "  H: {kind: server, network: n, address: 10.0.0.2, boot: 1ns}", "  sw: {kind: l2switch, boot: 1ns}",
    "links:", ...[0, 1].map((i) => `  - {endpoints: ["A:a${i}", "sw:Eth${i + 1}"], networks: [n]}`), `  - {endpoints: ["H:eth0", "sw:Eth3"], networks: [n]}`,
    "bonds:", `  "A:bond0": {members: [a0, a1], mode: active-backup}`,
    "flows:", ...[0, 1].flatMap((i) => [`  ah${i}: {from: A, to: H, protocol: udp, sport: ${41000 + i}, dport: ${5001 + i}}`]),
  ];
  const parsed = parseTopology(lines.join("\n"), "rig");
  if ("problems" in parsed) throw new Error(parsed.problems.map((p) => p.message).join("; "));
  setMacs(parsed.topology);
  for (const lag of parsed.topology.lags) setOptions(parsed.topology, lag, text, f);
  return parsed.topology;
}

export const done = (f: Folder, rows: readonly Row[], view: View): Done[] => {
  const list = f.events.filter((e) => KNOWN.has(e.event));
  const last = Math.max(...f.events.map((e) => e.t));
  return list.map((e, i) => {
    const end = list.slice(i + 1).find((n) => n.t > e.t)?.t ?? last;
    const changed = e.member === undefined ? null : view.first("A", `a${e.member}.carrier`, e.t, end, (now) => now === (e.event === "switch_port_down" ? "0" : "1"));
    const took = (e.t_done ?? e.t) - e.t;
    return { e, took, end, row: rows.find((r) => r["event"] === e.event && Math.abs(Number(r["t_event"]) - e.t) < 0.0006) ?? null, zero: e.event.startsWith("switch") ? Math.min(changed ?? e.t + took, e.t + took) : e.t + took };
  });
};

export async function run(f: Folder, text: string, list: readonly Done[], seed: bigint, shift: number, look?: Look): Promise<ModelRun> {
  const tables = compile(topologyOf(f, text));
  const steps = list.flatMap((d) => {
    const atNs = BigInt(Math.round((ZERO_S + d.zero + shift) * 1e9));
    const link = { atNs, kind: TARGET_LINK, target: memberOf(d.e) ?? 0 };
    switch (d.e.event) {
      case "switch_port_down": return [{ ...link, op: FAULT_FAIL, value: 0 }];
      case "silent_block": return [{ ...link, op: FAULT_SILENT, value: 3 }];
      case "admin_change_active": return [{ atNs, op: FAULT_ACTIVATE, kind: TARGET_PORT, target: tables.names.ports.indexOf(`A:${d.e.to}`), value: 0 }];
      default: return [{ ...link, op: FAULT_REPAIR, value: 0 }];
    }
  });
  const engine = instantiateEngine(await wasm);
  load(engine, tables, { seed, steps, probes: null, capture: false });
  return new Rig(engine, tables, look).go(Math.max(...f.events.map((e) => e.t)) + shift + 1);
}

/** Measures from `zero + shift`. `garps`: gratuitous ARPs in the window, where they are known. */
function measure(v: View, d: Done, shift: number, garps: number | undefined): Map<string, number> {
  const out = new Map<string, number>();
  const zero = d.zero + shift;
  const [from, to] = [d.e.t + shift - 1e-6, d.end + shift - 1e-6]; // the model acts in the very instant
  const put = (what: string, t: number | null): void => { if (t !== null) out.set(what, t - zero); };
  const m = `a${d.e.member ?? 0}`;
  put("active_changed", v.first("A", "bond0.active_slave", from, to, () => true));
  if (d.e.member !== undefined) {
    put("mii_down", v.first("A", `${m}.mii_status`, from, to, (now) => now === "down"));
    put("mii_up", v.first("A", `${m}.mii_status`, from, to, (now) => now === "up"));
  }
  for (const x of ["A", "H"] as const) {
    const gaps = v.gaps.filter((g) => g.receiver === x && g.t >= from - 0.02 && g.t < to);
    out.set(`outage_at_${x}`, Math.max(0, ...gaps.map((g) => g.until - g.t)));
  }
  if (garps !== undefined) out.set("garp_count", garps);
  return out;
}

/** What must hold, from the instant in which the carrier changed. */
function boundsOf(d: Done, all: readonly Done[], v: View, k: Facts, shift: number): Map<string, Bound> {
  const out = new Map<string, Bound>();
  const at = d.e.t + shift - 0.001;
  const active = v.at("A", "bond0.active_slave", at);
  const m = `a${d.e.member ?? 0}`;
  const other = m === "a0" ? "a1" : "a0";
  const none = { lo: 0, hi: 0 };
  const change = (bound: Bound): void => { out.set("active_changed", bound); };
  let outage: Bound = { lo: 0, hi: 0 };
  let garps = none;
  const next = all.find((o) => o.e.t > d.e.t && o.e.event === "switch_port_up");
  switch (d.e.event) {
    case "switch_port_down": {
      const seen = { lo: k.d, hi: k.d + k.M };
      const cutShort = d.end - d.zero < seen.hi; // the other member's port went down before the poll
      const gone = cutShort || v.at("A", `${other}.mii_status`, at) === "down" || v.at("A", `${other}.carrier`, at) === "0" || v.first("A", `${other}.carrier`, at, d.end + shift, (now) => now === "0") !== null;
      out.set("mii_down", { ...seen, may: d.end - d.zero < seen.hi });
      if (active === m) {
        change({ ...seen, may: gone });
        garps = gone ? { lo: 0, hi: 1 } : { lo: 1, hi: 1 };
        outage = { lo: 0, hi: gone && next !== undefined ? next.zero + next.took - d.zero + k.u + k.M + ARP_RETRY : seen.hi };
      } else if (gone) {
        change({ ...seen, may: true });
        garps = { lo: 0, hi: 1 };
        outage = { lo: 0, hi: next === undefined ? 0 : next.zero + next.took - d.zero + k.u + k.M + ARP_RETRY };
      }
      break;
    }
    case "switch_port_up": {
      const skip = active === "" || active === "-";
      const seen = { lo: skip ? 0 : k.u, hi: (skip ? 0 : k.u) + k.M };
      out.set("mii_up", { ...seen, may: v.at("A", `${m}.mii_status`, at) === "up" });
      const takes = skip || (k.primary === m && k.reselect === "always" && active !== m);
      if (takes) change(seen);
      garps = takes ? { lo: skip ? 0 : 1, hi: 1 } : none; // after both were gone the bond's own carrier is not back yet: a kernel sends none
      outage = skip ? { lo: 0, hi: k.M + ARP_RETRY } : none;
      break;
    }
    case "silent_block": { // no carrier is lost, so the monitor sees nothing
      const healed = all.find((o) => o.e.t > d.e.t && o.e.event === "unblock");
      if (active === m && healed !== undefined) outage = { lo: healed.e.t - d.e.t - d.took, hi: healed.zero - d.zero + healed.took + ARP_RETRY };
      break;
    }
    case "admin_change_active":
      if (active !== d.e.to) { change({ lo: 0, hi: 0 }); garps = { lo: 1, hi: 1 }; }
      break;
    default: break;
  }
  for (const x of ["A", "H"]) out.set(`outage_at_${x}`, { ...outage, lo: Math.max(0, outage.lo - INTERVAL), hi: outage.hi + 2 * INTERVAL, may: true });
  out.set("garp_count", garps);
  return out;
}

function factsOf(f: Folder, text: string): Facts {
  const miimon = Number(option(text, "miimon") ?? 100) / 1000;
  const M = periodOf(f, miimon);
  const polls = (word: string): number => Math.floor(Number(option(text, word) ?? 0) / 1000 / miimon) * M;
  return { M, u: polls("updelay"), d: polls("downdelay"), primary: option(text, "primary"), reselect: option(text, "primary_reselect") ?? "always" };
}

export async function compareActiveBackup(name: string): Promise<Comparison> {
  const f = readFolder(name);
  const out = empty();
  const setup = f.events.find((e) => e.event === "bond_setup");
  const text = [setup?.opts ?? "", ...(setup?.post ?? [])].join(" ");
  if (option(text, "arp_interval") !== null) return arpMonitored(f, text, out);
  const facts = factsOf(f, text);
  const real = new View(f.changes, f.gaps);
  const list = done(f, rowsOf("active_backup_events.csv", f), real);
  for (const d of list) {
    const recorded = measure(real, d, 0, d.row === null ? undefined : Number(d.row["garp_count"]));
    // a gap may be a busy machine's: what is short is not an outage
    const slack: Slack = { before: d.took + 0.02, after: LOOK + f.jiffy + d.took, drift: 0 };
    check(recorded, boundsOf(d, list, real, facts, 0), d, slack, out.real, "");
    out.measures += recorded.size;
    const cell = d.row?.["active_changed_after_event"] ?? "";
    const there = recorded.get("active_changed");
    if (cell !== "" && there !== undefined && Math.abs(there + d.zero - d.e.t - Number(cell)) > 0.006) out.table.push(`${d.e.event} at ${d.e.t}: active changed ${(there + d.zero - d.e.t).toFixed(3)} here, ${cell} in the table`);
  }
  const models = [];
  for (let k = 0; k < PHASES; k++) models.push(await phase(f, text, list, facts, k, out));
  out.overlapping = list.length;
  out.shown.push(...compareShown(f, models));
  return out;
}

async function phase(f: Folder, text: string, list: readonly Done[], facts: Facts, k: number, out: Comparison): Promise<{ view: View; shift: number }> {
  const shift = (k / PHASES) * facts.M;
  const r = await run(f, text, list, BigInt(k + 1), shift);
  const view = new View(r.changes, r.gaps);
  const garps = [...r.trace].filter((t) => t.kind === T_GARP && r.tables.names.l3ifs[t.entity]?.startsWith("A:") === true);
  for (const d of list) {
    const within = (t: number): boolean => t >= d.e.t + shift - 1e-6 && t < d.end + shift - 1e-6;
    const n = garps.filter((t) => within(Number(t.at) / 1e9)).reduce((sum, t) => sum + t.b, 0);
    check(measure(view, d, shift, n), boundsOf(d, list, view, facts, shift), d, { before: 1e-6, after: MODEL_LOOK, drift: 0 }, out.model, ` (phase ${shift.toFixed(3)})`);
  }
  return { view, shift };
}

function check(values: ReadonlyMap<string, number>, bounds: ReadonlyMap<string, Bound>, d: Done, slack: Slack, wrong: string[], phase: string): void {
  for (const what of new Set([...values.keys(), ...bounds.keys()])) {
    const exact = what === "garp_count";
    if (exact && !values.has(what)) continue;
    const text = judge(values.get(what), bounds.get(what), d.end - d.zero, exact ? { before: 0, after: 0, drift: 0 } : slack);
    if (text !== null) wrong.push(`${d.e.event} ${d.e.member ?? d.e.to ?? ""} at ${d.e.t}${phase}: ${what} ${text}`);
  }
}

/**
 * The engine has no ARP monitor. What is held here is the recording against the rule that it would have to follow: the active
 * member is given up when nothing came for missed_max intervals and a half, looked at once an interval.
 */
function arpMonitored(f: Folder, text: string, out: Comparison): Comparison {
  const D = periodOf(f, Number(option(text, "arp_interval")) / 1000);
  const missed = Number(option(text, "arp_missed_max") ?? 2);
  const view = new View(f.changes, f.gaps);
  for (const row of rowsOf("active_backup_events.csv", f)) {
    if (row["event"] !== "silent_block" || row["active_to"] === undefined || row["active_to"] === "") continue;
    const changed = Number(row["active_changed_after_event"]);
    out.measures += 1;
    // heard last up to an interval before; the member that is new has a grace of two intervals
    const hi = (missed + 3) * D + Number(row["command_took"]) + LOOK;
    if (changed < (missed - 1) * D || changed > hi) out.real.push(`silent_block at ${row["t_event"]}: active changed after ${changed}, not in ${((missed - 1) * D).toFixed(3)} to ${hi.toFixed(3)}`);
  }
  if (out.measures === 0) for (const c of view.of("A", "bond0.active_slave")) out.measures += c.t >= 0 ? 1 : 0;
  return out;
}
