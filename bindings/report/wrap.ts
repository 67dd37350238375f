// Lines that are not longer than they may be.

/** A line that begins with words in colour, wrapped under itself. */
export function hanging(head: string, painted: string, rest: string, indent: number, width: number): string {
  const [first = "", ...more] = wrapped(`${head}${rest}`, Math.max(width - indent, 24));
  const lines = first.startsWith(head) ? [`${painted}${first.slice(head.length)}`, ...more] : [first, ...more];
  return lines.map((line, i) => `${" ".repeat(i === 0 ? indent - 2 : indent)}${line}`).join("\n");
}

/** Lines of whole words. */
export function wrapped(words: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of words.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** What a terminal takes for colour. */
const COLOUR = /\u001b\[[\d;]*m/g;

/** How far a line is from the margin, whatever its colour. */
const HEAD = /^(\u001b\[[\d;]*m)* */;

const OF_TABLE = /^[┌├│└]/;

/** Columns that a line takes on a terminal. */
export function columnsOf(line: string): number { return [...line.replace(COLOUR, "")].length; }

/** The same text, in which each longer line goes on under itself. Tables know their width themselves. */
export function fitted(text: string, width: number): string {
  return text.split("\n").map((line) => (columnsOf(line) <= width || OF_TABLE.test(line) ? line : broken(line, width))).join("\n");
}

function broken(line: string, width: number): string {
  const head = HEAD.exec(line)![0];
  const indent = Math.min(columnsOf(head) + 2, 8);
  const lines: string[] = [];
  let now = head;
  let empty = true;
  for (const word of line.slice(head.length).trimEnd().split(/(?<=\S)(?= )/)) {
    const next = empty ? word.trimStart() : word;
    if (!empty && columnsOf(now) + columnsOf(next) > width) {
      lines.push(now);
      now = " ".repeat(indent) + word.trimStart();
    } else now += next;
    empty = false;
    for (; now.length > width && columnsOf(now) === now.length; now = " ".repeat(indent) + now.slice(width)) lines.push(now.slice(0, width)); // a word without an end
  }
  return [...lines, now].join("\n");
}

/** A cell of a table: whole words where they fit; a longer one is parted behind a colon, a slash or a hyphen, or where the column ends. */
export function cellLines(text: string, width: number): string[] {
  const words = text.split(" ").flatMap((word) => parted(word, width));
  const lines: string[] = [];
  for (const { piece, joined } of words) {
    const last = lines.at(-1);
    const gap = joined ? "" : " ";
    if (last !== undefined && [...last].length + gap.length + [...piece].length <= width) lines[lines.length - 1] = `${last}${gap}${piece}`;
    else lines.push(piece);
  }
  return lines;
}

/** `joined`: it goes on where the piece before ends. */
function parted(word: string, width: number): { piece: string; joined: boolean }[] {
  const pieces: { piece: string; joined: boolean }[] = [];
  let rest = [...word];
  while (rest.length > width) {
    const at = rest.findLastIndex((c, i) => i > 0 && i < width && ":/-".includes(c)) + 1;
    const end = at > 0 ? at : width;
    pieces.push({ piece: rest.slice(0, end).join(""), joined: pieces.length > 0 });
    rest = rest.slice(end);
  }
  return [...pieces, { piece: rest.join(""), joined: pieces.length > 0 }];
}
