// The command `matrix`: its options and help.

import { Command } from "commander";
import type { Actions } from "../actions/index.ts";
import { seedArgument } from "../options/arguments.ts";

export function matrixCommand(actions: Actions): Command {
  return new Command("matrix")
    .description("every bonding and teaming mode against every kind of switch side: each pair is run and judged")
    .option("--json", "one JSON object")
    .option("--seed <n>", "seed of all randomness", seedArgument)
    .action((options: { json?: boolean; seed?: bigint }) => actions.matrix({ json: options.json === true, ...(options.seed === undefined ? {} : { seed: options.seed }) }));
}
