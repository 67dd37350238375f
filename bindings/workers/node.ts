// Workers of Node.

import type { Worker } from "node:worker_threads";
import nodeEndpoint from "comlink/dist/umd/node-adapter.js";
import type { Endpoint } from "comlink";
import type { Hire } from "../batch/index.ts";
import { builtin } from "../platform.ts";
import { Pool, type Started } from "./pool.ts";

const name = "dualhome"; // of the thread
const here = import.meta.url; // by this name bundlers for browsers do not follow it

interface Thread { worker: Worker; ended: Promise<string> }

/** Threads that were started before there was anything to do. */
const idle: Thread[] = [];

/**
 * Starts threads that will be wanted: they read their modules, and that of the question, while the topology is read. They keep nobody from ending.
 * What is not taken costs a tenth of a second of processor time.
 */
export function prepareNode(count: number, module: string): void {
  while (idle.length < count) {
    const thread = startThread(module);
    thread.worker.unref();
    idle.push(thread);
  }
}

function startThread(module?: string): Thread {
  const worker = begin(module);
  let why = "";
  worker.on("error", (error: Error) => { why = error.message; });
  return { worker, ended: new Promise((resolve) => worker.on("exit", (code) => resolve(why === "" ? `exit ${code}` : why))) };
}

/** Sources that are run as they are need what reads them in the worker, too: before Node 22 it does not reach a worker's first file. */
function begin(module?: string): Worker {
  const { Worker: Thread } = builtin<typeof import("node:worker_threads")>("node:worker_threads")!;
  if (!here.endsWith(".ts")) return new Thread(new URL("./node-worker.js", here), { name, workerData: module });
  const entry = JSON.stringify(new URL("./node-worker.ts", here).href);
  return new Thread(`import("tsx/esm/api").then(({ register }) => { register(); return import(${entry}); });`, { name, eval: true, workerData: module });
}

export function startNode(): Started {
  const { worker, ended } = idle.shift() ?? startThread();
  worker.ref();
  let asked = false;
  return {
    endpoint: (nodeEndpoint as unknown as (worker: Worker) => Endpoint)(worker),
    onDeath(callback) {
      void ended.then((why) => { if (!asked) callback(why); });
    },
    async terminate() { asked = true; await worker.terminate(); },
  };
}

export const hireNode: Hire = async (work, count) => new Pool(work, count, startNode);
