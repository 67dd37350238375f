// Copies of a session's state along the way that it has come, so that going back costs no more than the way from the nearest of them.

import type { SessionSnapshot } from "../../bindings/engine/index.ts";
import type { Picture } from "./picture.ts";

export interface Kept { at: SessionSnapshot; picture: Picture; bytes: number }

const MIB = 1 << 20;

export class Past {
  /** in the order of time; the first, the warm network, is never let go */
  readonly #kept: Kept[] = [];
  readonly #budget: number;

  constructor(budgetMib: number, kept: readonly Kept[] = []) {
    this.#budget = budgetMib * MIB;
    this.#kept = [...kept];
  }

  get count(): number { return this.#kept.length; }
  get bytes(): number { return this.#kept.reduce((sum, { bytes }) => sum + bytes, 0); }

  keep(at: SessionSnapshot, picture: Picture): void {
    const place = this.#kept.findIndex((k) => k.at.nowNs >= at.nowNs);
    if (place >= 0 && this.#kept[place]!.at.nowNs === at.nowNs) return;
    const bytes = at.engine.pieces.reduce((sum, piece) => sum + piece.bytes.length, 0) + picture.carrier.length * 8;
    this.#kept.splice(place < 0 ? this.#kept.length : place, 0, { at, picture, bytes });
    while (this.bytes > this.#budget && this.#kept.length > 2) this.#thin();
  }

  /** The latest that is not after this instant. */
  before(ns: bigint): Kept {
    let best = this.#kept[0]!;
    for (const k of this.#kept) if (k.at.nowNs <= ns) best = k;
    return best;
  }

  /** What was from this instant on is not so any more. */
  forget(fromNs: bigint): void {
    while (this.#kept.length > 1 && this.#kept.at(-1)!.at.nowNs >= fromNs) this.#kept.pop();
  }

  fork(): Past { return new Past(this.#budget / MIB, this.#kept); }

  /** The one whose neighbours are nearest to each other goes: what is left is spread evenly. */
  #thin(): void {
    let [least, place] = [Infinity, 1];
    for (let i = 1; i < this.#kept.length - 1; i++) {
      const gap = Number(this.#kept[i + 1]!.at.nowNs - this.#kept[i - 1]!.at.nowNs);
      if (gap < least) [least, place] = [gap, i];
    }
    this.#kept.splice(place, 1);
  }
}
