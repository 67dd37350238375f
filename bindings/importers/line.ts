// Places in configurations, and what is wrong with one.

import { DualhomeError } from "../errors.ts";

export interface Line { file: string; line: number; text: string }

/** A file that cannot be read as what it is said to be. One line a problem, each with its place. */
export function wrongFile(problems: readonly { file: string; line: number; col: number; text: string }[]): DualhomeError {
  return new DualhomeError("DH_IMPORT", problems.map((p) => `${p.file}:${p.line}:${p.col}: ${p.text}`).join("\n"), 2);
}

/** A file, and the host that it is of. */
export interface HostFile { name: string; text: string; host: string; /** the host's name was taken from the path */ guessed: boolean }

/**
 * HOST=FILE says whose file it is. Else the file's own name does, or, when that is one that every host has, the nearest folder
 * that is not part of where such files lie (srv1/etc/netplan/50-cloud-init.yaml: srv1).
 */
export function hostFile(given: string, text: string, everyHostHas: RegExp, folders: ReadonlySet<string>): HostFile {
  const named = /^([A-Za-z0-9][\w.-]*)=(.+)$/.exec(given);
  if (named !== null) return { name: named[2]!, text, host: named[1]!, guessed: false };
  const parts = given.split(/[\\/]/).filter((part) => part !== "" && part !== "." && part !== "..");
  const own = (parts.pop() ?? "").replace(/\.(ya?ml|conf|cfg)$/i, "");
  if (!everyHostHas.test(own)) return { name: given, text, host: cleaned(own), guessed: false };
  const folder = parts.reverse().find((part) => !folders.has(part));
  return { name: given, text, host: cleaned(folder ?? "host"), guessed: true };
}

/** The files of each host, hosts in the order in which they are first named. */
export function byHost(files: readonly HostFile[]): { name: string; list: HostFile[] }[] {
  const names = [...new Set(files.map((f) => f.host))];
  return names.map((name) => ({ name, list: files.filter((f) => f.host === name) }));
}

/** The path of a HOST=FILE argument. */
export function pathOf(given: string): string { return /^[A-Za-z0-9][\w.-]*=(.+)$/.exec(given)?.[1] ?? given; }

const cleaned = (name: string): string => name.replace(/[^\w.-]/g, "-").replace(/^[^A-Za-z0-9]+/, "") || "host";
