// Door of the workers folder: more hands for a question.

import { ask, type Asked, type AskOptions, type Hire, type Question, type Plain } from "../batch/index.ts";
import { builtin, inNode } from "../platform.ts";
import type { Topology } from "../topology/model.ts";

export { Pool, type Started } from "./pool.ts";
export { workerSide, type Answer, type FindQuestion, type Order, type WorkerSide } from "./serve.ts";
export { among, hireWeb } from "./web.ts";

/** As many as the processor runs at a time. */
export function workersDefault(): number {
  const os = builtin<typeof import("node:os")>("node:os");
  return os?.availableParallelism() ?? (globalThis as { navigator?: { hardwareConcurrency?: number } }).navigator?.hardwareConcurrency ?? 1;
}

/** Node's workers where there is Node; in a browser the page brings its own (`hireWeb`). */
export const hire: Hire = async (work, count) => (await import("./node.ts")).hireNode(work, count);

/** Starts workers that a question will want, so that they are ready when its topology is. `module`: the question's. */
export async function prepare(count: number, module: string): Promise<void> {
  if (inNode()) (await import("./node.ts")).prepareNode(count, module);
}

/** `ask`, with workers: as many as the processor runs at a time, unless `workers` says how many; 0: none, all in this thread. */
export function askWorkers<O extends Plain, I, R extends Plain, A>(question: Question<O, I, R, A>, topology: Topology, options: O, run: AskOptions = {}): Asked<R, A> {
  return ask(question, topology, options, { most: workersDefault(), ...(inNode() ? { hire } : {}), ...run });
}

