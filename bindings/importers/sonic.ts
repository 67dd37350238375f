// SONiC's config_db.json: tables of keys ("Vlan10|10.1.10.2/24") and fields, all of them texts (sonic-net/SONiC doc, Configuration.md; VRRP: doc/vrrp).

import { found, type Found, type Kind } from "./found.ts";
import { nodeName, portName } from "./line.ts";
import { nameOfFile } from "./rules.ts";
import { channelOf, emptySwitch, group, macAddress, portOf, sviOf, type Switch } from "./switch.ts";
import { TreeFile } from "./tree-file.ts";
import type { Tree } from "./tree.ts";

const TYPES: Record<string, Kind> = { Server: "server", ToRRouter: "leaf", LeafRouter: "leaf", SpineRouter: "spine", BackEndToRRouter: "leaf", BackEndLeafRouter: "leaf" };
const PORT_CHANNEL = /^PortChannel(\d{1,4})$/;

export function readSonic(text: string, name: string): Found {
  const file = new TreeFile(name, text, "json");
  if (file.root.kind !== "map" || !["PORT", "PORTCHANNEL", "VLAN", "DEVICE_METADATA", "MCLAG_DOMAIN", "INTERFACE"].some((table) => file.root.entries.has(table))) {
    file.wrong(file.root, "this is no config_db.json: it has none of the tables PORT, PORTCHANNEL, VLAN, DEVICE_METADATA");
    file.done();
  }
  const own = file.map(file.map(file.root, "DEVICE_METADATA"), "localhost");
  const sw = emptySwitch(nodeName(file.text(own, "hostname") ?? nameOfFile(name)), "sonic-mclag", file.line(file.root));
  const type = file.text(own, "type");
  if (type !== undefined && Object.hasOwn(TYPES, type)) sw.kind = TYPES[type]!;
  const out = found({ switches: [sw] });
  const reader = new Reader(file, sw, out);
  reader.ports();
  reader.channels();
  reader.vlans();
  reader.pair();
  reader.gateways();
  reader.neighbours();
  file.done();
  out.unread = file.unread();
  return out;
}

class Reader {
  readonly #file: TreeFile;
  readonly #sw: Switch;
  readonly #out: Found;
  readonly #mac: string | null;
  constructor(file: TreeFile, sw: Switch, out: Found) {
    this.#file = file;
    this.#sw = sw;
    this.#out = out;
    const sag = this.#table("SAG_GLOBAL").find(([key]) => key === "IP")?.[1] ?? this.#table("SAG").find(([key]) => key === "GLOBAL")?.[1];
    this.#mac = macAddress(file.text(sag, "gwmac") ?? file.text(sag, "gateway_mac") ?? "");
  }

  /** Keys and fields of a table. */
  #table(name: string): [string, Tree][] { return this.#file.entries(this.#file.map(this.#file.root, name)); }
  #yes(fields: Tree, key: string): boolean { return /^(true|enabled?|yes|on)$/i.test(this.#file.text(fields, key) ?? ""); }

  ports(): void {
    for (const [name, fields] of this.#table("PORT")) {
      const port = portOf(this.#sw, portName(name), this.#file.line(fields));
      port.off = this.#file.text(fields, "admin_status") === "down";
      port.description = this.#file.text(fields, "description") ?? null;
      const alias = this.#file.text(fields, "alias");
      if (alias !== undefined) this.#sw.aliases.set(alias, portName(name));
    }
    for (const table of ["INTERFACE", "PORTCHANNEL_INTERFACE"]) {
      for (const [key, fields] of this.#table(table)) {
        const [name = "", address] = key.split("|");
        if (table === "INTERFACE") portOf(this.#sw, portName(name), this.#file.line(fields)).layer2.routed = true;
        else if (PORT_CHANNEL.test(name)) channelOf(this.#sw, name, this.#file.line(fields)).layer2.routed = true;
        if (address !== undefined) this.#sw.notes.push({ ...this.#file.line(fields), text: `${address} on ${name} is left out: routed ports get their addresses here` });
      }
    }
  }

  channels(): void {
    for (const [name, fields] of this.#table("PORTCHANNEL")) {
      if (!PORT_CHANNEL.test(name)) { this.#file.wrong(fields, `"${name}" is no name of a port-channel, such as PortChannel11`); continue; }
      const channel = channelOf(this.#sw, name, this.#file.line(fields));
      channel.mode = this.#yes(fields, "static") ? "static" : "lacp-active";
      channel.minLinks = this.#file.whole(fields, "min_links", 0, 64) ?? null;
      if (fields.entries.has("fast_rate")) channel.fast = this.#yes(fields, "fast_rate");
      if (this.#yes(fields, "fallback")) channel.fallback = { mode: "static" };
      if (this.#file.text(fields, "admin_status") === "down") this.#sw.notes.push({ ...channel.at, text: `${name} is down in the configuration, and up here` });
    }
    for (const [key, fields] of this.#table("PORTCHANNEL_MEMBER")) {
      const [name = "", port = ""] = key.split("|");
      if (!PORT_CHANNEL.test(name) || port === "") { this.#file.wrong(fields, `"${key}": a member is PortChannelN|EthernetN`); continue; }
      const channel = channelOf(this.#sw, name, this.#file.line(fields));
      channel.mode ??= "lacp-active";
      channel.members.push(portName(port));
    }
  }

  vlans(): void {
    const ids = new Map(this.#table("VLAN").map(([name, fields]) => [name, this.#file.whole(fields, "vlanid", 1, 4094) ?? vlanOf(name)]));
    for (const [key, fields] of this.#table("VLAN_MEMBER")) {
      const [name = "", member = ""] = key.split("|");
      const vlan = ids.get(name) ?? vlanOf(name);
      if (vlan === null || member === "") { this.#file.wrong(fields, `"${key}": a member is VlanN|EthernetN`); continue; }
      const at = this.#file.line(fields);
      const { layer2 } = PORT_CHANNEL.test(member) ? channelOf(this.#sw, member, at) : portOf(this.#sw, portName(member), at);
      if (this.#file.text(fields, "tagging_mode") === "untagged") layer2.access = vlan;
      else layer2.trunk = [...(Array.isArray(layer2.trunk) ? layer2.trunk : []), vlan];
    }
    for (const [key, fields] of this.#table("VLAN_INTERFACE")) {
      const [name = "", address] = key.split("|");
      const vlan = ids.get(name) ?? vlanOf(name);
      if (vlan === null) { this.#file.wrong(fields, `"${key}" is no VLAN interface`); continue; }
      const svi = sviOf(this.#sw, vlan, this.#file.line(fields));
      if (address?.includes(":") === true) this.#sw.notes.push({ ...svi.at, text: `${address} on ${name} is left out: IPv4 is what is read` });
      else if (address !== undefined && svi.address === null) Object.assign(svi, { address, at: this.#file.line(fields) });
      else if (address !== undefined) this.#sw.notes.push({ ...this.#file.line(fields), text: `${address} on ${name} is left out: a VLAN interface has one address here, and ${svi.address} is kept` });
    }
  }

  pair(): void {
    for (const [key, fields] of this.#table("MCLAG_UNIQUE_IP")) this.#file.skip(fields), this.#sw.notes.push({ ...this.#file.line(fields), text: `${key} has an address of its own on each peer: so has every VLAN interface here` });
    const [first, ...more] = this.#table("MCLAG_DOMAIN");
    for (const [domain, fields] of more) this.#sw.notes.push({ ...this.#file.line(fields), text: `MC-LAG domain ${domain} is left out: ${first![0]} comes first` });
    if (first === undefined) return;
    const [domain, fields] = first;
    const seconds = (word: string, high: number): string | null => { const n = this.#file.whole(fields, word, 1, high); return n === undefined ? null : `${n}s`; };
    const [interval, timeout] = [seconds("keepalive_interval", 60), seconds("session_timeout", 3600)];
    const link = this.#file.text(fields, "peer_link");
    const settings = {
      domain: /^\d{1,4}$/.test(domain) && Number(domain) > 0 ? Number(domain) : null, keepalive: interval === null && timeout === null ? null : { ...(interval === null ? {} : { interval }), ...(timeout === null ? {} : { timeout }) },
      "system-mac": macAddress(this.#file.text(fields, "mclag_system_id") ?? this.#file.text(fields, "mclag_system_mac") ?? ""), "delay-restore": seconds("delay_restore", 3600),
    };
    this.#sw.pair = {
      word: "mclag", domain, own: this.#file.text(fields, "source_ip") ?? null, peer: this.#file.text(fields, "peer_ip") ?? null, rolePriority: null, at: this.#file.line(fields),
      settings: Object.fromEntries(Object.entries(settings).filter(([, v]) => v !== null)),
    };
    if (link !== undefined && PORT_CHANNEL.test(link)) channelOf(this.#sw, link, this.#file.line(fields)).peerLink = true;
    else if (link !== undefined) Object.assign(channelOf(this.#sw, "peer-link", this.#file.line(fields)), { members: [portName(link)], peerLink: true });
    for (const [key, member] of this.#table("MCLAG_INTERFACE")) {
      const [of = "", name = ""] = key.split("|");
      const number = Number(PORT_CHANNEL.exec(name)?.[1] ?? 0);
      this.#file.text(member, "if_type");
      if (of === domain && number > 0) channelOf(this.#sw, name, this.#file.line(member)).mlagId = number;
      else this.#sw.notes.push({ ...this.#file.line(member), text: `${key} is left out: ${of === domain ? "it is no PortChannelN with a number above 0" : `domain ${of} is not read`}` });
    }
  }

  gateways(): void {
    for (const [key, fields] of this.#table("VRRP")) {
      const [name = "", number = ""] = key.split("|");
      const vlan = vlanOf(name);
      const at = this.#file.line(fields);
      if (vlan === null || !/^\d{1,3}$/.test(number) || Number(number) < 1 || Number(number) > 255) { this.#file.skip(fields); this.#sw.notes.push({ ...at, text: `VRRP ${key} is left out: groups of VLAN interfaces are what is read` }); continue; }
      const g = group("vrrp", vlan, Number(number), at);
      const vips = [...this.#file.texts(fields, "vip"), ...this.#file.texts(fields, "vip_addresses")].map((vip) => vip.split("/")[0]!);
      g.addresses = vips.filter((vip) => !vip.includes(":"));
      if (g.addresses.length < vips.length) this.#sw.notes.push({ ...at, text: `IPv6 addresses of VRRP ${key} are left out` });
      g.priority = this.#file.whole(fields, "priority", 1, 254) ?? 100;
      const interval = this.#file.whole(fields, "adv_interval", 1, 65535) ?? 1000; // ms by the design; releases that count seconds write 1 to 9
      g.interval = interval < 10 ? `${interval}s` : `${interval}ms`;
      g.version = this.#file.whole(fields, "version", 2, 3) ?? 3;
      g.preempt = !/^(disabled?|false|no)$/i.test(this.#file.text(fields, "preempt") ?? this.#file.text(fields, "pre_empt") ?? "");
      if (this.#file.text(fields, "admin_status") === "down") g.off = "its admin_status is down";
      const decrement = this.#file.whole(fields, "priority_decrement", 1, 254) ?? 20;
      for (const port of this.#file.texts(fields, "track_interface")) g.tracks.push({ port: portName(port.split("|")[0]!), decrement });
      this.#sw.groups.push(g);
    }
    for (const [key, fields] of this.#table("SAG")) {
      const [name = "", family] = key.split("|");
      const vlan = vlanOf(name);
      const addresses = this.#file.texts(fields, "gwip").map((ip) => ip.split("/")[0]!).filter((ip) => !ip.includes(":"));
      if (vlan !== null && family !== "IPv6" && addresses.length > 0) this.#sw.groups.push({ ...group("anycast", vlan, 0, this.#file.line(fields)), addresses, mac: this.#mac });
    }
  }

  /** What minigraphs and some tools write of the cabling. */
  neighbours(): void {
    for (const [port, fields] of this.#table("DEVICE_NEIGHBOR")) {
      const [name, far] = [this.#file.text(fields, "name"), this.#file.text(fields, "port")];
      if (name !== undefined && far !== undefined && far !== "") this.#out.cables.push({ a: { node: this.#sw.name, port: portName(port) }, b: { node: nodeName(name), port: far }, at: this.#file.line(fields) });
      else this.#file.wrong(fields, `DEVICE_NEIGHBOR.${port}: a neighbour has a "name" and a "port"`);
    }
    for (const [name, fields] of this.#table("DEVICE_NEIGHBOR_METADATA")) {
      const type = this.#file.text(fields, "type");
      this.#out.devices.push({ name: nodeName(name), kind: type !== undefined && Object.hasOwn(TYPES, type) ? TYPES[type]! : null, profile: null, at: this.#file.line(fields) });
    }
  }
}

function vlanOf(name: string): number | null {
  const number = Number(/^Vlan(\d{1,4})$/.exec(name)?.[1] ?? 0);
  return number >= 1 && number <= 4094 ? number : null;
}
