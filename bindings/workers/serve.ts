// A worker's side: it is told the job once, opens and warms up the network at its first chunk, and answers chunks by number.

import { answerChunk, itemsOf, openLab, type AnyQuestion, type Identity, type Lab, type Plain } from "../batch/index.ts";
import { DualhomeError } from "../errors.ts";
import type { Topology } from "../topology/model.ts";

/** What is posted to a worker: all of it can be cloned. */
export interface Order {
  question: { name: string; module: string };
  topology: Topology;
  options: Plain;
  seed: bigint;
  wasm: WebAssembly.Module;
  identity: Identity;
}

/** Errors are posted as what they are: an error's code does not survive the way. */
export type Answer = { rows: Plain[] } | { error: { name: string; code: string; message: string; exitCode: 2 | 3; stack: string } };

export interface WorkerSide {
  take(order: Order): Promise<void>;
  chunk(n: number): Promise<Answer>;
}

/** Finds the question that an order names: by loading its module (Node), or among those that a page's worker was built with. */
export type FindQuestion = (question: Order["question"]) => Promise<AnyQuestion>;

export function workerSide(find: FindQuestion): WorkerSide {
  let order: Order | null = null;
  let ready: Promise<{ question: AnyQuestion; lab: Lab; plan: ReturnType<AnyQuestion["plan"]> }> | null = null;
  const open = async ({ topology, options, seed, wasm, question: named }: Order) => {
    const question = await find(named);
    const plan = question.plan(topology, options);
    return { question, plan, lab: await openLab(question, topology, options, { seed, wasm }) };
  };
  return {
    async take(given) { order = given; ready = null; },
    async chunk(n) {
      try {
        if (order === null) throw new DualhomeError("DH_INTERNAL", "a worker was asked before it was told what", 3);
        const { question, lab, plan } = await (ready ??= open(order));
        return { rows: await answerChunk(question, lab, plan, order.options, ...itemsOf(order.identity, n)) };
      } catch (thrown) {
        const { name = "Error", message = String(thrown), stack = "", code = "DH_ENGINE", exitCode = 3 } = thrown as Partial<DualhomeError>;
        return { error: { name, message, stack, code, exitCode: exitCode === 2 ? 2 : 3 } };
      }
    },
  };
}
