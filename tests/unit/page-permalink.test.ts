// Links of the page: what is put in comes out, and what anybody may have written is refused with a reason.

import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateRawSync } from "node:zlib";
import fc from "fast-check";
import { decodePermalink, encodePermalink, type PermalinkState } from "../../web/page/permalink.ts";
import { asTexts } from "../../web/page/step-texts.ts";

const packed = (json: unknown): string => `1.${deflateRawSync(Buffer.from(JSON.stringify(json))).toString("base64url")}`;

test("what is put in comes out", async () => {
  const text = fc.string({ unit: "binary", maxLength: 400 }); // whole code points
  const state = fc.record({ text, fileName: text, steps: fc.array(fc.record({ at: text, text }, { noNullPrototype: true }), { maxLength: 5 }) }, { noNullPrototype: true });
  await fc.assert(fc.asyncProperty(state, async (given) => {
    const link = await encodePermalink(given);
    assert.match(link, /^1\.[\w-]+$/);
    assert.deepEqual(await decodePermalink(`#${link}`), given);
  }), { numRuns: 60 });
  const all: PermalinkState = { text: "dualhome: 1\n", fileName: "dc.dh.yaml", steps: [{ at: "10s", text: "fail leaf1" }], at: "12.5s", settings: { lacpRate: "slow" }, language: "ko" };
  assert.deepEqual(await decodePermalink(await encodePermalink(all)), all);
});

test("a long file makes a link of the length of its packed bytes", async () => {
  const text = Array.from({ length: 20_000 }, (_, i) => `  srv${i}: {kind: server}\n`).join("");
  const link = await encodePermalink({ text, fileName: "x", steps: [] });
  assert.ok(link.length < text.length / 4);
  assert.equal((await decodePermalink(link)).text, text);
});

test("what is damaged, of another version, or no state of the page is refused with a reason", async () => {
  const link = await encodePermalink({ text: "dualhome: 1\n".repeat(50), fileName: "x", steps: [] });
  for (const cut of [3, 10, link.length - 5]) await assert.rejects(decodePermalink(link.slice(0, cut)), /damaged/);
  await assert.rejects(decodePermalink("1.%%%"), /damaged/);
  await assert.rejects(decodePermalink("2.abc"), /another version/);
  for (const odd of [null, 3, [], {}, { text: 1, fileName: "x", steps: [] }, { text: "", fileName: "x", steps: [null] }, { text: "", fileName: "x", steps: [{ at: 1, text: "" }] }, { text: "", fileName: "x", steps: Array(3_000).fill({ at: "", text: "" }) }]) {
    await assert.rejects(decodePermalink(packed(odd)), /does not hold a file and its steps/);
  }
  await assert.rejects(decodePermalink(packed({ text: "x".repeat(9 << 20), fileName: "x", steps: [] })), /more than 8 MiB/);
  const read = await decodePermalink(packed({ text: "a", fileName: "b", steps: [], at: 5, settings: { lacpRate: "odd", seed: 3 }, language: "xx", __proto__: { x: 1 } }));
  assert.deepEqual(read, { text: "a", fileName: "b", steps: [], settings: { seed: 3 } });
});

test("a scenario of the file that is there as a whole goes by its name", () => {
  const row = (atNs: number, target: string, scenario: string | null) => ({ atNs, op: "fail" as const, target, much: "", text: "", scenario });
  const scenarios = [{ name: "both", steps: 2 }, { name: "empty", steps: 0 }];
  assert.deepEqual(asTexts([row(1e9, "a", "both"), row(2e9, "b", "both"), row(3e9, "c", null)], scenarios), [{ at: "0s", text: "scenario both" }, { at: "3s", text: "fail c" }]);
  assert.deepEqual(asTexts([row(1e9, "a", "both"), { ...row(3.5e6, "c", null), op: "loss", much: "20%" }], scenarios), [{ at: "1s", text: "fail a" }, { at: "3.5ms", text: "loss c=20%" }]);
});
