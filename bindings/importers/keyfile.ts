// NetworkManager's connection files (nm-settings-keyfile(5)): one file a connection, the files of one host in one folder. Bonds, teams, VLANs, bridges,
// addresses and the default route are read.

import { readOptions, type Written } from "./bond-options.ts";
import { emptyHost, ipv4, looksIpv6, type Host } from "./host.ts";
import { all, KEYFILE, readIni, type Entry } from "./ini.ts";
import { byHost, wrongFile, type HostFile, type Line, type Place } from "./line.ts";
import { readTeam } from "./teamd.ts";

interface Connection { file: string; entries: Entry[]; device: string; type: string; ids: string[]; at: Line }

export function readKeyfiles(files: readonly HostFile[]): Host[] {
  const problems: Place[] = [];
  const hosts = byHost(files).map(({ name, list }) => new Reader(name, list, problems).read());
  if (problems.length > 0) throw wrongFile(problems);
  return hosts;
}

const first = (c: { entries: Entry[] }, section: string, ...keys: string[]): Entry | undefined => keys.flatMap((key) => all(c.entries, section, key))[0];

class Reader {
  readonly #host: Host;
  readonly #problems: Place[];
  readonly #connections: Connection[];
  readonly #members = new Map<string, string[]>();

  constructor(name: string, files: readonly HostFile[], problems: Place[]) {
    const at = { file: files[0]!.name, line: 1, text: "" };
    this.#host = emptyHost(name, at);
    this.#problems = problems;
    if (files[0]!.guessed) this.#host.notes.push({ ...at, text: `a guess: this is host "${name}", by its path; HOST=FILE says it otherwise` });
    this.#connections = files.flatMap((file) => this.#connection(file) ?? []);
  }

  #connection(file: HostFile): Connection | null {
    const entries = readIni(file, this.#problems, KEYFILE);
    const c = { entries };
    const at = { file: file.name, line: 1, text: "" };
    const type = first(c, "connection", "type");
    if (type === undefined) { this.#problems.push({ ...at, col: 1, text: "this is no connection of NetworkManager: [connection] has no type" }); return null; }
    const id = first(c, "connection", "id")?.value ?? file.name.replace(/^.*[\\/]/, "").replace(/\.nmconnection$/, "");
    const uuid = first(c, "connection", "uuid")?.value;
    const device = first(c, "connection", "interface-name") ?? first(c, type.value, "interface-name");
    const auto = first(c, "connection", "autoconnect");
    if (auto !== undefined && /^(false|0|no)$/i.test(auto.value)) {
      for (const e of entries) e.used = true;
      this.#host.notes.push({ ...auto.at, text: `${id} is left out: autoconnect=${auto.value}` });
      return null;
    }
    if (device === undefined) this.#host.notes.push({ ...type.at, text: `a guess: ${id} is of an interface called so: it has no interface-name` });
    const name = device?.value ?? id;
    return { file: file.name, entries, device: name, type: type.value, ids: [name, id, ...(uuid === undefined ? [] : [uuid])], at: type.at };
  }

  read(): Host {
    for (const c of this.#connections) this.#belongs(c);
    for (const c of this.#connections) this.#kind(c);
    for (const c of this.#connections) this.#addresses(c);
    for (const c of this.#connections) for (const e of c.entries) if (!e.used) this.#host.unread.push({ ...e.at, text: `[${e.section}] ${e.key}=${e.value}` });
    return this.#host;
  }

  /** `master` (now `controller`) names an interface, a connection's id or its uuid. */
  #belongs(c: Connection): void {
    const of = first(c, "connection", "controller", "master");
    first(c, "connection", "port-type", "slave-type");
    for (const key of ["port-type", "slave-type", "master", "controller"]) all(c.entries, "connection", key);
    if (of === undefined) return;
    const owner = this.#connections.find((o) => o.ids.includes(of.value));
    if (owner === undefined) this.#host.notes.push({ ...of.at, text: `${c.device} belongs to ${of.value}, of which there is no file` });
    const name = owner?.device ?? of.value;
    this.#members.set(name, [...(this.#members.get(name) ?? []), c.device]);
  }

  #kind(c: Connection): void {
    const members = [...(this.#members.get(c.device) ?? [])].sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
    if (members.length > 1) this.#host.notes.push({ ...c.at, text: `a guess: members of ${c.device} are in the order of their names: ${members.join(", ")}` });
    if (c.type === "bond") this.#bond(c, members);
    else if (c.type === "bridge") this.#host.bridges.push({ name: c.device, members, at: c.at });
    else if (c.type === "vlan") this.#vlan(c);
    else if (c.type === "team") this.#team(c, members);
    else if (!["ethernet", "802-3-ethernet"].includes(c.type)) this.#host.notes.push({ ...c.at, text: `${c.device} is of type ${c.type}, which is not modelled: its addresses are those of a port` });
  }

  #bond(c: Connection, members: string[]): void {
    const written: Written[] = c.entries.filter((e) => e.section === "bond" && e.key !== "interface-name").map((e) => {
      e.used = true;
      return { word: e.key, value: e.value, at: e.at, col: e.col };
    });
    const read = readOptions(written, c.at);
    this.#host.notes.push(...read.notes);
    this.#problems.push(...read.wrong.map((w) => ({ ...w.at, col: w.col, text: w.text })));
    this.#host.bonds.push({ name: c.device, members, settings: read.settings, at: c.at });
  }

  /** The team's configuration is teamd's JSON, in one line. */
  #team(c: Connection, members: string[]): void {
    const config = first(c, "team", "config");
    const bond = readTeam(config?.value ?? "{}", { file: c.file, line: config?.at.line ?? c.at.line, text: "" }, config?.col ?? 1, c.device, members, this.#host, this.#problems);
    if (bond !== null) this.#host.bonds.push(bond);
  }

  #vlan(c: Connection): void {
    const id = first(c, "vlan", "id");
    const parent = first(c, "vlan", "parent");
    const owner = this.#connections.find((o) => parent !== undefined && o.ids.includes(parent.value));
    if (id === undefined || parent === undefined || !/^\d{1,4}$/.test(id.value) || Number(id.value) > 4094) {
      this.#problems.push({ ...(id ?? parent ?? c).at, col: id?.col ?? 1, text: parent === undefined ? `VLAN ${c.device} has no parent` : `VLAN ${c.device}: "${id?.value ?? ""}": a VLAN is 0 to 4094` });
      return;
    }
    this.#host.vlans.push({ name: c.device, link: owner?.device ?? parent.value, id: Number(id.value), at: id.at });
  }

  #addresses(c: Connection): void {
    const method = first(c, "ipv4", "method");
    if (method?.value === "auto") this.#host.dhcp.push({ on: c.device, at: method.at });
    const keys = [...new Set(c.entries.filter((e) => e.section === "ipv4" && /^address(es|\d+)$/.test(e.key)).map((e) => e.key))];
    for (const e of keys.flatMap((key) => all(c.entries, "ipv4", key))) for (const part of e.key === "addresses" ? e.value.split(/[;\s]+/) : [e.value]) this.#address(c, e, part);
    for (const e of all(c.entries, "ipv4", "gateway")) this.#gateway(c, e, e.value);
    const routes = [...new Set(c.entries.filter((e) => e.section === "ipv4" && /^routes?\d+$/.test(e.key)).map((e) => e.key))];
    for (const e of routes.flatMap((key) => all(c.entries, "ipv4", key))) {
      const [to = "", via = ""] = e.value.split(",");
      if (to === "0.0.0.0/0" && via !== "") this.#gateway(c, e, via);
      else this.#host.notes.push({ ...e.at, text: `the route to ${to}${via === "" ? "" : ` via ${via}`} is left out: a server has a gateway and no other routes here` });
    }
  }

  /** "10.1.10.5/24,10.1.10.1": the gateway stands behind the address. */
  #address(c: Connection, e: Entry, text: string): void {
    if (text === "") return;
    const [address = "", gateway] = text.split(",").map((t) => t.trim());
    const [ip = "", length = ""] = address.split("/");
    if (looksIpv6(ip) || ipv4(ip) === null || !/^([1-9]|[12]\d|3[0-2])$/.test(length)) { this.#wrong(e, `${e.key}: "${address}" is no address with its length, such as 10.1.10.11/24`); return; }
    this.#host.addresses.push({ on: c.device, ip, length: Number(length), at: e.at });
    if (gateway !== undefined && gateway !== "") this.#gateway(c, e, gateway);
  }

  #gateway(c: Connection, e: Entry, ip: string): void {
    if (ipv4(ip) === null) this.#wrong(e, `${e.key}: "${ip}" is no IPv4 address`);
    else this.#host.gateways.push({ ip, on: c.device, at: e.at });
  }

  #wrong(e: Entry, text: string): void { this.#problems.push({ ...e.at, col: e.col, text }); }
}
