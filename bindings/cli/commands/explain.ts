// The command `explain`: name, options, help.

import { Command, Option } from "commander";
import type { Actions } from "../actions/index.ts";
import type { ExplainFlags } from "../actions/explain.ts";
import { countArgument, widthArgument } from "../options/arguments.ts";
import { colourOf } from "../options/output.ts";
import { scenarioOptions } from "../options/steps.ts";

const EXAMPLES = `
Of each outage: the tree of its causes from the step at its root, with the time of each record and how long after the loss it was; and what its time was
made of, each part with its share and what ended it.

Examples:
  dualhome explain dc.dh.yaml --fail leaf1@10s
  dualhome explain dc.dh.yaml --scenario leaf-crash --flow web
  dualhome explain dc.dh.yaml --silent leaf1:Eth1@10s --json | jq '.outages[].parts[] | {name, ms: .length.ms}'

Exit status: 0 explained, 2 wrong usage or input, 3 engine fault, 130 interrupted. Budgets are judged by run.`;

type Raw = Omit<ExplainFlags, "steps" | "json" | "all"> & { json?: boolean; all?: boolean; color?: boolean };

export function explainCommand(actions: Pick<Actions, "explain">): Command {
  const command = new Command("explain")
    .description("why an outage lasted as long as it did: the tree of its causes, and what its time was made of")
    .argument("<file>", "topology file (*.dh.yaml)")
    .addOption(new Option("--flow <name>", "the outages of this flow or service").conflicts(["outage", "all"]))
    .addOption(new Option("--outage <n>", "this one, by its number").argParser(countArgument("an outage's number", 1, 999_999_999)).conflicts("all"))
    .option("--all", "each outage by itself (default: one of those that went the same way, six at most)");
  const steps = scenarioOptions(command);
  return command
    .option("--json", "one JSON object")
    .option("--no-timeline", "without the drawing")
    .option("--width <columns>", "width of the text (default: the terminal's)", widthArgument)
    .addHelpText("after", EXAMPLES)
    .action((file: string, { json, all, color: _color, ...given }: Raw, self: Command) => actions.explain(file, { ...given, steps, json: json === true, all: all === true }, colourOf(self)));
}
