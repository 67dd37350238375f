// A YAML or JSON file as a tree, and which parts of it were read. What nobody read is listed with its place, so that a file which
// was read in part does not look as if it had been read in full.

import { readJson } from "./json.ts";
import { IMPORT_BYTES_MAX, limitSize, wrongFile, YAML_BYTES_MAX, type Line, type Place } from "./line.ts";
import { lineStarts, placeOf, short, Tree } from "./tree.ts";
import { readYaml } from "./yaml.ts";

/** A file with its tree. Problems are gathered; `done` throws them all at once. */
export class TreeFile {
  readonly file: string;
  readonly root: Tree;
  readonly problems: Place[] = [];
  readonly #lines: (offset: number) => { line: number; col: number };

  constructor(file: string, text: string, format: "yaml" | "json") {
    limitSize(file, text, format === "yaml" ? YAML_BYTES_MAX : IMPORT_BYTES_MAX);
    this.file = file;
    const starts = lineStarts(text);
    this.#lines = (offset) => placeOf(starts, offset);
    this.root = format === "json" ? this.#json(text) : this.#yaml(text);
    this.root.used = true;
  }

  #json(text: string): Tree {
    const read = readJson(text);
    if (read instanceof Tree) return read;
    throw wrongFile([{ file: this.file, ...this.#lines(read.at), text: read.problem }]);
  }

  #yaml(text: string): Tree {
    return readYaml(text, (at, what) => { throw wrongFile([{ file: this.file, ...this.#lines(at), text: what }]); });
  }

  place(tree: Tree): Place { return { file: this.file, ...this.#lines(tree.at), text: "" }; }
  line(tree: Tree, text = ""): Line { return { file: this.file, line: this.#lines(tree.at).line, text }; }
  wrong(tree: Tree, text: string): void { this.problems.push({ ...this.place(tree), text }); }

  /** What stands under a key, now read; undefined: nothing does. */
  get(tree: Tree | undefined, key: string): Tree | undefined {
    const found = tree?.entries.get(key);
    if (found === undefined) return undefined;
    found.used = true;
    return found.kind === "empty" ? undefined : found;
  }
  /** A dotted key, as netlab writes it: "lag.members" and {lag: {members}} are one. */
  deep(tree: Tree | undefined, dotted: string): Tree | undefined {
    const words = dotted.split(".");
    for (let n = words.length; n > 0; n--) {
      const next = this.get(tree, words.slice(0, n).join("."));
      if (next === undefined) continue;
      const found = n === words.length ? next : this.deep(next, words.slice(n).join("."));
      if (found !== undefined) return found;
    }
    return undefined;
  }
  map(tree: Tree | undefined, key: string): Tree | undefined { return this.#kind(this.get(tree, key), "map", "a mapping"); }
  list(tree: Tree | undefined, key: string): Tree[] {
    const found = this.#kind(this.get(tree, key), "list", "a list");
    for (const item of found?.items ?? []) item.used = true;
    return found?.items ?? [];
  }
  text(tree: Tree | undefined, key: string): string | undefined { return this.#kind(this.get(tree, key), "scalar", "a text or a number")?.text; }
  /** A list of texts, or one text with commas. */
  texts(tree: Tree | undefined, key: string): string[] {
    const found = this.get(tree, key);
    if (found === undefined) return [];
    if (found.kind === "scalar") return found.text.split(",").map((t) => t.trim()).filter((t) => t !== "");
    for (const item of found.items) item.used = true;
    return found.items.filter((i) => i.kind === "scalar").map((i) => i.text);
  }
  whole(tree: Tree | undefined, key: string, low: number, high: number): number | undefined {
    const found = this.#kind(this.get(tree, key), "scalar", "a number");
    if (found === undefined) return undefined;
    const value = /^\d{1,9}$/.test(found.text) ? Number(found.text) : -1;
    if (value >= low && value <= high) return value;
    this.wrong(found, `${found.path}: "${short(found.text)}": a whole number from ${low} to ${high} is wanted`);
    return undefined;
  }
  entries(tree: Tree | undefined): [string, Tree][] {
    const found = [...(tree?.entries ?? [])];
    for (const [, child] of found) child.used = true;
    return found;
  }
  /** Read, and all that is in it: it means nothing here, or was said otherwise. */
  skip(tree: Tree | undefined): void {
    if (tree === undefined) return;
    const waiting = [tree];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      next.used = true;
      waiting.push(...next.entries.values(), ...next.items);
    }
  }

  #kind(tree: Tree | undefined, kind: Tree["kind"], words: string): Tree | undefined {
    if (tree === undefined || tree.kind === kind) return tree;
    this.wrong(tree, `${tree.path}: ${words} is wanted here`);
    return undefined;
  }

  /** Parts that nobody has read, each where it begins. */
  unread(): Line[] {
    const out: Line[] = [];
    const visit = (tree: Tree): void => {
      if (!tree.used) {
        const inside = tree.kind === "scalar" ? `: ${short(tree.text)}` : "";
        out.push(this.line(tree, `${tree.path}${inside}`));
        return;
      }
      for (const child of tree.entries.values()) visit(child);
      for (const child of tree.items) visit(child);
    };
    visit(this.root);
    return out;
  }

  done(): void { if (this.problems.length > 0) throw wrongFile(this.problems); }
}
