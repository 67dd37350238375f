// What an Arista EOS configuration says of MLAG, port-channels, LACP fallback, VRRP, VARP, VLAN interfaces and spanning tree. Lines that are not
// understood are handed back with their places.

import { maskLength } from "./host.ts";
import { nodeName, portName, type Line } from "./line.ts";
import { applyRules, configLines, nameOfFile, type Rule } from "./rules.ts";
import { channelOf, emptySwitch, group, macAddress, portOf, sviOf, vlanList, type Channel, type Group, type Layer2, type Switch } from "./switch.ts";

interface Mlag { domain: string | null; local: number | null; peer: string | null; heartbeat: boolean; peerLink: string | null; reload: string | null; dual: { delay: string; all: boolean } | null; interval: string | null; timeout: string | null; at: Line }
interface State {
  sw: Switch; vlan: number; port: string; channel: Channel | null; inMlag: boolean; mlag: Mlag | null; mac: string | null;
  groups: Map<string, Group>; tracks: { group: Group; object: string; decrement: number | null; at: Line }[]; objects: Map<string, string>;
}

const seconds = (text: string | undefined): string => `${Number(text)}s`;

const TOP: Rule<State>[] = [
  [/^hostname (\S+)$/, (s, m) => { s.sw.name = nodeName(m[1]!); }],
  [/^interface Port-Channel ?(\d{1,4})$/i, (s, m, at) => { s.channel = channelOf(s.sw, `Po${Number(m[1])}`, at); }],
  [/^interface (Ethernet ?\d+(?:\/\d+)*)$/i, (s, m, at) => { s.port = portName(m[1]!.replace(" ", "")); portOf(s.sw, s.port, at); }],
  [/^interface Vlan ?(\d{1,4})$/i, (s, m, at) => { s.vlan = Number(m[1]); sviOf(s.sw, s.vlan, at); }],
  [/^mlag configuration$/, (s, _, at) => {
    s.inMlag = true;
    s.mlag ??= { domain: null, local: null, peer: null, heartbeat: false, peerLink: null, reload: null, dual: null, interval: null, timeout: null, at };
  }],
  [/^ip virtual-router mac-address (\S+)$/, (s, m) => { s.mac = macAddress(m[1]!); return s.mac !== null; }],
  [/^track (\S+) interface (Ethernet\d+(?:\/\d+)*) line-protocol$/i, (s, m) => { s.objects.set(m[1]!, portName(m[2]!)); }],
  [/^ip routing$/, () => {}],
  [/^spanning-tree mode (mstp|rstp|rapid-pvst|none)$/, (s, m) => { treeOf(s.sw).mode = m[1] === "none" ? "none" : "rstp"; }],
  [/^spanning-tree (?:mst \S+ |vlan-id \S+ |vlan \S+ )?priority (\d{1,5})$/, (s, m) => {
    const value = Number(m[1]);
    if (value % 4096 !== 0 || value > 61440) return false;
    treeOf(s.sw).priority = Math.min(treeOf(s.sw).priority ?? value, value);
    return true;
  }],
];

function treeOf(sw: Switch): NonNullable<Switch["stp"]> {
  sw.stp ??= { mode: "rstp", priority: null, edge: new Set(), guard: new Set() };
  return sw.stp;
}

function each(s: State, at: Line, change: (layer2: Layer2) => void): void {
  if (s.channel !== null) change(s.channel.layer2);
  if (s.port !== "") change(portOf(s.sw, s.port, at).layer2);
}
const here = (s: State): string => s.channel?.name ?? s.port;
const vlanOk = (n: number): boolean => n >= 1 && n <= 4094;

/** Of Ethernet ports and port-channels. */
const SWITCHPORT: Rule<State>[] = [
  [/^switchport$/, () => {}],
  [/^no switchport$/, (s, _, at) => { each(s, at, (l) => { l.routed = true; }); }],
  [/^switchport mode (access|trunk)$/, (s, m, at) => { if (m[1] === "trunk") each(s, at, (l) => { l.trunk ??= "all"; }); }],
  [/^switchport access vlan (\d{1,4})$/, (s, m, at) => { each(s, at, (l) => { l.access = Number(m[1]); }); return vlanOk(Number(m[1])); }],
  [/^switchport trunk allowed vlan (add )?(\S+)$/, (s, m, at) => {
    const list = vlanList(m[2]!);
    if (list !== null) each(s, at, (l) => { l.trunk = m[1] !== undefined && Array.isArray(l.trunk) ? [...new Set([...l.trunk, ...list])] : list; });
    return list !== null;
  }],
  [/^description (.+)$/, (s, m, at) => { if (s.channel !== null) s.channel.description = m[1]!; else portOf(s.sw, s.port, at).description = m[1]!; }],
  [/^(no )?shutdown$/, (s, m, at) => { if (s.port !== "") portOf(s.sw, s.port, at).off = m[1] === undefined; return s.port !== "" || m[1] !== undefined; }],
  [/^spanning-tree portfast(?: edge)?$/, (s) => { treeOf(s.sw).edge.add(here(s)); }],
  [/^spanning-tree bpduguard enable$/, (s) => { treeOf(s.sw).guard.add(here(s)); }],
];

const CHANNEL: Rule<State>[] = [
  [/^mlag (\d{1,5})$/, (s, m) => { s.channel!.mlagId = Number(m[1]); return Number(m[1]) >= 1; }],
  [/^port-channel lacp fallback(?: (static|individual))?$/, (s, m) => { s.channel!.fallback = { ...s.channel!.fallback, mode: m[1] ?? "static" }; }],
  [/^port-channel lacp fallback timeout (\d{1,3})$/, (s, m) => { s.channel!.fallback = { ...s.channel!.fallback, timeout: seconds(m[1]) }; }],
  [/^port-channel min-links (\d{1,2})$/, (s, m) => { s.channel!.minLinks = Number(m[1]); return Number(m[1]) <= 64; }],
  ...SWITCHPORT,
];

const MODES: Record<string, Channel["mode"]> = { active: "lacp-active", passive: "lacp-passive", on: "static" };
const PORT: Rule<State>[] = [
  [/^channel-group (\d{1,4}) mode (active|passive|on)$/, (s, m, at) => {
    const channel = channelOf(s.sw, `Po${Number(m[1])}`, at);
    if (!channel.members.includes(s.port)) channel.members.push(s.port);
    channel.mode = MODES[m[2]!]!;
  }],
  [/^lacp (?:timer|rate) (fast|normal)$/, (s, m) => { for (const c of s.sw.channels.values()) if (c.members.includes(s.port)) c.fast = m[1] === "fast"; }],
  ...SWITCHPORT,
];

function vrrp(s: State, number: string, at: Line): Group {
  const key = `${s.vlan} ${Number(number)}`;
  const known = s.groups.get(key);
  if (known !== undefined) return known;
  const made = group("vrrp", s.vlan, Number(number), at);
  s.groups.set(key, made);
  s.sw.groups.push(made);
  return made;
}

const V = "vrrp (\\d{1,3})";
const rule = (text: string): RegExp => new RegExp(`^${text}$`);
const VLAN: Rule<State>[] = [
  [/^ip address (\d+\.\d+\.\d+\.\d+)\/(\d{1,2})$/, (s, m, at) => { sviOf(s.sw, s.vlan, at).address = `${m[1]}/${m[2]}`; }],
  [/^ip address (\d+\.\d+\.\d+\.\d+) (\d+\.\d+\.\d+\.\d+)$/, (s, m, at) => {
    const length = maskLength(m[2]!);
    if (length !== null) sviOf(s.sw, s.vlan, at).address = `${m[1]}/${length}`;
    return length !== null;
  }],
  [/^ip address virtual (\d+\.\d+\.\d+\.\d+)\/(\d{1,2})$/, (s, m, at) => {
    sviOf(s.sw, s.vlan, at).address = `${m[1]}/${m[2]}`;
    s.sw.groups.push({ ...group("anycast", s.vlan, 0, at), addresses: [m[1]!] });
  }],
  [/^ip virtual-router address (\d+\.\d+\.\d+\.\d+)(?:\/\d{1,2})?$/, (s, m, at) => {
    const known = s.sw.groups.find((g) => g.protocol === "anycast" && g.vlan === s.vlan);
    if (known !== undefined) known.addresses.push(m[1]!);
    else s.sw.groups.push({ ...group("anycast", s.vlan, 0, at), addresses: [m[1]!] });
  }],
  [/^(no )?shutdown$/, (s, m, at) => { sviOf(s.sw, s.vlan, at).off = m[1] === undefined; }],
  [rule(`${V} ip(?:v4)? (\\d+\\.\\d+\\.\\d+\\.\\d+)(?: secondary)?`), (s, m, at) => { vrrp(s, m[1]!, at).addresses.push(m[2]!); }],
  [rule(`${V} ipv4 version ([23])`), (s, m, at) => { vrrp(s, m[1]!, at).version = Number(m[2]); }],
  [rule(`${V} priority(?:-level)? (\\d{1,3})`), (s, m, at) => { vrrp(s, m[1]!, at).priority = Math.min(254, Math.max(1, Number(m[2]))); }],
  [rule(`${V} (?:advertisement interval|timers advertise) (\\d{1,3})`), (s, m, at) => { vrrp(s, m[1]!, at).interval = seconds(m[2]); return Number(m[2]) > 0; }],
  [rule(`(no )?${V} preempt`), (s, m, at) => { vrrp(s, m[2]!, at).preempt = m[1] === undefined; }],
  [rule(`${V} preempt delay minimum (\\d{1,4})`), (s, m, at) => { vrrp(s, m[1]!, at).preemptDelay = seconds(m[2]); }],
  [rule(`(no )?${V} (?:shutdown|disabled)`), (s, m, at) => { vrrp(s, m[2]!, at).off = m[1] === undefined ? "the group is shut down" : null; }],
  [rule(`${V} track(?:ed-object)? (\\S+)(?: decrement (\\d{1,3}))?`), (s, m, at) => { s.tracks.push({ group: vrrp(s, m[1]!, at), object: m[2]!, decrement: m[3] === undefined ? null : Number(m[3]), at }); }],
];

const MLAG: Rule<State>[] = [
  [/^domain-id (\S+)$/, (s, m) => { s.mlag!.domain = m[1]!; }],
  [/^local-interface Vlan ?(\d{1,4})$/i, (s, m) => { s.mlag!.local = Number(m[1]); }],
  [/^peer-address (\d+\.\d+\.\d+\.\d+)$/, (s, m) => { s.mlag!.peer = m[1]!; }],
  [/^peer-address heartbeat (\d+\.\d+\.\d+\.\d+)(?: vrf \S+)?$/, (s) => { s.mlag!.heartbeat = true; }],
  [/^peer-link Port-Channel ?(\d{1,4})$/i, (s, m) => { s.mlag!.peerLink = `Po${Number(m[1])}`; }],
  [/^peer-link (Ethernet ?\d+(?:\/\d+)*)$/i, (s, m) => { s.mlag!.peerLink = portName(m[1]!.replace(" ", "")); }],
  [/^reload-delay (?:mlag )?(\d{1,5})$/, (s, m) => { s.mlag!.reload = seconds(m[1]); }],
  [/^heartbeat-interval (\d{4,5})$/, (s, m) => { s.mlag!.interval = `${m[1]}ms`; }],
  [/^heartbeat-timeout (\d{4,6})$/, (s, m) => { s.mlag!.timeout = `${m[1]}ms`; }],
  [/^dual-primary detection delay (\d{1,4})(?: action errdisable (all-interfaces))?$/, (s, m) => { s.mlag!.dual = { delay: seconds(m[1]), all: m[2] !== undefined }; }],
];

const SILENT = /^(!.*|exit|end|configure terminal)?$/;

export function readEos(text: string, file: string): Switch {
  const sw = emptySwitch(nodeName(nameOfFile(file)), "eos-mlag", { file, line: 1, text: "" });
  const s: State = { sw, vlan: 0, port: "", channel: null, inMlag: false, mlag: null, mac: null, groups: new Map(), tracks: [], objects: new Map() };
  for (const { text: line, indent, at } of configLines(text, file, SILENT)) if (!readLine(s, line, indent, at)) sw.unread.push(at);
  finish(s);
  return sw;
}

function readLine(s: State, line: string, indent: number, at: Line): boolean {
  if (indent === 0) {
    Object.assign(s, { vlan: 0, port: "", channel: null, inMlag: false });
    return applyRules(TOP, s, line, at);
  }
  if (s.vlan !== 0) return applyRules(VLAN, s, line, at);
  if (s.channel !== null) return applyRules(CHANNEL, s, line, at);
  if (s.port !== "") return applyRules(PORT, s, line, at);
  return s.inMlag && applyRules(MLAG, s, line, at);
}

/** What is known only when all lines are read. */
function finish(s: State): void {
  const { sw, mlag } = s;
  for (const g of sw.groups) {
    if (g.protocol === "anycast") g.mac = s.mac;
    if (g.protocol === "vrrp" && (g.number < 1 || g.number > 255)) g.off = `a VRRP group is 1 to 255`;
  }
  for (const { group: g, object, decrement, at } of s.tracks) {
    const port = s.objects.get(object);
    if (port !== undefined) g.tracks.push({ port, decrement });
    else sw.notes.push({ ...at, text: `track ${object} of vrrp ${g.number} is left out: object ${object} is not the line protocol of an Ethernet port` });
  }
  for (const c of sw.channels.values()) if (c.fallback !== null && c.fallback.mode === undefined) c.fallback = null;
  if (mlag === null) return;
  if (mlag.domain === null) { sw.notes.push({ ...mlag.at, text: "the MLAG configuration is left out: it has no domain-id" }); return; }
  pair(sw, mlag, mlag.domain);
}

function pair(sw: Switch, mlag: Mlag, domain: string): void {
  const own = mlag.local === null ? undefined : sw.vlans.get(mlag.local);
  if (mlag.local !== null && own !== undefined) {
    sw.notes.push({ ...own.at, text: `Vlan${mlag.local} is left out: it is the pair's own, and the peer-link carries it here without being told` });
    sw.vlans.delete(mlag.local);
  }
  const channel = mlag.peerLink === null ? undefined : sw.channels.get(mlag.peerLink);
  if (channel !== undefined) channel.peerLink = true;
  else if (mlag.peerLink !== null && sw.ports.has(mlag.peerLink)) Object.assign(channelOf(sw, "peer-link", mlag.at), { members: [mlag.peerLink], peerLink: true });
  const keepalive = mlag.heartbeat ? { via: "mgmt", ...(mlag.dual === null ? {} : { hold: mlag.dual.delay }) } : null;
  const control = mlag.interval === null && mlag.timeout === null ? null : Object.fromEntries(Object.entries({ interval: mlag.interval, timeout: mlag.timeout }).filter(([, v]) => v !== null));
  const settings = { keepalive, control, "delay-restore": mlag.reload, ...(mlag.dual === null ? {} : { "suspend-secondary": true, "suspend-ports": mlag.dual.all ? "all" : "members" }) };
  sw.pair = {
    word: "mlag", domain, own: own?.address?.split("/")[0] ?? null, peer: mlag.peer, rolePriority: null, at: mlag.at,
    settings: Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== null)),
  };
}
