// Which scenario a command runs, and what happens in it: options that `run`, `explain` and `show` have alike.

import { Option, type Command } from "commander";
import type { FaultOp } from "../../topology/model.ts";
import { durationArgument, seedArgument, timeoutOption } from "./arguments.ts";

export interface StepFlag { op: FaultOp; text: string }

/** What the command line can do to a target: --fail, --repair .., and the words of --branch. */
export const STEP_OPTIONS: readonly [FaultOp, string][] = [
  ["fail", "node crashes, link is cut, port goes down"],
  ["repair", "what failed returns"],
  ["hang", "node: links stay up, no protocol speaks"],
  ["silent", "link: frames vanish, carrier stays; port: those that it sends"],
  ["carrier", "port: loses carrier; link: both ends do"],
  ["loss", "link or port: frames lost at random, LINK=20%@10s; 0% ends it"],
  ["slow", "link or port: frames take longer, one way, LINK=50ms@10s"],
  ["shutdown", "node: shut down in order"],
  ["down", "port, or a server's bond: set down by an operator"],
  ["up", "port or bond: set up again"],
  ["release", "member: leaves its Linux bond"],
  ["enslave", "member: joins the bond that it left"],
];

/** The steps are given in the order of the command line, once it is read. */
export function scenarioOptions(command: Command): StepFlag[] {
  const steps: StepFlag[] = [];
  command.option("--scenario <name>", "scenario of the file (default: the first)");
  for (const [op, help] of STEP_OPTIONS) {
    command.addOption(new Option(`--${op} <target@time>`, help).argParser((text: string) => { steps.push({ op, text }); }));
  }
  timeoutOption(command)
    .option("--until <duration>", "end of the run", durationArgument)
    .option("--seed <n>", "seed of all randomness", seedArgument)
    .option("--every-hello", "simulate hellos that only push deadlines out, too (same result, slower)");
  return steps;
}
