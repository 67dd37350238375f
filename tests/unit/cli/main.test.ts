import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import type { Command } from "commander";
import type { Actions } from "../../../bindings/cli/actions/index.ts";
import { program } from "../../../bindings/cli/program.ts";
import { processIo } from "../../../bindings/cli/io.ts";
import { progressLine } from "../../../bindings/cli/progress.ts";
import { DualhomeError } from "../../../bindings/errors.ts";
import { flow, ms, topology } from "../analysis/fixture.ts";
import { dualhome, sample } from "./fixture.ts";

describe("exit status", () => {
  test("0: no budget broken", async () => {
    const ran = await dualhome(["run", "dc.yaml"], { topology: { ...sample, flows: [flow("web", 5000), flow("db")] } });
    assert.equal(ran.status, 0, ran.err);
  });
  test("1: a budget is broken", async () => assert.equal((await dualhome(["run", "dc.yaml"])).status, 1));

  const wrong: [string, string[], RegExp][] = [
    ["unknown option", ["run", "dc.yaml", "--sede", "1"], /unknown option '--sede'[\s\S]*--seed/],
    ["unknown command", ["rnu", "dc.yaml"], /unknown command 'rnu'[\s\S]*run/],
    ["no file named", ["run"], /missing required argument 'file'/],
    ["no such file", ["run", "none.yaml"], /none\.yaml: no such file/],
    ["too many arguments", ["run", "a.yaml", "b.yaml"], /too many arguments/],
    ["a number without unit", ["run", "dc.yaml", "--until", "10"], /10/],
    ["a bad seed", ["run", "dc.yaml", "--seed", "-1"], /seed/],
    ["a narrow width", ["run", "dc.yaml", "--width", "10"], /60 to 1000/],
    ["two outputs", ["run", "dc.yaml", "--json", "--trace"], /cannot be used with/],
    ["ports without pcap", ["run", "dc.yaml", "--ports", "leaf1:Eth1"], /--pcap/],
    ["an unknown port", ["run", "dc.yaml", "--pcap", "x", "--ports", "laef1:Eth1"], /did you mean "leaf1:Eth1"/],
    ["an unknown scenario", ["run", "dc.yaml", "--scenario", "drak"], /did you mean "dark"/],
    ["a run that ends before its steps", ["run", "dc.yaml", "--until", "1s"], /--until/],
  ];
  for (const [name, args, message] of wrong) {
    test(`2: ${name}`, async () => {
      const ran = await dualhome(args);
      assert.deepEqual([ran.status, ran.out], [2, ""]);
      assert.match(ran.err, message);
    });
  }

  test("2: a file with problems", async () => {
    const problem = { code: "DH_X", message: "m", file: "dc.yaml", where: { line: 1, col: 1, length: 1 }, help: null };
    const parts = { topology: async () => ({ parseTopology: () => ({ problems: [problem] }), formatProblems: () => "dc.yaml:1:1: error\n" }) } as never;
    const ran = await dualhome(["run", "dc.yaml"], { parts });
    assert.deepEqual([ran.status, ran.out, ran.err], [2, "", "dc.yaml:1:1: error\n1 problem\n"]);
    const checked = await dualhome(["check", "dc.yaml", "--json"], { parts });
    assert.deepEqual([checked.status, JSON.parse(checked.out).problems[0].code], [2, "DH_X"]);
  });

  test("3: engine fault", async () => {
    assert.equal((await dualhome(["run", "dc.yaml"], { fails: new Error("unreachable") })).status, 3);
    assert.equal((await dualhome(["run", "dc.yaml"], { fails: new DualhomeError("DH_TRAP", "trap", 3) })).status, 3);
  });

  test("130: interrupted", async () => {
    const ran = await dualhome(["run", "dc.yaml"], { fails: new DOMException("aborted", "AbortError") });
    assert.deepEqual([ran.status, ran.err], [130, `runs scenario "dark", the first of 2; the others with --scenario cut\ninterrupted\n`]);
  });
});

describe("output", () => {
  test("stdout holds results only", async () => {
    const ran = await dualhome(["run", "dc.yaml", "--json"]);
    assert.equal(JSON.parse(ran.out).scenario, "dark");
    assert.match(ran.err, /1 value ASSUMED/);
  });

  test("lines and trace", async () => {
    const lines = (await dualhome(["run", "dc.yaml", "--jsonl"])).out.trim().split("\n");
    assert.equal(JSON.parse(lines[0]!).type, "version");
    assert.match((await dualhome(["run", "dc.yaml", "--trace"])).out, /rx CURRENT>EXPIRED/);
  });

  test("colour by environment and flag, before or after the command", async () => {
    const coloured = async (...args: string[]) => (await dualhome(args, { env: { FORCE_COLOR: "1" } })).out.includes("\x1b[");
    assert.equal(await coloured("run", "dc.yaml"), true);
    assert.equal(await coloured("run", "dc.yaml", "--no-color"), false);
    assert.equal(await coloured("--no-color", "run", "dc.yaml"), false);
  });

  test("a reader that goes away does not change the verdict", async () => {
    const ran = await dualhome(["run", "dc.yaml", "--jsonl"], { io: { out: () => Promise.reject(Object.assign(new Error("EPIPE"), { code: "EPIPE" })) } });
    assert.equal(ran.status, 1);
    assert.doesNotMatch(ran.err, /fault/);
  });

  test("captures are written whole, ports by pattern", async () => {
    const ran = await dualhome(["run", "dc.yaml", "--pcap", "x.pcapng", "--ports", "leaf1:Eth1,srv1:*"]);
    assert.deepEqual(ran.asked!.options.capturePorts, ["leaf1:Eth1", "srv1:eth0", "srv1:eth1"]);
    assert.equal(ran.saved.get("x.pcapng")![0], 0x0a);
    assert.match(ran.err, /x\.pcapng: 3 frames of 3 ports/);
  });

  test("files appear by rename; nothing is left over after a failure", async () => {
    const folder = mkdtempSync(join(tmpdir(), "dualhome-cli-"));
    try {
      await processIo().save(join(folder, "a"), Uint8Array.of(1, 2));
      assert.deepEqual([...readFileSync(join(folder, "a"))], [1, 2]);
      await assert.rejects(processIo().save(join(folder, "no", "b"), Uint8Array.of(1)));
      assert.deepEqual(readdirSync(folder), ["a"]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("progress names rate and time left", () => {
    assert.equal(progressLine({ nowNs: ms(15000), untilNs: ms(60000), events: 500_000 }, 1000), "25 %  15.000 s of 60.000 s  500 000 events/s  3 s left");
    assert.equal(progressLine({ nowNs: -ms(9000), untilNs: ms(60000), events: 5 }, 1000), "bring-up, 9.000 s before the scenario");
  });
});

describe("what is run", () => {
  test("the first scenario, seed and probe", async () => {
    const { asked } = await dualhome(["run", "dc.yaml", "--seed", "7", "--probe", "100us", "--until", "50s"]);
    assert.deepEqual([asked!.scenario.name, asked!.options.seed, asked!.options.probeNs, asked!.scenario.untilNs], ["dark", 7n, 100_000n, ms(50000)]);
  });

  test("a named scenario", async () => {
    const { asked } = await dualhome(["run", "dc.yaml", "--scenario", "cut"]);
    assert.deepEqual(asked!.scenario.steps.map((s) => [s.op, s.target]), [["fail", "leaf2"]]);
  });

  test("steps of the command line replace the file's", async () => {
    const { asked, err } = await dualhome(["run", "dc.yaml", "--repair", "leaf1@40s", "--fail", "leaf1@10s"]);
    assert.deepEqual(asked!.scenario.steps.map((s) => [s.op, s.target, s.atNs, s.targets]), [
      ["fail", "leaf1", ms(10000), [{ kind: "node", name: "leaf1" }]], ["repair", "leaf1", ms(40000), [{ kind: "node", name: "leaf1" }]],
    ], err);
    assert.equal(asked!.scenario.untilNs, ms(100000));
  });

  test("with --scenario they are added", async () => {
    const { asked } = await dualhome(["run", "dc.yaml", "--scenario", "cut", "--hang", "leaf1@2s"]);
    assert.deepEqual(asked!.scenario.steps.map((s) => s.op), ["hang", "fail"]);
  });

  test("an unknown target is an input error with a hint", async () => {
    const ran = await dualhome(["run", "dc.yaml", "--fail", "laef1@10s"]);
    assert.deepEqual([ran.status, ran.engineLoads], [2, 0]);
    assert.match(ran.err, /did you mean "leaf1"/);
  });

  test("an operation that the target does not know is an input error", async () => {
    const ran = await dualhome(["run", "dc.yaml", "--hang", "leaf1:Eth1@10s"]);
    assert.equal(ran.status, 2);
    assert.match(ran.err, /"hang" is done to a node; leaf1:Eth1 is a port/);
  });

  test("ports and bonds of an operator, members, loss and carrier", async () => {
    const { asked, err } = await dualhome(["run", "dc.yaml", "--down", "leaf1:Eth1@1s", "--up", "leaf1:Eth1@2s", "--loss", "leaf1:Eth1--srv1:eth0=12.5%@3s", "--carrier", "srv1:eth0@4s"]);
    assert.deepEqual(asked?.scenario.steps.map((s) => [s.op, s.targets[0]!.name, s.perMillion, s.direction]), [
      ["down", "leaf1:Eth1", 0, "both"], ["up", "leaf1:Eth1", 0, "both"], ["loss", "leaf1:Eth1--srv1:eth0", 125_000, "both"],
      ["carrier", "leaf1:Eth1--srv1:eth0", 0, "a-to-b"], // the end that the frames would reach: srv1's
    ], err);
  });

  test("a bond is set down as a whole, and its members leave one by one", async () => {
    const lag = { name: "srv1:bond0", node: "srv1", members: ["eth0", "eth1"], linux: true } as never;
    const { asked, err } = await dualhome(["run", "dc.yaml", "--down", "srv1:bond0@1s", "--up", "srv1:bond0@2s", "--release", "srv1:bond0@3s", "--enslave", "srv1:eth0@4s"], { topology: { ...sample, lags: [lag] } });
    assert.deepEqual(asked?.scenario.steps.map((s) => [s.op, s.targets.map((t) => `${t.kind} ${t.name}`)]), [
      ["down", ["lag srv1:bond0"]], ["up", ["lag srv1:bond0"]], ["release", ["port srv1:eth0", "port srv1:eth1"]], ["enslave", ["port srv1:eth0"]],
    ], err);
  });

  const odd: [string, string[], RegExp][] = [
    ["loss without how much", ["--loss", "leaf1:Eth1@3s"], /--loss leaf1:Eth1@3s: .*write it as leaf1:Eth1=20%@10s/],
    ["slow without how much", ["--slow", "leaf1:Eth1@3s"], /write it as leaf1:Eth1=50ms@10s/],
    ["too slow", ["--slow", "leaf1:Eth1=11s@3s"], /1us to 10s/],
    ["loss of too much", ["--loss", "leaf1:Eth1=200%@3s"], /from 0% to 100%/],
    ["a node set down", ["--down", "leaf1@3s"], /"down" is done to a port or a bond; leaf1 is a node/],
    ["what is in no bond released", ["--release", "leaf1:Eth1@3s"], /"release" is done to a member of a Linux bond; leaf1:Eth1 is none/],
  ];
  for (const [name, flags, message] of odd) {
    test(`${name} is an input error`, async () => {
      const ran = await dualhome(["run", "dc.yaml", ...flags]);
      assert.deepEqual([ran.status, ran.engineLoads], [2, 0]);
      assert.match(ran.err, message);
    });
  }

  test("a step without a time is an input error", async () => {
    const ran = await dualhome(["run", "dc.yaml", "--fail", "leaf1"]);
    assert.equal(ran.status, 2);
    assert.match(ran.err, /leaf1/);
  });

  test("nothing to run", async () => {
    const ran = await dualhome(["run", "dc.yaml"], { topology: topology() });
    assert.equal(ran.status, 2);
    assert.match(ran.err, /--fail leaf1@10s/);
  });
});

describe("check and help", () => {
  test("check loads no engine", async () => {
    const ran = await dualhome(["check", "dc.yaml"]);
    assert.deepEqual([ran.status, ran.engineLoads], [0, 0]);
    assert.match(ran.out, /dc\.yaml: ok\n4 nodes, 2 links/);
    assert.equal(JSON.parse((await dualhome(["check", "dc.yaml", "--json"])).out).ok, true);
  });

  test("schema", async () => assert.deepEqual(JSON.parse((await dualhome(["schema"])).out), { title: "dualhome" }));

  test("every command has help", () => {
    const each = (command: Command): number => {
      assert.match(command.helpInformation(), /^Usage: dualhome/, command.name());
      return command.commands.reduce((n, c) => n + each(c as Command), 1);
    };
    assert.ok(each(program("1.0.0", {} as Actions)) > 20);
  });

  test("help has examples and exit statuses, on stdout", async () => {
    for (const args of [["--help"], ["run", "--help"]]) {
      const ran = await dualhome(args);
      assert.deepEqual([ran.status, ran.err], [0, ""]);
      assert.match(ran.out, /Examples:[\s\S]*Exit status/);
    }
    assert.match((await dualhome(["--version"])).out, /^\d+\.\d+\.\d+\n$/);
  });
});
