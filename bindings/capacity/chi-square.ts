// How likely counts as uneven as these are when a hash deals evenly: Pearson's test.

/** Sum of (seen - expected)^2 / expected against an even deal. */
export function chiSquare(counts: readonly number[]): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return expected === 0 ? 0 : counts.reduce((sum, count) => sum + (count - expected) ** 2, 0) / expected;
}

/** Upper tail of the chi-square distribution: the regularised incomplete gamma function Q(freedom / 2, x / 2). */
export function chiSquareTail(x: number, freedom: number): number {
  if (x <= 0) return 1;
  const [a, z] = [freedom / 2, x / 2];
  const scale = Math.exp(a * Math.log(z) - z - logGamma(a));
  return z < a + 1 ? 1 - scale * series(a, z) : scale * fraction(a, z);
}

const TERMS_MAX = 10_000;
const CLOSE = 1e-14;

/** P(a, z) without its scale: sum of z^n / (a (a+1) .. (a+n)). */
function series(a: number, z: number): number {
  let [term, sum] = [1 / a, 1 / a];
  for (let n = 1; n < TERMS_MAX && term > sum * CLOSE; n++) {
    term *= z / (a + n);
    sum += term;
  }
  return sum;
}

/** Q(a, z) without its scale: Legendre's continued fraction, from the front (modified Lentz). */
function fraction(a: number, z: number): number {
  const tiny = 1e-300;
  let b = z + 1 - a;
  let c = 1 / tiny;
  let d = 1 / b;
  let value = d;
  for (let n = 1; n < TERMS_MAX; n++) {
    const step = -n * (n - a);
    b += 2;
    d = 1 / (Math.abs(step * d + b) < tiny ? tiny : step * d + b);
    c = Math.abs(b + step / c) < tiny ? tiny : b + step / c;
    value *= d * c;
    if (Math.abs(d * c - 1) < CLOSE) break;
  }
  return value;
}

/** Of whole and half numbers, which are all that is asked for: by Γ(a+1) = a Γ(a) from Γ(1) = 1 and Γ(1/2) = √π. */
function logGamma(a: number): number {
  let [at, log] = Number.isInteger(a) ? [1, 0] : [0.5, Math.log(Math.PI) / 2];
  for (; at < a; at++) log += Math.log(at);
  return log;
}
