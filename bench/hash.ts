// Which member each of a million flows takes: the SIMD batch against native C, scalar WebAssembly and JavaScript.

import { loadHash, type HashModule } from "../tests/support/hash-wasm.ts";
import { compare, digest, mix, timed, type Arm, type Bar, type Bench, type BenchOptions, type CaseResult } from "./harness.ts";
import { compileNative, nativeArm, type Native } from "./native.ts";

const BARS: Bar[] = [{ to: "C, a vectorised loop for each n", least: 0.5 }, { to: "JavaScript, typed arrays", least: 4 }];

interface Columns { first: Uint32Array; src: Uint32Array; dst: Uint32Array }

function fill(columns: Columns): void {
  for (let i = 0; i < columns.first.length; i++) {
    columns.first[i] = mix(i * 3);
    columns.src[i] = mix(i * 3 + 1);
    columns.dst[i] = mix(i * 3 + 2);
  }
}

type Plain = (first: Uint32Array, src: Uint32Array, dst: Uint32Array, out: Uint8Array) => void;

/** The loop in JavaScript with the member count and the shift as constants, so that V8 multiplies in place of dividing. */
function javascript(n: number, discard: number): Plain {
  return new Function("first", "src", "dst", "out", `
    const rows = out.length;
    for (let i = 0; i < rows; i++) {
      let h = first[i] ^ src[i] ^ dst[i];
      h ^= h >>> 16;
      h ^= h >>> 8;
      out[i] = (h >>> ${discard}) % ${n};
    }`) as Plain;
}

interface Setup { module: HashModule; at: [number, number, number, number]; columns: Columns; rows: number }

async function setUp(rows: number): Promise<Setup> {
  const module = await loadHash();
  const made = [module.column(rows), module.column(rows), module.column(rows), module.column(Math.ceil(rows / 4))] as const;
  fill({ first: made[0].words(), src: made[1].words(), dst: made[2].words() });
  const columns = { first: new Uint32Array(rows), src: new Uint32Array(rows), dst: new Uint32Array(rows) };
  fill(columns);
  return { module, at: [made[0].at, made[1].at, made[2].at, made[3].at], columns, rows };
}

function armsOf(setup: Setup, policy: string, n: number, native: Native | undefined, least: number): Arm[] {
  const { module: { raw, bytes }, at: [first, src, dst, out], columns, rows } = setup;
  const plain = policy === "layer3+4";
  const discard = plain ? 1 : 0;
  const simd = plain ? raw.hashLayer34Simd : raw.hashLayer23Simd;
  const scalar = plain ? raw.hashLayer34Scalar : raw.hashLayer23Scalar;
  const members = new Uint8Array(rows);
  const plainLoop = javascript(n, discard);
  const result = (): number => digest(bytes(out, rows));
  const arms = [
    timed("wasm SIMD", rows, least, () => simd(first, src, dst, out, rows, n), result),
    timed("wasm scalar", rows, least, () => scalar(first, src, dst, out, rows, n), result),
    timed("JavaScript, typed arrays", rows, least, () => plainLoop(columns.first, columns.src, columns.dst, members), () => digest(members)),
  ];
  if (native) {
    arms.push(
      nativeArm(native, "C, n a variable", rows, [rows, n, discard, 0, least]),
      nativeArm(native, "C, a vectorised loop for each n", rows, [rows, n, discard, 1, least]),
    );
  }
  return arms;
}

async function run({ small, say }: BenchOptions): Promise<CaseResult[]> {
  const rows = small ? 1001 : 1_000_000;
  const least = small ? 0.0001 : 0.02;
  const native = compileNative("hash.c", say);
  const results: CaseResult[] = [];
  try {
    const setup = await setUp(rows);
    for (const policy of ["layer3+4", "layer2+3"]) {
      // layer2+3 differs by one shift: the two ends and the middle of the counts are enough.
      for (const n of policy === "layer3+4" && !small ? [2, 3, 4, 5, 6, 7, 8] : [2, 5, 8]) {
        const arms = armsOf(setup, policy, n, native, least);
        results.push(compare(`${policy}, ${rows} flows over ${n} members`, " flows", arms, small ? 1 : 9, policy === "layer3+4" ? BARS : []));
      }
    }
  } finally {
    native?.remove();
  }
  return results;
}

export const hashBench: Bench = { name: "hash", about: "the member of each of a million flows", run };
