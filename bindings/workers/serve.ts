// A worker's side: it is told the job once, opens and warms up the network, or is given it as another worker warmed it up, and answers chunks by number.

import { answerChunk, itemsOf, openLab, type AnyQuestion, type Cut, type Lab, type Plain } from "../batch/index.ts";
import { posted, received, type PostedSnapshot, type SessionSnapshot } from "../engine/index.ts";
import { DualhomeError } from "../errors.ts";
import type { Topology } from "../topology/model.ts";

/** What is posted to a worker: all of it can be cloned. */
export interface Order {
  question: { name: string; module: string };
  topology: Topology;
  options: Plain;
  seed: bigint;
  wasm: WebAssembly.Module;
  cut: Cut;
}

/** Rows are posted as JSON, which takes half of what cloning them does. Errors as what they are: an error's code does not survive the way. */
export type Answer = { rows: string } | { error: { name: string; code: string; message: string; exitCode: 2 | 3; stack: string } };

export interface WorkerSide {
  /** `waits`: another worker warms the network up, and `give` will say how it came out. */
  take(order: Order, waits: boolean): Promise<void>;
  /** The network as this worker warmed it up; null: it could not. */
  warm(): Promise<PostedSnapshot | null>;
  give(warm: PostedSnapshot | null): Promise<void>;
  chunk(n: number): Promise<Answer>;
}

/** Finds the question that an order names: by loading its module (Node), or among those that a page's worker was built with. */
export type FindQuestion = (question: Order["question"]) => Promise<AnyQuestion>;

export function workerSide(find: FindQuestion): WorkerSide {
  let order: Order | null = null;
  let ready: Promise<{ question: AnyQuestion; lab: Lab; plan: ReturnType<AnyQuestion["plan"]> }> | null = null;
  let handed: (warm: SessionSnapshot | null) => void = () => {};
  const open = async ({ topology, options, seed, wasm, question: named }: Order, from: Promise<SessionSnapshot | null>) => {
    const question = await find(named);
    const plan = question.plan(topology, options);
    return { question, plan, lab: await openLab(question, topology, options, { plan, seed, wasm, from }) };
  };
  return {
    async take(given, waits) {
      order = given;
      ready = open(given, waits ? new Promise((resolve) => { handed = resolve; }) : Promise.resolve(null));
      ready.catch(() => {}); // said to whoever asks for a chunk
    },
    async warm() {
      try { return posted((await ready!).lab.warm); } catch { return null; }
    },
    async give(warm) { handed(warm === null ? null : received(warm)); },
    async chunk(n) {
      try {
        if (order === null || ready === null) throw new DualhomeError("DH_INTERNAL", "a worker was asked before it was told what", 3);
        const { question, lab, plan } = await ready;
        return { rows: JSON.stringify(await answerChunk(question, lab, plan, order.options, ...itemsOf(order.cut, n))) };
      } catch (thrown) {
        const { name = "Error", message = String(thrown), stack = "", code = "DH_ENGINE", exitCode = 3 } = thrown as Partial<DualhomeError>;
        return { error: { name, message, stack, code, exitCode: exitCode === 2 ? 2 : 3 } };
      }
    },
  };
}
