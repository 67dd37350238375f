// Proofs of the rules of `dualhome check`: a design that is right, the same with the rule's fault in it, and what a run of each shows.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { notReady, outages } from "../../bindings/analysis/index.ts";
import { runScenario } from "../../bindings/engine/index.ts";
import { findings, readDesign, RULES, type Design, type Finding, type Rule } from "../../bindings/rules/index.ts";
import { formatProblems, parseTopology } from "../../bindings/topology/index.ts";
import type { Topology } from "../../bindings/topology/model.ts";

export interface Proof {
  /** Id of the rule */
  rule: string;
  /** A whole file that is right. The piece `example.mended` of the rule stands in it, and is swapped for `example.faulty` */
  design: string;
  /** The whole file with the fault, where more of it has to be another: `example.faulty` stands in it */
  faulty?: string;
  /** What both runs measure. Left out only of rules that speak of no effect */
  effect?: {
    /** Steps of a scenario as YAML; the file has none of its own. Empty: nothing happens in 60 s */
    steps?: string[];
    untilS?: number;
    /** The number that is judged; without it the longest outage of a flow or service in ms, Infinity when it was never up */
    measure?: (topology: Topology) => number | Promise<number>;
    /** With the fault it is at least this, mended at most that */
    faulty: number;
    mended: number;
    /** Where the two numbers come from */
    because: string;
  };
  /** What is printed as seen */
  seen?: RegExp;
}

export function designOf(text: string, file = "proof.dh.yaml"): Design {
  const read = readDesign(text, file);
  if ("problems" in read) throw new Error(formatProblems(read.problems, text));
  return read.design;
}

/** Findings of one rule in a file. */
export function found(rule: string, text: string): Finding[] {
  return findings(designOf(text), RULES.filter((each) => each.id === rule));
}

/** The design with the fault. */
function broken({ id, example }: Rule, { design, faulty }: Proof): string {
  const parts = design.split(example.mended);
  assert.ok(parts.length > 1, `${id}: the design has no piece "${example.mended}"`);
  assert.ok(faulty === undefined || faulty.includes(example.faulty), `${id}: the design with the fault has no piece "${example.faulty}"`);
  return faulty ?? parts.join(example.faulty);
}

/** Each proof as tests: the fault is found, and found at its place; its effect is there; mended, both are gone. */
export function prove(proofs: readonly Proof[]): void {
  for (const proof of proofs) {
    const rule = RULES.find((each) => each.id === proof.rule);
    describe(proof.rule, () => {
      assert.ok(rule !== undefined, `there is no rule ${proof.rule}`);
      const faulty = broken(rule, proof);
      it("finds the fault, and nothing in the design without it", () => {
        const seen = found(proof.rule, faulty);
        assert.ok(seen.length > 0, "found");
        if (proof.seen !== undefined) assert.match(seen.map((each) => each.seen).join("\n"), proof.seen);
        const mended = parseTopology(proof.design, "proof.dh.yaml");
        if ("problems" in mended) assert.fail(formatProblems(mended.problems, proof.design));
        assert.deepEqual(found(proof.rule, proof.design).map((each) => each.seen), []);
      });
      const { effect } = proof;
      if (effect === undefined) return;
      it(`${rule.effect ?? "no effect"}: ${effect.because}`, async () => {
        const [bad, good] = [await measured(effect, faulty), await measured(effect, proof.design)];
        assert.ok(bad >= effect.faulty, `with the fault: ${bad}, at least ${effect.faulty}`);
        assert.ok(good <= effect.mended, `mended: ${good}, at most ${effect.mended}`);
        assert.ok(effect.mended < effect.faulty, "the bounds say that it is better mended");
      });
    });
  }
}

function measured({ steps, untilS = 60, measure = worstMs }: NonNullable<Proof["effect"]>, text: string): number | Promise<number> {
  const { topology } = designOf(text);
  const list = steps ?? [`{at: 1s, nothing: ${topology.nodes[0]!.name}}`];
  return measure(designOf(`${text}scenarios: {proof: {until: ${untilS}s, steps: [${list.join(", ")}]}}\n`).topology);
}

/** The longest outage of a flow or service of the file's only scenario in ms; Infinity: never up. */
export const worstMs = (topology: Topology): Promise<number> => worstOf(/^/)(topology);

/** The same of those with such names. */
export function worstOf(name: RegExp): (topology: Topology) => Promise<number> {
  return async (topology) => {
    const [scenario] = topology.scenarios;
    if (scenario === undefined) throw new Error("the proof has no scenario");
    const run = await runScenario(topology, scenario);
    if (notReady(run).some((late) => late.firstUpNs === null && name.test(late.name))) return Infinity;
    return Math.max(0, ...outages(run).filter((outage) => name.test(outage.name)).map((outage) => Number(outage.lengthNs) / 1e6));
  };
}
