// READMEs of the examples: every command that is shown with its output is run and prints that; "..." stands for lines left out. Which
// budgets break, where that is what an example is about. The examples' topologies are run by file-order and show.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import * as abi from "../../../assembly/abi.ts";
import { shows } from "../../support/excerpt.ts";
import { exampleText, simulate } from "../../support/topologies.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));

interface Ran { out: string; status: number | null }

function dualhome(command: string): Ran {
  const ran = spawnSync(process.execPath, ["bin/dualhome.js", ...command.split(" ")], { cwd: root, encoding: "utf8", env: { ...process.env, NO_COLOR: "1" } });
  return { out: ran.stdout + ran.stderr, status: ran.status };
}

for (const name of readdirSync(`${root}examples`)) {
  const file = `${root}examples/${name}/README.md`;
  const blocks = existsSync(file) ? [...readFileSync(file, "utf8").matchAll(/^```console\n\$ dualhome (.*)\n([^]*?)^```$/gm)] : [];
  if (blocks.length === 0) continue;
  describe(`examples/${name}/README.md`, () => {
    for (const [, command = "", output = ""] of blocks) it(command, () => shows(dualhome(command).out, output));
  });
}

describe("what the examples find", () => {
  const runs: [string, string, string[]][] = [
    ["windows-teaming", "default", []], ["windows-teaming", "silent", ["dynamic-1", "dynamic-2", "static-1", "static-2"]],
    ["host-modes", "default", []], ["host-modes", "cut", [1, 2, 3, 4].map((i) => `lacp-half-${i}`)],
    ["nxos-pair", "default", []], ["nxos-pair", "uplink", ["web-2", "db-2"]],
  ];
  for (const [name, scenario, broken] of runs) {
    it(`${name}, ${scenario}: ${broken.length === 0 ? "every budget is kept" : `${broken.join(", ")} break their budgets`}`, () => {
      const ran = dualhome(`run examples/${name}/${name}.dh.yaml --scenario ${scenario}`);
      assert.deepEqual([...ran.out.matchAll(/^ {2}✗ (\S+)/gm)].map((m) => m[1]), broken);
      assert.equal(ran.status, broken.length === 0 ? 0 : 1);
    });
  }

  it("host-modes: one address moves, that of the bond whose switch bundles one port of two", async () => {
    const { result } = await simulate(exampleText("host-modes"), { scenario: "default", probeNs: 20_000_000n });
    const moves = [...result.trace].filter((r) => r.kind === abi.T_FDB_MOVE);
    assert.ok(moves.length > 20 * 50, `${moves.length} in 20 s: at least one an interval of 20 ms`);
    assert.equal(new Set(moves.map((r) => r.c)).size, 1, "one address");
  });

  it("nxos-pair: a second way up keeps every budget, a routed cable between the leaves does not", async () => {
    const longest = async (cable: string): Promise<bigint> => {
      const text = exampleText("nxos-pair").replace("links:\n", `links:\n  - ${cable}\n`);
      const { outages } = await simulate(text, { scenario: "uplink" });
      return outages.reduce((most, o) => (o.lengthNs > most ? o.lengthNs : most), 0n);
    };
    assert.ok(await longest("core:Eth3 -- leaf1:Eth1/50") < 4_000_000_000n);
    assert.ok(await longest("leaf1:Eth1/50 -- leaf2:Eth1/50") > 40_000_000_000n);
  });

  it("host-modes: what is refused is refused", () => assert.equal(dualhome("check examples/host-modes/refused.dh.yaml").status, 2));
});
