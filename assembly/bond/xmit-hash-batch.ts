// The hash of many flows at once, over columns: which of n = 2..8 members each flow takes.
//
// Columns are u32, members come out as bytes. `srcs` and `dsts` hold address words: an IPv4 address as network bytes loaded
// little-endian, an IPv6 address as the XOR of its four words. `firsts` is the ports word for layer3+4 and the link term
// (last MAC bytes ^ ethertype) for layer2+3. The SIMD kernels do 16 flows a turn and leave the rest to the scalar ones.
//
// No division: hash mod n for n = 3, 5, 7 is a weighted sum of the hash's four bytes (256 is congruent to 1, 1, 4), which
// fits 16 bits, and then one rounding multiplication for eight flows. n = 6 is n = 3 on hash >> 1, and the low bit.

import { memberOf } from "./xmit-hash";

// @ts-ignore: decorator
@inline
function foldScalar(first: u32, src: u32, dst: u32, discard: u32): u32 {
  let h = first ^ src ^ dst;
  h ^= h >> 16;
  h ^= h >> 8;
  return h >> discard;
}

// @ts-ignore: decorator
@inline
function scalarLoop(firsts: usize, srcs: usize, dsts: usize, out: usize, from: i32, count: i32, n: u32, discard: u32): void {
  for (let i = <usize>from; i < <usize>count; i++) {
    const p = i << 2;
    const hash = foldScalar(load<u32>(firsts + p), load<u32>(srcs + p), load<u32>(dsts + p), discard);
    store<u8>(out + i, <u8>memberOf(hash, n));
  }
}

// One loop a count, so that the constants of memberOf are constants.
// @ts-ignore: decorator
@inline
function scalarAny(firsts: usize, srcs: usize, dsts: usize, out: usize, from: i32, count: i32, n: i32, discard: u32): void {
  switch (n) {
    case 2: scalarLoop(firsts, srcs, dsts, out, from, count, 2, discard); return;
    case 3: scalarLoop(firsts, srcs, dsts, out, from, count, 3, discard); return;
    case 4: scalarLoop(firsts, srcs, dsts, out, from, count, 4, discard); return;
    case 5: scalarLoop(firsts, srcs, dsts, out, from, count, 5, discard); return;
    case 6: scalarLoop(firsts, srcs, dsts, out, from, count, 6, discard); return;
    case 7: scalarLoop(firsts, srcs, dsts, out, from, count, 7, discard); return;
    case 8: scalarLoop(firsts, srcs, dsts, out, from, count, 8, discard); return;
    default: memory.fill(out + <usize>from, 0, <usize>(count - from)); // one member or none
  }
}

export function hashLayer34Scalar(firsts: usize, srcs: usize, dsts: usize, out: usize, count: i32, n: i32): void {
  scalarAny(firsts, srcs, dsts, out, 0, count, n, 1);
}

export function hashLayer23Scalar(firsts: usize, srcs: usize, dsts: usize, out: usize, count: i32, n: i32): void {
  scalarAny(firsts, srcs, dsts, out, 0, count, n, 0);
}

// --- SIMD ------------------------------------------------------------------------------------------
//
// layer3+4 drops the hash's lowest bit (`discard` 1, layer2+3: 0). No vector is shifted for that: the bit is masked off and
// the weights are halved in the arithmetic mod n, which for an odd n is a multiplication by (n + 1) / 2.

/** Four hashes, from row p / 4 on, before the low bit is dropped. */
// @ts-ignore: decorator
@inline
function foldVector(firsts: usize, srcs: usize, dsts: usize, p: usize): v128 {
  let h = v128.xor(v128.xor(v128.load(firsts + p), v128.load(srcs + p)), v128.load(dsts + p));
  h = v128.xor(h, i32x4.shr_u(h, 16));
  return v128.xor(h, i32x4.shr_u(h, 8));
}

// @ts-ignore: decorator
@inline
function maskLoop(firsts: usize, srcs: usize, dsts: usize, out: usize, rows: usize, mask: i32, discard: i32): void {
  const m = i32x4.splat(mask << discard);
  for (let i: usize = 0; i < rows; i += 16) {
    const p = i << 2;
    const a = v128.and(foldVector(firsts, srcs, dsts, p), m);
    const b = v128.and(foldVector(firsts, srcs, dsts, p + 16), m);
    const c = v128.and(foldVector(firsts, srcs, dsts, p + 32), m);
    const d = v128.and(foldVector(firsts, srcs, dsts, p + 48), m);
    const bytes = i8x16.narrow_i16x8_u(i16x8.narrow_i32x4_u(a, b), i16x8.narrow_i32x4_u(c, d));
    v128.store(out + i, discard == 0 ? bytes : i16x8.shr_u(bytes, 1)); // even bytes: nothing crosses over
  }
}

/** Four numbers congruent to `weight` times the hashes mod 3 or 5, where 256 counts as 1: the sums of the bytes. */
// @ts-ignore: decorator
@inline
function evenSum(h: v128, drop: i32, weight: i32): v128 {
  const kept = drop == 0 ? h : v128.and(h, i32x4.splat(-1 << drop));
  return i32x4.dot_i16x8_s(i16x8.extadd_pairwise_i8x16_u(kept), i16x8.splat(<i16>weight));
}

/** The same mod 7, where the bytes count 1, 4, 2 and 1. */
// @ts-ignore: decorator
@inline
function sevenSum(h: v128, drop: i32, weight: i32): v128 {
  const low = v128.and(h, i32x4.splat(0x00ff00ff & -1 << drop)); // bytes 0 and 2
  const high = i16x8.shr_u(h, 8); // bytes 1 and 3
  const evens = i32x4.dot_i16x8_s(low, i32x4.splat(weight | weight * 2 % 7 << 16));
  return i32x4.add(evens, i32x4.dot_i16x8_s(high, i32x4.splat(weight * 4 % 7 | weight << 16)));
}

/**
 * Eight sums mod n, n odd: floor(s / n) is (s - (n-1)/2) / n rounded to nearest, which is one instruction. Sums are below
 * 3,072, so the constant's own rounding stays below the distance to the next half.
 */
// @ts-ignore: decorator
@inline
function oddRemainder(sums: v128, n: i32): v128 {
  const centred = i16x8.sub(sums, i16x8.splat(<i16>((n - 1) / 2)));
  const q = i16x8.q15mulr_sat_s(centred, i16x8.splat(<i16>((32768 + n / 2) / n)));
  return i16x8.sub(sums, i16x8.mul(q, i16x8.splat(<i16>n)));
}

// @ts-ignore: decorator
@inline
function oddOf(g: v128, h: v128, n: i32, discard: i32): v128 {
  const weight = discard == 0 ? 1 : (n + 1) / 2;
  const first = n == 7 ? sevenSum(g, discard, weight) : evenSum(g, discard, weight);
  const second = n == 7 ? sevenSum(h, discard, weight) : evenSum(h, discard, weight);
  return oddRemainder(i16x8.narrow_i32x4_u(first, second), n);
}

/** Eight members of six: twice ((hash >> 1) mod 3), and the low bit of the hash. Halving mod 3 twice is nothing. */
// @ts-ignore: decorator
@inline
function sixOf(g: v128, h: v128, discard: i32): v128 {
  const weight = discard == 0 ? 2 : 1;
  const sums = i16x8.narrow_i32x4_u(evenSum(g, discard + 1, weight), evenSum(h, discard + 1, weight));
  const bit = i32x4.splat(1 << discard);
  const low = i16x8.narrow_i32x4_u(v128.and(g, bit), v128.and(h, bit));
  return v128.or(i16x8.shl(oddRemainder(sums, 3), 1), discard == 0 ? low : i16x8.shr_u(low, 1));
}

// @ts-ignore: decorator
@inline
function sumLoop(firsts: usize, srcs: usize, dsts: usize, out: usize, rows: usize, n: i32, discard: i32): void {
  for (let i: usize = 0; i < rows; i += 16) {
    const p = i << 2;
    const a = foldVector(firsts, srcs, dsts, p);
    const b = foldVector(firsts, srcs, dsts, p + 16);
    const c = foldVector(firsts, srcs, dsts, p + 32);
    const d = foldVector(firsts, srcs, dsts, p + 48);
    const first = n == 6 ? sixOf(a, b, discard) : oddOf(a, b, n, discard);
    const second = n == 6 ? sixOf(c, d, discard) : oddOf(c, d, n, discard);
    v128.store(out + i, i8x16.narrow_i16x8_u(first, second));
  }
}

// @ts-ignore: decorator
@inline
function simdAny(firsts: usize, srcs: usize, dsts: usize, out: usize, count: i32, n: i32, discard: i32): void {
  const rows = <usize>(count & ~15);
  switch (n) {
    case 2: maskLoop(firsts, srcs, dsts, out, rows, 1, discard); break;
    case 3: sumLoop(firsts, srcs, dsts, out, rows, 3, discard); break;
    case 4: maskLoop(firsts, srcs, dsts, out, rows, 3, discard); break;
    case 5: sumLoop(firsts, srcs, dsts, out, rows, 5, discard); break;
    case 6: sumLoop(firsts, srcs, dsts, out, rows, 6, discard); break;
    case 7: sumLoop(firsts, srcs, dsts, out, rows, 7, discard); break;
    case 8: maskLoop(firsts, srcs, dsts, out, rows, 7, discard); break;
    default: memory.fill(out, 0, rows);
  }
}

export function hashLayer34Simd(firsts: usize, srcs: usize, dsts: usize, out: usize, count: i32, n: i32): void {
  simdAny(firsts, srcs, dsts, out, count, n, 1);
  scalarAny(firsts, srcs, dsts, out, count & ~15, count, n, 1);
}

export function hashLayer23Simd(firsts: usize, srcs: usize, dsts: usize, out: usize, count: i32, n: i32): void {
  simdAny(firsts, srcs, dsts, out, count, n, 0);
  scalarAny(firsts, srcs, dsts, out, count & ~15, count, n, 0);
}
