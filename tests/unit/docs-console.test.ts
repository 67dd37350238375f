// Every command in these documents with its output is run: what the document prints is what is printed.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

for (const name of ["show.md", "import.md"]) {
  describe(`docs/${name}`, () => {
    const text = readFileSync(`${root}docs/${name}`, "utf8");
    const blocks = [...text.matchAll(/^```console\n\$ dualhome (.*)\n([^]*?)^```$/gm)];
    it("has commands", () => assert.ok(blocks.length > 1));
    for (const [, command = "", output = ""] of blocks) {
      it(command, () => {
        const printed = execFileSync(process.execPath, ["bin/dualhome.js", ...command.split(" ")], { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"], env: { ...process.env, NO_COLOR: "1" } });
        assert.equal(output, printed);
      });
    }
  });
}
