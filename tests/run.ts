// The whole test suite: type check, the engine's own tests inside WebAssembly (as-pect), then node:test.
// Ends with one line of counts. A skipped or missing test fails in CI.

import { spawnSync } from "node:child_process";
import { globSync } from "./support/glob.ts";

interface Counts { passed: number; failed: number; skipped: number }

function run(name: string, args: string[]): { output: string; status: number } {
  process.stdout.write(`== ${name}\n`);
  const result = spawnSync(process.execPath, args, { encoding: "utf8", maxBuffer: 1 << 28, env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: "0" } });
  const output = `${result.stdout}${result.stderr}`;
  return { output, status: result.status ?? 1 };
}

function number(text: string, pattern: RegExp): number {
  const all = [...text.matchAll(pattern)];
  return Number(all.at(-1)?.[1] ?? 0);
}

function typecheck(): Counts {
  const results = ["tsconfig.json", "web/tsconfig.json"].map((project) => run(`types, ${project}`, ["node_modules/typescript/bin/tsc", "-p", project]));
  for (const { output } of results) process.stdout.write(output);
  const passed = results.filter(({ status }) => status === 0).length;
  return { passed, failed: results.length - passed, skipped: 0 };
}

function assembly(): Counts {
  const { output, status } = run("engine (as-pect)", ["node_modules/@as-pect/cli/lib/test.js", "--config", "tests/assembly/as-pect.config.js", "--as-config", "tests/assembly/as-pect.asconfig.json"]);
  const passed = number(output, /# as-pect: (\d+) passed/g);
  const failed = number(output, /# as-pect: \d+ passed, (\d+) failed/g);
  for (const line of output.split("\n")) if (line.startsWith("not ok") || line.startsWith("# as-pect")) process.stdout.write(`${line}\n`);
  if (status !== 0 && failed === 0) process.stdout.write(output);
  return { passed, failed: failed + (status !== 0 && failed === 0 ? 1 : 0), skipped: 0 };
}

function nodeTests(files: string[], atOnce: number): Counts {
  const { output, status } = run(`node:test, ${files.length} files, ${atOnce} at once`, ["--import", "tsx", "--test", `--test-concurrency=${atOnce}`, "--test-reporter=tap", ...files]);
  const failing = output.split("\n").filter((l) => /^\s*not ok/.test(l) && !l.includes("# TODO"));
  if (status !== 0) process.stdout.write(`${output}\n`);
  else for (const line of failing) process.stdout.write(`${line}\n`);
  const skipped = number(output, /^# skipped (\d+)/gm) + number(output, /^# todo (\d+)/gm);
  const failed = number(output, /^# fail (\d+)/gm) + number(output, /^# cancelled (\d+)/gm);
  return { passed: number(output, /^# pass (\d+)/gm), failed: failed + (status !== 0 && failed === 0 ? 1 : 0), skipped };
}

// Browsers, queues, packages and killed processes wait for one another by the clock: nothing runs beside them.
const ALONE = /browser|tests.(package|unit.cluster)|play\.test|faults\.test/;

function allNodeTests(files: string[]): Counts[] {
  const alone = files.filter((f) => ALONE.test(f));
  const together = files.filter((f) => !ALONE.test(f));
  return [...(together.length > 0 ? [nodeTests(together, 2)] : []), ...(alone.length > 0 ? [nodeTests(alone, 1)] : [])];
}

const asked = process.argv.slice(2);
const all = (): string[] => globSync(["tests/unit", "tests/real", "tests/scenarios", "tests/package", "tests/storm"], ".test.ts");
const parts = asked.length > 0 ? allNodeTests(asked) : [typecheck(), assembly(), ...allNodeTests(all())];
const total = parts.reduce((a, b) => ({ passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped }));
const inCi = process.env["CI"] === "true";
const failed = total.failed + (inCi ? total.skipped : 0);
process.stdout.write(`${total.passed} passed, ${failed} failed${!inCi && total.skipped > 0 ? `, ${total.skipped} skipped` : ""}\n`);
process.exitCode = failed > 0 || total.passed === 0 ? 1 : 0;
