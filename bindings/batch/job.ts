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

/** What there is to do: all that answers need. */
export interface Work {
  question: AnyQuestion;
  topology: Topology;
  options: Plain;
  seed: bigint;
  wasm: WebAssembly.Module;
  plan: Items<unknown>;
  /** worked out when it is first asked for: of a large network it takes seconds */
  readonly about: Plain;
  cut: Cut;
  /** how many there are */
  chunks: number;
}

/** How a plan is cut into chunks. */
export type Cut = Pick<Identity, "items" | "chunk">;

/** Work that others are to know again: in files, and on other machines. */
export interface Job extends Work { identity: Identity }

export function workOf(question: AnyQuestion, topology: Topology, options: Plain, { seed = 1n, wasm }: { seed?: bigint; wasm: WebAssembly.Module }): Work {
  const plan = question.plan(topology, options);
  const chunk = typeof question.chunk === "function" ? question.chunk(plan.length) : question.chunk ?? CHUNK_DEFAULT;
  let about: Plain | undefined;
  return {
    question, topology, options, seed, wasm, plan, cut: { items: plan.length, chunk }, chunks: Math.ceil(plan.length / chunk),
    get about() { return about ??= question.about?.(topology, options) ?? null; },
  };
}

/** The hash of a large topology takes a second: only for those who need it. */
export async function identified(work: Work): Promise<Job> {
  const { question, topology, options, seed, wasm, cut } = work;
  const identity: Identity = { question: question.name, version: question.version, options, topology: await topologyHash(topology), seed: seed.toString(), engine: buildOfModule(wasm), ...cut };
  const { plan, chunks } = work;
  return { question, topology, options, seed, wasm, cut, plan, chunks, identity, get about() { return work.about; } };
}

export async function jobOf(...asked: Parameters<typeof workOf>): Promise<Job> { return identified(workOf(...asked)); }

/** The items of chunk n. */
export function itemsOf({ items, chunk }: Cut, n: number): [from: number, to: number] {
  if (n < 0 || n * chunk >= items) throw new DualhomeError("DH_CHUNK", `there is no chunk ${n} of ${items} items`, 3);
  return [n * chunk, Math.min(items, (n + 1) * chunk)];
}

/** The question and eight digits, "sweep-ab12cd34": names a job, for files. */
export async function jobName(identity: Identity): Promise<string> { return `${identity.question}-${(await hashOf(identity as unknown as Plain)).slice(0, 8)}`; }
