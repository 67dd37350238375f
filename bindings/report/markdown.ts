// Markdown for tickets, wikis and pull requests.

export interface MarkdownTable { head: readonly string[]; rows: readonly (readonly string[])[]; numeric?: readonly number[] }

/** A table whose source can be read, too, while it is narrow. */
export function markdownTable({ head, rows, numeric = [] }: MarkdownTable): string {
  const cells = [head, ...rows].map((row) => row.map(inCell));
  const widths = head.map((_, column) => Math.min(WIDEST, Math.max(3, ...cells.map((row) => (row[column] ?? "").length))));
  const line = (row: readonly string[]): string => `| ${widths.map((width, i) => (numeric.includes(i) ? (row[i] ?? "").padStart(width) : (row[i] ?? "").padEnd(width))).join(" | ")} |`;
  const rule = `|${widths.map((width, i) => (numeric.includes(i) ? `${"-".repeat(width + 1)}:` : "-".repeat(width + 2))).join("|")}|`;
  return [line(cells[0]!), rule, ...cells.slice(1).map(line)].join("\n");
}

const WIDEST = 40;

/** What would end a cell or begin something else. */
function inCell(text: string): string { return inText(text).replace(/\|/g, "\\|").replace(/\s*\n\s*/g, " "); }

/** Names and sentences as they are: nothing of them is markup. */
export function inText(text: string): string { return text.replace(/([\\`*_[\]<>#])/g, (mark, _at, place: number) => (mark === "_" && wordAround(text, place) ? mark : `\\${mark}`)); }

/** An underscore in the middle of a word marks nothing. */
function wordAround(text: string, at: number): boolean { return /\w/.test(text[at - 1] ?? " ") && /\w/.test(text[at + 1] ?? " "); }

export function heading(level: number, text: string): string { return `${"#".repeat(level)} ${inText(text)}`; }
