// `run --at T --branch ..`: each branch is the run that has its steps from the start; documents show what is printed.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { twoSites } from "../../../bench/topologies/two-sites.ts";
import { realParts } from "../../../bindings/cli/parts.ts";
import { dualhome, type Setting } from "./fixture.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const PAIR = "examples/mclag-pair/mclag-pair.dh.yaml";
const setting: Setting = { parts: realParts, io: { read: async (path) => readFileSync(`${root}${path}`, "utf8") } };
const run = (...args: string[]) => dualhome(["run", PAIR, ...args], setting);
const at = ["--at", "10s"];

/** Steps are numbered as they were put in; what they are is said in words, too. */
const unnumbered = (value: unknown): unknown => JSON.parse(JSON.stringify(value, (key, each: unknown) => (key === "step" ? undefined : each)));

interface Report { branch: string; pass: boolean; outages: unknown[]; steps: { text: string }[]; records: number }
interface Whole { at: { ms: number }; end: { ms: number }; seed: string; scenario: string; pass: boolean; branches: Report[]; outages: unknown[]; steps: unknown[]; records: number }

describe("a branch is the run that has its steps from the start", () => {
  const cases: [string, string[], string[]][] = [
    ["a step at the instant where branches begin", ["--branch", "fail leaf1"], ["--fail", "leaf1@10s"]],
    ["steps later on", ["--branch", "fail leaf2@40s; repair leaf2@80s"], ["--fail", "leaf2@40s", "--repair", "leaf2@80s"]],
    ["a group", ["--branch", "fail mlag/pair1/peer-link"], ["--fail", "mlag/pair1/peer-link@10s"]],
    ["in common: a scenario of the file", ["--scenario", "orphan", "--branch", "hang leaf1@20s"], ["--scenario", "orphan", "--hang", "leaf1@20s"]],
    ["in common: steps of the command line", ["--fail", "srv1@2s", "--branch", "silent leaf1:Eth1"], ["--fail", "srv1@2s", "--silent", "leaf1:Eth1@10s"]],
  ];
  for (const [name, branch, whole] of cases) {
    test(name, async () => {
      const both = ["--until", "200s", "--seed", "5", "--json"];
      const branched = JSON.parse((await run(...at, ...branch, ...both)).out) as Whole;
      const plain = JSON.parse((await run(...whole, ...both)).out) as Whole;
      const [only] = branched.branches;
      assert.deepEqual(unnumbered([only!.outages, only!.steps, only!.records]), unnumbered([plain.outages, plain.steps, plain.records]));
      assert.deepEqual([branched.at.ms, branched.end.ms, branched.seed], [10_000, 200_000, "5"]);
    });
  }

  test("no branch sees another, whatever their order", async () => {
    const texts = ["fail leaf1", "fail leaf2@40s; repair leaf2@80s", "silent leaf1:Eth1"];
    const of = async (list: string[]) => (JSON.parse((await run(...at, ...list.flatMap((b) => ["--branch", b]), "--until", "150s", "--json")).out) as Whole).branches;
    const forth = await of(texts);
    const back = await of([...texts].reverse());
    assert.deepEqual(forth.map((b) => b.branch), texts);
    assert.deepEqual(back.reverse(), forth);
  });
});

describe("verdict and output", () => {
  test("the exit status is the worst of all", async () => {
    assert.equal((await run(...at, "--branch", "fail leaf1")).status, 0);
    const mixed = await run(...at, "--branch", "fail leaf1", "--branch", "fail leaf2@40s; repair leaf2@80s", "--json");
    const { pass, branches } = JSON.parse(mixed.out) as Whole;
    assert.deepEqual([mixed.status, pass, branches.map((b) => b.pass)], [1, false, [true, false]]);
  });

  test("branches end together, when a run would that has the steps of all", async () => {
    const { end } = JSON.parse((await run(...at, "--branch", "fail leaf1", "--branch", "fail leaf2@40s", "--json")).out) as Whole;
    const alone = JSON.parse((await run("--fail", "leaf1@10s", "--fail", "leaf2@40s", "--json")).out) as Whole;
    assert.deepEqual(end, alone.end);
  });

  test("as wide as it is told; with --details the report of each branch", async () => {
    const short = await run(...at, "--branch", "fail leaf1", "--branch", "hang leaf2", "--width", "70");
    assert.ok(short.out.split("\n").slice(2).every((line) => line.length <= 70), short.out);
    assert.doesNotMatch(short.out, /because/);
    const long = await run(...at, "--branch", "fail leaf1", "--branch", "hang leaf2", "--details");
    assert.match(long.out, /^mclag-pair: fail leaf1$[^]*Failure at 10\.000 s: fail leaf1[^]*because[^]*^mclag-pair: hang leaf2$/m);
  });

  test("a branch in which all of a large site fails: as many steps as it has machines", async () => {
    const read = async (): Promise<string> => twoSites(640, "ranges");
    const again = "fail site/fra; repair site/fra@20s; fail site/fra@30s; repair site/fra@40s; fail site/fra@50s; repair site/fra@60s";
    const ran = await dualhome(["run", "large.dh.yaml", ...at, "--until", "90s", "--branch", "fail site/fra", "--branch", again], { ...setting, io: { read } });
    assert.equal(ran.status, 1, ran.err);
    assert.doesNotMatch(ran.err, /DH_/);
  });

  test("services have a column where there are some", async () => {
    const two = ["run", "examples/two-site/two-site.dh.yaml", ...at, "--branch", "fail fra-leaf1"];
    assert.match((await dualhome(two, setting)).out, /worst service \(ms\)/);
    assert.doesNotMatch((await run(...at, "--branch", "fail leaf1")).out, /service/);
  });
});

describe("wrong usage", () => {
  const wrong: [string, string[], RegExp][] = [
    ["an unknown operation", [...at, "--branch", "fial leaf1"], /--branch 'fial leaf1': "fial" is no operation; did you mean "fail"\?/],
    ["an unknown target", [...at, "--branch", "fail laef1"], /there is no node "laef1"; did you mean "leaf1"\?/],
    ["what cannot be done to it", [...at, "--branch", "hang leaf1:Eth1"], /"hang" is done to a node; leaf1:Eth1 is a port/],
    ["no target", [...at, "--branch", "fail"], /"fail" does not say what/],
    ["no step", [...at, "--branch", " ; "], /it has no step/],
    ["a time without unit", [...at, "--branch", "fail leaf1@40"], /"40" is not a duration/],
    ["a step in the past", [...at, "--branch", "fail leaf1@5s"], /"fail leaf1@5s" is before 10s/],
    ["a step after the end", [...at, "--branch", "fail leaf1@40s", "--until", "30s"], /the run ends before the step "fail leaf1"; give a later --until/],
    ["branches after the end", ["--at", "10m", "--scenario", "default", "--branch", "fail leaf1", "--until", "300s"], /--until/],
    ["no --at", ["--branch", "fail leaf1"], /say from which with --at 10s/],
    ["no --branch", at, /--at says where branches begin/],
    ["--details alone", ["--details"], /--details is for branches/],
    ["another output", [...at, "--branch", "fail leaf1", "--trace"], /--trace is of one run/],
    ["frames", [...at, "--branch", "fail leaf1", "--pcap", "x"], /--pcap records one run/],
  ];
  for (const [name, args, message] of wrong) {
    test(name, async () => {
      const ran = await run(...args);
      assert.deepEqual([ran.status, ran.out], [2, ""], ran.err);
      assert.match(ran.err, message);
    });
  }
});

describe("documents", () => {
  test("docs/cli.md shows what is printed", async () => {
    const text = readFileSync(`${root}docs/cli.md`, "utf8");
    const [, command = "", output = ""] = /^```console\n\$ dualhome (.*--branch [^]*?[^\\])\n([^]*?)^```$/m.exec(text) ?? [];
    const words = [...command.replaceAll("\\\n", " ").matchAll(/'([^']*)'|(\S+)/g)].map((m) => m[1] ?? m[2]!);
    assert.ok(words.includes("--branch"));
    assert.equal((await dualhome(words, setting)).out, output);
  });

  test("the example of README.md runs: one warm network, many questions", () => {
    const [example = ""] = [...readFileSync(`${root}README.md`, "utf8").matchAll(/^```ts\n([^]*?)^```$/gm)].map((m) => m[1]!).filter((code) => code.includes("snapshot()"));
    const code = example.replaceAll('"dc.dh.yaml"', JSON.stringify(PAIR));
    assert.notEqual(code, example);
    const printed = execFileSync(process.execPath, ["--input-type=module", "-e", code], { cwd: root, encoding: "utf8" });
    assert.match(printed, /^leaf1: 4 outages, the longest 58\.\d+ ms\nleaf2: \d+ outages, the longest \d+\.\d+ ms\n$/);
  });
});
