// What may be written at a place of a topology file, and what is said about what is written there. Pure: text and place in, list out.

import { namesOf } from "./names.ts";
import { placeAt, wordAt } from "./place.ts";
import { keyNamesWanted, namesWanted } from "./references.ts";
import { described, keysAt, nodesAt, valuesAt } from "./schema.ts";

export interface Option { label: string; kind: "key" | "value" | "name"; apply: string; about: string; first: boolean }
export interface Completion { from: number; to: number; options: Option[] }

/** Of names, a list that is longer is read by nobody. */
const NAMES_MAX = 2_000;

export function complete(text: string, offset: number): Completion | null {
  const place = placeAt(text, offset);
  if (place === null) return null;
  const { path, kind, siblings, firstKey, from, to } = place;
  const names = namesOf(place.document);
  const options: Option[] = [];
  const colon = text[to] === ":" ? "" : ": ";
  const add = (label: string, of: Option["kind"], apply = label, about = "", first = false): void => {
    if (!options.some((o) => o.label === label)) options.push({ label, kind: of, apply, about, first });
  };
  if (kind === "key" || firstKey) {
    for (const { name, description, required } of keysAt(path)) if (!siblings.includes(name)) add(name, "key", `${name}${colon}`, description, required);
    for (const name of keyNamesWanted(names, path)) if (!siblings.includes(name)) add(name, "name", `${name}${colon}`);
  }
  if (kind === "value") {
    for (const value of valuesAt(path)) add(value, "value");
    for (const name of namesWanted(names, path).slice(0, NAMES_MAX)) add(name, "name");
  }
  return options.length === 0 ? null : { from, to, options };
}

export interface Hover { from: number; to: number; title: string; text: string }

/** About the key, or the value's key, at a place. */
export function hover(text: string, offset: number): Hover | null {
  const word = wordAt(text, offset);
  const place = word.from === word.to ? null : placeAt(text, offset);
  if (place === null) return null;
  const written = text.slice(place.from, place.to);
  const path = place.kind === "key" ? [...place.path, written] : place.path;
  const said = described(nodesAt(path));
  const name = path.findLast((step) => typeof step === "string");
  return said === "" || name === undefined ? null : { from: place.from, to: place.to, title: String(name), text: said };
}
