// Places in configurations, and what is wrong with one.

import { DualhomeError } from "../errors.ts";

export interface Line { file: string; line: number; text: string }
/** A line, and where in it. */
export interface Place extends Line { col: number }

const PROBLEMS_MAX = 100;
const TEXT_MAX = 400;

/** A key of a file may have line ends in it, or be as long as the file: a message has neither. */
export function oneLine(text: string): string {
  const plain = text.length > TEXT_MAX ? `${text.slice(0, TEXT_MAX)}...` : text;
  return /[\u0000-\u001f\u007f\u0085\u2028\u2029]/.test(plain) ? plain.replace(/[\u0000-\u001f\u007f\u0085\u2028\u2029]+/g, " ") : plain;
}

/** A file that cannot be read as what it is said to be. One line a problem, each with its place. */
export function wrongFile(problems: readonly Place[]): DualhomeError {
  const lines = problems.slice(0, PROBLEMS_MAX).map((p) => `${p.file}:${p.line}:${p.col}: ${oneLine(p.text)}`);
  const [first] = problems;
  if (problems.length > PROBLEMS_MAX && first !== undefined) lines.push(`${first.file}:1:1: and ${problems.length - PROBLEMS_MAX} more problems like these`);
  return new DualhomeError("DH_IMPORT", lines.join("\n"), 2);
}

/** Of one file. A switch's configuration has some thousand lines. */
export const IMPORT_BYTES_MAX = 16 * 1024 * 1024;
/** YAML is slow to read. */
export const YAML_BYTES_MAX = 2 * 1024 * 1024;
const tooLarge = (max: number): string => `the file is larger than ${max / 1024 / 1024} MiB: no configuration is`;
export const TOO_LARGE = tooLarge(IMPORT_BYTES_MAX);

export function limitSize(file: string, text: string, max = IMPORT_BYTES_MAX): void {
  if (text.length > max) throw wrongFile([{ file, line: 1, col: 1, text: tooLarge(max) }]);
}

/** A name that can be a node's: what stands before is letters, digits, "-", "_" and ".", beginning with a letter or digit. */
export function nodeName(text: string): string {
  const name = text.trim().replace(/[^\w.-]/g, "-").replace(/--+/g, "-").replace(/\.\.+/g, ".").replace(/^[^A-Za-z0-9]+/, "").slice(0, 64);
  return name === "" ? "unnamed" : name;
}

/** A port as it is written here: "Ethernet1/1" and "Et1/1" are Eth1/1, as vendors' own short forms have it. */
export function portName(text: string): string {
  const plain = text.trim().replace(/^(?:ethernet|eth|et)(?=\d)/i, "Eth");
  return plain.replace(/[^\w./-]/g, "_").replace(/--+/g, "-").replace(/\.\.+/g, ".").replace(/^[^A-Za-z0-9]+/, "").slice(0, 64) || "port";
}

/** A file, and the host that it is of. */
export interface HostFile { name: string; text: string; host: string; /** the host's name was taken from the path */ guessed: boolean; /** by HOST= */ given: boolean }

/**
 * HOST=FILE says whose file it is. Else the file's own name does, or, when that is one that every host has, the nearest folder
 * that is not part of where such files lie (srv1/etc/netplan/50-cloud-init.yaml: srv1).
 */
export function hostFile(given: string, text: string, everyHostHas: RegExp, folders: ReadonlySet<string>): HostFile {
  const named = /^([A-Za-z0-9][\w.-]*)=(.+)$/.exec(given);
  if (named !== null) return { name: named[2]!, text, host: named[1]!, guessed: false, given: true };
  const parts = given.split(/[\\/]/).filter((part) => part !== "" && part !== "." && part !== "..");
  const own = (parts.pop() ?? "").replace(/\.(ya?ml|conf|cfg|json)$/i, "");
  if (!everyHostHas.test(own)) return { name: given, text, host: cleaned(own), guessed: false, given: false };
  const folder = parts.reverse().find((part) => !folders.has(part));
  return { name: given, text, host: cleaned(folder ?? "host"), guessed: true, given: false };
}

/** The files of each host, hosts in the order in which they are first named. */
export function byHost(files: readonly HostFile[]): { name: string; list: HostFile[] }[] {
  const names = [...new Set(files.map((f) => f.host))];
  return names.map((name) => ({ name, list: files.filter((f) => f.host === name) }));
}

/** The path of a HOST=FILE argument. */
export function pathOf(given: string): string { return /^[A-Za-z0-9][\w.-]*=(.+)$/.exec(given)?.[1] ?? given; }

const cleaned = (name: string): string => (/[A-Za-z0-9]/.test(name) ? nodeName(name) : "host");
