// The recordings: scenario folders, their events, the rows of state.csv and traffic.csv, and the tables beside them.

import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const captures = process.env["DUALHOME_CAPTURES"] ?? fileURLToPath(new URL("../captures", import.meta.url));
export const folder = join(captures, "bonding");

export type Row = Record<string, string>;
export type Side = "A" | "B";
export const SIDES: readonly Side[] = ["A", "B"];

export interface RigEvent {
  t: number;
  t_done?: number;
  event: string;
  side?: Side;
  member?: number;
  members?: string[];
  opts?: string;
  post?: string[];
  direction?: string;
  tag?: string;
  to?: string;
  active?: string;
  k?: number;
}

/** A change of one value: sysfs as the recorder saw it, or the model's state as the rig reads it. */
export interface Change { t: number; side: Side; what: string; old: string; new: string }
/** A datagram that came `until - t` after the one before, with some missing in between. */
export interface Gap { t: number; until: number; receiver: Side | "H"; lost: number }

/** The member by which a flow arrives from now on. */
export interface FlowPath { t: number; receiver: string; flow: string; member: string }

export interface Folder {
  name: string; // with the kernel's suffix
  scenario: string;
  kernel: string;
  jiffy: number; // s
  events: RigEvent[];
  changes: Change[];
  gaps: Gap[];
  paths: FlowPath[];
}

/** HZ of the recorded kernels. A kernel timer of n jiffies fires after n + 1. */
const HZ: Record<string, number> = { "6.1": 100, "6.12": 250 };

export function discover(): string[] {
  return readdirSync(folder).filter((name) => statSync(join(folder, name)).isDirectory() && existsSync(join(folder, name, "events.json"))).sort();
}

export function readFolder(name: string): Folder {
  const [scenario = name, kernel = ""] = name.split("__k");
  const hz = HZ[kernel];
  if (hz === undefined) throw new Error(`${name}: HZ of kernel "${kernel}" is not known`);
  const traffic = csv(`${name}/traffic.csv`);
  return {
    name, scenario, kernel, jiffy: 1 / hz, events: JSON.parse(readFileSync(join(folder, name, "events.json"), "utf8")) as RigEvent[],
    changes: csv(`${name}/state.csv`).map((r) => ({ t: Number(r["t"]), side: r["side"] as Side, what: r["what"] ?? "", old: r["old"] ?? "", new: r["new"] ?? "" })),
    paths: traffic.filter((r) => r["kind"] === "path").map((r) => ({ t: Number(r["t"]), receiver: r["receiver"] ?? "", flow: r["flow"] ?? "", member: r["member_now"] ?? "" })),
    gaps: traffic.filter((r) => r["kind"] === "gap")
      .map((r) => ({ t: Number(r["t"]), until: Number(r["t_next"]), receiver: r["receiver"] as Gap["receiver"], lost: Number(r["lost"]) })),
  };
}

/** Rows of a file below the folder of the recordings; none when there is no such file. */
export function csv(path: string): Row[] {
  const file = join(folder, path);
  if (!existsSync(file)) return [];
  const [head = "", ...lines] = readFileSync(file, "utf8").split(/\r?\n/);
  const header = head.split(",");
  return lines.filter((line) => line !== "").map((line) => {
    const cells = line.split(",");
    return Object.fromEntries(header.map((column, i) => [column, cells[i] ?? ""]));
  });
}

/** Rows of a table beside the folders that belong to a scenario on a kernel. */
export function rowsOf(table: string, f: Pick<Folder, "scenario" | "kernel">): Row[] {
  return csv(table).filter((r) => r["scenario"] === f.scenario && (r["kernel"] ?? "").startsWith(`${f.kernel}.`));
}

export function textOf(path: string): string | null {
  const file = join(folder, path);
  return existsSync(file) ? readFileSync(file, "utf8") : null;
}

export function bytesOf(path: string): Uint8Array | null {
  const file = join(folder, path);
  return existsSync(file) ? readFileSync(file) : null;
}

/** "mode 802.3ad miimon 100 lacp_rate fast": what follows a word. */
export function option(text: string, word: string): string | null {
  const words = text.split(/\s+/);
  const at = words.indexOf(word);
  return at < 0 ? null : (words[at + 1] ?? null);
}
