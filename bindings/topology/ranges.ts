// Names, and ranges of names: srv1..4, srv01..12, rack1..2-srv1..4. Brackets would break YAML's flow lists.

const RANGE = /^(.*?)(\d+)\.\.(\d+)(.*)$/s;
const NAMES_MAX = 100_000;

/** No colon, slash or double dash: those join names in ports, targets and links. */
const NODE_NAME = /^[A-Za-z0-9](?:[A-Za-z0-9_.]|-(?!-))*$/;
const PORT_NAME = /^[A-Za-z0-9](?:[A-Za-z0-9_./]|-(?!-))*$/;

/** Every name that a range stands for, in order. Throws a RangeError that says what is wrong. */
export function expandRange(text: string): string[] {
  const match = RANGE.exec(text);
  if (match === null) return [text];
  const [, prefix = "", first = "", last = "", rest = ""] = match;
  const from = Number(first);
  const to = Number(last);
  if (!Number.isSafeInteger(to) || to < from) throw new RangeError(`range "${text}" runs backwards`);
  if (to - from >= NAMES_MAX) throw new RangeError(`range "${text}" stands for more than ${NAMES_MAX} names`);
  const tails = expandRange(rest);
  if ((to - from + 1) * tails.length > NAMES_MAX) throw new RangeError(`range "${text}" stands for more than ${NAMES_MAX} names`);
  const width = first.startsWith("0") ? first.length : 0;
  const names: string[] = [];
  for (let n = from; n <= to; n++) {
    const number = String(n).padStart(width, "0");
    for (const tail of tails) names.push(prefix + number + tail);
  }
  return names;
}

export const isNodeName = (name: string): boolean => NODE_NAME.test(name) && name.length <= 64;
export const isPortName = (name: string): boolean => PORT_NAME.test(name) && name.length <= 64;

/** "leaf1:Eth1/1" → ["leaf1", "Eth1/1"]; null without a colon. */
export function splitPort(text: string): [string, string] | null {
  const at = text.indexOf(":");
  return at < 0 ? null : [text.slice(0, at).trim(), text.slice(at + 1).trim()];
}

/** "a:Eth1 -- b:Eth1" → ["a:Eth1", "b:Eth1"]; null if it is not that. */
export function splitLink(text: string): [string, string] | null {
  const parts = text.split("--").map((part) => part.trim());
  const [a, b] = parts;
  return parts.length === 2 && a !== undefined && b !== undefined && a !== "" && b !== "" ? [a, b] : null;
}
