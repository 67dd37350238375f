// A text in, a topology or the list of everything that is wrong with it out. Nothing here knows of Node: the page reads files with it, too.

import { tooDeep } from "../yaml-depth.ts";
import { AddressBook } from "./addresses.ts";
import { Draft } from "./draft.ts";
import { expandApplications } from "./expand/applications.ts";
import { expandBonds } from "./expand/bonds.ts";
import { expandDemands } from "./expand/demands.ts";
import { expandFailures } from "./expand/failures.ts";
import { expandFlows } from "./expand/flows.ts";
import { expandAddresses } from "./expand/gateways.ts";
import { expandLags, LagNumbers } from "./expand/lags.ts";
import { expandLinks, expandMeshes, setPeerLinkVlans, setPortModes } from "./expand/links.ts";
import { expandPairs } from "./expand/mlag.ts";
import { expandNodes } from "./expand/nodes.ts";
import { expandStp } from "./expand/stp.ts";
import { expandPxe } from "./expand/pxe.ts";
import { expandScenarios } from "./expand/scenarios.ts";
import { expandVms } from "./expand/vms.ts";
import type { Topology } from "./model.ts";
import { inputInNameOrder } from "./order.ts";
import { PlainSource } from "./plain-source.ts";
import { sortProblems, type Problem } from "./problems.ts";
import type { FileInput } from "./schema/file.ts";
import { readShape } from "./shape.ts";
import { SourceFile, type Source } from "./source.ts";
import { validate } from "./validate.ts";

export type Parsed = { topology: Topology } | { problems: Problem[] };

/** Reads a topology. Never throws because of what the text says. */
export function parseTopology(text: string, fileName: string): Parsed {
  return parsePlainly(text, fileName) ?? parseFully(text, fileName);
}

/** The fast way of a file without mistakes; null for all others, whose mistakes are then told by the one that knows every place. */
function parsePlainly(text: string, fileName: string): Parsed | null {
  const source = tooDeep(text) === null ? PlainSource.read(text, fileName) : null;
  const topology = source === null ? null : build(source);
  return source === null || topology === null || source.problems.length > 0 ? null : { topology };
}

/**
 * Mistakes of design: the file says what is meant, and what is meant does not work. Nothing is run that has them, except to show what
 * they do. All others leave open what is meant.
 */
export const DESIGN_FAULTS: ReadonlySet<string> = new Set(["DH_LACP_PASSIVE", "DH_LACP_STATIC", "DH_LAG_SPEED", "DH_LAG_SPLIT", "DH_PAIR_DOMAIN", "DH_VRID_CLASH"]);

/** A topology with its mistakes of design, or the list of all mistakes when one of them is of another kind. */
export function parseDesign(text: string, fileName: string): { topology: Topology; faults: Problem[] } | { problems: Problem[] } {
  const source = new SourceFile(text, fileName);
  const topology = source.value === undefined ? null : build(source);
  const problems = sortProblems(source.problems);
  return topology === null || !problems.every((problem) => DESIGN_FAULTS.has(problem.code)) ? { problems } : { topology, faults: problems };
}

function parseFully(text: string, fileName: string): Parsed {
  const source = new SourceFile(text, fileName);
  const topology = source.value === undefined ? null : build(source);
  if (source.problems.length > 0 || topology === null) return { problems: sortProblems(source.problems) };
  return { topology };
}

function build(source: Source): Topology | null {
  const shaped = readShape(source);
  return shaped.input === null ? null : expand(shaped.input, source, shaped.removed);
}

/** Each kind of part, those that name their ports before those that take the next free one. What is given out goes by name. */
export function expand(input: FileInput, source: Source, removed: ReadonlySet<string>): Topology {
  const draft = new Draft(inputInNameOrder(input, source), source, removed);
  const numbers = new LagNumbers(draft);
  expandNodes(draft);
  expandLinks(draft);
  expandPairs(draft);
  expandMeshes(draft);
  expandLags(draft, numbers);
  expandBonds(draft, numbers);
  expandVms(draft);
  setPortModes(draft);
  expandStp(draft);
  expandAddresses(draft, new AddressBook(draft));
  setPeerLinkVlans(draft);
  expandPxe(draft);
  expandFlows(draft);
  expandDemands(draft);
  expandApplications(draft);
  expandScenarios(draft);
  expandFailures(draft);
  validate(draft);
  return draft.finish();
}
