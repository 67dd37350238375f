// `dualhome nines`: what is printed, in every form; shards put together print the same bytes; digits that the interval bears and no more.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { test } from "node:test";
import { realParts } from "../../../bindings/cli/parts.ts";
import type { NinesSubject } from "../../../bindings/nines/index.ts";
import { availabilityWords, downWords, ninesWords, oftenWords } from "../../../bindings/report/nines-words.ts";
import { dualhome, type Ran } from "../cli/fixture.ts";

const FILE = new URL("../../../examples/nines/nines.dh.yaml", import.meta.url).pathname;
const files = new Map<string, string>([["nines.dh.yaml", readFileSync(FILE, "utf8")]]);
const saved = new Map<string, Uint8Array>();

/** The real command on files that are kept in memory. */
function run(line: string): Promise<Ran> {
  return dualhome(line.split(" "), {
    parts: realParts,
    io: {
      read: async (path) => files.get(path) ?? (() => { throw Object.assign(new Error(path), { code: "ENOENT" }); })(),
      list: async (path) => { const names = [...files.keys()].filter((f) => f.startsWith(`${path}/`)); return names.length === 0 ? null : names.map((f) => basename(f)); },
      save: async (path, bytes) => { saved.set(path, bytes); files.set(path, new TextDecoder().decode(bytes)); },
    },
  });
}

const ASKED = "--runs 40 --years 2 --workers 0 --seed 3";

test("text: a table, causes, sets, a plot of years, what was assumed and what is unverified; never wider than it is told", async () => {
  const { out, err, status } = await run(`nines nines.dh.yaml ${ASKED} --width 90`);
  assert.equal(status, 0, err);
  for (const wanted of [/│ shop +│ +99\.99\d+ % │/, /what causes its downtime/, /█/, /Takes it down for as long as it lasts: .*m-mail/s, /80 simulated years by how long/, /ASSUMED/, /UNVERIFIED/, /The runs (do not )?agree/]) assert.match(out, wanted);
  assert.deepEqual(out.split("\n").filter((l) => [...l].length > 90), []);
});

test("json and Markdown say the same; Parquet has a row for each cause", async () => {
  const { out } = await run(`nines nines.dh.yaml ${ASKED} --json --parquet causes.parquet`);
  const { subjects, assumed } = JSON.parse(out) as { subjects: NinesSubject[]; assumed: { unverified: boolean }[] };
  assert.deepEqual(subjects.map((s) => s.name), ["shop", "mail"]);
  for (const s of subjects) {
    assert.ok(s.down.low <= s.down.mean && s.down.mean <= s.down.high && s.check !== null);
    const sum = s.causes.reduce((total, c) => total + c.minutes, 0);
    assert.ok(Math.abs(sum - s.down.mean) < 1e-6 * s.down.mean, "causes add up to the whole");
    assert.equal(s.histogram!.reduce((total, b) => total + b.years, 0), 80);
  }
  assert.ok(assumed.some((a) => a.unverified) && assumed.some((a) => !a.unverified));
  const { parquetReadObjects } = await import("hyparquet");
  const bytes = saved.get("causes.parquet")!;
  const rows = await parquetReadObjects({ file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer });
  assert.equal(rows.length, subjects.reduce((total, s) => total + s.causes.length, 0));
  const markdown = (await run(`nines nines.dh.yaml ${ASKED} --markdown`)).out;
  assert.match(markdown, /^# nines: availability\n/);
  assert.match(markdown, /\| mail +\| +99\.98\d+ %/);
});

test("shards, put together, print what the whole question prints", async () => {
  const whole = await run(`nines nines.dh.yaml ${ASKED}`);
  for (const i of [1, 2, 3]) assert.equal((await run(`nines nines.dh.yaml ${ASKED} --shard ${i}/3 --parts kept`)).status, 0);
  assert.equal((await run("merge kept")).out, whole.out);
});

test("a method that does not fit is refused with what fits", async () => {
  const { status, err } = await run("nines nines.dh.yaml --method importance --runs 4 --workers 0");
  assert.equal(status, 2);
  assert.match(err, /needs failures without memory: there are windows of maintenance; use splitting or exact/);
});

const subject = (mean: number, low: number, high: number, by: NinesSubject["by"] = "plain"): NinesSubject => ({ down: { mean, low, high }, by } as NinesSubject);

test("no more digits than the interval bears", () => {
  const words = (s: NinesSubject): string[] => [availabilityWords(s.down), ninesWords(s), downWords(s.down)];
  assert.deepEqual(words(subject(52.56, 50, 55)), ["99.9900 %", "4.0", "53 min"]);
  assert.deepEqual(words(subject(52.56, 30, 80)), ["99.990 %", "3.8 to 4.2", "50 min"]);
  assert.deepEqual(words(subject(0.5, 0.45, 0.56)), ["99.99990 %", "6.0 to 6.1", "30 s"]);
  assert.deepEqual(words(subject(0, 0, 0.3)), ["over 99.99994 %", "over 6.2", "less than 18 s"]);
  assert.deepEqual(words(subject(5300, 5300, 5300, "exact")), ["98.99 %", "2.0", "3.7 d"]);
  assert.equal(oftenWords(1 / 12), "once in 12 years");
  assert.equal(oftenWords(3.21), "3.2 a year");
});
