// Sets of small numbers, a bit each.

export class Bits {
  readonly words: Uint32Array;
  constructor(size: number | Uint32Array) { this.words = typeof size === "number" ? new Uint32Array((size + 31) >> 5) : size; }

  add(i: number): void { this.words[i >> 5]! |= 1 << (i & 31); }
  has(i: number): boolean { return (this.words[i >> 5]! & (1 << (i & 31))) !== 0; }

  meets(other: Bits): boolean {
    for (let i = 0; i < this.words.length; i++) if ((this.words[i]! & other.words[i]!) !== 0) return true;
    return false;
  }

  members(): number[] {
    const found: number[] = [];
    this.words.forEach((word, w) => { for (let rest = word; rest !== 0; rest &= rest - 1) found.push(32 * w + 31 - Math.clz32(rest & -rest)); });
    return found;
  }

  static of(size: number, members: Iterable<number>): Bits {
    const bits = new Bits(size);
    for (const i of members) bits.add(i);
    return bits;
  }

  static ofBytes(bytes: Uint8Array): Bits {
    const bits = new Bits(bytes.length * 8);
    bytes.forEach((byte, i) => { bits.words[i >> 2]! |= byte << (8 * (i & 3)); });
    return bits;
  }
}

const DIGITS = 36;
/** Numbers for options and rows: short where there are few. */
export const written = (numbers: readonly number[]): string => numbers.map((n) => n.toString(DIGITS)).join(" ");
export const parsed = (text: string): number[] => (text === "" ? [] : text.split(" ").map((digits) => parseInt(digits, DIGITS)));
