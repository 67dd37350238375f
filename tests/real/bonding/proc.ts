// /proc/net/bonding/bond0 of a real kernel at marked moments, against the text that the model's bond would show then, byte for byte.
//
// The same bond is built and the same things are done to it at the same times, once for each of several phases of all clocks.
// Somebody read the file within READING seconds of the mark: one of the phases must have shown exactly this text then.
//
// Not the model's own, but the recording's: the release of the kernel in the first line; the members' MAC addresses (rig.ts);
// and what was typed when the bond was made, where the model is given the periods that the kernel really keeps.

import { State } from "../../../bindings/show/state.ts";
import { bonding, bondingText } from "../../../bindings/show/bonding.ts";
import type { Topology } from "../../../bindings/topology/index.ts";
import { done as doneActiveBackup, PHASES, run, topologyOf } from "./active-backup.ts";
import { runs } from "./compare.ts";
import { option, readFolder, rowsOf, textOf, type Folder } from "./folders.ts";
import { happenings, View } from "./measure.ts";
import { arpTargets, modelBonds, notifyDelay, pairTopology, periodOf, type Look } from "./rig.ts";
import { READING } from "./shown.ts";

/** One file of the recording, and all texts that the model had while it was read, one list a phase. */
export interface Reading { tag: string; node: string; bond: string; text: string; model: string[][] }

interface Moment { tag: string; from: number; to: number }

function momentsOf(f: Folder): Moment[] {
  return f.events.flatMap((e, i) => (e.event !== "snapshot" || e.tag === undefined ? []
    : [{ tag: e.tag, from: e.t, to: e.t + Math.min(READING, (f.events[i + 1]?.t ?? e.t + READING) - e.t) }]));
}

const KERNEL = /^Ethernet Channel Bonding Driver: v(\S+)$/m;

export async function readings(name: string): Promise<Reading[]> {
  const f = readFolder(name);
  const moments = momentsOf(f);
  const activeBackup = name.startsWith("ab_");
  const bonds = activeBackup ? [{ side: "A" as const, name: "bond0", node: "A" }] : modelBonds(f);
  const out = moments.flatMap((m) => bonds.flatMap((b): Reading[] => {
    const text = textOf(`${name}/show_${m.tag}/${b.side}_proc_net_bonding_${b.name}.txt`);
    return text === null ? [] : [{ tag: m.tag, node: b.node, bond: b.name, text, model: [] }];
  }));
  if (out.length === 0) return out;
  if (activeBackup) await playActiveBackup(f, moments, out);
  else await runs(f, happenings(f, rowsOf("lacp_events.csv", f)), (_, shift) => looker(typed(pairTopology(f), (node) => modelBonds(f).find((b) => b.node === node)?.text ?? ""), moments, shift, out));
  return out;
}

async function playActiveBackup(f: Folder, moments: readonly Moment[], out: Reading[]): Promise<void> {
  const setup = f.events.find((e) => e.event === "bond_setup");
  const text = [setup?.opts ?? "", ...(setup?.post ?? [])].join(" ");
  const list = doneActiveBackup(f, rowsOf("active_backup_events.csv", f), new View(f.changes, f.gaps));
  const period = periodOf(f, Number(option(text, "miimon") ?? option(text, "arp_interval") ?? 100) / 1000);
  for (let k = 0; k < PHASES; k++) {
    const shift = (k / PHASES) * period;
    await run(f, text, list, BigInt(k + 1), shift, looker(typed(topologyOf(f, text), () => text), moments, shift, out));
  }
}

/** The bond as it was typed: the model runs on the kernel's real periods, the file shows those asked for. */
function typed(topology: Topology, text: (node: string) => string): Topology {
  const ns = (words: string, word: string): bigint => BigInt(option(words, word) ?? 0) * 1_000_000n;
  for (const lag of topology.lags) {
    const words = text(lag.node);
    lag.miimonNs = option(words, "miimon") === null ? 100_000_000n : ns(words, "miimon");
    lag.updelayNs = ns(words, "updelay");
    lag.downdelayNs = ns(words, "downdelay");
    if (lag.bond === undefined) continue;
    lag.bond.arpIntervalNs = ns(words, "arp_interval");
    lag.bond.arpTargets = arpTargets(words);
    lag.bond.peerNotifyDelayNs = BigInt(notifyDelay(words)) * 1_000_000n;
  }
  return topology;
}

/** Reads the file as often as it may have changed while the recorder was reading. */
function looker(topology: Topology, moments: readonly Moment[], shift: number, out: readonly Reading[]): Look {
  const seen = new Map<Reading, string[]>();
  let fresh: string | null = null;
  return (t, changed, engine, tables) => {
    const now = moments.find((m) => t >= m.from + shift - 1e-9 && t <= m.to + shift);
    if (now === undefined) { fresh = null; return; }
    if (!changed && fresh === now.tag) return;
    fresh = now.tag;
    const state = new State({ engine, tables, topology, engineNs: 0n });
    for (const reading of out) {
      if (reading.tag !== now.tag) continue;
      let list = seen.get(reading);
      if (list === undefined) { seen.set(reading, list = []); reading.model.push(list); }
      for (const bond of state.bondsOf(reading.node)) {
        const text = bondingText(bonding(state, bond, { speedWithoutLink: "kept" }), KERNEL.exec(reading.text)?.[1]); // veth
        if (list.at(-1) !== text) list.push(text);
      }
    }
  };
}

/** null: the same, in some phase. Else how the nearest text differs. */
export function difference(r: Reading): string | null {
  const texts = r.model.flat();
  if (texts.includes(r.text)) return null;
  const real = r.text.split("\n");
  const differing = texts.map((text) => {
    const lines = text.split("\n");
    return Array.from({ length: Math.max(lines.length, real.length) }, (_, i) => i).filter((i) => lines[i] !== real[i]).map((i) => `  line ${i + 1}: "${real[i]}", in the model "${lines[i]}"`);
  }).sort((a, b) => a.length - b.length);
  return `${r.tag}, ${r.bond} of ${r.node}: ${texts.length} texts of the model, none is the recorded one; the nearest differs in\n${(differing[0] ?? ["  everything"]).join("\n")}`;
}
