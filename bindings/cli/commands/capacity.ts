// Commands about plans: capacity of one.

import { Command, InvalidArgumentError, Option } from "commander";
import { CUTS, type FailureKind } from "../../sweep/failures.ts";
import { batchFlags, batchOptions, type RawBatch } from "../options/batch.ts";
import { colourOf, outputFlags, outputOptions, reportOption, type RawOutput } from "../options/output.ts";
import type { Actions } from "../actions/index.ts";
import type { CapacityFlags } from "../actions/capacity.ts";

function numberArgument(what: string, low: number): (text: string) => number {
  return (text) => {
    const value = Number(text.replace(/%$/, ""));
    if (!/^\d+(\.\d+)?%?$/.test(text) || value < low) throw new InvalidArgumentError(`${what} is a number, ${low} or more`);
    return value;
  };
}

const CAPACITY_EXAMPLES = `
Findings: over (a cable above the limit, whole or after a failure), both-halves (a pair or bond of which both halves are counted on), one-member (a flow
larger than what it goes by), no-way, oversubscription; below the limit: polarised, idle-member, uneven.

Examples:
  dualhome capacity dc.dh.yaml
  dualhome capacity dc.dh.yaml --limit 80 --only switch link
  dualhome capacity dc.dh.yaml --failures 2 --workers 8 --resume
  dualhome capacity dc.dh.yaml --markdown > capacity.md
  dualhome capacity dc.dh.yaml --json | jq '.links[] | select(.worstShare > 0.9) | .from'

Exit status: 0 pass, 1 a finding above the limit, 2 wrong usage or input, 3 engine fault, 130 interrupted.`;

interface RawCapacity extends RawBatch, RawOutput { failures: string; only?: FailureKind[]; limit: number; oversubscription?: number }

export function capacityCommand(actions: Actions): Command {
  const command = new Command("capacity")
    .description("what every cable carries of the file's demands, whole and after failures; what is too much, dealt unevenly, or counted twice")
    .argument("<file>", "topology file (*.dh.yaml) with demands, or flows with a rate")
    .addOption(new Option("--failures <n>", "how many at a time: 0, 1, or 2 (all single ones, and pairs that meet)").choices(["0", "1", "2"]).default("1"))
    .addOption(new Option("--only <kinds...>", "what may fail").choices(CUTS))
    .option("--limit <percent>", "how full a cable may be", numberArgument("a limit", 0), 100)
    .option("--oversubscription <ratio>", "how much more a switch may take from below than it can send up: 3", numberArgument("a ratio", 0));
  return batchOptions(reportOption(outputOptions(command))).addHelpText("after", CAPACITY_EXAMPLES)
    .action((file: string, o: RawCapacity, self: Command) => actions.capacity(file, capacityFlags(o), colourOf(self)));
}

function capacityFlags(o: RawCapacity): CapacityFlags {
  return { ...batchFlags(o), ...outputFlags(o), options: { failures: Number(o.failures) as 0 | 1 | 2, kinds: o.only ?? null, limit: o.limit / 100, oversubscription: o.oversubscription ?? null } };
}
