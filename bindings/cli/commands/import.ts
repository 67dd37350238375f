// The command `import`: a format each, their options and help.

import { Command } from "commander";
import type { Actions } from "../actions/index.ts";
import { colourOf } from "../options/output.ts";

/** Names are those of bindings/importers/formats.ts; a test holds the two together. */
export const IMPORTS: [string, string, string][] = [
  ["nxos", "gateways, vPC, port-channels and VLANs of NX-OS", "running configurations, one a switch"],
  ["eos", "MLAG, port-channels, gateways and VLANs of Arista EOS", "running configurations, one a switch"],
  ["sonic", "port-channels, MC-LAG, VLANs and VRRP of SONiC", "config_db.json files, one a switch"],
  ["junos", "aggregated Ethernet, MC-LAG, VRRP and VLANs of Junos", "configurations as `show configuration | display set` writes them, one a switch"],
  ["netplan", "servers and their bonds, from netplan", "netplan files, of one host or many; HOST=FILE names the host"],
  ["ifcfg", "servers and their bonds, from Red Hat's network scripts", "ifcfg-* files, a folder a host; HOST=FILE names the host"],
  ["networkd", "servers and their bonds, from systemd-networkd", "*.netdev and *.network files, a folder a host; HOST=FILE names the host"],
  ["keyfile", "servers and their bonds and teams, from NetworkManager's connections", "*.nmconnection files, a folder a host; HOST=FILE names the host"],
  ["teamd", "teams of servers, from teamd's JSON", "one a host; HOST=FILE names the host"],
  ["keepalived", "virtual routers (VRRP) of Linux machines", "keepalived.conf, one a machine; HOST=FILE names the machine"],
  ["frr", "virtual routers (VRRP) of FRR", "frr.conf, one a machine; HOST=FILE names the machine"],
  ["containerlab", "nodes and cabling of a containerlab lab", "topology files (*.clab.yml)"],
  ["netlab", "nodes, links, LAG, MLAG, VLANs and gateways of a netlab topology", "topology files"],
  ["lldp", "cabling, as lldpctl -f json0 tells it", "one a machine; HOST=FILE names the machine"],
  ["layer1", "cabling, as Batfish reads it", "layer1_topology.json files"],
  ["netbox", "devices and cables of NetBox", "CSV or JSON of devices and of cables, and a YAML file of hints"],
];
const IMPORT_EXAMPLES = `
One format without -o: parts of a topology file, on stdout. With -o, or several formats with "+" between them: a whole topology file, in which
cabling, hosts and switches are joined, and what no file says is guessed. Where files disagree both places are told.

Guesses, conflicts, and all that is left out or not read, are listed on stderr with file and line.

Examples:
  dualhome import nxos leaf1.cfg leaf2.cfg > switches.yaml
  dualhome import netplan srv3=/backup/srv3/50-cloud-init.yaml
  dualhome import ifcfg hosts/db1/etc/sysconfig/network-scripts/ifcfg-*
  dualhome import lldp web1=web1.json web2=web2.json + nxos leaf1.cfg leaf2.cfg + netplan web1.yaml web2.yaml -o dc.dh.yaml`;

export function importCommand(actions: Actions): Command {
  const command = new Command("import").description("configurations of switches and servers, and cabling, as a topology file").addHelpText("after", IMPORT_EXAMPLES);
  for (const [kind, what, files] of IMPORTS) {
    command.addCommand(new Command(kind)
      .description(`${what}; what is not read is listed on stderr`)
      .argument("<file...>", `${files}; "+" FORMAT FILE... adds files of another format`)
      .option("-o, --out <file>", "write a whole topology file")
      .option("--name <name>", "its name (default: that of the file)")
      .option("--json", "one JSON object")
      .addHelpText("after", IMPORT_EXAMPLES)
      .action((list: string[], o: { json?: boolean; out?: string; name?: string }, self: Command) =>
        actions.importFiles(kind, list, { json: o.json === true, colour: colourOf(self), ...(o.out === undefined ? {} : { out: o.out }), ...(o.name === undefined ? {} : { name: o.name }) })));
  }
  return command;
}
