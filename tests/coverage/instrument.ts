// A source of the engine, with a bit that is set wherever the way through it may fork: at the beginning of a function, of an arm, of a loop's body, of a case, of
// what stands behind a statement that may jump away, and of the right side of && and ||. An `if` without `else` is given one, to see that it was ever false.
//
// It is done to the source and not to the module, because an inlined or generic function is one place of the source and many of the module, and because what is
// not compiled at all is to be seen, too. Lines stay what they are.

import { type Fields, Insertions, isFunction, type Node, parse, parts, placesOf } from "./syntax.ts";

export interface Point { file: string; line: number; column: number; within: string; kind: Kind }
export type Kind = "function" | "then" | "else" | "never false" | "loop" | "case" | "rest" | "right side" | "first choice" | "second choice";

/** A word holds the bits of this many points. */
export const WORD_BITS = 64;

/** Adds the file's points to `points`: a point's number is its bit. */
export function instrument(file: string, text: string, points: Point[], wordsFrom: string): string {
  const first = points.length;
  const into = new Insertions();
  new Marker(file, text, points, into).visit(parse(text));
  const words = new Set(Array.from({ length: points.length - first }, (_, i) => wordOf(first + i)));
  if (words.size > 0) into.open(0, `import { ${[...words].join(", ")} } from "${wordsFrom}"; `);
  return into.into(text);
}

const wordOf = (point: number): string => `covered${Math.floor(point / WORD_BITS)}`;

/** What declares the words: mutable globals that whoever starts the module brings along, so that all instances of a process share them and no snapshot takes them back. */
export function declareWords(points: number): string {
  return Array.from({ length: Math.ceil(points / WORD_BITS) }, (_, i) => `@external("coverage", "${i}")\nexport declare let ${wordOf(i * WORD_BITS)}: u64;\n`).join("");
}

class Marker {
  private readonly file: string;
  private readonly points: Point[];
  private readonly into: Insertions;
  private readonly placeOf: (offset: number) => { line: number; column: number };
  private within = "";

  constructor(file: string, text: string, points: Point[], into: Insertions) {
    [this.file, this.points, this.into, this.placeOf] = [file, points, into, placesOf(text)];
  }

  visit(node: Fields, name = ""): void {
    const outer = this.within;
    if (isFunction(node)) this.within = node["id"]?.name ?? (name || outer);
    if (this.within !== "") this.mark(node);
    const inner = isFunction(node) ? [node["body"] as Fields] : parts(node);
    for (const part of inner) this.visit(part, node.type === "MethodDefinition" ? node["key"].name : name);
    this.within = outer;
  }

  private mark(node: Fields): void {
    switch (node.type) {
      case "FunctionDeclaration": case "FunctionExpression":
        if (node["body"] !== null) this.into.open(node["body"].start + 1, ` ${this.hit("function", node)};`);
        break;
      case "IfStatement":
        if (node["alternate"] !== null) this.arm("else", node["alternate"]);
        else if (!leaves(node["consequent"])) this.into.close(node.end, ` else { ${this.hit("never false", node)}; }`);
        this.arm("then", node["consequent"]);
        break;
      case "ForStatement": case "ForOfStatement": case "WhileStatement": case "DoWhileStatement": this.arm("loop", node["body"]); break;
      case "SwitchCase": {
        const [first] = node["consequent"] as Node[];
        if (first !== undefined) this.before("case", first);
        this.list(node["consequent"]);
        break;
      }
      case "BlockStatement": this.list(node["body"]); break;
      case "LogicalExpression": this.expression("right side", node["right"]); break;
      case "ConditionalExpression":
        this.expression("first choice", node["consequent"]);
        this.expression("second choice", node["alternate"]);
        break;
    }
  }

  private list(statements: Fields[]): void {
    statements.forEach((statement, i) => { if (i > 0 && jumps(statements[i - 1]!)) this.before("rest", statement); });
  }

  private arm(kind: Kind, body: Node): void {
    if (body.type === "BlockStatement") { this.into.open(body.start + 1, ` ${this.hit(kind, body)};`); return; }
    this.into.open(body.start, `{ ${this.hit(kind, body)}; `);
    this.into.close(body.end, " }");
  }

  private before(kind: Kind, statement: Node): void { this.into.open(statement.start, `${this.hit(kind, statement)}; `); }

  private expression(kind: Kind, node: Node): void {
    this.into.open(node.start, `(${this.hit(kind, node)}, `);
    this.into.close(node.end, ")");
  }

  private hit(kind: Kind, node: Node): string {
    const point = this.points.push({ file: this.file, ...this.placeOf(node.start), within: this.within, kind }) - 1;
    return `${wordOf(point)} |= 0x${(1n << BigInt(point % WORD_BITS)).toString(16)}`;
  }
}

const JUMPS = ["ReturnStatement", "BreakStatement", "ContinueStatement", "ThrowStatement"];

const jumps = (node: Node): boolean => !isFunction(node) && (JUMPS.includes(node.type) || parts(node).some(jumps));

/** Does nothing stand behind it? */
function leaves(node: Fields): boolean {
  if (node.type === "BlockStatement") return node["body"].length > 0 && leaves(node["body"].at(-1));
  return JUMPS.includes(node.type);
}
