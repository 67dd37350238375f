// Code in README.md and docs: TypeScript is compiled as a user of the package compiles it, and run where it stands alone; whole topology files are
// read, parts of them are held to the schema. Commands with their output are run by docs-console, examples and branches.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { parseDocument } from "yaml";
import { formatNamed, importWhole } from "../../../bindings/importers/index.ts";
import { readIgnore } from "../../../bindings/rules/ignore.ts";
import { RULES } from "../../../bindings/rules/index.ts";
import { formatProblems, parseTopology } from "../../../bindings/topology/index.ts";
import { scenario } from "../../../bindings/topology/schema/scenario.ts";
import { fileSchema } from "../../../bindings/topology/schema/file.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const documents = ["README.md", ...readdirSync(`${root}docs`).filter((name) => name.endsWith(".md")).sort().map((name) => `docs/${name}`)];

interface Block { file: string; line: number; code: string; name: string }

function blocksOf(language: string): Block[] {
  return documents.flatMap((file) => {
    const text = readFileSync(`${root}${file}`, "utf8");
    return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, "gm"))].map((m): Block => {
      const line = text.slice(0, m.index).split("\n").length + 1;
      return { file, line, code: m[1]!, name: `${file}:${line}` };
    });
  });
}

describe("YAML", () => {
  const blocks = blocksOf("yaml");
  test("there is some", () => assert.ok(blocks.length > 8));
  for (const { file, code, name } of blocks) {
    test(name, () => {
      if (/^dualhome: 1$/m.test(code)) {
        const parsed = parseTopology(code, file);
        assert.ok("topology" in parsed, "problems" in parsed ? formatProblems(parsed.problems, code) : "");
        return;
      }
      if (file === "docs/check.md") {
        const rules = RULES.map((rule) => rule.id);
        const read = ["dc.dh.yaml", "lab.dh.yaml"].map((of) => readIgnore(code, file, rules, of)); // an entry may name the file that it is of
        for (const each of read) assert.ok("entries" in each, JSON.stringify(each));
        assert.deepEqual(read.map((each) => ("entries" in each ? each.entries.length : -1)), [1, 2]);
        return;
      }
      const value = parseDocument(code).toJS() as Record<string, unknown>;
      if (code.includes("roles:")) { // hints of an inventory
        const devices = "name,role,manufacturer\nleaf1,top-of-rack,arista\nleaf2,top-of-rack,arista\nweb1,server,x\n";
        const { unread } = importWhole([{ format: formatNamed("netbox")!, files: [{ name: "devices.csv", text: devices }, { name: "hints.yaml", text: code }] }], "dc");
        assert.deepEqual(unread, []);
        return;
      }
      const judged = Array.isArray(value) ? [["steps", scenario.safeParse(value)] as const]
        : Object.entries(value).map(([key, of]) => {
          const shape = fileSchema.shape[key as keyof typeof fileSchema.shape];
          assert.ok(shape !== undefined, `"${key}" is no section of a topology file`);
          return [key, shape.safeParse(of)] as const;
        });
      for (const [key, { success, error }] of judged) assert.ok(success, `${key}: ${error?.message}`);
    });
  }
});

/** What the text around a block has said already. By document and how many blocks came before. */
const SAID: Record<string, string> = {
  "docs/api.md 1": 'import { readFileSync } from "node:fs";\nconst text = readFileSync("dc.dh.yaml", "utf8");\nconst { signal } = new AbortController();\nconst onProgress = (): void => {};\n',
  "docs/api.md 2": 'import type { Dualhome, Topology } from "dualhome";\ndeclare const dualhome: Dualhome;\ndeclare const topology: Topology;\n',
  "docs/batch.md 1": 'import { outages } from "../../bindings/analysis/index.ts";\nimport type { Question } from "../../bindings/batch/index.ts";\nimport type { Step } from "../../bindings/topology/model.ts";\ndeclare function failNode(name: string, atNs: bigint): Step;\n',
  "docs/batch.md 2": 'import type { Question } from "../../bindings/batch/index.ts";\nimport type { Topology } from "../../bindings/topology/model.ts";\ndeclare const question: Question<{ seconds: number }, string, { node: string; outages: number }, number>;\ndeclare const topology: Topology;\nconst { signal } = new AbortController();\nconst onProgress = (): void => {};\n',
};
/** Parts of a program that no line can complete: they are compiled nowhere. */
const FRAGMENTS = new Set(["docs/batch.md 3"]);
/** They declare what they lean on, so that there is nothing to run. */
const COMPILED_ONLY = new Set(["docs/api.md 2", "docs/batch.md 1", "docs/batch.md 2"]);

describe("TypeScript", () => {
  const seen = new Map<string, number>();
  const blocks = blocksOf("ts").map((block) => {
    const place = (seen.get(block.file) ?? 0) + 1;
    seen.set(block.file, place);
    return { ...block, key: `${block.file} ${place}` };
  }).filter(({ key }) => !FRAGMENTS.has(key));
  const pathOf = (key: string): string => `${key.replaceAll(/\W+/g, "-")}.ts`;
  let folder = "";

  before(() => {
    mkdirSync(`${root}build`, { recursive: true });
    folder = mkdtempSync(`${root}build/docs-`); // inside the package, which then finds itself by its name
    const [whole] = blocksOf("yaml").filter(({ file }) => file === "README.md");
    writeFileSync(`${folder}/dc.dh.yaml`, whole!.code);
    writeFileSync(`${folder}/tsconfig.json`, JSON.stringify({ extends: "../../tsconfig.json", compilerOptions: { noUnusedLocals: false, noUnusedParameters: false }, include: ["./*.ts"], exclude: [] }));
    for (const { key, code } of blocks) writeFileSync(`${folder}/${pathOf(key)}`, `${SAID[key] ?? ""}${code.replaceAll('"./workers/index.ts"', '"../../bindings/workers/index.ts"')}\nexport {};\n`);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  test("compiles, with the types that are published", () => {
    const { status, stdout } = spawnSync(process.execPath, [`${root}node_modules/typescript/bin/tsc`, "-p", folder], { encoding: "utf8" });
    assert.equal(status, 0, stdout);
  });

  for (const { key, name } of blocks) {
    if (COMPILED_ONLY.has(key)) continue;
    test(`${name} runs`, () => {
      const printed = execFileSync(process.execPath, ["--import", "tsx", pathOf(key)], { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
      if (key === "README.md 1") assert.match(printed, /^leaf1: \d+ outages, the longest \d+(\.\d+)? ms\nleaf2: \d+ outages, the longest \d+(\.\d+)? ms\n$/);
    });
  }
});
