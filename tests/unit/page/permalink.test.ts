// A link of the page: what was put in comes out, and whatever else it is given is told in words.

import assert from "node:assert/strict";
import { crc32, deflateRawSync } from "node:zlib";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { decodePermalink, encodePermalink, type PermalinkState } from "../../../web/page/permalink.ts";

const text = readFileSync(new URL("../../../examples/two-site/two-site.dh.yaml", import.meta.url), "utf8");
const STATE: PermalinkState = { text, fileName: "이중화.dh.yaml", steps: [{ at: "10s", text: "fail fra-leaf1" }, { at: "1.5s", text: "loss a--b=5%" }], at: "12s", settings: { lacpRate: "slow", seed: 3 }, language: "ko" };

/** As somebody else might write one: right in form, whatever it holds. */
function forged(json: string | Uint8Array): string {
  const packed = deflateRawSync(json);
  return `1.${crc32Of(packed)}.${packed.toString("base64url")}`;
}
/** Node has it since 20.15; its types here do not. */
const crc32Of = (bytes: Uint8Array): string => (crc32 as (of: Uint8Array) => number)(bytes).toString(16).padStart(8, "0");

test("what was put in comes out, with or without the #; a file of 95 lines is a link of some kilobytes", async () => {
  const link = await encodePermalink(STATE);
  assert.match(link, /^1\.[0-9a-f]{8}\.[\w-]+$/);
  assert.deepEqual(await decodePermalink(link), STATE);
  assert.deepEqual(await decodePermalink(`#${link}`), STATE);
  assert.ok(link.length < text.length, `${link.length} letters for ${text.length}`);
  const least: PermalinkState = { text: "", fileName: "", steps: [] };
  assert.deepEqual(await decodePermalink(await encodePermalink(least)), least);
});

test("any text and any steps come back as they were", async () => {
  const step = fc.record({ at: fc.string(), text: fc.string({ unit: "grapheme" }) }, { noNullPrototype: true });
  await fc.assert(fc.asyncProperty(fc.string({ unit: "grapheme", maxLength: 5_000 }), fc.string(), fc.array(step), async (content, fileName, steps) => {
    assert.deepEqual(await decodePermalink(await encodePermalink({ text: content, fileName, steps })), { text: content, fileName, steps });
  }), { numRuns: 100, seed: 1 });
});

test("one letter changed, left out or added is noticed, wherever it is", async () => {
  const link = await encodePermalink({ text: "dualhome: 1\nname: small\n", fileName: "small.dh.yaml", steps: [] });
  for (let i = 0; i < link.length; i++) {
    for (const other of [link.slice(0, i) + (link[i] === "a" ? "b" : "a") + link.slice(i + 1), link.slice(0, i) + link.slice(i + 1), `${link.slice(0, i)}!${link.slice(i)}`]) {
      // The last letter of base64 has bits that mean nothing.
      const same = i === link.length - 1 && Buffer.from(other.split(".")[2]!, "base64url").equals(Buffer.from(link.split(".")[2]!, "base64url"));
      if (!same) await assert.rejects(decodePermalink(other), /^Error: the link is (damaged|of another version)/, other);
    }
  }
});

test("whatever it is given, it answers with a state or with words", async () => {
  await fc.assert(fc.asyncProperty(fc.oneof(fc.string(), fc.string().map((s) => `#1.${s}`), fc.json().map(forged), fc.uint8Array({ maxLength: 200 }).map(forged)), async (hash) => {
    await decodePermalink(hash).then((state) => assert.equal(typeof state.text, "string"), (e: unknown) => assert.match(String(e), /^(Range)?Error: the link /));
  }), { numRuns: 400, seed: 2 });
});

test("foreign contents are refused, and what it need not hold is left out", async () => {
  for (const json of ["null", "[]", "7", '{"text":1,"fileName":"","steps":[]}', '{"text":"","fileName":"","steps":[null]}', '{"text":"","fileName":"","steps":[{"at":1,"text":""}]}', `{"text":"","fileName":"","steps":[${'{"at":"","text":""},'.repeat(2_000)}{"at":"","text":""}]}`]) {
    await assert.rejects(decodePermalink(forged(json)), /does not hold a file and its steps/, json.slice(0, 60));
  }
  const odd = '{"text":"","fileName":"","steps":[{"at":"1s","text":"fail a","more":1}],"language":"xx","at":7,"__proto__":{"polluted":1},"settings":{"seed":"x","evil":"y"}}';
  const state = await decodePermalink(forged(odd));
  assert.deepEqual(state.steps, [{ at: "1s", text: "fail a" }]);
  assert.deepEqual(Object.keys(state).sort(), ["fileName", "settings", "steps", "text"]);
  assert.deepEqual(state.settings, {});
});

test("what would fill the memory is stopped on the way", async () => {
  const bomb = forged(Buffer.alloc(256 << 20, 0x20));
  assert.ok(bomb.length < 400_000);
  const before = process.memoryUsage().arrayBuffers;
  await assert.rejects(decodePermalink(bomb), /^RangeError: the link unpacks to more than 8 MiB/);
  assert.ok(process.memoryUsage().arrayBuffers - before < 64 << 20);
});
