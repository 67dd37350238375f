// Details and chains of a page as they are put together; what is the same is kept once.

import type { Detail, Page } from "./data.ts";

export class Details {
  readonly list: Detail[] = [];
  readonly chains: Page["chains"] = [];
  readonly #known = new Map<string, number>();

  add(detail: Detail): number { return this.list.push(detail) - 1; }

  chain(links: readonly (readonly [ns: number, text: string])[]): number {
    const key = JSON.stringify(links);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const at = this.chains.push(links.map(([ns, text]) => [ns, text])) - 1;
    this.#known.set(key, at);
    return at;
  }
}
