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
  bond?: string; // where a side has several
  member?: number | string;
  slave?: string; dev?: string; port?: string; name?: string; // other words for the member
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
  interval: number; // s between datagrams of a flow
  events: RigEvent[];
  changes: Change[];
  gaps: Gap[];
  paths: FlowPath[];
}

/** HZ of the recorded kernels, by release or by version. A kernel timer of n jiffies fires after n + 1. */
const HZ: Record<string, number> = { "6.1": 100, "6.1.192": 250, "6.12": 250 };

export function discover(): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((name) => statSync(join(folder, name)).isDirectory() && existsSync(join(folder, name, "events.json"))).sort();
}

/** "cable_cut_fast_fast_2m__k6.1", also with more behind the kernel or before it, as repetitions have. */
export function nameOf(name: string): { scenario: string; kernel: string } {
  const kernel = /__k(\d+(?:\.\d+)*)/.exec(name)?.[1] ?? "";
  return { scenario: name.replace(/__k\d+(?:\.\d+)*/, ""), kernel };
}

/** HZ by the kernel's release, or as a table beside the folders says it for that kernel: "6.6.1 (HZ=1000)". */
function hzOf(name: string, kernel: string): number {
  const [major, minor] = kernel.split(".");
  const known = HZ[kernel] ?? HZ[`${major}.${minor}`];
  if (known !== undefined) return known;
  const tables = ["lacp_events.csv", "active_backup_events.csv", "lacp_summary.csv"].flatMap((table) => csv(table));
  const said = tables.filter((r) => isOf(r, kernel)).map((r) => Number(/HZ=(\d+)/.exec(r["kernel"] ?? "")?.[1])).find((hz) => hz > 0);
  if (said === undefined) throw new Error(`${name}: HZ of kernel "${kernel}" is not known; name the folder SCENARIO__k${Object.keys(HZ).join(" or __k")}, or give a table beside it whose column "kernel" says "${kernel || "RELEASE"} (HZ=...)"`);
  return said;
}

/** Datagrams of a flow come so often; traffic.csv says how long a gap was and how many were missing. */
function intervalOf(traffic: readonly Row[], scenario: string): number {
  const each = traffic.filter((r) => r["kind"] === "gap" && Number(r["lost"]) >= 20).map((r) => (Number(r["t_next"]) - Number(r["t"])) / (Number(r["lost"]) + 1)).sort((a, b) => a - b);
  const usual = scenario.startsWith("ab_") ? 0.005 : scenario.startsWith("silent_slow") ? 0.05 : 0.01;
  const measured = each[each.length >> 1];
  return measured === undefined ? usual : [0.005, 0.01, 0.02, 0.05, 0.1].reduce((best, x) => (Math.abs(Math.log(x / measured)) < Math.abs(Math.log(best / measured)) ? x : best));
}

export function readFolder(name: string): Folder {
  const { scenario, kernel } = nameOf(name);
  const hz = hzOf(name, kernel);
  const traffic = csv(`${name}/traffic.csv`);
  return {
    name, scenario, kernel, jiffy: 1 / hz, interval: intervalOf(traffic, scenario), events: JSON.parse(readFileSync(join(folder, name, "events.json"), "utf8")) as RigEvent[],
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
  const names = [f.scenario, f.scenario.replace(/__.*$/, "")];
  return csv(table).filter((r) => names.includes(r["scenario"] ?? "") && isOf(r, f.kernel));
}

/** "6.1" is "6.1.176 (HZ=100)", and not 6.12. */
const isOf = (r: Row, kernel: string): boolean => (r["kernel"] ?? "").startsWith(kernel) && /^[. ]|^$/.test((r["kernel"] ?? "").slice(kernel.length));

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
