// The batch kernels: SIMD, scalar and the plain modulo agree for every member count, at every length and at the edges.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { loadHash } from "../support/hash-wasm.ts";

const hash = await loadHash();
const ROOM = 4096;
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

test("every value that the byte sums can take, over 2..8 members", () => {
  // Undo the fold so that the hash itself takes the extreme bytes.
  const unfold = (h: number): number => {
    const a = h ^ h >>> 8 ^ h >>> 16 ^ h >>> 24; // inverse of h ^= h >> 8
    return (a ^ a >>> 16) >>> 0; // inverse of h ^= h >> 16
  };
  const edge = [0, 1, 2, 127, 128, 254, 255];
  for (let n = 2; n <= 8; n++) {
    const rows: [number, number, number][] = [];
    for (const a of edge) for (const b of edge) for (const c of edge) for (const d of edge) {
      rows.push([unfold((a << 24 | b << 16 | c << 8 | d) >>> 0), 0, 0]);
    }
    check(rows, n);
  }
});

test("the multiplication that stands for the division is exact", () => {
  const near = [0, 1, 2, 5, 6, 7, 8, 0x7fffffff, 0x80000000, 0xfffffff9, 0xfffffffa, 0xfffffffb, 0xfffffffc, 0xfffffffd, 0xfffffffe, 0xffffffff];
  fc.assert(fc.property(fc.oneof(word, fc.constantFrom(...near)), fc.integer({ min: 1, max: 8 }), (h, n) => {
    assert.equal(hash.raw.memberOfHash(h, n) >>> 0, h % n);
  }), { numRuns: 20000 });
});
