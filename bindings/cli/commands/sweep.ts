// The command `sweep`: its options and help.

import { Command, Option } from "commander";
import { FAILURE_KINDS, type FailureKind } from "../../sweep/failures.ts";
import type { Actions } from "../actions/index.ts";
import type { SweepFlags } from "../actions/sweep.ts";
import { batchFlags, batchOptions, type RawBatch } from "../options/batch.ts";
import { colourOf, outputFlags, outputOptions, reportOption, type RawOutput } from "../options/output.ts";

const SWEEP_EXAMPLES = `
What fails: ${FAILURE_KINDS.join(", ")}.

Examples:
  dualhome sweep dc.dh.yaml
  dualhome sweep dc.dh.yaml --only link one-way --markdown > cables.md
  dualhome sweep dc.dh.yaml --failures 2 --only switch link
  dualhome sweep dc.dh.yaml --parquet sweep.parquet --workers 4
  dualhome sweep dc.dh.yaml --shard 2/8 --parts sweep.parts      # on each of eight machines
  dualhome merge sweep.parts`;

type RawSweep = RawBatch & RawOutput & { only?: FailureKind[]; allowSpof?: boolean; failures: string };

export function sweepCommand(actions: Actions): Command {
  const command = new Command("sweep")
    .description("every single failure and its return, one run each: outages and single points of failure")
    .argument("<file>", "topology file (*.dh.yaml)")
    .addOption(new Option("--only <kinds...>", "what may fail").choices(FAILURE_KINDS))
    .addOption(new Option("--failures <n>", "how many at a time; 2: pairs, but for those that cannot meet, by proof").choices(["1", "2"]).default("1"))
    .option("--allow-spof", "exit 0 although there are single points of failure");
  return reportOption(outputOptions(batchOptions(command))).addHelpText("after", SWEEP_EXAMPLES).action((file: string, o: RawSweep, self: Command) => {
    const flags: SweepFlags = { ...batchFlags(o), ...outputFlags(o), allowSpof: o.allowSpof === true, failures: o.failures === "2" ? 2 : 1, ...(o.only === undefined ? {} : { kinds: o.only }) };
    return actions.sweep(file, flags, colourOf(self));
  });
}
