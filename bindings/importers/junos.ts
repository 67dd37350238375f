// A Junos configuration as `show configuration | display set` writes it: aggregated Ethernet, MC-LAG (mc-ae and ICCP), VRRP on irb, force-up, VLANs, RSTP.

import { nodeName, portName, wrongFile, type Line } from "./line.ts";
import { applyRules, configLines, nameOfFile, type Rule } from "./rules.ts";
import { channelOf, emptySwitch, group, macAddress, portOf, type Channel, type Group, type Layer2, type Switch } from "./switch.ts";

interface Unit { address: string | null; groups: Map<number, Group>; off: boolean; at: Line }
interface State {
  sw: Switch;
  /** irb unit → its address; vlan name → id, l3-interface */
  units: Map<number, Unit>;
  vlans: Map<string, { id: number | null; unit: number | null }>;
  members: { layer2: Layer2; names: Set<string>; at: Line }[];
  trunks: Set<Layer2>;
  iccp: { own: string | null; peer: string | null; group: string | null; interval: number | null; multiplier: number; backup: boolean; link: string | null; at: Line | null };
  delay: string | null; active: boolean | null; forced: Map<string, Line>;
}

const IFD = "([a-z]{2}-\\d+\\/\\d+\\/\\d+(?::\\d+)?)";
const AE = "ae(\\d{1,4})";
const rule = (text: string): RegExp => new RegExp(`^set ${text}$`);
const channel = (s: State, number: string | undefined, at: Line): Channel => channelOf(s.sw, `ae${Number(number)}`, at);
const vlanNamed = (s: State, name: string): { id: number | null; unit: number | null } => {
  const known = s.vlans.get(name) ?? { id: null, unit: null };
  s.vlans.set(name, known);
  return known;
};
const unitOf = (s: State, number: number, at: Line): Unit => {
  const known = s.units.get(number) ?? { address: null, groups: new Map(), off: false, at };
  s.units.set(number, known);
  return known;
};
function layerOf(s: State, name: string, at: Line): Layer2 {
  return name.startsWith("ae") ? channelOf(s.sw, name, at).layer2 : portOf(s.sw, portName(name), at).layer2;
}

const AGGREGATE: Rule<State>[] = [
  [rule(`interfaces ${IFD} (?:gig)?ether-options 802\\.3ad ${AE}`), (s, m, at) => {
    const c = channel(s, m[2], at);
    portOf(s.sw, portName(m[1]!), at);
    if (!c.members.includes(portName(m[1]!))) c.members.push(portName(m[1]!));
    c.mode ??= "static";
  }],
  [rule(`interfaces ${IFD} (?:gig)?ether-options 802\\.3ad lacp force-up`), (s, m, at) => { s.forced.set(portName(m[1]!), at); }],
  [rule(`interfaces ${AE} aggregated-ether-options lacp (active|passive)`), (s, m, at) => { channel(s, m[1], at).mode = m[2] === "active" ? "lacp-active" : "lacp-passive"; }],
  [rule(`interfaces ${AE} aggregated-ether-options lacp periodic (fast|slow)`), (s, m, at) => { channel(s, m[1], at).fast = m[2] === "fast"; }],
  [rule(`interfaces ${AE} aggregated-ether-options lacp system-id (\\S+)`), (s, m, at) => { channel(s, m[1], at).systemMac = macAddress(m[2]!); return macAddress(m[2]!) !== null; }],
  [rule(`interfaces ${AE} aggregated-ether-options lacp force-up`), (s, m, at) => { channel(s, m[1], at).fallback = { mode: "force-up" }; }],
  [rule(`interfaces ${AE} aggregated-ether-options minimum-links (\\d{1,2})`), (s, m, at) => { channel(s, m[1], at).minLinks = Number(m[2]); return Number(m[2]) <= 64; }],
  [rule(`interfaces ${AE} aggregated-ether-options mc-ae mc-ae-id (\\d{1,5})`), (s, m, at) => { channel(s, m[1], at).mlagId = Number(m[2]); return Number(m[2]) >= 1 && Number(m[2]) <= 65535; }],
  [rule(`interfaces ${AE} aggregated-ether-options mc-ae chassis-id [01]`), () => {}],
  [rule(`interfaces ${AE} aggregated-ether-options mc-ae redundancy-group (\\d{1,10})`), (s, m) => { s.iccp.group ??= m[2]!; }],
  [rule(`interfaces ${AE} aggregated-ether-options mc-ae mode active-active`), () => {}],
  [rule(`interfaces ${AE} aggregated-ether-options mc-ae status-control (active|standby)`), (s, m) => { s.active ??= m[2] === "active"; }],
  [rule(`interfaces ${AE} aggregated-ether-options mc-ae init-delay-time (\\d{1,5})`), (s, m) => { s.delay ??= `${Number(m[2])}s`; }],
];

const PORTS: Rule<State>[] = [
  [rule(`interfaces (?:${IFD}|(ae\\d{1,4})) description (.+)`), (s, m, at) => {
    const text = m[3]!.replace(/^"(.*)"$/, "$1");
    if (m[2] !== undefined) channelOf(s.sw, m[2], at).description = text; else portOf(s.sw, portName(m[1]!), at).description = text;
  }],
  [rule(`interfaces ${IFD} disable`), (s, m, at) => { portOf(s.sw, portName(m[1]!), at).off = true; }],
  [rule(`interfaces (?:${IFD}|(ae\\d{1,4})) unit 0 family ethernet-switching`), (s, m, at) => { layerOf(s, (m[1] ?? m[2])!, at); }],
  [rule(`interfaces (?:${IFD}|(ae\\d{1,4})) unit 0 family ethernet-switching (?:interface|port)-mode (access|trunk)`), (s, m, at) => { if (m[3] === "trunk") s.trunks.add(layerOf(s, (m[1] ?? m[2])!, at)); }],
  [rule(`interfaces (?:${IFD}|(ae\\d{1,4})) unit 0 family ethernet-switching vlan members (\\S+)`), (s, m, at) => {
    const layer2 = layerOf(s, (m[1] ?? m[2])!, at);
    const known = s.members.find((x) => x.layer2 === layer2) ?? { layer2, names: new Set<string>(), at };
    if (known.names.size === 0) s.members.push(known);
    known.names.add(m[3]!);
  }],
  [rule(`interfaces (?:${IFD}|(ae\\d{1,4})) unit 0 family inet address (\\S+)`), (s, m, at) => {
    layerOf(s, (m[1] ?? m[2])!, at).routed = true;
    s.sw.notes.push({ ...at, text: `${m[3]} on ${m[1] ?? m[2]} is left out: routed ports get their addresses here` });
  }],
];

const ADDRESS = "interfaces irb unit (\\d{1,5}) family inet address (\\d+\\.\\d+\\.\\d+\\.\\d+\\/\\d{1,2})";
function vrrp(s: State, m: string[], at: Line): Group {
  const unit = unitOf(s, Number(m[1]), at);
  unit.address ??= m[2]!;
  const number = Number(m[3]);
  const known = unit.groups.get(number) ?? group("vrrp", 0, number, at);
  unit.groups.set(number, known);
  if (number < 1 || number > 255) known.off = "a VRRP group is 1 to 255";
  return known;
}
const vrrpRule = (text: string, action: (g: Group, value: string | undefined, s: State) => void | boolean): Rule<State> =>
  [rule(`${ADDRESS} vrrp-group (\\d{1,3}) ${text}`), (s, m, at) => action(vrrp(s, m, at), m[4], s)];
const GATEWAYS: Rule<State>[] = [
  [rule(ADDRESS), (s, m, at) => {
    const unit = unitOf(s, Number(m[1]), at);
    if (unit.address !== null && unit.address !== m[2]) return false;
    unit.address = m[2]!;
    return true;
  }],
  [rule("interfaces irb unit (\\d{1,5}) disable"), (s, m, at) => { unitOf(s, Number(m[1]), at).off = true; }],
  vrrpRule("virtual-address (\\d+\\.\\d+\\.\\d+\\.\\d+)", (g, value) => { g.addresses.push(value!); }),
  vrrpRule("priority (\\d{1,3})", (g, value) => { g.priority = Number(value); return g.priority >= 1 && g.priority <= 255; }),
  vrrpRule("advertise-interval (\\d{1,3})", (g, value) => { g.interval = `${Number(value)}s`; return Number(value) > 0; }),
  vrrpRule("fast-interval (\\d{2,5})", (g, value) => { g.interval = `${Number(value)}ms`; }),
  vrrpRule("preempt", (g) => { g.preempt = true; }),
  vrrpRule("no-preempt", (g) => { g.preempt = false; }),
  vrrpRule("preempt hold-time (\\d{1,4})", (g, value) => { g.preempt = true; g.preemptDelay = `${Number(value)}s`; }),
  [rule(`${ADDRESS} vrrp-group (\\d{1,3}) track interface ${IFD}(?:\\.0)?(?: priority-cost (\\d{1,3}))?`), (s, m, at) => { vrrp(s, m, at).tracks.push({ port: portName(m[4]!), decrement: m[5] === undefined ? null : Number(m[5]) }); }],
];

const SYSTEM: Rule<State>[] = [
  [rule("system host-name (\\S+)"), (s, m) => { s.sw.name = nodeName(m[1]!); }],
  [rule("chassis aggregated-devices ethernet device-count \\d+"), () => {}],
  [rule("vlans (\\S+) vlan-id (\\d{1,4})"), (s, m) => { vlanNamed(s, m[1]!).id = Number(m[2]); return Number(m[2]) >= 1 && Number(m[2]) <= 4094; }],
  [rule("vlans (\\S+) l3-interface irb\\.(\\d{1,5})"), (s, m) => { vlanNamed(s, m[1]!).unit = Number(m[2]); }],
  [rule("protocols iccp local-ip-addr (\\S+)"), (s, m, at) => { s.iccp.own = m[1]!; s.iccp.at ??= at; }],
  [rule("protocols iccp peer (\\S+) redundancy-group-id-list (\\d{1,10})"), (s, m, at) => { s.iccp.peer ??= m[1]!; s.iccp.group = m[2]!; s.iccp.at ??= at; }],
  [rule("protocols iccp peer (\\S+) liveness-detection minimum-(?:receive-)?interval (\\d{2,6})"), (s, m, at) => { s.iccp.peer ??= m[1]!; s.iccp.interval = Number(m[2]); s.iccp.at ??= at; }],
  [rule("protocols iccp peer (\\S+) liveness-detection multiplier (\\d{1,3})"), (s, m) => { s.iccp.multiplier = Number(m[2]); return Number(m[2]) > 0; }],
  [rule("protocols iccp peer (\\S+) backup-liveness-detection backup-peer-ip (\\S+)"), (s) => { s.iccp.backup = true; }],
  [rule("multi-chassis multi-chassis-protection (\\S+) interface (ae\\d{1,4}|[a-z]{2}-\\d+\\/\\d+\\/\\d+)"), (s, m, at) => { s.iccp.peer ??= m[1]!; s.iccp.link = m[2]!; s.iccp.at ??= at; }],
  [rule("protocols rstp"), (s) => { tree(s); }],
  [rule("protocols rstp bridge-priority (\\d{1,5})(k?)"), (s, m) => {
    const value = Number(m[1]) * (m[2] === "k" ? 1024 : 1);
    if (value % 4096 === 0 && value <= 61440) tree(s).priority = value;
    return value % 4096 === 0 && value <= 61440;
  }],
  [rule("protocols rstp interface (\\S+) edge"), (s, m) => { tree(s).edge.add(m[1]!); }],
  [rule("protocols rstp bpdu-block-on-edge"), (s) => { tree(s).guard.add("edge"); }],
];
function tree(s: State): NonNullable<Switch["stp"]> {
  s.sw.stp ??= { mode: "rstp", priority: null, edge: new Set(), guard: new Set() };
  return s.sw.stp;
}

const RULES = [...AGGREGATE, ...PORTS, ...GATEWAYS, ...SYSTEM];

export function readJunos(text: string, file: string): Switch {
  const sw = emptySwitch(nodeName(nameOfFile(file)), "junos-mclag", { file, line: 1, text: "" });
  const s: State = {
    sw, units: new Map(), vlans: new Map(), members: [], trunks: new Set(), delay: null, active: null, forced: new Map(),
    iccp: { own: null, peer: null, group: null, interval: null, multiplier: 3, backup: false, link: null, at: null },
  };
  const lines = configLines(text, file, /^(#.*|\/\*.*\*\/)?$/);
  for (const line of lines) if (!applyRules(RULES, s, line.text, line.at)) sw.unread.push(line.at);
  if (lines.length > 0 && !lines.some((line) => /^(set|deactivate|delete|activate) /.test(line.text))) {
    throw wrongFile([{ ...lines[0]!.at, col: 1, text: "no line begins with \"set\": write the configuration with | display set" }]);
  }
  finish(s);
  return sw;
}

/** What is known only when all lines are read. */
function finish(s: State): void {
  const { sw } = s;
  for (const [port, at] of s.forced) {
    const c = [...sw.channels.values()].find((each) => each.members.includes(port));
    if (c !== undefined) c.fallback = { mode: "force-up", port };
    else sw.notes.push({ ...at, text: `force-up of ${port} is left out: the port is in no aggregate` });
  }
  const ids = (name: string): number[] => {
    if (name === "all") return [...s.vlans.values()].flatMap((v) => v.id ?? []);
    const [from, to] = name.split("-").map(Number);
    if (/^\d{1,4}(-\d{1,4})?$/.test(name) && to !== undefined && to - from! < 4094) return Array.from({ length: Math.max(0, to - from! + 1) }, (_, i) => from! + i);
    return /^\d{1,4}$/.test(name) ? [Number(name)] : [s.vlans.get(name)?.id ?? []].flat();
  };
  for (const { layer2, names, at } of s.members) {
    const vlans = [...new Set([...names].flatMap(ids))];
    for (const name of names) if (ids(name).length === 0) sw.notes.push({ ...at, text: `vlan ${name} is left out: it has no vlan-id` });
    if (s.trunks.has(layer2)) layer2.trunk = vlans; else layer2.access = vlans[0] ?? null;
  }
  for (const layer2 of s.trunks) layer2.trunk ??= [];
  for (const [number, unit] of s.units) {
    const named = [...s.vlans.values()].find((v) => v.unit === number)?.id ?? null;
    const vlan = named ?? number;
    if (named === null) sw.notes.push({ ...unit.at, text: `a guess: irb.${number} is of VLAN ${number}: no vlan with a vlan-id has it as its l3-interface` });
    if (vlan < 1 || vlan > 4094) continue;
    sw.vlans.set(vlan, { address: unit.address, subnet: null, off: unit.off, at: unit.at });
    for (const g of unit.groups.values()) sw.groups.push({ ...g, vlan, preempt: g.preempt ?? true });
  }
  if (s.iccp.at !== null) pair(s, s.iccp.at);
}

function pair(s: State, at: Line): void {
  const { own, peer, group: rg, interval, multiplier, backup, link } = s.iccp;
  if (link !== null && link.startsWith("ae")) channelOf(s.sw, link, at).peerLink = true;
  else if (link !== null) Object.assign(channelOf(s.sw, "peer-link", at), { members: [portName(link)], peerLink: true });
  const settings = {
    keepalive: backup ? { via: "mgmt" } : null, control: interval === null ? null : { interval: `${interval}ms`, timeout: `${interval * multiplier}ms` }, "delay-restore": s.delay,
  };
  s.sw.pair = {
    word: "mclag", domain: rg ?? "1", own, peer, rolePriority: s.active === null ? null : s.active ? 100 : 200, at,
    settings: Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== null)),
  };
}
