// Excerpts of output, as documents show them.

import assert from "node:assert/strict";

/** The pieces between lines "..." stand in the output, whole lines, one after the other. */
export function shows(printed: string, excerpt: string): void {
  let at = 0;
  for (const piece of `\n${excerpt}`.split(/(?<=\n)\.\.\.\n/)) {
    const lines = piece.startsWith("\n") ? piece : `\n${piece}`;
    const found = `\n${printed}`.indexOf(lines, at);
    assert.ok(found >= 0, `not printed, or not there:${lines}`);
    at = found + lines.length - 1;
  }
}
