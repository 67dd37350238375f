// Door of the capacity folder: what every cable carries, whole and after failures.

export { question as capacityQuestion, type CapacityOptions } from "./question.ts";
export { trafficOf, type Traffic, type TrafficFlow } from "./traffic.ts";
export { directionsOf, tiersOf, type Direction } from "./cables.ts";
export { gigabits, percent, type Finding, type FindingKind } from "./findings.ts";
export type { CapacityResult, FailureRow, LinkRow, PeerLinkRow } from "./result.ts";
export type { Balance } from "./shares.ts";
export type { Oversubscription, TierRow } from "./tiers.ts";
export { capacity, type CapacityRun } from "./capacity.ts";
