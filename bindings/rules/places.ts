// Where in the file a finding stands: the model remembers each part's place, and what is written inside a part is looked up by its keys.

import type { Where } from "../topology/model.ts";
import type { Path } from "../topology/problems.ts";
import { SourceFile } from "../topology/source.ts";

/** Parts of a file whose values stand in for those that an entry leaves out. */
export type Defaults = "link" | "bond" | "lacp" | "switch" | "server" | "flow";

export class Places {
  readonly file: string;
  readonly #text: string;
  #read: { source: SourceFile; paths: Map<string, Path> } | null = null;

  constructor(text: string, file: string) {
    this.#text = text;
    this.file = file;
  }

  /** The value at `steps` inside the part that stands at `part`; without one, the part itself. */
  at(part: Where, ...steps: (string | number)[]): Where {
    const path = this.path(part);
    return path === null || !this.#has([...path, ...steps]) ? part : this.#source().source.locate([...path, ...steps]);
  }

  /** The value of `word` in the part, else in the file's defaults, else the part. */
  value(part: Where, word: string, defaults: Defaults): Where {
    const path = this.path(part);
    if (path === null || this.#has([...path, word])) return this.at(part, word);
    return this.#has(["defaults", defaults, word]) ? this.#source().source.locate(["defaults", defaults, word]) : part;
  }

  /** The value at a path from the root of the file, or the nearest part that encloses it. */
  root(...path: (string | number)[]): Where {
    return this.#source().source.locate(path);
  }

  /** Keys and indices that lead to the part that stands there. */
  path(where: Where): Path | null {
    return this.#source().paths.get(`${where.line}:${where.col}`) ?? null;
  }

  /** The path in a line: "bonds/srv1..4:bond0/lacp-rate". What stands in a list is named by its list. */
  words(where: Where): string {
    return (this.path(where) ?? []).join("/");
  }

  #has(path: Path): boolean {
    let at: unknown = this.#source().source.value;
    for (const step of path) {
      if (typeof at !== "object" || at === null || !Object.hasOwn(at, step)) return false;
      at = (at as Record<string | number, unknown>)[step];
    }
    return true;
  }

  /** The file is read in full only when something was found in it. */
  #source(): { source: SourceFile; paths: Map<string, Path> } {
    if (this.#read === null) {
      const source = new SourceFile(this.#text, this.file);
      this.#read = { source, paths: source.paths() };
    }
    return this.#read;
  }
}
