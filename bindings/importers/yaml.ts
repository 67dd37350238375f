// YAML as a tree that knows its places, with aliases and merges worked out.

import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Node as YamlNode, type Document } from "yaml";
import { tooDeep } from "../yaml-depth.ts";
import { inOneLine, yamlWords } from "../yaml-words.ts";
import { DEPTH_MAX, short, Tree } from "./tree.ts";

/** Aliases and merges multiply what is written: a file stands for no more than this. */
const NODES_MAX = 2_000_000;

export type Fail = (at: number, what: string) => never;

export function readYaml(text: string, fail: Fail): Tree {
  const deep = tooDeep(text);
  if (deep !== null) return fail(deep, "nested too deeply");
  let doc: Document.Parsed;
  try {
    doc = parseDocument(text, { version: "1.2", merge: true, uniqueKeys: false, lineCounter: new LineCounter(), prettyErrors: false, logLevel: "error" });
  } catch (e) {
    return fail(0, e instanceof RangeError ? "nested too deeply" : "not readable as YAML");
  }
  const [first] = doc.errors;
  if (first !== undefined) return fail(first.pos[0], inOneLine(yamlWords(first, text)));
  return new YamlTree(doc, fail).tree(doc.contents as YamlNode | null, "", 0);
}

class YamlTree {
  readonly #doc: Document.Parsed;
  readonly #fail: Fail;
  #nodes = 0;

  constructor(doc: Document.Parsed, fail: Fail) {
    this.#doc = doc;
    this.#fail = fail;
  }

  tree(node: YamlNode | null, path: string, depth: number): Tree {
    const at = node?.range?.[0] ?? 0;
    this.#nodes += 1;
    if (depth > DEPTH_MAX) this.#fail(at, "nested too deeply");
    if (this.#nodes > NODES_MAX) this.#fail(at, "aliases of aliases stand for more than a file can mean");
    if (isAlias(node)) return this.tree(node.resolve(this.#doc) ?? this.#fail(at, `there is no anchor &${node.source}`), path, depth + 1);
    if (isMap(node)) return this.#map(node, at, path, depth);
    if (isSeq(node)) {
      const out = new Tree("list", at, path);
      for (const [i, item] of node.items.entries()) out.items.push(this.tree(item as YamlNode | null, `${path}[${i}]`, depth + 1));
      return out;
    }
    if (!isScalar(node) || node.value === null) return new Tree("empty", at, path);
    return new Tree("scalar", at, path, typeof node.value === "string" ? node.value : (node.source ?? String(node.value)));
  }

  #map(node: { items: readonly { key: unknown; value: unknown }[] }, at: number, path: string, depth: number): Tree {
    const out = new Tree("map", at, path);
    const merged: Tree[] = [];
    for (const { key, value } of node.items) {
      const name = isScalar(key) ? (typeof key.value === "string" ? key.value : (key.source ?? String(key.value))) : "?";
      const keyAt = (key as YamlNode | null)?.range?.[0] ?? at;
      const under = path === "" ? name : `${path}.${name}`;
      const child = this.tree(value as YamlNode | null, under, depth + 1);
      if (name === "<<" && child.kind !== "scalar") { merged.push(...(child.kind === "list" ? child.items : [child])); continue; }
      if (out.entries.has(name)) this.#fail(keyAt, `"${short(name)}" is given twice`);
      out.entries.set(name, child.kind === "empty" ? new Tree("empty", keyAt, under) : child);
    }
    for (const from of merged) for (const [name, child] of from.entries) if (!out.entries.has(name)) out.entries.set(name, child);
    return out;
  }
}
