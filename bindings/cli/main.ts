// The command line's entry: arguments in, exit status out.

import { CommanderError } from "commander";
import { DualhomeError } from "../errors.ts";
import type { Actions } from "./actions/index.ts";
import { deadline } from "./deadline.ts";
import { Told } from "./input.ts";
import { EXIT, ownMistake, print, processIo, type Io } from "./io.ts";
import { version } from "./package.ts";
import { realParts, type Parts } from "./parts.ts";
import { program } from "./program.ts";

/** Runs one command. Results go to `io.out`, everything else to `io.err`. */
export async function main(args: readonly string[], outside: Io = processIo(), parts: Parts = realParts): Promise<number> {
  const { io, set } = deadline(outside);
  let status: number = EXIT.pass;
  const written: Promise<void>[] = [];
  const actions: Actions = {
    async run(file, flags, colour) {
      const branched = flags.branches.length > 0 || flags.at !== undefined || flags.details;
      status = branched ? await (await import("./actions/branches.ts")).branches(io, parts, file, flags, colour) : await (await import("./actions/run.ts")).run(io, parts, file, flags, colour);
    },
    async check(files, flags) { status = await (await import("./actions/check.ts")).check(io, parts, files, flags); },
    async init(flags) { status = await (await import("./actions/init.ts")).init(io, parts, flags); },
    async path(file, a, b, flags, colour) { status = await (await import("./actions/path.ts")).path(io, parts, file, a, b, flags, colour); },
    async explain(file, flags, colour) { status = await (await import("./actions/explain.ts")).explain(io, parts, file, flags, colour); },
    async show(file, flags, colour) { status = await (await import("./actions/show.ts")).show(io, parts, file, flags, colour); },
    async load(file, flags, colour) { status = await (await import("./actions/path.ts")).load(io, parts, file, flags, colour); },
    async sweep(file, flags, colour) { status = await (await import("./actions/sweep.ts")).sweep(io, parts, file, flags, colour); },
    async capacity(file, flags, colour) { status = await (await import("./actions/capacity.ts")).capacity(io, parts, file, flags, colour); },
    async phases(file, cases, flags, colour) { status = await (await import("./actions/phases.ts")).phases(io, parts, file, cases, flags, colour); },
    async nines(file, flags, colour) { status = await (await import("./actions/nines.ts")).nines(io, parts, file, flags, colour); },
    async play(file, flags) { status = await (await import("./actions/play.ts")).play(io, file, flags); },
    cluster: {
      async submit(flags, question) { status = await (await cluster()).submit(io, parts, main, flags, question); },
      async work(flags) { status = await (await cluster()).work(io, parts, flags); },
      async status(job, flags) { status = await (await cluster()).status(io, job, flags); },
      async cancel(job, flags) { status = await (await cluster()).cancel(io, job, flags); },
      async merge(flags, rest) { status = await (await cluster()).merge(io, parts, main, flags, rest); },
    },
    async merge(paths, flags, colour) { status = await (await import("./actions/merge.ts")).merge(io, paths, flags, colour); },
    async compare(first, second, flags, colour) { status = await (await import("./actions/compare.ts")).compare(io, parts, first, second, flags, colour); },
    async exportFile(kind, file, flags) { status = await (await import("./actions/export.ts")).exportFile(io, parts, kind, file, flags); },
    async importFiles(kind, files, flags) { status = await (await import("./actions/import.ts")).importFiles(io, parts, kind, files, flags); },
    async matrix(flags) { status = await (await import("./actions/matrix.ts")).showMatrix(io, flags); },
    async schema() { await print(io, [`${JSON.stringify((await parts.topology()).jsonSchema(), null, 2)}\n`]); },
  };
  const root = program(version(), actions);
  for (const command of [root, ...root.commands, ...root.commands.flatMap((each) => each.commands)]) {
    command.configureOutput({ writeOut: (text) => { written.push(print(io, [text])); }, writeErr: (text) => io.err(text) });
  }
  root.hook("preAction", (_, action) => {
    const { timeout } = action.opts<{ timeout?: bigint }>();
    if (timeout !== undefined && parts.divert !== undefined) throw new DualhomeError("DH_CLUSTER_QUESTION", "--timeout is of a question that is answered here", 2);
    if (timeout !== undefined) set(timeout);
  });
  try {
    await root.parseAsync(args, { from: "user" });
  } catch (e) {
    status = failed(e, io);
  }
  try {
    await Promise.all(written); // help, and the version
  } catch (e) {
    status = failed(e, io);
  }
  return status;
}

const cluster = (): Promise<typeof import("./actions/cluster.ts")> => import("./actions/cluster.ts");

function failed(e: unknown, io: Io): number {
  if (e instanceof Told) return e.status;
  if (e instanceof CommanderError) return e.exitCode === 0 ? EXIT.pass : EXIT.usage; // commander has said why
  if (e instanceof DualhomeError) {
    io.err(`dualhome: ${e.message} [${e.code}]\n`);
    return e.exitCode;
  }
  if (e instanceof Error && e.name === "AbortError") {
    io.err("interrupted\n");
    return EXIT.interrupt;
  }
  io.err(`dualhome: ${ownMistake(e, io.env)}\n`);
  return EXIT.engine;
}
