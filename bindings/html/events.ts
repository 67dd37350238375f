// Records of a run as the page's columns: those that explain an outage are always among them, of the others as many as there is room for.

import { describer, firstStepNs, type Run } from "../analysis/index.ts";
import type { Events } from "./data.ts";

/** A page with so many opens at once (docs/report.md). */
export const EVENTS_MAX = 200_000;

export interface Told { events: Events; indexOf: ReadonlyMap<number, number> }

/** `wanted`: ids of records whose chains the page shows. */
export function eventsOf(run: Run, wanted: Iterable<number>, most = EVENTS_MAX): Told {
  const ids = new Set<number>();
  for (const id of wanted) {
    for (let at = id; at > run.trace.before && !ids.has(at);) {
      ids.add(at);
      const { cause } = run.trace.get(at);
      at = cause < at ? cause : 0;
    }
  }
  const from = firstStepNs(run);
  let after = 0;
  for (const { id, at } of run.trace) {
    if (at < from) continue;
    after++;
    if (ids.size < most) ids.add(id);
  }
  const shown = [...ids].sort((a, b) => a - b);
  const indexOf = new Map(shown.map((id, i) => [id, i]));
  const told = shown.reduce((count, id) => count + (run.trace.get(id).at >= from ? 1 : 0), 0);
  return { events: columns(run, shown, indexOf, after - told), indexOf };
}

function columns(run: Run, ids: readonly number[], indexOf: ReadonlyMap<number, number>, leftOut: number): Events {
  const describe = describer(run.names, run.topology);
  const names: string[] = [];
  const known = new Map<string, number>();
  const nameOf = (name: string): number => {
    const at = known.get(name);
    if (at !== undefined) return at;
    known.set(name, names.push(name) - 1);
    return names.length - 1;
  };
  const events: Events = { at: [], cause: [], node: [], what: [], text: [], names, leftOut };
  for (const id of ids) {
    const record = run.trace.get(id);
    const words = describe(record);
    events.at.push(Number(record.at));
    events.cause.push(record.cause < id ? (indexOf.get(record.cause) ?? -1) : -1);
    events.node.push(nameOf(words.node));
    events.what.push(nameOf(words.protocol));
    events.text.push(words.sentence);
  }
  return events;
}
