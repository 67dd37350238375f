// FRR's frr.conf: VRRP of zebra's interfaces (docs.frrouting.org, VRRP) and their addresses. Routing protocols are not read.

import { ipv4 } from "./host.ts";
import { nodeName, type HostFile, type Line } from "./line.ts";
import { vlanOfInterface } from "./linux-router.ts";
import { applyRules, configLines, type Rule } from "./rules.ts";
import { emptySwitch, group, type Group, type Switch } from "./switch.ts";

interface State { sw: Switch; on: string; groups: Map<string, Group>; addresses: Map<string, { text: string; at: Line }>; named: boolean }

const TOP: Rule<State>[] = [
  [/^hostname (\S+)$/, (s, m) => { if (!s.named) s.sw.name = nodeName(m[1]!); }],
  [/^interface (\S+)(?: vrf \S+)?$/, (s, m) => { s.on = m[1]!; }],
];

function of(s: State, number: string, at: Line): Group {
  const key = `${s.on} ${Number(number)}`;
  const known = s.groups.get(key);
  if (known !== undefined) return known;
  const made = group("vrrp", 0, Number(number), at);
  if (made.number < 1 || made.number > 255) made.off = "a VRRP group is 1 to 255";
  made.version = 3;
  made.implementation = "frr";
  s.groups.set(key, made);
  return made;
}

const V = "vrrp (\\d{1,3})";
const rule = (text: string): RegExp => new RegExp(`^${text}$`);
const INTERFACE: Rule<State>[] = [
  [/^ip address (\d+\.\d+\.\d+\.\d+\/\d{1,2})$/, (s, m, at) => { if (s.addresses.has(s.on)) return false; s.addresses.set(s.on, { text: m[1]!, at }); return ipv4(m[1]!.split("/")[0]!) !== null; }],
  [rule(`${V}(?: version ([23]))?`), (s, m, at) => { const g = of(s, m[1]!, at); if (m[2] !== undefined) g.version = Number(m[2]); }],
  [rule(`${V} ip (\\d+\\.\\d+\\.\\d+\\.\\d+)`), (s, m, at) => { of(s, m[1]!, at).addresses.push(m[2]!); }],
  [rule(`${V} priority (\\d{1,3})`), (s, m, at) => { of(s, m[1]!, at).priority = Math.min(254, Math.max(1, Number(m[2]))); return Number(m[2]) <= 255; }],
  [rule(`${V} advertisement-interval (\\d{2,5})`), (s, m, at) => { of(s, m[1]!, at).interval = `${Number(m[2])}ms`; }],
  [rule(`(no )?${V} preempt`), (s, m, at) => { of(s, m[2]!, at).preempt = m[1] === undefined; }],
  [rule(`(no )?${V} shutdown`), (s, m, at) => { of(s, m[2]!, at).off = m[1] === undefined ? "the group is shut down" : null; }],
];

const SILENT = /^(!.*|exit|end|frr (version|defaults) \S+|log .*|service integrated-vtysh-config)?$/;

export function readFrr(source: HostFile): Switch {
  const at = { file: source.name, line: 1, text: "" };
  const sw = { ...emptySwitch(source.host, "linux", at), kind: "router" as const };
  const s: State = { sw, on: "", groups: new Map(), addresses: new Map(), named: source.given };
  for (const { text, indent, at: place } of configLines(source.text, source.name, SILENT)) {
    if (indent === 0) s.on = "";
    if (!applyRules(indent === 0 || s.on === "" ? TOP : INTERFACE, s, text, place)) sw.unread.push(place);
  }
  for (const [key, g] of s.groups) {
    const on = key.split(" ")[0]!;
    const { vlan, guessed } = vlanOfInterface(sw, on);
    const address = s.addresses.get(on);
    if (guessed) sw.notes.push({ ...g.at, text: `a guess: ${on} is in VLAN ${vlan}: an untagged interface does not say its number` });
    sw.linux.set(on, vlan);
    if (!sw.vlans.has(vlan)) sw.vlans.set(vlan, { address: address?.text ?? null, subnet: null, off: false, at: address?.at ?? g.at });
    sw.groups.push({ ...g, vlan });
  }
  for (const [on, { text, at: place }] of s.addresses) if (!sw.linux.has(on)) sw.notes.push({ ...place, text: `${text} on ${on} is left out: no virtual router is there` });
  return sw;
}
