// The formats that are read, each by a module of its own.

import { readContainerlab } from "./containerlab.ts";
import { readEos } from "./eos.ts";
import { found, together, type Found } from "./found.ts";
import type { Host } from "./host.ts";
import { readFrr } from "./frr.ts";
import { readIfcfg } from "./ifcfg.ts";
import { readJunos } from "./junos.ts";
import { readKeepalived } from "./keepalived.ts";
import { readKeyfiles } from "./keyfile.ts";
import { readLayer1 } from "./layer1.ts";
import { hostFile, limitSize, pathOf, wrongFile, type HostFile } from "./line.ts";
import { readLldp } from "./lldp.ts";
import { readNetbox } from "./netbox.ts";
import { readNetlab } from "./netlab.ts";
import { readNetplan } from "./netplan.ts";
import { readNetworkd } from "./networkd.ts";
import { readNxos } from "./nxos.ts";
import { readSonic } from "./sonic.ts";
import { readTeamd } from "./teamd.ts";
import type { Switch } from "./switch.ts";

export interface Source { name: string; text: string }
export interface Format {
  name: string;
  what: string;
  files: string;
  /** names may be HOST=FILE */
  named: boolean;
  read(files: readonly Source[]): Found;
}

/** A file a switch. */
const switches = (read: (text: string, file: string) => Switch) => (files: readonly Source[]): Found => {
  const list = files.map(({ name, text }) => read(text, name));
  return found({ switches: list, unread: list.flatMap((sw) => sw.unread) });
};
/** A file that says all by itself. */
const each = (read: (text: string, file: string) => Found) => (files: readonly Source[]): Found => together(files.map(({ name, text }) => read(text, name)));
/** Files of hosts, each host's in a folder of its own or called after it. */
const hosts = (everyHostHas: RegExp, folders: readonly string[], read: (files: readonly HostFile[]) => Host[]) => (files: readonly Source[]): Found => {
  for (const { name, text } of files) limitSize(pathOf(name), text);
  const list = read(files.map(({ name, text }) => hostFile(name, text, everyHostHas, new Set(folders))));
  const seen = new Set<string>();
  const twins = list.filter((host) => seen.size === seen.add(host.name).size);
  if (twins.length > 0) throw wrongFile(twins.map(({ name, at }) => ({ ...at, col: 1, text: `there is another host "${name}": HOST=FILE gives one of them another name` })));
  return found({ hosts: list, unread: list.flatMap((h) => h.unread) });
};

/** A file a machine that routes. */
const routers = (everyHostHas: RegExp, folders: readonly string[], read: (file: HostFile) => Switch) => (files: readonly Source[]): Found => {
  const list = files.map(({ name, text }) => read(hostFile(name, text, everyHostHas, new Set(folders))));
  return found({ switches: list, unread: list.flatMap((sw) => sw.unread) });
};

export const FORMATS: readonly Format[] = [
  { name: "nxos", what: "gateways (vrrp, hsrp, anycast), vPC, port-channels, VLANs and spanning tree of NX-OS", files: "running configurations, one a switch", named: false, read: switches(readNxos) },
  { name: "eos", what: "MLAG, port-channels, LACP fallback, VRRP, virtual-router addresses, VLANs and spanning tree of Arista EOS", files: "running configurations, one a switch", named: false, read: switches(readEos) },
  { name: "sonic", what: "port-channels, MC-LAG, VLANs, VRRP and neighbours of SONiC", files: "config_db.json files, one a switch", named: false, read: each(readSonic) },
  { name: "junos", what: "aggregated Ethernet, MC-LAG, VRRP and VLANs of Junos", files: "configurations as `show configuration | display set` writes them, one a switch", named: false, read: switches(readJunos) },
  { name: "netplan", what: "servers and their bonds, from netplan", files: "netplan files, of one host or many; HOST=FILE names the host", named: true, read: hosts(/^(\d\d?-.*|netplan|netcfg|config|network|interfaces)$/i, ["etc", "netplan"], readNetplan) },
  { name: "ifcfg", what: "servers and their bonds, from Red Hat's network scripts", files: "ifcfg-* files, a folder a host; HOST=FILE names the host", named: true, read: hosts(/^/, ["etc", "sysconfig", "network-scripts"], readIfcfg) },
  { name: "networkd", what: "servers and their bonds, from systemd-networkd", files: "*.netdev and *.network files, a folder a host; HOST=FILE names the host", named: true, read: hosts(/^/, ["etc", "systemd", "network", "lib", "usr", "run"], readNetworkd) },
  { name: "keyfile", what: "servers and their bonds and teams, from NetworkManager's connections", files: "*.nmconnection files, a folder a host; HOST=FILE names the host", named: true, read: hosts(/^/, ["etc", "NetworkManager", "system-connections", "run", "usr", "lib"], readKeyfiles) },
  { name: "teamd", what: "teams of servers, from teamd's JSON", files: "one a host; HOST=FILE names the host", named: true, read: hosts(/^(team.*|teamd)$/i, ["etc", "teamd"], (files) => files.map(readTeamd)) },
  { name: "keepalived", what: "virtual routers (VRRP) of Linux machines", files: "keepalived.conf, one a machine; HOST=FILE names the machine", named: true, read: routers(/^keepalived$/i, ["etc", "keepalived"], readKeepalived) },
  { name: "frr", what: "virtual routers (VRRP) of FRR", files: "frr.conf, one a machine; HOST=FILE names the machine", named: true, read: routers(/^(frr|vrrpd|vtysh|running)$/i, ["etc", "frr"], readFrr) },
  { name: "containerlab", what: "nodes and cabling of a containerlab lab", files: "topology files (*.clab.yml)", named: false, read: each(readContainerlab) },
  { name: "netlab", what: "nodes, links, LAG, MLAG, VLANs and gateways of a netlab topology", files: "topology files", named: false, read: each(readNetlab) },
  { name: "lldp", what: "cabling, as lldpctl -f json0 tells it", files: "one a machine; HOST=FILE names the machine", named: true,
    read: (files) => together(files.map(({ name, text }) => readLldp(hostFile(name, text, /^(lldp(ctl)?([-_.]?json0?)?|neighbou?rs)(\.json)?$/i, new Set(["lldp", "var", "tmp"]))))) },
  { name: "layer1", what: "cabling, as Batfish reads it", files: "layer1_topology.json files", named: false, read: each(readLayer1) },
  { name: "netbox", what: "devices and cables of NetBox", files: "CSV or JSON of devices and of cables, and a YAML file of hints", named: false, read: readNetbox },
];

export const formatNamed = (name: string): Format | undefined => FORMATS.find((f) => f.name === name);
