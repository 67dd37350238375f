// A containerlab topology (containerlab.dev, Topology definition): nodes, kinds, links in the short and the extended format. Of a Linux
// node's `exec` the ip(8) commands that give it bonds and addresses are read; files that it names are not opened.

import { readIpCommands } from "./ip-commands.ts";
import { found, type Device, type End, type Found, type Kind } from "./found.ts";
import { nodeName } from "./line.ts";
import { TreeFile } from "./tree-file.ts";
import type { Tree } from "./tree.ts";

/** Kind of node → what it is here; null: its name or cabling has to say. */
const KINDS: Record<string, { kind: Kind | null; profile: string | null }> = {
  linux: { kind: null, profile: null }, "k8s-kind": { kind: "server", profile: null }, "ext-container": { kind: null, profile: null }, generic_vm: { kind: "server", profile: null },
  bridge: { kind: "l2switch", profile: null }, "ovs-bridge": { kind: "l2switch", profile: null },
  ceos: { kind: null, profile: "eos-mlag" }, arista_ceos: { kind: null, profile: "eos-mlag" }, veos: { kind: null, profile: "eos-mlag" }, arista_veos: { kind: null, profile: "eos-mlag" },
  cisco_n9kv: { kind: null, profile: "nxos-vpc" }, n9kv: { kind: null, profile: "nxos-vpc" },
  "sonic-vs": { kind: null, profile: "sonic-mclag" }, "sonic-vm": { kind: null, profile: "sonic-mclag" },
  cvx: { kind: null, profile: "cumulus-clag" }, cumulus_cvx: { kind: null, profile: "cumulus-clag" },
  dell_ftosv: { kind: null, profile: "dell-vlt" }, dell_sonic: { kind: null, profile: "sonic-mclag" }, aruba_aoscx: { kind: null, profile: "aruba-vsx" }, huawei_vrp: { kind: null, profile: "huawei-mlag" },
  juniper_vqfx: { kind: null, profile: "junos-mclag" }, juniper_vjunosswitch: { kind: null, profile: "junos-mclag" }, juniper_vjunosevolved: { kind: null, profile: "junos-mclag" },
  srl: { kind: null, profile: null }, nokia_srlinux: { kind: null, profile: null },
  crpd: { kind: "router", profile: null }, juniper_crpd: { kind: "router", profile: null }, nokia_sros: { kind: "router", profile: null }, cisco_xrd: { kind: "router", profile: null },
};
/** What `dualhome export containerlab` writes into labels, for containerlab knows neither. */
const TOLD: readonly Kind[] = ["server", "leaf", "tor", "spine", "core", "l2switch", "router", "hypervisor"];
const PROFILES = new Set(["eos-mlag", "nxos-vpc", "junos-mclag", "sonic-mclag", "cumulus-clag", "dell-vlt", "aruba-vsx", "comware-mlag", "huawei-mlag", "exos-mlag", "fastiron-mct"]);
/** Ends of links that are no nodes. */
const OUTSIDE = new Set(["host", "mgmt-net", "macvlan", "vxlan", "vxlan-stitch", "dummy"]);

export function readContainerlab(text: string, name: string): Found {
  const file = new TreeFile(name, text, "yaml");
  const topology = file.get(file.root, "topology");
  const out = found();
  if (topology === undefined || topology.kind !== "map") { file.wrong(topology ?? file.root, 'this is no containerlab topology: it has no mapping "topology"'); file.done(); }
  file.get(file.root, "name");
  const defaults = file.text(file.map(topology, "defaults"), "kind");
  const groups = new Map(file.entries(file.map(topology, "groups")).map(([key, group]) => [key, file.text(group, "kind")]));
  const nodes = new Map<string, string>();
  for (const [key, node] of file.entries(file.map(topology, "nodes"))) readNode(file, out, nodes, key, node, groups, defaults);
  for (const link of file.list(topology, "links")) readLink(file, out, nodes, link);
  file.done();
  out.unread.push(...file.unread());
  return out;
}

function readNode(file: TreeFile, out: Found, nodes: Map<string, string>, key: string, node: Tree, groups: ReadonlyMap<string, string | undefined>, defaults: string | undefined): void {
  const kind = file.text(node, "kind") ?? groups.get(file.text(node, "group") ?? "") ?? defaults;
  const at = file.line(node);
  const known = kind === undefined || !Object.hasOwn(KINDS, kind) ? undefined : KINDS[kind];
  nodes.set(key, kind ?? "");
  if (kind === undefined) out.notes.push({ ...at, text: `${key} has no kind` });
  else if (known === undefined) out.notes.push({ ...at, text: `${key} is of kind ${kind}, which is not known here: its name and its cables say what it is` });
  const name = nodeName(key);
  const labels = file.get(node, "labels");
  const told = labels?.kind === "map" ? file.text(labels, "dualhome-kind") : undefined;
  const profile = labels?.kind === "map" ? file.text(labels, "dualhome-profile") : undefined;
  if (file.get(node, "network-mode")?.text !== "none") { const mode = node.entries.get("network-mode"); if (mode !== undefined) mode.used = false; }
  const device: Device = { name, kind: TOLD.find((k) => k === told) ?? known?.kind ?? null, profile: PROFILES.has(profile ?? "") ? profile! : (known?.profile ?? null), at };
  const exec = file.list(node, "exec");
  const commands = exec.filter((item) => item.kind === "scalar").map((item) => ({ text: item.text, at: file.line(item, item.text) }));
  const host = kind === "linux" && commands.length > 0 ? readIpCommands(name, at, commands) : null;
  if (host === null) { out.devices.push(device); out.unread.push(...commands.map((c) => c.at)); return; }
  out.unread.push(...host.unread);
  if (host.bonds.length === 0 && host.addresses.length === 0) out.devices.push(device);
  else out.hosts.push(host);
}

function readLink(file: TreeFile, out: Found, nodes: ReadonlyMap<string, string>, link: Tree): void {
  const at = file.line(link);
  const type = file.text(link, "type");
  const ends = file.list(link, "endpoints");
  const single = file.get(link, "endpoint");
  if (single !== undefined || (type !== undefined && type !== "veth")) {
    out.notes.push({ ...at, text: `a link of type ${type ?? "?"} is left out: it leads out of the lab` });
    file.skip(link);
    return;
  }
  if (ends.length !== 2) { file.wrong(link, `${link.path}: a link has two endpoints`); return; }
  const [a, b] = ends.map((end) => endOf(file, end));
  if (a == null || b == null) return;
  const outside = [a, b].find((end) => OUTSIDE.has(end.node) && !nodes.has(end.node));
  if (outside !== undefined) { out.notes.push({ ...at, text: `the link to ${outside.node}:${outside.port} is left out: it leads out of the lab` }); return; }
  for (const end of [a, b]) if (!nodes.has(end.node)) { file.wrong(link, `${link.path}: there is no node "${end.node}"`); return; }
  out.cables.push({ a: portOf(a, nodes), b: portOf(b, nodes), at });
}

function endOf(file: TreeFile, end: Tree): End | null {
  if (end.kind === "map") {
    const [node, port] = [file.text(end, "node"), file.text(end, "interface")];
    if (node !== undefined && port !== undefined && node !== "" && port !== "") return { node, port };
  }
  const match = /^([^:\s]+):(\S+)$/.exec(end.text);
  if (match !== null) return { node: match[1]!, port: match[2]! };
  file.wrong(end, `${end.path}: an endpoint is node:interface`);
  return null;
}

/** cEOS takes eth1 as Ethernet1 and eth1_1 as Ethernet1/1; SR Linux e1-1 as ethernet-1/1. */
function portOf(end: End, nodes: ReadonlyMap<string, string>): End {
  const kind = nodes.get(end.node) ?? "";
  const port = /ceos/.test(kind) ? end.port.replace(/^e(?:th|t)(\d+)_(\d+)(?:_(\d+))?$/, (_, a, b, c) => `Eth${a}/${b}${c === undefined ? "" : `/${c}`}`).replace(/^e(?:th|t)(?=\d)/, "Eth")
    : /_n9kv|^n9kv/.test(kind) ? end.port.replace(/^e(?:th|t)(\d+)$/, "Eth1/$1") : /srl/.test(kind) ? end.port.replace(/^e(\d+)-(\d+)$/, "ethernet-$1/$2") : end.port.replace(/^eth\d+(?:_\d+)+$/, (port) => port.replaceAll("_", "/"));
  return { node: nodeName(end.node), port };
}
