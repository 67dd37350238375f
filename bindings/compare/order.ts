// Which outage is longer.

/** Lengths of outages; null, which does not end by itself, is longer than any. */
export const longer = (a: bigint | null, b: bigint | null): boolean => b !== null && (a === null || a > b);
