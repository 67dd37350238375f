// Which failures are tried two at a time, and their order.

/** A server or a site takes its own traffic away: it is in no pair. */
export const inPairs = (kind: string): boolean => kind !== "server" && kind !== "site";

/** The k-th of all pairs i < j of n: (0,1), (0,2) .. (0,n-1), (1,2) .. */
export function pairAt(k: number, n: number): [number, number] {
  const before = (i: number): number => (i * (2 * n - i - 1)) / 2; // pairs that begin with less than i
  let [low, high] = [0, n - 2];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (before(middle) <= k) low = middle; else high = middle - 1;
  }
  return [low, k - before(low) + low + 1];
}
