// What the YAML library finds wrong, in our words: what is wrong, and what was probably meant. Nothing that the library says itself is shown to anybody.

import type { ErrorCode } from "yaml";
import { CONTROLS } from "./control.ts";

export interface YamlWords { message: string; help: string | null }
/** An error or a warning of the library. */
export interface YamlFault { code: ErrorCode; message: string; pos: readonly [number, number] }

const QUOTES = "a text that begins with it stands in quotes";
const NAMED = 'an anchor is written "&name", an alias of it "*name"; a text that begins with & or * stands in quotes';
const SPACED = 'a space stands between a key\'s colon and its value, and before a comment\'s "#"';
const TAGS = "no tag is needed here; a text that begins with ! stands in quotes";
const ESCAPES = "in double quotes a backslash begins an escape: write \\\\, or put the text in single quotes";
const CONTENT = "a long text stands deeper than its key, all lines in one column";
const DIRECTIVES = 'lines that begin with % are directives of YAML, and "---" ends them; a text that begins with % stands in quotes';
const LIST_FOR_KEY: [string, string] = ["a list stands where a key is wanted", 'entries ("- ") and keys do not stand in one column, unless the list is the value of the key before it'];

/** The code where the library has one message for it, or messages that mean the same. */
const BY_CODE: Record<ErrorCode, (shown: string) => [message: string, help?: string]> = {
  ALIAS_PROPS: () => ["an alias has no anchor and no tag of its own", NAMED],
  BAD_ALIAS: () => ["an anchor or an alias without a name that can be read", NAMED],
  BAD_COLLECTION_TYPE: (shown) => [`the tag ${shown} is of another kind of value`, TAGS],
  BAD_DIRECTIVE: () => ["a directive that cannot be read", DIRECTIVES],
  BAD_DQ_ESCAPE: () => ["this is no escape", ESCAPES],
  BAD_INDENT: () => ["this stands in the wrong column", "what belongs together begins in one column"],
  BAD_PROP_ORDER: (shown) => [`${shown} stands before the sign that it belongs behind`, "an anchor or a tag stands behind the - of an entry and the colon of a key"],
  BAD_SCALAR_START: (shown) => [`a text cannot begin with ${shown.slice(0, 1)}`, QUOTES],
  BLOCK_AS_IMPLICIT_KEY: () => ["a second key in one line", "put it on a line of its own, or the text with the colon in quotes"],
  BLOCK_IN_FLOW: () => ["inside brackets stands a map or a list without brackets", "is a bracket not closed, or a comma missing?"],
  DUPLICATE_KEY: (shown) => [`${shown} is already there: a name is given once`],
  IMPOSSIBLE: () => ["this cannot be read"],
  KEY_OVER_1024_CHARS: () => ["a key is longer than 1024 characters", "is a quote or a bracket not closed?"],
  MISSING_CHAR: () => ["a sign is missing here"],
  MULTILINE_IMPLICIT_KEY: (shown) => (/^-(?: |$)/.test(shown) ? LIST_FOR_KEY : ["this goes over several lines until its colon, and a key stands in one", "is a colon or a comma missing in the first of them, or a quote not closed?"]),
  MULTIPLE_ANCHORS: () => ["two anchors at one value", NAMED],
  MULTIPLE_DOCS: () => ["a second document begins here: a file is one topology", "put it into a file of its own"],
  MULTIPLE_TAGS: () => ["two tags at one value", TAGS],
  NON_STRING_KEY: () => ["a key is a text, and this is none", "a text that begins with [, {, * or ? stands in quotes"],
  RESOURCE_EXHAUSTION: () => ["nested too deeply"],
  TAB_AS_INDENT: () => ["a tab indents this line", "YAML is indented with spaces alone"],
  TAG_RESOLVE_FAILED: (shown) => [`the tag ${shown} means nothing here`, TAGS],
  UNEXPECTED_TOKEN: (shown) => [`${shown} does not belong here`, "is a comma, a colon or a quote missing before it?"],
};

/** Where messages have no lines of their own for what was meant. */
export const inOneLine = ({ message, help }: YamlWords): string => (help === null ? message : `${message} (${help})`);

/** Where one code is of many messages. They are those of the version that package.json names; tests/unit/topology/yaml-words.test.ts has a text for each. */
const BY_MESSAGE: readonly [RegExp, message: string, help?: string][] = [
  [/^(?:Alias|Anchor) cannot be an empty string$/, "a & or * without a name behind it", NAMED],
  [/^(?:Alias|Anchor) ending in : is ambiguous$/, "the name of this anchor or alias ends with a colon", "a space stands between it and the colon of a key"],
  [/^Invalid escape sequence (.*)$/s, "$1 is no escape", ESCAPES],
  [/^All mapping items must start/, "this key stands in another column than the keys before it", "the keys of one map begin in one column, and all lines of a long text deeper than its key"],
  [/^All sequence items must start/, "this entry stands in another column than the entries before it", "the entries of one list begin in one column"],
  [/^Flow (?:map|sequence) .*end with a ([}\]])$/, "a $1 is missing here", "what stands inside brackets over several lines stands deeper than the key before them"],
  [/^Block scalars with more-indented/, "the empty lines before this text stand deeper than the text", CONTENT],
  [/^Block scalar header includes/, "behind | or > stands a text", "it begins on the next line"],
  [/^A block sequence may not be used/, ...LIST_FOR_KEY],
  [/^Missing closing (['"])/, "a text is not closed: a $1 is missing"],
  [/^Missing , between/, "a comma is missing before this", SPACED],
  [/^Missing , or : between/, "a comma or a colon is missing before this"],
  [/^Comments must be separated/, "a space is missing before #", SPACED],
  [/^Implicit map keys need/, "a key without a colon", 'keys and values are written "key: value"; what goes on from the line before stands deeper than it'],
  [/^Sequence item without/, 'an entry of a list without its "- "', 'entries are written "- value"'],
  [/^Tags and anchors must be separated/, "a space is missing behind an anchor or a tag", NAMED],
  [/^Missing newline after block sequence props/, "a list stands in one line with its anchor or tag", "it begins on the next line"],
  [/^Missing directives-end/, 'the line "---" is missing here', DIRECTIVES],
  [/^Block collection cannot start on same line/, 'a map or a list stands in one line with "---"', "it begins on the next line"],
  [/^Unexpected , in/, "a comma without a value before it"],
  [/^Unexpected block-seq-ind on same line/, "a list stands in one line with its key", "it begins on the next line, or is written [in, brackets]"],
  [/^Unexpected flow-\w+-end token .*"(.)"$/, "$1 closes nothing", "is an opening bracket missing before it, or a quote?"],
  [/^Unexpected \S+ at node end$/, "this does not belong to what stands before it, which has ended", 'is a quote, a comma or a "- " missing?'],
];

/** `begun`: where what is not closed begins, if that is known. */
export function yamlWords({ code, message, pos }: YamlFault, text: string, begun: number | null = null): YamlWords {
  const row = BY_MESSAGE.find(([pattern]) => pattern.test(message));
  if (row === undefined) {
    const [words, help = null] = BY_CODE[code]?.(shown(text, pos)) ?? ["this cannot be read"];
    return { message: words, help };
  }
  const words = row[1].replace("$1", () => short(row[0].exec(message)?.[1] ?? ""));
  const unclosed = begun !== null && /\$1 is missing/.test(row[1]);
  return { message: unclosed ? `${words}: what it closes begins in line ${text.slice(0, begun).split("\n").length}` : words, help: row[2] ?? null };
}

/** What stands there, as far as it can be shown in a line. */
function shown(text: string, [from, to]: readonly [number, number]): string {
  return short(text.slice(from, Math.max(to, from + 1)).split(/[\r\n]/, 1)[0]!);
}

function short(text: string): string {
  const part = text.trim().replace(CONTROLS, "?");
  return part.length > 40 ? `${part.slice(0, 37)}...` : part;
}

/** Errors that the library throws when it makes plain values of what it read. */
export function yamlValueWords(error: unknown): YamlWords {
  const message = error instanceof Error ? error.message : "";
  const alias = /^Unresolved alias .*: (.*)$/s.exec(message)?.[1];
  if (alias !== undefined) return { message: `there is no anchor &${short(alias)} before this alias`, help: NAMED };
  if (message.startsWith("Merge sources must be")) return { message: "<< merges maps, and this is none", help: "it takes an alias of a map, or a list of such aliases" };
  return { message: error instanceof RangeError ? "nested too deeply" : "this cannot be read", help: null };
}
