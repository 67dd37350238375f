// One JSON object a line: the version first, then the run, every trace record, every outage, the summary last.

import { describer } from "../analysis/index.ts";
import { KINDS } from "../analysis/words.ts";
import { passes, type ReportInput } from "./input.ts";
import { expectationJson, FORMAT_VERSION, jsonTime, outage } from "./json.ts";

export function* jsonl(input: ReportInput): Generator<string> {
  const { run, findings } = input;
  yield line({ type: "version", dualhome: input.version, format: FORMAT_VERSION });
  yield line({ type: "run", file: input.file, topology: run.topology.name, scenario: run.scenario.name, seed: run.seed.toString(), end: jsonTime(run.endNs) });
  for (const a of run.topology.assumptions) yield line({ type: "assumed", ...a });
  const describe = describer(run.names, run.topology);
  for (const r of run.trace) {
    const words = describe(r);
    yield line({
      type: "event", id: r.id, at: jsonTime(r.at), kind: KINDS[r.kind] ?? `kind-${r.kind}`, cause: r.cause === 0 ? null : r.cause,
      node: words.node === "-" ? null : words.node, change: words.change, text: words.sentence, entity: r.entity, a: r.a, b: r.b, c: r.c,
    });
  }
  for (const o of findings.outages) yield line({ type: "outage", ...outage(o, run) });
  for (const e of input.expectations) yield line({ type: "expectation", ...expectationJson(e) });
  yield line({ type: "summary", pass: passes(input), budgets: findings.budgets, outages: findings.outages.length, stillDown: findings.stillDown, events: run.events, records: run.trace.length });
}

function line(value: Record<string, unknown>): string { return `${JSON.stringify(value)}\n`; }
