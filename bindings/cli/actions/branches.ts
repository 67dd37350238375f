// `dualhome run --at T --branch STEPS ..`: run to T once, and from there once for each branch.

import { DualhomeError } from "../../errors.ts";
import { assumedNotice, branchesJson, branchesText, clock, duration, passes, plural, type BranchReport } from "../../report/index.ts";
import { withGuests } from "../../topology/guests.ts";
import type { Scenario, Step, Topology } from "../../topology/model.ts";
import { readTopology } from "../input.ts";
import { EXIT, print, type Io } from "../io.ts";
import type { Parts } from "../parts.ts";
import { judged, layout, runOptions, watched, type RunFlags } from "./run.ts";
import { chooseBranches, type BranchFlags } from "../scenario.ts";

/** Flags of a run that has branches. */
type Branched = RunFlags & BranchFlags;

export async function branches(io: Io, parts: Parts, file: string, given: RunFlags, colour: boolean): Promise<number> {
  const flags = checked(given);
  const topology = await readTopology(io, parts, file, colour);
  const { reports, common } = await runBranches(io, parts, topology, file, flags);
  await print(io, [flags.output === "json" ? branchesJson(reports, flags.at, common) : branchesText(reports, flags.at, { ...layout(io, flags, colour), details: flags.details })]);
  io.err(assumedNotice(topology.assumptions.length));
  return reports.every(({ input }) => passes(input)) ? EXIT.pass : EXIT.budget;
}

function checked(flags: RunFlags): Branched {
  const { at, branches: texts, output, pcap, perfetto, ports, report } = flags;
  if (texts.length === 0) throw usage(at === undefined ? "--details is for branches: give --at and --branch, too" : "--at says where branches begin: give --branch 'fail leaf1', too");
  if (at === undefined) throw usage("--branch goes on from an instant: say from which with --at 10s");
  if (output === "jsonl" || output === "trace") throw usage(`--${output} is of one run; branches are printed as a table or with --json`);
  if (pcap !== undefined || ports !== undefined) throw usage("--pcap records one run; it does not go with --branch");
  if (perfetto !== undefined) throw usage("--perfetto is of one run; it does not go with --branch");
  if (report !== undefined) throw usage("--report is of one run; it does not go with --branch");
  return { ...flags, at };
}

function usage(message: string): DualhomeError { return new DualhomeError("DH_USAGE", message, 2); }

/** Room for the largest branch, a target each, with the virtual machines on what fails. */
function spareSteps(topology: Topology, { scenario, branches: all }: { scenario: Scenario; branches: readonly { steps: readonly Step[] }[] }): number {
  return Math.max(...all.map(({ steps }) => withGuests(topology, [...scenario.steps, ...steps]).reduce((sum, { targets }) => sum + targets.length, 0)));
}

async function runBranches(io: Io, parts: Parts, topology: Topology, file: string, flags: Branched): Promise<{ reports: BranchReport[]; common: string }> {
  const chosen = await chooseBranches(topology, flags, parts);
  const { untilNs, name: common } = chosen.scenario;
  if (flags.at > untilNs) throw usage(`the run ends at ${clock(untilNs)}, before branches begin; give a later --until`);
  const { Session } = await parts.engine();
  const startedAt = io.now();
  const reports = await watched(io, async (watch) => {
    const session = await Session.open(topology, chosen.scenario, { ...runOptions(flags), spareSteps: spareSteps(topology, chosen) });
    await session.runTo(flags.at - 1n, watch); // what happens at that instant comes after the steps: they may be of that instant
    const from = session.snapshot();
    const done: BranchReport[] = [];
    for (const { name, steps } of chosen.branches) {
      session.restore(from);
      session.add(steps);
      await session.runTo(untilNs, watch);
      const result = session.result();
      done.push({ name, input: judged({ ...result, scenario: { ...result.scenario, name } }, file) });
    }
    return done;
  });
  io.err(`${clock(flags.at)} simulated once, ${plural(reports.length, "branch", "branches")} to ${duration(untilNs)}, in ${Math.round(io.now() - startedAt)} ms\n`);
  return { reports, common };
}
