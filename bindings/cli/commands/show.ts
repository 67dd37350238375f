// The command `show`: its options and help.

import { Command } from "commander";
import type { Actions } from "../actions/index.ts";
import { instantArgument, kernelArgument, widthArgument } from "../options/arguments.ts";
import { colourOf } from "../options/output.ts";
import { scenarioOptions } from "../options/steps.ts";

const SHOW_EXAMPLES = `
Views of a server: bonding, neighbours, interfaces, ip-route, port-channel (a team that is no Linux bond).
Views of a switch: mclag, port-channel, vrrp, hsrp, glbp, spanning-tree, mac, arp, interfaces, ip-route.
Without --view: of a server with a bond the text of /proc/net/bonding/NAME, of a switch what it has of the first seven.

Examples:
  dualhome show dc.dh.yaml --at 15s --node srv1 --fail leaf1@10s
  dualhome show dc.dh.yaml --at 15s --node leaf2 --view mclag,port-channel --fail leaf1@10s
  dualhome show dc.dh.yaml --at 0s --node leaf1 --view mac --json | jq '.views.mac[].port'

Exit status: 0 shown, 1 the node is down at that instant, 2 wrong usage or input, 3 engine fault, 130 interrupted.`;

interface RawShow { at: bigint; node: string; view?: string[]; scenario?: string; until?: bigint; seed?: bigint; json?: boolean; width?: number; kernel?: string; everyHello?: boolean }

export function showCommand(actions: Actions): Command {
  const command = new Command("show")
    .description("run a scenario to an instant and print what a node would show there: bond, port-channels, gateways, tables")
    .argument("<file>", "topology file (*.dh.yaml)")
    .requiredOption("--at <duration>", "instant on the scenario's clock", instantArgument)
    .requiredOption("--node <name>", "which node is asked")
    .option("--view <names>", "what it is asked for: one, or several with commas", (text: string, before: string[] = []) => [...before, ...text.split(",").map((v) => v.trim())]);
  const steps = scenarioOptions(command);
  return command
    .option("--json", "one JSON object")
    .option("--kernel <release>", "release that the first line of /proc/net/bonding names", kernelArgument)
    .option("--width <columns>", "width of tables (default: the terminal's)", widthArgument)
    .addHelpText("after", SHOW_EXAMPLES)
    .action((file: string, o: RawShow, self: Command) => {
      const { at, node, view, scenario, until, seed, width, kernel, everyHello } = o;
      const given = Object.fromEntries(Object.entries({ scenario, until, seed, width, kernel, everyHello }).filter((e) => e[1] !== undefined));
      return actions.show(file, { at, node, views: [...new Set(view ?? [])], steps, json: o.json === true, ...given }, colourOf(self));
    });
}
