// A recorded scenario: its routers' configurations, what was done in each run, what the host's port saw.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { formatIp, parseIp } from "../../../bindings/topology/ip.ts";
import { identify } from "./identify.ts";
import { readPcap, type Sighting } from "./pcap.ts";

/** Those of this repository, and those that are tested. */
export const kept = join(fileURLToPath(new URL("../captures", import.meta.url)), "vrrp");
export const folder = process.env["DUALHOME_CAPTURES"] === undefined ? kept : join(process.env["DUALHOME_CAPTURES"], "vrrp");

export interface RouterConf {
  id: number; // 10.99.0.id, fd99::id
  daemon: "keepalived" | "frr";
  version: 2 | 3;
  priority: number;
  interval: number; // s
  preempt: boolean;
  preemptDelay: number; // s
  virtualMac: boolean; // answers for the virtual address with 00:00:5e:00:01:33, over IPv6 00:00:5e:00:02:33
  vips: string[]; // all of one family; IPv6: link-local among them
  tracked: number; // what a tracked file takes from the priority, 0: nothing is tracked
}

export const isIpv6 = (conf: RouterConf): boolean => conf.vips.some((vip) => vip.includes(":"));
/** The address that the host pings. */
export const pinged = (conf: RouterConf): string => conf.vips.find((vip) => !/^fe80:/i.test(vip)) ?? conf.vips[0]!;

export type Op = "start" | "stop" | "kill" | "crash" | "cut" | "mend" | "block" | "unblock" | "mute" | "deafen" | "lower" | "raise" | "reload" | "end";
/** `dad`: the interface was switched on in the router itself, over IPv6: its link-local address is new. */
export interface Happening { t: number; op: Op; router: number; dad?: boolean }
/** RFC 4862 5.4.2: up to MAX_RTR_SOLICITATION_DELAY of 1 s, then RetransTimer of 1 s, until a new address may be used. */
export const DAD: readonly [least: number, most: number] = [1, 2];
export interface Outage { start: number; end: number; seconds: number }

export interface Run { name: string; happenings: Happening[]; sightings: Sighting[]; outages: Outage[] | null }
export interface Recording { name: string; routers: RouterConf[]; runs: Run[] }

/** What scenarios are called after (README.md beside the recordings). Each is played; a name without one of these is an error. */
const KINDS = [
  "election", "prio255", "state_master", "link_down", "sigkill", "sigterm", "crash", "link_return", "restart", "preempt_delay", "nopreempt", "preempt", "partition_heal",
  "equal_priority", "three_routers", "backup_prio", "tracked_weight_drop", "adv_mismatch", "vmac", "own_mac_adverts", "vmac_xmit_base", "one_way", "hang", "link_flap", "reload",
];

/** Names in events.json, most particular first. What each does is in docs/vrrp.md. */
const WORDS: [RegExp, Op, string][] = [
  [/^end/, "end", "end_of_run"], [/reload|sighup/, "reload", "reload (SIGHUP, the same configuration)"],
  [/track|weight|file|priority_?(low|drop|rais|restor)|(low|drop|rais|restor)\w*_priority/, "lower", "tracked_file_lowered, tracked_file_raised"],
  [/^(re)?start/, "start", "start"], [/sigterm|^stop/, "stop", "sigterm"],
  [/crash|down.*kill|kill.*down/, "crash", "crash"], [/sigkill|kill|hang|sigstop/, "kill", "sigkill, hang"],
  [/unblock|heal|unmute/, "unblock", "switch_port_unblocked"], [/deaf|to_router|towards_router|ingress|inbound/, "deafen", "one_way_blocked_to_router (what it should hear)"], [/one_?way|mute|from_router|egress|outbound/, "mute", "one_way_blocked (what the router sends)"],
  [/block|partition/, "block", "switch_port_silently_blocked"],
  [/(link|port|interface|carrier)_?down/, "cut", "link_down_at_switch, link_down_at_router"], [/(link|port|interface|carrier)_?up/, "mend", "link_up_at_switch, link_up_at_router"],
];
const RAISES = /rais|restor|clear|remov|recover|return|reset|back|up\b|_0$/;
/** By how much the tracked file lowers the priority, where the configuration leaves it to the file (README.md). */
const TRACKED = 20;

/** Options of keepalived that change what is compared. docs/vrrp.md says what was recorded of them. */
const NOT_PLAYED = ["garp_master_delay", "garp_master_repeat", "garp_master_refresh", "lower_prio_no_advert", "higher_prio_send_advert", "unicast_peer"];

interface RawEvent { t: number; event: string; router?: number }

export function scenarioNames(): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).filter((e) => e.isDirectory()).map((e) => e.name).sort();
}

/** Throws an error that names folder, what is wrong and what is known, for whatever cannot be played. */
export function readRecording(name: string, root = folder): Recording {
  const at = join(root, name);
  if (!KINDS.some((kind) => name.includes(kind))) throw new Error(`${at}: no kind of scenario that is known; known are ${KINDS.join(", ")}`);
  if (!existsSync(join(at, "events.json"))) throw new Error(`${at}: no events.json`);
  const confs = readdirSync(at).filter((file) => CONF.test(file)).sort();
  if (confs.length === 0) throw new Error(`${at}: no configuration; known are keepalived_rN.conf and frr_vrrpd_rN.conf`);
  const routers = confs.map((file) => confOf(at, file, readFileSync(join(at, file), "utf8")));
  if (new Set(routers.map(isIpv6)).size > 1) throw new Error(`${at}: virtual addresses of IPv4 on one router, of IPv6 on another`);
  const events = JSON.parse(readFileSync(join(at, "events.json"), "utf8")) as Record<string, RawEvent[]>;
  const missing = Object.keys(events).filter((run) => !existsSync(join(at, `run${run}.pcap`)));
  if (missing.length > 0) throw new Error(`${at}: events.json has runs ${missing.join(", ")}, and there is no runNN.pcap of them`);
  const outages = readOutages(name);
  const runs = Object.entries(events).map(([run, list]) => ({
    name: run, happenings: happenings(at, run, list, routers), sightings: identify(readPcap(join(at, `run${run}.pcap`)), routers, join(at, `run${run}.pcap`)),
    outages: outages?.get(run) ?? (outages === null ? null : []),
  }));
  if (runs.length === 0) throw new Error(`${at}: events.json has no runs`);
  runs.sort((a, b) => a.name.localeCompare(b.name));
  return { name, routers, runs };
}

function happenings(at: string, run: string, list: readonly RawEvent[], routers: readonly RouterConf[]): Happening[] {
  const lowered = new Set<number>();
  return list.map((raw) => {
    const word = WORDS.find(([pattern]) => pattern.test(raw.event));
    const where = `${at}, run ${run}: event "${raw.event}"`;
    if (word === undefined) throw new Error(`${where} is unknown; known are ${WORDS.map(([, , words]) => words).join(", ")}`);
    const router = raw.router ?? 0;
    if (word[1] === "end") return { t: raw.t, op: "end", router };
    if (!routers.some((r) => r.id === router)) throw new Error(`${where} is of router ${raw.router}; known are ${routers.map((r) => r.id).join(", ")}`);
    if (word[1] === "mend" && /router/.test(raw.event) && isIpv6(routers[0]!)) return { t: raw.t, op: "mend", router, dad: true };
    if (word[1] !== "lower") return { t: raw.t, op: word[1], router };
    // Lowered and raised in turn, unless the name says it.
    const raises = RAISES.test(raw.event) || lowered.has(router);
    if (raises) lowered.delete(router); else lowered.add(router);
    return { t: raw.t, op: raises ? "raise" : "lower", router };
  });
}

const CONF = /^(keepalived|frr_vrrpd)_r(\d+)\.conf$/;

function confOf(at: string, file: string, text: string): RouterConf {
  const number = (pattern: RegExp, otherwise: number): number => Number(pattern.exec(text)?.[1] ?? otherwise);
  const id = Number(CONF.exec(file)?.[2]);
  const vips = (file.startsWith("frr") ? [...text.matchAll(/^\s*vrrp \d+ ip(?:v6)? ([0-9a-f.:]+)/gim)] : [...vipBlock(text).matchAll(/^\s*([0-9a-f.:]+)(?:\/\d+)?(?=\s|$)/gim)])
    .flatMap((m) => { const ip = parseIp(m[1]!); return ip === null ? [] : [formatIp(ip)]; });
  if (vips.length === 0) throw new Error(`${at}/${file}: no virtual address`);
  const six = vips.some((vip) => vip.includes(":"));
  if (six && vips.some((vip) => !vip.includes(":"))) throw new Error(`${at}/${file}: virtual addresses of both families in one virtual router`);
  if (file.startsWith("frr")) {
    // "No such command": its priorities are 1 to 254 (vrrpd/vrrp_vty.c), and what it refuses leaves 100.
    const said = number(/ priority (\d+)/, 100);
    return {
      id, daemon: "frr", version: number(/ version (\d)/, 3) === 2 ? 2 : 3, priority: said > 254 ? 100 : said, vips, tracked: 0,
      interval: number(/advertisement-interval (\d+)/, 1000) / 1000, preempt: !/no vrrp \d+ preempt/.test(text), preemptDelay: 0, virtualMac: true,
    };
  }
  const other = NOT_PLAYED.find((option) => new RegExp(`^\\s*${option}`, "m").test(text));
  if (other !== undefined) throw new Error(`${at}/${file}: ${other} is not simulated; neither are ${NOT_PLAYED.join(", ")}`);
  const weight = Math.abs(number(/^\s*(?:\S+ )?weight (-?\d+)/m, 0));
  return {
    id, daemon: "keepalived", version: six || number(/vrrp_version (\d)/, 2) === 3 ? 3 : 2, priority: number(/^\s*priority (\d+)/m, 100), vips,
    interval: number(/advert_int ([\d.]+)/, 1), preempt: !/^\s*nopreempt/m.test(text), preemptDelay: number(/preempt_delay ([\d.]+)/, 0),
    virtualMac: /^\s*use_vmac/m.test(text), tracked: /track_(file|script|process)/.test(text) ? (weight > 1 ? weight : TRACKED) : 0,
  };
}

function vipBlock(text: string): string {
  return [...text.matchAll(/virtual_ipaddress(?:_excluded)?\s*\{([^}]*)\}/g)].map((m) => m[1]).join("\n");
}

/** Null: the pings of this scenario were not kept. A scenario without a row in the file is one of these. */
function readOutages(name: string): Map<string, Outage[]> | null {
  const rows = readTable("ping_outages.csv").filter((row) => row["scenario"] === name);
  if (rows.length === 0) return null;
  const runs = new Map<string, Outage[]>();
  for (const row of rows) {
    const outage = { start: Number(row["start"]), end: Number(row["end"]), seconds: Number(row["seconds"]) };
    runs.set(row["run"]!, [...(runs.get(row["run"]!) ?? []), outage]);
  }
  return runs;
}

export function readTable(file: string): Record<string, string>[] {
  if (!existsSync(join(folder, file))) return [];
  const [header = "", ...lines] = readFileSync(join(folder, file), "utf8").trim().split(/\r?\n/);
  const columns = header.split(",");
  return lines.map((line) => Object.fromEntries(line.split(",").map((cell, i) => [columns[i] ?? "", cell])));
}
