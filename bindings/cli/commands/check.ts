// The command and options of `dualhome check`.

import { Command, InvalidArgumentError, Option } from "commander";
import { isDay } from "../../rules/ignore.ts";
import type { FailOn } from "../../rules/verdict.ts";
import type { Actions } from "../actions/index.ts";
import type { CheckFlags } from "../actions/check.ts";
import { widthArgument } from "../options/arguments.ts";
import { colourOf } from "../options/output.ts";

const FAIL_ON: readonly FailOn[] = ["error", "warning", "note", "never"];

const EXAMPLES = `
Beside the file a dualhome-ignore.yaml may say what is meant to be as it is:
  - {rule: lacp/slow-rate, where: "bonds/old*", reason: replaced in spring, until: 2027-03-31}

Examples:
  dualhome check dc.dh.yaml
  dualhome check sites/*.dh.yaml --sarif check.sarif      # several: one report
  dualhome check dc.dh.yaml --sarif check.sarif --junit check.xml --summary check.md
  dualhome check dc.dh.yaml --json > baseline.json
  dualhome check dc.dh.yaml --baseline baseline.json      # fails only on what is new

Exit status: 0 nothing that counts, 1 findings of --fail-on or worse, 2 wrong usage, or a file that other commands refuse.`;

function dayArgument(text: string): string {
  if (!isDay(text)) throw new InvalidArgumentError("a day is written 2027-01-31");
  return text;
}

export function checkCommand(actions: Pick<Actions, "check">): Command {
  return new Command("check")
    .description("is the file right, what does the design risk, and what does the file leave to be assumed?")
    .argument("<files...>", "topology files (*.dh.yaml)")
    .addOption(new Option("--json", "one JSON object").conflicts("markdown"))
    .option("--markdown", "Markdown, for a ticket or a wiki")
    .option("--sarif <file>", "also write SARIF 2.1.0, for code scanning")
    .option("--junit <file>", "also write JUnit XML, for CI servers")
    .option("--summary <file>", "also write the Markdown to a file")
    .option("--ignore <file>", "what is left out, why, and until when (default: dualhome-ignore.yaml beside the file)")
    .option("--baseline <file>", "an earlier --json: only what is new fails")
    .addOption(new Option("--fail-on <severity>", "the least severity that fails").choices(FAIL_ON).default("warning"))
    .option("--today <day>", "the day that entries of the ignore file expire by (default: today)", dayArgument)
    .option("--width <columns>", "width of the report (default: the terminal's)", widthArgument)
    .addHelpText("after", EXAMPLES)
    .action((files: string[], { json, markdown, ...rest }: Partial<CheckFlags> & Pick<CheckFlags, "failOn">, command: Command) => {
      const { color: _color, ...given } = rest as typeof rest & { color?: boolean };
      return actions.check(files, { ...given, json: json === true, markdown: markdown === true, colour: colourOf(command) });
    });
}
