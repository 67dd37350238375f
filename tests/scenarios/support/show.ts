// npm run scenario -- FILE: runs one scenario file and prints the timeline, the outages and what holds.
// Options: --all the bring-up too, --seed N.

import { resolve } from "node:path";
import { formatDuration } from "../../../bindings/duration.ts";
import { duration, time } from "../../../bindings/report/format.ts";
import { timeline, tryScenario, type Outcome, type Tried } from "./scenario.ts";

const args = process.argv.slice(2);
const file = args.find((arg) => arg.endsWith(".md"));
const all = args.includes("--all");
const seed = args.includes("--seed") ? Number(args[args.indexOf("--seed") + 1]) : 1;

if (file === undefined) {
  process.stderr.write("usage: npm run scenario -- tests/scenarios/SYSTEM/NAME.md [--all] [--seed N]\n");
  process.exitCode = 2;
} else await show(file);

async function show(path: string): Promise<void> {
  const outcome = await tryScenario(resolve(path));
  process.stdout.write(`${outcome.doc.title}\n`);
  const one = outcome.tried[seed - 1];
  if (one !== undefined) process.stdout.write(told(one));
  process.stdout.write(outcome.failures.length === 0 ? held(outcome) : `\n${outcome.failures.join("\n")}\n`);
  process.exitCode = outcome.failures.length === 0 ? 0 : 1;
}

function told({ run, judge, seed: used }: Tried): string {
  const lines = timeline(run).filter((line) => all || line.atNs >= 0n).map((line) => line.text);
  const outages = judge.findings.outages.filter((o) => o.subject !== "direction")
    .map((o) => `  ${o.subject} ${o.name} down ${time(o.startNs)} to ${o.endNs === null ? "the end" : time(o.endNs)}: ${duration(o.lengthNs)}, ${[...new Set(o.reasons.map((r) => r.key))].join(", ")}`);
  const late = judge.findings.notReady.map((n) => `  ${n.subject} ${n.name} was not up when the first step began: ${n.key}`);
  return `\nTimeline (seed ${used}, until ${formatDuration(run.endNs)})\n${lines.join("\n")}\n\nOutages\n${[...outages, ...late].join("\n") || "  none"}\n`;
}

function held({ expectations, doc }: Outcome): string {
  return `\nExpected, and so with ${doc.seeds} seeds\n${expectations.map((e) => `  ✓ ${e.text}  # ${e.reason}`).join("\n")}\n`;
}
