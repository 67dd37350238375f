// Door of the topology folder: a topology file in, a topology or the list of everything that is wrong with it out.

export { DESIGN_FAULTS, expand, parseDesign, parseTopology, type Parsed } from "./parse.ts";
export { loadTopology } from "./load.ts";
export { formatProblems, type FormatOptions } from "./format-problems.ts";
export type { Problem } from "./problems.ts";
export { jsonSchema } from "./schema/file.ts";
export type * from "./model.ts";
