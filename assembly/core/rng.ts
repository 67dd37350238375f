// Randomness is a function of what is asked, not of what was asked before: any draw can be made in
// any order, in any worker. The mixer is the finaliser of SplitMix64 (Steele, Lea, Flood 2014).

let seed: u64 = 0;

export const STREAM_BOOT: u32 = 1; // phase of a node's clocks
export const STREAM_TICK: u32 = 2; // phase of a Linux bond's 100 ms work
export const STREAM_REACHABLE: u32 = 3; // ARP reachable time
export const STREAM_LOSS: u32 = 4; // frames lost on a lossy link
export const STREAM_ECMP: u32 = 5; // per-switch seed of hash functions

export function setSeed(value: u64): void { seed = value; }

@inline export function mix(z0: u64): u64 {
  let z = z0;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

/** The k-th draw of `entity` (the key of its name: an index would move with what else there is) in `stream`: 64 uniform bits. */
export function draw(stream: u32, entity: u32, k: u64): u64 {
  const a = mix(seed + 0x9e3779b97f4a7c15);
  const b = mix(a ^ ((<u64>stream << 32) | <u64>entity));
  return mix(b + k * 0x9e3779b97f4a7c15);
}

/** Uniform integer in [0, bound). bound must be above zero. */
export function drawBelow(stream: u32, entity: u32, k: u64, bound: u64): u64 {
  return draw(stream, entity, k) % bound;
}
