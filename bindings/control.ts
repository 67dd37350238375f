// Characters that are no text: they would write over a terminal's lines, or turn the order of what is read (UAX #9, explicit directional formatting).

/** All of C0 but tab and the ends of lines, DEL, C1, line and paragraph separators, and what turns the direction of writing. */
export const CONTROLS = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/** The first of them as "U+001B"; null: there is none. */
export function controlIn(text: string): string | null {
  const at = text.search(CONTROLS);
  return at < 0 ? null : `U+${text.charCodeAt(at).toString(16).toUpperCase().padStart(4, "0")}`;
}
