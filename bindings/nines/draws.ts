// Randomness is a function of what is asked (as in the engine, assembly/core/rng.ts): the k-th draw of an entity in a stream can be
// made in any order, in any worker. SplitMix64's finaliser (Steele, Lea, Flood 2014) is 64 bits wide; JavaScript multiplies 32, so two
// lanes are mixed with Murmur3's finaliser (Appleby, public domain) and fed into each other.

/** What a draw is for. */
export const STREAM = { run: 1, cycle: 2, split: 3, phase: 4 } as const;

function mix(x: number): number {
  let h = x;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

const GOLDEN = 0x9e3779b9;

/** All draws of one stream of one item (a run, a cycle): ask it for the k-th of an entity. */
export class Draws {
  readonly #a: number;
  readonly #b: number;

  constructor(seed: bigint, stream: number, item: number) {
    const low = Number(BigInt.asUintN(32, seed)) | 0;
    const high = Number(BigInt.asUintN(32, seed >> 32n)) | 0;
    let a = mix(low + GOLDEN);
    let b = mix(high ^ a ^ 0x5bd1e995);
    for (const word of [stream, item | 0, Math.floor(item / 0x1_0000_0000) | 0]) {
      a = mix(a ^ mix(word + b));
      b = mix(b + Math.imul(a, GOLDEN));
    }
    this.#a = a;
    this.#b = b;
  }

  /** Uniform in (0, 1), 52 bits: never 0, never 1. */
  uniform(entity: number, k: number): number {
    const a = mix(this.#a ^ mix(entity + Math.imul(k, GOLDEN)));
    const b = mix(this.#b + a + mix(k ^ Math.imul(entity, 0x27d4eb2f)));
    const high = mix(a ^ Math.imul(b, GOLDEN)) >>> 0;
    const low = mix(b + 0x165667b1 ^ a) >>> 6;
    return (high * 0x400_0000 + low + 0.5) / 0x400_0000_0000_0000;
  }
}

/** What names are drawn by: a number of each, which does not move with what else there is (FNV-1a). */
export function keysOf(names: readonly string[]): number[] {
  const taken = new Set<number>();
  return names.map((name) => {
    let key = 0x811c9dc5;
    for (let i = 0; i < name.length; i++) key = Math.imul(key ^ name.charCodeAt(i), 0x01000193);
    while (taken.has(key)) key = Math.imul(key ^ 0x2a, 0x01000193); // two names with one number would fail as one
    taken.add(key);
    return key;
  });
}
