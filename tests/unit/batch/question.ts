// Questions for the tests of batches: one that asks the engine, and one that ends its worker.

import { existsSync, writeFileSync } from "node:fs";
import { isMainThread } from "node:worker_threads";
import { outages } from "../../../bindings/analysis/index.ts";
import type { Question } from "../../../bindings/batch/index.ts";
import { DualhomeError } from "../../../bindings/errors.ts";

export interface Options { [key: string]: string | number; marker: string; deadly: number }
type Row = { [key: string]: string | number };
type Result = { down: number; rows: number };

const where = { line: 1, col: 1, length: 1 };

/** Each node fails; `deadly`: the item that ends its worker while `marker` is not there (never made when it is "-"), -2: an error of the question's own. */
export const question: Question<Options, string, Row, Result> = {
  name: "test", version: 1, module: import.meta.url, chunk: 2,
  plan: (topology) => [...topology.nodes, ...topology.nodes].map((node) => node.name),
  about: (topology) => ({ name: topology.name }),
  async answer(lab, item, options, index) {
    if (options.deadly === -2) throw new DualhomeError("DH_TEST", "wrong", 2);
    if (index === options.deadly && !isMainThread && !existsSync(options.marker)) {
      if (options.marker !== "-") writeFileSync(options.marker, "");
      process.exit(7);
    }
    const session = lab.fresh();
    session.add([{ atNs: session.nowNs + 1_000_000_000n, op: "fail", target: item, targets: [{ kind: "node", name: item }], direction: "both", perMillion: 0, where }]);
    await session.runTo(session.nowNs + 20_000_000_000n);
    const found = outages(session.result());
    return { item, index, outages: found.length, total: found.reduce((sum, each) => sum + each.lengthNs, 0n).toString() };
  },
  finish: (rows) => ({ rows: rows.length, down: rows.reduce((sum, row) => sum + Number(row["outages"]), 0) }),
};
