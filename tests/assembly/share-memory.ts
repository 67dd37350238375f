// Specs of what takes memory as the engine does.

import { take } from "../../assembly/core/memory";

// The engine takes its memory where the runtime of as-pect has its heap. So the engine's first table is made
// as large as that heap, and the heap is put back; what is taken from then on lies behind it.
/** Once, before the first `take`. */
export function shareMemory(): void {
  heap.alloc(64); // the runtime has laid its heap out now
  const start = (__heap_base + 63) & ~63;
  const end = <usize>memory.size() << 16;
  const bytes = end - start;
  const pages = <i32>((bytes + 0xffff) >> 16);
  memory.grow(pages);
  memory.copy(end, start, bytes);
  take(bytes);
  memory.copy(start, end, bytes);
  memory.fill(end, 0, bytes); // a table begins as zero
}
