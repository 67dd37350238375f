// CSV (RFC 4180) with places.

export interface Cell { text: string; line: number; col: number }

/** Rows of cells; "problem": a quote that is not closed. */
export function readCsv(text: string): { rows: Cell[][]; problem: Cell | null } {
  const rows: Cell[][] = [];
  let row: Cell[] = [];
  let [at, line, lineStart] = [text.startsWith("\ufeff") ? 1 : 0, 1, 0];
  const end = (): void => {
    if (row.length > 1 || (row[0] !== undefined && row[0].text !== "")) rows.push(row);
    row = [];
  };
  while (at <= text.length) {
    const cell: Cell = { text: "", line, col: at - lineStart + 1 };
    if (text[at] === '"') {
      const parts: string[] = [];
      let from = at + 1;
      for (;;) {
        const close = text.indexOf('"', from);
        if (close < 0) return { rows, problem: cell };
        parts.push(text.slice(from, close));
        at = close + 1;
        if (text[at] !== '"') break;
        parts.push('"');
        from = at + 1;
      }
      cell.text = parts.join("");
      for (let n = text.indexOf("\n", lineStart); n >= 0 && n < at; n = text.indexOf("\n", n + 1)) { line += 1; lineStart = n + 1; }
    }
    const from = at;
    while (at < text.length && text[at] !== "," && text[at] !== "\n") at += 1;
    cell.text += text.slice(from, at).replace(/\r$/, "");
    row.push(cell);
    if (text[at] !== ",") { end(); line += 1; lineStart = at + 1; }
    at += 1;
  }
  return { rows, problem: null };
}
