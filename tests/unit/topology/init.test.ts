// `dualhome init`: every design, at many sizes, is a file without a mistake whose scenarios keep their budgets and fail something that is noticed.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { statistics } from "../../../bindings/analysis/index.ts";
import { processIo, type Io } from "../../../bindings/cli/io.ts";
import { realParts } from "../../../bindings/cli/parts.ts";
import { runScenario } from "../../../bindings/engine/index.ts";
import { expectations } from "../../../bindings/expectations/index.ts";
import { DESIGNS, topologyFor, type Answers, type Design } from "../../../bindings/init/index.ts";
import { findings, readDesign } from "../../../bindings/rules/index.ts";
import { PROFILE_NAMES } from "../../../bindings/topology/profiles.ts";
import { dualhome as command } from "../cli/fixture.ts";
import { topologyOf } from "../../support/topologies.ts";

const answers = (design: Design, changes: Partial<Answers> = {}): Answers => ({ design, name: "dc", leafPairs: 2, spines: 2, servers: 8, rate: "fast", vendor: "standard", out: "dc.dh.yaml", ...changes });

/** Each scenario: what broke, and the longest outage in seconds. */
async function runAll(a: Answers): Promise<Record<string, number>> {
  const topology = topologyOf(topologyFor(a));
  const longest: Record<string, number> = {};
  for (const scenario of topology.scenarios) {
    const run = await runScenario(topology, scenario);
    const found = statistics(run);
    const broken = [...found.subjects.filter((s) => s.kept === false).map((s) => s.name), ...expectations(run, found, []).filter((e) => !e.kept).map((e) => `${e.text}: ${e.observed}`)];
    assert.deepEqual(broken, [], `${JSON.stringify(a)} ${scenario.name}`);
    assert.deepEqual([found.notReady, found.pass, found.storms], [[], true, []], scenario.name);
    longest[scenario.name] = Math.max(0, ...found.outages.map((o) => Number(o.lengthNs) / 1e9));
  }
  return longest;
}

const SIZES: Partial<Answers>[] = [{ leafPairs: 1, servers: 1 }, { servers: 1 }, { leafPairs: 1, servers: 2 }, { leafPairs: 1, servers: 3, spines: 3 }, {}, { servers: 200, spines: 4 }, { leafPairs: 5, servers: 5 }];

for (const design of DESIGNS) {
  describe(design, () => {
    for (const size of SIZES) {
      test(`keeps its budgets: ${JSON.stringify(size)}`, async () => {
        const [fast, slow] = [await runAll(answers(design, size)), await runAll(answers(design, { ...size, rate: "slow" }))];
        for (const [name, seconds] of [...Object.entries(fast), ...Object.entries(slow)]) assert.ok(seconds > 0, `${name} fails something that somebody uses`);
        assert.ok(fast["silent-cable"]! > 2 && fast["silent-cable"]! < 3.5, "LACP at the fast rate: 2 to 3 s after the last LACPDU that came");
        if (design !== "three-tier") assert.ok(slow["silent-cable"]! > 60 && slow["silent-cable"]! < 90.5, "at the slow rate: 60 to 90 s");
      });
    }
    test("keeps its budgets with the profile of every vendor", async () => {
      for (const vendor of PROFILE_NAMES) await runAll(answers(design, { vendor }));
    });
    test("the rules of dualhome check find nothing in it", () => {
      const read = readDesign(topologyFor(answers(design)), "dc.dh.yaml");
      assert.deepEqual("design" in read && findings(read.design).map((f) => `${f.rule.id}: ${f.seen}`), []);
    });
    test("explains itself: every part has a comment", () => {
      const parts = topologyFor(answers(design)).split(/\n(?=[a-z][a-z-]*:)/).slice(1);
      for (const part of parts.filter((text) => /:\n|^\w+: #/.test(text))) assert.match(part, /#/, part.slice(0, 40));
    });
  });
}

/** The command with real parts; `typed`: somebody sits there and types these lines. */
async function init(args: string[], typed: string[] | null = null, there: string[] = []) {
  const asked: string[] = [];
  const files = new Set(there);
  const io: Partial<Io> = {
    inIsTTY: typed !== null,
    read: async (path) => { if (files.has(path)) return ""; throw Object.assign(new Error("x"), { code: "ENOENT" }); },
    ask: () => ({
      question: async (text) => { asked.push(text); const line = typed?.shift(); if (line === undefined) throw new DOMException("x", "AbortError"); return line; },
      close: () => {},
    }),
  };
  return { ...(await command(["init", ...args], { io, parts: realParts })), asked };
}

describe("dualhome init", () => {
  test("--yes takes the defaults", async () => {
    const ran = await init(["--yes"]);
    assert.deepEqual([ran.status, [...ran.saved.keys()], ran.asked], [0, ["dc.dh.yaml"], []], ran.err);
    assert.match(new TextDecoder().decode(ran.saved.get("dc.dh.yaml")), /^# dc: leaf-spine, 2 leaf pairs/);
    assert.match(ran.out, /dualhome run dc\.dh\.yaml\n/);
  });

  test("asks for what no flag says, each with its default, and again after a slip", async () => {
    const ran = await init(["--servers", "3"], ["tow-tier", "two-tier", "lab", "", "slow", "", ""]);
    assert.deepEqual(ran.asked.map((text) => /\[(.*)\]: $/.exec(text)?.[1]), ["leaf-spine", "leaf-spine", "dc", "2", "fast", "standard", "lab.dh.yaml"]);
    assert.match(ran.err, /"tow-tier" is no design: did you mean "two-tier"\?/);
    assert.deepEqual([ran.status, [...ran.saved.keys()]], [0, ["lab.dh.yaml"]]);
    assert.match(new TextDecoder().decode(ran.saved.get("lab.dh.yaml")), /lacp-rate: slow/);
  });

  test("a person that goes away leaves no file", async () => {
    const ran = await init([], ["two-tier"]);
    assert.deepEqual([ran.status, ran.saved.size, ran.err], [130, 0, "interrupted\n"]);
  });

  test("without a terminal it names the flags that are missing", async () => {
    const ran = await init(["--design", "two-tier", "--name", "x", "--rate", "slow", "--vendor", "standard"]);
    assert.deepEqual([ran.status, ran.out, ran.saved.size], [2, "", 0]);
    assert.match(ran.err, /--leaf-pairs \.\.\. --servers \.\.\. --out \.\.\., or --yes/);
    const whole = await init(["--design", "two-tier", "--name", "x", "--rate", "slow", "--vendor", "standard", "--leaf-pairs", "1", "--servers", "2", "-o", "y.yaml"]);
    assert.deepEqual([whole.status, [...whole.saved.keys()]], [0, ["y.yaml"]], whole.err);
  });

  test("a file that is there stays, unless --force", async () => {
    const ran = await init(["--yes", "-o", "old.yaml"], null, ["old.yaml"]);
    assert.deepEqual([ran.status, ran.saved.size], [2, 0]);
    assert.match(ran.err, /old\.yaml is there already; --force/);
    assert.equal((await init(["--yes", "-o", "old.yaml", "--force"], null, ["old.yaml"])).status, 0);
    const asked = await init(["--design", "two-tier", "--name", "x", "--rate", "slow", "--vendor", "standard", "--leaf-pairs", "1", "--servers", "2"], ["", "new.yaml"], ["x.dh.yaml"]);
    assert.deepEqual([asked.status, [...asked.saved.keys()]], [0, ["new.yaml"]]);
    assert.match(asked.err, /x\.dh\.yaml is there already: another name/);
  });

  test("--json says what was made", async () => {
    const made = JSON.parse((await init(["--yes", "--json", "--design", "three-tier", "--leaf-pairs", "3"])).out);
    assert.deepEqual([made.file, made.design, made.leafPairs, made.spines, made.counts.nodes, made.counts.servers], ["dc.dh.yaml", "three-tier", 3, undefined, 35, 25]);
    assert.deepEqual(made.scenarios, ["power-a", "silent-cable", "server-crash"]);
  });

  const wrong: [string[], RegExp][] = [
    [["--design", "leafspine"], /--design: "leafspine" is no design: did you mean "leaf-spine"/],
    [["--design", "ring"], /one of two-tier, three-tier, leaf-spine, two-sites/],
    [["--vendor", "nxos"], /did you mean "nxos-vpc"/],
    [["--rate", "quick"], /LACP rate: one of fast, slow/],
    [["--servers", "0"], /from 1 to 200/], [["--servers", "201"], /from 1 to 200/], [["--servers", "1e2"], /from 1 to 200/], [["--leaf-pairs", "two"], /from 1 to 32/],
    [["--spines", "1"], /from 2 to 16: a single spine/], [["--spines", "2", "--design", "two-tier"], /two-tier has none; it is of leaf-spine and two-sites/],
    [["--name", "my dc"], /cannot be a name/], [["--out", "folder/"], /is no file/], [["--desing", "x"], /unknown option '--desing'[\s\S]*--design/],
  ];
  for (const [args, message] of wrong) {
    test(`2: ${args.join(" ")}`, async () => {
      const ran = await init([...args, "--yes"]);
      assert.deepEqual([ran.status, ran.out, ran.saved.size], [2, "", 0]);
      assert.match(ran.err, message);
    });
  }

  test("on a real disk: whole, and never in another file's place", async () => {
    const folder = mkdtempSync(join(tmpdir(), "dualhome-init-"));
    try {
      const io = processIo();
      await io.create(join(folder, "a"), Uint8Array.of(1));
      await assert.rejects(io.create(join(folder, "a"), Uint8Array.of(2)), { code: "EEXIST" });
      writeFileSync(join(folder, "b"), "mine");
      await assert.rejects(io.create(join(folder, "b"), Uint8Array.of(2)), { code: "EEXIST" });
      assert.deepEqual([readdirSync(folder), [...readFileSync(join(folder, "a"))], readFileSync(join(folder, "b"), "utf8")], [["a", "b"], [1], "mine"]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
