// One active-backup recording: host A with two members on two ports of a switch, host H on a third.

import {
  FAULT_ACTIVATE, FAULT_DOWN, FAULT_ENSLAVE, FAULT_FAIL, FAULT_RELEASE, FAULT_REPAIR, FAULT_SILENT, FAULT_UP, TARGET_LAG, TARGET_LINK, TARGET_PORT, T_GARP,
} from "../../../assembly/abi.ts";
import { compile, compileEngine, instantiateEngine, load } from "../../../bindings/engine/index.ts";
import { parseTopology, type Topology } from "../../../bindings/topology/index.ts";
import { empty, type Comparison } from "./compare.ts";
import { option, readFolder, rowsOf, type Folder, type RigEvent, type Row } from "./folders.ts";
import { View } from "./measure.ts";
import { Rig, ZERO_S, arpTargets, notifyDelay, periodOf, setMacs, setOptions, type Look, type ModelRun } from "./rig.ts";
import { LOOK, MODEL_LOOK, judge, type Bound, type Slack } from "./rules.ts";
import { compareShown } from "./shown.ts";
import { actionOf, memberOf, unknownText, type Action } from "./vocabulary.ts";

export const PHASES = 20;
const ARP_RETRY = 1; // a host whose neighbour entry went with the carrier asks each second
const LINK: Partial<Record<Action, readonly [number, number]>> = { // what is done to the member's cable
  "switch port down": [FAULT_FAIL, 0], cut: [FAULT_FAIL, 0], "carrier lost": [FAULT_FAIL, 0], silent: [FAULT_SILENT, 3],
  "switch port up": [FAULT_REPAIR, 0], "cable back": [FAULT_REPAIR, 0], "carrier back": [FAULT_REPAIR, 0], unblock: [FAULT_REPAIR, 0],
};
const PORT: Partial<Record<Action, number>> = { "member down": FAULT_DOWN, "member up": FAULT_UP, release: FAULT_RELEASE, enslave: FAULT_ENSLAVE };
const BOND: Partial<Record<Action, number>> = { "bond down": FAULT_DOWN, "bond opened": FAULT_UP, "bond up": FAULT_UP };
const FAILS: ReadonlySet<Action> = new Set(["switch port down", "cut", "carrier lost", "member down", "release"]);
const RETURNS: ReadonlySet<Action> = new Set(["switch port up", "cable back", "carrier back", "member up", "enslave"]);

const wasm = compileEngine();

/** A thing that was done: `zero` is when A's member lost or got its carrier, as recorded, else the command's end. */
interface Done { e: RigEvent; action: Action; member: number | undefined; took: number; end: number; row: Row | null; zero: number }

interface Facts {
  M: number; u: number; d: number; primary: string | null; reselect: string; interval: number;
  arp: Arp | null;
  notices: number; spacing: number; // gratuitous ARPs of a change
}
/** The ARP monitor: its real period, and how many of them a member may be silent. `validates`: only ARP counts, at the active member. */
interface Arp { D: number; P: number; missed: number; validates: boolean }

export function topologyOf(f: Folder, text: string): Topology {
  const others = arpTargets(text).slice(1);
  const lines = [
    "dualhome: 1", "name: rig", "defaults: {link: {speed: 10G, delay: 2us, loss-detect: 1ns}}", "networks: {n: {vlan: 10, subnet: 10.0.0.0/24}}",
    "nodes:", "  A: {kind: server, network: n, address: 10.0.0.1, boot: 1ns}", "  H: {kind: server, network: n, address: 10.0.0.2, boot: 1ns}", "  sw: {kind: l2switch, boot: 1ns}",
    ...others.map((_, i) => `  T${i + 1}: {kind: server, network: n, address: 10.0.0.${i + 3}, boot: 1ns}`),
    "links:", ...others.map((_, i) => `  - {endpoints: ["T${i + 1}:eth0", "sw:Eth${i + 4}"], networks: [n]}`), ...[0, 1].map((i) => `  - {endpoints: ["A:a${i}", "sw:Eth${i + 1}"], networks: [n]}`), `  - {endpoints: ["H:eth0", "sw:Eth3"], networks: [n]}`,
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
  const list = f.events.filter((e) => e.event !== "bond_setup" && e.event !== "bond_up" && !["quiet", null].includes(actionOf(e)));
  const last = Math.max(...f.events.map((e) => e.t));
  return list.map((e, i): Done => {
    const action = actionOf(e) ?? "quiet";
    const end = list.slice(i + 1).find((n) => n.t > e.t)?.t ?? last;
    const member = action === "activate" || action.startsWith("bond") ? undefined : memberOf(e);
    const moves = FAILS.has(action) || RETURNS.has(action);
    const changed = member === undefined ? null : view.first("A", `a${member}.carrier`, e.t, end, (now) => now === (FAILS.has(action) ? "0" : "1"));
    const took = (e.t_done ?? e.t) - e.t;
    return { e, action, member, took, end, row: rows.find((r) => r["event"] === e.event && Math.abs(Number(r["t_event"]) - e.t) < 0.0006) ?? null, zero: moves ? Math.min(changed ?? e.t + took, e.t + took) : e.t + took };
  });
};

export async function run(f: Folder, text: string, list: readonly Done[], seed: bigint, shift: number, look?: Look): Promise<ModelRun> {
  const tables = compile(topologyOf(f, text));
  const portAt = (name: string): number => tables.names.ports.indexOf(`A:${name}`);
  const steps = list.flatMap((d) => {
    const atNs = BigInt(Math.round((ZERO_S + d.zero + shift) * 1e9));
    const [link, port, bond] = [LINK[d.action], PORT[d.action], BOND[d.action]];
    if (d.action === "activate") return [{ atNs, op: FAULT_ACTIVATE, kind: TARGET_PORT, target: portAt(d.e.to ?? ""), value: 0 }];
    if (bond !== undefined) return [{ atNs, op: bond, kind: TARGET_LAG, target: 0, value: 0 }];
    if (d.member === undefined) throw new Error(`${f.name}: event "${d.e.event}" at ${d.e.t} s does not say which member: ${JSON.stringify(d.e)}`);
    if (port !== undefined) return [{ atNs, op: port, kind: TARGET_PORT, target: portAt(`a${d.member}`), value: 0 }];
    const target = tables.names.links.findIndex((name) => name.startsWith(`A:a${d.member}--`));
    return link === undefined ? [] : [{ atNs, op: link[0], kind: TARGET_LINK, target, value: link[1] }];
  });
  const engine = instantiateEngine(await wasm);
  // Without arp_validate any frame counts as heard: then the flows' datagrams are sent, and not only thought of.
  const counts = option(text, "arp_interval") !== null && (option(text, "arp_validate") ?? "none") !== "all";
  const probes = counts ? { intervalNs: BigInt(Math.round(f.interval * 1e9)), fromNs: BigInt(ZERO_S * 1e9) } : null;
  load(engine, tables, { seed, steps, probes, capture: false });
  return new Rig(engine, tables, look).go(Math.max(...f.events.map((e) => e.t)) + shift + 1);
}

/** Measures from `zero + shift`. `garps`: gratuitous ARPs in the window, where they are known. */
function measure(v: View, d: Done, shift: number, garps: number | undefined): Map<string, number> {
  const out = new Map<string, number>();
  const zero = d.zero + shift;
  const [from, to] = [d.e.t + shift - 1e-6, d.end + shift - 1e-6]; // the model acts in the very instant
  const put = (what: string, t: number | null): void => { if (t !== null) out.set(what, t - zero); };
  const m = `a${d.member ?? 0}`;
  put("active_changed", v.first("A", "bond0.active_slave", from, to, () => true));
  if (d.member !== undefined) {
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

/** When the monitor has given a member up, and when it takes one back, since its carrier or its frames went or came. */
function monitored(k: Facts, isActive: boolean): { lost: Bound; back: Bound } {
  const seen = { lost: { lo: k.d, hi: k.d + k.M }, back: { lo: k.u, hi: k.u + k.M } };
  if (k.arp === null) return seen;
  // bond_ab_arp_inspect, once a period P. Something counts as heard within k when it came k intervals and a half ago at most. A member
  // whose ARP is validated heard last in the instant of a look, so the silence is missed + 1 looks old when it is too long, and
  // began up to a look later than that; any other heard its last frame when the silence began. A backup has one interval more.
  const { D, P, missed, validates } = k.arp;
  const allowed = missed + (isActive ? 0 : 1);
  return { lost: { lo: validates || !isActive ? allowed * D : (allowed + 0.5) * D, hi: (allowed + 1.5) * P }, back: { lo: 0, hi: 2 * P } };
}

/** So many notices of a change that came by `hi`, while the window lasts. */
function announced(d: Done, k: Facts, hi: number): Bound {
  const room = Math.max(0, d.end - d.zero - d.took - hi - 0.2);
  return { lo: Math.min(k.notices, 1 + Math.floor(room / k.spacing)), hi: k.notices };
}

/** What must hold, from the instant in which the carrier changed. */
function boundsOf(d: Done, all: readonly Done[], v: View, k: Facts, shift: number): Map<string, Bound> {
  const out = new Map<string, Bound>();
  const at = d.e.t + shift - 0.001;
  const active = v.at("A", "bond0.active_slave", at);
  const m = `a${d.member ?? 0}`;
  const other = m === "a0" ? "a1" : "a0";
  const none = { lo: 0, hi: 0 };
  const change = (bound: Bound): void => { out.set("active_changed", bound); };
  const seen = monitored(k, active === m);
  const next = all.find((o) => o.e.t > d.e.t && RETURNS.has(o.action));
  const untilReturn = (): number => (next === undefined ? 0 : next.zero + next.took - d.zero + k.u + k.M + (k.arp?.P ?? 0) * 4 + ARP_RETRY);
  let outage: Bound = { lo: 0, hi: 0 };
  let garps = none;
  const notices = announced(d, k, seen.lost.hi);
  const fails = (bound: Bound): void => {
    const cutShort = d.end - d.zero < bound.hi; // the other member's port went down before the poll
    const gone = cutShort || v.at("A", `${other}.mii_status`, at) === "down" || v.at("A", `${other}.carrier`, at) === "0" || v.first("A", `${other}.carrier`, at, d.end + shift, (now) => now === "0") !== null;
    out.set("mii_down", { ...bound, may: cutShort || d.action === "release" || v.at("A", `${m}.mii_status`, at) === "down" });
    if (gone && k.arp !== null) { // both are silent: the second is active for its grace of two periods, and given up then
      for (const what of ["mii_down", "active_changed"]) out.set(what, { lo: 0, hi: 2 * bound.hi + 4 * k.arp.P, may: true });
      garps = { lo: 0, hi: 2 * k.notices };
      outage = { lo: 0, hi: untilReturn() };
      return;
    }
    if (active === m) {
      change({ ...bound, may: gone });
      if (k.arp !== null && !k.arp.validates) { // a backup heard the last request a while before: both may be given up in one look, and are tried in turn
        out.set("mii_down", { ...bound, hi: bound.hi + 3 * k.arp.P, may: true }); // one that is tried is "going back", often in the very look that gave it up (bond_ab_arp_probe)
        garps = { lo: 0, hi: 2 * k.notices };
        outage = { lo: 0, hi: bound.hi + 3 * k.arp.P + ARP_RETRY };
        return;
      }
      garps = gone ? { lo: 0, hi: k.notices } : notices;
      outage = { lo: 0, hi: gone && next !== undefined ? untilReturn() : bound.hi };
    } else if (gone) {
      change({ ...bound, may: true });
      garps = { lo: 0, hi: k.notices };
      outage = { lo: 0, hi: untilReturn() };
    }
  };
  const returns = (): void => {
    const skip = active === "" || active === "-";
    // nothing is active: the ARP monitor tries one member a period
    const bound = skip ? { lo: 0, hi: k.arp === null ? k.M : 4 * k.arp.P } : seen.back;
    out.set("mii_up", { ...bound, may: v.at("A", `${m}.mii_status`, at) === "up" });
    const takes = skip || (k.primary === m && k.reselect === "always" && active !== m);
    if (takes) change({ ...bound, may: v.at("A", `${m}.mii_status`, at) === "up" });
    garps = takes ? { lo: skip ? 0 : announced(d, k, bound.hi).lo, hi: k.notices } : none; // after both were gone the bond's own carrier is not back yet: a kernel sends none
    outage = skip ? { lo: 0, hi: bound.hi + ARP_RETRY } : none;
  };
  switch (d.action) {
    case "switch port down": case "cut": case "carrier lost": case "member down": fails(seen.lost); break;
    case "release": fails(none); break;
    case "switch port up": case "cable back": case "carrier back": case "member up": case "enslave": returns(); break;
    case "unblock": if (k.arp !== null) returns(); break;
    case "silent": { // no carrier is lost: the MII monitor sees nothing, the ARP monitor does
      if (k.arp !== null) { fails(seen.lost); break; }
      const healed = all.find((o) => o.e.t > d.e.t && o.action === "unblock");
      if (active === m && healed !== undefined) outage = { lo: healed.e.t - d.e.t - d.took, hi: healed.zero - d.zero + healed.took + ARP_RETRY };
      break;
    }
    case "activate":
      if (active !== d.e.to) { change({ lo: 0, hi: 0 }); garps = announced(d, k, 0); }
      break;
    default: // the bond as a whole: what passes is nothing, and who is active afterwards is held by the next event
      change({ lo: 0, hi: Infinity, may: true });
      garps = { lo: 0, hi: k.notices };
      outage = { lo: 0, hi: Infinity };
  }
  for (const x of ["A", "H"]) out.set(`outage_at_${x}`, { ...outage, lo: Math.max(0, outage.lo - k.interval), hi: outage.hi + 2 * k.interval, may: true });
  out.set("garp_count", garps);
  return out;
}

function factsOf(f: Folder, text: string): Facts {
  const miimon = Number(option(text, "miimon") ?? 100) / 1000;
  const M = periodOf(f, miimon);
  const polls = (word: string): number => Math.floor(Number(option(text, word) ?? 0) / 1000 / miimon) * M;
  const D = Number(option(text, "arp_interval") ?? 0) / 1000;
  const validates = !["none", "0", "backup", "2"].includes(option(text, "arp_validate") ?? "none"); // with filter, too, only ARP counts
  const arp = D > 0 ? { D, P: periodOf(f, D), missed: Number(option(text, "arp_missed_max") ?? option(text, "missed_max") ?? 2), validates } : null;
  const poll = arp?.P ?? M;
  return {
    M, u: polls("updelay"), d: polls("downdelay"), primary: option(text, "primary"), reselect: option(text, "primary_reselect") ?? "always", interval: f.interval, arp,
    notices: Number(option(text, "num_grat_arp") ?? option(text, "num_unsol_na") ?? 1), spacing: Math.max(1, Math.floor(Number(notifyDelay(text)) / 1000 / (arp === null ? miimon : D))) * poll,
  };
}

export async function compareActiveBackup(name: string): Promise<Comparison> {
  const f = readFolder(name);
  const out = empty();
  const setup = f.events.find((e) => e.event === "bond_setup");
  const text = [setup?.opts ?? "", ...(setup?.post ?? [])].join(" ");
  for (const e of f.events) if (actionOf(e) === null) out.unknown.push(unknownText(name, e));
  if (setup === undefined) out.unknown.push(`${name}: no event bond_setup says what the bond's options are`);
  if (out.unknown.length > 0) return out;
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
  const shift = (k / PHASES) * (facts.arp?.P ?? facts.M);
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
    if (text !== null) wrong.push(`${d.e.event} ${d.member ?? d.e.to ?? ""} at ${d.e.t}${phase}: ${what} ${text}`);
  }
}
