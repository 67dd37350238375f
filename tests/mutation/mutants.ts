// Small changes of a source, each of which some test should notice.

import { type Fields, type Node, parse, parts, placesOf } from "../coverage/syntax.ts";

export interface Mutant { start: number; end: number; text: string; line: number; column: number }

const SWAPPED: Record<string, string> = {
  "<": "<=", "<=": "<", ">": ">=", ">=": ">", "===": "!==", "!==": "===", "+": "-", "-": "+", "*": "/", "/": "*", "%": "*", "&&": "||", "||": "&&", "&": "|", "|": "&",
  "+=": "-=", "-=": "+=",
};
const OTHER_NAME = new Map([["some", "every"], ["every", "some"], ["min", "max"], ["max", "min"]]);
const LEFT_OUT = ["filter", "sort", "reverse"];

export function mutantsOf(source: string): Mutant[] {
  const placeOf = placesOf(source);
  const found: Mutant[] = [];
  const change = (node: Node, text: string): void => { found.push({ start: node.start, end: node.end, text, ...placeOf(node.start) }); };
  const textOf = (node: Node): string => `(${source.slice(node.start, node.end)})`; // what bound it to its place is not of the node
  const visit = (node: Fields): void => {
    if (isType(node)) return;
    mutate(node, change, textOf);
    for (const part of parts(node)) visit(part);
  };
  visit(parse(source));
  return found;
}

/** Types are gone when a program runs; what is said of an expression's type is not. */
function isType(node: Node): boolean {
  return node.type === "ImportDeclaration" || (node.type.startsWith("TS") && !["TSAsExpression", "TSNonNullExpression", "TSSatisfiesExpression"].includes(node.type));
}

function mutate(node: Fields, change: (node: Node, text: string) => void, textOf: (node: Node) => string): void {
  switch (node.type) {
    case "BinaryExpression": case "LogicalExpression": case "AssignmentExpression": {
      const other = SWAPPED[node["operator"]];
      if (other !== undefined) change(node, node.type === "AssignmentExpression" ? `${textOf(node["left"])} ${other} ${textOf(node["right"])}` : `(${textOf(node["left"])} ${other} ${textOf(node["right"])})`);
      if (node["operator"] === "??") change(node, textOf(node["left"]));
      break;
    }
    case "ConditionalExpression": change(node, `(${textOf(node["test"])} ? ${textOf(node["alternate"])} : ${textOf(node["consequent"])})`); break;
    case "UnaryExpression": if (node["operator"] === "!") change(node, textOf(node["argument"])); break;
    case "Literal":
      if (typeof node["value"] === "boolean") change(node, String(!node["value"]));
      if (typeof node["value"] === "number") change(node, String(node["value"] + 1));
      if (typeof node["value"] === "bigint") change(node, `${node["value"] + 1n}n`);
      break;
    case "IfStatement":
      change(node["test"], "true");
      change(node["test"], "false");
      break;
    case "ExpressionStatement": case "ContinueStatement": change(node, ";"); break;
    case "ReturnStatement": if (node["argument"] === null) change(node, ";"); break;
    case "CallExpression": {
      const { type, object, property } = node["callee"] as Fields;
      if (type !== "MemberExpression") break;
      if (LEFT_OUT.includes(property.name)) change(node, textOf(object));
      const other = OTHER_NAME.get(property.name);
      if (other !== undefined) change(property, other);
    }
  }
}

/** So many of them, drawn with a seed; the same ones each time, in the same order. */
export function sample<T>(all: readonly T[], count: number, seed: number): T[] {
  let state = seed >>> 0;
  const random = (): number => { // a step of Weyl's sequence, then mixed: well enough spread for a choice
    state = (state + 0x9e3779b9) >>> 0;
    let x = state;
    x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
    x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
    return (x ^ (x >>> 16)) >>> 0;
  };
  const rank = new Map(all.map((item) => [item, random()]));
  return [...all].sort((a, b) => rank.get(a)! - rank.get(b)!).slice(0, count);
}
