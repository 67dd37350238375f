// The command `explain`: name, options, help.

import { Command, InvalidArgumentError, Option } from "commander";
import type { ExplainFlags } from "./explain.ts";
import { durationArgument, seedArgument, stepOptions, widthArgument } from "./options.ts";
import type { Actions } from "./program.ts";

const EXAMPLES = `
Of each outage: the tree of its causes from the step at its root, with the time of each record and how long after the loss it was; and what its time was
made of, each part with its share and what ended it.

Examples:
  dualhome explain dc.dh.yaml --fail leaf1@10s
  dualhome explain dc.dh.yaml --scenario leaf-crash --flow web
  dualhome explain dc.dh.yaml --silent leaf1:Eth1@10s --json | jq '.outages[].parts[] | {name, ms: .length.ms}'

Exit status: 0 explained, 2 wrong usage or input, 3 engine fault, 130 interrupted. Budgets are judged by run.`;

function numberArgument(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError("outages are counted from 1");
  return Number(text);
}

type Raw = Omit<ExplainFlags, "steps" | "json" | "all"> & { json?: boolean; all?: boolean; color?: boolean };

export function explainCommand(actions: Pick<Actions, "explain">, colourOf: (command: Command) => boolean): Command {
  const command = new Command("explain")
    .description("why an outage lasted as long as it did: the tree of its causes, and what its time was made of")
    .argument("<file>", "topology file (*.dh.yaml)")
    .addOption(new Option("--flow <name>", "the outages of this flow or service").conflicts(["outage", "all"]))
    .addOption(new Option("--outage <n>", "this one, by its number").argParser(numberArgument).conflicts("all"))
    .option("--all", "each outage by itself (default: one of those that went the same way, six at most)")
    .option("--scenario <name>", "scenario of the file (default: the first)");
  const steps = stepOptions(command);
  return command
    .option("--until <duration>", "end of the run", durationArgument)
    .option("--seed <n>", "seed of all randomness", seedArgument)
    .option("--json", "one JSON object")
    .option("--every-hello", "simulate hellos that only push deadlines out, too (same result, slower)")
    .option("--no-timeline", "without the drawing")
    .option("--width <columns>", "width of the text (default: the terminal's)", widthArgument)
    .addHelpText("after", EXAMPLES)
    .action((file: string, { json, all, color: _color, ...given }: Raw, self: Command) => actions.explain(file, { ...given, steps, json: json === true, all: all === true }, colourOf(self)));
}
