// What a worker answers with: a topology that was opened and warmed up once, and its snapshot.

import { Session, type SessionSnapshot } from "../engine/index.ts";
import type { Topology } from "../topology/model.ts";
import type { AnyQuestion, Items, Plain } from "./question.ts";

/** `from`: the warm state, where another thread has it or will have it; null: it has none. */
export interface LabOptions { seed: bigint; wasm: WebAssembly.Module; signal?: AbortSignal; from?: Promise<SessionSnapshot | null> }

export class Lab {
  readonly topology: Topology;
  readonly seed: bigint;
  readonly wasm: WebAssembly.Module;
  /** the state that every item begins with */
  readonly warm: SessionSnapshot;
  /** as the last item left it; `fresh` is what to begin with */
  readonly session: Session;
  readonly #kept = new Map<string, unknown>();

  constructor(topology: Topology, options: LabOptions, session: Session, warm: SessionSnapshot | null = null) {
    this.topology = topology;
    this.seed = options.seed;
    this.wasm = options.wasm;
    this.session = session;
    this.warm = warm ?? session.snapshot();
  }

  /** The warm session, whatever the item before did to it. */
  fresh(): Session {
    this.session.restore(this.warm);
    return this.session;
  }

  /** What is worked out once a worker: indices of the topology, say. Never what an item left behind. */
  once<T>(key: string, make: () => T): T {
    if (!this.#kept.has(key)) this.#kept.set(key, make());
    return this.#kept.get(key) as T;
  }
}

export async function openLab(question: AnyQuestion, topology: Topology, options: Plain, given: LabOptions & { plan?: Items<unknown> }): Promise<Lab> {
  const { untilNs = 0n, run = {} } = question.warm?.(topology, options, given.plan ?? question.plan(topology, options)) ?? {};
  const scenario = { name: question.name, untilNs, steps: [], where: { line: 1, col: 1, length: 1 } };
  const session = await Session.open(topology, scenario, { ...run, seed: given.seed, wasm: given.wasm }, given.from);
  const warm = await given.from ?? null;
  if (warm === null) await session.runTo(untilNs, given.signal === undefined ? {} : { signal: given.signal });
  return new Lab(topology, given, session, warm);
}

/** The rows of a chunk. */
export async function answerChunk(question: AnyQuestion, lab: Lab, items: Items<unknown>, options: Plain, from: number, to: number): Promise<Plain[]> {
  const rows: Plain[] = [];
  for (let i = from; i < to; i++) rows.push(await question.answer(lab, items.at(i), options, i));
  return rows;
}
