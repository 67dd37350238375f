// Rounds, medians and ranges. Every round runs every arm once, one after the other, and the ratios are taken within the round:
// what a neighbour on the machine takes from one arm it takes from the others too. Arms of one case must give the same
// checksum, or the bench fails: a fast arm that does something else is worth nothing.

export interface Arm {
  name: string;
  /** Does the work once and says how long it took and what came out. */
  run(): { seconds: number; work: number; checksum: number };
  /** Needs no first run to warm up: a program of its own. */
  warm?: boolean;
}

export interface Spread { median: number; low: number; high: number }

export interface ArmResult { name: string; rate: Spread; checksum: string }
export interface RatioResult { of: string; to: string; ratio: Spread }
/** Something else than a rate: milliseconds of a phase, bytes; `most`: the bar for its median. */
export interface Measure { name: string; unit: string; value: Spread; most?: number }
/** What the first arm is to reach against another one. */
export interface Bar { to: string; least: number }
export interface CaseResult { name: string; unit: string; rounds: number; arms: ArmResult[]; ratios: RatioResult[]; measures?: Measure[]; bars?: Bar[] }

/** `small`: a moment of it, to see that it runs; `full`: sizes too that take minutes. */
export interface BenchOptions { small: boolean; full?: boolean; say(line: string): void }
/** A picture of its own, beside the one of all ratios; the file's place is said from bench/. */
export interface Picture { file: string; draw(cases: readonly CaseResult[]): string }
export interface Bench { name: string; about: string; run(options: BenchOptions): Promise<CaseResult[]>; picture?: Picture }

export function spread(values: number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (i: number): number => sorted[i] ?? Number.NaN;
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? at(middle) : (at(middle - 1) + at(middle)) / 2;
  return { median, low: at(0), high: at(sorted.length - 1) };
}

/** Runs `work` until `least` seconds have passed, at least once; the rate counts all passes. */
export function timed(name: string, work: number, least: number, pass: () => void, checksum: () => number): Arm {
  return {
    name,
    run() {
      let passes = 0;
      const start = process.hrtime.bigint();
      let seconds = 0;
      do {
        pass();
        passes++;
        seconds = Number(process.hrtime.bigint() - start) / 1e9;
      } while (seconds < least);
      return { seconds, work: work * passes, checksum: checksum() };
    },
  };
}

/** The first arm is what the others are compared with: ratios are its rate over theirs. */
export function compare(name: string, unit: string, arms: Arm[], rounds: number, bars: Bar[] = []): CaseResult {
  const rates = arms.map((): number[] => []);
  const sums = arms.map((): number[] => []);
  for (const arm of arms) if (arm.warm !== true) arm.run(); // warm up: the first call of a module runs unoptimised to its end
  for (let round = 0; round < rounds; round++) {
    arms.forEach((arm, i) => {
      const { seconds, work, checksum } = arm.run();
      rates[i]!.push(work / seconds);
      sums[i]!.push(checksum);
    });
  }
  const expected = sums[0]?.[0];
  arms.forEach((arm, i) => {
    const other = sums[i]!.find((sum) => sum !== expected);
    if (other !== undefined) throw new Error(`${name}: ${arm.name} gave checksum ${other}, ${arms[0]!.name} gave ${expected}`);
  });
  const base = rates[0] ?? [];
  return {
    name, unit, rounds, ...(bars.length === 0 ? {} : { bars }),
    arms: arms.map((arm, i) => ({ name: arm.name, rate: spread(rates[i]!), checksum: hex(sums[i]![0] ?? 0) })),
    ratios: arms.slice(1).map((arm, i) => ({
      of: arms[0]!.name, to: arm.name, ratio: spread(base.map((rate, round) => rate / (rates[i + 1]![round] ?? Number.NaN))),
    })),
  };
}

/** FNV-1a over whole numbers. */
export function digest(values: ArrayLike<number>, start = 0x811c9dc5): number {
  let sum = start;
  for (let i = 0; i < values.length; i++) sum = Math.imul(sum ^ values[i]!, 16777619);
  return sum >>> 0;
}

/** 32 bits to 32 bits, no two to the same: numbers in order become numbers without one. */
export function mix(x: number): number {
  x ^= x >>> 16;
  x = Math.imul(x, 0x7feb352d);
  x ^= x >>> 15;
  x = Math.imul(x, 0x846ca68b);
  return (x ^ x >>> 16) >>> 0;
}

export function hex(value: number): string {
  return (value >>> 0).toString(16).padStart(8, "0");
}

function short(value: number): string {
  if (value >= 1e9) return `${(value / 1e9).toFixed(2)} G`;
  if (value >= 1e6) return `${(value / 1e6).toFixed(1)} M`;
  if (value >= 1e3) return `${(value / 1e3).toFixed(1)} k`;
  return value.toFixed(1);
}

export const plain = (value: number): string => value.toFixed(Math.abs(value) < 10 && !Number.isInteger(value) ? 1 : 0);

export function describeCase(result: CaseResult): string[] {
  const lines = [`${result.name} (${result.rounds} ${result.rounds === 1 ? "round" : "rounds"})`];
  for (const { name, rate, checksum } of result.arms) {
    const ratio = result.ratios.find((candidate) => candidate.to === name)?.ratio;
    const versus = ratio ? `  first arm is ${ratio.median.toFixed(2)}x (${ratio.low.toFixed(2)}..${ratio.high.toFixed(2)})` : "";
    const bar = result.bars?.find((candidate) => candidate.to === name);
    const judged = bar === undefined || ratio === undefined ? "" : `, bar ${bar.least}x: ${ratio.median >= bar.least ? "met" : "MISSED"}`;
    lines.push(`  ${name.padEnd(34)} ${short(rate.median).padStart(8)}${result.unit}/s  [${checksum}]${versus}${judged}`);
  }
  for (const { name, unit, value, most } of result.measures ?? []) {
    const judged = most === undefined ? "" : `, bar ${most} ${unit}: ${value.median <= most ? "met" : "MISSED"}`;
    lines.push(`    ${name.padEnd(32)} ${plain(value.median).padStart(8)} ${unit} (${plain(value.low)}..${plain(value.high)})${judged}`);
  }
  return lines;
}
