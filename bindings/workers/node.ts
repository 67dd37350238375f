// Workers of Node.

import type { Worker } from "node:worker_threads";
import nodeEndpoint from "comlink/dist/umd/node-adapter.js";
import type { Endpoint } from "comlink";
import type { Hire } from "../batch/index.ts";
import { builtin } from "../platform.ts";
import { Pool, type Started } from "./pool.ts";

const name = "dualhome"; // of the thread
const here = import.meta.url; // by this name bundlers for browsers do not follow it

/** Sources that are run as they are need what reads them in the worker, too: before Node 22 it does not reach a worker's first file. */
function begin(): Worker {
  const { Worker: Thread } = builtin<typeof import("node:worker_threads")>("node:worker_threads")!;
  if (!here.endsWith(".ts")) return new Thread(new URL("./node-worker.js", here), { name });
  const entry = JSON.stringify(new URL("./node-worker.ts", here).href);
  return new Thread(`import("tsx/esm/api").then(({ register }) => { register(); return import(${entry}); });`, { name, eval: true });
}

export function startNode(): Started {
  const worker = begin();
  let asked = false;
  return {
    endpoint: (nodeEndpoint as unknown as (worker: Worker) => Endpoint)(worker),
    onDeath(callback) {
      let why = "";
      worker.on("error", (error: Error) => { why = error.message; });
      worker.on("exit", (code) => { if (!asked) callback(why === "" ? `exit ${code}` : why); });
    },
    async terminate() { asked = true; await worker.terminate(); },
  };
}

export const hireNode: Hire = async (job, count) => new Pool(job, count, startNode);
