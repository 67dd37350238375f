// The command tree: names, options, help. What the commands do is elsewhere.

import { Command, Option } from "commander";
import { STEP_OPTIONS, stepOptions, durationArgument, instantArgument, kernelArgument, seedArgument, widthArgument, type RunFlags, type StepFlag } from "./options.ts";
import { initCommand } from "./init-command.ts";
import type { InitFlags } from "./init.ts";
import type { ExportFlags } from "./export.ts";
import type { ImportFlags } from "./import.ts";
import type { ExportKind } from "../exporters/index.ts";
import type { CheckFlags } from "./check.ts";
import { explainCommand } from "./explain-command.ts";
import type { ExplainFlags } from "./explain.ts";
import { checkCommand } from "./check-command.ts";
import type { ShowFlags } from "./show.ts";
import type { LoadFlags, PathFlags } from "./path.ts";
import type { SweepFlags } from "./sweep.ts";
import type { CapacityFlags } from "./capacity.ts";
import type { NinesFlags } from "./nines.ts";
import { ninesCommand } from "./nines-command.ts";
import { capacityCommand } from "./plan-commands.ts";
import type { CompareFlags } from "./compare.ts";
import { compareCommand, diffCommand } from "./compare-commands.ts";
import { clusterCommand, type ClusterActions } from "./cluster-commands.ts";
import { phasesCommand } from "./phases-command.ts";
import type { PhasesFlags } from "./phases.ts";
import { playCommand } from "./play-command.ts";
import type { PlayFlags } from "./play.ts";
import type { MergeFlags } from "./merge.ts";
import { batchFlags, batchOptions, outputFlags, outputOptions, reportOption, type RawBatch, type RawOutput } from "./batch-options.ts";
import { FAILURE_KINDS, type FailureKind } from "../sweep/failures.ts";

export interface Actions {
  run(file: string, flags: RunFlags, colour: boolean): Promise<void>;
  check(file: string, flags: CheckFlags): Promise<void>;
  init(flags: InitFlags): Promise<void>;
  exportFile(kind: ExportKind, file: string, flags: ExportFlags): Promise<void>;
  importFiles(kind: string, files: string[], flags: ImportFlags): Promise<void>;
  matrix(flags: { json: boolean; seed?: bigint }): Promise<void>;
  schema(): Promise<void>;
  path(file: string, a: string, b: string, flags: PathFlags, colour: boolean): Promise<void>;
  load(file: string, flags: LoadFlags, colour: boolean): Promise<void>;
  explain(file: string, flags: ExplainFlags, colour: boolean): Promise<void>;
  show(file: string, flags: ShowFlags, colour: boolean): Promise<void>;
  sweep(file: string, flags: SweepFlags, colour: boolean): Promise<void>;
  capacity(file: string, flags: CapacityFlags, colour: boolean): Promise<void>;
  compare(first: string, second: string, flags: CompareFlags, colour: boolean): Promise<void>;
  phases(file: string, cases: string[], flags: PhasesFlags, colour: boolean): Promise<void>;
  nines(file: string, flags: NinesFlags, colour: boolean): Promise<void>;
  play(file: string | undefined, flags: PlayFlags): Promise<void>;
  cluster: ClusterActions;
  merge(paths: string[], flags: MergeFlags, colour: boolean): Promise<void>;
}

const EXAMPLES = `
Examples:
  dualhome init
  dualhome check dc.dh.yaml
  dualhome sweep dc.dh.yaml
  dualhome run dc.dh.yaml --scenario leaf-crash
  dualhome play dc.dh.yaml
  dualhome run dc.dh.yaml --fail leaf1@10s --repair leaf1@40s
  dualhome explain dc.dh.yaml --fail leaf1@10s --flow web
  dualhome show dc.dh.yaml --node srv1 --at 15s --fail leaf1@10s
  dualhome run dc.dh.yaml --at 10s --branch 'fail leaf1' --branch 'fail leaf2; repair leaf2@40s'
  dualhome run dc.dh.yaml --silent leaf1:Eth1@10s --json | jq '.outages[].length.ms'
  dualhome run dc.dh.yaml --fail mlag/pair1/peer-link@10s --pcap cut.pcapng --ports 'leaf1:*,leaf2:*'

Targets: a node (leaf1), a port (leaf1:Eth1), a link (leaf1:Eth1--srv1:eth0), a bundle (leaf1:Po1),\nmlag/PAIR/peer-link, risk/GROUP, site/SITE, gateway/NAME.

Exit status: 0 pass, 1 a max-outage budget or an expectation is broken, 2 wrong usage or input, 3 engine fault, 130 interrupted.`;

export function program(version: string, actions: Actions): Command {
  const root = new Command("dualhome")
    .description("Which flow is down for how many milliseconds when X fails and when it returns, and why.")
    .version(version)
    .option("--no-color", "no colours (NO_COLOR and FORCE_COLOR are obeyed too)")
    .addHelpText("after", EXAMPLES)
    .showHelpAfterError("(dualhome --help lists commands and options)")
    .exitOverride();
  root.addCommand(initCommand(actions));
  root.addCommand(runCommand(actions));
  root.addCommand(explainCommand(actions, colourOf));
  root.addCommand(checkCommand(actions, colourOf));
  root.addCommand(sweepCommand(actions));
  root.addCommand(capacityCommand(actions, colourOf));
  root.addCommand(ninesCommand(actions, colourOf));
  root.addCommand(mergeCommand(actions));
  root.addCommand(compareCommand(actions, colourOf));
  root.addCommand(diffCommand(actions, colourOf));
  root.addCommand(showCommand(actions));
  root.addCommand(pathCommand(actions));
  root.addCommand(loadCommand(actions));
  root.addCommand(phasesCommand(actions, colourOf));
  root.addCommand(playCommand(actions));
  root.addCommand(clusterCommand(actions.cluster));
  root.addCommand(importCommand(actions));
  root.addCommand(exportCommand(actions));
  root.addCommand(matrixCommand(actions));
  root.addCommand(new Command("schema").description("print the JSON Schema of topology files, for editors").action(() => actions.schema()));
  for (const command of root.commands) {
    command.copyInheritedSettings(root).option("--no-color", "no colours");
    for (const each of command.commands) each.copyInheritedSettings(command);
  }
  return root;
}

/** Names are those of bindings/importers/formats.ts; a test holds the two together. */
export const IMPORTS: [string, string, string][] = [
  ["nxos", "gateways, vPC, port-channels and VLANs of NX-OS", "running configurations, one a switch"],
  ["eos", "MLAG, port-channels, gateways and VLANs of Arista EOS", "running configurations, one a switch"],
  ["sonic", "port-channels, MC-LAG, VLANs and VRRP of SONiC", "config_db.json files, one a switch"],
  ["junos", "aggregated Ethernet, MC-LAG, VRRP and VLANs of Junos", "configurations as `show configuration | display set` writes them, one a switch"],
  ["netplan", "servers and their bonds, from netplan", "netplan files, of one host or many; HOST=FILE names the host"],
  ["ifcfg", "servers and their bonds, from Red Hat's network scripts", "ifcfg-* files, a folder a host; HOST=FILE names the host"],
  ["networkd", "servers and their bonds, from systemd-networkd", "*.netdev and *.network files, a folder a host; HOST=FILE names the host"],
  ["keyfile", "servers and their bonds and teams, from NetworkManager's connections", "*.nmconnection files, a folder a host; HOST=FILE names the host"],
  ["teamd", "teams of servers, from teamd's JSON", "one a host; HOST=FILE names the host"],
  ["keepalived", "virtual routers (VRRP) of Linux machines", "keepalived.conf, one a machine; HOST=FILE names the machine"],
  ["frr", "virtual routers (VRRP) of FRR", "frr.conf, one a machine; HOST=FILE names the machine"],
  ["containerlab", "nodes and cabling of a containerlab lab", "topology files (*.clab.yml)"],
  ["netlab", "nodes, links, LAG, MLAG, VLANs and gateways of a netlab topology", "topology files"],
  ["lldp", "cabling, as lldpctl -f json0 tells it", "one a machine; HOST=FILE names the machine"],
  ["layer1", "cabling, as Batfish reads it", "layer1_topology.json files"],
  ["netbox", "devices and cables of NetBox", "CSV or JSON of devices and of cables, and a YAML file of hints"],
];
const IMPORT_EXAMPLES = `
One format without -o: parts of a topology file, on stdout. With -o, or several formats with "+" between them: a whole topology file, in which
cabling, hosts and switches are joined, and what no file says is guessed. Where files disagree both places are told.

Guesses, conflicts, and all that is left out or not read, are listed on stderr with file and line.

Examples:
  dualhome import nxos leaf1.cfg leaf2.cfg > switches.yaml
  dualhome import netplan srv3=/backup/srv3/50-cloud-init.yaml
  dualhome import ifcfg hosts/db1/etc/sysconfig/network-scripts/ifcfg-*
  dualhome import lldp web1=web1.json web2=web2.json + nxos leaf1.cfg leaf2.cfg + netplan web1.yaml web2.yaml -o dc.dh.yaml`;

function importCommand(actions: Actions): Command {
  const command = new Command("import").description("configurations of switches and servers, and cabling, as a topology file").addHelpText("after", IMPORT_EXAMPLES);
  for (const [kind, what, files] of IMPORTS) {
    command.addCommand(new Command(kind)
      .description(`${what}; what is not read is listed on stderr`)
      .argument("<file...>", `${files}; "+" FORMAT FILE... adds files of another format`)
      .option("-o, --out <file>", "write a whole topology file")
      .option("--name <name>", "its name (default: that of the file)")
      .option("--json", "one JSON object")
      .addHelpText("after", IMPORT_EXAMPLES)
      .action((list: string[], o: { json?: boolean; out?: string; name?: string }, self: Command) =>
        actions.importFiles(kind, list, { json: o.json === true, colour: colourOf(self), ...(o.out === undefined ? {} : { out: o.out }), ...(o.name === undefined ? {} : { name: o.name }) })));
  }
  return command;
}

const EXPORTS: [ExportKind, string][] = [
  ["netlab", "a netlab topology: nodes, links, VLANs, LAG and MLAG, gateways"], ["containerlab", "a containerlab topology: nodes, links, servers with their bonds and addresses"],
  ["mermaid", "a drawing for Markdown"], ["graphviz", "a drawing in dot"],
];

function exportCommand(actions: Actions): Command {
  const command = new Command("export").description("a topology as a lab of another tool, or as a drawing");
  for (const [kind, what] of EXPORTS) {
    command.addCommand(new Command(kind)
      .description(`${what}; what is not carried over is listed on stderr`)
      .argument("<file>", "topology file (*.dh.yaml)")
      .option("-o, --out <file>", "write it there")
      .option("--json", "one JSON object")
      .action((file: string, o: { json?: boolean; out?: string }, self: Command) => actions.exportFile(kind, file, { json: o.json === true, colour: colourOf(self), ...(o.out === undefined ? {} : { out: o.out }) })));
  }
  return command;
}

function matrixCommand(actions: Actions): Command {
  return new Command("matrix")
    .description("every bonding and teaming mode against every kind of switch side: each pair is run and judged")
    .option("--json", "one JSON object")
    .option("--seed <n>", "seed of all randomness", seedArgument)
    .action((options: { json?: boolean; seed?: bigint }) => actions.matrix({ json: options.json === true, ...(options.seed === undefined ? {} : { seed: options.seed }) }));
}

function pathCommand(actions: Actions): Command {
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

function loadCommand(actions: Actions): Command {
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

function sweepCommand(actions: Actions): Command {
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

function mergeCommand(actions: Actions): Command {
  const command = new Command("merge")
    .description("parts of a big question put together: prints what the whole would have printed")
    .argument("<parts...>", "part files, or folders of them")
    .option("--allow-spof", "of a sweep: exit 0 although there are single points of failure");
  return reportOption(outputOptions(command)).action((paths: string[], o: RawOutput & { allowSpof?: boolean }, self: Command) => actions.merge(paths, { ...outputFlags(o), allowSpof: o.allowSpof === true }, colourOf(self)));
}

const SHOW_EXAMPLES = `
Views of a server: bonding, neighbours, interfaces, ip-route, port-channel (a team that is no Linux bond).
Views of a switch: mclag, port-channel, vrrp, hsrp, glbp, spanning-tree, mac, arp, interfaces, ip-route.
Without --view: of a server with a bond the text of /proc/net/bonding/NAME, of a switch what it has of the first seven.

Examples:
  dualhome show dc.dh.yaml --at 15s --node srv1 --fail leaf1@10s
  dualhome show dc.dh.yaml --at 15s --node leaf2 --view mclag,port-channel --fail leaf1@10s
  dualhome show dc.dh.yaml --at 0s --node leaf1 --view mac --json | jq '.views.mac[].port'

Exit status: 0 shown, 1 the node is down at that instant, 2 wrong usage or input, 3 engine fault, 130 interrupted.`;

interface RawShow { at: bigint; node: string; view?: string[]; scenario?: string; until?: bigint; seed?: bigint; json?: boolean; width?: number; kernel?: string; everyHello?: boolean }

function showCommand(actions: Actions): Command {
  const command = new Command("show")
    .description("run a scenario to an instant and print what a node would show there: bond, port-channels, gateways, tables")
    .argument("<file>", "topology file (*.dh.yaml)")
    .requiredOption("--at <duration>", "instant on the scenario's clock", instantArgument)
    .requiredOption("--node <name>", "which node is asked")
    .option("--view <names>", "what it is asked for: one, or several with commas", (text: string, before: string[] = []) => [...before, ...text.split(",").map((v) => v.trim())])
    .option("--scenario <name>", "scenario of the file (default: the first)");
  const steps = stepOptions(command);
  return command
    .option("--until <duration>", "end of the run", durationArgument)
    .option("--seed <n>", "seed of all randomness", seedArgument)
    .option("--json", "one JSON object")
    .option("--kernel <release>", "release that the first line of /proc/net/bonding names", kernelArgument)
    .option("--every-hello", "simulate hellos that only push deadlines out, too (same result, slower)")
    .option("--width <columns>", "width of tables (default: the terminal's)", widthArgument)
    .addHelpText("after", SHOW_EXAMPLES)
    .action((file: string, o: RawShow, self: Command) => {
      const { at, node, view, scenario, until, seed, width, kernel, everyHello } = o;
      const given = Object.fromEntries(Object.entries({ scenario, until, seed, width, kernel, everyHello }).filter((e) => e[1] !== undefined));
      return actions.show(file, { at, node, views: [...new Set(view ?? [])], steps, json: o.json === true, ...given }, colourOf(self));
    });
}

interface RawOptions {
  scenario?: string; until?: bigint; seed?: bigint; json?: boolean; jsonl?: boolean; trace?: boolean;
  pcap?: string; perfetto?: string; ports?: string; report?: string; probe?: bigint; width?: number; everyHello?: boolean;
  at?: bigint; branch?: string[]; details?: boolean; timeline?: boolean;
}

const BRANCH_HELP = `
Steps given by flags replace those of the file; with --scenario they are added to it.

Branches: the run goes to --at once, and from there on once for each --branch with its own steps, which are compared. A step is an
operation (${STEP_OPTIONS.map(([op]) => op).join(", ")}) and a target, with a time or at --at; steps are parted by semicolons.
`;

function runCommand(actions: Actions): Command {
  const command = new Command("run")
    .description("simulate a scenario and report every outage with its reason")
    .argument("<file>", "topology file (*.dh.yaml)")
    .option("--scenario <name>", "scenario of the file (default: the first)");
  const steps = stepOptions(command);
  return command
    .option("--until <duration>", "end of the run", durationArgument)
    .option("--seed <n>", "seed of all randomness", seedArgument)
    .addOption(new Option("--json", "one JSON object").conflicts(["jsonl", "trace"]))
    .addOption(new Option("--jsonl", "one JSON object a line: events, then outages").conflicts(["json", "trace"]))
    .addOption(new Option("--trace", "one line a transition, with its cause").conflicts(["json", "jsonl"]))
    .option("--report <file>", "also write the result as one HTML file")
    .option("--perfetto <file>", "write every state, outage and cause as Trace Event JSON, for ui.perfetto.dev and chrome://tracing")
    .option("--pcap <file>", "write the frames of --ports as pcapng")
    .option("--ports <list>", "ports to record: leaf1:Eth1,srv1:* (default: all)")
    .option("--probe <interval>", "also send measuring frames, one an interval", durationArgument)
    .option("--every-hello", "simulate hellos that only push deadlines out, too (same result, slower)")
    .option("--width <columns>", "width of the report (default: the terminal's)", widthArgument)
    .option("--no-timeline", "the report without the drawing")
    .option("--at <duration>", "where branches begin, on the scenario's clock", instantArgument)
    .option("--branch <steps>", "go on from --at with these steps, too: 'fail leaf1; repair leaf1@40s'; many times", (text: string, before: string[] = []) => [...before, text])
    .option("--details", "with --branch: also the report of each branch")
    .addHelpText("after", BRANCH_HELP + EXAMPLES)
    .action((file: string, options: RawOptions, self: Command) => actions.run(file, runFlags(options, steps), colourOf(self)));
}

function runFlags(raw: RawOptions, steps: StepFlag[]): RunFlags {
  const { scenario, until, seed, pcap, perfetto, ports, report, probe, width, everyHello, at, timeline } = raw;
  const output = raw.json ? "json" : raw.jsonl ? "jsonl" : raw.trace ? "trace" : "text";
  const given = Object.fromEntries(Object.entries({ scenario, until, seed, pcap, perfetto, ports, report, probe, width, everyHello, at, timeline }).filter((e) => e[1] !== undefined));
  return { ...given, steps, output, branches: raw.branch ?? [], details: raw.details === true };
}

function colourOf(command: Command): boolean {
  return command.opts<{ color?: boolean }>().color !== false && command.parent?.opts<{ color?: boolean }>().color !== false;
}
