// Parquet and Markdown: what is written is read back as it was.

import assert from "node:assert/strict";
import { test } from "node:test";
import { parquetMetadataAsync, parquetReadObjects } from "hyparquet";
import { marked } from "marked";
import { heading, markdownTable } from "../../../bindings/report/markdown.ts";
import { parquet, type Column } from "../../../bindings/report/parquet.ts";

interface Row { name: string; ns: bigint | null; share: number; up: boolean; count: number }
const columns: Column<Row>[] = [
  { name: "name", type: "STRING", of: (row) => row.name, required: true }, { name: "ns", type: "INT64", of: (row) => row.ns },
  { name: "share", type: "DOUBLE", of: (row) => row.share }, { name: "up", type: "BOOLEAN", of: (row) => row.up }, { name: "count", type: "INT32", of: (row) => row.count },
];
const rows: Row[] = Array.from({ length: 2500 }, (_, i) => ({ name: `srv${i}`, ns: i % 7 === 0 ? null : 3_000_000_000_000_000_000n + BigInt(i), share: i / 3, up: i % 2 === 0, count: i }));

test("Parquet: rows, nulls and ns are read back as they were; equal rows give equal bytes", async () => {
  const bytes = await parquet(rows, columns, { question: "test" });
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  assert.deepEqual(await parquetReadObjects({ file }), rows);
  const { key_value_metadata: about, num_rows: count } = await parquetMetadataAsync(file);
  assert.equal(count, 2500n);
  assert.deepEqual(about, [{ key: "question", value: "test" }]);
  assert.deepEqual(await parquet(rows, columns, { question: "test" }), bytes);
});

test("Parquet: no rows, or a column without a single value, is a file too", async () => {
  for (const few of [[], [{ ...rows[0]!, ns: null }]]) {
    const bytes = await parquet(few, columns);
    assert.deepEqual(await parquetReadObjects({ file: bytes.buffer as ArrayBuffer }), few);
  }
});

test("Markdown: names stay what they are, whatever marks are in them", async () => {
  const odd = ["a|b", "leaf1:Eth1--srv1:eth0", "under_score _x_", "*star* `tick` <b> [x](y) # no", "two\nlines", "back\\slash"];
  const html = await marked.parse(`${heading(2, "a *b*")}\n\n${markdownTable({ head: ["name", "n"], rows: odd.map((name, i) => [name, String(i)]), numeric: [1] })}\n`);
  const cells = [...html.matchAll(/<td>(.*?)<\/td>/gs)].map((m) => m[1]!.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&quot;/g, '"'));
  assert.deepEqual(cells, odd.map((name) => name.replace("\n", " ")));
  assert.match(html, /<h2>a \*b\*<\/h2>/);
  assert.equal([...html.matchAll(/<td align="right">/g)].length, odd.length);
});
