// The groups about cables, what bundles them, and what carries them.

import { LACP, LAG } from "./lacp.ts";
import type { Rule } from "./rule.ts";

export const AGGREGATES: readonly Rule[] = [...LACP, ...LAG];
