// The command tree. Names, options and help of each command are in commands/, what they do is in actions/.

import { Command } from "commander";
import type { Actions } from "./actions/index.ts";
import { capacityCommand } from "./commands/capacity.ts";
import { checkCommand } from "./commands/check.ts";
import { clusterCommand } from "./commands/cluster.ts";
import { compareCommand, diffCommand } from "./commands/compare.ts";
import { explainCommand } from "./commands/explain.ts";
import { exportCommand } from "./commands/export.ts";
import { EXAMPLES } from "./commands/help.ts";
import { importCommand } from "./commands/import.ts";
import { initCommand } from "./commands/init.ts";
import { matrixCommand } from "./commands/matrix.ts";
import { mergeCommand } from "./commands/merge.ts";
import { ninesCommand } from "./commands/nines.ts";
import { loadCommand, pathCommand } from "./commands/path.ts";
import { phasesCommand } from "./commands/phases.ts";
import { playCommand } from "./commands/play.ts";
import { runCommand } from "./commands/run.ts";
import { showCommand } from "./commands/show.ts";
import { sweepCommand } from "./commands/sweep.ts";

export function program(version: string, actions: Actions): Command {
  const root = new Command("dualhome")
    .description("Which flow is down for how many milliseconds when X fails and when it returns, and why.")
    .version(version)
    .option("--no-color", "no colours (NO_COLOR and FORCE_COLOR are obeyed too)")
    .addHelpText("after", EXAMPLES)
    .showHelpAfterError("(dualhome --help lists commands and options)")
    .exitOverride();
  root.addCommand(initCommand(actions));
  root.addCommand(runCommand(actions));
  root.addCommand(explainCommand(actions));
  root.addCommand(checkCommand(actions));
  root.addCommand(sweepCommand(actions));
  root.addCommand(capacityCommand(actions));
  root.addCommand(ninesCommand(actions));
  root.addCommand(mergeCommand(actions));
  root.addCommand(compareCommand(actions));
  root.addCommand(diffCommand(actions));
  root.addCommand(showCommand(actions));
  root.addCommand(pathCommand(actions));
  root.addCommand(loadCommand(actions));
  root.addCommand(phasesCommand(actions));
  root.addCommand(playCommand(actions));
  root.addCommand(clusterCommand(actions.cluster));
  root.addCommand(importCommand(actions));
  root.addCommand(exportCommand(actions));
  root.addCommand(matrixCommand(actions));
  root.addCommand(new Command("schema").description("print the JSON Schema of topology files, for editors").action(() => actions.schema()));
  for (const command of root.commands) {
    command.copyInheritedSettings(root).option("--no-color", "no colours");
    for (const each of command.commands) each.copyInheritedSettings(command);
  }
  return root;
}
