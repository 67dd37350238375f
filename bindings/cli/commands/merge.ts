// The command `merge`: its options and help.

import { Command } from "commander";
import type { Actions } from "../actions/index.ts";
import { colourOf, outputFlags, outputOptions, reportOption, type RawOutput } from "../options/output.ts";

export function mergeCommand(actions: Actions): Command {
  const command = new Command("merge")
    .description("parts of a big question put together: prints what the whole would have printed")
    .argument("<parts...>", "part files, or folders of them")
    .option("--allow-spof", "of a sweep: exit 0 although there are single points of failure");
  return reportOption(outputOptions(command)).action((paths: string[], o: RawOutput & { allowSpof?: boolean }, self: Command) => actions.merge(paths, { ...outputFlags(o), allowSpof: o.allowSpof === true }, colourOf(self)));
}
