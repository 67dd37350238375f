// Configurations that are lines of words: each line is read by a rule, or handed back with its place.

import { limitSize, type Line } from "./line.ts";

export interface ConfigLine { text: string; indent: number; at: Line }

/** Lines without what is silent (comments, "exit"), blanks drawn together. */
export function configLines(text: string, file: string, silent: RegExp): ConfigLine[] {
  limitSize(file, text);
  return text.split(/\r?\n/).flatMap((raw, index) => {
    const line = raw.trim().replace(/\s+/g, " ");
    return silent.test(line) ? [] : [{ text: line, indent: raw.length - raw.trimStart().length, at: { file, line: index + 1, text: line } }];
  });
}

/** A pattern for the whole line, and what it says. False: it does not say it after all. */
export type Rule<S> = [RegExp, (state: S, match: string[], at: Line) => void | boolean];

export function applyRules<S>(rules: readonly Rule<S>[], state: S, line: string, at: Line): boolean {
  for (const [pattern, action] of rules) {
    const match = pattern.exec(line);
    if (match !== null && action(state, match, at) !== false) return true;
  }
  return false;
}

/** A switch is called as it says itself, else as its file. */
export const nameOfFile = (file: string): string => file.replace(/^.*[\\/]/, "").replace(/\.[^.]*$/, "");
