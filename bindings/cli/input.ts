// Reads a topology file for any command.

import { resolve } from "node:path";
import { binaryKind } from "../binary.ts";
import { DualhomeError } from "../errors.ts";
import { paintFor, coloured } from "../report/paint.ts";
import type { Topology } from "../topology/model.ts";
import type { Problem } from "../topology/problems.ts";
import { cannotWrite, EXIT, type Io } from "./io.ts";
import type { Parts } from "./parts.ts";

export type Read = { topology: Topology; text: string } | { problems: readonly Problem[]; text: string };

/** The topology, or what is wrong with the file: for commands that have more to say then. */
export async function readEither(io: Io, parts: Parts, file: string): Promise<Read> {
  const { FILE_BYTES_MAX, FILE_TOO_LARGE } = await import("../topology/source.ts"); // not with every command: it brings the YAML parser
  const [text, { parseTopology }] = await Promise.all([readText(io, file, FILE_BYTES_MAX, FILE_TOO_LARGE), parts.topology()]);
  const parsed = parseTopology(text, file);
  return "topology" in parsed ? { topology: parsed.topology, text } : { problems: parsed.problems, text };
}

/** The topology; mistakes of the file are told, and the command ends. */
export async function readTopology(io: Io, parts: Parts, file: string, colour: boolean): Promise<Topology> {
  const read = await readEither(io, parts, file);
  if ("topology" in read) return read.topology;
  await showProblems(io, parts, read.problems, read.text, colour);
  throw new Told(EXIT.usage);
}

/** Ends a command that has said why. */
export class Told extends Error {
  readonly status: number;
  constructor(status: number) {
    super("told");
    this.status = status;
  }
}

const FILE_ERRORS: Record<string, string> = {
  ENOENT: "no such file", ENOTDIR: "no such file: a part of its path is no folder", EISDIR: "is a folder", EACCES: "not allowed to read it",
  ERR_STRING_TOO_LONG: "too large to be read", ERR_FS_FILE_TOO_LARGE: "too large to be read",
};
const cannotRead = (path: string, e: unknown): DualhomeError => new DualhomeError("DH_FILE", `${path}: ${FILE_ERRORS[(e as NodeJS.ErrnoException).code ?? ""] ?? (e as Error).message}`, 2);

/** What was read: nothing is written over it. */
const given = new WeakMap<Io, Set<string>>();

function keep(io: Io, path: string): void {
  if (given.get(io)?.has(resolve(path)) === true) throw new DualhomeError("DH_USAGE", `${path} is one of the files that are read: nothing is written over it`, EXIT.usage);
}

/** `bytesMax`: a larger file is not read, and `tooLarge` is what is said of it. */
export async function readText(io: Io, file: string, bytesMax?: number, tooLarge = ""): Promise<string> {
  let text: string;
  try {
    text = await io.read(file, bytesMax);
  } catch (e) {
    if ((e as NodeJS.ErrnoException).code === "EFBIG") throw new DualhomeError("DH_FILE_SIZE", `${file}:1:1: ${tooLarge}`, 2);
    throw cannotRead(file, e);
  }
  given.set(io, (given.get(io) ?? new Set()).add(resolve(file)));
  if (text.includes("\0")) throw new DualhomeError("DH_FILE", `${file}: is no text in UTF-8: it is ${binaryKind(text)}`, 2);
  return text;
}

/** Files of a folder; none when there is no such folder. Null: it is no folder. */
export async function listFolder(io: Io, path: string): Promise<string[] | null> {
  try {
    return await io.list(path);
  } catch (e) {
    throw cannotRead(path, e);
  }
}

export async function makeFolder(io: Io, path: string): Promise<void> {
  try {
    await io.makeFolder(path);
  } catch (e) {
    throw cannotWrite(path, e);
  }
}

/** All problems of a file on stderr, with the lines they stand in. */
export async function showProblems(io: Io, parts: Parts, problems: readonly Problem[], text: string, colour: boolean): Promise<void> {
  const { formatProblems } = await parts.topology();
  io.err(formatProblems(problems, text, { color: paintFor({ flag: colour, env: io.env, isTTY: io.errIsTTY }) === coloured }));
  io.err(`${problems.length === 1 ? "1 problem" : `${problems.length} problems`}\n`);
}

/** Writes a file beside the result. */
export async function saveFile(io: Io, path: string, bytes: Uint8Array): Promise<void> {
  keep(io, path);
  try {
    await io.save(path, bytes);
  } catch (e) {
    throw cannotWrite(path, e);
  }
}

/** The same, of text in pieces. */
export async function saveText(io: Io, path: string, pieces: Iterable<string>): Promise<void> {
  keep(io, path);
  try {
    await io.saveText(path, pieces);
  } catch (e) {
    throw cannotWrite(path, e);
  }
}

/** Whatever is there: a folder or what may not be read counts. */
export async function isThere(io: Io, path: string): Promise<boolean> {
  return await io.read(path, 0).then(() => true, (e: unknown) => !["ENOENT", "ENOTDIR"].includes((e as NodeJS.ErrnoException).code ?? ""));
}
