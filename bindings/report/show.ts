// What a node shows, as text: /proc/net/bonding as it is, everything else as a table.

import { bondingText } from "../show/bonding.ts";
import type { GlbpGroup, HsrpGroup, Interfaces, MacEntry, Mclag, MemberState, NeighbourEntry, PortChannel, Route, SpanningTree, View, Views, VirtualRouter } from "../show/types.ts";
import type { Paint, Style } from "./style.ts";
import { fittedTable, type Layout } from "./table.ts";
import { fitted, wrapped } from "./wrap.ts";

export interface ShowOptions { paint: Paint; width: number; kernel?: string }
type Print<V extends View> = (data: Views[V], options: ShowOptions) => string;

const PRINT: { [V in View]: Print<V> } = {
  bonding: (bonds, { kernel }) => bonds.map((b) => `${bonds.length === 1 ? "" : `==> /proc/net/bonding/${b.name} <==\n`}${bondingText(b, kernel)}`).join("\n"),
  "port-channel": portChannels, vrrp: virtualRouters, hsrp: hsrpGroups, glbp: glbpGroups, mac: macTable, arp: neighbours, neighbours, "spanning-tree": spanningTree, mclag, interfaces,
  "ip-route": routes,
};

/** Ends with a line feed. */
export function showText<V extends View>(view: V, data: Views[V], options: ShowOptions): string {
  const printed = PRINT[view](data, options);
  const text = view === "bonding" ? printed : fitted(printed, options.width); // the kernel knows no terminal
  return text.endsWith("\n") ? text : `${text}\n`;
}

/** Columns that are named here give way; the last one first. */
function table(head: string[], rows: string[][], { paint, width }: ShowOptions, wraps: readonly string[] = [], numeric: readonly string[] = []): string {
  const shrinkable: Layout["shrinkable"] = [...wraps].reverse().map((name) => ({ column: head.indexOf(name), min: 10 }));
  const paintCell = (_row: number, _column: number, text: string): string => paintState(paint, text);
  return fittedTable(head, rows, { paint, width }, { numeric: numeric.map((name) => head.indexOf(name)), shrinkable, paintCell });
}

/** Words that say how something is, wherever they stand: who carries traffic, who waits, what does not work. */
const STATES: Partial<Record<Style, readonly string[]>> = {
  green: ["up", "connected", "master", "active", "forwarding", "REACHABLE", "alive", "primary"],
  yellow: ["initialize", "initial", "learn", "speak", "listening", "learning", "INCOMPLETE", "PROBE", "DELAY"],
  red: ["down", "notconnect", "disabled", "FAILED", "silent"],
};
const STYLES = new Map(Object.entries(STATES).flatMap(([style, words]) => words.map((word) => [word, style as Style] as const)));

function paintState(paint: Paint, text: string): string {
  const flags = [...text.matchAll(/\S\(([A-Za-z])\)(?= |$)/g)].map((match) => match[1]!); // of port-channels and their members
  if (flags.some((flag) => flag === "D" || flag === "s")) return paint(flags.length === 1 ? "red" : "yellow", text);
  const style = STYLES.get(text.replace(/, forwards$/, ""));
  return style === undefined ? text : paint(style, text);
}

const lines = (...list: string[]): string => list.join("\n");
const yes = (on: boolean): string => (on ? "yes" : "no");
const some = (text: string | null): string => text ?? "-";
const seconds = (ms: number): string => `${(Math.floor(ms / 100) / 10).toFixed(1)}`;

const FLAGS: Record<MemberState, string> = { bundled: "P", individual: "I", "hot-standby": "H", suspended: "s", down: "D" };
const LEGEND = "P in the port-channel, s suspended, D down, I individual, H hot-standby; U the port-channel is up, D down, s suspended by the pair";

function portChannels(list: PortChannel[], o: ShowOptions): string {
  const rows = list.map((p) => {
    const partner = p.members.find((m) => m.state === "bundled" && m.lacp !== null)?.lacp?.partner.system ?? null;
    const flag = p.suspended ? "s" : p.up ? "U" : "D";
    return [`${p.name}(${flag})`, p.mode === "802.3ad" ? "LACP" : p.mode, p.peerLinkOf !== null ? "peer-link" : p.mlagId === null ? "-" : String(p.mlagId), some(partner), p.members.map((m) => `${m.name}(${FLAGS[m.state]})`).join(" ")];
  });
  return lines(table(["port-channel", "protocol", "mlag", "partner", "members"], rows, o, ["port-channel", "members"]), ...wrapped(LEGEND, o.width));
}

const priorityOf = (now: number, configured: number): string => (now === configured ? String(now) : `${now} (${configured})`);

function virtualRouters(list: VirtualRouter[], o: ShowOptions): string {
  const rows = list.map((v) => [
    v.interface, String(v.vrid), `v${v.version}`, priorityOf(v.priority, v.configuredPriority), `${v.intervalMs / 1000} s`, v.preempt ? "Y" : "N",
    `${v.state}${v.forwardsAsBackup && v.state === "backup" ? ", forwards" : ""}`, some(v.master), v.masterDownMs === null ? "-" : `${seconds(v.masterDownMs)} s`, v.addresses.join(" "),
  ]);
  return table(["interface", "VR", "ver", "pri", "time", "pre", "state", "master", "down in", "virtual address"], rows, o, ["virtual address", "state"], ["VR"]);
}

function hsrpGroups(list: HsrpGroup[], o: ShowOptions): string {
  const rows = list.map((h) => [h.interface, String(h.group), priorityOf(h.priority, h.configuredPriority), h.preempt ? "P" : "-", h.state, some(h.active), some(h.standby), h.addresses.join(" ")]);
  return table(["interface", "grp", "pri", "P", "state", "active", "standby", "virtual address"], rows, o, ["virtual address"], ["grp"]);
}

function glbpGroups(list: GlbpGroup[], o: ShowOptions): string {
  const rows = list.flatMap((g) => [
    [g.interface, String(g.group), "-", priorityOf(g.priority, g.configuredPriority), g.state, g.addresses.join(" "), some(g.active), some(g.standby)],
    ...g.forwarders.map((f) => [g.interface, String(g.group), String(f.number), "-", f.state, f.mac, some(f.active), "-"]),
  ]);
  return table(["interface", "grp", "fwd", "pri", "state", "address", "active", "standby"], rows, o, ["address"], ["grp", "fwd"]);
}

function macTable(list: MacEntry[], o: ShowOptions): string {
  const rows = list.map((m) => [String(m.vlan), m.mac, m.learned === "here" ? "dynamic" : "from peer", seconds(m.ageMs), m.port]);
  return table(["vlan", "mac address", "type", "age (s)", "port"], rows, o, ["port"], ["vlan", "age (s)"]);
}

function neighbours(list: NeighbourEntry[], o: ShowOptions): string {
  const rows = list.map((n) => [n.address, some(n.mac), n.interface, n.state.toUpperCase(), seconds(n.ageMs)]);
  return table(["address", "mac address", "interface", "state", "age (s)"], rows, o, ["interface"], ["age (s)"]);
}

function spanningTree(t: SpanningTree, o: ShowOptions): string {
  const root = t.root.port === null ? "this bridge is the root" : `cost ${t.root.cost}, port ${t.root.port}`;
  const rows = t.ports.map((p) => [p.name, p.role, p.state, String(p.cost), `${p.priority}.${p.number}`, p.edge ? "edge" : "p2p"]);
  return lines(
    `${t.mode.toUpperCase()}, hello ${t.helloMs / 1000} s, max age ${t.maxAgeMs / 1000} s, forward delay ${t.forwardDelayMs / 1000} s`,
    `Root    priority ${t.root.priority}  ${t.root.mac}  ${root}`,
    `Bridge  priority ${t.bridge.priority}  ${t.bridge.mac}${t.sharedWith === null ? "" : `  one bridge with ${t.sharedWith}`}`,
    table(["port", "role", "state", "cost", "prio.nbr", "type"], rows, o, ["port"], ["cost", "prio.nbr"]),
  );
}

function mclag(m: Mclag, o: ShowOptions): string {
  const state = (word: string): string => paintState(o.paint, word);
  const rows = m.members.map((x) => [String(x.id), x.name, x.up ? "up" : "down", yes(x.suspended), x.peerUp ? "up" : "down", x.vlans.join(",")]);
  const restore = m.restoreMs === null ? "" : `, for another ${seconds(m.restoreMs)} s`;
  return lines(
    `Domain ${m.domain} (${m.pair}), peer ${m.peer}, system ${m.systemMac}`,
    `Role       ${state(m.role)} (priority ${m.rolePriority})`,
    `Peer-link  ${m.peerLink.name} ${state(m.peerLink.up ? "up" : "down")}`,
    `Keepalive  ${state(m.keepaliveAlive ? "alive" : "silent")}`,
    `Suspended  ${m.suspended === null ? "no" : o.paint("red", `${m.suspended}${restore}`)}`,
    table(["id", "port", "status", "suspended", "peer's", "vlans"], rows, o, ["port", "vlans"], ["id"]),
  );
}

const speed = (mbps: number): string => (mbps % 1000 === 0 ? `${mbps / 1000}G` : `${mbps}M`);

function interfaces(data: Interfaces, o: ShowOptions): string {
  const ports = data.ports.map((p) => [p.name, p.status, p.mode, p.mode === "trunk" || p.vlans.length > 1 ? p.vlans.join(",") : String(p.vlans[0] ?? "-"), speed(p.speedMbps), some(p.lag), some(p.peer)]);
  const addresses = data.addresses.map((a) => [a.interface, a.address, a.mac, a.up ? "up" : "down"]);
  return lines(
    table(["port", "status", "mode", "vlans", "speed", "channel", "cabled to"], ports, o, ["cabled to", "vlans"]),
    ...(addresses.length === 0 ? [] : [table(["interface", "address", "mac address", "status"], addresses, o, ["interface"])]),
  );
}

function routes(list: Route[], o: ShowOptions): string {
  const rows = list.map((r) => [r.prefix, r.via, String(r.metric), r.nextHops.map((h) => (r.via === "connected" ? h.interface : `${h.interface} to ${h.to}`)).join(", ")]);
  return table(["prefix", "by", "metric", "next hops"], rows, o, ["next hops"], ["metric"]);
}
