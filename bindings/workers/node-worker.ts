// What a worker of Node runs.

import { parentPort, workerData } from "node:worker_threads";
import { expose, type Endpoint } from "comlink";
import nodeEndpoint from "comlink/dist/umd/node-adapter.js";
import type { AnyQuestion } from "../batch/index.ts";
import { workerSide } from "./serve.ts";

if (workerData !== undefined) void import(workerData as string).catch(() => {}); // known before it is asked for
const side = workerSide(async ({ module }) => ((await import(module)) as { question: AnyQuestion }).question);
expose(side, (nodeEndpoint as unknown as (port: typeof parentPort) => Endpoint)(parentPort));
