// What happened, as plain data.

import { describer, type Run } from "../analysis/index.ts";
import { KINDS } from "../analysis/words.ts";

export interface SimulationEvent {
  /** counts from 1 */
  id: number;
  /** on the scenario's clock; negative while the network is brought up */
  atNs: bigint;
  /** as in `--json`: the list is in docs/trace-format.md */
  kind: string;
  /** id of the event that brought this one about; null: none did */
  cause: number | null;
  /** null: it is no node's */
  node: string | null;
  /** what changed, in a few words */
  change: string;
  text: string;
}

/** The events of a run behind the one with this id, in order. */
export function* eventsAfter(run: Run, id: number): Generator<SimulationEvent> {
  const describe = describer(run.names, run.topology);
  for (let next = Math.max(id, run.trace.before) + 1; next <= run.trace.length; next++) {
    const record = run.trace.get(next);
    const { node, change, sentence } = describe(record);
    yield { id: next, atNs: record.at, kind: KINDS[record.kind] ?? `kind-${record.kind}`, cause: record.cause === 0 ? null : record.cause, node: node === "-" ? null : node, change, text: sentence };
  }
}
