// Quantiles of the normal, Student's and the gamma distribution, and the functions that they come from. Formulas: Abramowitz and Stegun,
// Handbook of Mathematical Functions, chapters 6 and 26; continued fractions by Lentz's method (Press et al., Numerical Recipes, chapter 6).

const TINY = 1e-300;
const EPSILON = 1e-15;
const STEPS = 10_000;

/** ln Γ(x) for x > 0: Stirling's series (A&S 6.1.41), the argument first raised above 15. */
export function logGamma(x: number): number {
  let shift = 0;
  let z = x;
  while (z < 15) { shift += Math.log(z); z += 1; }
  const w = 1 / (z * z);
  const series = (1 / 12 - w * (1 / 360 - w * (1 / 1260 - w * (1 / 1680 - w / 1188)))) / z;
  return (z - 0.5) * Math.log(z) - z + 0.5 * Math.log(2 * Math.PI) + series - shift;
}

/** P(a, x), the distribution function of a gamma variable of shape a (A&S 6.5.29 and 6.5.31). */
export function gammaCdf(a: number, x: number): number {
  return x <= 0 ? 0 : x < a + 1 ? lower(a, x) : 1 - upper(a, x);
}

/** 1 − P(a, x), as exact in the tail. */
export function gammaTail(a: number, x: number): number {
  return x <= 0 ? 1 : x < a + 1 ? 1 - lower(a, x) : upper(a, x);
}

const front = (a: number, x: number): number => Math.exp(a * Math.log(x) - x - logGamma(a));

function lower(a: number, x: number): number {
  let term = 1 / a;
  let sum = term;
  for (let n = 1; n < STEPS && Math.abs(term) > Math.abs(sum) * EPSILON; n++) { term *= x / (a + n); sum += term; }
  return Math.min(1, sum * front(a, x));
}

function upper(a: number, x: number): number {
  let b = x + 1 - a;
  let c = 1 / TINY;
  let d = 1 / b;
  let h = d;
  for (let n = 1; n < STEPS; n++) {
    const an = -n * (n - a);
    b += 2;
    d = 1 / notZero(an * d + b);
    c = notZero(b + an / c);
    h *= d * c;
    if (Math.abs(d * c - 1) < EPSILON) break;
  }
  return Math.min(1, front(a, x) * h);
}

const notZero = (x: number): number => (Math.abs(x) < TINY ? TINY : x);

/** Φ(z), by the incomplete gamma function: erf(x) = P(1/2, x²). */
export function normalCdf(z: number): number {
  const tail = gammaTail(0.5, (z * z) / 2) / 2;
  return z < 0 ? tail : 1 - tail;
}

const normalDensity = (z: number): number => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);

export function normalQuantile(p: number): number {
  if (p === 0.5) return 0;
  if (p > 0.5) return -normalQuantile(1 - p);
  const t = Math.sqrt(-2 * Math.log(p)); // A&S 26.2.23: a start that is good to 4.5e-4
  const start = (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))) - t;
  return solve(normalCdf, p, -40, 0, normalDensity, start);
}

/** x with P(shape, x) = p. */
export function gammaQuantile(shape: number, p: number): number {
  if (p <= 0) return 0;
  let high = Math.max(1, shape);
  while (gammaCdf(shape, high) < p) high *= 2;
  const density = (x: number): number => Math.exp((shape - 1) * Math.log(x) - x - logGamma(shape));
  return solve((x) => gammaCdf(shape, x), p, 0, high, density, high / 2);
}

/** Student's t with `df` degrees of freedom. */
export function studentQuantile(df: number, p: number): number {
  if (df > 1e6) return normalQuantile(p);
  return p === 0.5 ? 0 : p < 0.5 ? -studentQuantile(df, 1 - p) : solve((t) => studentCdf(df, t), p, 0, 1e5);
}

/** For t ≥ 0 (A&S 26.7.1). */
const studentCdf = (df: number, t: number): number => 1 - betaCdf(df / 2, 0.5, df / (df + t * t)) / 2;

/** I_x(a, b) (A&S 26.5.8). */
function betaCdf(a: number, b: number, x: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - betaCdf(b, a, 1 - x);
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(1 - x)) / a;
  let c = 1;
  let d = 1 / notZero(1 - ((a + b) * x) / (a + 1));
  let h = d;
  for (let m = 1; m < STEPS; m++) {
    for (const term of [(m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m)), (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))]) {
      d = 1 / notZero(1 + term * d);
      c = notZero(1 + term / c);
      h *= d * c;
    }
    if (Math.abs(d * c - 1) < EPSILON) break;
  }
  return Math.min(1, front * h);
}

/** Where a rising function meets p, to the last bits: Newton's steps where its slope is known and they stay inside, halving where not. */
function solve(f: (x: number) => number, p: number, from: number, to: number, slope?: (x: number) => number, start = from / 2 + to / 2): number {
  let [low, high, x] = [from, to, start];
  for (let i = 0; i < 200; i++) {
    const off = f(x) - p;
    if (off < 0) low = x; else high = x;
    const newton = slope === undefined ? NaN : x - off / slope(x);
    const next = newton > low && newton < high ? newton : low / 2 + high / 2;
    if (Math.abs(next - x) <= 1e-15 * Math.max(Math.abs(x), 1e-290)) return next;
    x = next;
  }
  return x;
}
