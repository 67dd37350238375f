// flap: a cable or port that is lost and comes back again and again, as failures and repairs. Down for the first half of each period.

import type { Target } from "../targets.ts";
import type { Draft } from "../draft.ts";
import type { Ns, Step } from "../model.ts";
import type { Path } from "../problems.ts";
import type { StepInput } from "../schema/file.ts";

type Named = ReturnType<Draft["namesOf"]>[number];

/** From the first loss to the last repair; null when the file does not say it. */
export function flapNs(draft: Draft, { times, period }: StepInput, path: Path): Ns | null {
  const periodNs = draft.duration(period, [...path, "period"]);
  return times === undefined || periodNs === null ? null : BigInt(times - 1) * periodNs + periodNs / 2n;
}

export function expandFlap(draft: Draft, input: StepInput, path: Path, targetsOf: (item: Named) => Target[]): Step[] {
  if (input.flap === undefined) return [];
  const { times, period } = input;
  for (const [word, value, help] of [["times", times, "times: how often it is lost"], ["period", period, "period: from one loss to the next"]] as const) {
    if (value === undefined && !draft.excused(`.${word}`)) draft.report("DH_MISSING", path, `flap lacks "${word}"`, help);
  }
  const atNs = draft.duration(input.at, [...path, "at"]) ?? 0n;
  const periodNs = draft.duration(period, [...path, "period"]);
  if (periodNs !== null && periodNs < 2n) draft.report("DH_STEP", [...path, "period"], "a period has two halves: it is 2ns or longer");
  if (times === undefined || periodNs === null || periodNs < 2n) return [];
  return draft.namesOf(input.flap, [...path, "flap"]).flatMap((item) => {
    const targets = targetsOf(item);
    const odd = targets.find((target) => target.kind === "node");
    if (odd !== undefined) draft.report("DH_TARGET_OP", item.path, `"flap" is done to a link or a port; ${odd.name} is a node`);
    if (targets.length === 0 || odd !== undefined || !draft.affords(2 * times, item.path)) return [];
    const half = (i: number, part: "down" | "up"): Step => ({
      atNs: atNs + BigInt(i) * periodNs + (part === "up" ? periodNs / 2n : 0n), op: part === "down" ? "fail" : "repair", target: item.name, targets,
      direction: "both", perMillion: 0, flap: { number: i + 1, of: times, part }, where: draft.source.locate(item.path),
    });
    return Array.from({ length: times }, (_, i) => [half(i, "down"), half(i, "up")]).flat();
  });
}
