// `dualhome init`: its options. What they may be is said by the questions themselves.

import { Command } from "commander";
import type { Actions } from "../actions/index.ts";

const INIT_EXAMPLES = `
Asks what is not given, on stderr; --yes takes the defaults. A file that is there is left alone without --force.

Designs:
  two-tier    leaf pairs (MC-LAG) bridged to an aggregation pair (MC-LAG), which is the gateway (VRRP)
  three-tier  access switches with RSTP, a distribution pair with VRRP, routed cores; servers active-backup
  leaf-spine  routed leaves and spines, leaf pairs (MC-LAG), an anycast gateway on both peers
  two-sites   two leaf-spines over two ducts; the second site serves when the first is lost

Examples:
  dualhome init
  dualhome init --design leaf-spine --leaf-pairs 4 --spines 2 --servers 20 -o dc.dh.yaml --yes
  dualhome init --design three-tier --vendor nxos-vpc --rate slow --yes --json

Exit status: 0 made, 2 wrong usage, an answer is missing, or the file is there, 130 interrupted.`;

interface Raw { design?: string; name?: string; leafPairs?: string; spines?: string; servers?: string; rate?: string; vendor?: string; out?: string; yes?: boolean; force?: boolean; json?: boolean }

export function initCommand(actions: Actions): Command {
  return new Command("init")
    .description("a topology file for a common design, with comments that explain every choice: where to begin")
    .option("--design <name>", "two-tier, three-tier, leaf-spine or two-sites")
    .option("--name <name>", "name of the topology")
    .option("--leaf-pairs <n>", "pairs of leaf (or access) switches, of each site")
    .option("--spines <n>", "spines, of each site: leaf-spine and two-sites")
    .option("--servers <n>", "servers of each pair")
    .option("--rate <rate>", "LACP rate: fast or slow")
    .option("--vendor <profile>", "whose timers are assumed where the file says nothing")
    .option("-o, --out <file>", "where to (default: the name and .dh.yaml)")
    .option("-y, --yes", "take the defaults of what is not given, ask nothing")
    .option("--force", "write over a file that is there")
    .option("--json", "one JSON object: what was made")
    .addHelpText("after", INIT_EXAMPLES)
    .action(({ yes, force, json, ...given }: Raw) => actions.init({ given, yes: yes === true, force: force === true, json: json === true }));
}
