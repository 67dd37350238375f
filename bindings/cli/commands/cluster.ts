// Commands of a cluster: names, options, help.

import { Command } from "commander";
import type { ClusterActions } from "../actions/index.ts";
import type { ClusterFlags, SubmitFlags, WorkFlags } from "../actions/cluster.ts";
import { countArgument, durationOption } from "../options/arguments.ts";

const EXAMPLES = `
The folder of --parts is shared by all machines (NFS, a volume): questions and results are files in it; Redis only hands out numbers of chunks.
Two more packages are needed: npm install bullmq ioredis.

Examples:
  dualhome cluster submit --redis redis://queue:6379 --parts /shared/parts sweep dc.dh.yaml --failures 2
  dualhome cluster work --redis redis://queue:6379 --parts /shared/parts
  dualhome cluster status --redis redis://queue:6379 --watch
  dualhome cluster merge --parts /shared/parts --job sweep-ab12cd34 --json
  dualhome cluster cancel --redis redis://queue:6379 sweep-ab12cd34`;

function redisOptions(command: Command): Command {
  return command
    .option("--redis <url>", "redis://HOST:6379, rediss:// with TLS (default: DUALHOME_REDIS, or redis://127.0.0.1:6379)")
    .option("--prefix <name>", "what keys begin with, where several clusters share one Redis", "dualhome");
}

const MOST = 9999;
const PARTS = ["--parts <folder>", "the folder that all machines share"] as const;

export function clusterCommand(actions: ClusterActions): Command {
  const command = new Command("cluster").description("a big question over many machines: BullMQ on Redis hands out chunks, results are files in a shared folder").enablePositionalOptions().addHelpText("after", EXAMPLES);
  command.addCommand(redisOptions(new Command("submit").description("ask: put what is not answered yet into the queue; twice is once"))
    .requiredOption(...PARTS)
    .option("--lot <chunks>", "chunks that are handed out together (default: 1, or as many as make 20 000 lots)", countArgument("a number of chunks", 1, MOST))
    .argument("<question...>", "the command that asks, as it would be typed: sweep FILE --failures 2")
    .passThroughOptions().allowUnknownOption()
    .action((question: string[], o: SubmitFlags) => actions.submit(o, question)));
  command.addCommand(redisOptions(new Command("work").description("answer chunks until stopped; Ctrl-C or SIGTERM finishes those that were begun"))
    .requiredOption(...PARTS)
    .option("--workers <n>", "threads (default: as many as the processor runs at a time)", countArgument("a number of threads", 1, MOST))
    .option("--job <name>", "of this job only")
    .option("--drain", "end when nothing is left to do")
    .addOption(durationOption("--lock <duration>", "how long a chunk stays with a machine that is no longer heard of", "30s"))
    .addOption(durationOption("--patience <duration>", "how long a full disk is waited for", "60s"))
    .action((o: WorkFlags) => actions.work(o)));
  command.addCommand(redisOptions(new Command("status").description("progress, rate, time left, workers, failed chunks and why"))
    .argument("[job]", "this job only")
    .option("--watch", "again each two seconds until nothing is open")
    .option("--json", "one JSON object")
    .action((job: string | undefined, o: ClusterFlags & { json?: boolean; watch?: boolean }) => actions.status(job, { ...o, json: o.json === true, watch: o.watch === true })));
  command.addCommand(new Command("merge").description("print what one machine would have printed, byte for byte; needs no Redis")
    .requiredOption(...PARTS)
    .option("--job <name>", "which, where the folder has several")
    .argument("[options...]", "of dualhome merge")
    .passThroughOptions().allowUnknownOption()
    .action((rest: string[], o: { parts: string; job?: string }) => actions.merge(o, rest)));
  command.addCommand(redisOptions(new Command("cancel").description("stop a job: its parts stay, and submit goes on from them; a job that has ended is taken off the list"))
    .argument("<job>", "as status names it")
    .action((job: string, o: ClusterFlags) => actions.cancel(job, o)));
  for (const each of command.commands) each.option("--no-color", "no colours");
  return command;
}
