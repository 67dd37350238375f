// The filtering databases that 802.1Q-2018 8.7 (learning) and 8.8.3 (ageing) define, as a plain list: no hash, no chain, no laziness.

export interface Entry { node: number; key: bigint; out: number; seenAt: bigint; holds: number }

export class MacTable {
  entries: Entry[] = [];
  now = 0n;
  ageNs: bigint;
  constructor(ageNs: bigint) { this.ageNs = ageNs; }

  /** 8.8.3: an entry that was not seen for the ageing time is no entry. One that frames keep fresh without pause was seen just now. */
  private fresh(e: Entry): boolean { return e.holds > 0 || this.now - e.seenAt < this.ageNs; }

  private of(node: number, key: bigint): Entry | undefined { return this.entries.find((e) => e.node === node && e.key === key); }

  learn(node: number, key: bigint, out: number): void {
    this.forgetStale(node, key);
    const entry = this.of(node, key);
    if (entry === undefined) { this.entries.push({ node, key, out, seenAt: this.now, holds: 0 }); return; }
    entry.seenAt = this.now;
    entry.out = out;
  }

  lookUp(node: number, key: bigint): number {
    const entry = this.of(node, key);
    return entry !== undefined && this.fresh(entry) ? entry.out : -1;
  }

  /** What is looked up too late is removed with it. */
  forgetStale(node: number, key: bigint): void { this.entries = this.entries.filter((e) => e.node !== node || e.key !== key || this.fresh(e)); }

  flush(out: number): void { this.entries = this.entries.filter((e) => e.out !== out); }

  moveAll(from: number, to: number): void { for (const e of this.entries) if (e.out === from) e.out = to; }

  hold(node: number, key: bigint, by: number): void {
    const entry = this.of(node, key);
    if (entry === undefined) return;
    entry.holds = Math.max(0, entry.holds + by);
    entry.seenAt = this.now;
  }
}
