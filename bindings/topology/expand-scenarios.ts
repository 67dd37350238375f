// Scenarios: what happens when.

import { checkOp, isTargetError, resolveTarget, wholeBond, type Target, type TargetIndex } from "../scenario/targets.ts";
import type { Draft } from "./draft.ts";
import { expandMigrations } from "./expand-migrations.ts";
import type { Link, Step, Topology } from "./model.ts";
import type { Path } from "./problems.ts";
import { STEP_OPS, type ScenarioInput, type StepInput } from "./schema.ts";

/** Without `until`, a scenario ends this long after its last step. */
const AFTERMATH_NS = 60_000_000_000n;

export function expandScenarios(draft: Draft): void {
  const entries = Object.entries(draft.input.scenarios ?? {});
  if (entries.length === 0) return;
  const topology = draft.finish();
  const index: TargetIndex = { nodes: draft.nodes, ports: draft.ports, lags: draft.lags, pairs: draft.pairs, links: new Map(topology.links.map((link) => [link.name, link])), topology };
  for (const [name, input] of entries) expandScenario(draft, index, name, input);
}

function expandScenario(draft: Draft, index: TargetIndex, name: string, input: ScenarioInput): void {
  const path = ["scenarios", name];
  const [list, listPath, until] = Array.isArray(input) ? [input, path, undefined] : [input.steps, [...path, "steps"], input.until];
  const steps = list.flatMap((step, i) => expandStep(draft, index, step, [...listPath, i]));
  steps.push(...expandMigrations(draft, list, listPath));
  const last = steps.reduce((ns, step) => (step.atNs > ns ? step.atNs : ns), 0n);
  const untilNs = draft.duration(until, [...path, "until"]) ?? last + AFTERMATH_NS;
  for (const [i, step] of list.entries()) {
    const atNs = draft.duration(step.at, [...listPath, i, "at"]) ?? 0n;
    if (atNs > untilNs) draft.report("DH_STEP_AFTER_UNTIL", [...listPath, i, "at"], `the step at ${step.at} is after the end at ${until}`, `until: ${step.at} or later`);
  }
  steps.sort((a, b) => (a.atNs < b.atNs ? -1 : a.atNs > b.atNs ? 1 : 0));
  draft.scenarios.push({ name, untilNs, steps, where: draft.whereKey(...path) });
}

function expandStep(draft: Draft, index: TargetIndex, input: StepInput, path: Path): Step[] {
  if (input.migrate !== undefined) return [];
  const ops = STEP_OPS.filter((op) => input[op] !== undefined);
  const [op] = ops;
  if (op === undefined || ops.length > 1) {
    if (!STEP_OPS.some((each) => draft.excused(`.${each}`))) draft.report("DH_STEP", path, op === undefined ? "the step does nothing" : `the step does ${ops.length} things: ${ops.join(", ")}`, `one of: ${STEP_OPS.join(", ")}, migrate`);
    return [];
  }
  if (input.percent !== undefined && op !== "loss") draft.report("DH_STEP", [...path, "percent"], `"percent" is for loss, not for ${op}`, null, { key: true });
  for (const word of ["to", "pause"] as const) if (input[word] !== undefined) draft.report("DH_STEP", [...path, word], `"${word}" is for migrate, not for ${op}`, null, { key: true });
  if (op === "loss" && input.percent === undefined) draft.report("DH_MISSING", path, 'loss lacks "percent"', null);
  const atNs = draft.duration(input.at, [...path, "at"]) ?? 0n;
  return draft.namesOf(input[op] ?? [], [...path, op]).flatMap((item) => {
    const targets = wholeBond(op, index, item.name, targetsOf(draft, index, item.name, item.path));
    const wrong = checkOp(op, targets, index);
    if (wrong !== null) draft.report("DH_TARGET_OP", item.path, wrong);
    if (targets.length === 0 || wrong !== null) return [];
    const step: Step = {
      atNs, op, target: item.name, targets, direction: input.direction ?? "both",
      perMillion: Math.round((input.percent ?? 0) * 10_000), where: draft.source.locate(item.path),
    };
    return [op === "carrier" || op === "silent" ? aimed(index, step) : step];
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

/** A port that loses carrier, or goes silent, is one direction of its link: the one that ends, or begins, there. */
function aimed(index: TargetIndex, step: Step): Step {
  const [target] = step.targets;
  if (step.targets.length !== 1 || target?.kind !== "port") return step;
  const link = linkOf(index.topology, target.name);
  if (link === undefined) return step;
  const atA = link.a === target.name;
  const towards = step.op === "carrier" ? (atA ? "b-to-a" : "a-to-b") : atA ? "a-to-b" : "b-to-a";
  return { ...step, targets: [{ kind: "link", name: link.name }], direction: towards };
}

function linkOf(topology: Pick<Topology, "links">, port: string): Link | undefined {
  return topology.links.find((link) => link.a === port || link.b === port);
}
