// npm run coverage [-- FILE ...]: which blocks of the engine and which lines of TypeScript the tests go through; all of them, or these files of node:test.

import { spawnSync } from "node:child_process";
import { pathToFileURL } from "node:url";
import { join } from "node:path";
import { globSync } from "../support/glob.ts";
import { buildInstrumented, OUT, TREE } from "./build.ts";
import { reportEngine, reportTypeScript } from "./report.ts";

const only = process.argv.slice(2);
const points = buildInstrumented();
const env = { ...process.env, NODE_OPTIONS: `${process.env["NODE_OPTIONS"] ?? ""} --import=${pathToFileURL("tests/coverage/hook.mjs").href}`, DUALHOME_ASSEMBLY_ROOT: TREE };

function run(cwd: string, ...args: string[]): boolean {
  return spawnSync(process.execPath, args, { cwd, env, stdio: "inherit" }).status === 0;
}

const specs = only.length > 0 || run(TREE, "node_modules/@as-pect/cli/lib/test.js", "--config", "tests/assembly/as-pect.config.js", "--as-config", "tests/assembly/as-pect.asconfig.json");
const files = only.length > 0 ? only : globSync(["tests/unit", "tests/real", "tests/scenarios", "tests/package", "tests/storm"], ".test.ts");
const tests = run(".", "node_modules/c8/bin/c8.js", "--include", "bindings", "--exclude-after-remap", "--temp-directory", join(OUT, "raw"), "--reports-dir", join(OUT, "typescript"),
  "--reporter", "json-summary", "--reporter", "html", process.execPath, "--import", "tsx", "tests/run.ts", ...files);
process.stdout.write(`${reportTypeScript()}\n${reportEngine(points)}`);
process.exitCode = specs && tests ? 0 : 1;
