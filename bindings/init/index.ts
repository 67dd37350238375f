// A topology file for a common design, with comments that say why: where to begin.

export { applies, DESIGNS, QUESTIONS, type Answers, type Design, type Given, type Question } from "./answers.ts";
import type { Answers, Design } from "./answers.ts";
import { leafSpine } from "./leaf-spine.ts";
import { threeTier } from "./three-tier.ts";
import { twoSites } from "./two-sites.ts";
import { twoTier } from "./two-tier.ts";

const MAKERS: Record<Design, (answers: Answers) => string> = { "two-tier": twoTier, "three-tier": threeTier, "leaf-spine": leafSpine, "two-sites": twoSites };

export const topologyFor = (answers: Answers): string => MAKERS[answers.design](answers);
