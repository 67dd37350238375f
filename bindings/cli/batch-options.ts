// Options of every command that asks a big question (docs/batch.md), and of those that print tables.

import { InvalidArgumentError, type Command } from "commander";
import type { BatchFlags } from "./batch.ts";
import { seedArgument } from "./options.ts";

export interface RawBatch { workers?: number; parts?: string; resume?: boolean; shard?: string; seed?: bigint }

const WORKERS_MAX = 1024;

export function workersArgument(text: string): number {
  const count = Number(text);
  if (!/^\d+$/.test(text) || count > WORKERS_MAX) throw new InvalidArgumentError(`a number of workers is 0 to ${WORKERS_MAX}; 0 works in the main thread`);
  return count;
}

export function batchOptions(command: Command): Command {
  return command
    .option("--seed <n>", "seed of all randomness", seedArgument)
    .option("--workers <n>", "threads, one engine each (default: as many as the processor runs at a time)", workersArgument)
    .option("--parts <folder>", "keep what is finished there as it comes")
    .option("--resume", "go on from what is kept")
    .option("--shard <i/n>", "answer the i-th of n shards and write it as a part; auto: as Slurm, AWS Batch, Kubernetes or CI say");
}

export function batchFlags({ workers, parts, resume, shard, seed }: RawBatch): BatchFlags {
  return { resume: resume === true, ...(workers === undefined ? {} : { workers }), ...(parts === undefined ? {} : { parts }), ...(shard === undefined ? {} : { shard }), ...(seed === undefined ? {} : { seed }) };
}

/** What a result is printed as: a terminal's table, or one of these; and a file beside it. */
export interface OutputFlags { json: boolean; markdown: boolean; all: boolean; parquet?: string; report?: string }
export interface RawOutput { json?: boolean; markdown?: boolean; all?: boolean; parquet?: string; report?: string }

export function outputOptions(command: Command): Command {
  return command
    .option("--json", "one JSON object")
    .option("--markdown", "Markdown, for a ticket or a wiki")
    .option("--parquet <file>", "also write all rows as a Parquet file")
    .option("--all", "no row is left out of the tables");
}

/** Of the commands whose results have a page. */
export function reportOption(command: Command): Command { return command.option("--report <file>", "also write the result as one HTML file"); }

export function outputFlags({ json, markdown, all, parquet, report }: RawOutput): OutputFlags {
  return { json: json === true, markdown: markdown === true, all: all === true, ...(parquet === undefined ? {} : { parquet }), ...(report === undefined ? {} : { report }) };
}
