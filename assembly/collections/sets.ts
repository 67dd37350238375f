// Rows joined into sets, for good: union-find (with paths halved) to name a row's set by one of its rows, and a ring through each set. The
// rows are the owner's: each begins with `Joined`.

@unmanaged export class Joined {
  up: i32; // its own row, or one nearer to the set's row
  next: i32; // ring of the set's rows
}

function at(rows: usize, stride: usize, i: i32): Joined { return changetype<Joined>(rows + <usize>i * stride); }

export function standAlone(rows: usize, stride: usize, i: i32): void { const row = at(rows, stride, i); row.up = i; row.next = i; }

/** The row that names the set. */
export function setOf(rows: usize, stride: usize, from: i32): i32 {
  let i = from;
  while (at(rows, stride, i).up != i) { const row = at(rows, stride, i); row.up = at(rows, stride, row.up).up; i = row.up; }
  return i;
}

export function join(rows: usize, stride: usize, a: i32, b: i32): void {
  const x = setOf(rows, stride, a);
  const y = setOf(rows, stride, b);
  if (x == y) return;
  const after = at(rows, stride, a).next; // two rings that swap their successors are one
  at(rows, stride, a).next = at(rows, stride, b).next;
  at(rows, stride, b).next = after;
  at(rows, stride, max(x, y)).up = min(x, y);
}
