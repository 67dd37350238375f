// The tools that measure the tests: what they count, and what they change.

import assert from "node:assert/strict";
import { test } from "node:test";
import { instrument, type Point } from "../../coverage/instrument.ts";
import { mutantsOf, sample } from "../../mutation/mutants.ts";

/** The bits of a function of numbers that are set when it is called. */
function bits(body: string, ...calls: number[][]): string[] {
  const points: Point[] = [];
  const text = instrument("f", `function f(a, b) {${body}}`, points, "words").replace(/^import [^;]*; /, "").replaceAll(/0x[0-9a-f]+/g, "$&n");
  const words = new Function("calls", `let covered0 = 0n; ${text}\nfor (const c of calls) f(...c); return covered0;`)(calls) as bigint;
  return points.filter((_, i) => words >> BigInt(i) & 1n).map(({ kind, column }) => `${kind} ${column - "function f(a, b) {".length}`);
}

test("an arm, and what is behind a jump, is reached where the program goes there", () => {
  assert.deepEqual(bits("if (a) return 1; return 2;", [1]), ["function -17", "then 8"]);
  assert.deepEqual(bits("if (a) return 1; return 2;", [0]), ["function -17", "rest 18"]);
  assert.deepEqual(bits("if (a) b = 1;", [1]).length, 2);
  assert.deepEqual(bits("if (a) b = 1;", [0]), ["function -17", "never false 1"]);
  assert.deepEqual(bits("while (a-- > 0) if (a > b) continue; else b++;", [1, 0]), ["function -17", "loop 17", "else 43"]);
});

test("so are the sides of && and ||, the choices of ?:, and cases", () => {
  assert.deepEqual(bits("return a && b;", [0, 1]), ["function -17"]);
  assert.deepEqual(bits("return a || b;", [0, 1]), ["function -17", "right side 13"]);
  assert.deepEqual(bits("return a ? 1 : 2;", [0]), ["function -17", "second choice 16"]);
  assert.deepEqual(bits("switch (a) { case 1: b = 1; break; case 2: default: b = 2; }", [2]), ["function -17", "case 53"]);
});

test("lines stay, and what functions give stays", () => {
  const text = "@inline\nexport function f(a: i32): i32 {\n  // why\n  if (a > 1 && a < 9)\n    return a;\n  else return a == 0 ? 1 : 2;\n}\n";
  const points: Point[] = [];
  assert.equal(instrument("f", text, points, "words").split("\n").length, text.split("\n").length);
  assert.deepEqual(points.map((p) => p.line), [2, 6, 5, 4, 6, 6], "function, else, then, right side, two choices");
  const give = instrument("f", "function f(a) { const g = () => a > 1 && a < 9; return g() ? 1 : 2; }", [], "words").replace(/^import [^;]*; /, "");
  assert.deepEqual(new Function(`let covered0 = 0; ${give} return [0, 5, 9].map(f);`)(), [2, 1, 2]);
});

/** The text after each change. */
const changed = (text: string): string[] => mutantsOf(text).map((m) => (text.slice(0, m.start) + m.text + text.slice(m.end)).replaceAll(/[()]/g, ""));

test("each operator is changed once, types are not", () => {
  assert.deepEqual(changed("x = a < b;"), [";", "x = a <= b;"]);
  assert.deepEqual(changed("x = a ?? 1;"), [";", "x = a;", "x = a ?? 2;"]);
  assert.deepEqual(changed("const x: 1 | 2 = y as 3;"), []);
  assert.deepEqual(changed("const x = l.filter(f).some(g);"), ["const x = l.filterf.everyg;", "const x = l.someg;"]);
  assert.deepEqual(changed("if (!a) b();"), ["if true b;", "if false b;", "if a b;", "if !a ;"]);
});

test("a change does not reach beyond its place: what bound it stays bound", () => {
  const value = (text: string): unknown[] => mutantsOf(text).map((m) => new Function(`return ${text.slice(0, m.start)}${m.text}${text.slice(m.end)}`)());
  assert.deepEqual(value("2 * (3 + 4)"), [undefined, 2 / 7, 3 * 7, 2 * (3 - 4), 2 * (4 + 4), 2 * (3 + 5)]);
});

test("a sample is the same each time, and another with another seed", () => {
  const all = Array.from({ length: 1000 }, (_, i) => i);
  assert.deepEqual(sample(all, 20, 1), sample(all, 20, 1));
  assert.notDeepEqual(sample(all, 20, 1), sample(all, 20, 2));
  assert.equal(sample(all, 20, 1).length, 20);
  const halves = sample(all, 500, 3).filter((i) => i < 500).length;
  assert.ok(Math.abs(halves - 250) < 4 * Math.sqrt(1000 / 16), `${halves} of the first half: four standard deviations of a draw without return`);
});
