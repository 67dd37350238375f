// The groups about cables, what bundles them, and what carries them.

import { BOND } from "./bond.ts";
import { CAPACITY } from "./capacity.ts";
import { HASH } from "./hash.ts";
import { LACP, LAG } from "./lacp.ts";
import { MLAG } from "./mlag.ts";
import { PHYSICAL } from "./physical.ts";
import { PXE } from "./pxe.ts";
import type { Rule } from "./rule.ts";

export const AGGREGATES: readonly Rule[] = [...LACP, ...LAG, ...BOND, ...HASH, ...MLAG, ...PHYSICAL, ...PXE, ...CAPACITY];
