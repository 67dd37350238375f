// The commands `path` and `load`: their options and help.

import { Command, Option } from "commander";
import type { Actions } from "../actions/index.ts";
import type { LoadFlags, PathFlags } from "../actions/path.ts";
import { durationArgument, seedArgument } from "../options/arguments.ts";
import { colourOf } from "../options/output.ts";

export function pathCommand(actions: Actions): Command {
  return new Command("path")
    .description("the way of frames between two servers: hops, gateway taken, both directions")
    .argument("<file>", "topology file (*.dh.yaml)")
    .argument("<a>", "server")
    .argument("<b>", "server")
    .option("--at <duration>", "instant on the scenario's clock (default: 1 s; after a failure: 120 s)", durationArgument)
    .option("--fail <target...>", "what has failed, at 0 s")
    .option("--dport <port>", "destination port", (text: string) => Number(text))
    .addOption(new Option("--protocol <name>", "protocol").choices(["tcp", "udp", "icmp"]))
    .option("--seed <n>", "seed of all randomness", seedArgument)
    .option("--json", "one JSON object")
    .action((file: string, a: string, b: string, o: Partial<PathFlags>, self: Command) => actions.path(file, a, b, { ...o, json: o.json === true, fail: o.fail ?? [] }, colourOf(self)));
}

export function loadCommand(actions: Actions): Command {
  return new Command("load")
    .description("what each cable carries, by the ways that flows really take; --sweep: after every single failure")
    .argument("<file>", "topology file (*.dh.yaml), flows with a rate")
    .option("--fail <target...>", "what has failed")
    .option("--sweep", "the worst over all single failures")
    .option("--all", "idle cables too")
    .option("--seed <n>", "seed of all randomness", seedArgument)
    .option("--json", "one JSON object")
    .action((file: string, o: Partial<LoadFlags>, self: Command) => actions.load(file, { ...o, json: o.json === true, sweep: o.sweep === true, all: o.all === true, fail: o.fail ?? [] }, colourOf(self)));
}
