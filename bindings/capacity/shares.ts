// How evenly each group dealt its flows.

import type { Group } from "./balance.ts";
import { chiSquare, chiSquareTail } from "./chi-square.ts";

export interface Balance extends Group {
  flows: number;
  /** members that no flow took */
  idle: string[];
  /** the fullest member's flows against the mean */
  maxOverMean: number;
  chiSquare: number;
  /** how often a hash that deals evenly would be as uneven, or more */
  chance: number;
  verdict: "even" | "few flows" | "uneven" | "idle member" | "polarised";
}

/** What chance does once in a thousand looks at all groups together is called chance. */
const CHANCE = 0.001;
/** Flows a member that Pearson's test needs. */
const FLOWS_EACH = 5;

export function balanceOf(groups: readonly Group[]): Balance[] {
  return groups.map((group) => {
    const flows = group.counts.reduce((sum, count) => sum + count, 0);
    const members = group.members.length;
    const square = chiSquare(group.counts);
    const chance = chiSquareTail(square, members - 1);
    const idle = group.members.filter((_, i) => group.counts[i] === 0);
    const rare = CHANCE / groups.length;
    const enough = flows / members >= FLOWS_EACH;
    const wrong = enough && chance < rare;
    const verdict = !enough ? "few flows" : !wrong ? "even" : group.before.length > 0 ? "polarised" : idle.length > 0 ? "idle member" : "uneven";
    return { ...group, flows, idle, maxOverMean: flows === 0 ? 1 : (Math.max(...group.counts) * members) / flows, chiSquare: square, chance, verdict };
  });
}
