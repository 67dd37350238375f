// Durations always carry a unit: a bare number has meant seconds to one reader and milliseconds to the next.

export const DURATION_PATTERN = /^(\d{1,18})(?:\.(\d{1,9}))?(ns|us|µs|ms|s|m|h|d)$/;

const UNITS: Record<string, bigint> = {
  ns: 1n, us: 1_000n, "µs": 1_000n, ms: 1_000_000n, s: 1_000_000_000n,
  m: 60_000_000_000n, h: 3_600_000_000_000n, d: 86_400_000_000_000n,
};

/** The clock is a signed 64-bit count of nanoseconds: a quarter of it, 73 years, leaves room for every sum of timers. */
export const DURATION_MAX = (1n << 63n) / 4n;

/** "1.5s" → 1_500_000_000n. Throws a RangeError that says what is wrong. */
export function parseDuration(text: string): bigint {
  const match = DURATION_PATTERN.exec(text.trim());
  if (match === null) throw new RangeError(`"${text}" is not a duration: write a number and a unit, like 250ms, 10s or 15m`);
  const [, whole = "0", fraction = "", unit = "ns"] = match;
  const scale = UNITS[unit] ?? 1n;
  const parts = 10n ** BigInt(fraction.length);
  const ns = BigInt(whole) * scale + (fraction === "" ? 0n : (BigInt(fraction) * scale) / parts);
  if (ns > DURATION_MAX) throw new RangeError(`"${text}" is longer than the 73 years that the clock holds`);
  return ns;
}

/** 1_500_000_000n → "1.5s". The largest unit that needs no more than three decimals. */
export function formatDuration(ns: bigint): string {
  if (ns < 0n) return `-${formatDuration(-ns)}`;
  if (ns === 0n) return "0s";
  for (const unit of ["h", "m", "s", "ms", "us"] as const) {
    const scale = UNITS[unit] ?? 1n;
    if (ns < scale) continue;
    const whole = unit === "h" || unit === "m";
    if (whole && ns % scale !== 0n) continue;
    if ((ns * 1000n) % scale !== 0n) continue;
    const thousandths = (ns * 1000n) / scale;
    const fraction = (thousandths % 1000n).toString().padStart(3, "0").replace(/0+$/, "");
    return `${thousandths / 1000n}${fraction === "" ? "" : `.${fraction}`}${unit}`;
  }
  return `${ns}ns`;
}
