// Copies of a session's state along the way that it has come, so that going back costs no more than the way from the nearest of them.

import type { SessionSnapshot, Snapshot } from "../../bindings/engine/index.ts";
import type { Picture } from "./picture.ts";

export interface Kept { at: SessionSnapshot; picture: Picture }

const MIB = 1 << 20;
/** Of a picture, about, a port. */
const PICTURE_BYTES = 8;

export class Past {
  /** in the order of time; the first, the warm network, is never let go */
  readonly #kept: Kept[] = [];
  readonly #budget: number;

  constructor(budgetMib: number, kept: readonly Kept[] = []) {
    this.#budget = budgetMib * MIB;
    this.#kept = [...kept];
  }

  get count(): number { return this.#kept.length; }

  /** What a copy follows is held by it, whether it is among these or not. */
  get bytes(): number {
    const held = new Set<Snapshot>();
    let sum = 0;
    for (const { at: { engine }, picture } of this.#kept) {
      for (const each of [engine, engine.after?.root]) {
        if (each === undefined || held.has(each)) continue;
        held.add(each);
        sum += each.pieces.reduce((bytes, piece) => bytes + piece.bytes.length, 0);
      }
      sum += picture.carrier.length * PICTURE_BYTES;
    }
    return sum;
  }

  keep(at: SessionSnapshot, picture: Picture): void {
    const place = this.#kept.findIndex((k) => k.at.nowNs >= at.nowNs);
    if (place >= 0 && this.#kept[place]!.at.nowNs === at.nowNs) return;
    this.#kept.splice(place < 0 ? this.#kept.length : place, 0, { at, picture });
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
