// From counts to words. Nothing is looked up: every word stands for something that was counted.

import type { Counts, Measured } from "./measure.ts";

export type Symptom = "works" | "degraded" | "flapping" | "duplicates" | "loss" | "loop" | "no traffic";

export interface Verdict {
  symptoms: Symptom[];
  used: number;
  members: number;
  /** moves of an address in the switches' tables, a second */
  macMovesPerSecond: number;
  /** share of frames that came more than once, 0 to 1 */
  duplicateShare: number;
  /** share of frames lost, 0 to 1, of flows from and to the server */
  lostOut: number;
  lostIn: number;
  lostBroadcast: number;
  deadFlows: number;
  flows: number;
}

/** Fewer than this is a frame under way when counting began or ended, or one event. */
const LOSS = 0.01;
const MOVES = 2;

export function judge(m: Measured): Verdict {
  const share = (part: number, of: Counts): number => (of.sent === 0 ? 0 : Math.max(0, part) / of.sent);
  const lost = (c: Counts): number => (share(c.sent - c.arrived, c) < LOSS ? 0 : share(c.sent - c.arrived, c));
  const copies = { sent: m.out.sent + m.in.sent + m.broadcast.sent, arrived: 0, copies: 0, late: 0 };
  const verdict: Verdict = {
    symptoms: [], used: m.members.used, members: m.members.all, macMovesPerSecond: m.seconds === 0 ? 0 : m.macMoves / m.seconds,
    duplicateShare: share(m.out.copies + m.in.copies + m.broadcast.copies, copies), lostOut: lost(m.out), lostIn: lost(m.in), lostBroadcast: lost(m.broadcast),
    deadFlows: m.directions.dead, flows: m.directions.all,
  };
  verdict.symptoms = symptoms(m, verdict);
  return verdict;
}

function symptoms(m: Measured, v: Verdict): Symptom[] {
  if (m.storms.length > 0) return ["loop"];
  if (m.out.arrived === 0 && m.in.arrived === 0) return ["no traffic"];
  const found: Symptom[] = [];
  if (v.macMovesPerSecond > MOVES) found.push("flapping");
  if (v.duplicateShare > LOSS) found.push("duplicates");
  if (v.lostOut > 0 || v.lostIn > 0 || v.lostBroadcast > 0) found.push("loss");
  if (found.length > 0) return found;
  return [v.used < v.members ? "degraded" : "works"];
}

const percent = (share: number): string => `${Math.max(1, Math.round(share * 100))} %`;

/** A cell's lines, each short enough for a narrow column. */
export function cellLines(v: Verdict): string[] {
  return v.symptoms.flatMap((symptom) => {
    switch (symptom) {
      case "works": return [`ok ${v.used}/${v.members}`];
      case "degraded": return [`ok ${v.used}/${v.members}`];
      case "flapping": return [`flap ${Math.round(v.macMovesPerSecond)}/s`];
      case "duplicates": return [`dup ${percent(v.duplicateShare)}`];
      case "loop": return ["LOOP"];
      case "no traffic": return ["no traffic"];
      case "loss": return [
        ...(v.lostIn > 0 ? [`in -${percent(v.lostIn)}`] : []), ...(v.lostOut > 0 ? [`out -${percent(v.lostOut)}`] : []),
        ...(v.lostIn === 0 && v.lostOut === 0 ? [`bc -${percent(v.lostBroadcast)}`] : []),
      ];
    }
  });
}
