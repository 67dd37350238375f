// The command `export`: a format each, their options and help.

import { Command } from "commander";
import type { ExportKind } from "../../exporters/index.ts";
import type { Actions } from "../actions/index.ts";
import { colourOf } from "../options/output.ts";

const EXPORTS: [ExportKind, string][] = [
  ["netlab", "a netlab topology: nodes, links, VLANs, LAG and MLAG, gateways"], ["containerlab", "a containerlab topology: nodes, links, servers with their bonds and addresses"],
  ["mermaid", "a drawing for Markdown"], ["graphviz", "a drawing in dot"],
];

export function exportCommand(actions: Actions): Command {
  const command = new Command("export").description("a topology as a lab of another tool, or as a drawing");
  for (const [kind, what] of EXPORTS) {
    command.addCommand(new Command(kind)
      .description(`${what}; what is not carried over is listed on stderr`)
      .argument("<file>", "topology file (*.dh.yaml)")
      .option("-o, --out <file>", "write it there")
      .option("--json", "one JSON object")
      .action((file: string, o: { json?: boolean; out?: string }, self: Command) => actions.exportFile(kind, file, { json: o.json === true, colour: colourOf(self), ...(o.out === undefined ? {} : { out: o.out }) })));
  }
  return command;
}
