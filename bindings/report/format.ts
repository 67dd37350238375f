// Times as people read them. Exact: digits are dropped only below what a column shows, never rounded up.

/** "3000.250": milliseconds with three decimals, for columns. */
export function milliseconds(ns: bigint): string { return fixed(ns, 6, 3); }

/** "3.000 s", "200.000 ms", "12.345 µs", "17 ns". */
export function duration(ns: bigint): string {
  const size = ns < 0n ? -ns : ns;
  if (size >= 1_000_000_000n || size === 0n) return `${fixed(ns, 9, 3)} s`;
  if (size >= 1_000_000n) return `${fixed(ns, 6, 3)} ms`;
  if (size >= 1_000n) return `${fixed(ns, 3, 3)} µs`;
  return `${ns} ns`;
}

/** "13.00025 s": a point in time, at least three decimals. */
export function time(ns: bigint): string { return `${fixed(ns, 9, 9).replace(/0{1,6}$/, "")} s`; }

/** "13.000 s": a point in time to the millisecond, for columns. */
export function clock(ns: bigint): string { return `${fixed(ns, 9, 3)} s`; }

/** "13.000250000": seconds with all nine decimals. */
export function seconds(ns: bigint): string { return fixed(ns, 9, 9); }

export function plural(n: number | bigint, one: string, many = `${one}s`): string {
  return `${n.toLocaleString("en-US").replaceAll(",", " ")} ${n === 1 || n === 1n ? one : many}`;
}

/** `ns` over 10^shift with `decimals` digits after the point. */
function fixed(ns: bigint, shift: number, decimals: number): string {
  const digits = (ns < 0n ? -ns : ns).toString().padStart(shift + 1, "0");
  const whole = digits.slice(0, digits.length - shift);
  return `${ns < 0n ? "-" : ""}${whole}.${digits.slice(digits.length - shift).slice(0, decimals)}`;
}
