// Door of the batch folder: questions that are too big for one run.

export { ask, answer, type Asked, type AskOptions, type Hands, type Hire } from "./ask.ts";
export { type AnyQuestion, type Items, type Plain, type Question } from "./question.ts";
export { answerChunk, openLab, Lab, type LabOptions } from "./lab.ts";
export { identified, itemsOf, jobName, jobOf, workOf, type Cut, type Identity, type Job, type Work } from "./job.ts";
export { canonical, topologyHash } from "./hash.ts";
export { foreign, gather, merge, partName, partText, readPart, stretches, type Merged, type Part, type PartHeader } from "./part.ts";
export { shardOf, shardRange, type Shard } from "./shard.ts";
export type { Progress } from "./pace.ts";
