// All memory is taken while the tables are laid out; a run takes none.
// Each `take` starts where the last one ended, on a 64-byte line. It is zero, because WebAssembly's memory is and nothing was there before:
// to fill it again would make the host find real memory for tables that are reserved for the worst case and mostly never used.

import { trap, TRAP_LAID_OUT, TRAP_MEMORY } from "./trap";

let top: usize = 0;
export let sealed: bool = false;

/** Takes `bytes` of zero. Traps after `seal()`. */
export function take(bytes: usize): usize {
  if (sealed) trap(TRAP_LAID_OUT, 0);
  if (top == 0) top = (__heap_base + 63) & ~63;
  const at = top;
  top = (top + bytes + 63) & ~63;
  if (top < at) trap(TRAP_MEMORY, <i32>(bytes >> 20)); // beyond the 4 GiB that can be addressed
  const have = <usize>memory.size() << 16;
  if (top > have) {
    // Each growth costs the host a new view of the memory, and its garbage collector thinks: so a quarter more at a time, if there is that much.
    const pages = <i32>((top - have + 0xffff) >> 16);
    const more = <i32>(have >> 18);
    if ((pages >= more || memory.grow(more) < 0) && memory.grow(pages) < 0) trap(TRAP_MEMORY, pages >> 4);
  }
  return at;
}

/** From here on nothing is taken any more. */
export function seal(): void { sealed = true; }

/** First byte that no table uses: a snapshot copies up to here. */
export function usedBytes(): usize { return top; }
