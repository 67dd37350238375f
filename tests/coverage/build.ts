// The instrumented sources and what is compiled of them, in build/coverage: `tree` has the engine's sources and its specs where they lie in the project, so that
// asc and as-pect run there as they run here.

import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { globSync } from "../support/glob.ts";
import { declareWords, instrument, type Point } from "./instrument.ts";

export const OUT = "build/coverage";
export const TREE = join(OUT, "tree");
const WORDS = "assembly/covered";

export function buildInstrumented(): Point[] {
  rmSync(OUT, { recursive: true, force: true });
  for (const folder of [join(OUT, "hits"), join(OUT, "took"), TREE]) mkdirSync(folder, { recursive: true });
  cpSync("tests/assembly", join(TREE, "tests/assembly"), { recursive: true });
  for (const name of ["package.json", "asconfig.json"]) cpSync(name, join(TREE, name));
  symlinkSync(join(process.cwd(), "node_modules"), join(TREE, "node_modules"));
  const points: Point[] = [];
  for (const file of globSync(["assembly"], ".ts")) {
    mkdirSync(join(TREE, dirname(file)), { recursive: true });
    const way = relative(dirname(file), WORDS);
    writeFileSync(join(TREE, file), instrument(file, readFileSync(file, "utf8"), points, way.startsWith(".") ? way : `./${way}`));
  }
  writeFileSync(join(TREE, `${WORDS}.ts`), declareWords(points.length));
  compileEngine();
  return points;
}

/** As scripts/build.mjs does. */
function compileEngine(): void {
  node(TREE, "node_modules/assemblyscript/bin/asc.js", "assembly/index.ts", "--target", "release");
  const [plain, marked] = ["engine.wasm", "engine.marked.wasm"].map((name) => join(OUT, name)) as [string, string];
  cpSync(join(TREE, "build/engine.wasm"), plain);
  node(".", "scripts/expose-state.mjs", plain);
  node(".", "scripts/mark-pages.mjs", plain, marked);
}

/** Runs a program of Node; what it says is said. */
function node(cwd: string, ...args: string[]): void {
  const { status } = spawnSync(process.execPath, args, { cwd, stdio: "inherit" });
  if (status !== 0) throw new Error(`${args.join(" ")} ended with ${status}`);
}
