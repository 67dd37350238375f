// How deep a YAML or JSON text nests, judged before it is parsed. Parsers recurse, and one that runs out of stack does not always come back: V8 gives the
// whole process up when it has to compile a regular expression on the last of it.

export const NESTING_MAX = 400;

/** Where nesting goes deeper than anybody writes; null: it does not. Brackets in texts count, too: nobody writes so many that stay open. */
export function tooDeep(text: string): number | null {
  let open = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 0x5b || c === 0x7b) { // [ {
      open += 1;
      if (open > NESTING_MAX) return i;
    } else if ((c === 0x5d || c === 0x7d) && open > 0) open -= 1; // ] }
    else if (c === 0x0a || i === 0) {
      const end = indicators(text, c === 0x0a ? i + 1 : i);
      if (end !== null) return end;
    }
  }
  return null;
}

/** Blanks and "- ", "? ", ": " at the head of a line: each may be a level. */
function indicators(text: string, from: number): number | null {
  let [levels, blanks] = [0, 0];
  for (let i = from; i < text.length; i++) {
    const c = text[i]!;
    if (c === " " || c === "\t") blanks += 1;
    else if ((c === "-" || c === "?" || c === ":") && (text[i + 1] === " " || text[i + 1] === "\t")) levels += 1;
    else return null;
    if (levels > NESTING_MAX || blanks > 4 * NESTING_MAX) return i;
  }
  return null;
}
