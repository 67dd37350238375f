// The words of `dualhome play`.

import { Command, InvalidArgumentError } from "commander";
import { isIP } from "node:net";
import type { PlayFlags } from "../actions/play.ts";

const HELP = `
The page is served on 127.0.0.1, on a port of its own, under an address with a secret part; nothing is sent anywhere.

Examples:
  dualhome play dc.dh.yaml
  dualhome play --no-open                       # the examples; prints the address
  dualhome play dc.dh.yaml --host 192.0.2.10    # for others who are told the address`;

function hostArgument(text: string): string {
  if (text === "localhost") return "127.0.0.1";
  if (isIP(text) === 0) throw new InvalidArgumentError(`"${text}" is no IP address of this machine`);
  return text;
}

function portArgument(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) throw new InvalidArgumentError(`"${text}" is no port`);
  return port;
}

export function playCommand(actions: { play(file: string | undefined, flags: PlayFlags): Promise<void> }): Command {
  return new Command("play")
    .description("the page where you cut a cable and watch: play, scrub back, fork, compare")
    .argument("[file]", "topology file (*.dh.yaml)")
    .option("--host <address>", "address to serve on", hostArgument, "127.0.0.1")
    .option("--port <port>", "port (default: a free one)", portArgument, 0)
    .option("--no-open", "do not start a browser")
    .addHelpText("after", HELP)
    .action((file: string | undefined, o: PlayFlags) => actions.play(file, { host: o.host, port: o.port, open: o.open }));
}
