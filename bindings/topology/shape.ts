// The schema's issues in our words. What is wrong is taken out and the rest read again, so that one pass finds the
// mistakes of shape and those of meaning.

import type { z } from "zod";
import { BEGIN, otherValue } from "./other-kinds.ts";
import { didYouMean, meant, type Path } from "./problems.ts";
import { fileSchema, type FileInput } from "./schema/file.ts";
import type { Source } from "./source.ts";

export interface Shaped {
  input: FileInput | null;
  /** What was taken out: names of parts, ".word" for words inside a part, "list[]" for entries of a list. What misses them is no second mistake */
  removed: Set<string>;
}

type Issue = z.core.$ZodIssue;

const ROUNDS_MAX = 12;

/** Reads the plain value of `source` by the schema and reports what does not fit. */
export function readShape(source: Source): Shaped {
  const removed = new Set<string>();
  let value: unknown = source.value;
  const other = otherValue(value, source.text, Object.keys(fileSchema.shape));
  if (other !== null) {
    source.report("DH_NOT_TOPOLOGY", source.locate([]), ...other);
    return { input: null, removed };
  }
  if (isOtherVersion(value)) {
    source.report("DH_VERSION", source.locate(["dualhome"]), "this program reads version 1 of the format", "dualhome: 1");
    return { input: null, removed };
  }
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const result = fileSchema.safeParse(value);
    if (result.success) return { input: result.data, removed };
    const issues = result.error.issues.flatMap((issue) => flatten(issue, []));
    if (round === 0) for (const issue of issues) reportIssue(source, issue);
    if (round === 0) value = structuredClone(value);
    for (const issue of issues) prune(value, issue, round, removed);
    if (typeof value !== "object" || value === null || Array.isArray(value)) break;
    closeGaps(value, [], source);
    if (!("dualhome" in value)) Object.assign(value, { dualhome: 1 });
    if (!("nodes" in value)) Object.assign(value, { nodes: {} });
  }
  return { input: null, removed };
}

function isOtherVersion(value: unknown): boolean {
  return typeof value === "object" && value !== null && "dualhome" in value && value.dualhome !== 1;
}

/** A union hides what is wrong inside it: take the branch that was meant, the one whose mistakes lie deepest. */
function flatten(issue: Issue, base: readonly PropertyKey[]): Issue[] {
  const path = [...base, ...issue.path];
  if (issue.code !== "invalid_union" || issue.message.startsWith("DH_")) return [{ ...issue, path } as Issue];
  const branches = issue.errors.map((errors) => errors.flatMap((inner) => flatten(inner as Issue, path)));
  const fits = branches.filter((errors) => errors.some((inner) => inner.path.length > path.length || inner.code === "unrecognized_keys" || inner.message.startsWith("DH_")));
  const best = fits.sort((a, b) => depth(b) - depth(a) || a.length - b.length)[0];
  if (best !== undefined) return best;
  const all = branches.flat();
  const first = all.find((inner) => inner.code !== "invalid_type") ?? all[0];
  return first === undefined ? [{ ...issue, path } as Issue] : [first];
}

/** How far into a value its shape fits. */
const depth = (issues: readonly Issue[]): number => Math.max(...issues.map((issue) => issue.path.length + (issue.code === "unrecognized_keys" ? 1 : 0)));

function reportIssue(source: Source, issue: Issue): void {
  const path = issue.path as Path;
  const last = String(path.at(-1) ?? "the file");
  if (issue.code === "unrecognized_keys") {
    for (const key of issue.keys) {
      const known = keysAt(fileSchema, path);
      const help = meant(key, known) ?? (known.length > 0 ? `one of: ${known.join(", ")}` : null);
      source.report("DH_UNKNOWN_KEY", source.locate([...path, key], { key: true }), `unknown key "${key}"${path.length === 0 ? "" : ` in ${path.join(".")}`}`, help);
    }
    return;
  }
  const missing = MISSING.has(issue.code) && valueAt(source.value, path) === undefined;
  if (missing) {
    const owner = path.slice(0, -1);
    const code = last === "dualhome" ? "DH_VERSION" : "DH_MISSING";
    source.report(code, source.locate(owner, { key: true }), `${owner.length === 0 ? "the file" : owner.join(".")} lacks "${last}"`, last === "dualhome" ? "begin the file with: dualhome: 1" : null);
    return;
  }
  const where = source.locate(path);
  const coded = /^(DH_\w+) (.*)$/s.exec(issue.message);
  if (coded !== null) source.report(coded[1] ?? "", where, `${path.join(".")}: ${coded[2]}`);
  else if (issue.code === "invalid_type") source.report("DH_TYPE", where, `${path.length === 0 ? "the file" : path.join(".")}: ${typeWords(issue)}`, path.length === 0 ? BEGIN : null);
  else if (issue.code === "invalid_value") {
    const values = issue.values.map(String);
    source.report("DH_VALUE", where, `${path.join(".")}: ${show(valueAt(source.value, path))} is not one of ${values.join(", ")}`, meant(String(valueAt(source.value, path)), values));
  } else source.report("DH_VALUE", where, `${path.join(".")}: ${issue.message}`);
}

const MISSING = new Set(["invalid_type", "invalid_value", "invalid_union"]);

const TYPE_WORDS: Record<string, string> = { object: "a map", record: "a map", array: "a list", string: "a text", number: "a number", int: "a whole number", boolean: "true or false" };

function typeWords(issue: Issue & { code: "invalid_type" }): string {
  return `${TYPE_WORDS[issue.expected] ?? issue.expected} is wanted here`;
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function valueAt(value: unknown, path: Path): unknown {
  let at: unknown = value;
  for (const step of path) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, step)) return undefined;
    at = (at as Record<string | number, unknown>)[step];
  }
  return at;
}

const GAP = Symbol("taken out");

/** Takes out the part that an issue is about: at first the value itself, later what it makes incomplete. */
function prune(root: unknown, issue: Issue, round: number, removed: Set<string>): void {
  if (issue.code === "unrecognized_keys") {
    const owner = valueAt(root, issue.path as Path);
    if (typeof owner === "object" && owner !== null) for (const key of issue.keys) delete (owner as Record<string, unknown>)[key];
    return;
  }
  let path = issue.path as Path;
  while (path.length > 0 && valueAt(root, path) === undefined) path = path.slice(0, -1);
  if (round > ROUNDS_MAX / 2) path = path.slice(0, Math.max(1, path.length - 1));
  while (path.slice(0, -1).some(isIndex) && isIndex(path.at(-1))) path = path.slice(0, -1);
  if (path.length === 0) return;
  const owner = valueAt(root, path.slice(0, -1));
  const key = path[path.length - 1] ?? "";
  if (issue.code === "invalid_value" && !Array.isArray(owner) && amend(owner, key, issue.values)) return;
  if (isIndex(key) || path.length <= 2) removed.add(`${path[0]}[]`);
  if (!isIndex(key)) removed.add(path.length > 2 ? `.${key}` : String(key));
  if (Array.isArray(owner)) owner[Number(key)] = GAP;
  else if (typeof owner === "object" && owner !== null) delete (owner as Record<string | number, unknown>)[key];
}

/** A slip in a word is read as what was meant, so that the rest of its part is still looked at. */
function amend(owner: unknown, key: string | number, values: readonly unknown[]): boolean {
  const written = valueAt(owner, [key]);
  if (typeof owner !== "object" || owner === null || typeof written !== "string") return false;
  const word = didYouMean(written, values.map(String));
  if (word === null || !values.includes(word)) return false;
  (owner as Record<string | number, unknown>)[key] = word;
  return true;
}

const isIndex = (step: string | number | undefined): boolean => typeof step === "number";

/** Lists close up over what was taken out; the source learns which entry of the file each one was. */
function closeGaps(value: unknown, path: Path, source: Source): void {
  if (Array.isArray(value)) {
    const kept = value.map((_, i) => i).filter((i) => value[i] !== GAP);
    if (kept.length === value.length) return;
    source.renumber(path, kept);
    value.splice(0, value.length, ...value.filter((item) => item !== GAP));
  } else if (typeof value === "object" && value !== null) {
    for (const [key, inner] of Object.entries(value)) closeGaps(inner, [...path, key], source);
  }
}

interface Def { type: string; shape?: Record<string, Typed>; valueType?: Typed; element?: Typed; innerType?: Typed; options?: Typed[] }
interface Typed { def: Def }

/** The keys that the schema knows at `path`. */
function keysAt(schema: unknown, path: Path): string[] {
  let level: Typed[] = [schema as Typed];
  for (const step of path) level = level.flatMap(unwrap).flatMap((type) => inside(type, step));
  return [...new Set(level.flatMap(unwrap).flatMap((type) => Object.keys(type.def.shape ?? {})))];
}

function unwrap(type: Typed): Typed[] {
  if (type.def.innerType !== undefined) return unwrap(type.def.innerType);
  return type.def.options !== undefined ? type.def.options.flatMap(unwrap) : [type];
}

function inside(type: Typed, step: string | number): Typed[] {
  const next = type.def.shape?.[String(step)] ?? type.def.valueType ?? type.def.element;
  return next === undefined ? [] : [next];
}
