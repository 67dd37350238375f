// Some of a sweep's failures, evenly spread over the plan.

import type { Plain, Question } from "../bindings/batch/index.ts";
import { sweepQuestion, type Failure, type SweepOptions } from "../bindings/sweep/index.ts";

type Options = SweepOptions & { every: number } & Plain;

export const sampled: Question<Options, Failure, Plain, number> = {
  ...(sweepQuestion as unknown as Question<Options, Failure, Plain, number>),
  name: "sweep-sample", module: import.meta.url, about: () => null, finish: (rows) => rows.length,
  plan(topology, options) {
    const all = sweepQuestion.plan(topology, options) as readonly Failure[];
    return all.filter((_, i) => i % options.every === 0);
  },
};
export const question = sampled;
