// Wrong input: importers and the topology parser on fixtures that were made wrong. They answer or refuse with file, line and column; they do not
// crash, hang, reach for other objects' properties, or name lines that there are not. DUALHOME_CASES=300000 node --import tsx --test tests/unit/import/fuzz.test.ts runs long.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { DualhomeError } from "../../../bindings/errors.ts";
import { EXPORTS, type ExportKind } from "../../../bindings/exporters/index.ts";
import { FORMATS, importParts, importWhole, type Group, type Imported } from "../../../bindings/importers/index.ts";
import { parseTopology } from "../../../bindings/topology/index.ts";
import { CASES, changes, mutated, SEED, type Changes } from "../../support/mutations.ts";
import { group, nativeFixtures } from "../../support/imported.ts";
import { exampleNames, exampleText } from "../../support/topologies.ts";

/** What one case may take at most. A machine under load pauses; a hang is far beyond. */
const CASE_MS_MAX = 5000;
/** By hand every text in every format, else a share of them. */
const LONG = process.env["DUALHOME_CASES"] !== undefined;
const CLEAN = JSON.stringify(Object.getOwnPropertyNames(Object.prototype));

const FIXTURES: readonly Group[] = [
  "containerlab: rack.clab.yml", "layer1: layer1_topology.json", "lldp: web1=web1.lldp.json web2=web2.lldp.json", "eos: eos/leaf1.cfg eos/leaf2.cfg", "sonic: sonic/leaf1.json sonic/leaf2.json",
  "junos: junos/leaf1.set junos/leaf2.set", "keyfile: keyfile/db1/bond0.nmconnection keyfile/db1/ens1f0.nmconnection keyfile/db1/ens1f1.nmconnection", "teamd: app1=app1.team.json app2=app2.team.json",
  "keepalived: lb1=lb1.keepalived.conf lb2=lb2.keepalived.conf", "frr: r1.frr.conf r2.frr.conf", "netlab: lab.netlab.yml", "netbox: netbox-devices.csv netbox-cables.csv netbox-hints.yaml",
  "netbox: netbox-devices.json netbox-cables.json",
].map(group).concat(nativeFixtures());

function timed<T>(what: () => T): T {
  const begun = performance.now();
  const result = what();
  assert.ok(performance.now() - begun < CASE_MS_MAX, `${performance.now() - begun} ms`);
  assert.equal(JSON.stringify(Object.getOwnPropertyNames(Object.prototype)), CLEAN, "nobody's prototype has changed");
  return result;
}

/** What was read, or null when it was refused as it should be. */
function read(what: () => Imported): Imported | null {
  try {
    return timed(what);
  } catch (e) {
    if (!(e instanceof DualhomeError) || e.code !== "DH_IMPORT") throw e;
    assert.equal(e.exitCode, 2);
    for (const line of e.message.split("\n")) assert.match(line, /^[^\n]+?:\d+:\d+: ./, JSON.stringify(e.message.slice(0, 300)));
    return null;
  }
}

function placesAreThere(imported: Imported, groups: readonly Group[]): void {
  const lines = new Map(groups.flatMap((g) => g.files).map((f) => [f.name.replace(/^[\w.-]+=/, ""), f.text.split("\n").length]));
  for (const { file, line, text } of [...imported.notes, ...imported.unread]) {
    assert.doesNotMatch(text, /[\n\r]/);
    if (file === "") continue;
    assert.ok(lines.has(file), `"${file}" is none of the files`);
    assert.ok(line >= 1 && line <= lines.get(file)!, `${file}:${line}`);
  }
}

/** The whole file is YAML that the parser reads: a topology, or told mistakes. */
function parses(imported: Imported): boolean {
  const parsed = timed(() => parseTopology(imported.yaml, "whole.dh.yaml"));
  if ("topology" in parsed) return true;
  for (const p of parsed.problems) assert.notEqual(p.code, "DH_YAML", `${p.message}\n${imported.yaml}`);
  return false;
}

const wrongGroup = fc.record({ which: fc.nat(FIXTURES.length - 1), file: fc.nat(), list: changes });
const made = ({ which, file, list }: { which: number; file: number; list: Changes }): Group => {
  const { format, files } = FIXTURES[which]!;
  return { format, files: files.map((f, i) => (i === file % files.length ? { ...f, text: mutated(f.text, list) } : f)) };
};
const params = (share: number): { numRuns: number; seed: number } => ({ numRuns: Math.max(20, Math.round(CASES * share)), seed: SEED });

describe("importers, given what is wrong", () => {
  it("fixtures that were made wrong, as parts", () => {
    fc.assert(fc.property(wrongGroup, (wrong) => {
      const g = made(wrong);
      const found = read(() => importParts(g));
      if (found !== null) placesAreThere(found, [g]);
    }), params(1));
  });

  it("fixtures that were made wrong, as a whole file, which the parser reads", (t) => {
    let [whole, clean] = [0, 0];
    fc.assert(fc.property(wrongGroup, (wrong) => {
      const g = made(wrong);
      const found = read(() => importWhole([g], "x"));
      if (found === null) return;
      placesAreThere(found, [g]);
      whole += 1;
      if (parses(found)) clean += 1;
    }), params(0.5));
    t.diagnostic(`${whole} were read, and ${clean} of them are topologies without a mistake`);
  });

  it("two wrong sources together", () => {
    fc.assert(fc.property(wrongGroup, wrongGroup, (a, b) => {
      const groups = [made(a), made(b)];
      const found = read(() => importWhole(groups, "x"));
      if (found !== null) parses(found);
    }), params(0.25));
  });

  it("any text, any JSON, in any format", () => {
    const anything = fc.oneof(fc.string({ unit: "binary", maxLength: 400 }), fc.json(), fc.array(fc.constantFrom(..."{}[]\"':,-|>&*!#% \n\t=0aA.\\/"), { maxLength: 300 }).map((list) => list.join("")));
    fc.assert(fc.property(fc.constantFrom(...FORMATS), anything, fc.constantFrom("x.json", "h/x", "a=x.yaml", "x.csv", "h/ifcfg-e0", "h/a.network", "h/a.netdev"), (format, text, name) => {
      const g: Group = { format, files: [{ name, text }] };
      for (const imported of [read(() => importParts(g)), read(() => importWhole([g], "x"))]) if (imported !== null && imported.parts["dualhome"] === 1) parses(imported);
    }), params(0.5));
  });

  it("sizes: what is long, deep or much is read or refused, and does not hang", () => {
    const many = (n: number, line: (i: number) => string): string => Array.from({ length: n }, (_, i) => line(i)).join("\n");
    const texts = [
      "a".repeat(1_000_000), "\n".repeat(300_000), "[".repeat(500_000), "{\"a\":".repeat(100_000), "a: ".repeat(100_000), "- ".repeat(100_000), "a {\n".repeat(100_000), "\"".repeat(200_001), "&a ".repeat(50_000),
      many(20_000, (i) => `interface Ethernet${i}\n   channel-group ${i % 2000} mode active`), many(20_000, (i) => `[Route]\nGateway=10.0.${i % 250}.1`), many(20_000, (i) => `set interfaces xe-0/0/${i} ether-options 802.3ad ae${i % 900}`),
      `{"edges": [${many(5_000, (i) => `{"node1": {"hostname": "s${i}", "interfaceName": "a"}, "node2": {"hostname": "leaf${i % 50}", "interfaceName": "p${i}"}}`).replaceAll("\n", ",")}]}`,
      `network:\n  ethernets:\n${many(5_000, (i) => `    e${i}: {addresses: [10.${i % 200}.${i % 250}.1/24]}`)}`,
    ];
    for (const [i, format] of FORMATS.entries()) {
      for (const text of LONG ? texts : texts.filter((_, j) => (i + j) % 5 === 0)) {
        const begun = performance.now();
        try { importWhole([{ format, files: [{ name: "h/x.json", text }] }], "x"); } catch (e) { assert.ok(e instanceof DualhomeError && e.code === "DH_IMPORT", `${format.name}: ${String(e).slice(0, 300)}`); }
        assert.ok(performance.now() - begun < 2 * CASE_MS_MAX, `${format.name}: ${Math.round(performance.now() - begun)} ms for ${text.slice(0, 40)}`);
      }
    }
  });
});

describe("the topology parser, given what is wrong", () => {
  const examples = exampleNames.map(exampleText);

  it("examples that were made wrong: a topology, or mistakes with their places; and what can be read can be exported", () => {
    fc.assert(fc.property(fc.constantFrom(...examples), changes, fc.constantFrom(...(Object.keys(EXPORTS) as ExportKind[])), (example, list, kind) => {
      const text = mutated(example, list);
      const parsed = timed(() => parseTopology(text, "x.dh.yaml"));
      if ("topology" in parsed) { timed(() => EXPORTS[kind](parsed.topology)); return; }
      assert.ok(parsed.problems.length > 0);
      const lines = text.split("\n").length;
      for (const { where, code, message } of parsed.problems) {
        assert.ok(where.line >= 1 && where.line <= lines && where.col >= 1 && where.length >= 1, `${where.line}:${where.col} of ${lines} lines: ${message}`);
        assert.match(code, /^DH_/);
      }
    }), params(0.3));
  });

  it("nesting without end is told, in whatever form", () => {
    for (const text of ["{\"a\":".repeat(50_000), "[".repeat(50_000), "- ".repeat(50_000), "? ".repeat(50_000), Array.from({ length: 1700 }, (_, i) => `${" ".repeat(i)}a:`).join("\n")]) {
      const parsed = timed(() => parseTopology(text, "x.dh.yaml"));
      assert.match("problems" in parsed ? parsed.problems[0]!.message : "", /nested too deeply/, text.slice(0, 10));
    }
  });

  it("any text", () => {
    fc.assert(fc.property(fc.oneof(fc.string({ unit: "binary", maxLength: 300 }), fc.json()), fc.boolean(), (text, headed) => {
      timed(() => parseTopology(headed ? `dualhome: 1\n${text}` : text, "x.dh.yaml"));
    }), params(0.25));
  });
});
