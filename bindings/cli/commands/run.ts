// The command `run`: its options and help.

import { Command, Option } from "commander";
import type { Actions } from "../actions/index.ts";
import type { RunFlags } from "../actions/run.ts";
import { durationArgument, instantArgument, widthArgument } from "../options/arguments.ts";
import { colourOf } from "../options/output.ts";
import { STEP_OPTIONS, scenarioOptions, type StepFlag } from "../options/steps.ts";
import { EXAMPLES } from "./help.ts";

interface Raw {
  scenario?: string; until?: bigint; seed?: bigint; json?: boolean; jsonl?: boolean; trace?: boolean;
  pcap?: string; perfetto?: string; ports?: string; report?: string; probe?: bigint; width?: number; everyHello?: boolean;
  at?: bigint; branch?: string[]; details?: boolean; timeline?: boolean;
}

const BRANCH_HELP = `
Steps given by flags replace those of the file; with --scenario they are added to it.

Branches: the run goes to --at once, and from there on once for each --branch with its own steps, which are compared. A step is an
operation (${STEP_OPTIONS.map(([op]) => op).join(", ")}) and a target, with a time or at --at; steps are parted by semicolons.
`;

export function runCommand(actions: Actions): Command {
  const command = new Command("run")
    .description("simulate a scenario and report every outage with its reason")
    .argument("<file>", "topology file (*.dh.yaml)");
  const steps = scenarioOptions(command);
  return command
    .addOption(new Option("--json", "one JSON object").conflicts(["jsonl", "trace"]))
    .addOption(new Option("--jsonl", "one JSON object a line: events, then outages").conflicts(["json", "trace"]))
    .addOption(new Option("--trace", "one line a transition, with its cause").conflicts(["json", "jsonl"]))
    .option("--report <file>", "also write the result as one HTML file")
    .option("--perfetto <file>", "write every state, outage and cause as Trace Event JSON, for ui.perfetto.dev and chrome://tracing")
    .option("--pcap <file>", "write the frames of --ports as pcapng")
    .option("--ports <list>", "ports to record: leaf1:Eth1,srv1:* (default: all)")
    .option("--probe <interval>", "also send measuring frames, one an interval", durationArgument)
    .option("--width <columns>", "width of the report (default: the terminal's)", widthArgument)
    .option("--no-timeline", "the report without the drawing")
    .option("--at <duration>", "where branches begin, on the scenario's clock", instantArgument)
    .option("--branch <steps>", "go on from --at with these steps, too: 'fail leaf1; repair leaf1@40s'; many times", (text: string, before: string[] = []) => [...before, text])
    .option("--details", "with --branch: also the report of each branch")
    .addHelpText("after", BRANCH_HELP + EXAMPLES)
    .action((file: string, options: Raw, self: Command) => actions.run(file, runFlags(options, steps), colourOf(self)));
}

function runFlags(raw: Raw, steps: StepFlag[]): RunFlags {
  const { scenario, until, seed, pcap, perfetto, ports, report, probe, width, everyHello, at, timeline } = raw;
  const output = raw.json ? "json" : raw.jsonl ? "jsonl" : raw.trace ? "trace" : "text";
  const given = Object.fromEntries(Object.entries({ scenario, until, seed, pcap, perfetto, ports, report, probe, width, everyHello, at, timeline }).filter((e) => e[1] !== undefined));
  return { ...given, steps, output, branches: raw.branch ?? [], details: raw.details === true };
}
