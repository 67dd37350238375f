// [Section] and Key=Value, as systemd's units and GLib's key files have them.

import type { HostFile, Line, Place } from "./line.ts";

export interface Entry { section: string; group: number; key: string; value: string; at: Line; col: number; used: boolean }
export interface IniForm { silent: RegExp; pair: RegExp; /** a \ at the end of a line goes on in the next */ joins: boolean }

/** systemd.syntax(7) */
const SYSTEMD: IniForm = { silent: /^\s*([#;].*)?$/, pair: /^([A-Za-z0-9]+)\s*=\s*(.*)$/, joins: true };
/** GLib's key file, NetworkManager's nm-settings-keyfile(5) */
export const KEYFILE: IniForm = { silent: /^\s*(#.*)?$/, pair: /^([A-Za-z0-9._-]+)\s*=\s*(.*)$/, joins: false };

/** Values of a key that are not empty, now read. An empty one takes back those before it. */
export function all(entries: readonly Entry[], section: string, key: string): Entry[] {
  const found = entries.filter((e) => e.section === section && e.key === key);
  for (const e of found) e.used = true;
  return found.slice(found.findLastIndex((e) => e.value === "") + 1);
}

/** [Section], Key=Value, # and ; before comments, a \ at the end of a line that goes on. */
export function readIni(file: HostFile, problems: Place[], form: IniForm = SYSTEMD): Entry[] {
  const out: Entry[] = [];
  let [section, group] = ["", 0];
  const lines = file.text.split(/\r?\n/);
  for (let i = 0; i < lines.length; i++) {
    const raw = lines[i]!;
    const line = i + 1;
    if (form.silent.test(raw)) continue;
    const head = /^\s*\[([^\]]+)\]\s*$/.exec(raw);
    if (head !== null) { section = head[1]!; group += 1; continue; }
    const pair = form.pair.exec(raw.trim());
    if (pair === null || section === "") { problems.push({ file: file.name, line, col: raw.search(/\S/) + 1, text: pair === null ? `"${raw.trim()}" is neither [Section] nor Key=Value` : `${pair[1]} stands in no section` }); continue; }
    let value = pair[2]!;
    while (form.joins && value.endsWith("\\") && i + 1 < lines.length) value = `${value.slice(0, -1).trimEnd()} ${lines[++i]!.trim()}`;
    out.push({ section, group, key: pair[1]!, value, at: { file: file.name, line, text: "" }, col: raw.indexOf("=") + 2 + (/=\s*/.exec(raw)![0].length - 1), used: false });
  }
  return out;
}
