// What an engine and a model tell of the same life, line by line.

export interface TwoTellings { who: string; engine: string[]; model: string[] }

/** By instants, and of one instant as they are listed. */
export function inTime<T extends { at: bigint }>(list: readonly T[]): T[] { return [...list].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)); }

/** Of several changes at one instant the last: in which order machines come to rest is nobody's. A port that is where it was has not changed. */
export class Telling {
  readonly #hushed: ReadonlyMap<string, (at: bigint) => boolean>;
  readonly #now = new Map<string, string>();
  readonly #told = new Map<string, string>();
  readonly #sent: string[] = [];
  readonly #lines: string[] = [];
  #at: bigint | null = null;

  constructor(hushed: ReadonlyMap<string, (at: bigint) => boolean>) { this.#hushed = hushed; }

  changed(at: bigint, what: string, value: string): void { this.to(at); this.#now.set(what, value); }
  /** What a port sends, unless it is not asked for it then. */
  sent(at: bigint, port: string, what: string): void { this.to(at); if (this.#hushed.get(port)?.(at) !== true) this.#sent.push(what); }
  lines(): string[] { this.to(null); return this.#lines; }

  private to(at: bigint | null): void {
    if (at === this.#at) return;
    const fresh = [...this.#now].filter(([what, value]) => this.#told.get(what) !== value);
    for (const [what, value] of fresh) this.#told.set(what, value);
    this.#lines.push(...[...fresh.map(([what, value]) => `${what} ${value}`), ...this.#sent].sort().map((line) => `${this.#at} ns ${line}`));
    this.#sent.length = 0;
    this.#at = at;
  }
}

/** Where they differ first. */
export function firstApart({ who, engine, model }: TwoTellings): string[] {
  const k = engine.findIndex((line, i) => line !== model[i]);
  const at = k >= 0 ? k : engine.length < model.length ? engine.length : -1;
  return at < 0 ? [] : [`${who}: the engine says "${engine[at] ?? "nothing more"}", the model "${model[at] ?? "nothing more"}"`];
}
