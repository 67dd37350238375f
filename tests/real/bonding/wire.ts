// LACPDUs as they were on the wire: the sequence of states of the first handshake, and the gaps between frames.

import { LACP_AGGREGATION, LACP_DEFAULTED, LACP_EXPIRED } from "../../../assembly/abi.ts";
import { modelBonds, type ModelRun } from "./rig.ts";
import { bytesOf, csv, type Folder } from "./folders.ts";
import { actionOf, type Action } from "./vocabulary.ts";
import { DRIFT, SLOT } from "./rules.ts";

/** Here a member's ticks begin anew, so frames before and after keep no common grid. */
const MADE: ReadonlySet<Action> = new Set(["bond up", "bond deleted", "bond down", "release", "enslave"]);

/** What a frame says: own and partner's state byte. */
interface Said { t: number; actor: number; partner: number }

const saidOf = (t: number, bytes: Uint8Array): Said => ({ t, actor: bytes[32] ?? 0, partner: bytes[52] ?? 0 });

/** Frames of a classic pcap file, times in seconds. */
export function readPcap(file: Uint8Array): { t: number; bytes: Uint8Array }[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const magic = view.getUint32(0, true);
  const fraction = magic === 0xa1b23c4d ? 1e9 : 1e6;
  const out = [];
  for (let at = 24; at + 16 <= file.length;) {
    const length = view.getUint32(at + 8, true);
    out.push({ t: view.getUint32(at, true) + view.getUint32(at + 4, true) / fraction, bytes: file.subarray(at + 16, at + 16 + length) });
    at += 16 + length;
  }
  return out;
}

/** In ticks: hellos each 10 and each 300; a member has both kinds where its partner wants them often and falls silent. What is said in between answers something. */
const HELLOS: readonly [number, number][] = [[2 * SLOT, 20], [280, 400]];

const isLacpdu = (bytes: Uint8Array): boolean => bytes[12] === 0x88 && bytes[13] === 0x09 && bytes[14] === 1;

const distinct = (said: readonly Said[]): string => said.map((s) => `${s.actor}/${s.partner}`).filter((x, i, all) => x !== all[i - 1]).join(" ");

export function compareWire(f: Folder, runs: readonly ModelRun[], T: number): string[] {
  return [...handshake(f, runs), ...spacing(f, runs, T)];
}

/** Of all phases of the two clocks, one must yield what was recorded: at every port the same distinct frames in the same order. */
function handshake(f: Folder, runs: readonly ModelRun[]): string[] {
  const rows = csv(`${f.name}/first_handshake_decoded.csv`);
  if (rows.length === 0) return [];
  const until = f.events.find((e) => e.event === "bond_deleted")?.t ?? Infinity;
  const from = f.events.find((e) => e.event === "bond_up")?.t ?? 0;
  const wrong: string[] = [];
  for (const { node, members } of modelBonds(f)) {
    for (const m of members) {
      const real = distinct(rows.filter((r) => r["sender"] === m && Number(r["t"]) < until).map((r) => ({ t: Number(r["t"]), actor: Number(r["actor_state"]), partner: Number(r["partner_state"]) })));
      const model = new Set(runs.map((run) => distinct(run.frames.filter((x) => isLacpdu(x.bytes) && x.port === `${node}:${m}` && x.t >= from && x.t < until).map((x) => saidOf(x.t, x.bytes)))));
      if (!model.has(real)) wrong.push(`${m} said ${real}; the model says ${[...model].join(" or ")}`);
    }
  }
  return wrong;
}

/** Frames leave on a grid of three ticks, and on average as often as in the model. Farewells and new bonds keep no grid. */
function spacing(f: Folder, runs: readonly ModelRun[], T: number): string[] {
  const wrong: string[] = [];
  for (const { node, members } of modelBonds(f)) {
    for (const m of members) {
      const file = bytesOf(`${f.name}/${m}_sent.pcap`);
      if (file === null) continue;
      const real = gapsOf(readPcap(file).map((x) => saidOf(x.t, x.bytes)), []);
      const made = f.events.filter((e) => MADE.has(actionOf(e) ?? "quiet")).map((e) => e.t);
      const model = gapsOf((runs[0]?.frames ?? []).filter((x) => isLacpdu(x.bytes) && x.port === `${node}:${m}` && x.t > 0).map((x) => saidOf(x.t, x.bytes)), made);
      for (const gap of real) if (gap < SLOT * T * (1 - DRIFT) - 2 * f.jiffy) wrong.push(`${m}: ${gap.toFixed(3)} s, less than a slot`);
      for (const gap of model) if (Math.abs(gap / T / SLOT - Math.round(gap / T / SLOT)) > 1e-6) wrong.push(`${m}: ${gap.toFixed(4)} s in the model is no number of slots`);
      if (f.events.some((e) => e.event !== "bond_up" && MADE.has(actionOf(e) ?? "quiet"))) continue;
      for (const [from, to] of HELLOS) {
        const [x, y] = [real, model].map((list) => list.filter((gap) => gap > from * T && gap < to * T).sort((a, b) => a - b)) as [number[], number[]];
        const [a, b] = [x[x.length >> 1] ?? 0, y[y.length >> 1] ?? 0];
        if (x.length >= 5 && y.length >= 5 && Math.abs(a - b) > SLOT * T + DRIFT * b) wrong.push(`${m}: median of hellos ${a.toFixed(3)} s recorded, ${b.toFixed(3)} s in the model`);
        if (x.length >= 10 && y.length === 0) wrong.push(`${m}: ${x.length} hellos of ${a.toFixed(3)} s recorded, none in the model`);
      }
    }
  }
  return wrong;
}

/**
 * Gaps between frames of one life of a bond. Its first frames are DEFAULTED and EXPIRED, a farewell has no Aggregation bit; where
 * the times of making and deleting are known on the frames' clock, they part them too.
 */
function gapsOf(said: readonly Said[], made: readonly number[]): number[] {
  const apart = (s: Said): boolean => (s.actor & LACP_AGGREGATION) === 0 || (s.actor & 0xc0) === (LACP_DEFAULTED | LACP_EXPIRED);
  return said.slice(1).flatMap((s, i) => {
    const before = said[i];
    return before === undefined || apart(s) || apart(before) || made.some((t) => t > before.t && t <= s.t) ? [] : [s.t - before.t];
  });
}
