// Devices and cables of NetBox: CSV (what it imports, or its tables exported) and JSON of its API; and a file of hints in YAML for what an inventory does
// not know: what a role is, which switches are a pair, how servers bond.

import { readCsv, type Cell } from "./csv.ts";
import { found, type Device, type Found, type Kind } from "./found.ts";
import { emptyHost, ipv4, type Host } from "./host.ts";
import { limitSize, nodeName, portName, wrongFile, type Line } from "./line.ts";
import { channelOf, emptySwitch, type Switch } from "./switch.ts";
import { TreeFile } from "./tree-file.ts";
import { short, type Tree } from "./tree.ts";

const KINDS: readonly Kind[] = ["server", "leaf", "tor", "spine", "core", "l2switch", "router", "hypervisor"];
const PROFILES: [RegExp, string][] = [
  [/arista/i, "eos-mlag"], [/nexus|n[359]k|cisco.*nx/i, "nxos-vpc"], [/juniper/i, "junos-mclag"], [/dell/i, "dell-vlt"], [/aruba/i, "aruba-vsx"], [/cumulus|mellanox|nvidia/i, "cumulus-clag"],
  [/huawei/i, "huawei-mlag"], [/h3c|comware/i, "comware-mlag"], [/sonic|edge-?core/i, "sonic-mclag"], [/extreme/i, "exos-mlag"],
];
const PROFILE_WORDS = new Set(["standard", ...PROFILES.map(([, profile]) => profile), "fastiron-mct"]);

interface Hints { roles: Map<string, string>; profiles: Map<string, string> }
/** What the hints are about, when all rows are read. */
interface Plan { out: Found; devices: Map<string, Device>; switches: Map<string, Switch>; hosts: Map<string, Host> }
type Hint = (plan: Plan) => void;
interface Row { get(...names: string[]): Cell | undefined; unread(): Line[]; at: Line }

export function readNetbox(files: readonly { name: string; text: string }[]): Found {
  const out = found();
  const hints: Hints = { roles: new Map(), profiles: new Map() };
  const later: Hint[] = [];
  for (const { name, text } of files) if (/\.ya?ml$/i.test(name)) readHints(name, text, hints, later);
  const rows = files.filter(({ name }) => !/\.ya?ml$/i.test(name)).flatMap(({ name, text }) => (/^\s*[[{]/.test(text) ? jsonRows(name, text) : csvRows(name, text)));
  const devices = rows.filter((row) => !isCable(row));
  const ignored = new Set<string>();
  for (const row of devices) device(row, hints, out, ignored);
  for (const row of rows) if (isCable(row)) cable(row, out, ignored);
  for (const row of rows) out.unread.push(...row.unread());
  const plan: Plan = { out, devices: new Map(out.devices.map((d) => [d.name, d])), switches: new Map(), hosts: new Map() };
  for (const each of later) each(plan);
  Object.assign(out, { devices: [...plan.devices.values()], switches: [...plan.switches.values()], hosts: [...plan.hosts.values()] });
  return out;
}

const isCable = (row: Row): boolean => row.get("side_a_device", "device a") !== undefined;

// --- devices and cables -----------------------------------------------------------------------------

function device(row: Row, hints: Hints, out: Found, ignored: Set<string>): void {
  const name = row.get("name")?.text ?? "";
  if (name === "") { out.notes.push({ ...row.at, text: "a device without a name is left out" }); return; }
  const role = row.get("role", "device_role", "device role")?.text ?? "";
  const made = `${row.get("manufacturer")?.text ?? ""} ${row.get("device_type", "type", "device type")?.text ?? ""} ${row.get("platform")?.text ?? ""}`.trim();
  const hint = hints.roles.get(role.toLowerCase());
  if (hint === "ignore") { ignored.add(nodeName(name)); out.notes.push({ ...row.at, text: `${name} is left out: hints say so of role ${role}` }); return; }
  const kind = hint !== undefined ? (hint as Kind) : kindOf(role);
  if (kind === null) { ignored.add(nodeName(name)); out.notes.push({ ...row.at, text: `${name} is left out: its role "${short(role)}" is none that is known here; the hints can say what it is` }); return; }
  if (hint === undefined) out.notes.push({ ...row.at, text: `a guess: ${name} is a ${kind}, by its role ${short(role)}` });
  const told = [...hints.profiles].find(([word]) => made.toLowerCase().includes(word))?.[1];
  const profile = kind === "server" ? null : (told ?? PROFILES.find(([pattern]) => pattern.test(made))?.[1] ?? null);
  if (profile !== null && told === undefined) out.notes.push({ ...row.at, text: `a guess: ${name} behaves as ${profile}: its maker and type are ${short(made)}` });
  out.devices.push({ name: nodeName(name), kind, profile, at: row.at });
}

function kindOf(role: string): Kind | null {
  if (/server|host|compute|storage/i.test(role)) return "server";
  if (/spine/i.test(role)) return "spine";
  if (/core/i.test(role)) return "core";
  if (/leaf|tor|top.of.rack|access|switch/i.test(role)) return "leaf";
  return /router|edge|border|firewall|gateway/i.test(role) ? "router" : null;
}

function cable(row: Row, out: Found, ignored: ReadonlySet<string>): void {
  const side = (letter: "a" | "b"): { node: string; port: string; type: string } => ({
    node: row.get(`side_${letter}_device`, `device ${letter}`)?.text ?? "", port: row.get(`side_${letter}_name`, `termination ${letter}`)?.text ?? "",
    type: row.get(`side_${letter}_type`)?.text ?? "dcim.interface",
  });
  const [a, b] = [side("a"), side("b")];
  const what = `the cable ${short(a.node)}:${short(a.port)} -- ${short(b.node)}:${short(b.port)}`;
  const status = row.get("status")?.text.toLowerCase() ?? "connected";
  const why = a.node === "" || a.port === "" || b.node === "" || b.port === "" ? "an end of it is not said"
    : a.type !== "dcim.interface" || b.type !== "dcim.interface" ? `it ends on ${a.type !== "dcim.interface" ? a.type : b.type}, and cables between interfaces are what is read`
      : [a.port, b.port].some((p) => p.includes(",")) ? "it has more than two ends" : status !== "connected" ? `it is ${status}`
        : [a, b].some((end) => ignored.has(nodeName(end.node))) ? "one of its devices is left out" : null;
  if (why !== null) out.notes.push({ ...row.at, text: `${what} is left out: ${why}` });
  else out.cables.push({ a: { node: nodeName(a.node), port: a.port }, b: { node: nodeName(b.node), port: b.port }, at: row.at });
}

// --- rows of CSV and JSON ---------------------------------------------------------------------------

function csvRows(file: string, text: string): Row[] {
  limitSize(file, text);
  const { rows: [head, ...rows], problem } = readCsv(text);
  if (problem !== null) throw wrongFile([{ file, line: problem.line, col: problem.col, text: "a quote that is not closed" }]);
  const names = (head ?? []).map((cell) => cell.text.trim().toLowerCase());
  if (!names.includes("name") && !names.includes("side_a_device") && !names.includes("device a")) throw wrongFile([{ file, line: 1, col: 1, text: "these are neither devices nor cables of NetBox: there is no column name, side_a_device or Device A" }]);
  const told = new Set<number>();
  return rows.map((cells) => {
    const used = new Set<number>();
    const get = (...wanted: string[]): Cell | undefined => wanted.map((name) => names.indexOf(name)).filter((i) => i >= 0 && used.add(i) && cells[i] !== undefined).map((i) => cells[i]!)[0];
    const at = { file, line: cells[0]?.line ?? 1, text: "" };
    // A column that means nothing is told once, at its head.
    const unread = (): Line[] => names.flatMap((name, i) => (used.has(i) || told.has(i) || cells[i] === undefined || cells[i].text === "" || !told.add(i) ? [] : [{ file, line: head![i]!.line, text: `column ${short(name)}` }]));
    return { get, unread, at };
  });
}

function jsonRows(name: string, text: string): Row[] {
  const file = new TreeFile(name, text, "json");
  const list = file.root.kind === "list" ? file.root : file.get(file.root, "results");
  if (list === undefined || list.kind !== "list") { file.wrong(file.root, 'these are neither devices nor cables of NetBox\'s API: there is no list "results"'); file.done(); return []; }
  for (const key of ["count", "next", "previous"]) file.skip(file.root.entries.get(key));
  const rows = list.items.map((item) => { item.used = true; return jsonRow(file, item); });
  file.done();
  return rows;
}

/** An object of the API with the names that the CSV has. */
function jsonRow(file: TreeFile, item: Tree): Row {
  const at = file.line(item);
  const named = (tree: Tree | undefined): string | undefined => (tree === undefined ? undefined : tree.kind === "scalar" ? tree.text : ["name", "model", "value", "display"].map((key) => file.get(tree, key)).find((t) => t?.kind === "scalar")?.text);
  const cells = new Map<string, string>();
  const put = (key: string, value: string | undefined): void => { if (value !== undefined) cells.set(key, value); };
  for (const key of ["name", "role", "device_role", "platform", "status"]) put(key, named(file.get(item, key)));
  const type = file.get(item, "device_type");
  put("device_type", named(type));
  put("manufacturer", type?.kind === "map" ? named(file.get(type, "manufacturer")) : undefined);
  for (const letter of ["a", "b"]) {
    const ends = file.list(item, `${letter}_terminations`);
    if (!item.entries.has(`${letter}_terminations`)) continue;
    const object = file.map(ends[0], "object");
    put(`side_${letter}_type`, ends.length > 1 ? "several ends" : file.text(ends[0], "object_type"));
    put(`side_${letter}_device`, named(file.get(object, "device")) ?? "");
    put(`side_${letter}_name`, named(file.get(object, "name")) ?? "");
    for (const end of ends) file.skip(end);
  }
  if (item.entries.has("a_terminations")) cells.delete("name");
  const get = (...wanted: string[]): Cell | undefined => { const text = wanted.map((w) => cells.get(w)).find((t) => t !== undefined); return text === undefined ? undefined : { text, line: at.line, col: 1 }; };
  const unread = (): Line[] => [...item.entries].filter(([, tree]) => !tree.used).map(([key, tree]) => file.line(tree, key));
  return { get, unread, at };
}

// --- hints ------------------------------------------------------------------------------------------

/** roles: {role: kind or ignore}, profiles: {manufacturer: profile}, pairs: [{peers, peer-link}], bond: mode, servers: {name: {address, gateway, vlan}} */
function readHints(name: string, text: string, hints: Hints, later: Hint[]): void {
  const file = new TreeFile(name, text, "yaml");
  for (const [role, tree] of file.entries(file.map(file.root, "roles"))) {
    if (KINDS.includes(tree.text as Kind) || tree.text === "ignore") hints.roles.set(role.toLowerCase(), tree.text);
    else file.wrong(tree, `${tree.path}: "${short(tree.text)}": a role is one of ${KINDS.join(", ")}, or ignore`);
  }
  for (const [word, tree] of file.entries(file.map(file.root, "profiles"))) {
    if (PROFILE_WORDS.has(tree.text)) hints.profiles.set(word.toLowerCase(), tree.text);
    else file.wrong(tree, `${tree.path}: "${short(tree.text)}" is no profile: ${[...PROFILE_WORDS].join(", ")}`);
  }
  for (const tree of file.list(file.root, "pairs")) {
    const peers = file.texts(tree, "peers").map(nodeName);
    const ports = file.texts(tree, "peer-link").map(portName);
    if (peers.length === 2 && peers[0] !== peers[1]) later.push((plan) => pair(plan, peers as [string, string], ports, file.line(tree)));
    else file.wrong(tree, `${tree.path}: a pair has two peers`);
  }
  const mode = file.get(file.root, "bond");
  if (mode !== undefined && !["802.3ad", "active-backup"].includes(mode.text)) file.wrong(mode, `bond: "${short(mode.text)}": 802.3ad or active-backup`);
  else if (mode !== undefined) later.push((plan) => bonds(plan, mode.text, file.line(mode)));
  for (const [server, tree] of file.entries(file.map(file.root, "servers"))) later.push((plan) => host(file, plan, server, tree));
  later.push(({ out }) => { file.done(); out.unread.push(...file.unread()); });
}

function pair({ devices, switches }: Plan, peers: [string, string], ports: string[], at: Line): void {
  for (const name of peers) {
    const known = devices.get(name);
    const sw = { ...emptySwitch(name, known?.profile ?? "standard", known?.at ?? at), kind: known?.kind ?? ("leaf" as const) };
    sw.pair = { word: "mlag", domain: peers.join("-"), own: null, peer: null, rolePriority: null, settings: {}, at };
    if (ports.length > 0) Object.assign(channelOf(sw, "peer-link", at), { members: ports, peerLink: true });
    devices.delete(name);
    switches.set(name, sw);
  }
}

/** Every server with several cables. */
function bonds({ out, devices, hosts }: Plan, mode: string, at: Line): void {
  const ports = new Map<string, string[]>();
  for (const { a, b } of out.cables) {
    for (const end of [a, b]) { const list = ports.get(end.node); if (list === undefined) ports.set(end.node, [end.port]); else list.push(end.port); }
  }
  for (const d of [...devices.values()]) {
    const members = ports.get(d.name) ?? [];
    if (d.kind !== "server" || members.length < 2) continue;
    hosts.set(d.name, { ...emptyHost(d.name, d.at), bonds: [{ name: "bond0", members, settings: { mode }, at }] });
    devices.delete(d.name);
  }
}

function host(file: TreeFile, { hosts }: Plan, server: string, tree: Tree): void {
  const name = nodeName(server);
  const known = hosts.get(name) ?? emptyHost(name, file.line(tree));
  hosts.set(name, known);
  const address = file.get(tree, "address");
  const [ip = "", length = ""] = (address?.text ?? "").split("/");
  const vlan = file.whole(tree, "vlan", 1, 4094);
  const on = known.bonds[0]?.name ?? "eth0";
  if (address !== undefined && (ipv4(ip) === null || !/^([1-9]|[12]\d|30)$/.test(length))) file.wrong(address, `${address.path}: "${short(address.text)}" is no address with its length, such as 10.1.10.11/24`);
  else if (address !== undefined) known.addresses.push({ on: vlan === undefined ? on : `${on}.${vlan}`, ip, length: Number(length), at: file.line(address) });
  if (vlan !== undefined) known.vlans.push({ name: `${on}.${vlan}`, link: on, id: vlan, at: file.line(tree) });
  const gateway = file.get(tree, "gateway");
  if (gateway !== undefined && ipv4(gateway.text) === null) file.wrong(gateway, `${gateway.path}: "${short(gateway.text)}" is no IPv4 address`);
  else if (gateway !== undefined) known.gateways.push({ ip: gateway.text, on, at: file.line(gateway) });
}
