// `dualhome check` around the rules: what is left out and why, what is known, what fails, and the files that others read.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { findings, readDesign, RULES } from "../../../bindings/rules/index.ts";
import { fits, isDay, readIgnore } from "../../../bindings/rules/ignore.ts";
import { xml } from "../../../bindings/report/junit.ts";
import { parseTopology, formatProblems } from "../../../bindings/topology/index.ts";
import { dualhome, type Ran } from "../cli/fixture.ts";

/** Three findings: an error at line 12, a warning and a note. */
const FAULTY = `dualhome: 1
name: t
defaults:
  lacp: {rate: slow}
networks: {lan: {vlan: 10, subnet: 10.1.10.0/24}}
nodes:
  sw: {kind: l2switch}
  srv: {kind: server, network: lan}
  peer: {kind: server, network: lan}
links: [sw:Eth3 -- peer:eth0]
bonds:
  srv:bond0: {to: sw, members: [eth0, eth1], lacp-rate: fast, min-links: 3}
flows:
  f: {from: peer, to: srv, max-outage: 5s}
`;
const THREE = ["lacp/slow-rate", "lag/min-links-too-many", "physical/one-switch"];
const PASSIVE = FAULTY.replace("links:", "lags:\n  sw:Po1: {members: [Eth1, Eth2], mode: lacp-passive}\nlinks:").replace("[sw:Eth3 -- peer:eth0]", "[sw:Eth3 -- peer:eth0, sw:Eth1 -- srv:eth0, sw:Eth2 -- srv:eth1]")
  .replace("{to: sw, members", "{lacp-active: false, members");

const check = (files: Record<string, string>, ...args: string[]): Promise<Ran> => checkAll([Object.keys(files)[0]!], files, ...args);

async function checkAll(names: readonly string[], files: Record<string, string>, ...args: string[]): Promise<Ran> {
  return dualhome(["check", ...names, "--today", "2026-06-01", ...args], {
    parts: { topology: async () => ({ parseTopology, formatProblems, jsonSchema: () => ({}) }) },
    io: {
      read: async (path) => files[path] ?? assert.fail(`nobody has ${path}`),
      list: async (folder) => Object.keys(files).flatMap((path) => (path.replace(/[^/]*$/, "") === (folder === "." ? "" : folder) ? path.replace(/^.*\//, "") : [])),
    },
  });
}
interface Json { ok: boolean; pass: boolean; summary: Record<string, number>; gone: number | null; findings: { rule: string; state: string; line: number; col: number; fingerprint: string; path: string; file: string; seen: string }[]; problems: { code: string }[] }
const json = async (files: Record<string, string>, ...args: string[]): Promise<Json> => JSON.parse((await check(files, "--json", ...args)).out) as Json;
const rules = ({ findings: list }: Json, state = "new"): string[] => list.filter((each) => each.state === state).map((each) => each.rule).sort();

describe("findings", () => {
  test("each has its place, in the part or in the defaults, and its path", async () => {
    const found = await json({ "dc/t.dh.yaml": FAULTY });
    assert.deepEqual(rules(found), THREE);
    const at = (rule: string): string => found.findings.filter((each) => each.rule === rule).map((each) => `${each.file}:${each.line}:${each.col} ${each.path}`).join();
    assert.equal(at("lacp/slow-rate"), "dc/t.dh.yaml:4:16 defaults/lacp/rate");
    assert.equal(at("lag/min-links-too-many"), "dc/t.dh.yaml:12:74 bonds/srv:bond0/min-links");
    assert.deepEqual(found.summary, { error: 1, warning: 1, note: 1 });
  });

  test("by severity, with why, mend and page, on stdout", async () => {
    const ran = await check({ "t.dh.yaml": FAULTY });
    assert.equal(ran.status, 1);
    assert.match(ran.out, /^t\.dh\.yaml: 3 findings: 1 error, 1 warning, 1 note\n\n1 error\n  t\.dh\.yaml:12:74  lag\/min-links-too-many\n    srv:bond0 has 2 members and min-links 3\n\n1 warning\n/);
    assert.match(ran.out, /why: `min-links` is larger.*\n  mend: .*\n  page: docs\/rules\/lag\/min-links-too-many\.md\n/);
  });

  test("a mistake of design is a finding, and the file is told not to run", async () => {
    const ran = await check({ "t.dh.yaml": PASSIVE });
    assert.equal(ran.status, 2);
    const left = { "t.dh.yaml": PASSIVE, "dualhome-ignore.yaml": "- {rule: \"*\", reason: r, until: never}\n" };
    assert.equal((await check(left)).status, 0, "a person has said why");
    assert.match(ran.out, /lacp\/both-passive\n.*both passive/);
    assert.match(ran.out, /other commands refuse this file/);
    const found = await json({ "t.dh.yaml": PASSIVE });
    assert.deepEqual([found.ok, found.problems.map((each) => each.code)], [false, ["DH_LACP_PASSIVE"]]);
    assert.equal((await dualhome(["run", "t.dh.yaml"], { parts: { topology: async () => ({ parseTopology, formatProblems, jsonSchema: () => ({}) }) }, io: { read: async () => PASSIVE } })).status, 2);
  });

  test("any other mistake: exit 2, no rule is asked, and the reports say so", async () => {
    const ran = await check({ "t.dh.yaml": FAULTY.replace("kind: l2switch", "kind: hub") }, "--sarif", "s", "--junit", "j", "--summary", "m");
    assert.deepEqual([ran.status, ran.out], [2, ""]);
    assert.match(ran.err, /DH_VALUE/);
    const text = (name: string): string => new TextDecoder().decode(ran.saved.get(name));
    assert.match(text("s"), /"ruleId": "DH_VALUE"[^]*"startLine": 7/);
    assert.match(text("j"), /errors="1"[^]*<error message=/);
    assert.match(text("m"), /Not readable: 1 mistake/);
  });

  test("--fail-on says what counts", async () => {
    const status = async (text: string, on: string): Promise<number> => (await check({ "t.dh.yaml": text }, "--fail-on", on)).status;
    const warning = FAULTY.replace("min-links: 3", "min-links: 1");
    assert.deepEqual([await status(FAULTY, "error"), await status(warning, "error"), await status(warning, "warning"), await status(FAULTY, "never")], [1, 0, 1, 0]);
    const note = warning.replace("rate: slow", "rate: fast");
    assert.deepEqual([await status(note, "warning"), await status(note, "note")], [0, 1]);
  });

  test("those of a range are told together", () => {
    const read = readDesign(FAULTY.replace("srv:", "srv1..5:").replace("srv:bond0", "srv1..5:bond0").replace("to: srv", "to: srv1..5"), "t.dh.yaml");
    assert.ok("design" in read);
    const [one] = findings(read.design, RULES.filter((rule) => rule.id === "lag/min-links-too-many"));
    assert.deepEqual(one!.subjects, [1, 2, 3, 4, 5].map((i) => `srv${i}:bond0`));
    assert.match(one!.seen, /^srv1:bond0 has .*; the same of srv2:bond0, srv3:bond0 and 2 more$/);
  });
});

describe("ignore file", () => {
  const entry = (more: string): string => `- {rule: lag/min-links-too-many, reason: to be cabled, ${more}}\n`;
  const both = (ignore: string) => ({ "t.dh.yaml": FAULTY, "dualhome-ignore.yaml": ignore });

  test("beside the file it leaves out what it names, until its day", async () => {
    for (const where of ["until: 2026-06-01", "until: never", 'where: "bonds/srv*", until: never', 'where: "srv:bond?", until: never', "file: t.dh.yaml, until: never"]) {
      const found = await json(both(entry(where)));
      assert.deepEqual([rules(found), rules(found, "ignored")], [["lacp/slow-rate", "physical/one-switch"], ["lag/min-links-too-many"]], where);
    }
    assert.match((await check(both(entry("until: never")))).out, /^t\.dh\.yaml: 2 findings: 1 warning, 1 note; 1 ignored\n/);
  });

  test("an expired entry leaves nothing out and is a finding, in its own file", async () => {
    const found = await json(both(entry("until: 2026-05-31")));
    assert.deepEqual(rules(found), ["ignore/expired", ...THREE]);
    const own = found.findings.find((each) => each.rule === "ignore/expired")!;
    assert.deepEqual([own.file, own.line, own.col], ["dualhome-ignore.yaml", 1, 3]);
    assert.match(own.seen, /expired after 2026-05-31: to be cabled/);
  });

  test("an entry that leaves nothing out is a finding; one for another file is not", async () => {
    assert.deepEqual(rules(await json(both('- {rule: lag/mixed-speed, where: "x*", reason: r, until: never}\n'))), ["ignore/unused", ...THREE]);
    assert.deepEqual(rules(await json(both(entry("where: nothing, until: never")))), ["ignore/unused", ...THREE]);
    assert.deepEqual(rules(await json(both(entry("file: other.dh.yaml, until: never")))), THREE);
  });

  test("what is wrong with it is told with its place: exit 2", async () => {
    const wrong: [string, RegExp][] = [
      ["- {rule: lag/mixed-sped, reason: r, until: never}\n", /:1:10: error DH_IGNORE: there is no rule "lag\/mixed-sped"[^]*did you mean "lag\/mixed-speed"/],
      ["- {rule: lag/mixed-speed, until: never}\n", /:1:3: error DH_IGNORE: the entry lacks "reason"/],
      ["- {rule: lag/mixed-speed, reason: r}\n", /lacks "until"/],
      ["- {rule: lag/mixed-speed, reason: '', until: never}\n", /reason is a text that is not empty/],
      ["- {rule: lag/mixed-speed, reason: r, until: 2026-02-30}\n", /"2026-02-30" is no day/],
      ["- {rule: lag/mixed-speed, reason: r, until: never, when: now}\n", /unknown key "when"/],
      ["rule: x\n", /an ignore file is a list/], ["- x\n", /an entry has rule/],
    ];
    for (const [text, message] of wrong) {
      const ran = await check(both(text));
      assert.equal(ran.status, 2, text);
      assert.match(ran.err, message);
    }
  });

  test("--ignore names another one", async () => {
    const files = { "t.dh.yaml": FAULTY, "else.yaml": entry("until: never") };
    assert.deepEqual(rules(await json(files, "--ignore", "else.yaml"), "ignored"), ["lag/min-links-too-many"]);
  });

  test("patterns", () => {
    const yes: [string, string][] = [["a", "a"], ["*", ""], ["*", "a/b"], ["a*", "a"], ["a*c", "abc"], ["a*b*c", "axbyc"], ["*b", "ab"], ["a?c", "abc"], ["*a*", "bab"], ["a*?", "ab"]];
    const no: [string, string][] = [["a", "ab"], ["a?", "a"], ["a*a", "a"], ["*b", "ba"], ["a*b*c", "acb"], ["a*?", "a"], ["a.c", "abc"]];
    for (const [glob, text] of yes) assert.ok(fits(glob, text), `${glob} fits ${text}`);
    for (const [glob, text] of no) assert.ok(!fits(glob, text), `${glob} does not fit ${text}`);
    assert.ok(!fits("*a".repeat(200), "b".repeat(20_000)), "and no pattern is slow");
    assert.deepEqual(["2027-01-31", "2028-02-29"].map(isDay), [true, true]);
    assert.deepEqual(["2027-02-29", "27-1-1", "soon"].map(isDay), [false, false, false]);
    assert.ok("entries" in readIgnore("", "i.yaml", [], "t.dh.yaml"), "an empty file has no entries");
  });
});

describe("baseline", () => {
  test("only what is new fails; lines may move; what is gone is counted", async () => {
    const warning = FAULTY.replace("min-links: 3", "min-links: 1");
    const baseline = (await check({ "t.dh.yaml": warning }, "--json")).out;
    const moved = `# a comment\n\n${warning.replace("nodes:\n", "nodes:\n  other: {kind: server, network: lan}\n").replace("[sw:Eth3", "[sw:Eth9 -- other:eth0, sw:Eth3")}`;
    const same = await json({ "t.dh.yaml": moved, "old.json": baseline }, "--baseline", "old.json");
    assert.deepEqual([same.pass, rules(same), rules(same, "known"), same.gone], [true, [], ["lacp/slow-rate", "physical/one-switch"], 0]);
    const worse = { "t.dh.yaml": FAULTY.replace("rate: slow", "rate: fast"), "old.json": baseline };
    assert.equal((await check(worse, "--baseline", "old.json")).status, 1);
    const found = await json(worse, "--baseline", "old.json");
    assert.deepEqual([rules(found), found.gone], [["lag/min-links-too-many"], 1]);
    assert.match((await check(worse, "--baseline", "old.json")).out, /1 finding: 1 error; 1 known from the baseline; 1 of the baseline gone/);
  });

  test("what is no baseline: exit 2", async () => {
    for (const text of ["x", "{}", '{"findings": [1]}', "[]"]) {
      const ran = await check({ "t.dh.yaml": FAULTY, "old.json": text }, "--baseline", "old.json");
      assert.equal(ran.status, 2);
      assert.match(ran.err, /old\.json:1:1: .*a baseline is what dualhome check --json printed \[DH_BASELINE\]/);
    }
  });
});

describe("files for others", () => {
  test("SARIF 2.1.0 has what it has to have", async () => {
    const files = { "a b/t.dh.yaml": FAULTY, "a b/dualhome-ignore.yaml": "- {rule: physical/one-switch, reason: a lab, until: never}\n", "old.json": "" };
    files["old.json"] = (await check({ "a b/t.dh.yaml": FAULTY.replace("min-links: 3", "min-links: 1") }, "--json")).out;
    const ran = await check(files, "--sarif", "s", "--baseline", "old.json");
    const log = JSON.parse(new TextDecoder().decode(ran.saved.get("s"))) as Sarif;
    assert.equal(log.version, "2.1.0");
    const [run] = log.runs as [Sarif["runs"][0]];
    const ids = run.tool.driver.rules.map((rule) => rule.id);
    assert.deepEqual([new Set(ids).size, run.tool.driver.name], [ids.length, "dualhome"]);
    for (const rule of run.tool.driver.rules) assert.ok(rule.shortDescription.text !== "" && rule.help.text !== "" && ["error", "warning", "note"].includes(rule.defaultConfiguration.level), rule.id);
    for (const result of run.results) {
      assert.equal(ids[result.ruleIndex], result.ruleId);
      const { artifactLocation, region } = result.locations[0]!.physicalLocation;
      assert.equal(artifactLocation.uri, "a%20b/t.dh.yaml");
      assert.ok(region.startLine >= 1 && region.startColumn >= 1 && region.endColumn > region.startColumn);
      assert.match(result.partialFingerprints["dualhome/v1"]!, /^[0-9a-f]{32}$/);
    }
    const states = run.results.map((result) => `${result.ruleId} ${result.level} ${result.baselineState} ${result.suppressions?.[0]?.justification ?? ""}`.trim());
    assert.deepEqual(states, ["lacp/slow-rate warning unchanged", "physical/one-switch note new a lab (for good)", "lag/min-links-too-many error new"]);
  });

  test("JUnit: a case a finding, one for each rule without, and only what fails is a failure", async () => {
    const good = await check({ "t.dh.yaml": FAULTY, "dualhome-ignore.yaml": "- {rule: lacp/slow-rate, reason: \"a < b & \\\"c\\\"\", until: never}\n" }, "--junit", "j");
    const text = new TextDecoder().decode(good.saved.get("j"));
    const count = (pattern: RegExp): number => [...text.matchAll(pattern)].length;
    assert.match(text, new RegExp(`tests="${count(/<testcase /g)}" failures="1" errors="0" skipped="1"`));
    assert.deepEqual([count(/<failure /g), count(/<skipped /g), count(/<system-out>/g), count(/<testcase /g)], [1, 1, 1, RULES.length + 2]);
    assert.match(text, /<skipped message="ignored: a &lt; b &amp; &quot;c&quot;"\/>/);
  });

  test("XML has no sign that it must not have", () => {
    assert.equal(xml(`a<b>&"'\u0000\ud800\n`), "a&lt;b&gt;&amp;&quot;&apos;\ufffd\ufffd&#10;");
    assert.equal(xml("\u{1f50c} ü"), "\u{1f50c} ü");
  });

  test("Markdown: on stdout, or beside", async () => {
    const ran = await check({ "t.dh.yaml": FAULTY }, "--markdown", "--summary", "m");
    assert.equal(ran.out, new TextDecoder().decode(ran.saved.get("m")));
    assert.match(ran.out, /^# dualhome check: t\.dh\.yaml\n\n3 findings: 1 error, 1 warning, 1 note\.\n\n## 1 error\n\n\| place/);
  });
});

describe("several files", () => {
  const mended = FAULTY.replace("min-links: 3", "min-links: 1");
  const all = (files: Record<string, string>, ...args: string[]): Promise<Ran> => checkAll(Object.keys(files).filter((name) => name.endsWith(".dh.yaml")), files, ...args);
  const both = { "a.dh.yaml": FAULTY, "b.dh.yaml": mended };

  test("each is told by itself, what a rule says once, and the worst status counts", async () => {
    const ran = await all(both, "--fail-on", "error");
    assert.equal(ran.status, 1);
    assert.match(ran.out, /^a\.dh\.yaml: 3 findings: .*\n(.*\n)+\nb\.dh\.yaml: 2 findings: .*\n(.*\n)+\n2 files: 1 pass, 1 fail\n/);
    assert.equal([...ran.out.matchAll(/^lacp\/slow-rate$/gm)].length, 1);
    assert.equal((await all({ ...both, "c.dh.yaml": FAULTY.replace("kind: l2switch", "kind: hub") })).status, 2);
    assert.equal((await all({ "b.dh.yaml": mended, "c.dh.yaml": mended }, "--fail-on", "error")).status, 0);
  });

  test("one with mistakes does not keep the others from being told", async () => {
    const ran = await all({ "c.dh.yaml": FAULTY.replace("kind: l2switch", "kind: hub"), ...both }, "--junit", "j");
    assert.match(ran.err, /^c\.dh\.yaml:\d+:\d+: /);
    assert.match(ran.out, /^a\.dh\.yaml: 3 findings.*\n(.*\n)+3 files: 0 pass, 3 fail\n/);
    const text = new TextDecoder().decode(ran.saved.get("j"));
    assert.deepEqual([...text.matchAll(/<testsuite name="(.*?)"/g)].map(([, name]) => name), ["c.dh.yaml", "a.dh.yaml", "b.dh.yaml"]);
    const sum = (what: string): number[] => [...text.matchAll(new RegExp(` ${what}="(\\d+)"`, "g"))].map(([, n]) => Number(n));
    for (const what of ["tests", "failures", "errors", "skipped"]) assert.equal(sum(what)[0], sum(what).slice(1).reduce((a, b) => a + b), what);
  });

  test("JSON has a list, SARIF is one run, Markdown has a heading for each", async () => {
    const { out, saved } = await all(both, "--json", "--sarif", "s", "--summary", "m");
    const { pass, files } = JSON.parse(out) as { pass: boolean; files: (Json & { file: string })[] };
    assert.deepEqual([pass, files.map((each) => [each.file, each.findings.length])], [false, [["a.dh.yaml", 3], ["b.dh.yaml", 2]]]);
    const { runs } = JSON.parse(new TextDecoder().decode(saved.get("s"))) as Sarif;
    assert.equal(runs.length, 1);
    assert.deepEqual(runs[0]!.results.map((result) => result.locations[0]!.physicalLocation.artifactLocation.uri), ["a.dh.yaml", "a.dh.yaml", "a.dh.yaml", "b.dh.yaml", "b.dh.yaml"]);
    assert.equal([...new TextDecoder().decode(saved.get("m")).matchAll(/^# dualhome check: /gm)].length, 2);
  });

  test("an ignore file beside them: an entry that one of them needs is of use, and what it is blamed for is told once", async () => {
    const entry = (rule: string, until = "never"): string => `- {rule: ${rule}, reason: a lab, until: ${until}}\n`;
    const told = async (ignore: string, files: Record<string, string> = both): Promise<string[]> => {
      const { out } = await all({ ...files, "dualhome-ignore.yaml": ignore }, "--json");
      return (JSON.parse(out) as { files: Json[] }).files.flatMap((each) => each.findings.filter(({ rule }) => rule.startsWith("ignore/")).map(({ rule }) => rule));
    };
    assert.deepEqual(await told(entry("lag/min-links-too-many")), [], "a needs it, b does not");
    assert.deepEqual(await told(entry("vrrp/*")), ["ignore/unused"]);
    assert.deepEqual(await told(entry("lacp/slow-rate", "2026-01-01")), ["ignore/expired"]);
    assert.deepEqual(await told(entry("vrrp/*"), { ...both, "c.dh.yaml": "nothing: 1\n" }), [], "nobody knows what c needs");
    assert.deepEqual(await told(entry("vrrp/*").replace("reason", "file: b.dh.yaml, reason")), ["ignore/unused"]);
  });

  test("a baseline has each by its name; one of a single file is refused", async () => {
    const files = { ...both, "old.json": (await all({ "a.dh.yaml": mended, "b.dh.yaml": mended }, "--json")).out };
    const states = (JSON.parse((await all(files, "--json", "--baseline", "old.json")).out) as { files: Json[] }).files.map((each) => [rules(each), rules(each, "known").length]);
    assert.deepEqual(states, [[["lag/min-links-too-many"], 2], [[], 2]]);
    const added = JSON.parse((await all({ ...files, "c.dh.yaml": mended }, "--json", "--baseline", "old.json")).out) as { files: Json[] };
    assert.deepEqual(rules(added.files[2]!).length, 2, "a file that the baseline does not have is new");
    assert.deepEqual(rules(await json({ "b.dh.yaml": mended, "old.json": files["old.json"] }, "--baseline", "old.json"), "known").length, 2, "one of them alone");
    const single = await all({ ...both, "old.json": (await check({ "a.dh.yaml": mended }, "--json")).out }, "--baseline", "old.json");
    assert.equal(single.status, 2);
    assert.match(single.err, /old\.json:1:1: it is of one file, and 2 are checked/);
  });
});

interface Sarif {
  version: string;
  runs: {
    tool: { driver: { name: string; rules: { id: string; shortDescription: { text: string }; help: { text: string }; defaultConfiguration: { level: string } }[] } };
    results: {
      ruleId: string; ruleIndex: number; level: string; baselineState?: string; partialFingerprints: Record<string, string>; suppressions?: { justification: string }[];
      locations: { physicalLocation: { artifactLocation: { uri: string }; region: { startLine: number; startColumn: number; endColumn: number } } }[];
    }[];
  }[];
}
