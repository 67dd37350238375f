// Nodes and cables of several sources as one network. Where two sources disagree both places are told and the first is kept.

import type { Cable, Device, End, Kind } from "./found.ts";
import type { Host } from "./host.ts";
import { nodeName, portName, wrongFile, type Line } from "./line.ts";
import { adopt } from "./linux-router.ts";
import type { Channel, Switch } from "./switch.ts";

export interface NetNode { name: string; kind: Kind; profile: string | null; at: Line; host: Host | null; sw: Switch | null }

const placeOf = (at: Line): string => `${at.file}:${at.line}`;
const portKey = (node: string, port: string): string => `${node}:${portName(port).toLowerCase()}`;

export class Net {
  readonly nodes = new Map<string, NetNode>();
  readonly cables: Cable[] = [];
  readonly notes: Line[];
  readonly #at = new Map<string, Cable>();
  /** how a port is written, once it is known */
  readonly #ports = new Map<string, string>();
  readonly #names = new Map<string, string | null>();
  readonly #free = new Map<string, number>();

  constructor(notes: Line[]) { this.notes = notes; }

  note(at: Line, text: string): void { this.notes.push({ file: at.file, line: at.line, text }); }
  guess(at: Line, text: string): void { this.note(at, `a guess: ${text}`); }
  conflict(at: Line, text: string, other: Line, kept: string): void { this.note(at, `a conflict: ${text} (${placeOf(other)}): ${kept} is kept`); }

  addSwitch(sw: Switch): void {
    const twin = this.nodes.get(sw.name);
    if (twin !== undefined) throw wrongFile([{ ...sw.at, col: 1, text: `${sw.name} is described twice: ${placeOf(twin.at)} is also of ${sw.name}` }]);
    const kind = sw.kind ?? switchKind(sw.name) ?? "leaf";
    if (sw.kind === null) this.guess(sw.at, `${sw.name} is a ${kind}${switchKind(sw.name) === null ? "" : ", by its name"}`);
    this.nodes.set(sw.name, { name: sw.name, kind, profile: sw.profile, at: sw.at, host: null, sw });
    for (const name of sw.ports.keys()) this.#ports.set(portKey(sw.name, name), name);
    for (const channel of sw.channels.values()) for (const name of channel.members) this.#ports.set(portKey(sw.name, name), name);
    for (const [alias, name] of sw.aliases) if (!this.#ports.has(portKey(sw.name, alias))) this.#ports.set(portKey(sw.name, alias), name);
  }

  addHost(host: Host): void {
    const known = this.nodes.get(host.name);
    if (known !== undefined && known.sw !== null && known.profile !== "linux") {
      this.conflict(host.at, `${host.name} is a server here and a switch elsewhere`, known.at, "the switch");
      return;
    }
    if (known !== undefined && known.sw !== null) adopt(known.sw, host);
    if (known !== undefined) known.host = known.host === null ? host : this.#merged(known.host, host);
    else this.nodes.set(host.name, { name: host.name, kind: "server", profile: null, at: host.at, host, sw: null });
    for (const bond of host.bonds) for (const name of bond.members) this.#ports.set(portKey(host.name, name), name);
    for (const { on } of host.addresses) this.#ports.set(portKey(host.name, on), on);
  }

  /** Two sources of one host: what is in both is told, and the first is kept. */
  #merged(a: Host, b: Host): Host {
    const bonds = b.bonds.filter((bond) => {
      const other = a.bonds.find((o) => o.name === bond.name);
      if (other === undefined) return true;
      if (other.members.length > 0 && JSON.stringify([other.settings, other.members]) !== JSON.stringify([bond.settings, bond.members])) this.conflict(bond.at, `${a.name}:${bond.name} is not the same here and elsewhere`, other.at, "the latter");
      return other.members.length === 0 && bond.members.length > 0;
    });
    const kept = a.bonds.filter((bond) => !bonds.some((o) => o.name === bond.name));
    return {
      ...a, bonds: [...kept, ...bonds], vlans: [...a.vlans, ...b.vlans], bridges: [...a.bridges, ...b.bridges], addresses: [...a.addresses, ...b.addresses], gateways: [...a.gateways, ...b.gateways],
      dhcp: [...a.dhcp, ...b.dhcp], notes: [...a.notes, ...b.notes], unread: [...a.unread, ...b.unread],
    };
  }

  addDevice(device: Device): void {
    const name = this.#known(device.name, device.at);
    const node = this.nodes.get(name);
    if (node === undefined) {
      const kind = device.kind ?? switchKind(name);
      if (device.kind === null && kind !== null) this.guess(device.at, `${name} is a ${kind}, by its name`);
      this.nodes.set(name, { name, kind: kind ?? "server", profile: device.profile, at: device.at, host: null, sw: null });
      if (kind === null) this.guess(device.at, `${name} is a server: nothing says otherwise`);
      return;
    }
    const [here, there] = [node.kind, device.kind];
    if (there !== null && (here === "server") !== (there === "server")) this.conflict(device.at, `${name} is a ${there} here and a ${here} elsewhere`, node.at, `${here}`);
    else if (there !== null && there !== here && node.sw !== null && node.sw.kind === null) node.kind = there;
    node.profile ??= device.profile;
  }

  addCable({ a, b, at }: Cable): void {
    const ends = [a, b].map((end) => this.#end(end, at)) as [End, End];
    if (ends[0].node === ends[1].node) { this.note(at, `the cable ${written(ends[0])} -- ${written(ends[1])} is left out: both ends are on ${ends[0].node}`); return; }
    this.connect(ends[0], ends[1], at);
  }

  /** False: one of the ends has another cable, and that is told. */
  connect(a: End, b: End, at: Line): boolean {
    const [keyA, keyB] = [portKey(a.node, a.port), portKey(b.node, b.port)];
    for (const [key, own, other] of [[keyA, a, b], [keyB, b, a]] as const) {
      const cable = this.#at.get(key);
      if (cable === undefined) continue;
      const far = otherEnd(cable, own.node);
      if (portKey(far.node, far.port) !== portKey(other.node, other.port)) this.conflict(at, `${written(own)} is cabled to ${written(other)} here and to ${written(far)} elsewhere`, cable.at, "the latter");
      return false;
    }
    const cable = { a, b, at };
    this.cables.push(cable);
    this.#at.set(keyA, cable);
    this.#at.set(keyB, cable);
    return true;
  }

  remove(cable: Cable): void {
    const at = this.cables.indexOf(cable);
    if (at >= 0) this.cables.splice(at, 1);
    for (const end of [cable.a, cable.b]) this.#at.delete(portKey(end.node, end.port));
  }

  /** Takes away many at once. */
  keep(wanted: (cable: Cable) => boolean): void {
    const kept = this.cables.filter(wanted);
    this.cables.splice(0, this.cables.length);
    this.#at.clear();
    for (const cable of kept) {
      this.cables.push(cable);
      for (const end of [cable.a, cable.b]) this.#at.set(portKey(end.node, end.port), cable);
    }
  }

  has(cable: Cable): boolean { return this.cableAt(cable.a.node, cable.a.port) === cable; }
  cableAt(node: string, port: string): Cable | null { return this.#at.get(portKey(node, port)) ?? null; }
  far(node: string, port: string): End | null {
    const cable = this.cableAt(node, port);
    return cable === null ? null : otherEnd(cable, node);
  }
  rename(cable: Cable, node: string, port: string): void {
    const own = cable.a.node === node ? cable.a : cable.b;
    this.#at.delete(portKey(node, own.port));
    own.port = port;
    this.#at.set(portKey(node, port), cable);
  }
  /** A port that no cable is in yet. */
  freePort(node: string, prefix: string): string {
    let n = this.#free.get(`${node} ${prefix}`) ?? 0;
    do n += 1; while (this.#at.has(portKey(node, `${prefix}${n}`)) || this.#ports.has(portKey(node, `${prefix}${n}`)));
    this.#free.set(`${node} ${prefix}`, n);
    return `${prefix}${n}`;
  }

  #end(end: End, at: Line): End {
    const name = this.#known(end.node, at);
    if (!this.nodes.has(name)) this.addDevice({ name, kind: null, profile: null, at });
    const key = portKey(name, end.port);
    const plain = this.nodes.get(name)!.kind === "server" ? end.port.trim().replace(/[^\w./-]/g, "_").replace(/--+/g, "-").replace(/\.\.+/g, ".").replace(/^[^A-Za-z0-9]+/, "").slice(0, 64) || "port" : portName(end.port);
    const known = this.#ports.get(key);
    if (known === undefined) this.#ports.set(key, plain);
    return { node: name, port: known ?? plain };
  }

  /** leaf1.example.net is leaf1, where that is known and the long name is not. */
  #known(text: string, at: Line): string {
    const name = nodeName(text);
    if (this.nodes.has(name)) return name;
    const short = name.split(".")[0]!;
    const found = this.#names.get(name);
    if (found !== undefined) return found ?? name;
    const near = this.nodes.has(short) ? short : ([...this.nodes.keys()].find((each) => each.toLowerCase() === name.toLowerCase() || each.toLowerCase() === short.toLowerCase()) ?? null);
    this.#names.set(name, near);
    if (near !== null) this.guess(at, `${name} is ${near}`);
    return near ?? name;
  }
}

export const written = (end: End): string => `${end.node}:${end.port}`;
export const otherEnd = (cable: Cable, node: string): End => (cable.a.node === node ? cable.b : cable.a);
export const ownEnd = (cable: Cable, node: string): End => (cable.a.node === node ? cable.a : cable.b);

const channelsByPort = new WeakMap<Switch, Map<string, Channel>>();

/** The port-channel of a switch that a port is in. */
export function channelAt({ sw }: NetNode, port: string): Channel | null {
  if (sw === null) return null;
  let known = channelsByPort.get(sw);
  if (known === undefined) {
    known = new Map();
    for (const channel of sw.channels.values()) for (const member of channel.members) if (!known.has(portKey("", member))) known.set(portKey("", member), channel);
    channelsByPort.set(sw, known);
  }
  return known.get(portKey("", port)) ?? null;
}

function switchKind(name: string): Kind | null {
  if (/spine/i.test(name)) return "spine";
  if (/core/i.test(name)) return "core";
  if (/leaf|tor\d|switch|(^|[-_.\d])(sw|tor|acc|agg)/i.test(name)) return "leaf";
  return /(^|[-_.])(r|rt|rtr|router|gw|fw|border|edge|wan|isp)[-_.]?\d*$/i.test(name) ? "router" : null;
}
