// The groups about cables, what bundles them, and what carries them.

import { BOND } from "./bond.ts";
import { LACP, LAG } from "./lacp.ts";
import { MLAG } from "./mlag.ts";
import type { Rule } from "./rule.ts";

export const AGGREGATES: readonly Rule[] = [...LACP, ...LAG, ...BOND, ...MLAG];
