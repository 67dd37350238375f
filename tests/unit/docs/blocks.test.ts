// Every code block of every document is held by a test: here it is said by which, or why it is not. Commands in them, and in READMEs' indented lines, are ones
// that the command line takes; those of README.md that need nothing but its own topology file are run on it.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import { program } from "../../../bindings/cli/program.ts";
import { shows } from "../../support/excerpt.ts";
import { globSync } from "../../support/glob.ts";
import { tryScenario } from "../../scenarios/support/scenario.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const documents = ["README.md", "README.ko.md", "SECURITY.md", ...globSync([`${root}docs`, `${root}examples`], ".md").map((path) => path.replace(root, "")).filter((path) => !path.startsWith("docs/api/"))].sort();

interface Block { file: string; language: string; code: string; line: number }

const blocks: Block[] = documents.flatMap((file) => {
  const text = readFileSync(root + file, "utf8");
  return [...text.matchAll(/^(`{3,})([\w ]*)\n([^]*?)^\1$/gm)].map((m): Block => ({ file, language: m[2]!, code: m[3]!, line: text.slice(0, m.index).split("\n").length }));
});
const first = ({ code }: Block): string => code.trim().split("\n")[0]!.trim();

/** Documents whose console blocks are run here, and others: by which test. */
const RUN_HERE = ["docs/concepts.md"];
const RUN_ELSEWHERE: [RegExp, string][] = [
  [/^docs\/(show|import|init|explain|compare|check)\.md$/, "tests/unit/docs/console.test.ts"], [/^docs\/cli\.md$/, "tests/unit/cli/branches.test.ts"], [/^examples\/[\w-]+\/README\.md$/, "tests/unit/docs/examples.test.ts"],
];

/** What is no code that could be run: by document, the first word or line of each, and why. */
const NOT_RUN: Record<string, [RegExp, string][]> = {
  "docs/ARCHITECTURE.md": [[/──parse──>/, "a drawing"]],
  "docs/nines.md": [[/──> ways to fail/, "a drawing"]],
  "docs/scaling.md": [[/^dualhome cluster submit ──►/, "a drawing"]],
  "docs/bond-modes.md": [[/^┌/, "a table: equal to what matrix prints, by tests/unit/engine/matrix.test.ts"]],
  "docs/cli.md": [[/│fail leaf1/, "shows how the drawing is read"], [/^Failure at 10\.000 s/, "shows how the report is read"], [/^dualhome init/, "a list of commands: each is there, below"]],
  "docs/compare.md": [[/^dualhome compare FIRST SECOND/, "a list of commands: each is there, below"]],
  "docs/show.md": [[/^dualhome show FILE/, "a list of options: each is there, below"]],
  "docs/import.md": [[/^examples\/imported-servers\/web1\.yaml:51/, "what is said on stderr of the command above"]],
  "docs/trace-format.md": [[/^#6 /, "shows how a line is read"]],
};
const reason = (block: Block): string | undefined => NOT_RUN[block.file]?.find(([pattern]) => pattern.test(first(block)))?.[1];

/** Which test holds a block; undefined: none. */
function heldBy(block: Block): string | undefined {
  const { file, language } = block;
  if (file === "README.ko.md") return "tests/unit/docs/readme-ko.test.ts";
  if (file === "docs/cli-reference.md") return "tests/unit/docs/references.test.ts";
  if (file.startsWith("docs/rules/")) return "tests/unit/rules/rules.test.ts";
  if (language === "mermaid") return "tests/unit/docs/architecture.test.ts";
  if (language === "sh" || language === "markdown") return "tests/unit/docs/blocks.test.ts";
  if (["yaml", "ts"].includes(language) && (file === "README.md" || /^docs\/[\w-]+\.md$/.test(file))) return "tests/unit/docs/code.test.ts";
  if (language === "console") return RUN_HERE.includes(file) ? "tests/unit/docs/blocks.test.ts" : RUN_ELSEWHERE.find(([pattern]) => pattern.test(file))?.[1];
  return language === "" && /^dualhome /.test(first(block)) && reason(block) === undefined ? "tests/unit/docs/blocks.test.ts" : undefined;
}

test("every block is held by a test, or has its reason", () => {
  assert.ok(blocks.length > 200, String(blocks.length));
  const open = blocks.filter((block) => heldBy(block) === undefined && reason(block) === undefined);
  assert.deepEqual(open.map((block) => `${block.file}:${block.line} ${block.language} ${first(block)}`), []);
  for (const holder of new Set(blocks.map(heldBy))) if (holder !== undefined) assert.ok(existsSync(root + holder), holder);
  const idle = Object.entries(NOT_RUN).flatMap(([file, list]) => list.filter(([pattern]) => !blocks.some((block) => block.file === file && pattern.test(first(block)))).map(([pattern]) => `${file} ${pattern}`));
  assert.deepEqual(idle, [], "reasons for blocks that are no more");
});

test("the tests that are said to run console blocks find each of them", () => {
  for (const { file, code } of blocks.filter(({ language }) => language === "console")) assert.match(code, /^\$ dualhome /, file);
});

/** As a shell parts them: quotes hold together, a comment ends it. */
function words(line: string): string[] {
  return [...line.replace(/(^|\s)#.*$/, "").matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g)].map((m) => m[0].replace(/['"]/g, ""));
}

describe("documents whose commands are run here", () => {
  for (const { file, code } of blocks.filter((block) => block.language === "console" && RUN_HERE.includes(block.file))) {
    const [command = "", ...rest] = code.split("\n");
    test(`${file}: ${command}`, () => {
      const { stdout, status } = spawnSync(process.execPath, [`${root}bin/dualhome.js`, ...words(command).slice(2)], { cwd: root, encoding: "utf8", env: { ...process.env, NO_COLOR: "1" } });
      assert.equal(status, 0);
      shows(stdout, rest.join("\n"));
    });
  }
});

for (const { file, code, line } of blocks.filter(({ language }) => language === "markdown")) {
  test(`${file}:${line}: the scenario that is shown holds`, async () => {
    const folder = mkdtempSync(join(tmpdir(), "dualhome-scenario-"));
    try {
      writeFileSync(join(folder, "shown.md"), code);
      const { expectations, failures } = await tryScenario(join(folder, "shown.md"));
      assert.ok(expectations.length > 0);
      assert.deepEqual(failures, []);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}

/** Lines of shell blocks, lists of commands in READMEs, and indented commands of documents. */
const commands: { file: string; line: string }[] = documents.filter((file) => file !== "README.ko.md").flatMap((file) => {
  const text = readFileSync(root + file, "utf8");
  const fenced = blocks.filter((block) => block.file === file && heldBy(block) === "tests/unit/docs/blocks.test.ts" && block.language !== "console").flatMap(({ code }) => code.replaceAll("\\\n", " ").split("\n"));
  const indented = text.replace(/^(`{3,})[^]*?^\1$/gm, "").split("\n").filter((line) => /^ {4}(npx |node bin\/)?dualhome /.test(line));
  return [...fenced, ...indented].map((line) => line.trim().replace(/^npx /, "")).filter((line) => line.startsWith("dualhome ")).map((line) => ({ file, line }));
});

describe("commands that are shown are taken", () => {
  const anything: unknown = new Proxy({}, { get: (_, name) => (name === "cluster" ? anything : async () => {}) });
  const quiet = (command: Command): void => { command.exitOverride().configureOutput({ writeOut: () => {}, writeErr: () => {} }); command.commands.forEach(quiet); };
  test("there are some", () => assert.ok(commands.length > 20, String(commands.length)));
  for (const { file, line } of commands) {
    test(`${file}: ${line}`, async () => {
      const whole = program("0", anything as Parameters<typeof program>[1]);
      quiet(whole);
      await whole.parseAsync(words(line.replace(/\s[>|].*$/, "")).slice(1), { from: "user" });
    });
  }

  test("and every command that a list names is there", () => {
    const known = program("0", anything as Parameters<typeof program>[1]).commands.map((command) => command.name());
    for (const file of ["docs/cli.md", "docs/compare.md", "docs/show.md"]) {
      const list = blocks.find((block) => block.file === file && /a list of/.test(reason(block) ?? ""))!;
      for (const [, name = ""] of list.code.matchAll(/^dualhome (\w+)/gm)) assert.ok(known.includes(name), `${file}: ${name}`);
    }
  });
});

describe("README.md, on its own topology file", () => {
  const folder = mkdtempSync(join(tmpdir(), "dualhome-readme-"));
  after(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, "dc.dh.yaml"), blocks.find(({ file, language }) => file === "README.md" && language === "yaml")!.code);
  /** What they need beside the file, or how long they take. */
  const LEFT_OUT: [RegExp, string][] = [
    [/ init\b/, "asks questions at a terminal: tests/unit/topology/init.test.ts"], [/ (compare|diff) /, "two files: tests/unit/compare"], [/ cluster /, "a Redis: tests/unit/cluster"],
    [/ import /, "configurations: tests/unit/import"], [/ play\b/, "serves until it is stopped: tests/unit/page/play.test.ts"],
  ];
  for (const { line } of commands.filter(({ file }) => file === "README.md")) {
    if (LEFT_OUT.some(([pattern]) => pattern.test(line))) continue;
    test(line, () => {
      const { status, stderr } = spawnSync(process.execPath, [`${root}bin/dualhome.js`, ...words(line).slice(1).map((word) => (word === "10000" ? "100" : word))], { cwd: folder, encoding: "utf8" });
      assert.ok(status === 0 || status === 1, `${status} ${stderr}`);
    });
  }
  test("what is left out is there", () => {
    for (const [pattern] of LEFT_OUT) assert.ok(commands.some(({ file, line }) => file === "README.md" && pattern.test(line)), String(pattern));
    assert.ok(readdirSync(folder).includes("out.html"), "and what they write is written");
  });
});
