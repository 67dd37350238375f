// `dualhome play`: the page where a cable is cut, in the browser, with a file in it.

import { spawn } from "node:child_process";
import { readText } from "../input.ts";
import { EXIT, print, type Io } from "../io.ts";
import { servePage } from "./play-server.ts";

export interface PlayFlags { host: string; port: number; open: boolean }

/** Until Ctrl-C. A file with mistakes is served, too: the page shows where they are. */
export async function play(io: Io, path: string | undefined, flags: PlayFlags): Promise<number> {
  const file = path === undefined ? null : { name: path.replace(/^.*[\\/]/, ""), text: await readText(io, path) };
  const served = await servePage({ ...flags, file });
  const ended = new Promise<void>((resolve) => { io.onInterrupt(resolve); });
  await print(io, [`${served.url}\n`]);
  io.err(`serves the page on ${flags.host} alone, for whoever has this address; Ctrl-C ends it\n`);
  if (flags.open) openInBrowser(served.url, () => io.err("no browser could be started: open the address yourself\n"));
  await ended;
  await served.close();
  return EXIT.pass;
}

const OPENERS: Partial<Record<NodeJS.Platform, [string, ...string[]]>> = { darwin: ["open"], win32: ["cmd", "/c", "start", ""] };

function openInBrowser(url: string, failed: () => void): void {
  const [command, ...args] = OPENERS[process.platform] ?? ["xdg-open"];
  const child = spawn(command, [...args, url], { stdio: "ignore", detached: true });
  child.once("error", failed);
  child.unref();
}
