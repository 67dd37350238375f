// The commands `compare` and `diff`: names, options, help.

import { Command, InvalidArgumentError, Option } from "commander";
import { REASONS, parseFailOn, type Asked } from "../../compare/judge.ts";
import { FAILURE_KINDS, type FailureKind } from "../../sweep/failures.ts";
import { batchFlags, batchOptions, type RawBatch } from "../options/batch.ts";
import { colourOf, reportOption } from "../options/output.ts";
import type { Actions } from "../actions/index.ts";
import type { CompareFlags } from "../actions/compare.ts";

const COMPARE_EXAMPLES = `
Examples:
  dualhome compare single.dh.yaml dual.dh.yaml
  dualhome compare slow.dh.yaml fast.dh.yaml --only link --markdown > choice.md

Exit status: 0, 2 wrong usage or input, 3 engine fault, 130 interrupted.`;

const DIFF_EXAMPLES = `
Reasons, each with how much worse is none yet: not-up (before anything fails), new-spof, outage:100ms (the longest outage of a flow, over all failures, is a tenth and this longer),
each-outage:100ms (the same after the same failure), budget (a max-outage is newly broken),
capacity:5 (a cable above the limit; or more than 5 points fuller), loss:1G (lost after one failure), nines:1 (minutes down a year), cost:1000.

Examples:
  dualhome diff main.dh.yaml change.dh.yaml
  dualhome diff main.dh.yaml change.dh.yaml --fail-on new-spof,outage:500ms,capacity,cost:5000
  git show main:dc.dh.yaml > before.dh.yaml && dualhome diff before.dh.yaml dc.dh.yaml --markdown

Exit status: 0 no reason, 1 worse for one of the reasons, 2 wrong usage or input, 3 engine fault, 130 interrupted.`;

interface Raw extends RawBatch { nines?: boolean; only?: FailureKind[]; all?: boolean; json?: boolean; markdown?: boolean; failOn?: FailOn; report?: string }

/** As it was written, and what it means. */
interface FailOn { text: string; asked: Asked[] }

function common(command: Command): Command {
  return reportOption(batchOptions(command
    .argument("<first>", "topology file (*.dh.yaml)")
    .argument("<second>", "topology file (*.dh.yaml)")
    .addOption(new Option("--only <kinds...>", "what may fail").choices(FAILURE_KINDS))))
    .option("--all", "every failure that differs")
    .addOption(new Option("--json", "one JSON object").conflicts(["markdown"]))
    .option("--markdown", "Markdown");
}

export function compareCommand(actions: Actions): Command {
  return common(new Command("compare").description("two designs under the same failures and the same traffic, in one table: outages, capacity, availability, parts, cost"))
    .option("--no-nines", "do not ask how much of the year each service is there: that takes longest")
    .addHelpText("after", COMPARE_EXAMPLES)
    .action((first: string, second: string, o: Raw, self: Command) => actions.compare(first, second, { ...flagsOf(o), nines: o.nines !== false }, colourOf(self)));
}

function failOnArgument(text: string): FailOn {
  try {
    return { text, asked: parseFailOn(text) };
  } catch (e) {
    throw new InvalidArgumentError((e as Error).message);
  }
}

const FAIL_ON = "not-up,new-spof,outage,capacity";

export function diffCommand(actions: Actions): Command {
  return common(new Command("diff").description("is the second design worse than the first? For pipelines: exit 1 with the reasons"))
    .addOption(new Option("--fail-on <reasons>", `${REASONS.join(", ")}, some with a threshold`).argParser(failOnArgument).default(failOnArgument(FAIL_ON), FAIL_ON))
    .addHelpText("after", DIFF_EXAMPLES)
    .action((first: string, second: string, o: Raw, self: Command) => actions.compare(first, second, { ...flagsOf(o), failOn: o.failOn!.asked, nines: o.failOn!.asked.some((each) => each.kind === "nines") }, colourOf(self)));
}

function flagsOf(o: Raw): CompareFlags {
  const failOn = o.failOn === undefined || o.failOn.text === FAIL_ON ? "" : ` --fail-on ${o.failOn.text}`;
  const given = `${o.only === undefined ? "" : ` --only ${o.only.join(" ")}`}${o.seed === undefined ? "" : ` --seed ${o.seed}`}${o.nines === false ? " --no-nines" : ""}${failOn}`;
  return { ...batchFlags(o), given, ...(o.only === undefined ? {} : { kinds: new Set(o.only) }), all: o.all === true, output: o.json === true ? "json" : o.markdown === true ? "markdown" : "text", failOn: null, nines: false, ...(o.report === undefined ? {} : { report: o.report }) };
}
