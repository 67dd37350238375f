// A topology in the words of other tools: labs to try it in, and drawings.

import type { Topology } from "../topology/model.ts";
import { toContainerlab } from "./containerlab.ts";
import { toGraphviz, toMermaid } from "./drawing.ts";
import { toNetlab } from "./netlab.ts";
import type { Exported } from "./plan.ts";

export type { Exported } from "./plan.ts";

export const EXPORTS = { netlab: toNetlab, containerlab: toContainerlab, mermaid: toMermaid, graphviz: toGraphviz } as const satisfies Record<string, (topology: Topology) => Exported>;
export type ExportKind = keyof typeof EXPORTS;
