// What a worker of a browser runs: a page's own worker file says `import "dualhome/worker"`, and the page hires it (docs/api.md). It answers the library's big questions.

import { expose } from "comlink";
import type { AnyQuestion } from "../batch/index.ts";
import { capacityQuestion } from "../capacity/index.ts";
import { DualhomeError } from "../errors.ts";
import { ninesQuestion } from "../nines/index.ts";
import { pairsQuestion, sweepQuestion } from "../sweep/index.ts";
import { among, workerSide } from "../workers/index.ts";

const QUESTIONS = [capacityQuestion, ninesQuestion, pairsQuestion, sweepQuestion] as readonly AnyQuestion[];

if (!("addEventListener" in globalThis)) throw new DualhomeError("DH_PLATFORM", "dualhome/worker is what a browser's worker runs; Node's workers are found without it", 2);
expose(workerSide(among(QUESTIONS)));
