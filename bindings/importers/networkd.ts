// systemd-networkd: .netdev and .network files (systemd.netdev(5), systemd.network(5), systemd.syntax(7)). The files of one host lie in one
// folder. Of the .network files that match an interface the first by name counts.

import { readOptions, type Written } from "./bond-options.ts";
import { emptyHost, ipv4, looksIpv6, type Host } from "./host.ts";
import { all, readIni, type Entry } from "./ini.ts";
import { byHost, wrongFile, type HostFile, type Line } from "./line.ts";

interface Problem { file: string; line: number; col: number; text: string }
interface Unit { file: string; entries: Entry[] }

export function readNetworkd(files: readonly HostFile[]): Host[] {
  const problems: Problem[] = [];
  const hosts = byHost(files).map(({ name, list }) => new Reader(name, list, problems).read());
  if (problems.length > 0) throw wrongFile(problems);
  return hosts;
}

/** The driver's words for networkd's. */
const BOND: Record<string, string> = {
  Mode: "mode", TransmitHashPolicy: "xmit_hash_policy", LACPTransmitRate: "lacp_rate", MIIMonitorSec: "miimon", UpDelaySec: "updelay", DownDelaySec: "downdelay",
  LearnPacketIntervalSec: "lp_interval", AdSelect: "ad_select", FailOverMACPolicy: "fail_over_mac", ARPValidate: "arp_validate", ARPIntervalSec: "arp_interval",
  ARPIPTargets: "arp_ip_target", ARPAllTargets: "arp_all_targets", ARPMissedMax: "arp_missed_max", PrimaryReselectPolicy: "primary_reselect", PacketsPerSlave: "packets_per_slave",
  GratuitousARP: "num_grat_arp", MinLinks: "min_links", PeerNotifyDelaySec: "peer_notif_delay", DynamicTransmitLoadBalancing: "tlb_dynamic_lb", LACPActive: "lacp_active", AdUserPortKey: "ad_user_port_key", AdActorSystemPriority: "ad_actor_sys_prio",
};

class Reader {
  readonly #host: Host;
  readonly #units: Unit[];
  readonly #problems: Problem[];
  readonly #members = new Map<string, string[]>();
  readonly #links = new Map<string, string>(); // VLAN interface → what it is on
  readonly #primary = new Map<string, { name: string; e: Entry }>();
  readonly #configured = new Map<string, string>(); // interface → the file that counts

  constructor(name: string, files: readonly HostFile[], problems: Problem[]) {
    const at = { file: files[0]!.name, line: 1, text: "" };
    this.#host = emptyHost(name, at);
    this.#problems = problems;
    if (files[0]!.guessed) this.#note(at, `a guess: this is host "${name}", by its path; HOST=FILE says it otherwise`);
    this.#units = [...files].sort((a, b) => (baseName(a.name) < baseName(b.name) ? -1 : 1)).map((f) => ({ file: f.name, entries: readIni(f, problems) }));
  }

  read(): Host {
    for (const unit of this.#units) {
      if (!/\.(netdev|network)$/.test(unit.file)) this.#problems.push({ file: unit.file, line: 1, col: 1, text: `a file named "${baseName(unit.file)}" is none of *.netdev and *.network` });
      else if (unit.file.endsWith(".network")) this.#network(unit);
    }
    for (const unit of this.#units) if (unit.file.endsWith(".netdev")) this.#netdev(unit);
    for (const [bond, members] of this.#members) if (members.length > 1) this.#note(this.#host.at, `a guess: members of ${bond} are in the order of their files: ${members.join(", ")}`);
    for (const unit of this.#units) {
      for (const e of unit.entries) if (!e.used) this.#host.unread.push({ ...e.at, text: `[${e.section}] ${e.key}=${e.value}` });
    }
    return this.#host;
  }

  #network(unit: Unit): void {
    const names = this.#matched(unit).filter((name) => {
      const first = this.#configured.get(name);
      if (first !== undefined) this.#note({ file: unit.file, line: 1, text: "" }, `${name} is configured by ${baseName(first)}, which comes first`);
      else this.#configured.set(name, unit.file);
      return first === undefined;
    });
    for (const name of names) this.#configure(name, unit);
  }

  /** Names that are written out. What a pattern or a MAC address matches is not known here. */
  #matched(unit: Unit): string[] {
    const match = unit.entries.filter((e) => e.section === "Match");
    const names = all(match, "Match", "Name").flatMap((e) => e.value.split(/\s+/).flatMap((name) => {
      if (!/[*?[!]/.test(name)) return [name];
      this.#note(e.at, `Name=${name} is left out: which interfaces it matches is not in the file`);
      return [];
    }));
    for (const e of match) {
      if (e.used) continue;
      e.used = true;
      this.#note(e.at, `${e.key}=${e.value} is left out: ${names.length > 0 ? "the interface is known by its name" : "which interface it matches is not in the file"}`);
    }
    if (match.length === 0) this.#problems.push({ file: unit.file, line: 1, col: 1, text: "there is no [Match]" });
    return names;
  }

  #configure(name: string, unit: Unit): void {
    const { entries } = unit;
    for (const key of ["Bond", "Bridge"]) for (const e of all(entries, "Network", key)) this.#members.set(e.value, [...(this.#members.get(e.value) ?? []), name]);
    for (const e of all(entries, "Network", "VLAN")) for (const vlan of e.value.split(/\s+/)) this.#links.set(vlan, name);
    for (const e of all(entries, "Network", "PrimarySlave")) if (isYes(e.value)) for (const bond of all(entries, "Network", "Bond")) this.#primary.set(bond.value, { name, e });
    for (const e of all(entries, "Network", "DHCP")) if (isYes(e.value) || e.value === "ipv4" || e.value === "both") this.#host.dhcp.push({ on: name, at: e.at });
    for (const e of [...all(entries, "Network", "Address"), ...all(entries, "Address", "Address")]) this.#address(name, e);
    for (const e of all(entries, "Network", "Gateway")) this.#gateway(name, e);
    const routes = new Map<number, Entry[]>();
    for (const e of entries) if (e.section === "Route") { const list = routes.get(e.group); if (list === undefined) routes.set(e.group, [e]); else list.push(e); }
    for (const route of routes.values()) this.#route(name, route);
  }

  #address(name: string, e: Entry): void {
    const [ip = "", length = ""] = e.value.split("/");
    if (looksIpv6(ip)) { this.#note(e.at, `${e.value} on ${name} is left out: a server has one address here, and IPv4 is what is read`); return; }
    if (ipv4(ip) === null || !/^([1-9]|[12]\d|3[0-2])$/.test(length)) { this.#wrong(e, `Address: "${e.value}" is no address with its length, such as 10.1.10.11/24`); return; }
    this.#host.addresses.push({ on: name, ip, length: Number(length), at: e.at });
  }

  #gateway(name: string, e: Entry): void {
    if (looksIpv6(e.value)) this.#note(e.at, `gateway ${e.value} is left out: IPv4 is what is read`);
    else if (ipv4(e.value) === null) this.#wrong(e, `Gateway: "${e.value}" is no IPv4 address`);
    else this.#host.gateways.push({ ip: e.value, on: name, at: e.at });
  }

  #route(name: string, entries: Entry[]): void {
    const gateway = all(entries, "Route", "Gateway")[0];
    const to = all(entries, "Route", "Destination")[0];
    const table = all(entries, "Route", "Table")[0];
    const isDefault = (to === undefined || to.value === "0.0.0.0/0") && table === undefined;
    if (gateway !== undefined && isDefault) this.#gateway(name, gateway);
    else this.#note((to ?? gateway ?? entries[0]!).at, `the route to ${to?.value ?? "everywhere"}${gateway === undefined ? "" : ` via ${gateway.value}`} is left out: a server has a gateway and no other routes here`);
  }

  #netdev(unit: Unit): void {
    const { entries } = unit;
    const name = all(entries, "NetDev", "Name")[0];
    const kind = all(entries, "NetDev", "Kind")[0];
    const at = { file: unit.file, line: 1, text: "" };
    if (name === undefined || kind === undefined) { this.#problems.push({ ...at, col: 1, text: `[NetDev] has no ${name === undefined ? "Name" : "Kind"}` }); return; }
    const members = this.#members.get(name.value) ?? [];
    if (kind.value === "bond") this.#bond(name.value, name.at, entries, members);
    else if (kind.value === "bridge") this.#host.bridges.push({ name: name.value, members, at: name.at });
    else if (kind.value === "vlan") this.#vlan(name, all(entries, "VLAN", "Id")[0]);
    else this.#note(kind.at, `${name.value} is left out: a ${kind.value} is not read`);
  }

  #bond(name: string, at: Line, entries: Entry[], members: string[]): void {
    const written: Written[] = entries.filter((e) => e.section === "Bond").map((e) => {
      e.used = true;
      const value = e.key.endsWith("Sec") ? milliseconds(e.value) : e.key === "ARPIPTargets" ? e.value.replace(/\s+/g, ",") : e.value;
      return { word: BOND[e.key] ?? e.key, value, at: e.at, col: e.col };
    });
    const primary = this.#primary.get(name);
    if (primary !== undefined) written.push({ word: "primary", value: primary.name, at: primary.e.at, col: primary.e.col });
    const read = readOptions(written, at);
    this.#host.notes.push(...read.notes);
    this.#problems.push(...read.wrong.map((w) => ({ file: w.at.file, line: w.at.line, col: w.col, text: w.text })));
    this.#host.bonds.push({ name, members, settings: read.settings, at });
  }

  #vlan(name: Entry, id: Entry | undefined): void {
    const link = this.#links.get(name.value);
    if (id === undefined) this.#wrong(name, `VLAN ${name.value} has no Id`);
    else if (!/^\d{1,4}$/.test(id.value) || Number(id.value) > 4094) this.#wrong(id, `Id: "${id.value}": a VLAN is 0 to 4094`);
    else if (link === undefined) this.#note(name.at, `${name.value} is left out: no .network file has VLAN=${name.value}`);
    else this.#host.vlans.push({ name: name.value, link, id: Number(id.value), at: name.at });
  }

  #note(at: Line, text: string): void { this.#host.notes.push({ ...at, text }); }
  #wrong(e: Entry, text: string): void { this.#problems.push({ file: e.at.file, line: e.at.line, col: e.col, text }); }
}

const baseName = (path: string): string => path.replace(/^.*[\\/]/, "");
const isYes = (value: string): boolean => /^(1|yes|y|true|t|on)$/i.test(value);

const UNITS: Record<string, number> = { us: 0.001, usec: 0.001, ms: 1, msec: 1, s: 1000, sec: 1000, second: 1000, seconds: 1000, m: 60_000, min: 60_000, minute: 60_000, minutes: 60_000 };

/** A span as systemd.time(7) has it, seconds without a unit: "1s 500ms", "0.1". What is none is handed on, to be complained of. */
function milliseconds(value: string): string {
  const parts = [...value.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]*)/g)];
  if (parts.length === 0 || parts.map((p) => p[0]).join("").replace(/\s/g, "") !== value.replace(/\s/g, "")) return value;
  const sum = parts.reduce((total, [, number, unit]) => total + Number(number) * (UNITS[unit === "" ? "s" : unit!] ?? NaN), 0);
  return Number.isInteger(Math.round(sum * 1000) / 1000) ? `${Math.round(sum)}ms` : Number.isNaN(sum) ? value : `${Math.round(sum * 1000)}us`;
}
