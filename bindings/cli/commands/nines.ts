// The command `nines`: its options and help.

import { Command, Option } from "commander";
import { NINES_DEFAULTS, type Method } from "../../nines/defaults-asked.ts";
import { batchFlags, batchOptions, type RawBatch } from "../options/batch.ts";
import { colourOf, outputFlags, outputOptions, reportOption, type RawOutput } from "../options/output.ts";
import type { Actions } from "../actions/index.ts";
import type { NinesFlags } from "../actions/nines.ts";
import { countArgument, widthArgument } from "../options/arguments.ts";

const EXAMPLES = `
How often things fail is said in the file's failures: section; what it leaves open is assumed from published studies, and printed with its basis.

Methods: exact solves (cut sets, or a Markov chain with repair crews); plain simulates years; importance makes rare failures frequent and counts
them for less; splitting continues what comes near an outage many times. auto: exact where it can be, checked by plain runs.

Examples:
  dualhome nines dc.dh.yaml
  dualhome nines dc.dh.yaml --years 20 --runs 5000 --workers 8
  dualhome nines dc.dh.yaml --method exact --json | jq '.subjects[] | {name, nines}'
  dualhome nines dc.dh.yaml --markdown > availability.md

Exit status: 0 answered, 1 a service is not up to begin with, 2 wrong usage or input, 3 engine fault, 130 interrupted.`;

interface Raw extends RawBatch, RawOutput { years: number; runs: number; method: Method; flows?: boolean; asks: number; width?: number }

export function ninesCommand(actions: Actions): Command {
  const command = new Command("nines")
    .description("availability and downtime of each service, from how often things fail; what causes it")
    .argument("<file>", "topology file (*.dh.yaml)")
    .option("--years <n>", "years of a simulated run", countArgument("a number of years", 1, 10_000), NINES_DEFAULTS.years)
    .option("--runs <n>", "simulated runs", countArgument("a number of runs", 2, 10_000_000), NINES_DEFAULTS.runs)
    .addOption(new Option("--method <name>", "how").choices(["auto", "plain", "importance", "splitting", "exact"]).default(NINES_DEFAULTS.method))
    .option("--flows", "flows too, where the file has services or applications")
    .option("--asks <n>", "states that the exact solver may have simulated", countArgument("a number of states", 1, 10_000_000), NINES_DEFAULTS.asks)
    .option("--width <columns>", "width of the report (default: the terminal's)", widthArgument);
  return batchOptions(reportOption(outputOptions(command))).addHelpText("after", EXAMPLES)
    .action((file: string, o: Raw, self: Command) => actions.nines(file, flagsOf(o), colourOf(self)));
}

function flagsOf(o: Raw): NinesFlags {
  const { years, runs, method, asks, width } = o;
  return { ...batchFlags(o), ...outputFlags(o), ...(width === undefined ? {} : { width }), options: { years, runs, method, flows: o.flows === true, asks } };
}
