// The drawing of a run in text, and lines that are never longer than they may be.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { outages, statistics } from "../../../bindings/analysis/index.ts";
import { judged } from "../../../bindings/cli/actions/run.ts";
import { plain, text } from "../../../bindings/report/index.ts";
import { coloured } from "../../../bindings/report/paint.ts";
import { drawTimeline } from "../../../bindings/report/timeline.ts";
import { cellLines, columnsOf, fitted } from "../../../bindings/report/wrap.ts";
import { exampleNames, exampleText, simulate } from "../../support/topologies.ts";
import { cutAndReturn, flow, run, scenario, step, topology, TraceMaker } from "../analysis/fixture.ts";
import { dualhome } from "../cli/fixture.ts";
import * as abi from "../../../assembly/abi.ts";

const drawn = (of: Parameters<typeof drawTimeline>[0], width = 80, more = {}): string[] => drawTimeline(of, outages(of).filter((o) => o.subject !== "direction"), { paint: plain, width, ...more });

describe("the drawing", () => {
  const cut = run(cutAndReturn());

  test("a part for each step, a row for each that was down, from when to when", () => {
    const lines = drawn(cut);
    assert.match(lines[0]!, /^ +│fail leaf1:Eth1.* *│repair leaf1:Eth1/);
    assert.match(lines[1]!, /│10\.000 s +│40\.000 s/);
    const web = lines.find((l) => l.startsWith("  web "))!;
    assert.match(web, /│█+ *│/, "from the step on");
  });

  test("what lasts a microsecond of a minute is seen", () => {
    const maker = new TraceMaker();
    maker.up(-1000, 0);
    const fault = maker.add(10_000, abi.T_FAULT, 0, 0, abi.FAULT_FAIL, abi.TARGET_LINK);
    maker.add(10_005, abi.T_FLOW_DOWN, 0, fault, abi.DROP_LINK_DARK, 2, 2);
    maker.add(10_005.001, abi.T_FLOW_UP, 0, fault, 3, 7);
    const of = run(maker, { topology: topology({ flows: [flow("web")] }), scenario: scenario([step(10_000, "fail")]) });
    for (const width of [60, 80, 100, 200]) {
      const row = drawn(of, width).find((l) => l.startsWith("  web "))!;
      const bar = row.slice(row.indexOf("│") + 1);
      assert.equal(bar.match(/█/g)!.length, 1);
      // 5 ms of 50 s on a scale that begins with 1 µs
      const place = Math.log(5_000_000 / 1_000) / Math.log(50e9 / 1_000);
      assert.equal(bar.indexOf("█"), Math.floor(place * (width - "  web │".length)), `${width} columns`);
    }
  });

  test("ASCII where a terminal has nothing else, the same columns", () => {
    const [unicode, ascii] = [drawn(cut), drawn(cut, 80, { ascii: true })];
    assert.ok(ascii.every((l) => /^[\x20-\x7e]*$/.test(l)), ascii.join("\n"));
    assert.deepEqual(unicode.slice(0, -1).map((l) => l.replaceAll("█", "#").replaceAll("│", "|").replaceAll("─", "-").replaceAll("▒", "=").replaceAll("…", ".")), ascii.slice(0, -1));
  });

  test("colour changes no character", () => {
    const painted = drawTimeline(cut, outages(cut).filter((o) => o.subject !== "direction"), { paint: coloured, width: 80 });
    assert.deepEqual(painted.map((l) => l.replaceAll(/\u001b\[\d+m/g, "")), drawn(cut));
  });

  test("many steps: below each other, then one for the whole run", () => {
    const steps = (n: number) => run(cutAndReturn(), { scenario: scenario(Array.from({ length: n }, (_, i) => step(10_000 + i * 1000, i % 2 === 0 ? "fail" : "repair"))) });
    assert.ok(drawn(steps(6), 60).filter((l) => / s +│|\d s$/.test(l)).length >= 2, "two bands");
    assert.ok(drawn(steps(30), 60)[0]!.includes("the whole run"));
  });

  test("nothing was down: nothing is drawn; --no-timeline: neither", async () => {
    assert.deepEqual(drawTimeline(run(new TraceMaker()), [], { paint: plain, width: 80 }), []);
    assert.match((await dualhome(["run", "x.yaml"])).out, /\nTimeline\n/);
    assert.ok(!(await dualhome(["run", "x.yaml", "--no-timeline"])).out.includes("Timeline"));
  });

  test("a terminal whose locale has no Unicode gets ASCII; a pipe does not", async () => {
    const draw = async (outIsTTY: boolean, LANG: string): Promise<string> => /Timeline\n([^]*?)\n\n/.exec((await dualhome(["run", "x.yaml", "--no-color"], { env: { LANG }, io: { outIsTTY } })).out)![1]!;
    assert.ok(!(await draw(true, "C")).includes("█"));
    for (const [tty, lang] of [[true, "de_DE.UTF-8"], [false, "C"], [true, ""]] as const) assert.ok((await draw(tty, lang)).includes("█"));
  });
});

describe("no line is longer than it may be", () => {
  for (const name of exampleNames) {
    test(name, async () => {
      const { result } = await simulate(exampleText(name));
      const input = judged(result, `examples/${name}/${name}.dh.yaml`);
      for (const width of [60, 61, 79, 100, 133]) {
        for (const paint of [plain, coloured]) assert.deepEqual(text(input, { paint, width, explanationsMax: 100 }).split("\n").filter((l) => columnsOf(l) > width), [], `${width} columns`);
      }
      assert.equal(statistics(result).outages.length, input.findings.outages.length);
    });
  }

  test("a long line goes on under itself; colours count for nothing", () => {
    assert.equal(fitted("  aaa bbb ccc\nx", 9), "  aaa bbb\n    ccc\nx");
    assert.equal(fitted("\u001b[31m1234\u001b[39m 67", 7), "\u001b[31m1234\u001b[39m 67");
    assert.equal(fitted("ab  cd", 6), "ab  cd");
  });

  test("cells: whole words; one that is too long is parted behind a colon, a slash, a hyphen, or where the column ends", () => {
    assert.deepEqual(cellLines("node is not running at leaf1:Eth54", 10), ["node is", "not", "running at", "leaf1:", "Eth54"]);
    assert.deepEqual(cellLines("abcdefghijkl", 5), ["abcde", "fghij", "kl"]);
    assert.deepEqual(cellLines("", 5), [""]);
  });
});
