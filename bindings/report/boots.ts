// Network boots in the report: a line a server, then one timeline of each kind of end.

import { boots, type Boot } from "../analysis/index.ts";
import { clock, duration, plural, time } from "./format.ts";
import type { ReportInput } from "./input.ts";
import type { Paint } from "./paint.ts";

const LINES_MAX = 60; // --json has all
const TIMELINE_MAX = 40;

export function bootPart({ run }: ReportInput, { paint }: { paint: Paint }): string {
  const list = boots(run);
  if (list.length === 0) return "";
  const up = list.filter((b) => b.bootedNs !== null);
  const width = Math.max(...list.map((b) => b.server.length));
  const lines = list.slice(0, LINES_MAX).map((b) => line(b, width, paint));
  if (list.length > LINES_MAX) lines.push(paint("dim", `  ${list.length - LINES_MAX} more: --json has all`));
  return [paint("bold", `Network boots: ${up.length} of ${plural(list.length, "server")} up`), ...lines, ...shown(list).flatMap((b) => timeline(b, paint))].join("\n");
}

function line(b: Boot, width: number, paint: Paint): string {
  const name = b.server.padEnd(width);
  const last = b.failures.at(-1);
  if (b.bootedNs !== null) {
    const after = b.failures.length === 0 ? "" : `, after ${plural(b.failures.length, "try that failed", "tries that failed")}`;
    return `  ${paint("green", "✓")} ${name}  booted after ${duration(b.bootedNs)} from ${b.nic ?? "its disk"}${after}`;
  }
  if (last === undefined) return `  ${paint("yellow", "!")} ${name}  not booted when the run ended: ${b.state}`;
  const open = b.state === "FAILED" ? "" : ` (${b.state} when the run ended)`;
  return `  ${paint("red", "✗")} ${name}  ${last.nic === null ? "" : `${last.nic}: `}${last.words}${open}`;
}

/** The slowest that booted and the first that did not. */
function shown(list: Boot[]): Boot[] {
  const failed = list.find((b) => b.bootedNs === null && b.timeline.length > 0);
  const slowest = list.reduce<Boot | undefined>((a, b) => (b.bootedNs !== null && (a === undefined || b.bootedNs > (a.bootedNs ?? 0n)) ? b : a), undefined);
  return [failed, slowest].filter((b) => b !== undefined);
}

function timeline(b: Boot, paint: Paint): string[] {
  const rows = b.timeline.slice(0, TIMELINE_MAX).map((e) => `    ${paint("dim", clock(e.atNs).padStart(14))}  ${e.text}`);
  if (b.timeline.length > TIMELINE_MAX) rows.push(paint("dim", `    ${b.timeline.length - TIMELINE_MAX} more: --trace has all`));
  const last = b.failures.at(-1);
  const because = b.bootedNs !== null || last === undefined ? [] : ["    because", ...last.chain.map((l) => `    ${paint("dim", time(l.atNs).padStart(14))}  ${l.text}`)];
  return [`  ${paint("cyan", b.server)}`, ...rows, ...because];
}

export function bootsJson(list: Boot[]): unknown[] {
  const at = (ns: bigint | null): unknown => (ns === null ? null : { ms: Number(ns) / 1e6, ns: ns.toString() });
  return list.map((b) => ({
    server: b.server, power: at(b.powerNs), booted: at(b.bootedNs), state: b.state, nic: b.nic,
    failures: b.failures.map((f) => ({ at: at(f.atNs), nic: f.nic, reason: f.key, words: f.words, why: f.chain.map((l) => ({ id: l.id, at: at(l.atNs), text: l.text })) })),
    timeline: b.timeline.map((e) => ({ at: at(e.atNs), text: e.text })),
  }));
}
