// Some of a sweep's failures, evenly spread over the plan. Of the built library, as its workers are.

import { sweepQuestion } from "../dist/bindings/sweep/index.js";

/** @type {typeof sweepQuestion} */
export const question = {
  ...sweepQuestion,
  name: "sweep-sample", module: import.meta.url, about: () => null, finish: (rows) => /** @type {any} */ (rows.length),
  plan(topology, options) {
    const all = /** @type {readonly any[]} */ (sweepQuestion.plan(topology, options));
    return all.filter((_, i) => i % /** @type {any} */ (options).every === 0);
  },
};
