// The batch kernels: SIMD, scalar and the plain modulo agree for every member count, at every length and at the edges.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { loadHash } from "../../support/hash-wasm.ts";

const hash = await loadHash();
const ROOM = 16384;
const columns = [hash.column(ROOM), hash.column(ROOM), hash.column(ROOM)] as const;
const members = [hash.column(ROOM / 4), hash.column(ROOM / 4)] as const;

function fold(x: number): number {
  const h = (x ^ x >>> 16) >>> 0;
  return (h ^ h >>> 8) >>> 0;
}

function check(rows: [number, number, number][], n: number): void {
  const [firsts, srcs, dsts] = columns;
  rows.forEach((row, i) => row.forEach((value, c) => { columns[c]!.words()[i] = value; }));
  const kernels = [
    [hash.raw.hashLayer34Scalar, hash.raw.hashLayer34Simd, 1],
    [hash.raw.hashLayer23Scalar, hash.raw.hashLayer23Simd, 0],
  ] as const;
  for (const [scalar, simd, discard] of kernels) {
    const want = rows.map(([a, b, c]) => (fold(a ^ b ^ c) >>> discard) % n);
    [scalar, simd].forEach((kernel, i) => {
      const at = members[i as 0 | 1].at;
      hash.bytes(at, ROOM).fill(0xee);
      kernel(firsts.at, srcs.at, dsts.at, at, rows.length, n);
      assert.deepEqual([...hash.bytes(at, rows.length)], want, `${i ? "SIMD" : "scalar"} over ${n}, ${rows.length} rows`);
      assert.equal(hash.bytes(at, ROOM)[rows.length], 0xee, "wrote past the last row");
    });
  }
}

const word = fc.oneof(fc.integer({ min: 0, max: 0xffffffff }), fc.constantFrom(0, 1, 0x7fffffff, 0x80000000, 0xffffffff, 0xff00ff00));
const row = fc.tuple(word, word, word);

test("random flows over 1..8 members", () => {
  fc.assert(fc.property(fc.array(row, { maxLength: 100 }), fc.integer({ min: 1, max: 8 }), check), { numRuns: 2000 });
});

test("hashes at the ends of each sixteenth that the multiplication tells apart, over 2..8 members", () => {
  // Undo the fold, so that the hash itself is chosen.
  const unfold = (h: number): number => {
    const a = h ^ h >>> 8 ^ h >>> 16 ^ h >>> 24; // inverse of h ^= h >> 8
    return (a ^ a >>> 16) >>> 0; // inverse of h ^= h >> 16
  };
  const hashes = new Set<number>();
  for (const end of [0, 2 ** 31, 2 ** 32]) for (let by = -70; by <= 70; by++) if (end + by >= 0 && end + by < 2 ** 32) hashes.add(end + by);
  for (let n = 2; n <= 8; n++) for (let sixteenth = 1; sixteenth < 32; sixteenth++) for (let by = -n; by <= n; by++) hashes.add(Math.floor(2 ** 32 / 32 * sixteenth / n) * n + by);
  for (let n = 2; n <= 8; n++) check([...hashes].map((h) => [unfold(h), 0, 0]), n);
});

test("the multiplication that stands for the division is exact", () => {
  const near = [0, 1, 2, 5, 6, 7, 8, 0x7fffffff, 0x80000000, 0xfffffff9, 0xfffffffa, 0xfffffffb, 0xfffffffc, 0xfffffffd, 0xfffffffe, 0xffffffff];
  fc.assert(fc.property(fc.oneof(word, fc.constantFrom(...near)), fc.integer({ min: 1, max: 8 }), (h, n) => {
    assert.equal(hash.raw.memberOfHash(h, n) >>> 0, h % n);
  }), { numRuns: 20000 });
});
