// Scenarios: what happens when.

import { aftermathNs } from "../aftermath.ts";
import { formatDuration } from "../../duration.ts";
import { aimed, checkOp, isTargetError, resolveTarget, wholeBond, wrongDelay, type Target, type TargetIndex } from "../targets.ts";
import type { Draft } from "../draft.ts";
import { expandExpectations, expectationsOf, lastNs, Subjects } from "./expectations.ts";
import { expandFlap, flapNs } from "./flaps.ts";
import { expandMigrations } from "./migrations.ts";
import type { Ns, Step } from "../model.ts";
import type { Path } from "../problems.ts";
import { COMPOUND_OPS, STEP_OPS, type ScenarioInput, type StepInput } from "../schema/file.ts";

export function expandScenarios(draft: Draft): void {
  const entries = Object.entries(draft.input.scenarios ?? {});
  if (entries.length === 0) return;
  const topology = draft.finish();
  const index: TargetIndex = { nodes: draft.nodes, ports: draft.ports, lags: draft.lags, pairs: draft.pairs, links: new Map(topology.links.map((link) => [link.name, link])), topology };
  const subjects = new Subjects(draft);
  for (const [name, input] of entries) expandScenario(draft, index, subjects, name, input);
}

function expandScenario(draft: Draft, index: TargetIndex, subjects: Subjects, name: string, input: ScenarioInput): void {
  const path = ["scenarios", name];
  const [list, listPath, until] = Array.isArray(input) ? [input, path, undefined] : [input.steps, [...path, "steps"], input.until];
  for (const [i, step] of list.entries()) checkStep(draft, step, [...listPath, i]);
  const steps = [
    ...list.flatMap((step, i) => expandStep(draft, index, step, [...listPath, i])), ...expandMigrations(draft, list, listPath),
    ...list.flatMap((step, i) => expandFlap(draft, step, [...listPath, i], (item) => targetsOf(draft, index, item.name, item.path))),
  ];
  steps.sort((a, b) => (a.atNs < b.atNs ? -1 : a.atNs > b.atNs ? 1 : 0));
  const expectations = list.flatMap((step, i) => expandExpectations(draft, index, subjects, step, steps, [...listPath, i]));
  const last = [...steps.map((step) => step.atNs), ...expectations.map(lastNs)].reduce((max, ns) => (ns > max ? ns : max), 0n);
  const untilNs = draft.duration(until, [...path, "until"]) ?? last + aftermathNs(draft.nodes.values(), draft.pairs.values());
  for (const [i, step] of list.entries()) checkEnd(draft, step, untilNs, until, [...listPath, i]);
  draft.scenarios.push({ name, untilNs, steps, ...(expectations.length === 0 ? {} : { expectations }), where: draft.whereKey(...path) });
}

function checkEnd(draft: Draft, step: StepInput, untilNs: Ns, until: string | undefined, path: Path): void {
  const atNs = draft.duration(step.at, [...path, "at"]) ?? 0n;
  if (atNs > untilNs) draft.report("DH_STEP_AFTER_UNTIL", [...path, "at"], `the step at ${step.at} is after the end at ${until}`, `until: ${step.at} or later`);
  const flapEndNs = atNs + (flapNs(draft, step, path) ?? 0n);
  if (step.flap !== undefined && atNs <= untilNs && flapEndNs > untilNs) draft.report("DH_STEP_AFTER_UNTIL", [...path, "times"], `the last repair at ${formatDuration(flapEndNs)} is after the end at ${until}`, `until: ${formatDuration(flapEndNs)} or later`);
  for (const { input, path: at } of expectationsOf(step, path)) {
    const judgedNs = atNs + (draft.duration(input.within, [...at, "within"]) ?? 0n);
    if (atNs <= untilNs && judgedNs > untilNs) draft.report("DH_STEP_AFTER_UNTIL", [...at, "within"], `what is expected at ${formatDuration(judgedNs)} is after the end at ${until}`, `until: ${formatDuration(judgedNs)} or later`);
  }
}

/** Words that belong to one operation. */
const ONLY_FOR = { percent: "loss", delay: "slow", to: "migrate", pause: "migrate", times: "flap", period: "flap" } as const;

/** One thing a step, and the words that belong to it. A step that only expects does nothing. */
function checkStep(draft: Draft, input: StepInput, path: Path): void {
  const ops = [...STEP_OPS, ...COMPOUND_OPS].filter((op) => input[op] !== undefined);
  const [op] = ops;
  if (op === undefined ? input.expect === undefined : ops.length > 1) {
    const help = `one of: ${[...STEP_OPS, ...COMPOUND_OPS].join(", ")}`;
    if (![...STEP_OPS, ...COMPOUND_OPS, "expect"].some((each) => draft.excused(`.${each}`))) draft.report("DH_STEP", path, op === undefined ? "the step does nothing" : `the step does ${ops.length} things: ${ops.join(", ")}`, help);
    return;
  }
  for (const [word, owner] of Object.entries(ONLY_FOR) as [keyof typeof ONLY_FOR, string][]) {
    if (input[word] !== undefined && op !== undefined && op !== owner) draft.report("DH_STEP", [...path, word], `"${word}" is for ${owner}, not for ${op}`, null, { key: true });
  }
  if (input.direction !== undefined && (op === "migrate" || op === "flap")) draft.report("DH_STEP", [...path, "direction"], `"direction" is not for ${op}`, null, { key: true });
}

function expandStep(draft: Draft, index: TargetIndex, input: StepInput, path: Path): Step[] {
  const ops = STEP_OPS.filter((op) => input[op] !== undefined);
  const [op] = ops;
  if (op === undefined || ops.length > 1) return [];
  if (op === "loss" && input.percent === undefined) draft.report("DH_MISSING", path, 'loss lacks "percent"', null);
  if (op === "slow" && input.delay === undefined && !draft.excused(".delay")) draft.report("DH_MISSING", path, 'slow lacks "delay"', null);
  const delayNs = draft.duration(input.delay, [...path, "delay"]);
  const odd = delayNs === null ? null : wrongDelay(delayNs);
  if (odd !== null) draft.report("DH_STEP", [...path, "delay"], odd);
  const atNs = draft.duration(input.at, [...path, "at"]) ?? 0n;
  return draft.namesOf(input[op] ?? [], [...path, op]).flatMap((item) => {
    const targets = wholeBond(op, index, item.name, targetsOf(draft, index, item.name, item.path));
    const wrong = checkOp(op, targets, index);
    if (wrong !== null) draft.report("DH_TARGET_OP", item.path, wrong);
    if (targets.length === 0 || wrong !== null) return [];
    return [aimed(index, {
      atNs, op, target: item.name, targets, direction: input.direction ?? "both",
      perMillion: Math.round((input.percent ?? 0) * 10_000), ...(op === "slow" && delayNs !== null ? { delayNs } : {}), where: draft.source.locate(item.path),
    })];
  });
}

function targetsOf(draft: Draft, index: TargetIndex, name: string, path: Path): Target[] {
  const result = resolveTarget(index, name);
  if (!isTargetError(result)) return result;
  const parts = name.split(/[:/]|--/).map((part) => part.trim());
  if (!parts.some((part) => draft.excused(part)) && !(name.includes(":") && draft.incomplete("links"))) {
    draft.report("DH_TARGET", path, result.error, result.didYouMean === null ? null : `did you mean "${result.didYouMean}"?`);
  }
  return [];
}
