// The worker, as the page calls it.

import { wrap } from "comlink";
import type { Lab } from "./lab.ts";

type Call = { call(method: string, args: unknown[]): Promise<unknown> };
export type RemoteLab = { [M in keyof Lab]: Lab[M] extends (...args: infer A) => infer R ? (...args: A) => Promise<Awaited<R>> : never };

export function startLab(): RemoteLab {
  const worker = new Worker("worker.js", { type: "module", name: "dualhome" });
  const remote = wrap<Call>(worker);
  return new Proxy({} as RemoteLab, { get: (_, method) => (...args: unknown[]) => remote.call(String(method), args) });
}
