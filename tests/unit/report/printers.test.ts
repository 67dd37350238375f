import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { statistics } from "../../../bindings/analysis/index.ts";
import { coloured, duration, json, jsonl, milliseconds, paintFor, plain, report, text, time, traceLines, type ReportInput } from "../../../bindings/report/index.ts";
import { judged } from "../../../bindings/cli/actions/run.ts";
import { exampleText, simulate } from "../../support/topologies.ts";
import { cutAndReturn, flow, ms, run, silentScenario, topology } from "../analysis/fixture.ts";

function input(parts = {}): ReportInput {
  const made = run(cutAndReturn(), { scenario: silentScenario(), ...parts });
  const findings = statistics(made);
  return { run: made, applications: [], expectations: [], findings, file: "dc.dh.yaml", version: "1.0.0" };
}

describe("times", () => {
  test("keep every digit they show", () => {
    assert.deepEqual([ms(3000.25), ms(200), 12_345n, 17n, 0n].map(duration), ["3.000 s", "200.000 ms", "12.345 µs", "17 ns", "0.000 s"]);
    assert.deepEqual([ms(10000), 13_000_250_000n, 1n].map(time), ["10.000 s", "13.00025 s", "0.000000001 s"]);
    assert.equal(milliseconds(ms(3000.25)), "3000.250");
  });
});

describe("text", () => {
  test("budgets come first, then failure and return with their reasons", () => {
    const out = text(input(), { paint: plain, width: 100 });
    const order = ["Budgets", "✗ web", "Failure at 10.000 s", "3000.250", "what kept it down: 3.000 s", "Return at 40.000 s", "200.000", "ASSUMED", "1 budget broken"];
    let at = -1;
    for (const part of order) { const next = out.indexOf(part, at + 1); assert.ok(next > at, `${part} in\n${out}`); at = next; }
    assert.match(out, /13\.000 s {2} {4}\+3\.000 s {2}srv1:eth0 LACP receive EXPIRED/);
  });

  for (const width of [80, 100]) {
    test(`every line fits ${width} columns`, async () => {
      const sim = await simulate(exampleText("two-site"));
      const lines = text(judged(sim.result, "two-site.dh.yaml"), { paint: plain, width }).split("\n");
      assert.deepEqual(lines.filter((line) => [...line].length > width), []);
    });
  }

  for (const width of [60, 80, 120]) {
    test(`tables fit ${width} columns`, () => {
      const lines = text(input(), { paint: coloured, width }).split("\n").filter((l) => /^[│┌└├]/.test(l));
      assert.ok(lines.length > 4);
      for (const l of lines) assert.ok([...stripVTControlCharacters(l)].length <= width, l);
    });
  }

  test("colour changes no character", () => {
    const of = (paint: typeof plain) => text(input(), { paint, width: 100 });
    assert.notEqual(of(coloured), of(plain));
    assert.equal(stripVTControlCharacters(of(coloured)), of(plain));
  });

  test("flows that never came up are said to be so", () => {
    const out = text(input({ topology: topology({ flows: [flow("web"), flow("db")] }), trace: run(cutAndReturn()).trace, names: { ...run(cutAndReturn()).names, flows: ["web", "db", "backup"] } }), { paint: plain, width: 100 });
    assert.match(out, /! backup never came up/);
  });
});

describe("JSON", () => {
  test("one object, times as ms and exact ns", () => {
    const all = JSON.parse(json(input()));
    assert.equal(all.pass, false);
    const [o] = all.outages.filter((x: { subject: string }) => x.subject === "flow");
    assert.deepEqual(o.length, { ms: 3000.25, ns: "3000250000" });
    assert.deepEqual([o.phase, o.stepText, o.reasons[0].reason, o.open], ["failure", "fail leaf1:Eth1--srv1:eth0", "link-dark", false]);
    assert.equal(o.why.keptDown.endedBy.id, all.outages[0].why.up[1].id);
  });

  test("the same run gives the same bytes", () => assert.equal(json(input({ wallMs: 1 })), json(input({ wallMs: 99 }))));
  test("no bigint is left over", () => assert.doesNotThrow(() => JSON.stringify(report(input()))));

  test("lines: version first, summary last, a line an event", () => {
    const lines = [...jsonl(input())].map((l) => JSON.parse(l));
    assert.deepEqual([lines[0].type, lines.at(-1).type], ["version", "summary"]);
    const events = lines.filter((l) => l.type === "event");
    assert.deepEqual(events.map((e) => e.id), events.map((_, i) => i + 1));
    assert.equal(events.find((e) => e.kind === "lacp-receive").cause, 6);
  });
});

describe("trace lines", () => {
  test("columns stand still and name the cause", () => {
    const lines = [...traceLines(input(), plain)];
    assert.equal(lines.length, 16);
    const expired = lines.find((l) => l.includes("rx CURRENT>EXPIRED"))!;
    assert.match(expired, /^ #8 {2}13\.000000000s srv1 {2}lacp {5}rx CURRENT>EXPIRED +port eth0 +because #6\n$/);
    assert.equal(new Set(lines.filter((l) => l.includes("because")).map((l) => l.indexOf("because"))).size, 1, lines.join(""));
  });
});

describe("colour", () => {
  const wish = (parts: object) => paintFor({ flag: true, env: {}, isTTY: false, ...parts }) === coloured;
  test("terminal, NO_COLOR, FORCE_COLOR, --no-color", () => {
    assert.deepEqual([wish({}), wish({ isTTY: true }), wish({ isTTY: true, env: { TERM: "dumb" } })], [false, true, false]);
    assert.deepEqual([wish({ isTTY: true, env: { NO_COLOR: "1" } }), wish({ env: { FORCE_COLOR: "1" } }), wish({ isTTY: true, env: { FORCE_COLOR: "0" } })], [false, true, false]);
    assert.deepEqual([wish({ env: { FORCE_COLOR: "1", NO_COLOR: "1" } }), wish({ env: { FORCE_COLOR: "1" }, flag: false })], [false, false]);
    assert.equal(wish({ isTTY: true, env: { NO_COLOR: "" } }), true);
  });
});
