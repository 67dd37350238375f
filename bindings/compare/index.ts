// Door of the compare folder: two designs, and whether the second is worse.

export { compare, compareDesigns, sameTraffic, type Comparison, type Effect, type FailurePair } from "./compare.ts";
export { answersOf, designOf, type AskBig, type Design, type Longest, type MeasureOptions, type Parts } from "./design.ts";
export { judge, parseFailOn, type Asked, type Reason, type ReasonKind, type Verdict } from "./judge.ts";
export { match, type Matching } from "./match.ts";
