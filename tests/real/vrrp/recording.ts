// A recorded scenario: its routers' configurations, what was done in each run, what the host's port saw.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readPcap, type Sighting } from "./pcap.ts";

export const folder = join(process.env["DUALHOME_CAPTURES"] ?? fileURLToPath(new URL("../captures", import.meta.url)), "vrrp");

export interface RouterConf {
  id: number; // 10.99.0.id
  daemon: "keepalived" | "frr";
  version: 2 | 3;
  priority: number;
  interval: number; // s
  preempt: boolean;
  preemptDelay: number; // s
  virtualMac: boolean; // answers for the virtual address with 00:00:5e:00:01:33
}

export type Op = "start" | "stop" | "kill" | "crash" | "cut" | "mend" | "block" | "unblock" | "end";
export interface Happening { t: number; op: Op; router: number }
export interface Outage { start: number; end: number; seconds: number }

export interface Run { name: string; happenings: Happening[]; sightings: Sighting[]; outages: Outage[] | null }
export interface Recording { name: string; routers: RouterConf[]; runs: Run[] }

/** What the engine has no word for; such a scenario is left out, with this reason. */
export interface NotModelled { name: string; reason: string }

/** Names in events.json, most particular first. */
const WORDS: [RegExp, Op][] = [
  [/^end/, "end"], [/^start/, "start"], [/sigterm|^stop/, "stop"], [/crash|down.*kill|kill.*down/, "crash"], [/sigkill|kill/, "kill"],
  [/unblocked|heal/, "unblock"], [/blocked|partition/, "block"], [/link_down|port_down/, "cut"], [/link_up|port_up/, "mend"],
];

interface RawEvent { t: number; event: string; router?: number }

export function scenarioNames(): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).filter((e) => e.isDirectory() && existsSync(join(folder, e.name, "events.json"))).map((e) => e.name).sort();
}

export function readRecording(name: string): Recording | NotModelled {
  const at = join(folder, name);
  const confs = readdirSync(at).flatMap((file) => /^(keepalived|frr_vrrpd)_r(\d+)\.conf$/.exec(file) ?? []).filter((m) => m.endsWith(".conf")).sort();
  const texts = confs.map((file) => ({ file, text: readFileSync(join(at, file), "utf8") }));
  const events = JSON.parse(readFileSync(join(at, "events.json"), "utf8")) as Record<string, RawEvent[]>;
  const reason = unmodelled(texts.map((c) => c.text), Object.values(events).flat());
  if (reason !== null) return { name, reason };
  const outages = readOutages(name);
  const runs = Object.entries(events).filter(([run]) => existsSync(join(at, `run${run}.pcap`))).map(([run, list]) => ({
    name: run, happenings: list.map(happening), sightings: readPcap(join(at, `run${run}.pcap`)), outages: outages?.get(run) ?? (outages === null ? null : []),
  }));
  runs.sort((a, b) => a.name.localeCompare(b.name));
  return { name, routers: texts.map(({ file, text }) => confOf(file, text)), runs };
}

function unmodelled(confs: readonly string[], events: readonly RawEvent[]): string | null {
  if (confs.some((text) => /ip(v6)? [0-9a-f]*:[0-9a-f:]+|^\s+[0-9a-f]*:[0-9a-f:]+(\/\d+)?( |$)/m.test(text))) return "IPv6: the engine has no IPv6";
  if (confs.some((text) => /^\s*(track_file|track_script|weight)\b/m.test(text))) return "tracking: no scenario step changes a priority (the rule is tested in tests/assembly)";
  const odd = events.find((e) => !WORDS.some(([pattern]) => pattern.test(e.event)));
  return odd === undefined ? null : `"${odd.event}": no scenario step does this`;
}

function happening(raw: RawEvent): Happening {
  const word = WORDS.find(([pattern]) => pattern.test(raw.event));
  if (word === undefined) throw new Error(`unknown event ${raw.event}`);
  return { t: raw.t, op: word[1], router: raw.router ?? 0 };
}

function confOf(file: string, text: string): RouterConf {
  const number = (pattern: RegExp, otherwise: number): number => Number(pattern.exec(text)?.[1] ?? otherwise);
  const id = Number(/_r(\d+)\.conf$/.exec(file)?.[1]);
  if (file.startsWith("frr")) {
    return {
      id, daemon: "frr", version: number(/ version (\d)/, 3) === 2 ? 2 : 3, priority: number(/ priority (\d+)/, 100),
      interval: number(/advertisement-interval (\d+)/, 1000) / 1000, preempt: !/no vrrp \d+ preempt/.test(text), preemptDelay: 0, virtualMac: true,
    };
  }
  return {
    id, daemon: "keepalived", version: number(/vrrp_version (\d)/, 2) === 3 ? 3 : 2, priority: number(/^\s*priority (\d+)/m, 100),
    interval: number(/advert_int ([\d.]+)/, 1), preempt: !/^\s*nopreempt/m.test(text), preemptDelay: number(/preempt_delay ([\d.]+)/, 0),
    virtualMac: /^\s*use_vmac/m.test(text),
  };
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
