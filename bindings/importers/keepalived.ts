// keepalived.conf(5): VRRP instances of a Linux router. Blocks of words in braces; ! and # begin comments. What it includes is not opened.

import { ipv4 } from "./host.ts";
import { limitSize, wrongFile, type HostFile, type Line, type Place } from "./line.ts";
import { emptySwitch, group, type Group, type Switch } from "./switch.ts";
import { vlanOfInterface } from "./linux-router.ts";

interface Word { text: string; line: number; col: number }
interface Statement { words: Word[]; block: Statement[] | null }

const DEPTH_MAX = 20;

export function readKeepalived(source: HostFile): Switch {
  limitSize(source.name, source.text);
  const at = { file: source.name, line: 1, text: "" };
  const sw = { ...emptySwitch(source.host, "linux", at), kind: "router" as const };
  if (source.guessed) sw.notes.push({ ...at, text: `a guess: this is host "${source.host}", by its path; HOST=FILE says it otherwise` });
  const problems: Place[] = [];
  const statements = parse(source, problems);
  if (problems.length > 0) throw wrongFile(problems);
  const reader = new Reader(source.name, sw, problems);
  for (const statement of statements) reader.top(statement);
  if (statements.length > 0 && reader.instances === 0) sw.notes.push({ ...at, text: "there is no vrrp_instance in this file" });
  if (problems.length > 0) throw wrongFile(problems);
  return sw;
}

class Reader {
  readonly #file: string;
  readonly #sw: Switch;
  readonly #problems: Place[];
  #version: number | null = null;
  instances = 0;

  constructor(file: string, sw: Switch, problems: Place[]) {
    this.#file = file;
    this.#sw = sw;
    this.#problems = problems;
  }

  #at(s: Statement): Line { return { file: this.#file, line: s.words[0]?.line ?? 1, text: s.words.map((w) => w.text).join(" ").slice(0, 200) }; }
  #unread(s: Statement): void {
    this.#sw.unread.push(this.#at(s));
    for (const inner of s.block ?? []) this.#unread(inner);
  }
  #note(s: Statement, text: string): void { this.#sw.notes.push({ ...this.#at(s), text }); }
  #wrong(word: Word | undefined, text: string): void { this.#problems.push({ file: this.#file, line: word?.line ?? 1, col: word?.col ?? 1, text }); }

  top(s: Statement): void {
    const [key, name] = s.words.map((w) => w.text);
    if (key === "global_defs" && s.block !== null) {
      for (const inner of s.block) {
        const value = inner.words[1]?.text;
        if (inner.words[0]?.text === "vrrp_version" && (value === "2" || value === "3")) this.#version = Number(value);
        else this.#unread(inner);
      }
    } else if (key === "vrrp_instance" && s.block !== null) this.#instance(s, name ?? "?", s.block);
    else this.#unread(s);
  }

  #instance(s: Statement, name: string, block: readonly Statement[]): void {
    this.instances += 1;
    const of = (word: string): Statement | undefined => block.find((b) => b.words[0]?.text === word);
    const number = (word: string, low: number, high: number): number | null => {
      const found = of(word)?.words[1];
      if (found === undefined) return null;
      const value = /^\d{1,5}(\.\d{1,6})?$/.test(found.text) ? Number(found.text) : NaN;
      if (value >= low && value <= high) return value;
      this.#wrong(found, `${word}: "${found.text.slice(0, 80)}": a number from ${low} to ${high} is wanted`);
      return null;
    };
    const on = of("interface")?.words[1]?.text;
    const vrid = number("virtual_router_id", 1, 255);
    if (on === undefined || vrid === null) { this.#wrong(s.words[0], `vrrp_instance ${name} has no ${on === undefined ? "interface" : "virtual_router_id"}`); return; }
    const g = group("vrrp", 0, vrid, this.#at(s));
    g.implementation = "keepalived";
    g.version = number("version", 2, 3) ?? this.#version;
    const priority = number("priority", 1, 255);
    g.priority = priority === null ? null : Math.min(254, priority);
    const interval = number("advert_int", 0.01, 255);
    g.interval = interval === null ? null : `${Math.round(interval * 1000)}ms`;
    g.preempt = of("nopreempt") === undefined;
    const delay = number("preempt_delay", 0, 1000);
    if (delay !== null) g.preemptDelay = `${Math.round(delay * 1000)}ms`;
    if (of("use_vmac") !== undefined) g.virtualMac = true;
    const lengths = this.#addresses(g, of("virtual_ipaddress"));
    this.#tracks(g, of("track_interface"));
    const source = of("unicast_src_ip")?.words[1]?.text ?? of("mcast_src_ip")?.words[1]?.text ?? null;
    const READ = new Set(["interface", "virtual_router_id", "version", "priority", "advert_int", "nopreempt", "preempt", "preempt_delay", "use_vmac", "virtual_ipaddress", "track_interface", "unicast_src_ip", "mcast_src_ip", "state"]);
    for (const inner of block) if (!READ.has(inner.words[0]?.text ?? "")) this.#unread(inner);
    this.#place(s, g, on, source, Math.min(...lengths, 32));
  }

  #addresses(g: Group, list: Statement | undefined): number[] {
    return (list?.block ?? []).map((entry) => {
      const [ip = "", length = "32"] = (entry.words[0]?.text ?? "").split("/");
      if (ipv4(ip) === null || !/^([1-9]|[12]\d|3[0-2])$/.test(length)) {
        if (ip.includes(":")) this.#note(entry, `${ip} is left out: IPv4 is what is read`);
        else this.#wrong(entry.words[0], `"${entry.words[0]?.text.slice(0, 80)}" is no virtual address such as 10.1.10.1/24`);
        return 32;
      }
      g.addresses.push(ip);
      return Number(length);
    });
  }

  #tracks(g: Group, list: Statement | undefined): void {
    for (const entry of list?.block ?? []) {
      const [port = "", word, weight] = entry.words.map((w) => w.text);
      const value = Math.abs(Number(weight));
      if (word === "weight" && value >= 1 && value <= 254 && Number(weight) < 0) g.tracks.push({ port, decrement: value });
      else this.#note(entry, `track ${port} is left out: ${word === "weight" ? "only a weight below 0 takes from the priority" : "without a weight the instance fails, which is not simulated"}`);
    }
  }

  /** The network that the instance is in: its interface's VLAN, and the length of a virtual address or, joined, the interface's own. */
  #place(s: Statement, g: Group, on: string, source: string | null, length: number): void {
    const { vlan, guessed } = vlanOfInterface(this.#sw, on);
    const at = this.#at(s);
    g.vlan = vlan;
    if (guessed) this.#note(s, `a guess: ${on} is in VLAN ${vlan}: an untagged interface does not say its number`);
    const svi = this.#sw.vlans.get(vlan) ?? { address: null, subnet: null, off: false, at };
    this.#sw.vlans.set(vlan, svi);
    this.#sw.linux.set(on, vlan);
    if (source !== null && ipv4(source) !== null && length < 31) svi.address ??= `${source}/${length}`;
    else if (length < 31 && g.addresses[0] !== undefined) svi.subnet ??= `${g.addresses[0]}/${length}`;
    this.#sw.groups.push(g);
  }
}

// --- words, braces, comments -------------------------------------------------------------------------

function parse(source: HostFile, problems: Place[]): Statement[] {
  const root: Statement[] = [];
  const stack: Statement[][] = [root];
  const opened: Word[] = [];
  let deep = false;
  source.text.split(/\r?\n/).forEach((raw, index) => {
    if (deep) return;
    let words: Word[] = [];
    const flush = (): void => { if (words.length > 0) stack.at(-1)!.push({ words, block: null }); words = []; };
    for (const word of wordsOf(raw, index + 1)) {
      if (word.text === "{") {
        const last = words.length > 0 ? { words, block: [] as Statement[] } : stack.at(-1)!.at(-1);
        if (last === undefined || (words.length === 0 && last.block !== null)) { problems.push({ file: source.name, line: word.line, col: word.col, text: "a { without a word before it" }); return; }
        last.block = [];
        if (words.length > 0) stack.at(-1)!.push(last);
        words = [];
        if (stack.length > DEPTH_MAX) { problems.push({ file: source.name, line: word.line, col: word.col, text: "nested too deeply" }); deep = true; return; }
        stack.push(last.block);
        opened.push(word);
      } else if (word.text === "}") {
        flush();
        if (stack.length > 1) { stack.pop(); opened.pop(); } else problems.push({ file: source.name, line: word.line, col: word.col, text: "a } that closes nothing" });
      } else words.push(word);
    }
    flush();
  });
  if (!deep) for (const word of opened) problems.push({ file: source.name, line: word.line, col: word.col, text: "a { that is not closed" });
  return root;
}

function wordsOf(raw: string, line: number): Word[] {
  const out: Word[] = [];
  for (const match of raw.matchAll(/"([^"]*)"|[{}]|[!#].*|[^\s{}"!#][^\s{}"]*/g)) {
    if (/^[!#]/.test(match[0])) break;
    out.push({ text: match[1] ?? match[0], line, col: match.index + 1 });
  }
  return out;
}
