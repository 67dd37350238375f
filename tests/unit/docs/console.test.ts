// Every command in these documents with its output is run: what the document prints is what is printed.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { shows } from "../../support/excerpt.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));

/** Commands that write files are run in a folder of their own; the others name files of this tree. */
function printed(command: string, folder: string): string {
  return execFileSync(process.execPath, [`${root}bin/dualhome.js`, ...command.split(" ")], { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"], env: { ...process.env, NO_COLOR: "1" } });
}

function printedAside(command: string): string {
  const folder = mkdtempSync(join(tmpdir(), "dualhome-docs-"));
  try {
    return printed(command, folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

for (const name of ["show.md", "import.md", "init.md", "explain.md"]) {
  describe(`docs/${name}`, () => {
    const text = readFileSync(`${root}docs/${name}`, "utf8");
    const blocks = [...text.matchAll(/^```console\n\$ dualhome (.*)\n([^]*?)^```$/gm)];
    it("has commands", () => assert.ok(blocks.length > 1));
    for (const [, command = "", output = ""] of blocks) {
      it(command, () => assert.equal(output, name === "init.md" ? printedAside(command) : printed(command, root)));
    }
  });
}

describe("docs/check.md, on the topology file that it shows", () => {
  const text = readFileSync(`${root}docs/check.md`, "utf8");
  const [, shown = ""] = /^```yaml\n(dualhome: 1\n[^]*?)^```$/m.exec(text) ?? [];
  const blocks = [...text.matchAll(/^```console\n\$ dualhome (.*)\n([^]*?)^```$/gm)];
  it("has commands", () => assert.equal(blocks.length, 1));
  for (const [, command = "", output = ""] of blocks) {
    it(command, () => {
      const folder = mkdtempSync(join(tmpdir(), "dualhome-docs-"));
      try {
        writeFileSync(join(folder, "dc.dh.yaml"), shown);
        const { status, stdout } = spawnSync(process.execPath, [`${root}bin/dualhome.js`, ...command.split(" ")], { cwd: folder, encoding: "utf8", env: { ...process.env, NO_COLOR: "1" } });
        assert.equal(status, 1, "an error is found");
        shows(stdout, output);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  }
});

describe("docs/compare.md", () => {
  const [, command = "", output = ""] = /^```console\n\$ dualhome (.*)\n([^]*?)^```$/m.exec(readFileSync(`${root}docs/compare.md`, "utf8")) ?? [];
  it(command, () => {
    const { status, stdout } = spawnSync(process.execPath, [`${root}bin/dualhome.js`, ...command.split(" ")], { cwd: root, encoding: "utf8", env: { ...process.env, NO_COLOR: "1" } });
    assert.equal(status, 1, "worse");
    shows(stdout, output);
  });
});
