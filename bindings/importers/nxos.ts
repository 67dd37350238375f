// Reads what an NX-OS configuration says of first-hop gateways, vPC and port-channels. Every line that is not understood is
// handed back with its place: a configuration that is read in part must not look as if it was read in full.

import type { Line } from "./line.ts";

export interface NxosGroup {
  protocol: "vrrp" | "hsrp";
  vlan: number;
  number: number;
  version: number | null;
  addresses: string[];
  priority: number | null;
  preempt: boolean | null;
  preemptDelay: string | null;
  interval: string | null; // VRRP
  hello: string | null; // HSRP
  hold: string | null;
  /** tracked objects: what each takes from the priority; null: the default */
  tracks: { object: number; decrement: number | null; at: Line }[];
  on: boolean;
  at: Line;
}

export interface NxosChannel { number: number; vpc: number | null; peerLink: boolean; members: string[]; mode: "lacp-active" | "lacp-passive" | "static" | null; fast: boolean | null }
export interface NxosDomain {
  number: number;
  rolePriority: number | null; systemPriority: number | null; delayRestore: string | null; peerGateway: boolean; autoRecovery: boolean;
  keepalive: boolean; keepaliveInterval: string | null; keepaliveTimeout: string | null;
}

export interface NxosConfig {
  file: string;
  hostname: string;
  features: Set<string>;
  /** VLAN interface → its address with the prefix length; off: shut down */
  vlans: Map<number, { address: string | null; off: boolean }>;
  groups: NxosGroup[];
  /** tracked object → the port whose line protocol it is */
  objects: Map<number, string>;
  channels: Map<number, NxosChannel>;
  domain: NxosDomain | null;
  /** lines that were not understood */
  unread: Line[];
}

interface State { config: NxosConfig; vlan: number; port: string; channel: number; group: NxosGroup | null; groupIndent: number; inDomain: boolean; hsrpVersion: Map<number, number> }
type Rule = [RegExp, (s: State, m: string[], at: Line) => void];

/** "Ethernet1/53" → "Eth1/53" */
function shortPort(name: string): string { return name.replace(/^ethernet/i, "Eth"); }
const seconds = (text: string): string => `${Number(text)}s`;

const TOP: Rule[] = [
  [/^hostname (\S+)$/, (s, m) => { s.config.hostname = m[1]!; }],
  [/^switchname (\S+)$/, (s, m) => { s.config.hostname = m[1]!; }],
  [/^feature (vrrp|hsrp|vpc|lacp|interface-vlan)$/, (s, m) => { s.config.features.add(m[1]!); }],
  [/^interface vlan(\d+)$/i, (s, m) => { s.vlan = Number(m[1]); vlanOf(s); }],
  [/^interface port-channel(\d+)$/i, (s, m) => { s.channel = Number(m[1]); channelOf(s, s.channel); }],
  [/^interface (ethernet\d+(?:\/\d+)+)$/i, (s, m) => { s.port = shortPort(m[1]!); }],
  [/^track (\d+) interface (ethernet\d+(?:\/\d+)+) line-protocol$/i, (s, m) => { s.config.objects.set(Number(m[1]), shortPort(m[2]!)); }],
  [/^vpc domain (\d+)$/, (s, m) => {
    s.inDomain = true;
    s.config.domain = {
      number: Number(m[1]), rolePriority: null, systemPriority: null, delayRestore: null, peerGateway: false, autoRecovery: false, keepalive: false, keepaliveInterval: null, keepaliveTimeout: null,
    };
  }],
];

const VLAN: Rule[] = [
  [/^ip address (\d+\.\d+\.\d+\.\d+\/\d+)$/, (s, m) => { vlanOf(s).address = m[1]!; }],
  [/^ip address (\d+\.\d+\.\d+\.\d+) (\d+\.\d+\.\d+\.\d+)$/, (s, m) => { vlanOf(s).address = `${m[1]}/${maskLength(m[2]!)}`; }],
  [/^no shutdown$/, (s) => { vlanOf(s).off = false; }],
  [/^shutdown$/, (s) => { vlanOf(s).off = true; }],
  [/^hsrp version ([12])$/, (s, m) => { s.hsrpVersion.set(s.vlan, Number(m[1])); }],
  [/^(vrrp|hsrp) (\d+)(?: ipv4)?$/, (s, m, at) => {
    const protocol = m[1] === "vrrp" ? "vrrp" : "hsrp";
    // A VRRP group of NX-OS is shut until it says "no shutdown"; HSRP runs as soon as it is there.
    s.group = {
      protocol, vlan: s.vlan, number: Number(m[2]), version: null, addresses: [], priority: null, preempt: null, preemptDelay: null, interval: null, hello: null, hold: null, tracks: [],
      on: protocol === "hsrp", at,
    };
    s.config.groups.push(s.group);
  }],
];

const TRACK: Rule = [/^track (\d+)(?: decrement (\d+))?$/, (s, m, at) => { s.group!.tracks.push({ object: Number(m[1]), decrement: m[2] === undefined ? null : Number(m[2]), at }); }];

const VRRP: Rule[] = [
  TRACK,
  [/^address (\d+\.\d+\.\d+\.\d+)(?: secondary)?$/, (s, m) => { s.group!.addresses.push(m[1]!); }],
  [/^priority (\d+)$/, (s, m) => { s.group!.priority = Number(m[1]); }],
  [/^preempt$/, (s) => { s.group!.preempt = true; }],
  [/^no preempt$/, (s) => { s.group!.preempt = false; }],
  [/^advertisement-interval (\d+)$/, (s, m) => { s.group!.interval = seconds(m[1]!); }],
  [/^no shutdown$/, (s) => { s.group!.on = true; }],
  [/^shutdown$/, (s) => { s.group!.on = false; }],
];

const HSRP: Rule[] = [
  TRACK,
  [/^ip (\d+\.\d+\.\d+\.\d+)(?: secondary)?$/, (s, m) => { s.group!.addresses.push(m[1]!); }],
  [/^priority (\d+)$/, (s, m) => { s.group!.priority = Number(m[1]); }],
  [/^preempt$/, (s) => { s.group!.preempt = true; }],
  [/^no preempt$/, (s) => { s.group!.preempt = false; }],
  [/^preempt delay minimum (\d+)$/, (s, m) => { s.group!.preempt = true; s.group!.preemptDelay = seconds(m[1]!); }],
  [/^timers (\d+) (\d+)$/, (s, m) => { s.group!.hello = seconds(m[1]!); s.group!.hold = seconds(m[2]!); }],
  [/^timers msec (\d+) msec (\d+)$/, (s, m) => { s.group!.hello = `${m[1]}ms`; s.group!.hold = `${m[2]}ms`; }],
  [/^timers msec (\d+) (\d+)$/, (s, m) => { s.group!.hello = `${m[1]}ms`; s.group!.hold = seconds(m[2]!); }],
];

const CHANNEL: Rule[] = [
  [/^vpc (\d+)$/, (s, m) => { channelOf(s, s.channel).vpc = Number(m[1]); }],
  [/^vpc peer-link$/, (s) => { channelOf(s, s.channel).peerLink = true; }],
];

const PORT_MODES: Record<string, NxosChannel["mode"]> = { active: "lacp-active", passive: "lacp-passive", on: "static" };
const PORT: Rule[] = [
  [/^channel-group (\d+)(?: force)?(?: mode (active|passive|on))?$/, (s, m) => {
    const channel = channelOf(s, Number(m[1]));
    channel.members.push(s.port);
    channel.mode = PORT_MODES[m[2] ?? "on"]!;
  }],
  [/^lacp rate (fast|normal)$/, (s, m) => { s.config.channels.forEach((c) => { if (c.members.includes(s.port)) c.fast = m[1] === "fast"; }); }],
];

const DOMAIN: Rule[] = [
  [/^role priority (\d+)$/, (s, m) => { s.config.domain!.rolePriority = Number(m[1]); }],
  [/^system-priority (\d+)$/, (s, m) => { s.config.domain!.systemPriority = Number(m[1]); }],
  [/^peer-keepalive destination \S+(?: source \S+)?(?: vrf \S+)?(?: interval (\d+) timeout (\d+))?$/, (s, m) => {
    const d = s.config.domain!;
    d.keepalive = true;
    if (m[1] !== undefined) { d.keepaliveInterval = `${m[1]}ms`; d.keepaliveTimeout = seconds(m[2]!); }
  }],
  [/^delay restore (\d+)$/, (s, m) => { s.config.domain!.delayRestore = seconds(m[1]!); }],
  [/^peer-gateway$/, (s) => { s.config.domain!.peerGateway = true; }],
  [/^auto-recovery$/, (s) => { s.config.domain!.autoRecovery = true; }],
];

function vlanOf(s: State): { address: string | null; off: boolean } {
  const known = s.config.vlans.get(s.vlan) ?? { address: null, off: false };
  s.config.vlans.set(s.vlan, known);
  return known;
}
function channelOf(s: State, number: number): NxosChannel {
  const known = s.config.channels.get(number) ?? { number, vpc: null, peerLink: false, members: [], mode: null, fast: null };
  s.config.channels.set(number, known);
  return known;
}
function maskLength(mask: string): number {
  return mask.split(".").map((part) => Number(part).toString(2).replaceAll("0", "").length).reduce((a, b) => a + b, 0);
}

/** Lines that say nothing: empty, comments, and what `show running-config` puts around a configuration. */
const SILENT = /^(!.*|#.*|exit|end|version \S.*|configure terminal)?$/;

export function readNxos(text: string, file: string): NxosConfig {
  const fallback = file.replace(/^.*[\\/]/, "").replace(/\.[^.]*$/, "");
  const config: NxosConfig = { file, hostname: fallback, features: new Set(), vlans: new Map(), groups: [], objects: new Map(), channels: new Map(), domain: null, unread: [] };
  const state: State = { config, vlan: 0, port: "", channel: 0, group: null, groupIndent: 0, inDomain: false, hsrpVersion: new Map() };
  text.split(/\r?\n/).forEach((raw, index) => {
    const line = raw.trim().replace(/\s+/g, " ");
    if (SILENT.test(line)) return;
    const at = { file, line: index + 1, text: line };
    if (!readLine(state, line, raw.length - raw.trimStart().length, at)) config.unread.push(at);
  });
  for (const group of config.groups) group.version = group.protocol === "hsrp" ? (state.hsrpVersion.get(group.vlan) ?? 1) : 2;
  return config;
}

function readLine(s: State, line: string, indent: number, at: Line): boolean {
  if (indent === 0) {
    s.vlan = 0; s.port = ""; s.channel = 0; s.group = null; s.inDomain = false;
    return apply(TOP, s, line, at);
  }
  if (s.group !== null && indent > s.groupIndent) return apply(s.group.protocol === "vrrp" ? VRRP : HSRP, s, line, at);
  s.group = null;
  s.groupIndent = indent;
  if (s.vlan !== 0) return apply(VLAN, s, line, at);
  if (s.channel !== 0) return apply(CHANNEL, s, line, at);
  if (s.port !== "") return apply(PORT, s, line, at);
  return s.inDomain && apply(DOMAIN, s, line, at);
}

function apply(rules: Rule[], s: State, line: string, at: Line): boolean {
  for (const [pattern, action] of rules) {
    const match = pattern.exec(line);
    if (match === null) continue;
    action(s, match, at);
    return true;
  }
  return false;
}
