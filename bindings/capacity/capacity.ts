// The whole question as one call.

import { type AskOptions } from "../batch/index.ts";
import { askWorkers } from "../workers/index.ts";
import { DualhomeError } from "../errors.ts";
import type { Topology } from "../topology/model.ts";
import { question, type CapacityOptions } from "./question.ts";
import type { CapacityResult } from "./result.ts";
import { sourcesOf } from "./traffic.ts";

export const CAPACITY_DEFAULT: CapacityOptions = { failures: 1, kinds: null, limit: 1, oversubscription: null };

export type CapacityRun = Partial<CapacityOptions> & AskOptions;

/** Places the topology's demands and flows with a rate, whole and after failures. Throws DualhomeError with exit code 2 when nothing is offered. */
export async function capacity(topology: Topology, { failures = 1, kinds = null, limit = 1, oversubscription = null, ...run }: CapacityRun = {}): Promise<CapacityResult> {
  mustOffer(topology);
  return askWorkers(question, topology, { failures, kinds, limit, oversubscription }, run).result();
}

export function mustOffer(topology: Topology): void {
  if (sourcesOf(topology).length === 0) throw new DualhomeError("DH_RATE", `${topology.name}: nothing is offered; say demands: {web: {from: .., to: .., rate: 40G, flows: 64}}, or flows with a rate`, 2);
}
