// Which prefix holds an address: a hash table by address and length, asked once for each length that there is, the longest first.

import { take } from "../core/memory";
import { prefixOf } from "../sim/tables";

let slotsAt: usize = 0; // 1 + row, 0: empty; at most half full
let mask: u32 = 0;
let lengths: u64 = 0; // a bit each

export function reservePrefixes(count: i32): void {
  let slots: u32 = 4;
  while (slots < <u32>count * 2) slots <<= 1;
  mask = slots - 1;
  slotsAt = take(<usize>slots << 2);
  lengths = 0;
}

// @ts-ignore: decorator
@inline function homeOf(ip: u32, len: i32): u32 { return ((ip ^ <u32>len) * 0x9e3779b1) >> 7; }
// @ts-ignore: decorator
@inline function slot(at: u32): usize { return slotsAt + (<usize>(at & mask) << 2); }

/** The row of exactly this prefix, or -1; `emptyAt` is where it would stand. */
function find(ip: u32, len: i32): i32 {
  let at = homeOf(ip, len);
  for (let row = load<i32>(slot(at)); row != 0; row = load<i32>(slot(++at))) {
    const x = prefixOf(row - 1);
    if (x.ip == ip && x.len == len) return row - 1;
  }
  emptyAt = at;
  return -1;
}
let emptyAt: u32 = 0;

/** Of two that are the same the first counts. */
export function indexPrefix(row: i32): void {
  const x = prefixOf(row);
  if (find(x.ip, x.len) >= 0) return;
  store<i32>(slot(emptyAt), row + 1);
  lengths |= <u64>1 << <u64>x.len;
}

/** Longest prefix that holds the address, or -1. */
export function longestMatch(ip: u32): i32 {
  for (let left = lengths; left != 0;) {
    const len = 63 - <i32>clz<u64>(left);
    left ^= <u64>1 << <u64>len;
    const row = find(len == 0 ? 0 : ip & <u32>(0xffffffff << (32 - len)), len);
    if (row >= 0) return row;
  }
  return -1;
}
