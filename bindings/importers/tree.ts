// A part of a YAML or JSON text that knows where it stands and whether it was read.

export class Tree {
  readonly kind: "map" | "list" | "scalar" | "empty";
  /** where it begins in the text */
  readonly at: number;
  /** the key that it stands under, or the number in its list, with those of what encloses it */
  readonly path: string;
  /** a scalar, as it is written */
  readonly text: string;
  readonly entries = new Map<string, Tree>();
  readonly items: Tree[] = [];
  used = false;

  constructor(kind: Tree["kind"], at: number, path: string, text = "") {
    this.kind = kind;
    this.at = at;
    this.path = path;
    this.text = text;
  }
}

export const DEPTH_MAX = 100;

export const short = (text: string): string => (text.length > 80 ? `${text.slice(0, 77)}...` : text).replace(/[\u0000-\u001f\u007f]/g, " ");

export function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}
export function placeOf(starts: readonly number[], offset: number): { line: number; col: number } {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle]! <= offset) low = middle; else high = middle - 1;
  }
  return { line: low + 1, col: offset - starts[low]! + 1 };
}
