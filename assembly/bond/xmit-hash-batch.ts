// The hash of many flows at once, over columns: which of n = 2..8 members each flow takes.
//
// Columns are u32, members come out as bytes. `srcs` and `dsts` hold address words: an IPv4 address as network bytes loaded
// little-endian, an IPv6 address as the XOR of its four words. `firsts` is the ports word for layer3+4 and the link term
// (last MAC bytes ^ ethertype) for layer2+3. The SIMD kernels do 16 flows a turn and leave the rest to the scalar ones.
//
// No division: for n = 3, 5, 7 the hash times 2^32 / n, mod 2^32, is the fraction that the hash leaves of n, and its four highest bits
// tell which. n = 6 is n = 3 on hash >> 1, and the low bit.

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
// layer3+4 drops the hash's lowest bit (`discard` 1, layer2+3: 0).

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

// A hash of 31 bits, times M = u 2^32 / n rounded down, mod 2^32, is the fraction s / n of 2^32, s = u * hash mod n, less an error below
// 2^31 (u 2^32 mod n) / n. u is such that this is 2^31 / n: half of the way to the next s. A sixteenth of 2^32 is then met by one s alone.

/** u of the above. 2^32 is congruent to 1, 1 and 4. */
// @ts-ignore: decorator
@inline
function multiplier(n: i32): i32 { return n == 7 ? 2 : 1; }
// @ts-ignore: decorator
@inline
function fractionOf(numerator: i32, n: i32): i32 { return <i32>((<u64>numerator << 32) / <u64>n); }

const table = memory.data(16, 16);
/** For each sixteenth: what is congruent to `weight` times the s that it is met by, times `scale`. */
// @ts-ignore: decorator
@inline
function remainders(n: i32, weight: i32, scale: i32): v128 {
  for (let sixteenth = 0; sixteenth < 16; sixteenth++) store<u8>(table + <usize>sixteenth, <u8>((sixteenth * n + 15 >> 4) * weight % n * scale));
  return v128.load(table);
}

/** In which sixteenths four hashes lie. Without the lowest bit, and what that adds when it counts. */
// @ts-ignore: decorator
@inline
function sixteenths(h: v128, n: i32, drop: i32): v128 {
  const u = multiplier(n);
  let v = i32x4.mul(i32x4.shr_u(h, max(drop, 1)), i32x4.splat(fractionOf(u, n)));
  if (drop == 0) {
    const half = u % 2 == 0 ? u / 2 : (u + n) / 2; // of u, mod n
    v = i32x4.add(v, v128.and(i32x4.shr_s(i32x4.shl(h, 31), 31), i32x4.splat(fractionOf(half, n))));
  }
  return i32x4.shr_u(v, 28);
}

/** u times what is found is s, or with the lowest bit u / 2: the weight undoes that. */
// @ts-ignore: decorator
@inline
function weightOf(n: i32, drop: i32): i32 { return drop == 0 ? (n == 7 ? 1 : 2) : (n == 7 ? 4 : 1); }

// @ts-ignore: decorator
@inline
function oddLoop(firsts: usize, srcs: usize, dsts: usize, out: usize, rows: usize, n: i32, discard: i32): void {
  const found = remainders(n, weightOf(n, discard), 1);
  for (let i: usize = 0; i < rows; i += 16) {
    const p = i << 2;
    const a = sixteenths(foldVector(firsts, srcs, dsts, p), n, discard);
    const b = sixteenths(foldVector(firsts, srcs, dsts, p + 16), n, discard);
    const c = sixteenths(foldVector(firsts, srcs, dsts, p + 32), n, discard);
    const d = sixteenths(foldVector(firsts, srcs, dsts, p + 48), n, discard);
    v128.store(out + i, i8x16.swizzle(found, i8x16.narrow_i16x8_u(i16x8.narrow_i32x4_u(a, b), i16x8.narrow_i32x4_u(c, d))));
  }
}

/** Of six: twice ((hash >> 1) mod 3), and the low bit of the hash. */
// @ts-ignore: decorator
@inline
function sixLoop(firsts: usize, srcs: usize, dsts: usize, out: usize, rows: usize, discard: i32): void {
  const found = remainders(3, 1, 2);
  const bit = i32x4.splat(1 << discard);
  for (let i: usize = 0; i < rows; i += 16) {
    const p = i << 2;
    const g = foldVector(firsts, srcs, dsts, p);
    const h = foldVector(firsts, srcs, dsts, p + 16);
    const k = foldVector(firsts, srcs, dsts, p + 32);
    const l = foldVector(firsts, srcs, dsts, p + 48);
    const first = i16x8.narrow_i32x4_u(sixteenths(g, 3, discard + 1), sixteenths(h, 3, discard + 1));
    const second = i16x8.narrow_i32x4_u(sixteenths(k, 3, discard + 1), sixteenths(l, 3, discard + 1));
    const odd = i8x16.narrow_i16x8_u(i16x8.narrow_i32x4_u(v128.and(g, bit), v128.and(h, bit)), i16x8.narrow_i32x4_u(v128.and(k, bit), v128.and(l, bit)));
    const twice = i8x16.swizzle(found, i8x16.narrow_i16x8_u(first, second));
    v128.store(out + i, v128.or(twice, discard == 0 ? odd : i16x8.shr_u(odd, 1)));
  }
}

// @ts-ignore: decorator
@inline
function simdAny(firsts: usize, srcs: usize, dsts: usize, out: usize, count: i32, n: i32, discard: i32): void {
  const rows = <usize>(count & ~15);
  switch (n) {
    case 2: maskLoop(firsts, srcs, dsts, out, rows, 1, discard); break;
    case 3: oddLoop(firsts, srcs, dsts, out, rows, 3, discard); break;
    case 4: maskLoop(firsts, srcs, dsts, out, rows, 3, discard); break;
    case 5: oddLoop(firsts, srcs, dsts, out, rows, 5, discard); break;
    case 6: sixLoop(firsts, srcs, dsts, out, rows, discard); break;
    case 7: oddLoop(firsts, srcs, dsts, out, rows, 7, discard); break;
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
