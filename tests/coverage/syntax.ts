// Syntax trees of TypeScript, and of AssemblyScript, which is TypeScript but for its decorators of functions.

import { parseAst } from "vite";

export interface Node { type: string; start: number; end: number }

/** The node's own fields: what they hold depends on its type. */
export type Fields = Node & Record<string, any>;

export function parse(text: string): Fields {
  return parseAst(text.replace(/^([ \t]*)@(inline)\b/gm, (all) => " ".repeat(all.length)), { lang: "ts" }) as unknown as Fields;
}

/** What a node consists of, in the order of the text. */
export function parts(node: Node): Fields[] {
  const isNode = (value: unknown): value is Fields => typeof (value as Node | null)?.type === "string";
  return Object.values(node).flat().filter(isNode).sort((a, b) => a.start - b.start);
}

export const isFunction = (node: Node): boolean => ["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"].includes(node.type);

/** `line:column` of offsets in a text, from 1. */
export function placesOf(text: string): (offset: number) => { line: number; column: number } {
  const starts = [0, ...Array.from(text.matchAll(/\n/g), (m) => m.index + 1)];
  return (offset) => {
    let line = starts.length;
    while (starts[line - 1]! > offset) line--;
    return { line, column: offset - starts[line - 1]! + 1 };
  };
}

/** Pieces that are put into a text. At one offset what closes comes before what opens; inner pairs close first and open last. */
export class Insertions {
  private readonly opens = new Map<number, string>();
  private readonly closes = new Map<number, string>();

  open(at: number, text: string): void { this.opens.set(at, (this.opens.get(at) ?? "") + text); }
  close(at: number, text: string): void { this.closes.set(at, text + (this.closes.get(at) ?? "")); }

  into(text: string): string {
    let out = "";
    let from = 0;
    for (const at of [...new Set([...this.opens.keys(), ...this.closes.keys()])].sort((a, b) => a - b)) {
      out += text.slice(from, at) + (this.closes.get(at) ?? "") + (this.opens.get(at) ?? "");
      from = at;
    }
    return out + text.slice(from);
  }
}
