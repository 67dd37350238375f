// Workers of a browser. The page brings the worker's file, which says what questions it knows:
//
//   expose(workerSide(among([sweepQuestion])));
//
// and starts it with a URL that its bundler sees: hireWeb(() => new Worker(new URL("./worker.ts", import.meta.url), { type: "module" })).

import type { AnyQuestion, Hire } from "../batch/index.ts";
import { DualhomeError } from "../errors.ts";
import { Pool } from "./pool.ts";
import type { FindQuestion } from "./serve.ts";

/** A browser does not say that a worker was ended for want of memory: only errors are seen. */
export function hireWeb(start: () => Worker): Hire {
  return async (work, count) => new Pool(work, count, () => {
    const worker = start();
    return {
      endpoint: worker,
      onDeath(callback) { worker.addEventListener("error", (event) => callback(event.message)); },
      terminate: () => worker.terminate(),
    };
  });
}

export function among(questions: readonly AnyQuestion[]): FindQuestion {
  return async ({ name }) => {
    const found = questions.find((question) => question.name === name);
    if (found === undefined) throw new DualhomeError("DH_QUESTION", `this worker knows no question "${name}"`, 3);
    return found;
  };
}
