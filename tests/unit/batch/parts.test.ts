// Parts as anybody may have left or made them: what was damaged is noticed wherever it is, and what is right in form and wrong in content is refused in
// words. The files of a cluster and the baseline of a check, which are read back too, likewise.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { merge, partText, readPart, type Plain } from "../../../bindings/batch/index.ts";
import { crc32 } from "../../../bindings/crc32.ts";
import { readOrder } from "../../../bindings/cluster/order.ts";
import { DualhomeError } from "../../../bindings/errors.ts";
import { realParts } from "../../../bindings/cli/parts.ts";
import { exampleText } from "../../support/topologies.ts";
import { dualhome, type Ran } from "../cli/fixture.ts";

const identity = { question: "sweep", version: 1, options: { a: [1, 2] }, topology: "ab".repeat(32), seed: "1", engine: "cd".repeat(32), items: 4, chunk: 2 };
const whole = partText({ identity, about: { name: "café" } }, "dc.dh.yaml", 0, [[{ x: 1 }, { x: 2 }], [{ x: "y" }, null]]);
const CLEAN = JSON.stringify(Object.getOwnPropertyNames(Object.prototype));

/** As somebody else might write one: the sum is right, whatever it is a sum of. */
const forged = (header: unknown, ...lines: unknown[]): string => {
  const text = `${[header, ...lines].map((line) => JSON.stringify(line)).join("\n")}\n`;
  return `${text}#${crc32(new TextEncoder().encode(text))}\n`;
};
const header = (changed: Record<string, unknown>): unknown => ({ part: 2, ...identity, about: null, file: "f", from: 0, to: 1, ...changed });
const broken = (e: unknown): boolean => e instanceof DualhomeError && e.code === "DH_PART_BROKEN" && e.exitCode === 2 && e.message.startsWith("p: ");

describe("a part", () => {
  test("what was written is read", () => {
    const { chunks, header: { about } } = readPart(whole, "p");
    assert.deepEqual([chunks, about], [[[{ x: 1 }, { x: 2 }], [{ x: "y" }, null]], { name: "café" }]);
  });

  test("one letter changed, left out or added, or the end cut off, is noticed wherever it is", () => {
    for (let i = 0; i < whole.length; i++) {
      const other = whole[i] === "7" ? "8" : "7";
      for (const damaged of [whole.slice(0, i), whole.slice(0, i) + other + whole.slice(i + 1), whole.slice(0, i) + whole.slice(i + 1), `${whole.slice(0, i)}7${whole.slice(i)}`]) assert.throws(() => readPart(damaged, "p"), broken, JSON.stringify(damaged));
    }
  });

  test("any text, any JSON, any header with a right sum: read, or refused in words", () => {
    const json = fc.json().map((text) => JSON.parse(text) as unknown);
    const anyHeader = fc.dictionary(fc.constantFrom("part", "question", "seed", "items", "chunk", "from", "to", "about", "options", "__proto__"), fc.oneof(json, fc.constantFrom<unknown>(2, "1", -1, 0.5, 1e300, 2 ** 53)), { noNullPrototype: true });
    fc.assert(fc.property(fc.oneof(fc.string({ unit: "binary" }), json.map((value) => forged(value)), fc.tuple(anyHeader, fc.array(json, { maxLength: 3 })).map(([changed, lines]) => forged(header(changed), ...lines))), (text) => {
      try {
        readPart(text, "p");
      } catch (e) {
        assert.ok(broken(e), String(e));
      }
    }), { numRuns: 2000, seed: 1 });
    assert.equal(JSON.stringify(Object.getOwnPropertyNames(Object.prototype)), CLEAN);
  });

  test("numbers that would take all memory are refused, or told as they are", () => {
    for (const changed of [{ items: 1e300 }, { items: -4 }, { items: 4.5 }, { chunk: 0 }, { from: -1, to: 0 }, { from: 1, to: 1 }, { from: 2, to: 3 }, { seed: "x" }, { seed: 1 }, { question: null }, { topology: 7 }, { file: {} }]) {
      assert.throws(() => readPart(forged(header(changed), [1, 2]), "p"), broken, JSON.stringify(changed));
    }
    const claims = readPart(forged(header({ items: 2 ** 52 }), [1, 2]), "p");
    assert.throws(() => merge([claims]), (e) => e instanceof DualhomeError && e.code === "DH_PART_MISSING" && /chunks 1 to 2251799813685247 of 2251799813685248/.test(e.message));
  });

  test("texts that a terminal would obey are refused", () => {
    for (const file of ["a\x1b[31m.yaml", "a\u009b.yaml", "a\u202e.yaml"]) assert.throws(() => readPart(forged(header({ file }), [1, 2]), "p"), (e) => broken(e) && /control characters/.test((e as Error).message));
  });

  test("__proto__ in it is a name like others", () => {
    const { header: { about } } = readPart(forged(header({}), [1, 2]).replace(/[^]*/, (text) => forged(JSON.parse(text.split("\n")[0]!.replace('"about":null', '"about":{"__proto__":{"polluted":1}}')), [1, 2])), "p");
    assert.deepEqual(Object.keys(about as object), ["__proto__"]);
    assert.equal(({} as { polluted?: number }).polluted, undefined);
  });
});

describe("dualhome merge of forged parts", () => {
  const ran = (text: string): Promise<Ran> => dualhome(["merge", "x.part"], { parts: realParts, io: { read: async () => text, list: async () => null } });
  for (const question of ["sweep", "sweep-pairs", "nines", "capacity", "phases"]) {
    test(`${question}: rows of anything end in words`, async () => {
      const json = fc.json({ maxDepth: 3 }).map((text) => JSON.parse(text) as Plain);
      await fc.assert(fc.asyncProperty(json, json, json, async (a, b, about) => {
        const { status, err } = await ran(forged(header({ question, items: 2, about }), [a, b]));
        assert.ok([0, 1, 2].includes(status), `${status} ${err}`);
        if (status === 2) assert.match(err, /^dualhome: .*\[DH_\w+\]\n$/s);
        assert.doesNotMatch(err, /\n\s+at /);
      }), { numRuns: 60, seed: 1 });
    });
  }
  test("another question, or none of this version", async () => {
    for (const question of ["__proto__", "constructor", "toString", "x"]) assert.match((await ran(forged(header({ question, items: 2 }), [1, 2]))).err, /which this version does not know \[DH_QUESTION\]/);
  });
});

describe("what else is read back", () => {
  const json = fc.oneof(fc.json(), fc.json().map((text) => `{"order":1,"identity":${text},"topology":${text}}`), fc.json().map((text) => `{"findings":${text}}`), fc.json().map((text) => `{"findings":[{"fingerprint":"a"},${text}]}`), fc.string());
  test("an order of a cluster: of this version, or refused", () => {
    fc.assert(fc.property(json, (text) => {
      try { readOrder(text, "x.order"); } catch (e) { assert.ok(e instanceof DualhomeError && e.code === "DH_CLUSTER_PARTS", String(e)); }
    }), { numRuns: 1000, seed: 1 });
  });

  test("a baseline of a check: findings, or refused with its place", async () => {
    const design = exampleText("mclag-pair");
    await fc.assert(fc.asyncProperty(json, async (text) => {
      const { status, err } = await dualhome(["check", "dc.yaml", "--baseline", "base.json"], { parts: realParts, io: { read: async (path) => (path === "base.json" ? text : design) } });
      assert.ok(status === 0 || status === 1 || (status === 2 && /^dualhome: base\.json:1:1: .* \[DH_BASELINE\]\n$/.test(err)) || (status === 2 && /zero byte/.test(err)), `${status} ${err}`);
    }), { numRuns: 40, seed: 1 });
  });
});
