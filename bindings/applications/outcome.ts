// What came of an application in a run: events in order, and the share of its clients' requests that is served.

export interface AppEvent { atNs: bigint; what: string }

/** The share of requests served is constant between two entries. */
export interface Share { fromNs: bigint; share: number }

export interface Outcome {
  name: string;
  kind: string;
  events: AppEvent[];
  served: Share[];
  /** intervals in which nobody is served */
  outages: { startNs: bigint; endNs: bigint | null }[];
  /** intervals in which two sides serve and write */
  splitBrain: { startNs: bigint; endNs: bigint | null }[];
  /** seconds of writes that a promotion lost; null: no promotion */
  rpoNs: bigint | null;
  /** first loss of service until somebody is served again */
  rtoNs: bigint | null;
  maxOutageNs: bigint | null;
  kept: boolean | null;
}

/** Collects shares and events of one application while its machine runs. */
export class Recorder {
  readonly events: AppEvent[] = [];
  readonly served: Share[] = [];
  readonly splits: { startNs: bigint; endNs: bigint | null }[] = [];
  rpoNs: bigint | null = null;

  say(atNs: bigint, what: string): void { this.events.push({ atNs, what }); }

  share(fromNs: bigint, share: number): void {
    const last = this.served.at(-1);
    if (last?.share === share) return;
    if (last?.fromNs === fromNs) this.served.pop();
    this.served.push({ fromNs, share });
  }

  split(atNs: bigint, both: boolean): void {
    const open = this.splits.at(-1);
    const isOpen = open !== undefined && open.endNs === null;
    if (both && !isOpen) { this.splits.push({ startNs: atNs, endNs: null }); this.say(atNs, "split brain: both sides serve"); }
    else if (!both && isOpen) { open.endNs = atNs; this.say(atNs, "split brain is over"); }
  }

  outcome(name: string, kind: string, endNs: bigint, maxOutageNs: bigint | null): Outcome {
    const outages = this.#outages();
    const longest = outages.reduce((a, o) => ((o.endNs ?? endNs) - o.startNs > a ? (o.endNs ?? endNs) - o.startNs : a), 0n);
    const first = outages[0];
    return {
      name, kind, events: this.events, served: this.served, outages, splitBrain: this.splits, rpoNs: this.rpoNs,
      rtoNs: first === undefined || first.endNs === null ? null : first.endNs - first.startNs,
      maxOutageNs, kept: maxOutageNs === null ? null : longest <= maxOutageNs,
    };
  }

  #outages(): { startNs: bigint; endNs: bigint | null }[] {
    const list: { startNs: bigint; endNs: bigint | null }[] = [];
    for (const s of this.served) {
      const open = list.at(-1);
      if (s.share === 0 && (open === undefined || open.endNs !== null)) list.push({ startNs: s.fromNs, endNs: null });
      else if (s.share > 0 && open !== undefined && open.endNs === null) open.endNs = s.fromNs;
    }
    return list;
  }
}
