// Which part of a question a machine answers: said outright, or by what started it.

import { DualhomeError } from "../errors.ts";

/** 1 to `of`. */
export interface Shard { index: number; of: number }

type Env = Readonly<Record<string, string | undefined>>;

/** Who starts many of the same job, and in which variables it says which one this is. `first`: what the first is called. */
const STARTERS: { name: string; index: string; count: string; first: (env: Env) => number; step?: string }[] = [
  { name: "Slurm", index: "SLURM_ARRAY_TASK_ID", count: "SLURM_ARRAY_TASK_COUNT", first: (env) => whole(env, "SLURM_ARRAY_TASK_MIN") ?? 0, step: "SLURM_ARRAY_TASK_STEP" },
  { name: "AWS Batch", index: "AWS_BATCH_JOB_ARRAY_INDEX", count: "AWS_BATCH_JOB_ARRAY_SIZE", first: () => 0 },
  { name: "Kubernetes", index: "JOB_COMPLETION_INDEX", count: "DUALHOME_SHARDS", first: () => 0 }, // an Indexed Job does not say how many there are
  { name: "CI", index: "CI_NODE_INDEX", count: "CI_NODE_TOTAL", first: () => 1 },
];

/** "2/8", or "auto". */
export function shardOf(text: string, env: Env): Shard {
  if (text === "auto") return autoShard(env);
  const found = /^(\d{1,6})\/(\d{1,6})$/.exec(text.trim());
  const shard = { index: Number(found?.[1] ?? 0), of: Number(found?.[2] ?? 0) };
  if (found === null || shard.of < 1 || shard.index < 1 || shard.index > shard.of) throw new DualhomeError("DH_SHARD", `"${text}" is no shard: write 1/8 to 8/8, or auto`, 2);
  return shard;
}

function autoShard(env: Env): Shard {
  const starter = STARTERS.find((each) => (env[each.index] ?? "") !== "");
  if (starter === undefined) {
    throw new DualhomeError("DH_SHARD_AUTO", `--shard auto: none of ${STARTERS.map((each) => each.index).join(", ")} is set; say --shard 1/8`, 2);
  }
  const of = whole(env, starter.count);
  if (of === null) throw new DualhomeError("DH_SHARD_AUTO", `--shard auto: ${starter.name} says ${starter.index}=${env[starter.index]}, but ${starter.count} is not set`, 2);
  const step = (starter.step === undefined ? null : whole(env, starter.step)) ?? 1;
  const index = ((whole(env, starter.index) ?? -1) - starter.first(env)) / step + 1;
  if (!Number.isInteger(index) || index < 1 || index > of) {
    throw new DualhomeError("DH_SHARD_AUTO", `--shard auto: ${starter.index}=${env[starter.index]} is none of ${of} (${starter.count})`, 2);
  }
  return { index, of };
}

function whole(env: Env, name: string): number | null {
  const text = env[name] ?? "";
  return /^\d{1,9}$/.test(text) ? Number(text) : null;
}

/** The chunks of a shard: as even as can be, each chunk in exactly one. */
export function shardRange({ index, of }: Shard, chunks: number): [from: number, to: number] {
  return [Math.floor(((index - 1) * chunks) / of), Math.floor((index * chunks) / of)];
}
