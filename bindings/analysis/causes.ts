// Chains of causes: from a record back to what began it, and from there forward in words.

import * as abi from "../../assembly/abi.ts";
import type { Trace, TraceRecord } from "../trace/records.ts";
import { describer, type Describe } from "./describe.ts";
import type { Run } from "./run.ts";

export interface Link {
  id: number;
  atNs: bigint;
  /** since the link before; 0n for the first */
  deltaNs: bigint;
  kind: number;
  text: string;
}

/** The wait that mattered most between down and up, and the record that ended it. */
export interface Wait {
  lengthNs: bigint;
  fromNs: bigint;
  untilNs: bigint;
  endedBy: Link;
}

/** The record and what caused it, oldest first, as far as the trace goes back. A cause always has a smaller id: anything else ends the walk. */
export function chainOf(trace: Trace, id: number): TraceRecord[] {
  const chain: TraceRecord[] = [];
  for (let at = id; at > trace.before;) {
    const record = trace.get(at);
    chain.push(record);
    at = record.cause < record.id ? record.cause : 0;
  }
  return chain.reverse();
}

/** The newest fault in a chain: the scenario event that a record belongs to. */
export function faultOf(chain: readonly TraceRecord[]): TraceRecord | null {
  return chain.findLast((r) => r.kind === abi.T_FAULT) ?? null;
}

export function linksOf(chain: readonly TraceRecord[], describe: Describe): Link[] {
  return chain.map((r, i) => ({ id: r.id, atNs: r.at, deltaNs: r.at - (chain[i - 1]?.at ?? r.at), kind: r.kind, text: describe(r).sentence }));
}

/** How it came to a record, oldest first, in words. */
export function causes(run: Run, id: number): Link[] {
  return linksOf(chainOf(run.trace, id), describer(run.names, run.topology));
}

/** The longest gap between two links of the way back up, looked at only while it was down. */
export function longestWait(up: readonly Link[], startNs: bigint): Wait | null {
  let longest: Wait | null = null;
  let fromNs = startNs;
  for (const link of up) {
    if (link.atNs <= fromNs) continue;
    const lengthNs = link.atNs - fromNs;
    if (longest === null || lengthNs > longest.lengthNs) longest = { lengthNs, fromNs, untilNs: link.atNs, endedBy: link };
    fromNs = link.atNs;
  }
  return longest;
}
