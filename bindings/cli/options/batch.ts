// Options of every command that asks a big question (docs/batch.md).

import { InvalidArgumentError, type Command } from "commander";
import type { BatchFlags } from "../batch.ts";
import { seedArgument, timeoutOption } from "./arguments.ts";

export interface RawBatch { workers?: number; parts?: string; resume?: boolean; shard?: string; seed?: bigint }

const WORKERS_MAX = 1024;

export function workersArgument(text: string): number {
  const count = Number(text);
  if (!/^\d+$/.test(text) || count > WORKERS_MAX) throw new InvalidArgumentError(`a number of workers is 0 to ${WORKERS_MAX}; 0 works in the main thread`);
  return count;
}

export function batchOptions(command: Command): Command {
  return timeoutOption(command)
    .option("--seed <n>", "seed of all randomness", seedArgument)
    .option("--workers <n>", "threads, one engine each (default: as many as the processor runs at a time)", workersArgument)
    .option("--parts <folder>", "keep what is finished there as it comes")
    .option("--resume", "go on from what is kept")
    .option("--shard <i/n>", "answer the i-th of n shards and write it as a part; auto: as Slurm, AWS Batch, Kubernetes or CI say");
}

export function batchFlags({ workers, parts, resume, shard, seed }: RawBatch): BatchFlags {
  return { resume: resume === true, ...(workers === undefined ? {} : { workers }), ...(parts === undefined ? {} : { parts }), ...(shard === undefined ? {} : { shard }), ...(seed === undefined ? {} : { seed }) };
}
