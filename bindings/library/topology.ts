// A topology, or an error that holds everything that is wrong with the text.

import { DualhomeError } from "../errors.ts";
import { formatProblems, parseTopology, type Problem } from "../topology/index.ts";
import type { Topology } from "../topology/model.ts";

/** Every mistake of a file: `problems` has their codes and places, `message` says them with the lines that they stand in. */
export class TopologyError extends DualhomeError {
  readonly problems: readonly Problem[];
  constructor(problems: readonly Problem[], text: string) {
    super("DH_TOPOLOGY", formatProblems(problems, text).trimEnd(), 2);
    this.name = "TopologyError";
    this.problems = problems;
  }
}

/** Reads the text of a topology file; `file` is what problems call it. Throws TopologyError. */
export function readTopology(text: string, file = "topology"): Topology {
  const parsed = parseTopology(text, file);
  if ("problems" in parsed) throw new TopologyError(parsed.problems, text);
  return parsed.topology;
}
