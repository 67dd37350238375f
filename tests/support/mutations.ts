// Texts made wrong in the ways that files go wrong: lines lost, doubled and swapped, words exchanged for odd ones, cut off, glued together.

import fc from "fast-check";

/** Words that have broken readers before, or could. */
const WORDS = [
  "", "0", "-1", "1", "65536", "4095", "99999999999999999999", "1e9", "NaN", "null", "true", "~", "__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "..", "../../etc/passwd", "/etc/passwd",
  "a..b", "1..3", "x1..2", "a--b", "a -- b", "a:b", "::", "{", "}", "[", "]", "\"", "'", "\\", "#", "!", "&a", "*a", "<<", "|", ">", "%", "\u0000", "\u202e", "\ud800", "é", "🙂", " ", "\t", "\r", "\ufeff",
  "10.0.0.0/0", "10.0.0.1/33", "255.255.255.255/32", "0.0.0.0", "999.1.1.1", "fe80::1", "Ethernet1", "Eth1/1", "Po1", "Vlan1", "leaf1", "leaf2", "bond0", "x".repeat(300), "9".repeat(300),
];

type Change = (lines: string[], a: number, b: number, word: string) => string[];
const CHANGES: readonly Change[] = [
  (lines, a) => lines.filter((_, i) => i !== a),
  (lines, a, b) => [...lines.slice(0, b), lines[a]!, ...lines.slice(b)],
  (lines, a, b) => lines.map((line, i) => (i === a ? lines[b]! : i === b ? lines[a]! : line)),
  (lines, a, b, word) => lines.map((line, i) => (i === a ? replaced(line, b, word) : line)),
  (lines, a, b, word) => lines.map((line, i) => (i === a ? replaced(line, b, word) : line)),
  (lines, a, b) => lines.map((line, i) => (i === a ? replaced(line, b, wordOf(lines[b]!, a)) : line)),
  (lines, a, b) => lines.map((line, i) => (i === a ? line.slice(0, b % (line.length + 1)) : line)),
  (lines, a) => lines.slice(0, a),
  (lines, a, _b, word) => [...lines.slice(0, a), word, ...lines.slice(a)],
  (lines, a, b) => lines.map((line, i) => (i === a ? " ".repeat(b % 9) + line.trimStart() : line)),
  (lines, a, b, word) => lines.map((line, i) => { const at = b % (line.length + 1); return i === a ? line.slice(0, at) + word + line.slice(at) : line; }),
  (lines, a, b) => [...lines.slice(0, a), ...lines.slice(Math.min(a, b), Math.min(a, b) + 20), ...lines.slice(a)],
];

const SPLIT = /[\s,:="{}[\]|/]+/;
function wordOf(line: string, n: number): string {
  const words = line.split(SPLIT).filter((w) => w !== "");
  return words[n % Math.max(1, words.length)] ?? "";
}
function replaced(line: string, n: number, word: string): string {
  const old = wordOf(line, n);
  if (old === "") return line + word;
  const at = line.indexOf(old);
  return line.slice(0, at) + word + line.slice(at + old.length);
}

const change = fc.record({ what: fc.nat(CHANGES.length - 1), a: fc.nat(), b: fc.nat(), word: fc.nat(WORDS.length - 1) });
export const changes = fc.array(change, { minLength: 1, maxLength: 6 });
export type Changes = { what: number; a: number; b: number; word: number }[];

export function mutated(text: string, list: Changes): string {
  let lines = text.split("\n");
  for (const { what, a, b, word } of list) {
    const n = Math.max(1, lines.length);
    lines = CHANGES[what]!(lines.length === 0 ? [""] : lines, a % n, b % n, WORDS[word]!).slice(0, 2000);
  }
  return lines.join("\n");
}

/** How many cases: some thousands in every run, as many as DUALHOME_CASES says by hand. */
export const CASES = Number(process.env["DUALHOME_CASES"] ?? 1200);
export const SEED = Number(process.env["DUALHOME_SEED"] ?? 1);
