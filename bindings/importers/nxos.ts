// What an NX-OS configuration says of first-hop gateways, vPC, port-channels, VLANs and spanning tree. Every line that is not understood is
// handed back with its place: a configuration that is read in part must not look as if it was read in full.

import { maskLength } from "./host.ts";
import { nodeName, portName, type Line } from "./line.ts";
import { applyRules, configLines, nameOfFile, type Rule } from "./rules.ts";
import { channelOf, emptySwitch, group, macAddress, portOf, sviOf, vlanList, type Channel, type Group, type Layer2, type Switch } from "./switch.ts";

interface Domain { keepalive: Record<string, string> | null; autoRecovery: string | null; peerGateway: boolean; systemPriority: number | null; systemMac: string | null; delayRestore: string | null }
interface Track { group: Group; object: number; decrement: number | null; at: Line }
interface State {
  sw: Switch; vlan: number; ports: string[]; channel: Channel | null; group: Group | null; groupIndent: number; domain: Domain | null; inDomain: boolean;
  features: Set<string>; hsrpVersion: Map<number, number>; tracks: Track[]; objects: Map<number, string>; anycastMac: string | null; anycast: Map<number, Line>;
}

const seconds = (text: string | undefined): string => `${Number(text)}s`;
const FEATURES = /^feature (vrrp|hsrp|vpc|lacp|interface-vlan)$/;

const TOP: Rule<State>[] = [
  [/^(?:hostname|switchname) (\S+)$/, (s, m) => { s.sw.name = nodeName(m[1]!); }],
  [FEATURES, (s, m) => { s.features.add(m[1]!); }],
  [/^interface vlan ?(\d{1,4})$/i, (s, m, at) => { s.vlan = Number(m[1]); sviOf(s.sw, s.vlan, at); }],
  [/^interface port-channel ?(\d{1,4})$/i, (s, m, at) => { s.channel = channelOf(s.sw, `Po${Number(m[1])}`, at); }],
  [/^interface (ethernet\d+(?:\/\d+)+)$/i, (s, m, at) => { s.ports = [portName(m[1]!)]; portOf(s.sw, s.ports[0]!, at); }],
  [/^track (\d{1,4}) interface (ethernet\d+(?:\/\d+)+) line-protocol$/i, (s, m) => { s.objects.set(Number(m[1]), portName(m[2]!)); }],
  [/^vpc domain (\d{1,4})$/, (s, m, at) => {
    s.inDomain = true;
    s.domain = { keepalive: null, autoRecovery: "off", peerGateway: false, systemPriority: null, systemMac: null, delayRestore: null };
    s.sw.pair = { word: "vpc", domain: String(Number(m[1])), own: null, peer: null, rolePriority: null, settings: { domain: Number(m[1]) }, at };
  }],
  [/^fabric forwarding anycast-gateway-mac (\S+)$/, (s, m) => { s.anycastMac = macAddress(m[1]!); return s.anycastMac !== null; }],
  [/^spanning-tree mode (rapid-pvst|mst)$/, (s) => { treeOf(s.sw); }],
  [/^spanning-tree (?:vlan \S+|mst \S+) priority (\d{1,5})$/, (s, m) => priority(s.sw, m[1]!)],
];

/** One tree for all VLANs is what is simulated: of several priorities the lowest. */
function priority(sw: Switch, text: string): boolean {
  const value = Number(text);
  if (value % 4096 !== 0 || value > 61440) return false;
  const tree = treeOf(sw);
  tree.priority = Math.min(tree.priority ?? value, value);
  return true;
}
function treeOf(sw: Switch): NonNullable<Switch["stp"]> {
  sw.stp ??= { mode: "rstp", priority: null, edge: new Set(), guard: new Set() };
  return sw.stp;
}

const VLAN: Rule<State>[] = [
  [/^ip address (\d+\.\d+\.\d+\.\d+\/\d{1,2})$/, (s, m, at) => { sviOf(s.sw, s.vlan, at).address = m[1]!; }],
  [/^ip address (\d+\.\d+\.\d+\.\d+) (\d+\.\d+\.\d+\.\d+)$/, (s, m, at) => {
    const length = maskLength(m[2]!);
    if (length !== null) sviOf(s.sw, s.vlan, at).address = `${m[1]}/${length}`;
    return length !== null;
  }],
  [/^no shutdown$/, (s, _, at) => { sviOf(s.sw, s.vlan, at).off = false; }],
  [/^shutdown$/, (s, _, at) => { sviOf(s.sw, s.vlan, at).off = true; }],
  [/^hsrp version ([12])$/, (s, m) => { s.hsrpVersion.set(s.vlan, Number(m[1])); }],
  [/^fabric forwarding mode anycast-gateway$/, (s, _, at) => { s.anycast.set(s.vlan, at); }],
  [/^(vrrp|hsrp) (\d{1,4})(?: ipv4)?$/, (s, m, at) => {
    const protocol = m[1] === "vrrp" ? "vrrp" : "hsrp";
    s.group = group(protocol, s.vlan, Number(m[2]), at);
    // A VRRP group of NX-OS is shut until it says "no shutdown"; HSRP runs as soon as it is there.
    if (protocol === "vrrp") s.group.off = SHUT;
    s.sw.groups.push(s.group);
  }],
];
const SHUT = 'the group is shut: it has no "no shutdown"';

const COMMON: Rule<State>[] = [
  [/^track (\d{1,4})(?: decrement (\d{1,3}))?$/, (s, m, at) => { s.tracks.push({ group: s.group!, object: Number(m[1]), decrement: m[2] === undefined ? null : Number(m[2]), at }); }],
  [/^priority (\d{1,3})$/, (s, m) => { s.group!.priority = Number(m[1]); }],
  [/^preempt$/, (s) => { s.group!.preempt = true; }],
  [/^no preempt$/, (s) => { s.group!.preempt = false; }],
];
const VRRP: Rule<State>[] = [
  ...COMMON,
  [/^address (\d+\.\d+\.\d+\.\d+)(?: secondary)?$/, (s, m) => { s.group!.addresses.push(m[1]!); }],
  [/^advertisement-interval (\d{1,3})$/, (s, m) => { s.group!.interval = seconds(m[1]); }],
  [/^no shutdown$/, (s) => { s.group!.off = null; }],
  [/^shutdown$/, (s) => { s.group!.off = SHUT; }],
];
const HSRP: Rule<State>[] = [
  ...COMMON,
  [/^ip (\d+\.\d+\.\d+\.\d+)(?: secondary)?$/, (s, m) => { s.group!.addresses.push(m[1]!); }],
  [/^preempt delay minimum (\d{1,5})$/, (s, m) => { s.group!.preempt = true; s.group!.preemptDelay = seconds(m[1]); }],
  [/^timers (\d{1,3}) (\d{1,3})$/, (s, m) => { s.group!.hello = seconds(m[1]); s.group!.hold = seconds(m[2]); }],
  [/^timers msec (\d{1,5}) msec (\d{1,5})$/, (s, m) => { s.group!.hello = `${m[1]}ms`; s.group!.hold = `${m[2]}ms`; }],
  [/^timers msec (\d{1,5}) (\d{1,3})$/, (s, m) => { s.group!.hello = `${m[1]}ms`; s.group!.hold = seconds(m[2]); }],
];

/** Of ports and port-channels. */
const SWITCHPORT: Rule<State>[] = [
  [/^switchport$/, () => {}],
  [/^no switchport$/, (s, _, at) => { each(s, at, (l) => { l.routed = true; }); }],
  [/^switchport mode (?:access|trunk)$/, (s, m, at) => { if (m[0]!.endsWith("trunk")) each(s, at, (l) => { l.trunk ??= "all"; }); }],
  [/^switchport access vlan (\d{1,4})$/, (s, m, at) => { each(s, at, (l) => { l.access = Number(m[1]); }); }],
  [/^switchport trunk allowed vlan (?:add )?(\S+)$/, (s, m, at) => {
    const list = vlanList(m[1]!);
    if (list !== null) each(s, at, (l) => { l.trunk = m[0]!.includes(" add ") && Array.isArray(l.trunk) ? [...new Set([...l.trunk, ...list])] : list; });
    return list !== null;
  }],
  [/^description (.+)$/, (s, m, at) => {
    if (s.channel !== null) s.channel.description = m[1]!;
    for (const port of s.ports) portOf(s.sw, port, at).description = m[1]!;
  }],
  [/^spanning-tree port type edge(?: trunk)?$/, (s) => { for (const name of here(s)) treeOf(s.sw).edge.add(name); }],
  [/^spanning-tree port type network$/, () => false], // bridge assurance is not simulated
  [/^spanning-tree bpduguard enable$/, (s) => { for (const name of here(s)) treeOf(s.sw).guard.add(name); }],
];
const here = (s: State): string[] => (s.channel !== null ? [s.channel.name] : s.ports);
function each(s: State, at: Line, change: (layer2: Layer2) => void): void {
  if (s.channel !== null) change(s.channel.layer2);
  for (const port of s.ports) change(portOf(s.sw, port, at).layer2);
}

const CHANNEL: Rule<State>[] = [
  [/^vpc (\d{1,5})$/, (s, m) => { s.channel!.mlagId = Number(m[1]); }],
  [/^vpc peer-link$/, (s) => { s.channel!.peerLink = true; }],
  [/^lacp min-links (\d{1,2})$/, (s, m) => { s.channel!.minLinks = Number(m[1]); }],
  [/^no lacp suspend-individual$/, (s) => { s.channel!.fallback = { mode: "individual" }; }],
  [/^lacp suspend-individual$/, (s) => { s.channel!.fallback = null; }],
  [/^no shutdown$/, () => {}],
  ...SWITCHPORT,
];

const PORT_MODES: Record<string, Channel["mode"]> = { active: "lacp-active", passive: "lacp-passive", on: "static" };
const PORT: Rule<State>[] = [
  [/^channel-group (\d{1,4})(?: force)?(?: mode (active|passive|on))?$/, (s, m, at) => {
    const channel = channelOf(s.sw, `Po${Number(m[1])}`, at);
    for (const port of s.ports) if (!channel.members.includes(port)) channel.members.push(port);
    channel.mode = PORT_MODES[m[2] ?? "on"]!;
  }],
  [/^lacp rate (fast|normal)$/, (s, m) => { s.sw.channels.forEach((c) => { if (c.members.some((p) => s.ports.includes(p))) c.fast = m[1] === "fast"; }); }],
  [/^no shutdown$/, (s, _, at) => { for (const port of s.ports) portOf(s.sw, port, at).off = false; }],
  [/^shutdown$/, (s, _, at) => { for (const port of s.ports) portOf(s.sw, port, at).off = true; }],
  ...SWITCHPORT,
];

const DOMAIN: Rule<State>[] = [
  [/^role priority (\d{1,5})$/, (s, m) => { s.sw.pair!.rolePriority = Number(m[1]); }],
  [/^system-priority (\d{1,5})$/, (s, m) => { s.domain!.systemPriority = Number(m[1]); }],
  [/^system-mac (\S+)$/, (s, m) => { s.domain!.systemMac = macAddress(m[1]!); return s.domain!.systemMac !== null; }],
  [/^peer-keepalive destination (\S+)(?: source (\S+))?(?: vrf \S+)?(?: interval (\d{1,5}) timeout (\d{1,3}))?$/, (s, m) => {
    s.domain!.keepalive = { via: "mgmt" };
    if (m[3] !== undefined) s.domain!.keepalive = { via: "mgmt", interval: `${m[3]}ms`, timeout: seconds(m[4]) };
    if (m[2] !== undefined) { s.sw.pair!.own = m[2]; s.sw.pair!.peer = m[1]!; }
  }],
  [/^delay restore (\d{1,5})$/, (s, m) => { s.domain!.delayRestore = seconds(m[1]); }],
  [/^peer-gateway$/, (s) => { s.domain!.peerGateway = true; }],
  [/^auto-recovery$/, (s) => { s.domain!.autoRecovery = null; }],
  [/^auto-recovery reload-delay (\d{1,5})$/, (s, m) => { s.domain!.autoRecovery = seconds(m[1]); }],
];

/** Lines that say nothing: empty, comments, and what `show running-config` puts around a configuration. */
const SILENT = /^(!.*|#.*|exit|end|version \S.*|configure terminal)?$/;

export function readNxos(text: string, file: string): Switch {
  const sw = emptySwitch(nodeName(nameOfFile(file)), "nxos-vpc", { file, line: 1, text: "" });
  const s: State = {
    sw, vlan: 0, ports: [], channel: null, group: null, groupIndent: 0, domain: null, inDomain: false, features: new Set(), hsrpVersion: new Map(), tracks: [], objects: new Map(),
    anycastMac: null, anycast: new Map(),
  };
  for (const { text: line, indent, at } of configLines(text, file, SILENT)) if (!readLine(s, line, indent, at)) sw.unread.push(at);
  finish(s);
  return sw;
}

function readLine(s: State, line: string, indent: number, at: Line): boolean {
  if (indent === 0) {
    Object.assign(s, { vlan: 0, ports: [], channel: null, group: null, inDomain: false });
    return applyRules(TOP, s, line, at);
  }
  if (s.group !== null && indent > s.groupIndent) return applyRules(s.group.protocol === "vrrp" ? VRRP : HSRP, s, line, at);
  s.group = null;
  s.groupIndent = indent;
  if (s.vlan !== 0) return applyRules(VLAN, s, line, at);
  if (s.channel !== null) return applyRules(CHANNEL, s, line, at);
  if (s.ports.length > 0) return applyRules(PORT, s, line, at);
  return s.inDomain && applyRules(DOMAIN, s, line, at);
}

/** What is known only when all lines are read. */
function finish(s: State): void {
  const { sw, domain } = s;
  for (const g of sw.groups) {
    g.version = g.protocol === "hsrp" ? (s.hsrpVersion.get(g.vlan) ?? 1) : 2;
    if (g.off === null && !s.features.has(g.protocol)) g.off = `there is no "feature ${g.protocol}"`;
  }
  for (const [vlan, at] of s.anycast) {
    const g = { ...group("anycast", vlan, 0, at), mac: s.anycastMac };
    const own = sw.vlans.get(vlan)?.address?.split("/")[0];
    if (own !== undefined) g.addresses.push(own);
    sw.groups.push(g);
  }
  for (const { group: g, object, decrement, at } of s.tracks) {
    const port = s.objects.get(object);
    if (port !== undefined) g.tracks.push({ port, decrement });
    else sw.notes.push({ ...at, text: `track ${object} of ${g.protocol} ${g.number} is left out: object ${object} is not the line protocol of an Ethernet port` });
  }
  if (domain === null || sw.pair === null) return;
  const { keepalive, systemPriority, systemMac, delayRestore, peerGateway, autoRecovery } = domain;
  const settings = { keepalive, "system-priority": systemPriority, "system-mac": systemMac, "delay-restore": delayRestore, "peer-gateway": peerGateway, "auto-recovery": autoRecovery };
  Object.assign(sw.pair.settings, Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== null)));
}
