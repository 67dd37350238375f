// A question that is asked of a topology: what its rows depend on, and nothing else.

import { buildOfModule } from "../engine/index.ts";
import { DualhomeError } from "../errors.ts";
import type { Topology } from "../topology/model.ts";
import { hashOf, topologyHash } from "./hash.ts";
import { CHUNK_DEFAULT, type AnyQuestion, type Items, type Plain } from "./question.ts";

/** All that a chunk's rows are a function of, but its number. Two jobs with equal ones have equal rows. */
export interface Identity {
  question: string;
  version: number;
  options: Plain;
  topology: string; // hash
  seed: string;
  engine: string; // hash of the build
  items: number;
  chunk: number; // items a chunk
}

export interface Job {
  question: AnyQuestion;
  topology: Topology;
  options: Plain;
  seed: bigint;
  wasm: WebAssembly.Module;
  plan: Items<unknown>;
  /** worked out when it is first asked for: of a large network it takes seconds */
  readonly about: Plain;
  identity: Identity;
  /** how many there are */
  chunks: number;
}

export async function jobOf(question: AnyQuestion, topology: Topology, options: Plain, { seed = 1n, wasm }: { seed?: bigint; wasm: WebAssembly.Module }): Promise<Job> {
  const plan = question.plan(topology, options);
  const chunk = typeof question.chunk === "function" ? question.chunk(plan.length) : question.chunk ?? CHUNK_DEFAULT;
  const identity: Identity = {
    question: question.name, version: question.version, options, topology: await topologyHash(topology), seed: seed.toString(), engine: buildOfModule(wasm), items: plan.length, chunk,
  };
  let about: Plain | undefined;
  return {
    question, topology, options, seed, wasm, plan, identity, chunks: Math.ceil(plan.length / chunk),
    get about() { return about ??= question.about?.(topology, options) ?? null; },
  };
}

/** The items of chunk n. */
export function itemsOf({ items, chunk }: Pick<Identity, "items" | "chunk">, n: number): [from: number, to: number] {
  if (n < 0 || n * chunk >= items) throw new DualhomeError("DH_CHUNK", `there is no chunk ${n} of ${items} items`, 3);
  return [n * chunk, Math.min(items, (n + 1) * chunk)];
}

/** The question and eight digits, "sweep-ab12cd34": names a job, for files. */
export async function jobName(identity: Identity): Promise<string> { return `${identity.question}-${(await hashOf(identity as unknown as Plain)).slice(0, 8)}`; }
