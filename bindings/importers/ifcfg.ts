// ifcfg files of Red Hat's network scripts (initscripts' sysconfig.txt): one file an interface, lines that a shell could read.
// The files of one host lie in one folder; /etc/sysconfig/network may be among them.

import { readOptions, type Written } from "./bond-options.ts";
import { emptyHost, ipv4, looksIpv6, maskLength, type Host } from "./host.ts";
import { byHost, wrongFile, type HostFile, type Line } from "./line.ts";

interface Problem { file: string; line: number; col: number; text: string }
interface Value { value: string; at: Line; col: number }
interface Interface { device: string; file: string; values: Map<string, Value>; used: Set<string> }

const NETWORK = "network";

export function readIfcfg(files: readonly HostFile[]): Host[] {
  const problems: Problem[] = [];
  const hosts = byHost(files).map(({ name, list }) => readHost(name, list, problems));
  if (problems.length > 0) throw wrongFile(problems);
  return hosts;
}

function readHost(name: string, files: readonly HostFile[], problems: Problem[]): Host {
  const at = { file: files[0]!.name, line: 1, text: "" };
  const host = emptyHost(name, at);
  const interfaces: Interface[] = [];
  let network: Interface | null = null;
  for (const file of files) {
    const own = file.name.replace(/^.*[\\/]/, "");
    const values = readShell(file, problems);
    if (own === NETWORK) { network = { device: NETWORK, file: file.name, values, used: new Set() }; continue; }
    const suffix = /^ifcfg-(.+)$/.exec(own)?.[1];
    if (suffix === undefined) { problems.push({ file: file.name, line: 1, col: 1, text: `a file named "${own}" is none of ifcfg-INTERFACE and network` }); continue; }
    interfaces.push({ device: values.get("DEVICE")?.value ?? suffix, file: file.name, values, used: new Set() });
  }
  if (network !== null) readNetwork(host, network, problems);
  const named = take(network, "HOSTNAME")?.value.split(".")[0];
  if (files[0]!.guessed && named !== undefined && named !== "") host.name = named;
  else if (files[0]!.guessed) host.notes.push({ ...at, text: `a guess: this is host "${name}", by its path; HOST=FILE says it otherwise` });
  new Reader(host, interfaces.sort(byDevice), problems).read();
  for (const i of [...(network === null ? [] : [network]), ...interfaces]) {
    for (const [key, v] of i.values) if (!i.used.has(key)) host.unread.push({ ...v.at, text: `${key}=${v.value}` });
  }
  return host;
}

function readNetwork(host: Host, network: Interface, problems: Problem[]): void {
  take(network, "NETWORKING");
  const gateway = take(network, "GATEWAY");
  if (gateway === undefined) return;
  if (ipv4(gateway.value) === null) problems.push({ ...gateway.at, col: gateway.col, text: `GATEWAY: "${gateway.value}" is no IPv4 address` });
  else host.gateways.push({ ip: gateway.value, on: "", at: gateway.at });
}

/** eth2 before eth10. */
function byDevice(a: Interface, b: Interface): number { return a.device.localeCompare(b.device, "en", { numeric: true }); }

/** A value, and that it was read. */
function take(from: Interface | null, key: string): Value | undefined {
  from?.used.add(key);
  const value = from?.values.get(key);
  return value === undefined || value.value === "" ? undefined : value;
}
const isYes = (v: Value | undefined): boolean => v !== undefined && /^(yes|y|true|t|1|on)$/i.test(v.value);
const isNo = (v: Value | undefined): boolean => v !== undefined && /^(no|n|false|f|0|off)$/i.test(v.value);

class Reader {
  readonly #host: Host;
  readonly #interfaces: Interface[];
  readonly #problems: Problem[];
  readonly #members = new Map<string, string[]>();

  constructor(host: Host, interfaces: Interface[], problems: Problem[]) {
    this.#host = host;
    this.#interfaces = interfaces;
    this.#problems = problems;
  }

  read(): void {
    const on = this.#interfaces.filter((i) => this.#starts(i));
    for (const i of on) this.#belongs(i);
    for (const i of on) this.#kind(i);
    for (const i of on) this.#addresses(i);
  }

  #starts(i: Interface): boolean {
    const at = { file: i.file, line: 1, text: "" };
    if (i.device === "lo") { for (const key of i.values.keys()) i.used.add(key); this.#host.notes.push({ ...at, text: "lo is left out: the loopback is not modelled" }); return false; }
    for (const key of ["DEVICE", "NAME", "UUID"]) take(i, key);
    const onboot = take(i, "ONBOOT");
    if (!isNo(onboot)) return true;
    for (const key of i.values.keys()) i.used.add(key);
    this.#host.notes.push({ ...onboot!.at, text: `${i.device} is left out: ONBOOT=${onboot!.value}` });
    return false;
  }

  /** MASTER and BRIDGE name a device, or a connection by its NAME or UUID. */
  #belongs(i: Interface): void {
    const master = take(i, "MASTER");
    const slave = take(i, "SLAVE");
    const bridge = take(i, "BRIDGE");
    if (isYes(slave) && master === undefined) this.#host.notes.push({ ...slave!.at, text: `${i.device} is left out: it is to be a member, of no bond` });
    for (const of of [master, bridge]) {
      if (of === undefined) continue;
      const owner = this.#interfaces.find((o) => [o.device, o.values.get("NAME")?.value, o.values.get("UUID")?.value].includes(of.value));
      if (owner === undefined) this.#host.notes.push({ ...of.at, text: `${i.device} belongs to ${of.value}, of which there is no file` });
      const name = owner?.device ?? of.value;
      this.#members.set(name, [...(this.#members.get(name) ?? []), i.device]);
    }
  }

  #kind(i: Interface): void {
    const type = take(i, "TYPE")?.value.toLowerCase() ?? "";
    const at = { file: i.file, line: 1, text: "" };
    const members = this.#members.get(i.device) ?? [];
    const options = take(i, "BONDING_OPTS");
    if (isYes(take(i, "BONDING_MASTER")) || type === "bond" || options !== undefined) this.#bond(i, options, options?.at ?? at, members);
    else if (type === "bridge") this.#host.bridges.push({ name: i.device, members, at });
    const vlan = take(i, "VLAN");
    const physical = take(i, "PHYSDEV");
    const id = take(i, "VLAN_ID");
    if (isYes(vlan) || type === "vlan") this.#vlan(i, vlan?.at ?? at, physical, id);
    if (i.values.has("TEAM_MASTER") || /team/i.test(i.values.get("DEVICETYPE")?.value ?? "")) this.#host.notes.push({ ...at, text: `${i.device} is of a team (teamd), which is not read` });
  }

  #bond(i: Interface, options: Value | undefined, at: Line, members: string[]): void {
    const written: Written[] = [];
    for (const match of (options?.value ?? "").matchAll(/(\S+)/g)) {
      const word = match[1]!;
      const split = word.indexOf("=");
      const col = (options?.col ?? 1) + match.index;
      if (split < 1) { this.#problems.push({ ...at, col, text: `BONDING_OPTS: "${word}" is no option=value` }); continue; }
      written.push({ word: word.slice(0, split), value: word.slice(split + 1), at, col: col + split + 1 });
    }
    const read = readOptions(written, at);
    this.#host.notes.push(...read.notes);
    this.#problems.push(...read.wrong.map((w) => ({ file: w.at.file, line: w.at.line, col: w.col, text: w.text })));
    if (members.length > 1) this.#host.notes.push({ ...at, text: `a guess: members of ${i.device} are in the order of their names: ${members.join(", ")}` });
    this.#host.bonds.push({ name: i.device, members, settings: read.settings, at });
  }

  /** bond0.100, or vlan100 on PHYSDEV. */
  #vlan(i: Interface, at: Line, physical: Value | undefined, id: Value | undefined): void {
    const dotted = /^(.+)\.(\d{1,4})$/.exec(i.device);
    const numbered = /(\d{1,4})$/.exec(i.device)?.[1];
    const link = physical?.value ?? dotted?.[1];
    const number = Number(id?.value ?? dotted?.[2] ?? numbered);
    if (link === undefined || !Number.isInteger(number) || number > 4094) this.#problems.push({ ...at, col: 1, text: `VLAN interface ${i.device} does not say ${link === undefined ? "what it is on: PHYSDEV, or a name such as bond0.100" : "its number: VLAN_ID, or a name such as bond0.100"}` });
    else this.#host.vlans.push({ name: i.device, link, id: number, at });
  }

  #addresses(i: Interface): void {
    const boot = take(i, "BOOTPROTO");
    if (boot !== undefined && /^(dhcp|bootp)$/i.test(boot.value)) this.#host.dhcp.push({ on: i.device, at: boot.at });
    for (const key of [...i.values.keys()].filter((k) => /^IPADDR\d*$/.test(k))) this.#address(i, key.slice("IPADDR".length), take(i, key));
    const defroute = take(i, "DEFROUTE");
    for (const key of [...i.values.keys()].filter((k) => /^GATEWAY\d*$/.test(k))) {
      const gateway = take(i, key);
      if (gateway === undefined) continue;
      if (ipv4(gateway.value) === null) this.#wrong(gateway, `${key}: "${gateway.value}" is no IPv4 address`);
      else if (isNo(defroute)) this.#host.notes.push({ ...gateway.at, text: `gateway ${gateway.value} is left out: DEFROUTE=${defroute!.value}` });
      else this.#host.gateways.push({ ip: gateway.value, on: i.device, at: gateway.at });
    }
  }

  #address(i: Interface, suffix: string, address: Value | undefined): void {
    if (address === undefined) return;
    const prefix = take(i, `PREFIX${suffix}`);
    const mask = take(i, `NETMASK${suffix}`);
    if (looksIpv6(address.value) || ipv4(address.value) === null) { this.#wrong(address, `IPADDR${suffix}: "${address.value}" is no IPv4 address`); return; }
    if (prefix !== undefined && !/^([1-9]|[12]\d|3[0-2])$/.test(prefix.value)) { this.#wrong(prefix, `PREFIX${suffix}: "${prefix.value}": a length is 1 to 32`); return; }
    const length = prefix !== undefined ? Number(prefix.value) : mask !== undefined ? maskLength(mask.value) : classful(address.value);
    if (length === null) { this.#wrong(mask!, `NETMASK${suffix}: "${mask!.value}" is no netmask`); return; }
    if (prefix === undefined && mask === undefined) this.#host.notes.push({ ...address.at, text: `a guess: ${address.value} has neither PREFIX nor NETMASK: /${length}, by its class, as the scripts take it` });
    this.#host.addresses.push({ on: i.device, ip: address.value, length, at: address.at });
  }

  #wrong(v: Value, text: string): void { this.#problems.push({ file: v.at.file, line: v.at.line, col: v.col, text }); }
}

function classful(ip: string): number {
  const first = Number(ip.split(".")[0]);
  return first < 128 ? 8 : first < 192 ? 16 : 24;
}

// --- the shell's lines -----------------------------------------------------------------------------

const ASSIGNMENT = /^\s*(?:export\s+)?([A-Za-z_]\w*)=/;

/** KEY=value, KEY='value', KEY="value" with \-escapes; # begins a comment where a word may begin. */
function readShell(file: HostFile, problems: Problem[]): Map<string, Value> {
  const out = new Map<string, Value>();
  file.text.split(/\r?\n/).forEach((raw, index) => {
    if (/^\s*(#.*)?$/.test(raw)) return;
    const at = { file: file.name, line: index + 1, text: "" };
    const match = ASSIGNMENT.exec(raw);
    const wrong = (col: number, text: string): void => { problems.push({ file: file.name, line: index + 1, col, text }); };
    if (match === null) { wrong(raw.search(/\S/) + 1, `"${raw.trim()}" is no KEY=VALUE`); return; }
    const start = match[0].length;
    const { value, end, error } = word(raw, start);
    if (error !== null) { wrong(start + 1, `${match[1]}: ${error}`); return; }
    if (!/^\s*(#.*)?$/.test(raw.slice(end)) || (/^#/.test(raw.slice(end)) && end > start)) { wrong(end + 1, `${match[1]}: "${raw.slice(end).trim()}" stands after the value: a value with blanks is put in quotes`); return; }
    out.set(match[1]!, { value, at, col: start + 1 + (/^["']/.test(raw.slice(start)) ? 1 : 0) });
  });
  return out;
}

/** One word of the shell from `start`: its value, and where it ends. */
function word(raw: string, start: number): { value: string; end: number; error: string | null } {
  let value = "";
  let i = start;
  while (i < raw.length && !/\s/.test(raw[i]!)) {
    const c = raw[i]!;
    if (c === "'" || c === '"') {
      const from = i++;
      while (i < raw.length && raw[i] !== c) {
        if (c === '"' && raw[i] === "\\" && /["\\$`]/.test(raw[i + 1] ?? "")) i += 1;
        value += raw[i++];
      }
      if (i >= raw.length) return { value, end: i, error: `the quote of column ${from + 1} is not closed` };
      i += 1;
    } else if (c === "\\") { value += raw[i + 1] ?? ""; i += 2; }
    else { value += c; i += 1; }
  }
  return { value, end: i, error: null };
}
