// A netlab topology (netlab.tools, Lab topology reference; modules vlan, lag, gateway): nodes, links in all their forms, LAG and MLAG, VLANs and
// first-hop gateways. What netlab would number by itself (ports, VLANs, addresses) is numbered in its order, and told as a guess.

import { found, type Found, type Kind } from "./found.ts";
import { emptyHost, dotted, ipv4, type Host } from "./host.ts";
import { nodeName, type Line } from "./line.ts";
import { linksOf, type LabLink } from "./netlab-links.ts";
import { channelOf, emptySwitch, group, layer2, macAddress, portOf, type Switch } from "./switch.ts";
import { TreeFile } from "./tree-file.ts";
import type { Tree } from "./tree.ts";

/** Device → profile; null: no profile of its own. Hosts are "linux". */
const DEVICES: Record<string, string | null> = {
  eos: "eos-mlag", nxos: "nxos-vpc", cumulus: "cumulus-clag", cumulus_nvue: "cumulus-clag", dellos10: "dell-vlt", arubacx: "aruba-vsx", sonic: "sonic-mclag", sonic_clab: "sonic-mclag", exos: "exos-mlag",
  "vjunos-switch": "junos-mclag", vmx: "junos-mclag", vptx: "junos-mclag", vsrx: "junos-mclag", "vjunos-router": "junos-mclag",
};
const KINDS: readonly Kind[] = ["server", "leaf", "tor", "spine", "core", "l2switch", "router", "hypervisor"];
interface Vlan { id: number; subnet: string; tree: Tree; bridge: boolean; used: Set<Switch> }
interface Lab { file: TreeFile; out: Found; switches: Map<string, Switch>; hosts: Map<string, Host>; ids: Map<string, number>; vlans: Map<string, Vlan>; next: Map<string, number>; lags: number }

export function readNetlab(text: string, name: string): Found {
  const file = new TreeFile(name, text, "yaml");
  const nodes = file.get(file.root, "nodes");
  if (file.root.kind !== "map" || (nodes === undefined && file.get(file.root, "groups") === undefined)) {
    file.wrong(file.root, 'this is no netlab topology: it has neither "nodes" nor "groups"');
    file.done();
  }
  const lab: Lab = { file, out: found(), switches: new Map(), hosts: new Map(), ids: new Map(), vlans: new Map(), next: new Map(), lags: 0 };
  for (const key of ["name", "module", "provider", "message", "version"]) file.skip(file.get(file.root, key));
  readNodes(lab, nodes);
  readVlans(lab);
  const { links, lags } = linksOf(file, lab.ids.keys());
  for (const link of links) readLink(lab, link);
  for (const lag of lags) readLag(lab, lag);
  if (lab.out.cables.length > 0) lab.out.notes.push({ ...file.line(file.root), text: "a guess: ports are numbered in the order of the links, members of LAGs last, as netlab numbers them" });
  gateways(lab);
  lab.out.switches.push(...lab.switches.values());
  lab.out.hosts.push(...[...lab.hosts.values()]);
  file.done();
  lab.out.unread = file.unread();
  return lab.out;
}

// --- nodes ------------------------------------------------------------------------------------------

function readNodes(lab: Lab, nodes: Tree | undefined): void {
  const { file } = lab;
  const attributes = new Map<string, Tree>();
  const add = (name: string, tree: Tree): void => { if (!attributes.has(name) || tree.kind === "map") attributes.set(name, tree); };
  if (nodes?.kind === "map") for (const [name, tree] of file.entries(nodes)) add(name, tree);
  else for (const item of nodes?.items ?? []) {
    item.used = true;
    const name = item.kind === "map" ? file.text(item, "name") : item.text;
    if (name === undefined || name === "") file.wrong(item, `${item.path}: a node is a name, or has one`); else add(name, item);
  }
  const groupDevice = new Map<string, string>();
  const kinds = new Map<string, Kind>();
  for (const [key, tree] of file.entries(file.map(file.root, "groups"))) {
    if (key.startsWith("_") || tree.kind !== "map") continue;
    const kind = KINDS.find((k) => key === `dualhome_${k}`); // what dualhome export netlab writes, for netlab knows devices and no tiers
    if (kind !== undefined) for (const member of file.texts(tree, "members")) kinds.set(member, kind);
    const device = file.text(tree, "device");
    for (const member of file.texts(tree, "members")) {
      if (device !== undefined) groupDevice.set(member, device);
      if (!attributes.has(member)) attributes.set(member, tree);
    }
  }
  const fallback = file.deep(file.root, "defaults.device")?.text;
  for (const [name, tree] of attributes) {
    const at = file.line(tree);
    const own = tree.kind === "map" && groupDevice.get(name) !== file.text(tree, "device") ? file.text(tree, "device") : undefined;
    const device = own ?? groupDevice.get(name) ?? fallback;
    const role = tree.kind === "map" ? file.text(tree, "role") : undefined;
    lab.ids.set(name, (tree.kind === "map" ? file.whole(tree, "id", 1, 250) : undefined) ?? lab.ids.size + 1);
    if (device === undefined) lab.out.notes.push({ ...at, text: `${name} has no device` });
    const kind = kinds.get(name);
    if (kind === "server" || role === "host" || (device === "linux" && kind === undefined && role !== "router" && role !== "bridge")) { lab.hosts.set(name, emptyHost(nodeName(name), at)); continue; }
    const known = device !== undefined && Object.hasOwn(DEVICES, device) ? DEVICES[device]! : null;
    if (known === null && device !== undefined && device !== "linux") lab.out.notes.push({ ...at, text: `${name} is a ${device}, of which there is no profile: the standard's is taken` });
    lab.switches.set(name, { ...emptySwitch(nodeName(name), known ?? "standard", at), kind: kind ?? (role === "bridge" ? "l2switch" : null) });
  }
}

// --- VLANs ------------------------------------------------------------------------------------------

/** netlab's own pool for links of more than two, and its first VLAN. */
const POOL = ipv4("172.16.0.0")!;
const FIRST_VLAN = 1000;

function readVlans(lab: Lab): void {
  const { file } = lab;
  let [next, pool] = [FIRST_VLAN, 0];
  const entries = file.entries(file.map(file.root, "vlans"));
  const ids = new Set(entries.map(([, tree]) => Number(tree.entries.get("id")?.text ?? 0)));
  for (const [name, tree] of entries) {
    const given = tree.kind === "map" ? file.whole(tree, "id", 1, 4094) : undefined;
    while (given === undefined && ids.has(next)) next += 1;
    const id = given ?? next++;
    const prefix = tree.kind === "map" ? (file.deep(tree, "prefix.ipv4") ?? file.get(tree, "prefix")) : undefined;
    const written = /^(\d+\.\d+\.\d+\.\d+)\/(\d{1,2})$/.exec(prefix?.kind === "scalar" ? prefix.text : "");
    const fits = written !== null && ipv4(written[1]!) !== null && Number(written[2]) >= 8 && Number(written[2]) <= 30;
    const subnet = fits ? `${written[1]}/${written[2]}` : `${dotted(POOL + 256 * pool++)}/24`;
    if (prefix !== undefined && !fits) lab.out.notes.push({ ...file.line(prefix), text: `the prefix of vlan ${name} is left out: IPv4 prefixes are what is read` });
    const at = file.line(tree);
    if (given === undefined) lab.out.notes.push({ ...at, text: `a guess: vlan ${name} is VLAN ${id}: netlab numbers from ${FIRST_VLAN} on` });
    if (!fits) lab.out.notes.push({ ...at, text: `a guess: vlan ${name} is ${subnet}: netlab's own pool, in its order` });
    lab.vlans.set(name, { id, subnet, tree, bridge: tree.kind === "map" && file.text(tree, "mode") === "bridge", used: new Set() });
  }
}

// --- links ------------------------------------------------------------------------------------------

interface Cabled { node: string; port: string; attributes: Tree | undefined }

/** The ports of a link, or null: it is none between two. */
function cable(lab: Lab, link: LabLink): [Cabled, Cabled] | null {
  const at = lab.file.line(link.tree);
  if (link.ends.length !== 2) {
    lab.out.notes.push({ ...at, text: `a link of ${link.ends.length === 1 ? "one node" : `${link.ends.length} nodes`} is left out: a cable has two ends` });
    return null;
  }
  const ends = link.ends.map(({ node, attributes }) => ({ node, attributes, port: portNamed(lab, node, attributes) })) as [Cabled, Cabled];
  lab.out.cables.push({ a: { node: nodeName(ends[0].node), port: ends[0].port }, b: { node: nodeName(ends[1].node), port: ends[1].port }, at });
  return ends;
}

function portNamed(lab: Lab, node: string, attributes: Tree | undefined): string {
  const { file } = lab;
  const own = attributes?.kind === "map" ? file.text(attributes, "ifname") : undefined;
  const given = attributes?.kind === "map" ? file.whole(attributes, "ifindex", 1, 9999) : undefined;
  const number = given ?? (lab.next.get(node) ?? 0) + 1;
  lab.next.set(node, Math.max(number, lab.next.get(node) ?? 0));
  const sw = lab.switches.get(node);
  return own ?? (sw === undefined ? `eth${number}` : sw.profile === "nxos-vpc" ? `Eth1/${number}` : `Eth${number}`);
}

function readLink(lab: Lab, link: LabLink): void {
  const ends = cable(lab, link);
  if (ends === null) return;
  for (const { node, port, attributes } of ends) {
    const sw = lab.switches.get(node);
    if (sw !== undefined) carries(lab, sw, portOf(sw, port, lab.file.line(link.tree)), [link.tree, attributes]);
  }
}

/** vlan.access and vlan.trunk, of the interface or of the link. */
function carries(lab: Lab, sw: Switch, of: { layer2: ReturnType<typeof layer2> }, places: readonly (Tree | undefined)[]): void {
  for (const place of places) {
    if (place?.kind !== "map") continue;
    const access = lab.file.deep(place, "vlan.access");
    const trunk = lab.file.deep(place, "vlan.trunk");
    const vlan = access === undefined ? undefined : lab.vlans.get(access.text);
    if (access !== undefined && vlan === undefined) lab.out.notes.push({ ...lab.file.line(access), text: `there is no vlan ${access.text.slice(0, 80)}: the port is in none` });
    if (vlan !== undefined) { of.layer2.access = vlan.id; vlan.used.add(sw); }
    const names = trunk === undefined ? [] : trunk.kind === "map" ? [...trunk.entries.keys()] : trunk.items.map((i) => i.text);
    if (trunk !== undefined) lab.file.skip(trunk);
    const list = names.flatMap((name) => lab.vlans.get(name) ?? []);
    for (const each of list) each.used.add(sw);
    if (list.length > 0) of.layer2.trunk = list.map((each) => each.id);
  }
}

// --- LAG and MLAG -----------------------------------------------------------------------------------

function readLag(lab: Lab, link: LabLink): void {
  const { file } = lab;
  const at = file.line(link.tree);
  const setting = (word: string): string | undefined => (file.deep(link.tree, `lag.${word}`) ?? file.deep(file.root, `lag.${word}`))?.text;
  const number = Number(setting("ifindex") ?? 0) || ++lab.lags;
  const lacp = setting("lacp") ?? "fast";
  const members = link.members.flatMap((member) => cable(lab, member) ?? []);
  const group0 = file.deep(link.tree, "lag.mlag.peergroup");
  const nodes = [...new Set(members.map((m) => m.node))];
  if (group0 !== undefined) { peerLink(lab, link, nodes, members, group0.text, at); return; }
  const ofNode = (node: string): Cabled[] => members.filter((m) => m.node === node);
  const counts = new Map(nodes.map((node) => [node, ofNode(node).length]));
  for (const node of nodes) {
    const ports = ofNode(node).map((m) => m.port);
    const host = lab.hosts.get(node);
    const sw = lab.switches.get(node);
    if (host !== undefined) host.bonds.push({ name: `bond${number}`, members: ports, settings: lacp === "off" ? { mode: "balance-xor" } : { mode: "802.3ad", "lacp-rate": lacp === "slow" ? "slow" : "fast" }, at });
    if (sw === undefined) continue;
    const channel = channelOf(sw, `Po${number}`, at);
    Object.assign(channel, { members: ports, mode: lacp === "off" ? "static" : setting("lacp_mode") === "passive" ? "lacp-passive" : "lacp-active", fast: lacp === "fast" });
    if (nodes.length > 2 && (counts.get(node) ?? 0) < members.length / 2) channel.mlagId = number;
    carries(lab, sw, channel, [link.tree]);
  }
}

function peerLink(lab: Lab, link: LabLink, nodes: string[], members: Cabled[], word: string, at: Line): void {
  const domain = /^\d{1,5}$/.test(word) && Number(word) > 0 ? word : `${nodes.join("-")}`;
  for (const node of nodes) {
    const sw = lab.switches.get(node);
    if (sw === undefined) continue;
    Object.assign(channelOf(sw, "peer-link", at), { members: members.filter((m) => m.node === node).map((m) => m.port), peerLink: true, mode: "static" });
    sw.pair = { word: "mlag", domain, own: null, peer: null, rolePriority: null, settings: {}, at };
    const mac = macAddress(lab.file.deep(link.tree, "lag.mlag.mac")?.text ?? "");
    if (mac !== null) sw.pair.settings["system-mac"] = mac;
  }
}

// --- gateways ---------------------------------------------------------------------------------------

function gateways(lab: Lab): void {
  const { file } = lab;
  for (const [name, vlan] of lab.vlans) {
    const own = vlan.tree.kind === "map" ? file.get(vlan.tree, "gateway") : undefined;
    const on = own !== undefined && own.text !== "false";
    const say = (word: string): string | undefined => ((own?.kind === "map" ? file.deep(own, word) : undefined) ?? file.deep(file.root, `gateway.${word}`))?.text;
    const [base = "", length = "24"] = vlan.subnet.split("/");
    const size = 2 ** (32 - Number(length));
    const first = Math.floor(ipv4(base)! / size) * size;
    const id = Number(say("id") ?? -2);
    const vip = dotted(first + (Number.isInteger(id) && id > 0 && id < size ? id : Number.isInteger(id) && id < 0 && -id < size ? size + id : size - 2));
    const vrrp = say("protocol") === "vrrp";
    for (const [node, sw] of lab.switches) {
      if (!vlan.used.has(sw) || vlan.bridge) continue;
      const at = file.line(vlan.tree);
      const address = dotted(first + lab.ids.get(node)! % (size - 2));
      sw.vlans.set(vlan.id, { address: `${address}/${length}`, subnet: null, off: false, at });
      if (!on) continue;
      const number = Number(say("vrrp.group") ?? 1);
      const g = group(vrrp ? "vrrp" : "anycast", vlan.id, vrrp ? (number >= 1 && number <= 255 ? number : 1) : 0, at);
      g.addresses.push(vip);
      if (vrrp) Object.assign(g, { version: 3, preempt: say("vrrp.preempt") !== "false" });
      else g.mac = macAddress(say("anycast.mac") ?? "02:00:ca:fe:00:ff");
      sw.groups.push(g);
    }
    if (on) lab.out.notes.push({ ...file.line(vlan.tree), text: `a guess: the gateway of vlan ${name} is ${vip}, and each switch has the address of its number there, as netlab gives them` });
  }
}
