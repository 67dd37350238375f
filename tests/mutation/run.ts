// npm run mutate -- FILE|FOLDER ... [--sample N] [--seed S] [--seconds S] [--only LINE:COLUMN] [--test FILE ...]: changes the sources in a copy of the project, one place at a time, and runs
// the tests that go through that line until one fails. What no test notices is printed. `npm run coverage` first: it says which tests those are.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { globSync } from "../support/glob.ts";
import { covering, took } from "./covering.ts";
import { type Mutant, mutantsOf, sample } from "./mutants.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { sample: { type: "string", default: "100" }, seed: { type: "string", default: "1" }, seconds: { type: "string", default: "20" }, only: { type: "string" }, test: { type: "string", multiple: true } },
});
const SECONDS = Number(values.seconds);
const COPY = `build/mutation-${process.pid}`;

interface Place { file: string; source: string; mutant: Mutant }

/** The project, but what is built and installed. */
function copyProject(): void {
  mkdirSync(COPY, { recursive: true });
  for (const name of ["assembly", "bench", "bin", "bindings", "docs", "examples", "tests", "web", "package.json", "tsconfig.json", "asconfig.json", "README.md", "README.ko.md", "SECURITY.md", "CHANGELOG.md"]) cpSync(name, join(COPY, name), { recursive: true });
  for (const name of ["node_modules", "build", "dist"]) symlinkSync(join(process.cwd(), name), join(COPY, name));
}

/** Does the test fail? One that never ends does: its processor time is limited, since on a busy machine the clock says nothing. */
async function fails(test: string): Promise<boolean> {
  const seconds = Math.ceil(10 + took(test) / 250);
  const child = spawn("sh", ["-c", `ulimit -t ${seconds}; exec "$0" --import tsx "$1"`, process.execPath, test], { cwd: COPY, stdio: "ignore" });
  const [status] = await once(child, "exit");
  return status !== 0;
}

const passes = new Map<string, boolean>();

/** What fails as things are can tell nothing. */
async function passesUnchanged(test: string): Promise<boolean> {
  if (!passes.has(test)) passes.set(test, !await fails(test));
  return passes.get(test)!;
}

/** The test that noticed, or how many did not. */
async function judge({ file, source, mutant }: Place, tests: string[]): Promise<string | number> {
  const change = (): void => writeFileSync(join(COPY, file), source.slice(0, mutant.start) + mutant.text + source.slice(mutant.end));
  const undo = (): void => writeFileSync(join(COPY, file), source);
  let spent = 0;
  let ran = 0;
  for (const test of tests.filter((test) => passes.get(test) !== false)) {
    const usual = took(test);
    if (ran > 0 && spent + usual > 1000 * SECONDS) break;
    change();
    const failed = await fails(test);
    undo();
    if (failed && await passesUnchanged(test)) return test;
    spent += usual;
    ran++;
  }
  return ran;
}

const files = positionals.flatMap((path) => (statSync(path).isDirectory() ? globSync([path], ".ts") : [path]));
const places = files.flatMap((file) => {
  const source = readFileSync(file, "utf8");
  return mutantsOf(source).map((mutant): Place => ({ file, source, mutant }));
});
const chosen = values.only === undefined ? sample(places, Number(values.sample), Number(values.seed)) : places.filter(({ mutant }) => `${mutant.line}:${mutant.column}` === values.only);
const known = values.test === undefined ? await covering() : {};
copyProject();
process.on("exit", () => rmSync(COPY, { recursive: true, force: true }));

/** Quick tests are asked first, those of the folder that is changed before others, and so is what noticed much. */
const noticed = new Map<string, number>();
const turn = (test: string, file: string): number => took(test) / (1 + (noticed.get(test) ?? 0)) / (test.startsWith(dirname(file).split("/").slice(0, 2).join("/").replace("bindings", "tests/unit")) ? 10 : 1);

const counts = { killed: 0, survived: 0, untested: 0 };
/** Mutants come in an order that is drawn, so that those until then are a sample, too. */
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(1));
process.on("exit", () => process.stdout.write(`${counts.killed + counts.survived + counts.untested} of ${places.length} mutants: ${counts.killed} killed, ${counts.survived} survived, ${counts.untested} on lines that no test goes through\n`));

for (const place of chosen) {
  const { file, source, mutant } = place;
  const tests = values.test ?? Object.entries(known[file] ?? {}).filter(([test, lines]) => lines.includes(mutant.line) && existsSync(test)).map(([test]) => test).sort((a, b) => turn(a, file) - turn(b, file));
  const verdict = await judge(place, tests);
  if (typeof verdict === "string") {
    counts.killed++;
    noticed.set(verdict, (noticed.get(verdict) ?? 0) + 1);
    continue;
  }
  if (tests.length === 0) counts.untested++; else counts.survived++;
  const was = source.slice(mutant.start, mutant.end).replaceAll(/\s+/g, " ");
  process.stdout.write(`${file}:${mutant.line}:${mutant.column}  ${tests.length === 0 ? "no test comes here" : `${verdict} of ${tests.length} tests pass`}\n  - ${was}\n  + ${mutant.text.replaceAll(/\s+/g, " ")}\n`);
}
