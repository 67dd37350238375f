// A question for the tests of clusters: it can be held in the middle of a chunk, be made large, and be made to answer wrongly.

import { existsSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { isMainThread } from "node:worker_threads";
import { outages } from "../../bindings/analysis/index.ts";
import type { Question } from "../../bindings/batch/index.ts";

/** `hold`: a file; item `at` says FILE.reached and waits for FILE.go. "" holds nothing. `pad`: bytes of a row beside what it says. */
export interface Options { [key: string]: string | number; hold: string; at: number; pad: number; seconds: number }
type Row = { [key: string]: string | number };

const where = { line: 1, col: 1, length: 1 };

export const question: Question<Options, string, Row, number> = {
  name: "held", version: 1, module: import.meta.url, chunk: 4,
  plan: (topology) => topology.nodes.map((node) => node.name).flatMap((name) => [name, name, name, name]),
  about: (topology) => ({ name: topology.name }),
  async answer(lab, item, { hold, at, pad, seconds }, index) {
    if (hold !== "" && index === at) {
      writeFileSync(`${hold}.reached`, "");
      while (!existsSync(`${hold}.go`)) await sleep(20);
    }
    const session = lab.fresh();
    session.add([{ atNs: session.nowNs + BigInt(index + 1) * 1_000_000n, op: "fail", target: item, targets: [{ kind: "node", name: item }], direction: "both", perMillion: 0, where }]);
    await session.runTo(session.nowNs + BigInt(seconds) * 1_000_000_000n);
    const total = outages(session.result()).reduce((sum, each) => sum + each.lengthNs, 0n);
    return { item, index, total: total.toString(), pad: "x".repeat(pad), thread: isMainThread ? "main" : "worker" };
  },
  finish: (rows) => rows.length,
};
