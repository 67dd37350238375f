// netplan's YAML (netplan.readthedocs.io, YAML configuration). The files of one host are merged as netplan merges them, in the
// order of their names: mappings key by key, lists by appending. What has no meaning here is listed with its place.

import { isMap, isScalar, isSeq, LineCounter, parseDocument, visit, type Node, type Pair } from "yaml";
import { readOptions, type Written } from "./bond-options.ts";
import { emptyHost, ipv4, looksIpv6, type Host } from "./host.ts";
import { tooDeep } from "../yaml-depth.ts";
import { inOneLine, yamlWords } from "../yaml-words.ts";
import { byHost, limitSize, wrongFile, YAML_BYTES_MAX, type HostFile, type Line } from "./line.ts";
import { lineStarts, placeOf } from "./tree.ts";

/** A value, or a key, and where it stands. */
interface At { at: Line; col: number }
interface Problem { file: string; line: number; col: number; text: string }
/** What is known of an interface; its id in the file may differ from its name. */
interface Device { id: string; section: string; name: string; members: { value: string; at: Line }[]; options: Written[]; link: string | null; vlan: number | null; where: At }

const SECTIONS = ["ethernets", "bonds", "vlans", "bridges"] as const;

export function readNetplan(files: readonly HostFile[]): Host[] {
  const problems: Problem[] = [];
  const hosts = byHost(files).map(({ name, list }) => new Reader(name, list, problems).read());
  if (problems.length > 0) throw wrongFile(problems);
  return hosts;
}

class Reader {
  readonly #host: Host;
  readonly #files: HostFile[];
  readonly #problems: Problem[];
  readonly #devices = new Map<string, Device>();
  #file: HostFile;
  #lines: LineCounter = new LineCounter();

  constructor(name: string, files: HostFile[], problems: Problem[]) {
    this.#files = [...files].sort((a, b) => (baseName(a.name) < baseName(b.name) ? -1 : 1));
    this.#file = this.#files[0]!;
    this.#problems = problems;
    const at = { file: this.#file.name, line: 1, text: "" };
    this.#host = emptyHost(name, at);
    if (this.#file.guessed) this.#host.notes.push({ ...at, text: `a guess: this is host "${name}", by its path; HOST=FILE says it otherwise` });
  }

  read(): Host {
    for (const file of this.#files) this.#readFile(file);
    for (const device of this.#devices.values()) this.#build(device);
    return this.#host;
  }

  #readFile(file: HostFile): void {
    this.#file = file;
    this.#lines = new LineCounter();
    limitSize(file.name, file.text, YAML_BYTES_MAX);
    const deep = tooDeep(file.text);
    if (deep !== null) { this.#problems.push({ file: file.name, ...placeOf(lineStarts(file.text), deep), text: "nested too deeply" }); return; }
    // The library's own check for one key twice compares each key with all before it.
    const document = parseDocument(file.text, { lineCounter: this.#lines, keepSourceTokens: true, uniqueKeys: false, prettyErrors: false, logLevel: "error" });
    for (const e of document.errors.slice(0, 20)) {
      const { line, col } = this.#lines.linePos(e.pos[0]);
      this.#problems.push({ file: file.name, line, col, text: inOneLine(yamlWords(e, file.text)) });
    }
    visit(document, { Alias: (_, node) => { this.#wrong(node, `*${node.source}: aliases are not read: write the value out`); } });
    if (document.errors.length > 0) return;
    visit(document, { Map: (_, map) => {
      const seen = new Set<string>();
      for (const pair of map.items) if (seen.size === seen.add(keyOf(pair)).size) this.#wrong(pair.key as Node, `"${keyOf(pair).slice(0, 80)}" is given twice`);
    } });
    const root = document.contents;
    const network = isMap(root) ? root.get("network", true) : undefined;
    if (!isMap(root) || !isMap(network)) { this.#wrong((root as Node | null) ?? null, 'this is no netplan configuration: it has no mapping "network"'); return; }
    for (const pair of root.items) if (keyOf(pair) !== "network") this.#unread(pair, keyOf(pair));
    for (const pair of network.items) this.#network(pair);
  }

  #network(pair: Pair): void {
    const key = keyOf(pair);
    if (key === "version") { if (text(pair.value) !== "2") this.#wrong(pair.value as Node, `version ${text(pair.value)}: there is only version 2`); return; }
    if (key === "renderer") { if (!["networkd", "NetworkManager"].includes(text(pair.value))) this.#unread(pair, `network.renderer: ${text(pair.value)}`); return; }
    if (!(SECTIONS as readonly string[]).includes(key)) { this.#unread(pair, `network.${key}`); return; }
    if (pair.value === null || (isScalar(pair.value) && pair.value.value === null)) return;
    if (!isMap(pair.value)) { this.#wrong(pair.value as Node, `${key} is a mapping of interfaces`); return; }
    for (const entry of pair.value.items) this.#device(key, entry);
  }

  #device(section: string, entry: Pair): void {
    const id = keyOf(entry);
    if (section === "ethernets" && id === "renderer") return;
    const where = this.#place(entry.key as Node);
    const known = this.#devices.get(id);
    if (known !== undefined && known.section !== section) { this.#wrong(entry.key as Node, `"${id}" is also one of ${known.section}`); return; }
    const device: Device = known ?? { id, section, name: id, members: [], options: [], link: null, vlan: null, where };
    this.#devices.set(id, device);
    if (isScalar(entry.value) && entry.value.value === null) return;
    if (!isMap(entry.value)) { this.#wrong(entry.value as Node, `${id} is a mapping`); return; }
    for (const pair of entry.value.items) this.#key(device, pair);
  }

  #key(d: Device, pair: Pair): void {
    const key = keyOf(pair);
    const value = pair.value as Node;
    switch (key) {
      case "addresses": for (const item of this.#list(value, `${d.id}.addresses`)) this.#address(d, item); return;
      case "gateway4": this.#gateway(d, value); return;
      case "routes": for (const item of this.#list(value, `${d.id}.routes`)) this.#route(d, item); return;
      case "dhcp4": if (yes(value)) this.#host.dhcp.push({ on: d.id, at: this.#place(value).at }); return;
      case "match": this.#match(d, pair); return;
      case "set-name": d.name = text(value); return;
      case "interfaces":
        if (d.section !== "bonds" && d.section !== "bridges") break;
        for (const item of this.#list(value, `${d.id}.interfaces`)) d.members.push({ value: text(item), at: this.#place(item).at });
        return;
      case "parameters":
        if (d.section === "bonds") { this.#parameters(d, value); return; }
        if (isMap(value)) { for (const p of value.items) this.#unread(p, `${d.id}.parameters.${keyOf(p)}`); return; }
        break;
      case "id":
        if (d.section !== "vlans") break;
        d.vlan = Number(text(value));
        if (!Number.isInteger(d.vlan) || d.vlan < 0 || d.vlan > 4094) this.#wrong(value, `${d.id}: a VLAN is 0 to 4094`);
        return;
      case "link": if (d.section === "vlans") { d.link = text(value); return; } break;
      default: break;
    }
    this.#unread(pair, `${d.id}.${key}${isScalar(value) ? `: ${text(value)}` : ""}`);
  }

  /** By MAC address or driver: then the interface is called otherwise than here, unless it is renamed. */
  #match(d: Device, pair: Pair): void {
    if (!isMap(pair.value)) { this.#wrong(pair.value as Node, `${d.id}.match is a mapping`); return; }
    for (const p of pair.value.items) {
      const [key, value] = [keyOf(p), text(p.value)];
      if (key === "name" && !/[*?[]/.test(value)) d.name = d.name === d.id ? value : d.name;
      else this.#host.notes.push({ ...this.#place(p.key as Node).at, text: `${d.id} is matched by ${key} ${value}: MAC addresses and drivers are not known here, and it is called by its set-name or its id` });
    }
  }

  #parameters(d: Device, value: Node): void {
    if (!isMap(value)) { this.#wrong(value, `${d.id}.parameters is a mapping`); return; }
    for (const p of value.items) {
      const node = p.value as Node;
      const { at, col } = this.#place(node ?? (p.key as Node));
      const written = isSeq(node) ? node.items.map((item) => text(item)).join(",") : text(node);
      d.options.push({ word: keyOf(p), value: written, at, col });
    }
  }

  #address(d: Device, item: Node): void {
    const node = isMap(item) ? (item.items[0]?.key as Node) : item;
    if (isMap(item)) for (const p of item.items) if (isMap(p.value)) for (const q of p.value.items) this.#unread(q, `${d.id}.addresses: ${keyOf(q)}`);
    const [ip = "", length = ""] = text(node).split("/");
    const { at } = this.#place(node);
    if (looksIpv6(ip)) { this.#host.notes.push({ ...at, text: `${text(node)} on ${d.id} is left out: a server has one address here, and IPv4 is what is read` }); return; }
    if (ipv4(ip) === null || !/^\d{1,2}$/.test(length) || Number(length) < 1 || Number(length) > 32) { this.#wrong(node, `"${text(node)}" is no address with its length, such as 10.1.10.11/24`); return; }
    this.#host.addresses.push({ on: d.id, ip, length: Number(length), at });
  }

  #gateway(d: Device, node: Node): void {
    const ip = text(node);
    if (ipv4(ip) === null) this.#wrong(node, `"${ip}" is no IPv4 address`);
    else this.#host.gateways.push({ ip, on: d.id, at: this.#place(node).at });
  }

  #route(d: Device, item: Node): void {
    if (!isMap(item)) { this.#wrong(item, `a route of ${d.id} is a mapping with "to" and "via"`); return; }
    const [to, via] = [text(item.get("to", true)), text(item.get("via", true))];
    const { at } = this.#place(item);
    const isDefault = ["default", "0.0.0.0/0", "0/0"].includes(to) && !looksIpv6(via) && item.get("table") === undefined;
    if (!isDefault) { this.#host.notes.push({ ...at, text: `the route to ${to === "" ? "nowhere" : to}${via === "" ? "" : ` via ${via}`} is left out: a server has a gateway and no other routes here` }); return; }
    if (via === "") { this.#host.notes.push({ ...at, text: `the default route of ${d.id} is left out: it names no gateway` }); return; }
    this.#gateway(d, item.get("via", true) as Node);
    for (const p of item.items) if (!["to", "via"].includes(keyOf(p))) this.#unread(p, `${d.id}.routes: ${keyOf(p)}: ${text(p.value)}`);
  }

  /** When all files are read: what the interfaces are. */
  #build(d: Device): void {
    const nameOf = (id: string): string => this.#devices.get(id)?.name ?? id;
    const { at } = d.where;
    for (const list of [this.#host.addresses, this.#host.gateways, this.#host.dhcp]) for (const entry of list) if (entry.on === d.id) entry.on = d.name;
    if (d.section === "vlans") {
      if (d.link === null || d.vlan === null) this.#problem(d.where, `VLAN ${d.id} has no ${d.link === null ? "link" : "id"}`);
      else this.#host.vlans.push({ name: d.name, link: nameOf(d.link), id: d.vlan, at });
    } else if (d.section === "bridges") this.#host.bridges.push({ name: d.name, members: d.members.map((m) => nameOf(m.value)), at });
    else if (d.section === "bonds") {
      for (const m of d.members) if (!this.#devices.has(m.value)) this.#host.notes.push({ ...m.at, text: `member ${m.value} of ${d.id} is defined nowhere: it is called by this name` });
      const read = readOptions(d.options.map((o) => (o.word === "primary" ? { ...o, value: nameOf(o.value) } : o)), at);
      this.#host.notes.push(...read.notes);
      for (const w of read.wrong) this.#problem(w, w.text);
      this.#host.bonds.push({ name: d.name, members: d.members.map((m) => nameOf(m.value)), settings: read.settings, at });
    }
  }

  #list(node: Node, what: string): Node[] {
    if (isSeq(node)) return node.items as Node[];
    if (isScalar(node) && node.value === null) return [];
    this.#wrong(node, `${what} is a list`);
    return [];
  }
  #place(node: Node | null): At {
    const { line, col } = this.#lines.linePos(node?.range?.[0] ?? 0);
    return { at: { file: this.#file.name, line, text: "" }, col };
  }
  #problem(where: At, message: string): void { this.#problems.push({ file: where.at.file, line: where.at.line, col: where.col, text: message }); }
  #wrong(node: Node | null, message: string): void { this.#problem(this.#place(node), message); }
  #unread(pair: Pair, what: string): void { this.#host.unread.push({ ...this.#place(pair.key as Node).at, text: what }); }
}

const baseName = (path: string): string => path.replace(/^.*[\\/]/, "");
const keyOf = (pair: Pair): string => text(pair.key);
const yes = (node: Node): boolean => /^(true|yes|on|y)$/i.test(text(node));
/** A scalar as it is written: 802.3ad and 08 are no numbers. */
function text(node: unknown): string {
  if (!isScalar(node) || node.value === null) return "";
  return typeof node.value === "string" ? node.value : (node.source ?? String(node.value));
}
