// The command `phases`: name, options, help.

import { Command } from "commander";
import { batchFlags, batchOptions, type RawBatch } from "../options/batch.ts";
import { colourOf, outputFlags, outputOptions, reportOption, type RawOutput } from "../options/output.ts";
import { countArgument, durationOption } from "../options/arguments.ts";
import type { Actions } from "../actions/index.ts";
import type { PhasesFlags } from "../actions/phases.ts";

const EXAMPLES = `
A case is what --branch of run takes: steps parted by semicolons, each an operation and a target, with a time after the instant (@40s) or at it.

Examples:
  dualhome phases dc.dh.yaml 'fail leaf1'
  dualhome phases dc.dh.yaml 'fail leaf1' 'hang leaf1' 'silent leaf1:Eth1' --runs 10000 --window 30s
  dualhome phases dc.dh.yaml 'fail leaf1; repair leaf1@60s' --for 5m --json | jq '.cases[].subjects[] | {name, p99: .p99.ms}'`;

const RUNS_MAX = 10_000_000;

type Raw = RawBatch & RawOutput & { runs: number; window: bigint; for: bigint };

export function phasesCommand(actions: Actions): Command {
  const command = new Command("phases")
    .description("the same failure at many instants: how long it lasts depends on where hellos, polls and timers stand")
    .argument("<file>", "topology file (*.dh.yaml)")
    .argument("<cases...>", "what happens: 'fail leaf1'")
    .option("--runs <n>", "of each case", countArgument("a number of runs", 1, RUNS_MAX), 1000)
    .addOption(durationOption("--window <duration>", "how far the instants are spread", "30s"))
    .addOption(durationOption("--for <duration>", "how long each run is seen", "120s"));
  return reportOption(outputOptions(batchOptions(command))).addHelpText("after", EXAMPLES).action((file: string, cases: string[], o: Raw, self: Command) => {
    const flags: PhasesFlags = { ...batchFlags(o), ...outputFlags(o), runs: o.runs, window: o.window, for: o.for };
    return actions.phases(file, cases, flags, colourOf(self));
  });
}
