// Where a place in the text is in the document, however unfinished the text is: what is being written there is replaced by a mark, which
// the parser, that goes on after mistakes, then has somewhere.

import { isMap, isPair, isScalar, isSeq, parseDocument, type Document, type Node, type Pair } from "yaml";
import type { Path } from "./schema.ts";

export interface Place {
  /** of what is written there: of a key, that of the map it is in */
  path: Path;
  kind: "key" | "value";
  /** a value that begins a line may be the first key of a map */
  firstKey: boolean;
  /** keys that the map has */
  siblings: string[];
  from: number;
  to: number;
  /** the file as it is without what is being written */
  document: unknown;
}

const MARK = "\uE000here";
/** What ends a word: names have colons and slashes in them. */
const ENDS = /[\s,{}[\]"'#]/;
/** Beyond, nobody types by hand. */
const LENGTH_MAX = 1 << 20;

export function wordAt(text: string, offset: number): { from: number; to: number } {
  let [from, to] = [offset, offset];
  while (from > 0 && !ENDS.test(text[from - 1]!)) from--;
  while (to < text.length && !ENDS.test(text[to]!)) to++;
  return { from, to };
}

export function placeAt(text: string, offset: number): Place | null {
  if (text.length > LENGTH_MAX || inComment(text, offset)) return null;
  const word = wordAt(text, offset);
  // A key is followed by its colon, which is part of no name.
  const isKey = text[word.to - 1] === ":" && word.to > offset - 1;
  const to = isKey ? Math.max(word.to - 1, word.from) : word.to;
  const document = parseDocument(text.slice(0, word.from) + MARK + text.slice(to), { logLevel: "silent", prettyErrors: false });
  const found = document.contents === null ? null : search(document.contents, []);
  if (found === null) return null;
  const before = text.slice(text.lastIndexOf("\n", word.from - 1) + 1, word.from);
  return { ...found, firstKey: found.kind === "value" && /^\s*(- +)?$/.test(before), from: word.from, to, document: plain(document) };
}

type Found = Pick<Place, "path" | "kind" | "siblings">;
const marked = (node: unknown): boolean => isScalar(node) && typeof node.value === "string" && node.value.includes(MARK);

function search(node: Node, path: Path): Found | null {
  if (marked(node)) return { path, kind: "value", siblings: [] };
  if (isMap(node)) {
    const keys = node.items.map(({ key }) => (isScalar(key) ? String(key.value) : ""));
    for (const [i, { key, value }] of (node.items as Pair<Node, Node | null>[]).entries()) {
      if (marked(key)) return { path, kind: "key", siblings: keys.filter((_, k) => k !== i) };
      const inside = value === null ? null : search(value, [...path, keys[i]!]);
      if (inside !== null) return inside;
    }
  }
  if (isSeq(node)) {
    for (const [i, item] of node.items.entries()) {
      const inside = isPair(item) ? null : search(item as Node, [...path, i]);
      if (inside !== null) return inside;
    }
  }
  return null;
}

function inComment(text: string, offset: number): boolean {
  const line = text.slice(text.lastIndexOf("\n", offset - 1) + 1, offset);
  return /(^|\s)#/.test(line.replace(/"[^"]*"|'[^']*'/g, ""));
}

function plain(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch {
    return {}; // aliases that lead nowhere, or too far: no names then
  }
}
