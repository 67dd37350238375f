// Everything the command line touches outside itself: streams, environment, files, interrupts. Tests bring their own.

import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { link, open, readdir, readFile, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { DualhomeError } from "../errors.ts";
import { makeFolder } from "../make-folder.ts";

/** Columns of a report that goes to no terminal. */
export const WIDTH_DEFAULT = 100;

export interface Io {
  out(text: string): Promise<void>;
  err(text: string): void;
  env: Record<string, string | undefined>;
  outIsTTY: boolean;
  errIsTTY: boolean;
  inIsTTY: boolean;
  /** terminal columns; undefined when stdout is no terminal */
  columns: number | undefined;
  /** Rejects with EFBIG when there are more bytes than that; no more are read then. */
  read(path: string, bytesMax?: number): Promise<string>;
  /** Files of a folder; none when there is no such folder. Null: it is no folder. */
  list(path: string): Promise<string[] | null>;
  makeFolder(path: string): Promise<void>;
  /** A file appears whole or not at all. */
  save(path: string, bytes: Uint8Array): Promise<void>;
  /** The same, of text that comes in pieces: never all of it is held. */
  saveText(path: string, pieces: Iterable<string>): Promise<void>;
  /** As `save`, but rejects with EEXIST when there is one of that name, made meanwhile or before. */
  create(path: string, bytes: Uint8Array): Promise<void>;
  /** Questions to a person at a terminal, one after the other. An answer never comes after Ctrl-C or the end of the input: AbortError. */
  ask(): { question(text: string): Promise<string>; close(): void };
  /** Calls back on the first Ctrl-C or SIGTERM; returns what takes the listener away. */
  onInterrupt(callback: () => void): () => void;
  now(): number; // ms
}

export const EXIT = { pass: 0, budget: 1, usage: 2, engine: 3, interrupt: 130 } as const;

export function processIo(): Io {
  process.stdout.on("error", () => {}); // each write reports its own error
  process.stderr.on("error", () => {});
  return {
    out: (text) => new Promise((resolve, reject) => { process.stdout.write(text, (e) => (e == null ? resolve() : reject(e))); }),
    err: (text) => { process.stderr.write(text); },
    env: process.env,
    outIsTTY: process.stdout.isTTY === true,
    errIsTTY: process.stderr.isTTY === true,
    inIsTTY: process.stdin.isTTY === true,
    columns: process.stdout.isTTY === true ? process.stdout.columns : undefined,
    read: (path, bytesMax) => (bytesMax === undefined ? readFile(path, "utf8") : readSome(path, bytesMax)),
    list,
    makeFolder,
    save: saveWhole,
    saveText: saveTextWhole,
    create: createWhole,
    ask,
    onInterrupt,
    now: () => performance.now(),
  };
}

/** A pipe or a device does not say how much is in it: what is read is counted. */
async function readSome(path: string, bytesMax: number): Promise<string> {
  const file = await open(path, "r");
  try {
    const tooBig = (): Error => Object.assign(new Error("file too large"), { code: "EFBIG" });
    if ((await file.stat()).size > bytesMax) throw tooBig();
    const chunks: Buffer[] = [];
    for (let total = 0; ;) {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(CHUNK), 0, CHUNK, null);
      if (bytesRead === 0) return Buffer.concat(chunks).toString("utf8");
      total += bytesRead;
      if (total > bytesMax) throw tooBig();
      chunks.push(buffer.subarray(0, bytesRead));
    }
  } finally {
    await file.close();
  }
}

async function list(path: string): Promise<string[] | null> {
  try {
    return (await readdir(path)).sort();
  } catch (e) {
    const { code } = e as NodeJS.ErrnoException;
    if (code === "ENOENT") return [];
    if (code === "ENOTDIR") return null;
    throw e;
  }
}

async function saveWhole(path: string, bytes: Uint8Array): Promise<void> {
  await saved(path, bytes);
}

async function saveTextWhole(path: string, pieces: Iterable<string>): Promise<void> {
  await saved(path, large(pieces));
}

/** What is no file (a device, a pipe) is written to, and not replaced by one; behind a link, it is what the link names that is replaced. */
async function saved(path: string, content: Uint8Array | Iterable<string>): Promise<void> {
  const there = await stat(path).catch(() => null);
  if (there !== null && !there.isFile() && !there.isDirectory()) return writeFile(path, content);
  const target = there === null ? path : await realpath(path);
  await byTemporary(target, (temporary) => writeFile(temporary, content), (temporary) => rename(temporary, target));
}

/** Pieces worth a write each. */
function* large(pieces: Iterable<string>): Generator<string> {
  let waiting = "";
  for (const piece of pieces) {
    waiting += piece;
    if (waiting.length >= CHUNK) { yield waiting; waiting = ""; }
  }
  if (waiting !== "") yield waiting;
}

/** A second name for the finished file: unlike a rename it takes no other file's place. */
async function createWhole(path: string, bytes: Uint8Array): Promise<void> {
  await byTemporary(path, (temporary) => writeFile(temporary, bytes), async (temporary) => {
    await link(temporary, path);
    await rm(temporary);
  });
}

async function byTemporary(path: string, write: (temporary: string) => Promise<void>, finish: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = `${path}.${randomBytes(4).toString("hex")}.tmp`;
  const release = goneAtExit(temporary);
  try {
    await write(temporary);
    await finish(temporary);
  } catch (e) {
    await rm(temporary, { force: true }).catch(() => {}); // what cannot be taken away could not be made, mostly; why not is told
    throw e;
  } finally {
    release();
  }
}

/** However the program ends meanwhile. A signal ends it here, unless somebody else listens who ends it in order. */
function goneAtExit(temporary: string): () => void {
  const remove = (): void => rmSync(temporary, { force: true });
  const listener = (signal: NodeJS.Signals): void => { if (process.listenerCount(signal) === 1) process.exit(EXIT.interrupt); };
  process.on("exit", remove);
  for (const signal of STOPS) process.on(signal, listener);
  return () => {
    process.off("exit", remove);
    for (const signal of STOPS) process.off(signal, listener);
  };
}

/** On stderr: stdout is for results. Lines that are typed ahead, or pasted, are answers to what is asked next. */
function ask(): ReturnType<Io["ask"]> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const ahead: string[] = [];
  let waiting: { resolve(line: string): void; reject(why: Error): void } | null = null;
  let closed = false;
  const gone = (): Error => new DOMException("no answer", "AbortError");
  terminal.on("line", (line) => {
    if (waiting === null) ahead.push(line);
    else waiting.resolve(line);
    waiting = null;
  });
  terminal.on("SIGINT", () => terminal.close());
  terminal.once("close", () => { closed = true; waiting?.reject(gone()); });
  return {
    question(text) {
      const line = ahead.shift();
      if (line === undefined && closed) return Promise.reject(gone());
      terminal.setPrompt(text);
      if (!closed) terminal.prompt();
      return line !== undefined ? Promise.resolve(line) : new Promise((resolve, reject) => { waiting = { resolve, reject }; });
    },
    close: () => terminal.close(),
  };
}

const STOPS = ["SIGINT", "SIGTERM"] as const;

/** The second one does not wait for the run to notice the first. */
function onInterrupt(callback: () => void): () => void {
  let asked = false;
  const listener = (): void => {
    if (asked) process.exit(EXIT.interrupt);
    asked = true;
    callback();
  };
  for (const signal of STOPS) process.on(signal, listener);
  return () => { for (const signal of STOPS) process.off(signal, listener); };
}

const CHUNK = 1 << 16;

/** Writes lines in large pieces, waiting for the reader. A reader that went away (`| head`) ends it without complaint. */
export async function print(io: Io, lines: Iterable<string>): Promise<void> {
  try {
    for (const piece of large(lines)) await io.out(piece);
  } catch (e) {
    if ((e as NodeJS.ErrnoException).code !== "EPIPE") throw cannotWrite("standard output", e);
  }
}

export const cannotWrite = (path: string, e: unknown): DualhomeError => new DualhomeError("DH_FILE", `${path}: cannot be written: ${whyNot(e)}`, 2);

/** Of the system's words the reason alone: the rest names the temporary file. */
const whyNot = (e: unknown): string => (e instanceof Error ? e.message.replace(/^E\w+: /, "").replace(/, \w+(?: '.*)?$/s, "").replace("illegal operation on a directory", "is a folder") : String(e));

/** A mistake of this program, and nobody else's: where it is, is told to who asks. */
export function ownMistake(e: unknown, env: Io["env"]): string {
  const place = e instanceof Error && (env["DUALHOME_DEBUG"] ?? "") !== "" ? `\n${e.stack}` : "";
  if (e instanceof RangeError && /string length|allocation failed/i.test(e.message)) return `the result is larger than this program can hold at once; --jsonl and --parquet write it in pieces [DH_MEMORY]${place}`;
  return `a mistake in dualhome: ${e instanceof Error ? e.message : String(e)}; please report it with the command and its files, and what it prints with DUALHOME_DEBUG=1 [DH_MISTAKE]${place}`;
}
