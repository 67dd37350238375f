// The one shape of a big question: a list of items that do not depend on each other, answered row by row in chunks, put together at the end.

import type { RunOptions } from "../engine/index.ts";
import type { Topology } from "../topology/model.ts";
import type { Lab } from "./lab.ts";

/** What survives JSON: options, rows. Spans of ns that may pass 2^53 are strings. */
export type Plain = null | boolean | number | string | readonly Plain[] | { readonly [key: string]: Plain };

/** An array will do; a million samples need none. */
export interface Items<I> { readonly length: number; at(index: number): I | undefined }

export interface Question<O extends Plain, I, R extends Plain, A> {
  readonly name: string;
  /** another number when the same options give other rows: parts of before are then foreign */
  readonly version: number;
  /** `import.meta.url` of the module that exports this object as `question`: Node's workers load it from there */
  readonly module: string;
  /** items of a chunk (default 32), or of how many there are: some hundred ms of work, so that a part that is cut off loses little, and what is once a part is little beside its rows */
  readonly chunk?: number | ((items: number) => number);
  /** the last items take longer than all others: their chunk is handed out first */
  readonly longestLast?: boolean;
  /** How a worker's network is made ready: options of its session, and how far it runs before the snapshot (default 0: settled). */
  warm?(topology: Topology, options: O, plan: Items<I>): { untilNs?: bigint; run?: Pick<RunOptions, "probeNs" | "reserves" | "spareSteps" | "everyHello" | "touched"> };
  /** What is asked, in order; the same wherever and whenever it is called. */
  plan(topology: Topology, options: O): Items<I>;
  /** What `finish` must know of the topology: it goes into the header of every part, so that merging needs no file. */
  about?(topology: Topology, options: O): Plain;
  /** One item's row: of the topology, the options, the seed and the item alone. `lab.fresh()` is the warm session. */
  answer(lab: Lab, item: I, options: O, index: number): Promise<R>;
  /** All rows, in the order of the plan. */
  finish(rows: readonly R[], options: O, about: Plain): A;
}

// What the machinery handles knows nothing of a question's types.
export type AnyQuestion = Question<any, any, any, any>;

export const CHUNK_DEFAULT = 32;
