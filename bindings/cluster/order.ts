// What is asked, as a file beside the parts: all that a worker needs to answer chunks by number.

import { foreign, jobName, jobOf, type AnyQuestion, type Identity, type Job } from "../batch/index.ts";
import { buildOfModule } from "../engine/index.ts";
import { DualhomeError } from "../errors.ts";
import type { Topology } from "../topology/model.ts";

const ORDER_FORMAT = 1;

export interface Order {
  order: number; // ORDER_FORMAT
  identity: Identity;
  /** the topology's file, as it was named; for reports */
  file: string;
  /** what is counted: "failures" */
  items: string;
  topology: Topology;
}

const BIG = /^(-?\d+)n$/;

/** Topologies hold ns of 64 bits, which JSON has not: they are strings that end in n, and strings that look like it have a mark. */
export function orderText({ identity, topology }: Pick<Job, "identity" | "topology">, file: string, items: string): string {
  const order: Order = { order: ORDER_FORMAT, identity, file, items, topology };
  return `${JSON.stringify(order, (_, value: unknown) => (typeof value === "bigint" ? `${value}n` : typeof value === "string" && /^\\*-?\d+n$/.test(value) ? `\\${value}` : value))}\n`;
}

export function readOrder(text: string, name: string): Order {
  try {
    const order = JSON.parse(text, (_, value: unknown) => (typeof value !== "string" ? value : BIG.test(value) ? BigInt(value.slice(0, -1)) : /^\\+-?\d+n$/.test(value) ? value.slice(1) : value)) as Order;
    if (order.order === ORDER_FORMAT && typeof order.identity === "object" && order.identity !== null && /^\d{1,20}$/.test(order.identity.seed)) return order;
  } catch { /* said below */ }
  throw new DualhomeError("DH_CLUSTER_PARTS", `${name}: no order of this version of dualhome, or cut off`, 2);
}

/** Throws DH_CLUSTER_ENGINE where this engine is not the one that was asked. */
export function checkEngine(identity: Identity, name: string, wasm: WebAssembly.Module): void {
  const own = buildOfModule(wasm);
  if (identity.engine !== own) throw new DualhomeError("DH_CLUSTER_ENGINE", `job ${name} is for build ${identity.engine.slice(0, 12)} of the engine, this is ${own.slice(0, 12)}: left to others`, 2);
}

/** The job again, on this machine. Throws DH_CLUSTER_FOREIGN where it would not be the same. */
export async function jobOfOrder(order: Order, name: string, question: AnyQuestion, wasm: WebAssembly.Module): Promise<Job> {
  const { identity, topology } = order;
  const job = await jobOf(question, topology, identity.options, { seed: BigInt(identity.seed), wasm }).catch((e: unknown) => {
    if (e instanceof DualhomeError) throw e;
    throw new DualhomeError("DH_CLUSTER_PARTS", `the order of job ${name} is damaged: what it holds cannot be asked (${(e as Error).message})`, 2);
  });
  const odd = foreign(identity, job.identity) ?? (await jobName(identity) === name ? null : "name");
  if (odd !== null) throw new DualhomeError("DH_CLUSTER_FOREIGN", `job ${name} is another one here: ${odd} differs; was it submitted by another version of dualhome? Left to others`, 2);
  return job;
}
